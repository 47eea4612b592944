//! The event and its tickets, as they come.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::console::app::{App, Health, Loading};
use crate::console::effect::{Effect, Pace};
use crate::domain::{Event, Ticket, Trouble};
use crate::index::Upsert;

/// While pages come, the rows are searched anew no more often than this.
const SEARCH_EVERY: Duration = Duration::from_millis(250);
/// A complete list is read again after this long, so that what other doors did shows.
const REFRESH_AFTER: Duration = Duration::from_secs(60);
/// A load that failed is tried again after this long.
const RETRY_AFTER: Duration = Duration::from_secs(10);

impl App {
    /// A person asks for everything again, and for scans to go on if the token stopped them.
    pub(super) fn reload_and_resume(&mut self) -> Vec<Effect> {
        let paused = matches!(self.session.connection.health, Health::Paused(_));
        paused.then_some(Effect::Resume).into_iter().chain(self.reload_at(Pace::Anew)).collect()
    }

    /// Loads everything, as fast as the service allows.
    pub(in crate::console) fn reload(&mut self) -> Vec<Effect> {
        self.reload_at(Pace::Swift)
    }

    fn reload_at(&mut self, pace: Pace) -> Vec<Effect> {
        self.session.loading = Loading::Running { loaded: 0, expected: self.expected_tickets() };
        self.load(pace)
    }

    fn load(&mut self, pace: Pace) -> Vec<Effect> {
        self.loads.sequence = self.next_sequence();
        self.loads.ended_at = None;
        self.loads.is_unfinished |= pace != Pace::Polite;
        vec![Effect::LoadEvent { sequence: self.loads.sequence, pace }]
    }

    /// Once a second: reads the event again when it is time to.
    pub(super) fn ticked(&mut self, now: Timestamp) -> Vec<Effect> {
        let Some(ended_at) = self.loads.ended_at else { return Vec::new() };
        let idle = now.duration_since(ended_at).unsigned_abs();
        match self.session.loading {
            // Everybody can be found, but not all is known of them: the load goes on where it was interrupted.
            Loading::Complete if self.loads.is_unfinished => {
                if idle >= RETRY_AFTER {
                    self.load(Pace::Swift)
                } else {
                    Vec::new()
                }
            }
            Loading::Complete if idle >= REFRESH_AFTER => self.load(Pace::Polite),
            Loading::Failed(_) if idle >= RETRY_AFTER => self.reload(),
            _ => Vec::new(),
        }
    }

    pub(super) fn event_loaded(
        &mut self,
        sequence: u64,
        event: Box<Event>,
        zone: TimeZone,
        now: Timestamp,
    ) -> Vec<Effect> {
        if sequence != self.loads.sequence {
            return Vec::new();
        }
        self.session.event = Some(event);
        self.settle_gate();
        self.session.zone = zone;
        self.session.connection.fresh_at = Some(now);
        let sold = self.expected_tickets();
        // Some more were cancelled, and some are sold meanwhile.
        self.index.expect(sold.map_or(0, |sold| sold.saturating_add(sold / 8)));
        if let Loading::Running { expected, .. } = &mut self.session.loading {
            *expected = sold;
        }
        Vec::new()
    }

    pub(super) fn tickets_loaded(&mut self, sequence: u64, tickets: Vec<Ticket>, now: Timestamp) -> Vec<Effect> {
        if sequence != self.loads.sequence {
            return Vec::new();
        }
        if let Loading::Running { loaded, .. } = &mut self.session.loading {
            *loaded += tickets.len();
        }
        self.session.connection.fresh_at = Some(now);
        for ticket in tickets {
            if self.merge(ticket) == Upsert::Inserted {
                self.search.fall_behind();
            }
        }
        // Rows move only while the list is still coming in, and never from under the selection.
        let wanted = self.search.is_behind() && (self.is_filling() || self.search.hits.is_empty());
        if wanted && self.search.is_older_than(SEARCH_EVERY, now) { self.search_again(now) } else { Vec::new() }
    }

    /// Nobody is missing any more, whatever is still to be read of them.
    pub(super) fn guests_listed(&mut self, sequence: u64, now: Timestamp) -> Vec<Effect> {
        if sequence != self.loads.sequence {
            return Vec::new();
        }
        let was_filling = self.is_filling();
        self.session.loading = Loading::Complete;
        self.session.whole_at = Some(now);
        self.session.connection.fresh_at = Some(now);
        if was_filling { self.catch_up(now) } else { Vec::new() }
    }

    pub(super) fn load_finished(&mut self, sequence: u64, now: Timestamp) -> Vec<Effect> {
        if sequence == self.loads.sequence {
            self.loads.ended_at = Some(now);
            self.loads.is_unfinished = false;
        }
        self.guests_listed(sequence, now)
    }

    pub(super) fn load_failed(&mut self, sequence: u64, trouble: Trouble, now: Timestamp) -> Vec<Effect> {
        if sequence != self.loads.sequence {
            return Vec::new();
        }
        self.loads.ended_at = Some(now);
        if !self.is_filling() && trouble.is_transient() {
            // A refresh that failed takes nothing away, and the connection tells of it. A token that expired is
            // another matter: the service is there, and the list grows old all the same.
            return Vec::new();
        }
        let is_unclear = matches!(trouble, Trouble::EventUnclear { .. });
        self.session.loading = Loading::Failed(trouble);
        let mut effects = self.catch_up(now);
        if is_unclear {
            effects.extend(self.offer_events());
        }
        effects
    }

    pub(super) fn ticket_loaded(&mut self, sequence: u64, ticket: Ticket, now: Timestamp) -> Vec<Effect> {
        if sequence == self.loads.fetch_sequence {
            self.session.connection.fresh_at = Some(now);
            self.merge(ticket);
        }
        Vec::new()
    }

    /// Whether the rows may still move because the list is not complete.
    const fn is_filling(&self) -> bool {
        matches!(self.session.loading, Loading::Running { .. })
    }

    /// Searches again where somebody came whom the rows do not know; else they stay as they are.
    fn catch_up(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.search.is_behind() { self.search_again(now) } else { Vec::new() }
    }

    pub(super) fn search_again(&mut self, now: Timestamp) -> Vec<Effect> {
        let before = self.search.selected.clone();
        self.search.run_holding(&mut self.index, now);
        if self.search.selected == before { Vec::new() } else { self.fetch_selected() }
    }

    /// How many tickets the tiers have sold.
    fn expected_tickets(&self) -> Option<usize> {
        let event = self.session.event.as_ref()?;
        let sold = event.admissions.iter().map(|admission| admission.sold).sum::<u64>();
        usize::try_from(sold).ok().filter(|sold| *sold > 0)
    }
}
