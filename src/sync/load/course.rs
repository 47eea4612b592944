//! How far a load has come: it outlives the load, so that the next one goes on there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::MutexGuard;
use tokio::time::Instant;

use super::pages::Stream;
use crate::domain::{EventId, Ticket, TicketId};

/// What came longer ago than this is better read anew than gone on from.
const STALE_AFTER: Duration = Duration::from_secs(10 * 60);

/// The load that was interrupted, if one was; clones share it.
#[derive(Debug, Clone, Default)]
pub(in crate::sync) struct Progress(Arc<tokio::sync::Mutex<Option<Course>>>);

impl Progress {
    pub async fn lock(&self) -> MutexGuard<'_, Option<Course>> {
        self.0.lock().await
    }
}

/// The letters of the roster.
#[derive(Debug, Default)]
pub(in crate::sync) struct Letters {
    /// None before they are asked for, or where there is no roster.
    pub streams: Vec<Stream>,
    /// They were walked, or in vain, or are not wanted.
    pub are_behind: bool,
    /// Everybody was in them.
    pub hold_everybody: bool,
}

/// One load, from its first page to its last, over however many tries.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and any go together")]
pub(in crate::sync) struct Course {
    event: EventId,
    politely: bool,
    /// The last load of it ended early; else somebody wanted another in its place.
    pub has_failed: bool,
    begun: Instant,
    /// When it began, by this console's clock: what it holds is at least as new.
    pub taken_at: Timestamp,
    pub letters: Letters,
    /// The lists of whole tickets; none before they are begun.
    pub lists: Vec<Stream>,
    /// All of these were walked to their ends once.
    pub is_walked: bool,
    /// Far fewer came than the service counts: it serves for now, but no good list is given up for it.
    pub is_short: bool,
    /// Its last try came to nothing because a list is broken. What it brought is kept for as long as that is so: tried
    /// anew, a list under ever new ids would fill the memory.
    pub is_broken: bool,
    pub gathered: Gathered,
}

impl Course {
    /// The course that was interrupted, where it is one for the same and not too old; else a new one.
    ///
    /// Who asks again for a list that did not fail, and that nobody is missing on, wants news.
    pub fn resume<'a>(kept: &'a mut Option<Self>, event: &EventId, politely: bool, now: Timestamp) -> &'a mut Self {
        let fits = |course: &mut Self| {
            let is_the_same = course.event == *event && course.politely == politely;
            let is_wanted = std::mem::take(&mut course.has_failed) || !course.is_listed();
            is_the_same && is_wanted && (course.is_broken || course.begun.elapsed() < STALE_AFTER)
        };
        kept.take_if(|course| !fits(course));
        kept.get_or_insert_with(|| Self {
            event: event.clone(),
            politely,
            has_failed: false,
            begun: Instant::now(),
            taken_at: now,
            letters: Letters::default(),
            lists: Vec::new(),
            is_walked: false,
            is_short: false,
            is_broken: false,
            gathered: Gathered::default(),
        })
    }

    /// Whether everybody can be found.
    pub const fn is_listed(&self) -> bool {
        self.letters.hold_everybody || self.is_walked
    }

    pub fn into_tickets(self) -> Vec<Ticket> {
        let all = self.gathered.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.into_values().collect()
    }
}

/// Every ticket that has come, in its newest state.
#[derive(Debug, Default)]
pub(in crate::sync) struct Gathered(Mutex<HashMap<TicketId, Ticket>>);

impl Gathered {
    /// Takes a page in.
    pub fn take(&self, tickets: &[Ticket]) {
        self.with(|all| {
            for ticket in tickets {
                match all.get_mut(&ticket.id) {
                    Some(known) if !ticket.supersedes(known) => {}
                    Some(known) => *known = ticket.clone(),
                    None => drop(all.insert(ticket.id.clone(), ticket.clone())),
                }
            }
        });
    }

    /// How many there are once a page is taken in.
    pub fn with_news(&self, tickets: &[Ticket]) -> u64 {
        self.with(|all| all.len() + tickets.iter().filter(|ticket| !all.contains_key(&ticket.id)).count()) as u64
    }

    /// The service says that there is no such ticket any more.
    pub fn forget(&self, id: &TicketId) {
        self.with(|all| all.remove(id));
    }

    /// How many tickets have come, and how many of these are not cancelled.
    pub fn count(&self) -> (usize, usize) {
        use crate::domain::TicketStatus::Cancelled;
        self.with(|all| (all.len(), all.values().filter(|ticket| ticket.status != Cancelled).count()))
    }

    /// Those of which only the roster has told.
    pub fn light(&self) -> Vec<TicketId> {
        self.with(|all| all.values().filter(|ticket| ticket.is_light()).map(|ticket| ticket.id.clone()).collect())
    }

    pub fn all(&self) -> Vec<Ticket> {
        self.with(|all| all.values().cloned().collect())
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<TicketId, Ticket>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
