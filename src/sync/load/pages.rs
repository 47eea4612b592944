//! Lists, walked page by page and side by side.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, TryStreamExt};
use tokio::time::{Instant, sleep, sleep_until};

use super::course::{Course, Gathered};
use crate::api::{ApiError, Failure, Pages, TicketFilter};
use crate::domain::{Event, Ticket, TicketId, TicketStatus, Trouble};
use crate::sync::Report;
use crate::sync::line::Line;
use crate::wire::{RosterBucket, RosterList, TicketList};

/// Tickets a report where what came before is told again: as many as a page has, which is no pause for who types.
const AT_ONCE: usize = 100;
/// So many pages in a row may tell of nobody new; a list that goes on so has no end.
const MOST_FRUITLESS: usize = 3;

/// One list and how far it was walked.
#[derive(Debug)]
pub(in crate::sync) struct Stream {
    list: List,
    has_ended: bool,
}

enum List {
    /// One letter of the roster, and how many of its rows are still to come: behind them other letters follow.
    Letter { bucket: RosterBucket, pages: Pages<RosterList>, left: u64 },
    /// Tickets in one status, or in any.
    Tickets { status: Option<TicketStatus>, pages: Pages<TicketList>, met: Met },
}

/// Whom a list has told of.
#[derive(Default)]
struct Met {
    ids: HashSet<TicketId>,
    /// Pages since the last that told of somebody new.
    fruitless: usize,
}

impl Met {
    /// The page, unless the list has gone round long enough: under fresh cursors as well it would never end.
    fn takes(&mut self, page: Vec<Ticket>) -> Result<Vec<Ticket>, ApiError> {
        let before = self.ids.len();
        self.ids.extend(page.iter().map(|ticket| ticket.id.clone()));
        self.fruitless = if self.ids.len() == before { self.fruitless + 1 } else { 0 };
        if self.fruitless > MOST_FRUITLESS { Err(Failure::RepeatedCursor.into()) } else { Ok(page) }
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Letter { bucket, left, .. } => write!(f, "Letter({}, {left} left)", bucket.key),
            Self::Tickets { status, pages, .. } => write!(f, "Tickets({status:?}, {pages:?})"),
        }
    }
}

impl Stream {
    /// A letter of the roster.
    pub fn of_letter(walk: &Walk<'_>, bucket: RosterBucket) -> Self {
        let pages = walk.line.client().roster_from(&walk.event.summary.id, &bucket.anchor);
        let left = bucket.count;
        Self { has_ended: left == 0, list: List::Letter { bucket, pages, left } }
    }

    /// The event's tickets in one status, or in any.
    pub fn of_tickets(walk: &Walk<'_>, status: Option<TicketStatus>) -> Self {
        let filter = TicketFilter { status, ..TicketFilter::of_event(walk.event.summary.id.clone()) };
        let pages = walk.line.client().all_tickets(filter);
        Self { list: List::Tickets { status, pages, met: Met::default() }, has_ended: false }
    }

    /// The same list from its first page.
    fn anew(&self, walk: &Walk<'_>) -> Self {
        match &self.list {
            List::Letter { bucket, .. } => Self::of_letter(walk, bucket.clone()),
            List::Tickets { status, .. } => Self::of_tickets(walk, *status),
        }
    }

    /// The letter that this is, as the roster's index told of it.
    pub fn bucket(&self) -> Option<&RosterBucket> {
        match &self.list {
            List::Letter { bucket, .. } => Some(bucket),
            List::Tickets { .. } => None,
        }
    }

    /// Whether it is a letter that came to the roster's end before it had as many guests as it counts.
    pub const fn has_ended_early(&self) -> bool {
        matches!(&self.list, List::Letter { left, .. } if self.has_ended && *left > 0)
    }

    /// Whether it is the event's whole list, in which no scan moves a ticket.
    pub const fn is_of_all(&self) -> bool {
        matches!(&self.list, List::Tickets { status: None, .. })
    }

