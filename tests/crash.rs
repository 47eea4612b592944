//! Nothing lost, nothing twice: the real console is killed under load, behind a network that breaks.
//!
//! Twenty rounds run in the suite; `DOORLIST_CRASH_ROUNDS=300 cargo test --test crash` plays three hundred. A round that fails
//! names its seed, and `DOORLIST_SEED=17 cargo test --test crash` plays the same evening again: the guests, the keys, the faults
//! and the moment of death are the seed's, and only what two processes do at the same time is not.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/serving.rs"]
mod serving;
#[path = "support/session.rs"]
mod session;

#[cfg(test)]
mod crash {
    mod door;
    mod judge;
    mod proxy;
    mod round;
    mod rounds;
}
