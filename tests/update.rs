//! The console's update: facts in, state and orders out, as tables.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "update/activity.rs"]
mod activity;
#[path = "support/answers.rs"]
mod answers;
#[path = "update/any_keys.rs"]
mod any_keys;
#[path = "update/bounces.rs"]
mod bounces;
#[path = "update/comps.rs"]
mod comps;
#[path = "update/dashboard.rs"]
mod dashboard;
#[path = "update/events.rs"]
mod events;
#[path = "update/filters.rs"]
mod filters;
#[path = "update/forms.rs"]
mod forms;
#[path = "update/gate.rs"]
mod gate;
#[path = "update/inbox.rs"]
mod inbox;
#[path = "update/keys.rs"]
mod keys;
#[path = "update/leave.rs"]
mod leave;
#[path = "update/loading.rs"]
mod loading;
#[path = "update/mouse.rs"]
mod mouse;
#[path = "update/order.rs"]
mod order;
#[path = "update/palette.rs"]
mod palette;
#[path = "update/recall.rs"]
mod recall;
#[path = "update/roles.rs"]
mod roles;
#[path = "update/scanner.rs"]
mod scanner;
#[path = "update/scanning.rs"]
mod scanning;
#[path = "update/stage.rs"]
mod stage;
#[path = "update/undo.rs"]
mod undo;
#[path = "update/waiting.rs"]
mod waiting;
