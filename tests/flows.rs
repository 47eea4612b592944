//! Whole flows through the console's loop: keys in, the service's state and the screen out.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "flows/activity.rs"]
mod activity;
#[path = "flows/acts.rs"]
mod acts;
#[path = "flows/changes.rs"]
mod changes;
#[path = "flows/embedded.rs"]
mod embedded;
#[path = "flows/endings.rs"]
mod endings;
#[path = "flows/evening.rs"]
mod evening;
#[path = "flows/house.rs"]
mod house;
#[path = "support/offline.rs"]
mod offline;
#[path = "flows/order.rs"]
mod order;
#[path = "flows/scanner.rs"]
mod scanner;
#[path = "flows/stage.rs"]
mod stage;
#[path = "flows/trouble.rs"]
mod trouble;
