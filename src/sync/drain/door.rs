//! What is said at the door about a scan that cannot be sent now.

use super::Drain;
use super::message::{Moment, Output};
use super::steps::Step;
use crate::domain::{Entry, EntryState, OfflinePolicy, Trouble, Why};
use crate::store::Write;

impl Drain {
    /// Somebody else waited for the service in vain.
    pub(super) fn silence(&mut self, trouble: &Trouble, now: Moment) {
        // What one token may not read it may still scan: a 403 elsewhere is no reason to stop.
        if trouble.is_transient() || *trouble == Trouble::Unauthorized {
            self.line.failed(trouble, None, now);
        }
    }

    /// Decides about every new entry that waits while the line is down: nobody stands at the door for ever.
    pub(super) fn decide_waiting(&mut self, now: Moment, out: &mut Vec<Output>) {
        if self.line.is_up(now) {
            return;
        }
        let slots = &self.slots;
        let idle: Vec<usize> =
            self.waiting.iter().copied().filter(|number| slots[*number].step == Step::Idle).collect();
        for number in idle {
            self.waiting.remove(&number);
            let entry = self.slots[number].entry.clone();
            if entry.state == EntryState::Queued && !entry.promised {
                self.ready.remove(&number);
                self.decide(number, entry, now, out);
            }
        }
    }

    /// An entry that certainly did not happen cannot be sent now: it happens on our word, or it is over.
    pub(super) fn decide(&mut self, number: usize, mut entry: Entry, now: Moment, out: &mut Vec<Output>) {
        match (&entry.against, self.settings.offline) {
            (Some(rule), _) => {
                let why = Why::Rule(rule.clone());
                self.refuse(number, why, None, now, out);
            }
            (None, OfflinePolicy::Accept) => {
                entry.promised = true;
                self.keep(number, entry, Write::default(), out);
            }
            (None, OfflinePolicy::Refuse) => self.withdraw(number, now, out),
        }
    }
}
