//! Where the tickets are, and what a search needs to know of each without reading it.

use std::cmp::Ordering;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::keys;
use super::lexicon::{Lexicon, WordId};
use crate::domain::{AdmissionId, SectionId, Ticket, TicketId, TicketStatus};

/// A ticket's place; given to another ticket only after the first is gone.
pub(super) type Slot = u32;

/// Most words kept of a first name, and of a last name.
pub(super) const MAX_WORDS: usize = 8;
/// Stands for a tier or section beyond the first 65,535, and for no section.
const OTHER: u16 = u16::MAX;

/// What a search reads of every candidate, in one piece of memory.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Face {
    /// Sorts as the names do, as far as it reaches; see [`super::keys::name`].
    pub name: u64,
    /// Sorts as the ids do, as far as it reaches; see [`super::keys::id_start`].
    id: u64,
    /// The email's domain, among the index's domains.
    pub domain: WordId,
    /// Where its words start in the common pool.
    words: u32,
    admission: u16,
    section: u16,
    first_words: u8,
    all_words: u8,
    pub status: u8,
    /// Whether the lists do not know its latest state yet.
    waits: bool,
}

/// All tickets, with their faces and words.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    tickets: Vec<Option<Ticket>>,
    faces: Vec<Face>,
    pool: Vec<WordId>,
    /// Runs of the pool that nobody uses, by length.
    unused_words: [Vec<u32>; 2 * MAX_WORDS + 1],
    unused: Vec<Slot>,
    by_id: HashTable<Slot>,
    hasher: DefaultHashBuilder,
    admissions: Vec<AdmissionId>,
    sections: Vec<SectionId>,
}

/// The words of one name.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameWords<'a> {
    /// First name first, then last name.
    pub all: &'a [WordId],
    /// How many of them are the first name's.
    pub first: usize,
}

impl Slots {
    /// Slots of all `tickets`, of two states of one the newer; the last of several as new. They stay in their memory.
    pub(super) fn load(tickets: Vec<Option<Ticket>>) -> Self {
        let count = tickets.len();
        let mut slots = Self { tickets, faces: vec![Face::default(); count], ..Self::default() };
        slots.pool.reserve(2 * count);
        slots.by_id.reserve(count, |_| 0);
        for slot in (0..).take(count) {
            slots.load_slot(slot);
        }
        slots
    }

    /// Makes room for so many more tickets, as far as there is memory.
    pub(super) fn reserve(&mut self, more: usize) {
        let Self { by_id, hasher, tickets, .. } = self;
        // What fails here is asked for again by whoever puts a ticket in.
        let _ = by_id.try_reserve(more, |slot| hash(hasher, tickets, *slot));
        let _ = self.tickets.try_reserve_exact(more);
        let _ = self.faces.try_reserve_exact(more);
        let _ = self.pool.try_reserve(2 * more);
    }

    fn load_slot(&mut self, slot: Slot) {
        let Some(ticket) = &self.tickets[slot as usize] else { return };
        let Some(known) = self.slot(&ticket.id) else {
            let Self { by_id, hasher, tickets, .. } = self;
            let own = hash(hasher, tickets, slot);
            by_id.insert_unique(own, slot, |slot| hash(hasher, tickets, *slot));
            return self.read_face(slot);
        };
        if ticket.supersedes(self.ticket(known)) {
            self.tickets.swap(slot as usize, known as usize);
            self.read_face(known);
        }
        self.tickets[slot as usize] = None;
        self.unused.push(slot);
    }

    /// Where the ticket of this id is.
    pub(super) fn slot(&self, id: &TicketId) -> Option<Slot> {
        self.by_id.find(self.hasher.hash_one(Some(id)), |slot| self.ticket(*slot).id == *id).copied()
    }

    pub(super) const fn capacity(&self) -> usize {
        self.tickets.len()
    }

    pub(super) const fn len(&self) -> usize {
        self.tickets.len() - self.unused.len()
    }

