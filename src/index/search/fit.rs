//! How well one ticket fits all typed words of a reading.

use super::Search;
use crate::index::fields;
use crate::index::query::MAX_TOKENS;
use crate::index::rank::{Quality, Total};
use crate::index::slots::{Face, MAX_WORDS, Slot};
use crate::index::tokens::{Class, Cost};

/// What it costs to take a letter that was typed first for the initial of a last name: more than a word that is only begun.
const INITIAL_TURNED: u32 = Cost::new(Class::Prefix, 1, 0).weight() - Cost::new(Class::Exact, 0, 0).weight();
/// Tickets that are read ahead of being judged.
pub(super) const AHEAD: usize = 32;

impl Search<'_> {
    /// Whether the name of a ticket may fit all typed words of the reading, as far as a glance tells.
    ///
    /// `class_of` tells how well each must fit the name; `None` for one that fits elsewhere.
    pub(super) fn may_fit(&self, reading: usize, face: Face, class_of: impl Fn(usize) -> Option<Class>) -> bool {
        let words = self.slots.words_of(face).all;
        let (mut any, mut typed) = (0u32, 0);
        for token in self.readings[reading].tokens() {
            let Some(class) = class_of(*token).filter(|_| !self.tokens[*token].domains.contains(&face.domain)) else {
                continue;
            };
            let fitting = self.tokens[*token].fitting(words, class);
            if fitting == 0 {
                return false;
            }
            any |= fitting;
            typed += 1;
        }
        // No word of the name stands for two typed ones.
        any.count_ones() >= typed
    }

    /// Which of some tickets pass a glance at their faces, and those faces; at most [`AHEAD`] at a time.
    ///
    /// Tickets lie all over the memory. All are read before any is looked at: the machine waits for them at once.
    pub(super) fn glance(
        &self,
        slots: impl Iterator<Item = Slot>,
        passes: impl Fn(Face) -> bool,
    ) -> [(Face, bool); AHEAD] {
        let mut faces = [(Face::default(), false); AHEAD];
        let count = faces.iter_mut().zip(slots).map(|(face, slot)| face.0 = self.slots.face(slot)).count();
        faces[..count].iter_mut().for_each(|(face, hopeful)| *hopeful = passes(*face));
        faces
    }

    /// Offers a ticket if all typed words of the reading fit it.
    pub(super) fn judge(&mut self, reading: usize, slot: Slot, class: Class, asked: bool) {
        if asked || self.may_fit(reading, self.slots.face(slot), |_| Some(class)) {
            self.judge_closely(reading, slot, class, asked);
        }
    }

    /// As [`Self::judge`], of a ticket that passed a glance.
    pub(super) fn judge_closely(&mut self, reading: usize, slot: Slot, class: Class, asked: bool) {
        if self.best.has_seen(slot) {
            return;
        }
        let fits = if asked {
            self.quality_with(reading, slot, class, None).or_else(|| self.quality_asked(reading, slot, class))
        } else {
            self.quality_with(reading, slot, class, None)
        };
        if let Some((quality, left)) = fits {
            let last_name = self.readings[reading].tokens().len() == 1 && quality.worst <= Class::Prefix;
            let in_last = last_name && self.fits_last_name(reading, slot);
            self.offer_as(slot, quality, left, in_last, reading);
        }
    }

    fn fits_last_name(&mut self, reading: usize, slot: Slot) -> bool {
        let token = self.readings[reading].tokens()[0];
        let words = self.slots.words(slot);
        let (shelves, token) = (self.shelves, &mut self.tokens[token]);
        words.all[words.first..].iter().any(|word| token.cost(shelves, *word).class() <= Class::Prefix)
    }

    /// How well the names of a ticket fit; one typed word may be known to fit elsewhere.
    pub(super) fn quality_with(
        &mut self,
        reading: usize,
        slot: Slot,
        class: Class,
        known: Option<(usize, Cost)>,
    ) -> Option<(Quality, u32)> {
        let mut elsewhere = [Cost::NONE; MAX_TOKENS];
        if let Some((token, cost)) = known {
            for (place, _) in self.readings[reading].tokens().iter().enumerate().filter(|(_, other)| **other == token) {
                elsewhere[place] = cost;
            }
        }
        self.fit(reading, slot, class, elsewhere)
    }

    /// As [`Self::quality_with`], with all fields of the ticket.
    fn quality_asked(&mut self, reading: usize, slot: Slot, class: Class) -> Option<(Quality, u32)> {
        let ticket = self.slots.ticket(slot);
        let mut elsewhere = [Cost::NONE; MAX_TOKENS];
        for (place, token) in self.readings[reading].tokens().iter().enumerate() {
            elsewhere[place] = fields::cost(&self.tokens[*token].typed, ticket);
        }
        self.fit(reading, slot, class, elsewhere)
    }

    /// The cheapest way to give each typed word a word of the name or a field, no word of the name twice.
    fn fit(
        &mut self,
        reading: usize,
        slot: Slot,
        class: Class,
        mut elsewhere: [Cost; MAX_TOKENS],
    ) -> Option<(Quality, u32)> {
        let face = self.slots.face(slot);
        let words = self.slots.words_of(face).all;
        let reading = self.readings[reading];
        let count = reading.tokens().len();
        let mut costs = [[Cost::NONE; MAX_TOKENS]; 2 * MAX_WORDS];
        for (place, token) in reading.tokens().iter().enumerate() {
            let token = &mut self.tokens[*token];
            if elsewhere[place].class() > Class::Prefix && token.domains.contains(&face.domain) {
                elsewhere[place] = fields::AT_DOMAIN;
            }
            let mut least = elsewhere[place];
            for (costs, word) in costs.iter_mut().zip(words) {
                costs[place] = token.cost_up_to(self.shelves, *word, class);
                least = least.min(costs[place]);
            }
            if least.class() > class {
                return None;
            }
        }
        let total = cheapest(count, class, &elsewhere, &costs[..words.len()])?;
        let exact = Cost::new(Class::Exact, 0, 0).weight() * u32::try_from(count).unwrap_or(0);
        let whole = reading.penalty == 0 && total.sum == exact && count == words.len() && total.worst == Class::Exact;
        let worst = if whole { Class::WholeName } else { total.worst.max(reading.best) };
        // Of several typed words people leave none out: names with more words come after.
        let more = u32::from(count > 1 && words.len() > count);
        let turned = count > 1 && in_order(count, class, &elsewhere, &costs[..words.len()]) > total.sum;
        let turned = match turned {
            // A letter typed first is the initial of a first name: in `l huy` the last name starts with huy.
            true if self.tokens[reading.tokens()[0]].chars() == 1 => INITIAL_TURNED,
            turned => u32::from(turned),
        };
        Some((Quality { worst, sum: total.sum + reading.penalty + more + turned }, total.left))
    }
}

