//! What a console leaves: the answer to a change may still come when nobody looks any more.

use std::fmt;

use jiff::Timestamp;

use super::Ending;
use super::seam::{self, Seam};
use crate::console::App;
use crate::sync::Order;

/// The end of a console.
#[derive(Debug)]
pub struct Departure {
    /// Why it ended.
    pub ending: Ending,
    /// What it leaves.
    pub remains: Remains,
}

/// A console without a screen. The engine ends once this is dropped, and all that is under way was seen through.
pub struct Remains {
    /// Large: whoever waits for the end holds no more than the way to it.
    app: Box<App>,
    seam: Seam,
}

impl Remains {
    pub(super) fn new(app: App, seam: Seam) -> Self {
        Self { app: Box::new(app), seam }
    }

    /// Waits until the change that was sent has its answer, and has what came of it kept; `now` tells the time.
    ///
    /// Without it the next start would say of a change that was made that it had no answer.
    pub async fn settle(mut self, now: impl Fn() -> Timestamp) {
        while self.app.changes.awaits_answer() {
            let Some(report) = self.seam.report().await else { return };
            for effect in self.app.update(seam::message(report), now()) {
                // Whatever else follows from it is for a person at the screen.
                if let Ok(record @ Order::Record(_)) = seam::order(effect) {
                    self.seam.order(record).await;
                }
            }
        }
    }
}

impl fmt::Debug for Remains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remains").field("awaits_answer", &self.app.changes.awaits_answer()).finish_non_exhaustive()
    }
}
