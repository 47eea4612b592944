//! What is handed to the store, and what its answer makes of it.

use super::message::{Moment, NotTaken, Output, WriteId};
use super::steps::Step;
use super::{Drain, Pending, doubt};
use crate::domain::{Entry, EntryId, EntryState};
use crate::store::{StoreError, Write};

impl Drain {
    /// Has the store keep `entry` in the place of the one with this number.
    pub(super) fn keep(&mut self, number: usize, entry: Entry, with: Write, out: &mut Vec<Output>) {
        let write = WriteId(self.number());
        let what = Write { entries: vec![entry.clone()], ..with };
        self.slots[number].step = Step::Writing;
        self.writes.insert(write, Pending { number, entry, is_word: false });
        out.push(Output::Keep(write, what));
    }

    pub(super) fn kept(&mut self, write: WriteId, now: Moment, out: &mut Vec<Output>) {
        let Some(Pending { number, entry, is_word }) = self.writes.remove(&write) else { return };
        if is_word {
            return self.word_kept(number, out);
        }
        if let EntryState::Accepted { scan: Some(scan), .. } = &entry.state {
            self.claimed.insert(scan.clone());
        }
        let ticket = entry.ticket.clone();
        let slot = &mut self.slots[number];
        slot.entry = entry;
        slot.kept = true;
        slot.step = Step::Idle;
        out.push(Output::Told(Box::new(slot.entry.clone())));
        if slot.entry.state == EntryState::Sending {
            self.send_as_kept(number, now, out);
        }
        self.turn(&ticket);
    }

    /// The scan may have ended in the meantime: then its end stands, and what was said before it is not news any more.
    fn word_kept(&self, number: usize, out: &mut Vec<Output>) {
        let entry = &self.slots[number].entry;
        if entry.is_unsent() {
            out.push(Output::Told(Box::new(entry.clone())));
        }
    }

    pub(super) fn not_kept(&mut self, write: WriteId, error: StoreError, now: Moment, out: &mut Vec<Output>) {
        let Some(Pending { number, entry, is_word }) = self.writes.remove(&write) else { return };
        let slot = &mut self.slots[number];
        if is_word {
            // Then nothing was said, and the guest waits for the answer; unless a later write has said it since.
            slot.entry.promised &= slot.entry != entry;
            return;
        }
        let (id, ticket) = (slot.entry.id, slot.entry.ticket.clone());
        if slot.kept {
            // What the store has is older than what we know, so what we know is forgotten and found out again.
            slot.step = Step::Idle;
            doubt(&mut slot.entry);
            self.line.store_failed(now);
        } else {
            self.never_was(number, id);
        }
        out.push(Output::NotTaken { entry: id, why: NotTaken::NotKept(error) });
        self.turn(&ticket);
    }

    fn never_was(&mut self, number: usize, id: EntryId) {
        self.numbers.remove(&id);
        self.waiting.remove(&number);
        let slot = &mut self.slots[number];
        slot.step = Step::Gone;
        if let Some(lane) = self.lanes.get_mut(&slot.entry.ticket) {
            lane.retain(|other| *other != number);
        }
    }
}
