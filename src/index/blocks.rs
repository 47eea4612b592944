//! A sorted list that grows cheaply: keys and what they stand for, in blocks.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

/// Most entries of a block.
const FULL: usize = 256;
/// Entries of a block made in bulk: room for some more before it splits.
const LOADED: usize = 224;
/// By how much a block's memory grows.
const GROWTH: usize = 16;

/// Values sorted by key, and among equal keys by an order that the caller tells.
///
/// An insertion moves one block, never the whole list; a search looks at the first keys of the
/// blocks, which lie side by side, and then into one block.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks<K> {
    first_keys: Vec<K>,
    /// Where the blocks stand in `store`, in the order of their keys.
    order: Vec<u32>,
    store: Vec<Block<K>>,
    unused: Vec<u32>,
    len: usize,
}

#[derive(Clone, Debug, Default)]
struct Block<K> {
    keys: Vec<K>,
    values: Vec<u32>,
}

impl<K: Copy + Ord> Block<K> {
    fn insert(&mut self, place: usize, key: K, value: u32) {
        if self.keys.len() == self.keys.capacity() {
            self.keys.reserve_exact(GROWTH);
            self.values.reserve_exact(GROWTH);
        }
        self.keys.insert(place, key);
        self.values.insert(place, value);
    }

    /// The first place whose entry is not before `key` and `tie`.
    fn place(&self, key: K, tie: &impl Fn(u32) -> Ordering) -> usize {
        let start = self.keys.partition_point(|known| *known < key);
        let equal = self.keys[start..].partition_point(|known| *known == key);
        start + self.values[start..start + equal].partition_point(|value| tie(*value) == Ordering::Less)
    }
}

impl<K: Copy + Ord> Blocks<K> {
    /// A list of entries that are sorted already.
    pub(super) fn from_sorted(entries: &[(K, u32)]) -> Self {
        let store: Vec<_> = entries
            .chunks(LOADED)
            .map(|chunk| {
                // Room from the start: the first insertion after a load must not move the block.
                let room = chunk.len() + GROWTH;
                let mut block = Block { keys: Vec::with_capacity(room), values: Vec::with_capacity(room) };
                block.keys.extend(chunk.iter().map(|entry| entry.0));
                block.values.extend(chunk.iter().map(|entry| entry.1));
                block
            })
            .collect();
        let order = (0..).take(store.len()).collect();
        let first_keys = store.iter().map(|block| block.keys[0]).collect();
        Self { first_keys, order, store, unused: Vec::new(), len: entries.len() }
    }

    /// How many entries there are.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Adds an entry; `tie` tells how a value of the same key stands to the new one.
    pub(super) fn insert(&mut self, key: K, value: u32, tie: impl Fn(u32) -> Ordering) {
        self.len += 1;
        if self.order.is_empty() {
            self.open(0, Block { keys: vec![key], values: vec![value] });
            return;
        }
        let (at, place) = self.find(key, &tie);
        let block = &mut self.store[self.order[at] as usize];
        block.insert(place, key, value);
        if place == 0 {
            self.first_keys[at] = key;
        }
        if block.keys.len() > FULL {
            // Sorted arrivals always append: a small upper part leaves full blocks behind.
            let keep = if place + 1 == block.keys.len() { LOADED } else { block.keys.len() / 2 };
            let upper = Block { keys: block.keys.split_off(keep), values: block.values.split_off(keep) };
            self.open(at + 1, upper);
        }
    }

    /// Takes an entry out, if it is there.
    pub(super) fn remove(&mut self, key: K, value: u32, tie: impl Fn(u32) -> Ordering) -> bool {
        if self.order.is_empty() {
            return false;
        }
        let (at, place) = self.find(key, &tie);
        let block = &mut self.store[self.order[at] as usize];
        if block.values.get(place) != Some(&value) || block.keys[place] != key {
            return false;
        }
        block.keys.remove(place);
        block.values.remove(place);
        self.len -= 1;
        if let Some(first) = block.keys.first() {
            self.first_keys[at] = *first;
        } else {
            *block = Block { keys: Vec::new(), values: Vec::new() };
            self.first_keys.remove(at);
            self.unused.push(self.order.remove(at));
        }
        true
    }

