//! The embedded service over real HTTP, every answer held against the contract's schemas and against its own description.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::similar_names,
    clippy::needless_pass_by_value,
    reason = "a test may panic"
)]

mod service {
    pub mod answers;
    pub mod calls;
    pub mod command;
    pub mod concurrency;
    pub mod contract;
    pub mod crash;
    pub mod description;
    pub mod import;
    pub mod model;
    pub mod operation;
    pub mod permissions;
    pub mod process;
    pub mod refusals;
    pub mod schemas;
    pub mod sent;
    pub mod support;
    pub mod tenants;
    pub mod tickets;
    pub mod validation;
}
