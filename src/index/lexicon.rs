//! Words, each kept once and numbered for good, with their sorted order.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::blocks::Blocks;
use super::keys;

/// A word's number; it stays the word's for as long as the index lives.
pub(super) type WordId = u32;

/// Every word that was ever seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    text: String,
    words: Vec<Word>,
    by_text: HashTable<WordId>,
    hasher: DefaultHashBuilder,
    sorted: Blocks<u64>,
    /// The words by their last bytes.
    reversed: Blocks<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Word {
    start: u32,
    len: u8,
    letters: u32,
}

/// A bit for each letter that is in the word.
pub(super) fn letters(word: &[u8]) -> u32 {
    word.iter().fold(0, |mask, byte| mask | 1 << (byte & 31))
}

impl Lexicon {
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The text of a word.
    pub(super) fn text(&self, id: WordId) -> &str {
        let word = self.words[id as usize];
        &self.text[word.start as usize..word.start as usize + usize::from(word.len)]
    }

    /// How many bytes a word has.
    pub(super) fn length(&self, id: WordId) -> usize {
        usize::from(self.words[id as usize].len)
    }

    /// Which letters are in a word.
    pub(super) fn letters(&self, id: WordId) -> u32 {
        self.words[id as usize].letters
    }

    /// The number of a word, if it was ever seen.
    pub(super) fn find(&self, text: &str) -> Option<WordId> {
        let hash = self.hasher.hash_one(text);
        self.by_text.find(hash, |id| self.text(*id) == text).copied()
    }

    /// The number of a word, new or not, and whether it is new.
    pub(super) fn intern(&mut self, text: &str) -> (WordId, bool) {
        let (id, new) = self.intern_unsorted(text);
        if new {
            let Self { sorted, reversed, text: all, words, .. } = self;
            reversed.insert(keys::word_end(text.as_bytes()), id, |other| other.cmp(&id));
            sorted.insert(keys::word(text), id, |other| {
                let word = words[other as usize];
                all[word.start as usize..word.start as usize + usize::from(word.len)].cmp(text)
            });
        }
        (id, new)
    }

    /// As [`Self::intern`], but the word is in no order until [`Self::sort`].
    pub(super) fn intern_unsorted(&mut self, text: &str) -> (WordId, bool) {
        let hash = self.hasher.hash_one(text);
        if let Some(id) = self.by_text.find(hash, |id| self.text(*id) == text) {
            return (*id, false);
        }
        let id = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let len = u8::try_from(text.len()).unwrap_or(u8::MAX);
        self.text.push_str(text);
        self.words.push(Word { start, len, letters: letters(text.as_bytes()) });
        let Self { by_text, hasher, text: all, words, .. } = self;
        by_text.insert_unique(hash, id, |id| {
            let word = words[*id as usize];
            hasher.hash_one(&all[word.start as usize..word.start as usize + usize::from(word.len)])
        });
        (id, true)
    }

    /// Puts every word in order and numbers them anew in that order: words that a search compares with one
    /// another lie side by side. Gives the new number of each.
    pub(super) fn sort(&mut self) -> Vec<WordId> {
        let mut entries: Vec<_> = (0..).take(self.words.len()).map(|id| (keys::word(self.text(id)), id)).collect();
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.text(a.1).cmp(self.text(b.1))));
        let mut numbers = vec![0; self.words.len()];
        let (mut text, mut words) = (String::with_capacity(self.text.len()), Vec::with_capacity(self.words.len()));
        for (number, (_, id)) in (0..).zip(&mut entries) {
            let start = u32::try_from(text.len()).unwrap_or(u32::MAX);
            words.push(Word { start, ..self.words[*id as usize] });
            text.push_str(self.text(*id));
            numbers[*id as usize] = number;
            *id = number;
        }
        (self.text, self.words) = (text, words);
        self.by_text.iter_mut().for_each(|id| *id = numbers[*id as usize]);
        self.sorted = Blocks::from_sorted(&entries);
        for (key, id) in &mut entries {
            *key = keys::word_end(self.text(*id).as_bytes());
        }
        entries.sort_unstable();
        self.reversed = Blocks::from_sorted(&entries);
        numbers
    }

    /// The words in order, with their first eight bytes.
    pub(super) const fn sorted(&self) -> &Blocks<u64> {
        &self.sorted
    }

    /// All words that end with these bytes; where they are more than eight, some that end with eight of them.
    pub(super) fn ending_with(&self, end: &[u8]) -> impl Iterator<Item = WordId> {
        self.reversed.range(keys::words_to(end)).map(|(_, id)| id)
    }

    /// How many words start with the first eight bytes of `prefix`.
    pub(super) fn count_starting_with(&self, prefix: &str) -> usize {
        self.sorted.range(keys::words_from(prefix)).count_left()
    }

    /// All words that start with `prefix`, in order.
    pub(super) fn starting_with(&self, prefix: &str) -> impl Iterator<Item = WordId> {
        let long = prefix.len() > 8;
        self.sorted
            .range(keys::words_from(prefix))
            .map(|(_, id)| id)
            .filter(move |id| !long || self.text(*id).starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_found_and_sorted(texts in proptest::collection::vec("[a-c王]{0,10}", 0..300), prefix in "[a-c王]{0,9}") {
            let (mut grown, mut loaded) = (Lexicon::default(), Lexicon::default());
            for text in &texts {
                grown.intern(text);
                loaded.intern_unsorted(text);
            }
            loaded.sort();
            let mut expected: Vec<_> = texts.iter().filter(|text| text.starts_with(&prefix)).map(String::as_str).collect();
            expected.sort_unstable();
            expected.dedup();
            for lexicon in [&grown, &loaded] {
                let found: Vec<_> = lexicon.starting_with(&prefix).map(|id| lexicon.text(id)).collect();
                prop_assert_eq!(&found, &expected);
                prop_assert!(texts.iter().all(|text| lexicon.find(text).is_some_and(|id| lexicon.text(id) == text)));
            }
        }
    }
}
