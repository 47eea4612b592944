//! The console's own scans: every entry as it was last told, and what the unsent ones make of their tickets.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::domain::{Entry, EntryId, EntryState, OrderId, ScanKind, Ticket, TicketId, TicketStatus};

/// Random bytes that make an entry's id unlike that of any other console.
pub type Chance = [u8; 10];

/// Every scan of this console on this event, and those whose answer is waited for.
#[derive(Debug, Default)]
pub struct Outbox {
    entries: Vec<Entry>,
    numbers: HashMap<EntryId, usize>,
    by_ticket: HashMap<TicketId, Vec<usize>>,
    awaited: HashMap<EntryId, Awaited>,
    /// The service's word on tickets over which our own unsent scans stand.
    told: HashMap<TicketId, Ticket>,
    unsent: BTreeSet<usize>,
    conflicts: BTreeSet<usize>,
    /// Scans that could not be kept, of those that were taken with others.
    unkept: Vec<(OneYes, TicketId)>,
    chance: Chance,
    taken: u64,
}

/// A scan whose answer is waited for at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Awaited {
    pub ticket: TicketId,
    pub kind: ScanKind,
    pub name: String,
    /// The entry that it takes back.
    pub undoes: Option<EntryId>,
    /// The yes that had it taken with others of its order, where one did.
    pub yes: Option<OneYes>,
}

/// What tells the scans that one yes had taken of an order from all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OneYes {
    pub order: OrderId,
    pub taken_at: Timestamp,
    pub kind: ScanKind,
}

impl OneYes {
    /// The yes that had the entry taken, where it was taken as one of an order.
    pub fn of(entry: &Entry) -> Option<Self> {
        entry.order.clone().map(|order| Self { order, taken_at: entry.taken_at, kind: entry.kind })
    }
}

