//! Settings: the corpora of good and bad files, the layers, the token and the state folder.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

#[path = "config/corpora.rs"]
mod corpora;
#[path = "config/keymaps.rs"]
mod keymaps;
#[path = "config/layers.rs"]
mod layers;
#[path = "config/state.rs"]
mod state;
#[path = "config/token.rs"]
mod token;
