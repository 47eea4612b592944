//! How far a load has come: it outlives the load, so that the next one goes on there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::MutexGuard;
use tokio::time::Instant;

use super::mark::{ListName, Mark};
use super::pages::Stream;
use crate::domain::{Event, EventId, Ticket, TicketId};
use crate::store::{Part, Snapshot};

/// What came longer ago than this is better read anew than gone on from.
const STALE_AFTER: Duration = Duration::from_secs(10 * 60);

/// The load that was interrupted, if one was; clones share it.
#[derive(Debug, Clone, Default)]
pub(in crate::sync) struct Progress(Arc<tokio::sync::Mutex<Option<Course>>>);

impl Progress {
    pub async fn lock(&self) -> MutexGuard<'_, Option<Course>> {
        self.0.lock().await
    }

    /// Forgets a load that came to nothing because a list was broken: it may have been mended since.
    pub async fn forget_broken(&self) {
        self.lock().await.take_if(|course| course.is_broken);
    }

    /// Goes on from what had come when the console ended, unless a load is under way or that is too long ago.
    pub fn restore(&self, part: Part, now: Timestamp) {
        let Ok(age) = Duration::try_from(now.duration_since(part.list.taken_at)) else { return };
        let begun = Instant::now().checked_sub(age).filter(|_| age < STALE_AFTER);
        // A load that waits for the store has not taken the lock yet.
        if let (Some(begun), Ok(mut kept)) = (begun, self.0.try_lock()) {
            kept.get_or_insert_with(|| Course {
                has_failed: true,
                gathered: Arc::new(Gathered::restored(part.list.tickets, &part.marks)),
                ..Course::begin(part.list.event.summary.id, false, begun, part.list.taken_at)
            });
        }
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
    pub gathered: Arc<Gathered>,
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
        kept.get_or_insert_with(|| Self::begin(event.clone(), politely, Instant::now(), now))
    }

    fn begin(event: EventId, politely: bool, begun: Instant, taken_at: Timestamp) -> Self {
        Self {
            event,
            politely,
            has_failed: false,
            begun,
            taken_at,
            letters: Letters::default(),
            lists: Vec::new(),
            is_walked: false,
            is_short: false,
            is_broken: false,
            gathered: Arc::default(),
        }
    }

    /// Whether everybody can be found.
    pub const fn is_listed(&self) -> bool {
        self.letters.hold_everybody || self.is_walked
    }

    pub fn into_tickets(self) -> Vec<Ticket> {
        match Arc::try_unwrap(self.gathered) {
            Ok(Gathered(held)) => held.into_inner().unwrap_or_else(PoisonError::into_inner).tickets,
            Err(shared) => shared.all(),
        }
    }
}

/// Every ticket that has come, in its newest state, and how far the lists are that brought them.
#[derive(Debug, Default)]
pub(in crate::sync) struct Gathered(Mutex<Held>);

/// The tickets lie in one list, which becomes the snapshot as it is: a map of them would take twice the room.
#[derive(Debug, Default)]
struct Held {
    tickets: Vec<Ticket>,
    places: HashMap<TicketId, usize>,
    marks: Vec<Mark>,
    /// How often a ticket has changed its place.
    moves: u64,
}

/// Tickets that are copied at a time: whoever brings a page waits no longer than for these.
const COPIED_AT_ONCE: usize = 1_024;

impl Gathered {
    /// What a part held; marks that cannot be read are none, and the lists begin anew.
    fn restored(tickets: Vec<Ticket>, marks: &[u8]) -> Self {
        let places = tickets.iter().enumerate().map(|(place, ticket)| (ticket.id.clone(), place)).collect();
        let marks = serde_json::from_slice(marks).unwrap_or_default();
        Self(Mutex::new(Held { tickets, places, marks, moves: 0 }))
    }

    /// Takes a page in.
    pub fn take(&self, tickets: &[Ticket]) {
        self.with(|held| held.take(tickets));
    }

    /// Takes a page in, and how far its list is with it.
    pub fn take_page(&self, tickets: &[Ticket], mark: Mark) {
        self.with(|held| {
            held.take(tickets);
            held.marks.retain(|known| known.list != mark.list);
            held.marks.push(mark);
        });
    }

    /// How far a list is.
    pub fn mark(&self, list: &ListName) -> Option<Mark> {
        self.with(|held| held.marks.iter().find(|mark| mark.list == *list).cloned())
    }

    /// All of it, to be kept.
    pub fn part(&self, event: Event, taken_at: Timestamp) -> Part {
        // The lists first: they may be further by the end than the marks say, and never the other way round.
        // Plain names and texts always make JSON.
        let marks = self.with(|held| serde_json::to_vec(&held.marks)).unwrap_or_default();
        Part { list: Snapshot { taken_at, event, tickets: self.all() }, marks }
    }

    /// How many there are once a page is taken in.
    pub fn with_news(&self, tickets: &[Ticket]) -> u64 {
        self.with(|held| {
            let news = tickets.iter().filter(|ticket| !held.places.contains_key(&ticket.id)).count();
            (held.tickets.len() + news) as u64
        })
    }