    /// The next page; one that failed is asked for again by the next call. `None` after the last.
    async fn next(&mut self, line: &Line, event: &Event) -> Option<Result<Vec<Ticket>, ApiError>> {
        if self.has_ended {
            return None;
        }
        let tickets = match &mut self.list {
            List::Letter { pages, left, .. } => pages.next_page().await.map(|page| {
                page.map(|mut rows| {
                    rows.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= rows.len() as u64;
                    self.has_ended = *left == 0;
                    line.decode(|decoder| rows.into_iter().map(|row| decoder.light(row, event)).collect())
                })
            }),
            List::Tickets { pages, met, .. } => pages.next_page().await.map(|page| {
                let rows = page?;
                met.takes(line.decode(|decoder| rows.into_iter().map(|row| decoder.ticket(row)).collect()))
            }),
        };
        self.has_ended |= tickets.is_none();
        tickets
    }
}

/// Who walks for whom, and how fast.
pub(in crate::sync) struct Walk<'a> {
    pub line: &'a Line,
    pub event: &'a Event,
    sequence: u64,
    /// After every page, for a walk that nobody waits for.
    rest: Option<Duration>,
    throttle: Throttle,
}

impl<'a> Walk<'a> {
    pub fn new(line: &'a Line, sequence: u64, event: &'a Event, rest: Option<Duration>) -> Self {
        Self { line, event, sequence, rest, throttle: Throttle::new(line.settings().load.rate) }
    }

    /// Walks lists to their ends, as many at a time as the settings allow.
    pub async fn side_by_side(&self, streams: &mut [Stream], gathered: &Gathered) -> Result<(), Trouble> {
        let concurrency = self.line.settings().load.concurrency;
        stream::iter(streams.iter_mut().map(Ok))
            .try_for_each_concurrent(concurrency, |stream| self.to_its_end(stream, gathered))
            .await
    }

    async fn to_its_end(&self, stream: &mut Stream, gathered: &Gathered) -> Result<(), Trouble> {
        loop {
            self.throttle.turn().await;
            let asked = Instant::now();
            let Some(page) = stream.next(self.line, self.event).await else { return Ok(()) };
            // Before anything is waited for: a page that the list has left behind does not come again.
            let page = page.inspect(|tickets| gathered.take(tickets));
            if let Err(error) = &page
                && *error.failure() == Failure::RepeatedCursor
            {
                // The list is broken, not the connection: it answers. What it told stays gathered.
                self.line.judge(asked, None).await;
                *stream = stream.anew(self);
                return Err(Trouble::from(error));
            }
            let tickets = self.judged(asked, page).await?;
            self.tell(tickets).await;
            if let Some(rest) = self.rest {
                sleep(rest).await;
            }
        }
    }

    /// The answer, after it was told how the service does.
    pub async fn judged<T>(&self, asked: Instant, answer: Result<T, ApiError>) -> Result<T, Trouble> {
        self.line.judged(asked, answer).await
    }

    /// Waits until another request may go out.
    pub async fn turn(&self) {
        self.throttle.turn().await;
    }

    /// Tells again what came before the load was interrupted: reports to the load before were dropped.
    pub async fn retell(&self, course: &Course) {
        for tickets in course.gathered.all().chunks(AT_ONCE) {
            self.tell(tickets.to_vec()).await;
        }
    }

    /// Everybody can be found.
    pub async fn listed(&self) {
        self.line.has_list();
        self.line.report(Report::Listed { sequence: self.sequence }).await;
    }

    pub async fn tell(&self, tickets: Vec<Ticket>) {
        self.line.report(Report::Tickets { sequence: self.sequence, tickets }).await;
    }
}

/// Spaces requests out; after a rest a few may go at once, for which a tenth of a second's are held ready.
#[derive(Debug)]
struct Throttle {
    every: Duration,
    ready: Duration,
    next: Mutex<Instant>,
}

impl Throttle {
    fn new(rate: u32) -> Self {
        let every = Duration::from_secs(1) / rate.max(1);
        let ready = every * (rate / 10).saturating_sub(1);
        // Nothing was asked yet: they are ready from the start.
        let next = Instant::now();
        Self { every, ready, next: Mutex::new(next.checked_sub(ready).unwrap_or(next)) }
    }

    async fn turn(&self) {
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let turn = (*next).max(now.checked_sub(self.ready).unwrap_or(now));
            *next = turn + self.every;
            turn
        };
        sleep_until(turn).await;
    }
}
