//! Lists, walked page by page and side by side.

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::{self, TryStreamExt};
use tokio::sync::OnceCell;
use tokio::time::{Instant, sleep, sleep_until};

use super::course::{Course, Gathered};
use super::mark::{ListName, Mark};
use super::roster;
use crate::api::{ApiError, Failure, Pages, TicketFilter};
use crate::domain::{Event, Ticket, TicketId, TicketStatus, Trouble};
use crate::sync::Report;
use crate::sync::line::Line;
use crate::wire::{RosterBucket, RosterList, TicketList};

/// Tickets a report where what came before is told again: as many as a page has, which is no pause for who types.
const AT_ONCE: usize = 100;
/// So many pages in a row may tell of nobody new; a list that goes on so has no end.
const MOST_FRUITLESS: usize = 3;

/// So many more than are counted may come: they are sold while the list is read.
const SLACK: u64 = 1_000;
/// Where only valid tickets are counted, for each of them so many may have been cancelled, and so many in all.
const CANCELLED: (u64, u64) = (10, 20_000);
/// More than any event has, whatever is counted.
const CEILING: u64 = 5_000_000;

/// One list and how far it was walked.
#[derive(Debug)]
pub(in crate::sync) struct Stream {
    list: List,
    has_ended: bool,
    /// It goes on where the console before has left it: the service may not know its cursor any more.
    is_restored: bool,
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
        Self { has_ended: left == 0, list: List::Letter { bucket, pages, left }, is_restored: false }
    }

    /// The event's tickets in one status, or in any.
    pub fn of_tickets(walk: &Walk<'_>, status: Option<TicketStatus>) -> Self {
        let filter = TicketFilter { status, ..TicketFilter::of_event(walk.event.summary.id.clone()) };
        let pages = walk.line.client().all_tickets(filter);
        Self { list: List::Tickets { status, pages, met: Met::default() }, has_ended: false, is_restored: false }
    }

    /// The same list from where it was left, if it was begun.
    pub fn going_on(self, gathered: &Gathered) -> Self {
        let Some(Mark { cursor, left: rest, has_ended, .. }) = gathered.mark(&self.name()) else { return self };
        let is_restored = cursor.is_some();
        let list = match (self.list, cursor) {
            (List::Letter { bucket, pages, .. }, Some(cursor)) => {
                List::Letter { bucket, pages: pages.going_on(cursor), left: rest }
            }
            (List::Letter { bucket, pages, .. }, None) => List::Letter { bucket, pages, left: rest },
            (List::Tickets { status, pages, met }, Some(cursor)) => {
                List::Tickets { status, pages: pages.going_on(cursor), met }
            }
            (list @ List::Tickets { .. }, None) => list,
        };
        Self { list, has_ended, is_restored }
    }

    fn name(&self) -> ListName {
        match &self.list {
            List::Letter { bucket, .. } => ListName::Letter(bucket.clone()),
            List::Tickets { status, .. } => ListName::Tickets(*status),
        }
    }

    /// How far it is.
    fn mark(&self) -> Mark {
        let (cursor, is_at_end, left) = match &self.list {
            List::Letter { pages, left, .. } => (pages.cursor(), pages.is_at_end(), *left),
            List::Tickets { pages, .. } => (pages.cursor(), pages.is_at_end(), 0),
        };
        let has_ended = self.has_ended || is_at_end;
        Mark { list: self.name(), cursor: cursor.map(str::to_owned), left, has_ended }
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
    /// Whole tickets that came beside the letters: who is told of them meanwhile waits longer for everybody to be there.
    held: Mutex<Vec<Vec<Ticket>>>,
    holds: AtomicBool,
    /// How many tickets there can be, once more came than were sold.
    most: OnceCell<u64>,
}

impl<'a> Walk<'a> {
    pub fn new(line: &'a Line, sequence: u64, event: &'a Event, rest: Option<Duration>) -> Self {
        Self {
            line,
            event,
            sequence,
            rest,
            throttle: Throttle::new(line.settings().load.rate),
            held: Mutex::default(),
            holds: AtomicBool::new(false),
            most: OnceCell::new(),
        }
    }

    /// Walks lists to their ends, so many at a time.
    pub async fn side_by_side(
        &self,
        streams: &mut [Stream],
        concurrency: usize,
        gathered: &Gathered,
    ) -> Result<(), Trouble> {
        stream::iter(streams.iter_mut().map(Ok))
            .try_for_each_concurrent(concurrency, |stream| self.to_its_end(stream, gathered))
            .await
    }

    /// Walks one list to its end.
    pub async fn to_its_end(&self, stream: &mut Stream, gathered: &Gathered) -> Result<(), Trouble> {
        loop {
            self.throttle.turn().await;
            let asked = Instant::now();
            let Some(page) = stream.next(self.line, self.event).await else { return Ok(()) };
            let page = match page {
                Ok(tickets) if !self.has_room(gathered.with_news(&tickets)).await => {
                    // Neither kept nor told: under ever new ids it would fill the memory.
                    self.line.judge(asked, None).await;
                    let endless = Failure::Endless { rows: gathered.count().0 as u64 };
                    return Err(Trouble::from(&ApiError::from(endless)));
                }
                page => page,
            };
            // Before anything is waited for: a page that the list has left behind does not come again.
            let page = page.inspect(|tickets| gathered.take_page(tickets, stream.mark()));
            if let Err(error) = &page
                && stream.is_restored
                && roster::is_answered_no(error)
            {
                tracing::info!("the service does not know any more where a list was left: it is read anew");
                *stream = stream.anew(self);
                continue;
            }
            stream.is_restored = false;
            if let Err(error) = &page
                && *error.failure() == Failure::RepeatedCursor
            {
                // The list is broken, not the connection: it answers. What it told stays gathered.
                self.line.judge(asked, None).await;
                *stream = stream.anew(self);
                return Err(Trouble::from(error));
            }
            let tickets = self.judged(asked, page).await?;
            if stream.bucket().is_some() {
                self.tell(tickets).await;
            } else {
                self.held().push(tickets);
                self.tell_held().await;
            }
            if let Some(rest) = self.rest {
                sleep(rest).await;
            }
        }
    }

    /// Whether there can be so many tickets; asks for a count only where far more came than were sold.
    async fn has_room(&self, rows: u64) -> bool {
        let sold: u64 = self.event.admissions.iter().map(|tier| tier.sold).sum();
        rows <= with_slack(sold) || rows <= *self.most.get_or_init(|| self.count_most(sold)).await
    }

    async fn count_most(&self, sold: u64) -> u64 {
        let (each, all) = CANCELLED;
        let counted = roster::index(self).await.ok().flatten().map(|buckets| with_slack(roster::total(&buckets)));
        counted.unwrap_or_else(|| sold.saturating_mul(each).saturating_add(all)).min(CEILING)
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

    /// Whole tickets are held back from now on, or no more.
    pub fn hold(&self, holds: bool) {
        self.holds.store(holds, Ordering::SeqCst);
    }

    /// Tells what was held back, unless it still is.
    pub async fn tell_held(&self) {
        while !self.holds.load(Ordering::SeqCst) {
            let Some(tickets) = self.held().pop() else { return };
            self.tell(tickets).await;
        }
    }

    fn held(&self) -> MutexGuard<'_, Vec<Vec<Ticket>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub async fn tell(&self, tickets: Vec<Ticket>) {
        self.line.report(Report::Tickets { sequence: self.sequence, tickets }).await;
    }
}

/// A tenth more, and some.
const fn with_slack(counted: u64) -> u64 {
    counted.saturating_add(counted / 10).saturating_add(SLACK)
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
