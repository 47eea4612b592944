//! Codes that were read before the kept list was: nobody is called unknown by a list that is not there yet.

use jiff::{SignedDuration, Timestamp};

use crate::console::app::{App, StoreState};
use crate::console::banner::Verdict;
use crate::console::door::ScanAction;
use crate::console::effect::Effect;
use crate::domain::{Code, TicketId};

/// A list is read in seconds; whoever scanned more than these has seen that nothing came of them.
const MOST_WAITING: usize = 20;
/// Whoever was scanned longer ago than this may have gone: they are only shown.
const STILL_THERE: SignedDuration = SignedDuration::from_secs(30);

/// A code that waits for the kept list.
#[derive(Debug)]
pub(super) struct WaitingCode {
    readings: Vec<Code>,
    action: ScanAction,
    read_at: Timestamp,
    /// How many searches had run by then: rows that were searched for since are the operator's.
    searches: u64,
}

impl App {
    /// Whether the kept list, which may have the code, is still to come.
    pub(super) fn is_list_to_come(&self) -> bool {
        self.session.store == StoreState::Waiting
    }

    /// Puts a code aside until the kept list has been read; the same one once more changes nothing.
    pub(super) fn put_aside(&mut self, readings: &[Code], action: ScanAction, now: Timestamp) -> Vec<Effect> {
        let id = TicketId::from_service(readings.first().map(super::scanner::text).unwrap_or_default());
        let is_known = self.scans.waiting.iter().any(|waiting| waiting.readings == readings);
        if !is_known && self.scans.waiting.len() >= MOST_WAITING {
            let detail = "The kept list is still being read: scan again once it is here.";
            return self.say_unknown(id, Verdict::NotDone, detail.into(), now);
        }
        let detail = "The kept list is being read; this code is looked for in a moment.";
        let effects = self.say_unknown(id, Verdict::Sending, detail.into(), now);
        let searches = self.search.runs;
        if !is_known {
            let readings = readings.to_vec();
            self.scans.waiting.push(WaitingCode { readings, action, read_at: now, searches });
        } else if let Some(last) = self.scans.waiting.last_mut() {
            last.searches = searches;
        }
        effects
    }

    /// The list was read, or cannot be: what waited for it is done in its order.
    pub(super) fn take_waiting(&mut self, now: Timestamp) -> Vec<Effect> {
        let waiting = std::mem::take(&mut self.scans.waiting);
        let is_at_hand = waiting.last().is_some_and(|last| last.searches == self.search.runs);
        let mut effects = Vec::new();
        for code in waiting {
            let is_there = now.duration_since(code.read_at).abs() <= STILL_THERE;
            let action = if is_there { code.action } else { ScanAction::Show };
            effects.extend(match self.known_ticket(&code.readings) {
                Some(id) if !is_at_hand => self.take_beside(id, action, now),
                _ => self.take_code(&code.readings, action, now),
            });
        }
        effects
    }
}
