//! The tickets that carry a word, in the order in which rankings list tickets.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use super::blocks::Blocks;

/// Slots kept without memory of their own: most words belong to few tickets.
const FEW: usize = 3;
/// Slots kept in one piece, without their keys: so many are compared through the tickets quickly enough.
const SOME: usize = 64;
/// By how much one piece grows.
const GROWTH: usize = 8;

/// Slots in the order of their names, and where names are alike, in one that the caller tells.
#[derive(Clone, Debug)]
pub(super) enum Postings {
    /// At most [`FEW`].
    Few {
        /// How many of `slots` count.
        len: u8,
        /// The slots.
        slots: [u32; FEW],
    },
    /// At most [`SOME`].
    #[expect(clippy::box_collection, reason = "most words are few: the enum is kept at 16 bytes")]
    Some(Box<Vec<u32>>),
    /// More, with the keys of their names beside them: a place among them is found without reading tickets.
    Many(Box<Blocks<u64>>),
}

impl Default for Postings {
    fn default() -> Self {
        Self::Few { len: 0, slots: [0; FEW] }
    }
}

impl Postings {
    /// Postings of slots that are in order, with the keys of their names.
    pub(super) fn from_sorted(entries: &[(u64, u32)]) -> Self {
        let slots = entries.iter().map(|entry| entry.1);
        if entries.len() > SOME {
            return Self::Many(Box::new(Blocks::from_sorted(entries)));
        }
        if entries.len() > FEW {
            return Self::Some(Box::new(slots.collect()));
        }
        let mut few = [0; FEW];
        few.iter_mut().zip(slots).for_each(|(place, slot)| *place = slot);
        Self::Few { len: u8::try_from(entries.len()).unwrap_or(0), slots: few }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few { len, .. } => usize::from(*len),
            Self::Some(slots) => slots.len(),
            Self::Many(blocks) => blocks.len(),
        }
    }

    /// Every slot, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        let (plain, keyed) = match self {
            Self::Few { len, slots } => (&slots[..usize::from(*len)], None),
            Self::Some(slots) => (&slots[..], None),
            Self::Many(blocks) => (&[][..], Some(blocks.iter().map(|(_, slot)| slot))),
        };
        plain.iter().copied().chain(keyed.into_iter().flatten())
    }

    /// Every slot, in order and in pieces that lie side by side in memory.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &[u32]> {
        let (plain, keyed) = match self {
            Self::Few { len, slots } => (&slots[..usize::from(*len)], None),
            Self::Some(slots) => (&slots[..], None),
            Self::Many(blocks) => (&[][..], Some(blocks.pieces())),
        };
        std::iter::once(plain).chain(keyed.into_iter().flatten())
    }

    /// Every slot whose name's key is in `names`, and of few slots those around them too; in order.
    pub(super) fn named(&self, names: RangeInclusive<u64>) -> impl Iterator<Item = u32> {
        let (plain, keyed) = match self {
            Self::Few { len, slots } => (&slots[..usize::from(*len)], None),
            Self::Some(slots) => (&slots[..], None),
            Self::Many(blocks) => (&[][..], Some(blocks.range(names).map(|(_, slot)| slot))),
        };
        plain.iter().copied().chain(keyed.into_iter().flatten())
    }

    /// Adds a slot; `key_of` tells the keys of names, `order` how another slot stands to this one.
    pub(super) fn insert(&mut self, slot: u32, key_of: impl Fn(u32) -> u64, order: impl Fn(u32) -> Ordering) {
        let before = |other: &u32| order(*other) == Ordering::Less;
        match self {
            Self::Few { len, slots } if usize::from(*len) < FEW => {
                let count = usize::from(*len);
                let place = slots[..count].partition_point(before);
                slots.copy_within(place..count, place + 1);
                slots[place] = slot;
                *len += 1;
            }
            Self::Few { slots, .. } => {
                let mut more = Vec::with_capacity(FEW + GROWTH);
                more.extend_from_slice(slots);
                more.insert(more.partition_point(before), slot);
                *self = Self::Some(Box::new(more));
            }
            Self::Some(slots) if slots.len() < SOME => {
                if slots.len() == slots.capacity() {
                    slots.reserve_exact(GROWTH);
                }
                slots.insert(slots.partition_point(before), slot);
            }
            Self::Some(slots) => {
                let keyed: Vec<_> = slots.iter().map(|slot| (key_of(*slot), *slot)).collect();
                *self = Self::Many(Box::new(Blocks::from_sorted(&keyed)));
                self.insert(slot, key_of, order);
            }
            Self::Many(blocks) => blocks.insert(key_of(slot), slot, order),
        }
    }

    /// Takes a slot out, if it is there; the name and its key must still be those it was listed by.
    pub(super) fn remove(&mut self, slot: u32, key_of: impl Fn(u32) -> u64, order: impl Fn(u32) -> Ordering) {
        match self {
            Self::Few { len, slots } => {
                let count = usize::from(*len);
                if let Some(place) = slots[..count].iter().position(|other| *other == slot) {
                    slots.copy_within(place + 1..count, place);
                    *len -= 1;
                }
            }
            Self::Some(slots) => {
                // So few are looked through quicker than compared.
                if let Some(place) = slots.iter().position(|other| *other == slot) {
                    slots.remove(place);
                }
                if slots.is_empty() {
                    *self = Self::default();
                }
            }
            Self::Many(blocks) => {
                blocks.remove(key_of(slot), slot, order);
                if blocks.len() == 0 {
                    *self = Self::default();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn it_holds_what_a_sorted_set_holds(changes in proptest::collection::vec((0..4u8, 0u32..1_500), 0..3_000)) {
            // As of names: in the order of the slots, and some alike.
            let key = |slot: u32| u64::from(slot / 3);
            let mut model = BTreeSet::new();
            let mut postings = Postings::default();
            for (kind, slot) in changes {
                if kind > 0 && model.insert(slot) {
                    postings.insert(slot, key, |other| other.cmp(&slot));
                } else if kind == 0 {
                    model.remove(&slot);
                    postings.remove(slot, key, |other| other.cmp(&slot));
                }
                prop_assert_eq!(postings.len(), model.len());
            }
            let sorted: Vec<_> = model.iter().map(|slot| (key(*slot), *slot)).collect();
            prop_assert!(Postings::from_sorted(&sorted).iter().eq(model.iter().copied()));
            prop_assert!(postings.iter().eq(model.into_iter()));
        }
    }
}
