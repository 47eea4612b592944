//! Several typed words against names: the rarest leads, and the tickets of another are marked.

use super::walk::{Lists, Stage};
use super::{ENOUGH_LOOKED, MOST_ASKED, Search};
use crate::index::fields;
use crate::index::rank::Quality;
use crate::index::slots::Slot;
use crate::index::tokens::{Class, Cost};

/// Tickets to look at for which it is worth noting which words fit.
const WORTH_NOTING: usize = 300;
/// Tickets of the leading word for which it is worth marking those of another.
const WORTH_MARKING: usize = 500;
/// Tickets with at most one mistake in one word that are asked for two in another.
const FEW_NEAR: usize = 2_000;
/// Most tickets that are marked.
const MOST_MARKED: usize = 60_000;

/// The typed word that leads, and how many tickets it leads to.
pub(super) struct Lead {
    pub token: usize,
    size: usize,
}

impl<'a> Search<'a> {
    pub(super) fn several_words(&mut self, reading: usize, tokens: &[usize], class: Class) {
        if class == Class::Far && self.twice_mistaken(reading, tokens) {
            return;
        }
        if class == Class::Exact && !tokens.iter().all(|token| self.is_word(*token)) {
            return;
        }
        let Some(lead) = self.lead(tokens, class) else { return };
        let mut stage = Stage {
            reading,
            class,
            asked: lead.size <= self.work.worth(MOST_ASKED / 8),
            near: None,
            patience: usize::MAX,
        };
        if class == Class::Prefix {
            stage.patience = self.work.candidates + self.work.worth(ENOUGH_LOOKED);
        }
        if class == Class::Prefix && !self.at_domains(&stage, tokens) {
            return;
        }
        match self.beside(&lead, tokens, class) {
            Some(second) => self.meet(&stage, (lead.token, class), (second, class)),
            None => self.follow(&stage, &lead, tokens),
        };
    }

    /// Two mistakes in one of the two rarest typed words, at most one in the other; false where they are not known.
    ///
    /// Two in each would be a mess, and take long.
    fn twice_mistaken(&mut self, reading: usize, tokens: &[usize]) -> bool {
        let sizes = tokens.iter().filter_map(|token| Some((self.size(*token, Class::Sound, usize::MAX)?, *token)));
        let mut sizes: Vec<_> = sizes.collect();
        sizes.sort_unstable();
        let [one, other, ..] = sizes[..] else { return false };
        for ((size, near), (_, far)) in [(one, other), (other, one)] {
            let stage = Stage { reading, class: Class::Far, asked: false, near: Some(near), patience: usize::MAX };
            self.tokens[near].note_fits(self.shelves, Class::Sound);
            // A few are quicker asked themselves than words looked up for them.
            let more = if size <= FEW_NEAR || size > MOST_MARKED {
                let lists = self.lists(&stage, near, Class::Sound);
                self.walk(&stage, lists, |_| true)
            } else {
                self.meet(&stage, (far, Class::Far), (near, Class::Sound))
            };
            if !more {
                break;
            }
        }
        true
    }

    /// Judges the tickets of one typed word that have the other one, too; false where there were enough.
    ///
    /// The tickets of the second are marked, so that those of the first are told apart without a look at them.
    fn meet(&mut self, stage: &Stage, walked: (usize, Class), marked: (usize, Class)) -> bool {
        let marks = self.mark(marked.0, marked.1);
        self.tokens[walked.0].note_fits(self.shelves, walked.1);
        let lists = self.lists(stage, walked.0, walked.1);
        let more = self.walk(stage, lists, |slot| is_marked(&marks, slot));
        self.unmark(marks);
        more
    }

    /// Judges the tickets of the leading word; false where there were enough.
    fn follow(&mut self, stage: &Stage, lead: &Lead, tokens: &[usize]) -> bool {
        if lead.size > WORTH_NOTING {
            for token in tokens {
                self.tokens[*token].note_fits(self.shelves, stage.class);
            }
        }
        let lists = self.lists(stage, lead.token, stage.class);
        self.walk(stage, lists, |_| true)
    }