    pub(super) fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.iter().flatten()
    }

    /// The slots that hold a ticket.
    pub(super) fn all(&self) -> impl Iterator<Item = Slot> {
        (0..).zip(&self.tickets).filter(|(_, ticket)| ticket.is_some()).map(|(slot, _)| slot)
    }

    /// The ticket at a slot that some list named.
    #[expect(clippy::expect_used, reason = "the lists name only slots that hold a ticket")]
    pub(super) fn ticket(&self, slot: Slot) -> &Ticket {
        self.tickets[slot as usize].as_ref().expect("a listed slot holds a ticket")
    }

    pub(super) fn face(&self, slot: Slot) -> Face {
        self.faces[slot as usize]
    }

    pub(super) fn words(&self, slot: Slot) -> NameWords<'_> {
        self.words_of(self.faces[slot as usize])
    }

    pub(super) fn words_of(&self, face: Face) -> NameWords<'_> {
        let start = face.words as usize;
        NameWords { all: &self.pool[start..start + usize::from(face.all_words)], first: usize::from(face.first_words) }
    }

    /// Puts a ticket of a new id into a free slot; its name and domain are still to be told.
    pub(super) fn put(&mut self, ticket: Ticket) -> Slot {
        let own = self.hasher.hash_one(Some(&ticket.id));
        let slot = self.unused.pop().unwrap_or_else(|| {
            self.tickets.push(None);
            self.faces.push(Face::default());
            u32::try_from(self.tickets.len() - 1).unwrap_or(u32::MAX)
        });
        self.replace(slot, ticket);
        let Self { by_id, hasher, tickets, .. } = self;
        by_id.insert_unique(own, slot, |slot| hash(hasher, tickets, *slot));
        slot
    }

    /// Puts the newer state of a ticket in the place of the older.
    pub(super) fn replace(&mut self, slot: Slot, ticket: Ticket) -> Option<Ticket> {
        let old = self.tickets[slot as usize].replace(ticket);
        self.read_face(slot);
        old
    }

    /// Tells the face what comes neither from the name nor from the address.
    fn read_face(&mut self, slot: Slot) {
        let Some(ticket) = &self.tickets[slot as usize] else { return };
        let admission = number(&mut self.admissions, &ticket.admission.id);
        let section = ticket.section.as_ref().map_or(OTHER, |section| number(&mut self.sections, &section.id));
        let face = &mut self.faces[slot as usize];
        face.id = keys::id_start(ticket.id.as_str());
        (face.admission, face.section, face.status) = (admission, section, ticket.status as u8);
    }

    /// Notes that the lists do not know a ticket's latest state; false if that was noted already.
    pub(super) fn wait(&mut self, slot: Slot) -> bool {
        !std::mem::replace(&mut self.faces[slot as usize].waits, true)
    }

    /// Notes that the lists are about to know a ticket's latest state.
    pub(super) fn settle(&mut self, slot: Slot) {
        self.faces[slot as usize].waits = false;
    }

    /// Takes a ticket out and frees its slot.
    pub(super) fn take(&mut self, slot: Slot) -> Option<Ticket> {
        let own = hash(&self.hasher, &self.tickets, slot);
        if let Ok(entry) = self.by_id.find_entry(own, |other| *other == slot) {
            entry.remove();
        }
        self.forget_words(slot);
        self.faces[slot as usize] = Face::default();
        self.unused.push(slot);
        self.tickets[slot as usize].take()
    }

    pub(super) fn set_domain(&mut self, slot: Slot, domain: WordId) {
        self.faces[slot as usize].domain = domain;
    }

    /// Tells a ticket's name.
    pub(super) fn set_name(&mut self, slot: Slot, key: u64, words: &[WordId], first: usize) {
        self.forget_words(slot);
        let start = if let Some(start) = self.unused_words[words.len()].pop() {
            self.pool[start as usize..start as usize + words.len()].copy_from_slice(words);
            start
        } else {
            self.pool.extend_from_slice(words);
            u32::try_from(self.pool.len() - words.len()).unwrap_or(u32::MAX)
        };
        let count = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
        let face = &mut self.faces[slot as usize];
        face.name = key;
        (face.words, face.first_words, face.all_words) = (start, count(first), count(words.len()));
    }

    fn forget_words(&mut self, slot: Slot) {
        let face = &mut self.faces[slot as usize];
        if face.all_words > 0 {
            self.unused_words[usize::from(face.all_words)].push(face.words);
            face.all_words = 0;
            face.first_words = 0;
        }
    }

    /// How two tickets of one status and rank are listed: by name, first name first, then by id.
    pub(super) fn order(&self, names: &Lexicon, a: Slot, b: Slot) -> Ordering {
        let (one, other) = (self.faces[a as usize], self.faces[b as usize]);
        one.name.cmp(&other.name).then_with(|| {
            let words = |face| self.words_of(face).all.iter().map(|word| names.text(*word));
            let same = self.words_of(one).all == self.words_of(other).all;
            let by_name = if same { Ordering::Equal } else { words(one).cmp(words(other)) };
            by_name.then_with(|| self.id_order(a, b))
        })
    }

    /// How two tickets stand by their ids: an order that holds whatever came first, and whatever changes.
    pub(super) fn id_order(&self, a: Slot, b: Slot) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        let (one, other) = (self.faces[a as usize].id, self.faces[b as usize].id);
        one.cmp(&other).then_with(|| self.ticket(a).id.cmp(&self.ticket(b).id))
    }

    /// All slots, in the order of their tickets' ids.
    pub(super) fn by_id(&self) -> Vec<Slot> {
        let mut ids: Vec<_> = self.all().map(|slot| (self.faces[slot as usize].id, slot)).collect();
        ids.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.id_order(a.1, b.1)));
        ids.into_iter().map(|(_, slot)| slot).collect()
    }

    /// Turns filters into numbers that faces can be compared with.
    pub(super) fn sieve(&self, filters: &super::Filters) -> Sieve {
        Sieve {
            status: filters.status.map(|status| status as u8),
            admissions: numbers(&self.admissions, &filters.admissions),
            sections: numbers(&self.sections, &filters.sections),
        }
    }

    pub(super) fn passes(&self, sieve: &Sieve, face: Face, slot: Slot) -> bool {
        sieve.status.is_none_or(|status| status == face.status)
            && sieve.admissions.as_ref().is_none_or(|(ids, known)| {
                known.contains(&face.admission)
                    || face.admission == OTHER && ids.contains(&self.ticket(slot).admission.id)
            })
            && sieve.sections.as_ref().is_none_or(|(ids, known)| {
                known.contains(&face.section)
                    || face.section == OTHER
                        && self.ticket(slot).section.as_ref().is_some_and(|section| ids.contains(&section.id))
            })
    }

    pub(super) fn shrink(&mut self) {
        self.pool.shrink_to_fit();
    }
}

