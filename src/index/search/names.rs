//! Typed words against names: the rarest word leads, the others are asked of each ticket.

use super::{COUNTED, ENOUGH_LOOKED, MOST_ASKED, Search};
use crate::index::keys;
use crate::index::rank::{Found, Quality};
use crate::index::slots::Slot;
use crate::index::tokens::{Class, Cost};

/// A run of tickets to look at, and the least that they cost.
pub(super) struct Lead {
    pub token: usize,
    size: usize,
}

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
                let Some((_, slot)) = list.get(at).filter(|(_, slot)| fits(*slot)) else { break };
                if self.is_listed(slot) {
                    self.judge(reading, slot, class, false);
                }
                at = list.next(at);
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
            for (list, last_name) in [(&shelves.last, room), (&shelves.first, false)] {
                for slot in list[word as usize].iter() {
                    if self.is_settled(slot, quality, cost.left(), last_name) {
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
    pub(super) fn is_settled(&self, slot: Slot, quality: Quality, left: u32, last_name: bool) -> bool {
        let status = self.sieve.statuses().next().map_or(0, |status| status as u8);
        let name = self.slots.face(slot).name;
        let bound = Found { quality, status, left, name, slot, reading: 0 };
        self.candidates >= COUNTED && self.best.is_settled(&bound, last_name)
    }

    fn several_words(&mut self, reading: usize, tokens: &[usize], class: Class) {
        let Some(lead) = self.lead(tokens, class) else { return };
        let asked = lead.size <= MOST_ASKED / 8;
        // The least that a ticket of this stage can still cost: what the other words cost at best, one of all of this class.
        let others = tokens.iter().filter(|token| **token != lead.token).map(|token| self.least(*token, class));
        let rest: u32 = others.sum();
        let exact = Cost::new(Class::Exact, 0, 0).weight();
        let stage = Cost::new(class, 0, 0).weight() + exact * u32::try_from(tokens.len() - 1).unwrap_or(0);
        let penalty = self.readings[reading].penalty;
        let shelves = self.shelves;
        if class == Class::Prefix {
            self.exact_beside_begun(reading, tokens);
        }
        let patience = self.candidates + ENOUGH_LOOKED;
        for (cost, word) in self.expand(lead.token, class) {
            if class == Class::Prefix && cost.class() == Class::Exact && shelves.carriers(word) <= ENOUGH_LOOKED {
                // Just looked at.
                continue;
            }
            let sum = penalty + stage.max(rest + cost.weight());
            let least = Quality { worst: class.max(cost.class()), sum };
            for list in [&shelves.last, &shelves.first] {
                for slot in list[word as usize].iter() {
                    if self.is_settled(slot, least, 0, false) {
                        self.cut = true;
                        break;
                    }
                    if class == Class::Prefix && self.is_full() && self.candidates >= patience {
                        self.cut = true;
                        return;
                    }
                    if !self.may_look() {
                        return;
                    }
                    self.judge(reading, slot, class, asked);
                }
            }
        }
        if class == Class::Prefix {
            self.at_domains(reading, lead.token, class);
        }
    }

    /// Words typed in full, rare enough to lead, beside words that are only begun: the best of what is begun.
    fn exact_beside_begun(&mut self, reading: usize, tokens: &[usize]) {
        let shelves = self.shelves;
        for token in tokens {
            let word = shelves.names.find(self.tokens[*token].word());
            let Some(word) = word.filter(|word| shelves.carriers(*word) <= ENOUGH_LOOKED) else { continue };
            for slot in shelves.last[word as usize].iter().chain(shelves.first[word as usize].iter()) {
                if !self.may_look() {
                    return;
                }
                self.judge(reading, slot, Class::Prefix, false);
            }
        }
    }

    /// The least that a typed word can cost.
    pub(super) fn least(&self, token: usize, class: Class) -> u32 {
        let known = self.shelves.names.find(self.tokens[token].word());
        let exact = known.is_some_and(|word| self.shelves.carriers(word) > 0);
        Cost::new(if exact { Class::Exact } else { class.min(Class::Prefix) }, 0, 0).weight()
    }

    /// Tickets of the domains that the leading word may mean.
    fn at_domains(&mut self, reading: usize, lead: usize, class: Class) {
        let shelves = self.shelves;
        for domain in self.tokens[lead].domains.clone() {
            for slot in shelves.by_domain[domain as usize].iter() {
                if !self.may_look() {
                    return;
                }
                self.judge(reading, slot, class, false);
            }
        }
    }

    /// The typed word with the fewest tickets.
    pub(super) fn lead(&mut self, tokens: &[usize], class: Class) -> Option<Lead> {
        let mut by_length = tokens.to_vec();
        by_length.sort_by_key(|token| std::cmp::Reverse(self.tokens[*token].chars()));
        let mut lead: Option<Lead> = None;
        for token in by_length {
            let known = lead.as_ref().map_or(usize::MAX, |lead| lead.size);
            // The walk for mistakes is dear: a short lead is taken as it is.
            if class >= Class::Near && known <= 4_000 {
                break;
            }
            let short = if class >= Class::Near { 2 } else { 1 };
            if self.tokens[token].word().is_empty()
                || class > Class::Exact && known < usize::MAX && self.tokens[token].chars() <= short
            {
                continue;
            }
            let shelves = self.shelves;
            let mut size = 0;
            for (_, word) in self.tokens[token].expand(shelves, class) {
                size += shelves.carriers(*word);
                if size >= known {
                    break;
                }
            }
            let domains = self.tokens[token].domains.iter();
            size += domains.map(|domain| shelves.by_domain[*domain as usize].len()).sum::<usize>();
            if size < known {
                lead = Some(Lead { token, size });
            }
        }
        lead
    }
}
