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

/// How many tickets there are, as the service counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    /// Of any status.
    All(u64),
    /// Without those that are cancelled.
    Valid(u64),
}

/// Reads what the lists of whole tickets have left out.
pub(super) async fn whole(walk: &Walk<'_>, course: &mut Course) -> Result<(), Trouble> {
    let light = course.gathered.light();
    if light.len() <= ONE_BY_ONE {
        one_by_one(walk, course, light).await?;
    }
    if course.lists.iter().any(Stream::is_of_all) || !is_short(walk, course).await? {
        return Ok(());
    }
    // Once, and in the order of names: no scan moves a ticket in that.
    tracing::info!("tickets moved between the lists while they were read: the whole list is read once more");
    course.lists.push(Stream::of_tickets(walk, None));
    walk.side_by_side(&mut course.lists, &course.gathered).await
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

/// Whether fewer tickets came than there are; where nobody counts, the next polite load finds who is missing.
async fn is_short(walk: &Walk<'_>, course: &Course) -> Result<bool, Trouble> {
    let (all, valid) = course.gathered.count();
    let has_light = !course.gathered.light().is_empty();
    Ok(has_light
        || match count(walk).await? {
            Some(Count::All(there)) => (all as u64) < there,
            Some(Count::Valid(there)) => (valid as u64) < there,
            None => false,
        })
}

async fn count(walk: &Walk<'_>) -> Result<Option<Count>, Trouble> {
    if let Some(buckets) = roster::index(walk).await? {
        return Ok(Some(Count::All(roster::total(&buckets))));
    }
    walk.turn().await;
    let asked = Instant::now();
    let answer: Result<_, ApiError> = walk.line.client().attendance(&walk.event.summary.id).await;
    if let Err(error) = &answer
        && roster::is_answered_no(error)
    {
        return Ok(None);
    }
    walk.judged(asked, answer).await.map(|attendance| Some(Count::Valid(attendance.total.total_tickets)))
}
