//! Typed words against names: whole names, and a word alone.

use super::{COUNTED, MOST_ASKED, Search};
use crate::index::keys;
use crate::index::rank::{Found, Quality};
use crate::index::slots::Slot;
use crate::index::tokens::Class;

impl Search<'_> {
    /// Tickets whose whole name was typed, the last word perhaps only begun, first or last name first.
    ///
    /// They stand side by side in the order of names, so that no bound on the work can lose them.
    pub(super) fn whole_names(&mut self, reading: usize, class: Class) {
        let tokens = self.readings[reading].tokens().to_vec();
        let mut words: Vec<String> = tokens.iter().map(|token| self.tokens[*token].word().to_owned()).collect();
        if words.iter().any(String::is_empty) {
            return;
        }
        for _ in 0..words.len() {
            self.walk_names(reading, &words, class);
            words.rotate_left(1);
        }
    }

    /// Tickets whose name starts with these words, of the last of them perhaps only the beginning.
    fn walk_names(&mut self, reading: usize, typed: &[String], class: Class) {
        let (slots, names) = (self.slots, &self.shelves.names);
        let key = keys::name(typed.iter().map(String::as_str));
        let words = |slot: Slot| slots.words(slot).all.iter().map(|word| names.text(*word));
        let fits = |slot: Slot| {
            let same = words(slot).zip(typed).take(typed.len() - 1).all(|(word, typed)| word == typed);
            same && words(slot)
                .nth(typed.len() - 1)
                .zip(typed.last())
                .is_some_and(|(word, last)| word.starts_with(last.as_str()))
        };
        for status in self.sieve.statuses() {
            let list = &self.shelves.by_status[status as usize];
            let mut at = list.seek(key, |slot| words(slot).cmp(typed.iter().map(String::as_str)));
            for _ in 0..self.limit {
                let Some((_, slot)) = at.entry().filter(|(_, slot)| fits(*slot)) else { break };
                if self.is_listed(slot) {
                    self.judge(reading, slot, class, false);
                }
                at.advance();
            }
        }
    }

    /// Tickets all of whose typed words are at most of this class.
    pub(super) fn names_up_to(&mut self, reading: usize, class: Class) {
        if let Some(only) = self.only.clone() {
            let asked = only.len() <= MOST_ASKED;
            for slot in only {
                self.judge(reading, slot, class, asked);
            }
            return;
        }
        let tokens = self.readings[reading].tokens().to_vec();
        match tokens[..] {
            [] => {}
            [token] => self.one_word(reading, token, class),
            _ => self.several_words(reading, &tokens, class),
        }
    }

    /// A single word: every ticket of a word costs the same, and comes in the order of the answer.
    fn one_word(&mut self, reading: usize, token: usize, class: Class) {
        let penalty = self.readings[reading].penalty;
        let shelves = self.shelves;
        for (cost, word) in self.expand(token, class) {
            if class > Class::Exact && cost.class() < class && cost.class() <= Class::Variant {
                // Found at an earlier stage.
                continue;
            }
            let quality = Quality { worst: cost.class(), sum: cost.weight() + penalty };
            let room = cost.class() <= Class::Prefix;
            if self.is_settled(0, 0, quality, cost.left(), room) {
                // The words come cheapest first.
                self.cut = true;
                return;
            }
            for (list, last_name) in [(&shelves.last, room), (&shelves.first, false)] {
                for slot in list[word as usize].iter() {
                    if self.is_settled(slot, self.slots.face(slot).name, quality, cost.left(), last_name) {
                        self.cut = true;
                        break;
                    }
                    if !self.may_look() {
                        return;
                    }
                    let whole = cost.class() == Class::Exact && penalty == 0 && self.slots.words(slot).all.len() == 1;
                    let quality = if whole { Quality { worst: Class::WholeName, ..quality } } else { quality };
                    self.offer_as(slot, quality, cost.left(), last_name, reading);
                }
            }
        }
    }

    /// Whether this ticket, and all after it in a list, can only come after the hits there are.
    pub(super) fn is_settled(&self, slot: Slot, name: u64, quality: Quality, left: u32, last_name: bool) -> bool {
        let status = self.sieve.statuses().next().map_or(0, |status| status as u8);
        let bound = Found { quality, status, left, name, slot, reading: 0 };
        self.work.candidates >= COUNTED && self.best.is_settled(&bound, last_name)
    }
}
