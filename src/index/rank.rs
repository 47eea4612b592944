//! The best hits so far.

use std::cmp::Ordering;

use super::lexicon::Lexicon;
use super::slots::{Slot, Slots};
use super::tokens::{Class, Cost};

/// More than any sum of costs: among the rows kept for last names, later words come after all first ones.
const LATER: u32 = 1 << 16;

/// How well a ticket fits all that was typed: the worst word decides, then their sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Quality {
    pub worst: Class,
    pub sum: u32,
}

/// A ticket that fits, and how well.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub quality: Quality,
    pub status: u8,
    /// Letters that were not typed yet.
    pub left: u32,
    pub name: u64,
    pub slot: Slot,
    /// Which of the readings of the typed text it fits.
    pub reading: usize,
}

impl Found {
    const fn rank(&self) -> (Quality, u8, u32, u64) {
        (self.quality, self.status, self.left, self.name)
    }
}

/// The cost of all words together, as it is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Total {
    pub sum: u32,
    pub worst: Class,
    pub left: u32,
}

impl Total {
    pub(super) const START: Self = Self { sum: 0, worst: Class::WholeName, left: 0 };
    pub(super) const NONE: Self = Self { sum: u32::MAX, worst: Class::None, left: 0 };

    pub(super) fn plus(self, cost: Cost) -> Self {
        let worst = self.worst.max(cost.class());
        // Mistakes add up over the words: one in each of two is two.
        let worst =
            if self.worst > Class::Variant && cost.class() > Class::Variant { worst.max(Class::Far) } else { worst };
        Self { sum: self.sum + cost.weight(), worst, left: self.left + cost.left() }
    }
}

/// What a last name that fits may ask for of the rows kept for last names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It starts with what was typed.
    First,
    /// A later word of it does: `van der Berg`, after those above.
    Later,
}

/// Keeps the best hits, each ticket once.
#[derive(Debug)]
pub(super) struct Best {
    limit: usize,
    hits: Vec<Found>,
    /// Rows that last names may claim.
    room: usize,
    last_names: Vec<Found>,
    seen: Vec<u64>,
    marked: Vec<Slot>,
}

impl Best {
    pub(super) fn new(limit: usize, room: usize, capacity: usize, mut seen: Vec<u64>) -> Self {
        seen.resize(capacity.div_ceil(64), 0);
        Self { limit, hits: Vec::new(), room, last_names: Vec::new(), seen, marked: Vec::new() }
    }

    pub(super) fn has_seen(&self, slot: Slot) -> bool {
        self.seen[slot as usize / 64] >> (slot % 64) & 1 == 1
    }

    /// How many different tickets fit.
    pub(super) const fn matched(&self) -> usize {
        self.marked.len()
    }

    pub(super) fn hits(&self) -> &[Found] {
        &self.hits
    }

    /// Whether last names that start with what was typed have all the rows that they may claim.
    pub(super) fn has_room(&self) -> bool {
        self.last_names.iter().filter(|claiming| claiming.quality.sum < LATER).count() >= self.room
    }

    /// Takes a hit in; a ticket counts as it came first.
    pub(super) fn push(&mut self, slots: &Slots, names: &Lexicon, found: Found, claim: Option<Claim>) {
        if !self.has_seen(found.slot) {
            self.seen[found.slot as usize / 64] |= 1 << (found.slot % 64);
            self.marked.push(found.slot);
            insert(&mut self.hits, self.limit, slots, names, found);
            if let Some(claim) = claim {
                let mut claiming = found;
                if claim == Claim::Later {
                    claiming.quality = Quality { worst: Class::Prefix, sum: found.quality.sum + LATER };
                }
                insert(&mut self.last_names, self.room, slots, names, claiming);
            }
        }
    }

    /// Whether nothing of this rank or a worse one can be among the best any more.
    pub(super) fn is_settled(&self, bound: &Found, last_name: bool) -> bool {
        let beats = |hits: &[Found], limit: usize| {
            limit == 0 || hits.len() >= limit && hits.last().is_some_and(|worst| worst.rank() < bound.rank())
        };
        beats(&self.hits, self.limit) && (!last_name || beats(&self.last_names, self.room))
    }

    /// The hits, best first, with room kept for last names; and what can serve the next search.
    pub(super) fn finish(mut self, slots: &Slots, names: &Lexicon) -> (Vec<Found>, Vec<u64>) {
        for slot in &self.marked {
            self.seen[*slot as usize / 64] = 0;
        }
        let missing: Vec<_> =
            self.last_names.iter().filter(|last| !self.hits.iter().any(|hit| hit.slot == last.slot)).copied().collect();
        let claimed = self.last_names.len();
        if self.hits.len() >= self.limit && !missing.is_empty() {
            let is_last = |hit: &Found| self.last_names.iter().any(|last| last.slot == hit.slot);
            let mut give = missing.len().min(claimed);
            let mut kept: Vec<_> = self.hits.iter().rev().copied().collect();
            kept.retain(|hit| {
                let goes = give > 0 && !is_last(hit);
                give -= usize::from(goes);
                !goes
            });
            kept.extend(missing);
            kept.sort_by(|a, b| order(slots, names, a, b));
            kept.truncate(self.limit);
            self.hits = kept;
        }
        (self.hits, self.seen)
    }
}

fn insert(hits: &mut Vec<Found>, limit: usize, slots: &Slots, names: &Lexicon, found: Found) {
    if hits.len() >= limit {
        match hits.last() {
            Some(worst) if order(slots, names, &found, worst) == Ordering::Less => hits.pop(),
            _ => return,
        };
    }
    let place = hits.partition_point(|other| order(slots, names, other, &found) == Ordering::Less);
    hits.insert(place, found);
}

fn order(slots: &Slots, names: &Lexicon, a: &Found, b: &Found) -> Ordering {
    a.rank().cmp(&b.rank()).then_with(|| slots.order(names, a.slot, b.slot))
}
