//! The embedded service over real HTTP, every answer held against the contract's schemas.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::similar_names,
    clippy::needless_pass_by_value,
    reason = "a test may panic"
)]

mod service {
    pub mod concurrency;
    pub mod contract;
    pub mod crash;
    pub mod model;
    pub mod refusals;
    pub mod support;
    pub mod tickets;
}