/// Filters, in numbers.
#[derive(Clone, Debug)]
pub(super) struct Sieve {
    status: Option<u8>,
    admissions: Option<(Vec<AdmissionId>, Vec<u16>)>,
    sections: Option<(Vec<SectionId>, Vec<u16>)>,
}

impl Sieve {
    /// Whether everything passes.
    pub(super) const fn is_open(&self) -> bool {
        self.status.is_none() && self.admissions.is_none() && self.sections.is_none()
    }

    /// The statuses that pass, in the order of rankings.
    pub(super) fn statuses(&self) -> impl Iterator<Item = TicketStatus> + use<> {
        let only = self.status;
        TicketStatus::ALL.into_iter().filter(move |status| only.is_none_or(|only| only == *status as u8))
    }
}

fn hash(hasher: &DefaultHashBuilder, tickets: &[Option<Ticket>], slot: Slot) -> u64 {
    hasher.hash_one(tickets[slot as usize].as_ref().map(|ticket| &ticket.id))
}

fn number<T: Clone + PartialEq>(known: &mut Vec<T>, id: &T) -> u16 {
    let place = known.iter().position(|other| other == id).unwrap_or_else(|| {
        if known.len() < usize::from(OTHER) {
            known.push(id.clone());
            known.len() - 1
        } else {
            usize::from(OTHER)
        }
    });
    u16::try_from(place).unwrap_or(OTHER)
}

fn numbers<T: Clone + PartialEq>(known: &[T], wanted: &[T]) -> Option<(Vec<T>, Vec<u16>)> {
    let numbers = (0..OTHER).zip(known).filter(|(_, id)| wanted.contains(id)).map(|(number, _)| number);
    (!wanted.is_empty()).then(|| (wanted.to_vec(), numbers.collect()))
}