    fn open(&mut self, at: usize, block: Block<K>) {
        self.first_keys.insert(at, block.keys[0]);
        let slot = if let Some(slot) = self.unused.pop() {
            self.store[slot as usize] = block;
            slot
        } else {
            self.store.push(block);
            u32::try_from(self.store.len() - 1).unwrap_or(u32::MAX)
        };
        self.order.insert(at, slot);
    }

    /// The block and the place in it where an entry is or belongs.
    fn find(&self, key: K, tie: &impl Fn(u32) -> Ordering) -> (usize, usize) {
        // A run of one key may start in the block before the first that begins with it.
        let low = self.first_keys.partition_point(|first| *first < key);
        let high = low + self.first_keys[low..].partition_point(|first| *first == key);
        let run = &self.order[low..high];
        let within = run.partition_point(|slot| tie(self.store[*slot as usize].values[0]) != Ordering::Greater);
        let at = (low + within).saturating_sub(1);
        let block = &self.store[self.order[at] as usize];
        (at, block.place(key, tie))
    }

    /// The first entry that is not before `key` and `tie`.
    pub(super) fn seek(&self, key: K, tie: impl Fn(u32) -> Ordering) -> Cursor<'_, K> {
        let (at, place) = if self.order.is_empty() { (0, 0) } else { self.find(key, &tie) };
        let mut cursor = Cursor { list: self, at, place, keys: &[], values: &[] };
        cursor.open(at);
        cursor
    }

    /// The first entry of all.
    pub(super) fn start(&self) -> Cursor<'_, K> {
        let mut cursor = Cursor { list: self, at: 0, place: 0, keys: &[], values: &[] };
        cursor.open(0);
        cursor
    }

    /// All entries whose key is in `range`, ascending.
    pub(super) fn range(&self, range: RangeInclusive<K>) -> Entries<'_, K> {
        self.entries(self.position(|key| key < range.start()), self.position(|key| key <= range.end()))
    }

    /// Where the first key that is not `before` stands.
    fn position(&self, before: impl Fn(&K) -> bool) -> Position {
        let at = self.first_keys.partition_point(&before).saturating_sub(1);
        let Some(slot) = self.order.get(at) else { return Position { at, place: 0 } };
        Position { at, place: self.store[*slot as usize].keys.partition_point(before) }
    }

    /// The entries from one position up to another.
    fn entries(&self, from: Position, to: Position) -> Entries<'_, K> {
        Entries { list: self, at: from, end: to }
    }

    /// All values in order, block by block.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &[u32]> {
        self.order.iter().map(|slot| &self.store[*slot as usize].values[..])
    }

    /// All entries, ascending.
    pub(super) fn iter(&self) -> Entries<'_, K> {
        self.entries(Position::default(), Position { at: self.order.len(), place: 0 })
    }
}

/// How many of the first `keys` are `before`; quick when they are few.
fn gallop<K>(keys: &[K], before: impl Fn(&K) -> bool) -> usize {
    let mut step = 1;
    while step < keys.len() && before(&keys[step]) {
        step *= 2;
    }
    let low = step / 2;
    low + keys[low..keys.len().min(step + 1)].partition_point(before)
}

/// A place in the list, to read on from or to leap on from.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a, K> {
    list: &'a Blocks<K>,
    at: usize,
    place: usize,
    keys: &'a [K],
    values: &'a [u32],
}

