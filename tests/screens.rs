//! What the console draws, cell by cell.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "screens/activity.rs"]
mod activity;
#[path = "support/answers.rs"]
mod answers;
#[path = "screens/any_name.rs"]
mod any_name;
#[path = "screens/dashboard.rs"]
mod dashboard;
#[path = "screens/forms.rs"]
mod forms;
#[path = "screens/guidance.rs"]
mod guidance;
#[path = "screens/inbox.rs"]
mod inbox;
#[path = "screens/keys.rs"]
mod keys;
#[path = "screens/scene.rs"]
mod scene;
#[path = "screens/snapshots.rs"]
mod snapshots;
#[path = "screens/styles.rs"]
mod styles;
