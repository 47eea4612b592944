//! Two typed words, one for the first name and one for the last.
//!
//! The tickets of a word stand in the order of their names. So those that have one word, and whose first name is
//! another or starts with it, stand side by side: they are found without a look at the rest, however many carry the word.

use super::{COUNTED, ENOUGH_LOOKED, Search};
use crate::index::keys;
use crate::index::lexicon::WordId;
use crate::index::tokens::{Class, Cost};

/// Most words that each of two typed words is taken for in pairs.
const LIKELY: usize = 24;
/// Most such pairs.
const LIKELY_PAIRS: usize = 96;
/// Most tickets that are looked through for such pairs.
const MOST_PAIRED: usize = 4_000;
/// Most words that a typed word may be the beginning of, to be looked up beside another.
const MOST_BEGUN: usize = 256;

impl Search<'_> {
    /// The tickets of each word that the rarer typed word starts, whose name the other one starts.
    ///
    /// First those in the order in which was typed, then those with the last name first.
    pub(super) fn begun_pairs(&mut self, reading: usize) {
        let [one, other] = *self.readings[reading].tokens() else { return };
        if self.only.is_some() || self.tokens[one].word().is_empty() || self.tokens[other].word().is_empty() {
            return;
        }
        let Some(lead) = self.lead(&[one, other], Class::Prefix) else { return };
        let (lead, beside) = if lead.token == one { (one, other) } else { (other, one) };
        let begun = self.tokens[beside].word().to_owned();
        let words = self.likeliest(lead, Class::Prefix, MOST_BEGUN);
        let shelves = self.shelves;
        for as_last in [lead == other, lead == one] {
            let patience = self.work.candidates + self.work.worth(ENOUGH_LOOKED / 2);
            for (cost, word) in &words {
                let text = shelves.names.text(*word);
                let (list, names) = if as_last {
                    (&shelves.last[*word as usize], keys::names_from(std::iter::empty(), &begun))
                } else {
                    (&shelves.first[*word as usize], keys::names_from(std::iter::once(text), &begun))
                };
                for slot in list.named(names) {
                    if self.is_full() && self.work.candidates >= patience || !self.may_look() {
                        self.cut = true;
                        break;
                    }
                    // Short lists are walked whole.
                    let mut name = self.slots.words(slot).all.iter();
                    let after = as_last || name.next() == Some(word);
                    if !after || !name.next().is_some_and(|next| shelves.names.text(*next).starts_with(&begun)) {
                        continue;
                    }
                    self.judge(reading, slot, Class::Prefix.max(cost.class()), false);
                }
            }
        }
    }

    /// Two typed words, each taken for the likeliest words that it may be mistaken for.
    pub(super) fn likely_pairs(&mut self, reading: usize, class: Class) {
        let [one, other] = *self.readings[reading].tokens() else { return };
        if self.only.is_some() {
            return;
        }
        let (ones, others) = (self.likeliest(one, class, LIKELY), self.likeliest(other, class, LIKELY));
        // Mistakes add up: one in each word is of a class that is not looked for in pairs.
        let is_wrong = |cost: &Cost| cost.class() > Class::Variant;
        let all = ones.iter().flat_map(|a| others.iter().map(move |b| (a, b)));
        let likely = all.filter(|(a, b)| !(is_wrong(&a.0) && is_wrong(&b.0)));
        let mut pairs: Vec<_> = likely.map(|(a, b)| (a.0.weight() + b.0.weight(), a.1, b.1)).collect();
        pairs.sort_by_key(|(cost, ..)| *cost);
        let mut looked = 0;
        for (_, a, b) in pairs.into_iter().take(LIKELY_PAIRS) {
            looked += self.pair(reading, a, b, class) + self.pair(reading, b, a, class);
            if looked > self.work.worth(MOST_PAIRED) {
                self.cut = true;
                return;
            }
        }
    }

    /// The tickets with one word in the first name and the other in the last; tells how many were looked through.
    pub(super) fn pair(&mut self, reading: usize, first: WordId, last: WordId, class: Class) -> usize {
        let shelves = self.shelves;
        let (firsts, lasts) = (&shelves.first[first as usize], &shelves.last[last as usize]);
        // Of many tickets with the first name those with the last cannot be told by a key that a long first name fills;
        // of those with the last name, those with the first always can.
        let (walked, wanted, beside) = if firsts.len() <= lasts.len().min(COUNTED) {
            (firsts, last, shelves.names.text(last))
        } else {
            (lasts, first, "")
        };
        let names = keys::names_from(std::iter::once(shelves.names.text(first)), beside);
        let mut looked = 0;
        for slot in walked.named(names).take(COUNTED) {
            looked += 1;
            if self.slots.words(slot).all.contains(&wanted) && !self.best.has_seen(slot) {
                if !self.may_look() {
                    break;
                }
                self.judge(reading, slot, class, false);
            }
        }
        looked
    }
}
