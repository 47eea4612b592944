//! The roster's letters: everybody, lightly and soon.

use tokio::time::Instant;

use super::course::Gathered;
use super::pages::{Stream, Walk};
use crate::api::ApiError;
use crate::domain::Trouble;
use crate::wire::RosterBucket;

/// Up to this many tickets the whole list comes as soon as its letters would.
const LETTERS_PAY_FROM: u64 = 1_000;
/// Most times that letters which changed meanwhile are walked again.
const MOST_ROUNDS: usize = 3;

/// Walks the letters side by side, so many at a time; whether that was worth it, and possible.
pub(super) async fn load(
    walk: &Walk<'_>,
    letters: &mut Vec<Stream>,
    concurrency: usize,
    gathered: &Gathered,
) -> Result<bool, Trouble> {
    if letters.is_empty() {
        let Some(mut buckets) = index(walk).await? else { return Ok(false) };
        if total(&buckets) < LETTERS_PAY_FROM {
            return Ok(false);
        }
        // The longest letter takes the longest: it begins first.
        buckets.sort_by_key(|bucket| std::cmp::Reverse(bucket.count));
        *letters = buckets.into_iter().map(|bucket| Stream::of_letter(walk, bucket).going_on(gathered)).collect();
    }
    for round in 1..=MOST_ROUNDS {
        match walk.side_by_side(letters, concurrency, gathered).await {
            Err(trouble) if is_no(&trouble) => {
                tracing::info!(trouble = trouble.name(), "the roster is not to be had: whole lists it is");
                letters.clear();
                return Ok(false);
            }
            walked => walked?,
        }
        let Some(now) = index(walk).await? else { break };
        let again = changed(letters, gathered, &now);
        if again.is_empty() || (round == MOST_ROUNDS && !is_missing(gathered, &now)) {
            return Ok(true);
        }
        if is_wrong(letters, &now) {
            break;
        }
        tracing::info!(letters = again.len(), "letters changed while they were read");
        letters.retain(|letter| again.iter().all(|bucket| letter.bucket().is_none_or(|b| b.key != bucket.key)));
        letters.extend(again.into_iter().map(|bucket| Stream::of_letter(walk, bucket)));
    }
    tracing::warn!("the roster does not hold whom its letters count: whole lists it is");
    letters.clear();
    Ok(false)
}

/// Whether a letter that did not change meanwhile has fewer guests than it counts: to walk it again brings nobody.
fn is_wrong(letters: &[Stream], now: &[RosterBucket]) -> bool {
    letters
        .iter()
        .filter(|letter| letter.has_ended_early())
        .any(|letter| now.iter().any(|b| letter.bucket() == Some(b)))
}

/// The letters to walk again: those that are not as they were, or all where somebody is missing for all that.
///
/// A guest who is renamed may move from a letter that comes to one that has gone by.
fn changed(letters: &[Stream], gathered: &Gathered, now: &[RosterBucket]) -> Vec<RosterBucket> {
    let walked = |bucket: &RosterBucket| letters.iter().any(|letter| letter.bucket() == Some(bucket));
    let changed: Vec<_> = now.iter().filter(|bucket| !walked(bucket)).cloned().collect();
    if changed.is_empty() && is_missing(gathered, now) { now.to_vec() } else { changed }
}

fn is_missing(gathered: &Gathered, now: &[RosterBucket]) -> bool {
    (gathered.count().0 as u64) < total(now)
}

pub(super) fn total(buckets: &[RosterBucket]) -> u64 {
    buckets.iter().fold(0, |total, bucket| total.saturating_add(bucket.count))
}

/// The roster's index; `None` where the service has none, or not for this token.
pub(super) async fn index(walk: &Walk<'_>) -> Result<Option<Vec<RosterBucket>>, Trouble> {
    walk.turn().await;
    let asked = Instant::now();
    let answer: Result<_, ApiError> = walk.line.client().roster_index(&walk.event.summary.id).await;
    if let Err(error) = &answer
        && is_answered_no(error)
    {
        return Ok(None);
    }
    walk.judged(asked, answer).await.map(|index| Some(index.buckets))
}

/// Whether the service itself, or what stands before it, says that there is no such thing for us.
pub(super) fn is_answered_no(error: &ApiError) -> bool {
    error.status().is_some_and(|status| matches!(status, 400 | 403 | 404 | 405 | 410 | 422 | 501))
}

/// The same of a page.
const fn is_no(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Forbidden | Trouble::NotFound | Trouble::Rejected { .. })
}
