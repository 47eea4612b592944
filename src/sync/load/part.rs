//! Keeping the first list while it comes: a console that is killed half way goes on from there.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::course::{Course, Gathered};
use crate::domain::{Event, Trouble};
use crate::sync::line::Line;

/// How often it is looked whether there is enough to keep.
const LOOK: Duration = Duration::from_secs(5);
/// Of so much time one part goes to keeping: a million tickets are seconds of work, which the load itself needs.
const SHARE: u32 = 20;
/// Fewer come again as soon as they are read from the disk.
const LEAST: usize = 1_000;

/// Writes what has come to the disk, whenever it has grown by a quarter: all of it together is written a few times.
pub(super) struct Keeper<'a> {
    line: &'a Line,
    event: &'a Event,
    taken_at: Timestamp,
    gathered: Arc<Gathered>,
}

impl<'a> Keeper<'a> {
    pub fn new(line: &'a Line, event: &'a Event, course: &Course) -> Self {
        Self { line, event, taken_at: course.taken_at, gathered: Arc::clone(&course.gathered) }
    }

    /// Keeps what comes until the load ends, and once more where it ends early.
    pub async fn keeps(&self, load: impl Future<Output = Result<(), Trouble>>) -> Result<(), Trouble> {
        let walked = tokio::select! {
            walked = load => walked,
            never = self.look() => match never {},
        };
        if walked.is_err() && self.gathered.count().0 >= LEAST {
            self.keep().await;
        }
        walked
    }

    async fn look(&self) -> Infallible {
        let (mut kept, mut rest) = (0, LOOK);
        loop {
            sleep(rest).await;
            let there = self.gathered.count().0;
            if there >= LEAST && there >= kept + kept / 4 {
                let begun = Instant::now();
                self.keep().await;
                (kept, rest) = (there, LOOK.max(begun.elapsed() * SHARE));
            }
        }
    }

    async fn keep(&self) {
        let Some(store) = self.line.store().await else { return };
        let (event, taken_at, gathered) = (self.event.clone(), self.taken_at, Arc::clone(&self.gathered));
        if let Err(error) = store.write_part(move || gathered.part(event, taken_at)).await {
            tracing::warn!(%error, "what has come of the guest list was not kept");
        }
    }
}