impl<K: Copy + Ord> Cursor<'_, K> {
    fn open(&mut self, at: usize) {
        self.at = at;
        let block = self.list.order.get(at).map(|slot| &self.list.store[*slot as usize]);
        (self.keys, self.values) = block.map_or((&[][..], &[][..]), |block| (&block.keys, &block.values));
    }

    /// The entry here.
    pub(super) fn entry(&mut self) -> Option<(K, u32)> {
        while self.place >= self.keys.len() {
            if self.at >= self.list.order.len() {
                return None;
            }
            self.open(self.at + 1);
            self.place = 0;
        }
        Some((self.keys[self.place], self.values[self.place]))
    }

    /// Goes on to the next entry.
    pub(super) const fn advance(&mut self) {
        self.place += 1;
    }

    /// Leaps over all entries up to the key `last`.
    pub(super) fn pass(&mut self, last: K) {
        let up_to = |key: &K| *key <= last;
        if self.keys.last().is_some_and(up_to) {
            let later = &self.list.first_keys[self.at + 1..];
            self.open(self.at + gallop(later, up_to));
            self.place = self.keys.partition_point(up_to);
        } else if let Some(keys) = self.keys.get(self.place..) {
            self.place += gallop(keys, up_to);
        }
    }
}

/// A place in the list, good until the list changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Position {
    at: usize,
    place: usize,
}

/// Walks a part of the list.
#[derive(Clone, Debug)]
pub(super) struct Entries<'a, K> {
    list: &'a Blocks<K>,
    at: Position,
    end: Position,
}

impl<K: Copy + Ord> Entries<'_, K> {
    /// How many entries are left, without walking them.
    pub(super) fn count_left(&self) -> usize {
        let size = |at: usize| self.list.store[self.list.order[at] as usize].keys.len();
        let whole: usize = (self.at.at..self.end.at.min(self.list.order.len())).map(size).sum();
        (whole + self.end.place).saturating_sub(self.at.place)
    }
}

impl<K: Copy + Ord> Iterator for Entries<'_, K> {
    type Item = (K, u32);

    fn next(&mut self) -> Option<Self::Item> {
        while self.at.at < self.end.at || (self.at.at == self.end.at && self.at.place < self.end.place) {
            let block = &self.list.store[*self.list.order.get(self.at.at)? as usize];
            if let Some(key) = block.keys.get(self.at.place) {
                let value = block.values[self.at.place];
                self.at.place += 1;
                return Some((*key, value));
            }
            self.at = Position { at: self.at.at + 1, place: 0 };
        }
        None
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
        fn it_holds_what_a_sorted_set_holds(
            loaded in proptest::collection::btree_set((0u32..40, 0u32..2_000), 0..1_500),
            changes in proptest::collection::vec((any::<bool>(), 0u32..40, 0u32..2_000), 0..1_500),
            (low, high) in (0u32..40, 0u32..40),
        ) {
            let mut model: BTreeSet<(u32, u32)> = loaded;
            let mut list = Blocks::from_sorted(&model.iter().copied().collect::<Vec<_>>());
            for (add, key, value) in changes {
                if add && model.insert((key, value)) {
                    list.insert(key, value, |other| other.cmp(&value));
                } else if !add {
                    prop_assert_eq!(list.remove(key, value, |other| other.cmp(&value)), model.remove(&(key, value)));
                }
            }
            prop_assert_eq!(list.len(), model.len());
            prop_assert!(list.iter().eq(model.iter().copied()));
            let (low, high) = (low.min(high), low.max(high));
            let inside: Vec<_> = model.iter().copied().filter(|(key, _)| (low..=high).contains(key)).collect();
            let range = list.range(low..=high);
            prop_assert_eq!(range.count_left(), inside.len());
            prop_assert_eq!(range.collect::<Vec<_>>(), inside);
            let mut cursor = list.start();
            for entry in &model {
                prop_assert_eq!(cursor.entry(), Some(*entry));
                prop_assert_eq!(list.seek(entry.0, |other| other.cmp(&entry.1)).entry(), Some(*entry));
                let mut leaping = cursor.clone();
                leaping.pass(entry.0);
                prop_assert_eq!(leaping.entry(), model.range((entry.0 + 1, 0)..).next().copied());
                cursor.advance();
            }
            prop_assert_eq!(cursor.entry(), None);
        }
    }
}
