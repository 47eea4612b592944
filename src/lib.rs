//! doorlist: a keyboard-driven terminal check-in console for ticketed events.
//!
//! The library is the whole program; the binary only calls it. `ARCHITECTURE.md` is the map.

pub mod api;
pub mod cli;
pub mod commands;
pub mod config;
pub mod console;
pub mod domain;
pub mod index;
pub mod pin;
pub mod server;
pub mod store;
pub mod sync;
pub mod telemetry;
pub mod terminal;
pub mod wire;
