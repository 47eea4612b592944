//! The tickets that carry a word, in the order in which rankings list tickets.

use std::cmp::Ordering;

/// Slots kept without memory of their own: most words belong to few tickets.
const FEW: usize = 5;
/// Most slots of a chunk.
const FULL: usize = 256;
/// By how much a chunk's memory grows.
const GROWTH: usize = 16;

/// Slots in an order that the caller tells.
#[derive(Clone, Debug)]
pub(super) enum Postings {
    /// At most [`FEW`].
    Few {
        /// How many of `slots` count.
        len: u8,
        /// The slots.
        slots: [u32; FEW],
    },
    /// More, in chunks, so that an insertion moves one of them only.
    Many {
        /// How many in all.
        len: u32,
        /// None of them is empty.
        chunks: Vec<Vec<u32>>,
    },
}

impl Default for Postings {
    fn default() -> Self {
        Self::Few { len: 0, slots: [0; FEW] }
    }
}

impl Postings {
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::Few { len, .. } => *len as usize,
            Self::Many { len, .. } => *len as usize,
        }
    }

    /// Every slot, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        let (few, many): (&[u32], &[Vec<u32>]) = match self {
            Self::Few { len, slots } => (&slots[..usize::from(*len)], &[]),
            Self::Many { chunks, .. } => (&[], chunks),
        };
        few.iter().chain(many.iter().flatten()).copied()
    }

    /// Adds a slot that comes after all others.
    pub(super) fn push(&mut self, slot: u32) {
        self.insert(slot, |_| Ordering::Less);
    }

    /// Adds a slot; `order` tells how another stands to it.
    pub(super) fn insert(&mut self, slot: u32, order: impl Fn(u32) -> Ordering) {
        let before = |other: &u32| order(*other) == Ordering::Less;
        match self {
            Self::Few { len, slots } if usize::from(*len) < FEW => {
                let count = usize::from(*len);
                let place = slots[..count].partition_point(before);
                slots.copy_within(place..count, place + 1);
                slots[place] = slot;
                *len += 1;
            }
            Self::Few { len, slots } => {
                let mut chunk = Vec::with_capacity(FEW + 3);
                chunk.extend_from_slice(slots);
                *self = Self::Many { len: u32::from(*len), chunks: vec![chunk] };
                self.insert(slot, order);
            }
            Self::Many { len, chunks } => {
                *len += 1;
                let at = chunks.partition_point(|chunk| before(&chunk[0])).saturating_sub(1);
                let place = chunks[at].partition_point(before);
                insert_in_chunk(chunks, at, place, slot);
            }
        }
    }

    /// Takes a slot out, if it is there.
    pub(super) fn remove(&mut self, slot: u32, order: impl Fn(u32) -> Ordering) {
        let before = |other: &u32| order(*other) == Ordering::Less;
        match self {
            Self::Few { len, slots } => {
                let count = usize::from(*len);
                if let Some(place) = slots[..count].iter().position(|other| *other == slot) {
                    slots.copy_within(place + 1..count, place);
                    *len -= 1;
                }
            }
            Self::Many { len, chunks } => {
                let at = chunks.partition_point(|chunk| before(&chunk[0]) || chunk[0] == slot).saturating_sub(1);
                let place = chunks[at].partition_point(before);
                if chunks[at].get(place) == Some(&slot) {
                    *len -= 1;
                    chunks[at].remove(place);
                    if chunks[at].is_empty() {
                        chunks.remove(at);
                    }
                }
                if *len == 0 {
                    *self = Self::default();
                }
            }
        }
    }

    /// Gives back the memory that growing left over.
    pub(super) fn shrink(&mut self) {
        if let Self::Many { chunks, .. } = self {
            chunks.iter_mut().for_each(Vec::shrink_to_fit);
            chunks.shrink_to_fit();
        }
    }
}

fn insert_in_chunk(chunks: &mut Vec<Vec<u32>>, at: usize, place: usize, slot: u32) {
    let chunk = &mut chunks[at];
    if chunk.len() == chunk.capacity() {
        chunk.reserve_exact(GROWTH.max(chunk.len() / 4));
    }
    chunk.insert(place, slot);
    if chunk.len() > FULL {
        // What arrives in order always appends: leave full chunks behind.
        let keep = if place + 1 == chunk.len() { FULL } else { FULL / 2 };
        let upper = chunk.split_off(keep);
        chunks.insert(at + 1, upper);
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
            let mut model = BTreeSet::new();
            let mut postings = Postings::default();
            for (kind, slot) in changes {
                if kind > 0 && model.insert(slot) {
                    postings.insert(slot, |other| other.cmp(&slot));
                } else if kind == 0 {
                    model.remove(&slot);
                    postings.remove(slot, |other| other.cmp(&slot));
                }
                prop_assert_eq!(postings.len(), model.len());
            }
            prop_assert!(postings.iter().eq(model.into_iter()));
        }
    }
}
