//! doorlist: a keyboard-driven terminal check-in console for ticketed events.
//!
//! The library is the whole program; the binary only calls it. `ARCHITECTURE.md` is the map.

pub mod api;
pub mod domain;
pub mod store;
pub mod sync;
pub mod wire;
