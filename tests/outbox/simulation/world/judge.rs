//! What must hold at every moment, and what must hold in the end.

use doorlist::domain::{Entry, EntryId, EntryState};

use super::super::console::Console;
use super::{Mutation, World};

impl World {
    /// What is sent is on the disk before, and so is that it is being sent.
    pub(super) fn may_be_sent(&self, console: usize, entry: &Entry) -> Result<(), String> {
        let kept = self.consoles[console].disk.by_id().get(&entry.id).is_some_and(|kept| *kept == entry);
        // With something taken out it is the consequences that are to be noticed.
        let is_right = kept || self.mutation != Mutation::None;
        if is_right { Ok(()) } else { Err(format!("{} is sent, and the disk does not know", entry.id)) }
    }

    pub(super) fn shown(&mut self, console: usize, entry: &Entry) -> Result<(), String> {
        self.consoles[console].shown.insert(entry.id);
        self.consoles[console].last_told.insert(entry.id, entry.clone());
        let applied = self.service.applied(&entry.id);
        match &entry.state {
            EntryState::Accepted { .. } if applied != 1 => {
                Err(format!("{} shown as done, applied {applied}×", entry.id))
            }
            EntryState::Refused { .. } | EntryState::Withdrawn { .. } if applied != 0 => {
                Err(format!("{} shown as {:?}, and it was applied", entry.id, entry.state))
            }
            _ => Ok(()),
        }
    }

    /// When all is quiet: the truth of the service against what the consoles hold.
    pub(super) fn judge(&self) -> Result<(), String> {
        for console in &self.consoles {
            let drain = console.drain.as_ref().ok_or("a console is still dead")?;
            if let Some(open) = drain.entries().find(|entry| !entry.is_closed()) {
                return Err(format!("{} is still {:?}", open.id, open.state));
            }
            if let Some(lost) = console.shown.iter().find(|id| drain.entry(id).is_none()) {
                return Err(format!("{lost} was shown and is not in the outbox"));
            }
            for entry in drain.entries() {
                self.judge_entry(entry)?;
            }
            let kept = console.disk.by_id();
            if self.mutation == Mutation::None && drain.entries().any(|entry| kept.get(&entry.id) != Some(&entry)) {
                return Err("the disk says something else than the console".to_owned());
            }
            let stale = console.last_told.values().find(|told| drain.entry(&told.id) != Some(told));
            if let Some(told) = stale {
                return Err(format!("the screen was last told {told:?}, and it is {:?}", drain.entry(&told.id)));
            }
            self.judge_order(console)?;
        }
        let known = |id: &EntryId| self.consoles.iter().any(|console| console.disk.by_id().contains_key(id));
        match self.service.log.iter().find(|applied| !known(&applied.entry)) {
            Some(stray) => Err(format!("{} was applied and no console knows of it", stray.entry)),
            None => Ok(()),
        }
    }

    fn judge_entry(&self, entry: &Entry) -> Result<(), String> {
        let applied: Vec<_> = self.service.log.iter().filter(|applied| applied.entry == entry.id).collect();
        match (&entry.state, &applied[..]) {
            (EntryState::Accepted { scan: Some(scan), .. }, [applied]) if applied.scan == *scan => Ok(()),
            (EntryState::Refused { settled: Some(_), .. } | EntryState::Withdrawn { .. }, []) => Ok(()),
            (state, applied) => Err(format!("{} ended as {state:?} and was applied as {applied:?}", entry.id)),
        }
    }

    /// Scans of one console on one ticket were applied in the order in which they were taken.
    fn judge_order(&self, console: &Console) -> Result<(), String> {
        let taken: Vec<EntryId> = console.disk.entries().iter().map(|entry| entry.id).collect();
        for ticket in &self.tickets {
            let places = self.service.log.iter().filter(|applied| applied.ticket == *ticket);
            let places: Vec<_> =
                places.filter_map(|applied| taken.iter().position(|id| *id == applied.entry)).collect();
            if !places.is_sorted() {
                return Err(format!("scans of {ticket} on {} were applied out of order", console.device));
            }
        }
        Ok(())
    }
}
