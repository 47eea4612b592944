//! Whether somebody slipped through: a ticket that changes its status between two lists may be in neither.

use futures::stream::{self, TryStreamExt};
use tokio::time::Instant;

use super::course::Course;
use super::pages::{Stream, Walk};
use super::roster;
use crate::api::ApiError;
use crate::domain::{TicketId, Trouble};

/// Up to this many are read one by one; for more, the whole list costs less.
const ONE_BY_ONE: usize = 100;
/// Up to one in so many may be missing in a list that is saved: they are sold while it is read.
const FEW: u64 = 100;

/// Who did not come, or not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Missing {
    tickets: u64,
    there: u64,
}

impl Missing {
    const fn is_none(self) -> bool {
        self.tickets == 0
    }

    /// Too many to take the list for the event's: it was cut short.
    const fn is_many(self) -> bool {
        self.tickets.saturating_mul(FEW) > self.there
    }
}

/// Reads what the lists of whole tickets have left out, and notes whether the list came short for all that.
pub(super) async fn whole(walk: &Walk<'_>, course: &mut Course) -> Result<(), Trouble> {
    let light = course.gathered.light();
    if light.len() <= ONE_BY_ONE {
        one_by_one(walk, course, light).await?;
    }
    let mut missing = missing(walk, course).await?;
    if !missing.is_none() && !course.lists.iter().any(Stream::is_of_all) {
        // Once, and in the order of names: no scan moves a ticket in that.
        tracing::info!("tickets moved between the lists while they were read: the whole list is read once more");
        course.lists.push(Stream::of_tickets(walk, None));
        walk.side_by_side(&mut course.lists, 1, &course.gathered).await?;
        missing = self::missing(walk, course).await?;
    }
    course.is_short = missing.is_many();
    Ok(())
}

async fn one_by_one(walk: &Walk<'_>, course: &Course, ids: Vec<TicketId>) -> Result<(), Trouble> {
    let concurrency = walk.line.settings().load.concurrency;
    let read = |id: TicketId| async move {
        walk.turn().await;
        let asked = Instant::now();
        match walk.line.client().ticket(&id).await {
            Err(error) if error.is_not_found() => {
                course.gathered.forget(&id);
                Ok(())
            }
            answer => {
                let ticket = walk.judged(asked, answer).await?;
                let tickets = vec![walk.line.decode(|decoder| decoder.ticket(ticket))];
                course.gathered.take(&tickets);
                walk.tell(tickets).await;
                Ok(())
            }
        }
    };
    stream::iter(ids.into_iter().map(Ok)).try_for_each_concurrent(concurrency, read).await
}

/// How many fewer tickets came than there are, of how many, by the count that finds fewer missing: one may be wrong.
///
/// Where nobody counts, nobody is missing: the next polite load finds them.
async fn missing(walk: &Walk<'_>, course: &Course) -> Result<Missing, Trouble> {
    let (all, valid) = course.gathered.count();
    let light = course.gathered.light().len() as u64;
    let of = |there: u64, came: usize| Missing { tickets: there.saturating_sub(came as u64).max(light), there };
    let by_roster = roster::index(walk).await?.map(|buckets| of(roster::total(&buckets), all));
    if let Some(missing) = by_roster.filter(|missing| missing.is_none()) {
        return Ok(missing);
    }
    let by_attendance = valid_tickets(walk).await?.map(|there| of(there, valid));
    let fewer = by_roster.into_iter().chain(by_attendance).min_by_key(|missing| missing.tickets);
    Ok(fewer.unwrap_or_else(|| of(all as u64, all)))
}

/// How many tickets that are not cancelled there are, as attendance counts.
async fn valid_tickets(walk: &Walk<'_>) -> Result<Option<u64>, Trouble> {
    walk.turn().await;
    let asked = Instant::now();
    let answer: Result<_, ApiError> = walk.line.client().attendance(&walk.event.summary.id).await;
    if let Err(error) = &answer
        && roster::is_answered_no(error)
    {
        return Ok(None);
    }
    walk.judged(asked, answer).await.map(|attendance| Some(attendance.total.total_tickets))
}
