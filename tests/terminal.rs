//! The real binary in a pseudo-terminal: what a person sees, and what is left when it has ended.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "terminal/acts.rs"]
mod acts;
#[path = "terminal/demo.rs"]
mod demo;
#[path = "terminal/door.rs"]
mod door;
#[path = "terminal/evening.rs"]
mod evening;
#[path = "terminal/hang_up.rs"]
mod hang_up;
#[path = "terminal/house.rs"]
mod house;
#[path = "terminal/keys.rs"]
mod keys;
#[path = "terminal/mouse.rs"]
mod mouse;
#[path = "terminal/panics.rs"]
mod panics;
#[path = "support/picture.rs"]
mod picture;
#[path = "terminal/pictures.rs"]
mod pictures;
#[path = "terminal/pin.rs"]
mod pin;
#[path = "terminal/scanner.rs"]
mod scanner;
#[path = "support/serving.rs"]
mod serving;
#[path = "support/session.rs"]
mod session;
#[path = "terminal/signals.rs"]
mod signals;
#[path = "terminal/sizes.rs"]
mod sizes;
#[path = "terminal/stopping.rs"]
mod stopping;
