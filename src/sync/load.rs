//! Loading the event and every one of its tickets.
//!
//! A list knows its next page only from the one before, so that lists side by side are so many times as fast. The whole
//! tickets come by status, with their scans, buyers and dates; the longest of these lists takes as long as the load, and
//! begins at once. Where the service has the roster, and nobody is known here yet, its letters go before the other lists:
//! light rows, enough to find and to scan everybody long before the last ticket is whole. What came whole is saved for
//! the next start.

mod check;
mod course;
mod event;
mod mark;
mod pages;
mod part;
mod roster;

use std::time::Duration;

pub(super) use course::Progress;
pub(super) use event::identify;

use self::course::{Course, Gathered, Letters};
use self::pages::{Stream, Walk};
use self::part::Keeper;
use super::Report;
use super::line::Line;
use crate::domain::{Event, TicketStatus, Trouble};
use crate::store::{Finding, Snapshot, StoreError};

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
    match store.write_snapshot(snapshot).await {
        Ok(()) => {}
        // The console is on its way out: the next start loads what is missing.
        Err(StoreError::Closed) => tracing::info!("the guest list was not saved any more"),
        Err(error) => {
            tracing::warn!(%error, "the guest list was not saved");
            line.report(Report::Amiss(Finding::snapshot_not_written(&error))).await;
        }
    }
}

async fn load(
    line: &Line,
    progress: &Progress,
    sequence: u64,
    politely: bool,
) -> Result<(Event, Option<Course>), Trouble> {
    let event = event::load(line, sequence).await?;
    // What had come before the console ended is in the store.
    let is_first = !line.is_list_known().await;
    // One load at a time has the progress: whoever replaces another waits for its end, and goes on there.
    let mut kept = progress.lock().await;
    let course = Course::resume(&mut kept, &event.summary.id, politely, line.client().now());
    let walk = Walk::new(line, sequence, &event, politely.then_some(REST));
    walk.retell(course).await;
    let keeper = Keeper::new(line, &event, course);
    let walked = if politely {
        load_politely(&walk, course).await
    } else if is_first || course.letters.hold_everybody {
        keeper.keeps(load_swiftly(&walk, course, is_first)).await
    } else {
        load_swiftly(&walk, course, is_first).await
    };
    course.has_failed = walked.is_err();
    course.is_broken = matches!(walked, Err(Trouble::BrokenList { .. }));
    walked?;
    line.has_list();
    let done = kept.take();
    Ok((event, done))
}

async fn load_politely(walk: &Walk<'_>, course: &mut Course) -> Result<(), Trouble> {
    // One list in the order of names: no scan moves a ticket in it, so nobody slips through.
    begin(walk, course, &[None]);
    walk.side_by_side(&mut course.lists, 1, &course.gathered).await?;
    check::whole(walk, course).await
}

async fn load_swiftly(walk: &Walk<'_>, course: &mut Course, is_first: bool) -> Result<(), Trouble> {
    course.letters.are_behind |= !is_first;
    begin(walk, course, &TicketStatus::ALL.map(Some));
    if course.is_listed() {
        walk.listed().await;
    }
    let concurrency = walk.line.settings().load.concurrency;
    let Course { letters, lists, gathered, .. } = &mut *course;
    match lists.as_mut_slice() {
        // Who is still to come has the most pages, one behind the other: they begin at once, beside all the rest. Where no
        // network is waited for, that would only keep the letters from the processor.
        [longest, others @ ..] if concurrency > 1 && !walk.line.client().is_near() => {
            let rest = letters_and_lists(walk, letters, others, concurrency - 1, gathered);
            tokio::try_join!(walk.to_its_end(longest, gathered), rest)?;
        }
        all => letters_and_lists(walk, letters, all, concurrency, gathered).await?,
    }
    if !course.is_listed() {
        walk.listed().await;
    }
    course.is_walked = true;
    check::whole(walk, course).await
}

async fn letters_and_lists(
    walk: &Walk<'_>,
    letters: &mut Letters,
    lists: &mut [Stream],
    concurrency: usize,
    gathered: &Gathered,
) -> Result<(), Trouble> {
    if !letters.are_behind {
        walk.hold(true);
        let walked = roster::load(walk, &mut letters.streams, concurrency, gathered).await;
        walk.hold(false);
        letters.hold_everybody = walked?;
        letters.are_behind = true;
        if letters.hold_everybody {
            walk.listed().await;
        }
        walk.tell_held().await;
    }
    walk.side_by_side(lists, concurrency, gathered).await
}

/// Makes the lists of whole tickets, in these statuses, unless they are under way.
fn begin(walk: &Walk<'_>, course: &mut Course, statuses: &[Option<TicketStatus>]) {
    if course.lists.is_empty() {
        let list = |status: &Option<_>| Stream::of_tickets(walk, *status).going_on(&course.gathered);
        course.lists = statuses.iter().map(list).collect();
    }
}