    /// The service says that there is no such ticket any more.
    pub fn forget(&self, id: &TicketId) {
        self.with(|held| held.forget(id));
    }

    /// How many tickets have come, and how many of these are not cancelled.
    pub fn count(&self) -> (usize, usize) {
        use crate::domain::TicketStatus::Cancelled;
        self.with(|held| {
            let valid = held.tickets.iter().filter(|ticket| ticket.status != Cancelled).count();
            (held.tickets.len(), valid)
        })
    }

    /// Those of which only the roster has told.
    pub fn light(&self) -> Vec<TicketId> {
        let ids = |held: &mut Held| {
            held.tickets.iter().filter(|ticket| ticket.is_light()).map(|ticket| ticket.id.clone()).collect()
        };
        self.with(ids)
    }

    /// Every ticket; those that come meanwhile do not wait until all are copied.
    pub fn all(&self) -> Vec<Ticket> {
        let (mut tickets, mut moves) = self.with(|held| (Vec::with_capacity(held.tickets.len()), held.moves));
        while !self.with(|held| held.copy_some(&mut tickets, &mut moves)) {}
        tickets
    }

    fn with<T>(&self, work: impl FnOnce(&mut Held) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Held {
    fn take(&mut self, tickets: &[Ticket]) {
        for ticket in tickets {
            if let Some(known) = self.places.get(&ticket.id).and_then(|place| self.tickets.get_mut(*place)) {
                if ticket.supersedes(known) {
                    *known = ticket.clone();
                }
            } else {
                self.places.insert(ticket.id.clone(), self.tickets.len());
                self.tickets.push(ticket.clone());
            }
        }
    }

    /// Goes on with a copy that was begun; whether it is whole.
    fn copy_some(&self, copy: &mut Vec<Ticket>, moves: &mut u64) -> bool {
        if *moves != self.moves {
            // One that was to come may lie among those that were copied.
            copy.clear();
            *moves = self.moves;
        }
        let end = self.tickets.len().min(copy.len() + COPIED_AT_ONCE);
        copy.extend_from_slice(&self.tickets[copy.len()..end]);
        end == self.tickets.len()
    }

    fn forget(&mut self, id: &TicketId) {
        let Some(place) = self.places.remove(id) else { return };
        self.moves += 1;
        self.tickets.swap_remove(place);
        if let Some(moved) = self.tickets.get(place) {
            self.places.insert(moved.id.clone(), place);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::Decoder;

    fn ticket(id: &str, minute: u32) -> Ticket {
        let wire = serde_json::from_value(json!({
            "id": id, "status": "ACTIVE", "orderId": "ord_1", "eventId": "evt_1", "admissionId": "adm_1",
            "attendee": {"firstName": "Ada", "lastName": "Ng", "email": "a@example.com"},
            "createdAt": "2026-01-01T00:00:00Z", "updatedAt": format!("2026-01-01T00:{minute:02}:00Z"),
        }));
        Decoder::new().ticket(wire.unwrap())
    }

    #[test]
    fn each_ticket_is_there_once_in_its_newest_state_and_goes_by_its_id() {
        let gathered = Gathered::default();
        gathered.take(&[ticket("a", 1), ticket("b", 1), ticket("c", 1)]);
        gathered.take(&[ticket("b", 0), ticket("c", 2), ticket("d", 1)]);
        assert_eq!(gathered.with_news(&[ticket("d", 9), ticket("e", 1)]), 5);
        gathered.forget(&ticket("a", 0).id);
        gathered.take(&[ticket("d", 3)]);
        gathered.forget(&ticket("nobody", 0).id);
        let mut all = gathered.all();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(all, [ticket("b", 1), ticket("c", 2), ticket("d", 3)]);
        assert_eq!(gathered.count(), (3, 3));
    }

    #[test]
    fn a_copy_is_whole_whatever_moves_while_it_is_made() {
        let gathered = Gathered::default();
        let some: Vec<_> = (0..2 * COPIED_AT_ONCE).map(|number| ticket(&format!("t{number}"), 1)).collect();
        gathered.take(&some);
        let (mut copy, mut moves) = (Vec::new(), 0);
        assert!(!gathered.with(|held| held.copy_some(&mut copy, &mut moves)));
        // The last takes the place of the first, which was copied already; another comes behind.
        gathered.forget(&some[0].id);
        gathered.take(&[ticket("new", 1)]);
        while !gathered.with(|held| held.copy_some(&mut copy, &mut moves)) {}
        let ids = |tickets: &[Ticket]| {
            tickets.iter().map(|ticket| ticket.id.clone()).collect::<std::collections::BTreeSet<_>>()
        };
        let wanted = ids(&[&some[1..], &[ticket("new", 1)]].concat());
        assert_eq!((copy.len(), ids(&copy)), (wanted.len(), wanted));
    }
}
