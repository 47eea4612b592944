//! Typed words found elsewhere than in names: in addresses, numbers and ids.

use super::fit::AHEAD;
use super::{COUNTED, MOST_ASKED, Search};
use crate::index::fields;
use crate::index::near_fields;
use crate::index::rank::Quality;
use crate::index::tokens::Class;

impl Search<'_> {
    /// What was typed, found in addresses, numbers and ids.
    pub(super) fn fields_up_to(&mut self, reading: usize, class: Class) {
        let tokens = self.readings[reading].tokens().to_vec();
        if self.only.is_some() {
            return;
        }
        let [token] = tokens[..] else {
            if class == Class::Prefix {
                self.fields_beside(reading, &tokens, Class::Variant);
            }
            return;
        };
        let typed = self.tokens[token].typed.clone();
        // Names of this class come first, and what they leave no row for need not be looked for.
        if typed.number.is_none()
            && typed.email.as_ref().is_none_or(|email| email.domain.is_none())
            && self.has_enough()
        {
            self.cut = true;
            return;
        }
        // What can be no name is asked once, for whatever it fits; beside names each class has its turn.
        let once = self.is_address(reading) || typed.number.is_some();
        let accepted = if once { Class::Prefix } else { class };
        for source in fields::sources(&typed, self.shelves) {
            let is_due = source.cost.map_or(!once || class == Class::Exact, |cost| cost.class() == class);
            if !is_due {
                continue;
            }
            let known = source.cost;
            let patience = self.work.candidates + COUNTED;
            for slot in source.slots() {
                if self.is_full() && self.work.candidates >= patience {
                    self.cut = true;
                    break;
                }
                if !self.may_look() {
                    return;
                }
                let cost = known.unwrap_or_else(|| fields::cost(&typed, self.slots.ticket(slot)));
                if cost.class() <= accepted {
                    let quality = Quality { worst: cost.class(), sum: cost.weight() };
                    self.offer_as(slot, quality, 0, false, reading);
                }
            }
        }
    }

    /// One typed word found in a field, the others anywhere up to `class`: each run that is short enough leads.
    ///
    /// Beside mistaken names only numbers lead.
    pub(super) fn fields_beside(&mut self, reading: usize, tokens: &[usize], class: Class) {
        for token in tokens {
            let typed = self.tokens[*token].typed.clone();
            // Addresses are made of names: where names fit, they say nothing new.
            let named = !typed.word.is_empty() && typed.word.bytes().all(|letter| !letter.is_ascii_digit());
            if named && self.best.matched() > 0 || class > Class::Variant && typed.number.is_none() {
                continue;
            }
            for source in fields::sources(&typed, self.shelves) {
                if source.size() > MOST_ASKED {
                    continue;
                }
                if source.size() > AHEAD {
                    let beside = tokens.iter().filter(|other| *other != token);
                    beside.for_each(|other| self.tokens[*other].note_fits(self.shelves, class));
                }
                let known = source.cost;
                let slots: Vec<_> = source.slots().collect();
                for slots in slots.chunks(AHEAD) {
                    let class_of = |other| (other != *token).then_some(class);
                    let passes = |face| self.may_fit(reading, face, class_of);
                    let glances = self.glance(slots.iter().copied(), passes);
                    for (slot, _) in slots.iter().zip(glances).filter(|(_, (_, hopeful))| *hopeful) {
                        if !self.may_look() {
                            return;
                        }
                        let cost = known.unwrap_or_else(|| fields::cost(&typed, self.slots.ticket(*slot)));
                        if cost.class() > Class::Variant || self.best.has_seen(*slot) {
                            continue;
                        }
                        if let Some((quality, left)) = self.quality_with(reading, *slot, class, Some((*token, cost))) {
                            self.offer_as(*slot, quality, left, false, reading);
                        }
                    }
                }
            }
        }
    }

    pub(super) fn near_fields(&mut self, reading: usize) {
        let tokens = self.readings[reading].tokens().to_vec();
        for token in &tokens {
            let typed = self.tokens[*token].typed.clone();
            for (slot, near) in near_fields::near(&typed, self.shelves, self.slots) {
                let quality = if tokens.len() == 1 {
                    Some((Quality { worst: near.class(), sum: near.weight() }, 0))
                } else {
                    self.quality_with(reading, slot, Class::Near, Some((*token, near)))
                };
                if let Some((quality, left)) = quality.filter(|_| self.is_listed(slot)) {
                    self.offer_as(slot, quality, left, false, reading);
                }
            }
        }
    }
}
