//! Nothing lost, nothing twice: the real console is killed under load, behind a network that breaks.
//!
//! Twenty rounds run in the suite; `DOORLIST_CRASH_ROUNDS=300 cargo test --test crash` plays three hundred. A round that fails
//! names its seed, and `DOORLIST_SEED=17 cargo test --test crash` plays the same evening again: the guests, the keys, the faults
//! and the moment of death are the seed's, and only what two processes do at the same time is not.
//!
//! The rounds can fail. Done once for real (2026-11-24): with the idempotency key taken out of the requests, seeds 5, 10 and 15
//! found a guest checked in twice; with scans shown and sent 300 ms before the store had them, seeds 0–4, 6–11, 14, 15 and 17
//! found guests who had been let in and were not in the record. A missing fsync shows only where the power fails: a kill leaves the
//! pages to the system, so that one is for the simulated disk of `tests/outbox/simulation.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/serving.rs"]
mod serving;
#[path = "support/session.rs"]
mod session;

#[cfg(test)]
mod crash {
    mod disk;
    mod door;
    mod house;
    mod judge;
    mod proxy;
    mod round;
    mod rounds;
}
