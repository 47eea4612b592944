//! The engine between the service, the index and the store.

pub mod drain;
