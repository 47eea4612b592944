//! What is said at the door about a scan that cannot be sent now.

use std::time::Duration;

use super::closing::promised;
use super::message::{Moment, Output, WriteId};
use super::steps::Step;
use super::{Drain, Pending, Wait};
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

    /// Decides about every new entry that waits while the line is down, or behind a refusal that a person has to
    /// settle: nobody stands at the door for ever.
    pub(super) fn decide_waiting(&mut self, now: Moment, out: &mut Vec<Output>) {
        if self.leaving {
            return;
        }
        let is_up = self.line.is_up(now);
        let idle = self.waiting.keys().copied().filter(|number| self.slots[*number].step == Step::Idle);
        let idle: Vec<(usize, bool)> =
            idle.map(|number| (number, self.waits_for_a_person(&self.slots[number].entry.ticket))).collect();
        for (number, behind) in idle.into_iter().filter(|(_, behind)| *behind || !is_up) {
            self.waiting.remove(&number);
            let entry = self.slots[number].entry.clone();
            if entry.state == EntryState::Queued && !entry.promised {
                self.ready.remove(&number);
                if behind { self.withdraw(number, now, out) } else { self.decide(number, entry, now, out) }
            }
        }
    }

    /// Whether new scans go in on our word although they are sent at once: the service lets others wait too long.
    pub(super) fn gives_its_word_early(&self) -> bool {
        self.line.is_late() && self.settings.offline == OfflinePolicy::Accept
    }

    /// Gives our word for every new scan whose answer takes too long: the queue at the door does not wait for it.
    ///
    /// The answer still counts when it comes. A refusal is a conflict then, as it is of any scan on our word.
    pub(super) fn decide_late(&mut self, now: Moment, out: &mut Vec<Output>) {
        // Nobody sees the screen any more.
        if self.leaving {
            return;
        }
        let mut numbers = Vec::new();
        for call in self.calls.values_mut().filter(|call| call.wait.is_over(now, self.settings.slow_after)) {
            call.wait.is_late = true;
            numbers.extend(call.asks_about_a_scan_to_come(&self.slots[call.number].entry).then_some(call.number));
            self.line.late();
        }
        let not_yet_sent = self.waiting.iter().filter(|(_, wait)| wait.is_over(now, self.settings.slow_after));
        let not_yet_sent = not_yet_sent.map(|(number, _)| *number).filter(|number| self.stands_at_the_door(*number));
        for number in not_yet_sent.collect::<Vec<_>>() {
            self.waiting.entry(number).and_modify(|wait| wait.is_late = true);
            numbers.push(number);
            if self.ready.contains(&number) {
                self.line.late();
            }
        }
        // The calls are in no order, and what is done is to be the same every time.
        numbers.sort_unstable();
        if self.settings.offline == OfflinePolicy::Accept {
            for number in numbers {
                self.give_word(number, now, out);
            }
        }
    }

    fn give_word(&mut self, number: usize, now: Moment, out: &mut Vec<Output>) {
        let slot = &mut self.slots[number];
        let may_be_sent = matches!(slot.entry.state, EntryState::Queued | EntryState::Sending);
        // What may have arrived before is being verified: whoever stands at the door waits for that.
        let is_certain = may_be_sent && !slot.entry.is_unsettled();
        if !slot.fresh || !is_certain || slot.entry.promised || slot.entry.against.is_some() {
            return;
        }
        slot.entry.promised = true;
        let entry = slot.entry.clone();
        let audit = vec![promised(&entry, "the answer is late", now)];
        let what = Write { entries: vec![entry.clone()], audit, ..Write::default() };
        let write = WriteId(self.number());
        self.writes.insert(write, Pending { number, entry, is_word: true });
        out.push(Output::Keep(write, what));
    }

    /// Whether somebody stands at the door for an entry of which nothing is under way.
    pub(super) fn stands_at_the_door(&self, number: usize) -> bool {
        let slot = &self.slots[number];
        let is_open = slot.kept && slot.step == Step::Idle && slot.entry.state == EntryState::Queued;
        is_open && !slot.entry.promised && self.waiting.contains_key(&number)
    }

    /// When the next guest will have waited too long.
    pub(super) fn next_late(&self) -> Option<Duration> {
        let sent = self.calls.values().map(|call| call.wait);
        let to_be_sent = self.waiting.iter().filter(|(number, _)| self.stands_at_the_door(**number));
        let waits = sent.chain(to_be_sent.map(|(_, wait)| *wait)).filter(|wait| !wait.is_late);
        waits.map(|wait| wait.since + self.settings.slow_after).min()
    }

    /// An entry that certainly did not happen cannot be sent now: it happens on our word, or it is over.
    pub(super) fn decide(&mut self, number: usize, mut entry: Entry, now: Moment, out: &mut Vec<Output>) {
        match (&entry.against, self.settings.offline) {
            (Some(rule), _) => {
                let why = Why::Rule(rule.clone());
                self.refuse(number, why, None, now, out);
            }
            // Nobody sees the screen any more: nobody went in on what it would have said.
            (None, OfflinePolicy::Accept) if self.leaving => self.keep(number, entry, Write::default(), out),
            (None, OfflinePolicy::Accept) => {
                entry.promised = true;
                let audit = vec![promised(&entry, "it cannot be sent now", now)];
                self.keep(number, entry, Write { audit, ..Write::default() }, out);
            }
            (None, OfflinePolicy::Refuse) => self.withdraw(number, now, out),
        }
    }
}

impl Wait {
    /// Whether it takes too long, and that was not found before.
    fn is_over(self, now: Moment, slow_after: Duration) -> bool {
        !self.is_late && now.steady.saturating_sub(self.since) >= slow_after
    }
}