    /// Tickets of the domains that one typed word may mean, whose names have the rarest of the others; false where
    /// there were enough.
    fn at_domains(&mut self, stage: &Stage, tokens: &[usize]) -> bool {
        for token in tokens.iter().filter(|token| !self.tokens[**token].domains.is_empty()).copied().collect::<Vec<_>>()
        {
            let others = tokens.iter().filter(|other| **other != token);
            let sizes = others.filter_map(|other| Some((self.size(*other, stage.class, MOST_MARKED)?, *other)));
            let Some((_, marked)) = sizes.min() else { continue };
            let marks = self.mark(marked, stage.class);
            let rest: u32 =
                tokens.iter().filter(|other| **other != token).map(|other| self.least(*other, stage.class)).sum();
            let sum = self.readings[stage.reading].penalty + fields::AT_DOMAIN.weight() + rest;
            let least = Quality { worst: fields::AT_DOMAIN.class(), sum };
            let domains = self.tokens[token].domains.iter();
            let lists = domains.map(|domain| (least, &self.shelves.by_domain[*domain as usize])).collect();
            let more = self.walk(stage, lists, |slot| is_marked(&marks, slot));
            self.unmark(marks);
            if !more {
                return false;
            }
        }
        true
    }

    /// A bit for every ticket that a typed word may mean up to `class`.
    fn mark(&mut self, token: usize, class: Class) -> Vec<u64> {
        let (shelves, mut marks) = (self.shelves, std::mem::take(&mut self.marks));
        marks.resize(self.slots.capacity().div_ceil(64), 0);
        for (_, word) in self.expand(token, class) {
            for list in [&shelves.last, &shelves.first] {
                let slots = list[word as usize].pieces().flatten();
                slots.for_each(|slot| marks[*slot as usize / 64] |= 1 << (slot % 64));
            }
        }
        marks
    }

    /// Keeps the memory of marks for the next ones.
    fn unmark(&mut self, mut marks: Vec<u64>) {
        marks.fill(0);
        self.marks = marks;
    }

    /// The lists of every word that a typed word may mean, each with the best that a ticket of it can be.
    fn lists(&mut self, stage: &Stage, token: usize, class: Class) -> Lists<'a> {
        let shelves = self.shelves;
        let reading = self.readings[stage.reading];
        // Mistakes and sounds are found at one stage.
        let worst = if stage.class == Class::Sound { Class::Near } else { stage.class };
        let exact = Cost::new(Class::Exact, 0, 0).weight();
        let others = reading.tokens().iter().filter(|other| **other != token);
        let rest: u32 = others.clone().map(|other| self.least(*other, worst)).sum();
        let least = Cost::new(worst, 0, 0).weight() + exact * u32::try_from(others.count()).unwrap_or(0);
        let words = self.expand(token, class);
        let lists = words.into_iter().flat_map(|(cost, word)| {
            let sum = reading.penalty + least.max(rest + cost.weight());
            let least = Quality { worst: worst.max(cost.class()), sum };
            let word = word as usize;
            [(least, &shelves.last[word]), (least, &shelves.first[word])]
        });
        lists.collect()
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
            // Whoever has an address there is looked for by the other words.
            let leads = size > 0 || self.tokens[token].domains.is_empty();
            if size < known && leads {
                lead = Some(Lead { token, size });
            }
        }
        lead
    }

    /// The rarest of the other typed words, if so few tickets have it that they are worth marking.
    fn beside(&mut self, lead: &Lead, tokens: &[usize], class: Class) -> Option<usize> {
        if lead.size < WORTH_MARKING {
            return None;
        }
        let others = tokens.iter().filter(|token| **token != lead.token);
        let sizes = others.filter_map(|token| Some((self.size(*token, class, MOST_MARKED)?, *token)));
        sizes.min().map(|(_, token)| token)
    }

    /// How many tickets a typed word may mean; nothing where they are more than `most`, or not all known.
    fn size(&mut self, token: usize, class: Class, most: usize) -> Option<usize> {
        let shelves = self.shelves;
        let typed = &self.tokens[token];
        if typed.word().is_empty() || !typed.domains.is_empty() || !typed.is_complete(shelves, class) {
            return None;
        }
        let mut size = 0;
        for (_, word) in self.tokens[token].expand(shelves, class) {
            size += shelves.carriers(*word);
            if size > most {
                return None;
            }
        }
        Some(size)
    }

    /// The least that a typed word can cost.
    fn least(&self, token: usize, class: Class) -> u32 {
        Cost::new(if self.is_word(token) { Class::Exact } else { class.min(Class::Prefix) }, 0, 0).weight()
    }

    /// Whether some name has the typed word as it is.
    fn is_word(&self, token: usize) -> bool {
        let known = self.shelves.names.find(self.tokens[token].word());
        known.is_some_and(|word| self.shelves.carriers(word) > 0)
    }
}

fn is_marked(marks: &[u64], slot: Slot) -> bool {
    marks[slot as usize / 64] >> (slot % 64) & 1 == 1
}
