//! Loading the event and every one of its tickets.
//!
//! A list knows its next page only from the one before, so that lists side by side are so many times as fast. Where
//! the service has the roster, and nobody is known here yet, its letters come first: light rows, enough to find and to
//! scan everybody. The whole tickets follow by status, with their scans, buyers and dates; without the roster they are
//! all there is. What came whole is saved for the next start.

mod check;
mod course;
mod event;
mod pages;
mod roster;

use std::time::Duration;

pub(super) use course::Progress;
pub(super) use event::identify;

use self::course::Course;
use self::pages::{Stream, Walk};
use super::Report;
use super::line::Line;
use crate::domain::{Event, TicketStatus, Trouble};
use crate::store::Snapshot;

/// How hard the service is asked for whole lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadSettings {
    /// Most pages that are asked for at the same time.
    pub concurrency: usize,
    /// Most pages that are asked for in a second.
    pub rate: u32,
}

impl Default for LoadSettings {
    fn default() -> Self {
        Self { concurrency: 8, rate: 100 }
    }
}

/// Between two pages of a polite load.
const REST: Duration = Duration::from_millis(100);

/// Loads everything and reports each step, from where the load before was interrupted.
pub(super) async fn run(line: Line, progress: Progress, sequence: u64, politely: bool) {
    // Whose token it is may come late; the list does not wait for it.
    let (loaded, _) = tokio::join!(load(&line, &progress, sequence, politely), identify(&line));
    match loaded {
        Ok((event, course)) => {
            line.report(Report::Loaded { sequence }).await;
            save(&line, event, course).await;
        }
        Err(trouble) => {
            tracing::warn!(trouble = trouble.name(), "load ended early");
            line.report(Report::NotLoaded { sequence, trouble }).await;
        }
    }
}

async fn save(line: &Line, event: Event, course: Option<Course>) {
    let (Some(course), Some(store)) = (course, line.store().await) else { return };
    if course.is_short {
        tracing::warn!("the guest list came short of the service's own count: it is not saved");
        return;
    }
    let snapshot = Snapshot { taken_at: course.taken_at, event, tickets: course.into_tickets() };
    if let Err(error) = store.write_snapshot(snapshot).await {
        tracing::warn!(%error, "the guest list was not saved");
    }
}

async fn load(
    line: &Line,
    progress: &Progress,
    sequence: u64,
    politely: bool,
) -> Result<(Event, Option<Course>), Trouble> {
    let event = event::load(line, sequence).await?;
    // One load at a time has the progress: whoever replaces another waits for its end, and goes on there.
    let mut kept = progress.lock().await;
    let course = Course::resume(&mut kept, &event.summary.id, politely, line.client().now());
    let walk = Walk::new(line, sequence, &event, politely.then_some(REST));
    walk.retell(course).await;
    let walked = if politely { load_politely(&walk, course).await } else { load_swiftly(&walk, course).await };
    course.has_failed = walked.is_err();
    walked?;
    line.has_list();
    let done = kept.take();
    Ok((event, done))
}

async fn load_politely(walk: &Walk<'_>, course: &mut Course) -> Result<(), Trouble> {
    // One list in the order of names: no scan moves a ticket in it, so nobody slips through.
    whole(walk, course, &[None]).await?;
    check::whole(walk, course).await
}

async fn load_swiftly(walk: &Walk<'_>, course: &mut Course) -> Result<(), Trouble> {
    // Once whole lists are begun, the letters are behind, or were in vain.
    let wants_letters = !course.is_listed && course.lists.is_empty();
    if wants_letters && !walk.line.is_list_known().await {
        course.is_listed = roster::load(walk, course).await?;
    }
    if course.is_listed {
        walk.listed().await;
    }
    whole(walk, course, &TicketStatus::ALL.map(Some)).await?;
    if !course.is_listed {
        course.is_listed = true;
        walk.listed().await;
    }
    check::whole(walk, course).await
}

/// Walks the whole tickets, in these statuses side by side.
async fn whole(walk: &Walk<'_>, course: &mut Course, statuses: &[Option<TicketStatus>]) -> Result<(), Trouble> {
    if course.lists.is_empty() {
        course.lists = statuses.iter().map(|status| Stream::of_tickets(walk, *status)).collect();
    }
    walk.side_by_side(&mut course.lists, &course.gathered).await
}
