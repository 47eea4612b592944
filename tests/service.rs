//! The embedded service over real HTTP: every input and answer held against the contract's schemas and its own description.
//!
//! What was broken on purpose, one at a time, and which tests told:
//!
//! | broken | told by |
//! |---|---|
//! | answers that do not wait for their commit | `server::db::writer` (beside the code) |
//! | `synchronous = NORMAL` | `server::db::schema` (beside the code) |
//! | no first answer given again | `refusals`, `tickets`, `concurrency`, `operation`, `contract`, `crash` |
//! | tickets, orders, events, customers or keys of all tenants | `tenants` |
//! | a token that is good for every tenant | `tenants`, `answers` |
//! | the table lets a guest in twice | `transitions`, `model`, `concurrency`, `refusals`, `answers` |
//! | no question where an order is partly in | `model`, `transitions`, `refusals`, `answers` |
//! | what is sold stays available; no room for staff in a full tier | `tickets` |
//! | half of a signature compared; a signature for every order | `permissions` |
//! | a cursor that repeats its row, or goes by the name alone | `pages`, `contract`, `import` |

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
    pub mod connections;
    pub mod contract;
    pub mod crash;
    pub mod description;
    pub mod import;
    pub mod model;
    pub mod operation;
    pub mod pages;
    pub mod permissions;
    pub mod process;
    pub mod refusals;
    pub mod schemas;
    pub mod sent;
    pub mod support;
    pub mod tenants;
    pub mod tickets;
    pub mod transitions;
    pub mod validation;
}
