//! The embedded service over real HTTP, every answer held against the contract's schemas.

mod service {
    pub mod concurrency;
    pub mod contract;
    pub mod refusals;
    pub mod support;
    pub mod tickets;
}