impl Outbox {
    /// Every entry, in the order in which they were taken.
    #[must_use]
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// One entry.
    #[must_use]
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.numbers.get(id).map(|number| &self.entries[*number])
    }

    /// The entries of one ticket, in the order in which they were taken.
    #[must_use]
    pub fn of_ticket(&self, ticket: &TicketId) -> impl DoubleEndedIterator<Item = &Entry> {
        self.by_ticket.get(ticket).into_iter().flatten().map(|number| &self.entries[*number])
    }

    /// Entries that the service has not settled, the oldest first.
    #[must_use]
    pub fn unsent(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.unsent.iter().map(|number| &self.entries[*number])
    }

    /// How many entries the service has not settled.
    #[must_use]
    pub fn unsent_count(&self) -> usize {
        self.unsent.len()
    }

    /// Refusals that wait for a person, the oldest first.
    #[must_use]
    pub fn conflicts(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.conflicts.iter().map(|number| &self.entries[*number])
    }

    /// How many refusals wait for a person.
    #[must_use]
    pub fn conflict_count(&self) -> usize {
        self.conflicts.len()
    }

    /// Whether every scan has its answer, and the service has settled it.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.unsent.is_empty() && self.awaited.is_empty()
    }

    /// Whether the answer to a scan of this ticket is waited for at the door.
    #[must_use]
    pub fn is_awaited(&self, ticket: &TicketId) -> bool {
        self.awaited(ticket).is_some()
    }

    /// The scan of this ticket whose answer is waited for at the door.
    #[must_use]
    pub fn awaited(&self, ticket: &TicketId) -> Option<EntryId> {
        self.awaited.iter().find(|(_, scan)| scan.ticket == *ticket).map(|(id, _)| *id)
    }

    /// The last entry of a ticket that the service has not settled.
    #[must_use]
    pub fn last_unsent(&self, ticket: &TicketId) -> Option<&Entry> {
        self.of_ticket(ticket).rfind(|entry| entry.is_unsent())
    }

    /// The status that our own word gives a ticket: that of its last unsent scan that let somebody through.
    #[must_use]
    pub fn promised_status(&self, ticket: &TicketId) -> Option<TicketStatus> {
        let promised = |entry: &&Entry| entry.is_unsent() && entry.promised;
        self.of_ticket(ticket).rfind(promised).map(Entry::leads_to)
    }

    /// Makes the ids of this run unlike those of any other.
    pub(super) const fn seed(&mut self, chance: Chance) {
        self.chance = chance;
    }

    /// A new id: the time, the chance of this run, and a count that sets it apart from all others of the run.
    pub(super) fn next_id(&mut self, now: Timestamp) -> EntryId {
        self.taken += 1;
        let mut random = self.chance;
        for (byte, count) in random.iter_mut().rev().zip(self.taken.to_le_bytes()) {
            *byte = byte.wrapping_add(count);
        }
        EntryId::new(now, random)
    }

    pub(super) fn await_answer(&mut self, entry: EntryId, scan: Awaited) {
        self.awaited.insert(entry, scan);
    }

    /// Whether an answer to what this yes had taken is still waited for at the door.
    pub(super) fn awaits(&self, yes: &OneYes) -> bool {
        self.awaited.values().any(|scan| scan.yes.as_ref() == Some(yes))
    }

    /// A scan that was taken with others could not be kept.
    pub(super) fn remember_unkept(&mut self, yes: OneYes, ticket: TicketId) {
        self.unkept.push((yes, ticket));
    }

    /// The tickets whose scans could not be kept, of those that this yes had taken.
    pub(super) fn unkept(&self, yes: &OneYes) -> impl Iterator<Item = &TicketId> {
        self.unkept.iter().filter(move |(of, _)| of == yes).map(|(_, ticket)| ticket)
    }

    pub(super) fn answered(&mut self, entry: &EntryId) -> Option<Awaited> {
        self.awaited.remove(entry)
    }

    /// The entry was withdrawn, so the scan that was to take it back is not needed.
    pub(super) fn forget_undo(&mut self, target: &EntryId) {
        self.awaited.retain(|_, scan| scan.undoes != Some(*target));
    }

    /// The scan that was to take `target` back and was never kept, for the withdrawal was to do; waited for no more.
    pub(super) fn give_up_undo(&mut self, target: &EntryId) -> Option<Awaited> {
        let is_it = |id: &EntryId, scan: &Awaited| scan.undoes == Some(*target) && !self.numbers.contains_key(id);
        let id = self.awaited.iter().find(|(id, scan)| is_it(id, scan)).map(|(id, _)| *id)?;
        self.awaited.remove(&id)
    }

    /// Takes an entry as it stands now.
    pub(super) fn put(&mut self, entry: Entry) {
        let number = match self.numbers.get(&entry.id) {
            Some(number) => *number,
            None => self.add(&entry),
        };
        mark(&mut self.unsent, number, entry.is_unsent());
        mark(&mut self.conflicts, number, entry.is_conflict());
        self.entries[number] = entry;
    }

    fn add(&mut self, entry: &Entry) -> usize {
        let number = self.entries.len();
        self.numbers.insert(entry.id, number);
        self.by_ticket.entry(entry.ticket.clone()).or_default().push(number);
        self.entries.push(entry.clone());
        number
    }

    /// The service's word on a ticket over which our own stands.
    pub(super) fn told(&self, ticket: &TicketId) -> Option<&Ticket> {
        self.told.get(ticket)
    }

    pub(super) fn remember_told(&mut self, ticket: Ticket) {
        self.told.insert(ticket.id.clone(), ticket);
    }

    pub(super) fn forget_told(&mut self, ticket: &TicketId) -> Option<Ticket> {
        self.told.remove(ticket)
    }
}

fn mark(numbers: &mut BTreeSet<usize>, number: usize, is_one: bool) {
    if is_one {
        numbers.insert(number);
    } else {
        numbers.remove(&number);
    }
}

/// Whether the person at the door has an answer: what is still on its way is none, unless our own word was given.
pub(super) const fn is_answer(entry: &Entry) -> bool {
    match entry.state {
        EntryState::Queued | EntryState::Sending => entry.promised,
        _ => true,
    }
}