/// The least that all typed words cost if they stand in the name in the order in which they were typed.
///
/// `d james` is likelier to mean Donald James than James Diaz.
fn in_order(count: usize, class: Class, elsewhere: &[Cost; MAX_TOKENS], costs: &[[Cost; MAX_TOKENS]]) -> u32 {
    let mut best = [u32::MAX; MAX_TOKENS + 1];
    best[0] = 0;
    let plus = |sum: u32, cost: Cost| if cost.class() <= class { sum.saturating_add(cost.weight()) } else { u32::MAX };
    // What stands elsewhere has no place among the words of the name.
    let skip = |best: &mut [u32; MAX_TOKENS + 1]| {
        (0..count).for_each(|place| best[place + 1] = best[place + 1].min(plus(best[place], elsewhere[place])));
    };
    skip(&mut best);
    for word in costs {
        for place in (0..count).rev() {
            best[place + 1] = best[place + 1].min(plus(best[place], word[place]));
        }
        skip(&mut best);
    }
    best[count]
}

/// The least that all typed words cost together: a table over the sets of typed words already placed.
fn cheapest(count: usize, class: Class, elsewhere: &[Cost; MAX_TOKENS], costs: &[[Cost; MAX_TOKENS]]) -> Option<Total> {
    // A few words are the rule, and their table is small.
    if count <= 3 {
        place_all::<8>(count, class, elsewhere, costs)
    } else {
        place_all::<SETS>(count, class, elsewhere, costs)
    }
}

/// Sets of typed words.
const SETS: usize = 1 << MAX_TOKENS;

fn place_all<const MOST: usize>(
    count: usize,
    class: Class,
    elsewhere: &[Cost; MAX_TOKENS],
    costs: &[[Cost; MAX_TOKENS]],
) -> Option<Total> {
    let sets = 1 << count;
    let mut best = [Total::NONE; MOST];
    best[0] = Total::START;
    let give = |best: &mut [Total], set: usize, place: usize, cost: Cost| {
        if set >> place & 1 == 0 && cost.class() <= class && best[set].sum != u32::MAX {
            best[set | 1 << place] = best[set | 1 << place].min(best[set].plus(cost));
        }
    };
    for (place, cost) in elsewhere.iter().enumerate().take(count) {
        (0..sets).for_each(|set| give(&mut best[..sets], set, place, *cost));
    }
    for word in costs {
        // From the fullest set down: what this word adds is not added to again.
        for set in (0..sets).rev().filter(|_| word[..count].iter().any(|cost| cost.class() <= class)) {
            word.iter().enumerate().take(count).for_each(|(place, cost)| give(&mut best[..sets], set, place, *cost));
        }
    }
    Some(best[sets - 1]).filter(|total| total.sum != u32::MAX)
}
