//! Names run together with a mistake somewhere: `jamespetersgn`, `karlhienzmuller`.

use super::Search;
use super::readings::{OTHERWISE, cuts};
use crate::index::lexicon::WordId;
use crate::index::rank::Quality;
use crate::index::slots::Slot;
use crate::index::spelling::Automaton;
use crate::index::tokens::{Class, Cost};

/// Most words that may stand at an end of a name run together.
const MOST_ENDS: usize = 8;
/// Most tickets that are compared as a whole with a name run together.
const MOST_TOGETHER: usize = 3_000;
/// Fewest letters of a word at an end of a name run together.
const SURE_PART: usize = 3;
/// Most words that are taken for right at each end, the longest first.
const MOST_SURE: usize = 3;
/// Most words that the rest beside a right one is taken for.
const MOST_RESTS: usize = 24;

impl Search<'_> {
    /// A first and a last name run together, one of them right and one mistake in the other or where they meet.
    ///
    /// However many carry either name, the tickets of both stand side by side.
    pub(super) fn half_mistaken(&mut self, main: usize) {
        let [token] = *self.readings[main].tokens() else { return };
        let word = self.tokens[token].word().to_owned();
        if self.only.is_some() || self.tokens[token].chars() < 2 * SURE_PART || self.tokens[token].is_address() {
            return;
        }
        self.swapped_between(&word);
        let parts: Vec<_> =
            cuts(&word).filter(|(head, tail)| head.len() >= SURE_PART && tail.len() >= SURE_PART).collect();
        let heads = parts.iter().rev().copied().filter(|(head, _)| self.carriers(head) > 0).take(MOST_SURE);
        let heads: Vec<_> = heads.collect();
        let tails = parts.iter().filter(|(_, tail)| self.carriers(tail) > 0).take(MOST_SURE);
        let tails: Vec<_> = tails.map(|(head, tail)| (*tail, *head)).collect();
        for (sure, rest) in heads.into_iter().chain(tails) {
            self.beside_sure(sure, rest);
        }
    }

    /// The last letter of one name and the first of the next, swapped: `marskmith`.
    fn swapped_between(&mut self, word: &str) {
        for place in SURE_PART..word.len().saturating_sub(1) {
            let mut bytes = word.as_bytes().to_vec();
            bytes.swap(place - 1, place);
            // Letters of several bytes come apart: then it is no text.
            let Ok(mended) = String::from_utf8(bytes) else { continue };
            let Some((first, second)) = mended.split_at_checked(place) else { continue };
            if self.carriers(first) > 0 && self.carriers(second) > 0 {
                let reading = self.read_together(first, second, Class::Near);
                self.guess(|search| search.likely_pairs(reading, Class::Exact));
            }
        }
    }

    /// One name as it was typed, and whoever's other name is a mistake away from the rest.
    fn beside_sure(&mut self, sure: &str, rest: &str) {
        let Some(sure_word) = self.shelves.names.find(sure) else { return };
        let reading = self.read_together(sure, rest, Class::Exact);
        let Some(rest) = self.readings[reading].tokens().get(1).copied() else { return };
        let others = self.likeliest(rest, Class::Near, MOST_RESTS);
        self.guess(|search| {
            for (_, other) in others {
                if search.has_enough() {
                    return;
                }
                search.pair(reading, sure_word, other, Class::Near);
                search.pair(reading, other, sure_word, Class::Near);
            }
        });
    }

    /// A reading as two names, of which tickets fit at best as well as `class`.
    fn read_together(&mut self, one: &str, other: &str, class: Class) -> usize {
        let tokens = [self.name_token(one), self.name_token(other)];
        let reading = self.read(&tokens, OTHERWISE);
        self.readings[reading].best = class;
        reading
    }

    /// A whole name run together, of however many words, perhaps with mistakes: `karlhienzmuller`.
    ///
    /// A word at its start or its end leads; what was typed is compared with the whole name of each ticket.
    pub(super) fn run_together(&mut self, main: usize) {
        let [token] = *self.readings[main].tokens() else { return };
        if self.tokens[token].chars() < 2 * SURE_PART || self.tokens[token].typed.number.is_some() {
            return;
        }
        let shelves = self.shelves;
        let automaton = self.tokens[token].automaton().clone();
        let patience = self.work.candidates + self.work.worth(MOST_TOGETHER);
        for word in self.ends_of(token) {
            for slot in shelves.last[word as usize].iter().chain(shelves.first[word as usize].iter()) {
                if self.work.candidates >= patience || !self.may_look() {
                    self.cut = true;
                    return;
                }
                if self.best.has_seen(slot) || !self.is_listed(slot) {
                    continue;
                }
                let errors = self.whole_name_errors(&automaton, slot);
                let class = match errors {
                    0 => Class::Exact,
                    1 => Class::Near,
                    2 => Class::Far,
                    _ => continue,
                };
                let quality = Quality { worst: class, sum: Cost::new(class, 0, 0).weight() + OTHERWISE };
                self.offer_as(slot, quality, 0, false, main);
            }
        }
    }

    /// The likeliest words at the start and the end of a typed word: the longest without mistakes.
    fn ends_of(&self, token: usize) -> Vec<WordId> {
        let names = &self.shelves.names;
        let heads = self.tokens[token].heads(self.shelves, SURE_PART);
        let mut words: Vec<_> = heads.into_iter().map(|(word, errors, _)| (errors, names.length(word), word)).collect();
        let tails = cuts(self.tokens[token].word()).filter(|(_, tail)| tail.len() >= SURE_PART);
        words.extend(tails.filter_map(|(_, tail)| Some((0, tail.len(), names.find(tail)?))));
        words.retain(|(_, _, word)| self.shelves.carriers(*word) > 0);
        words.sort_by_key(|(errors, length, word)| (*errors, std::cmp::Reverse(*length), names.text(*word)));
        let mut ends: Vec<_> = words.into_iter().map(|(_, _, word)| word).collect();
        let mut known = std::collections::HashSet::new();
        ends.retain(|word| known.insert(*word));
        ends.truncate(MOST_ENDS);
        ends
    }

    /// The mistakes between what was typed and a name run together, first or last name first.
    fn whole_name_errors(&self, automaton: &Automaton, slot: Slot) -> usize {
        let names = &self.shelves.names;
        let words = self.slots.words(slot);
        let letters = words.all.iter().fold(0, |letters, word| letters | names.letters(*word));
        if automaton.lacks(letters) {
            return usize::MAX;
        }
        let (first, last) = words.all.split_at(words.first);
        let mut together = String::new();
        let orders = [[first, last], [last, first]];
        let errors = orders.into_iter().map(|order| {
            together.clear();
            order.into_iter().flatten().for_each(|word| together.push_str(names.text(*word)));
            automaton.distance(&together, letters).whole
        });
        errors.min().unwrap_or(usize::MAX)
    }
}
