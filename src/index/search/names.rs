//! Typed words against names: the rarest word leads, the others are asked of each ticket.

use super::{COUNTED, ENOUGH_LOOKED, MOST_ASKED, Search};
use crate::index::fields;
use crate::index::keys;
use crate::index::query::MAX_TOKENS;
use crate::index::rank::{Found, Quality, Total};
use crate::index::slots::{MAX_WORDS, Slot};
use crate::index::tokens::{Class, Cost};

/// Most words that each of two typed words is taken for in pairs.
const LIKELY: usize = 24;
/// Most such pairs.
const LIKELY_PAIRS: usize = 120;

/// A run of tickets to look at, and the least that they cost.
struct Lead {
    token: usize,
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

    /// Two typed words, each taken for the likeliest words that it may be mistaken for.
    pub(super) fn likely_pairs(&mut self, reading: usize, class: Class) {
        let [one, other] = *self.readings[reading].tokens() else { return };
        let text = |search: &mut Self, token| -> Vec<(u32, String)> {
            let words = search.expand(token, class).into_iter().take(LIKELY);
            words.map(|(cost, word)| (cost.weight(), search.shelves.names.text(word).to_owned())).collect()
        };
        let (ones, others) = (text(self, one), text(self, other));
        let mut pairs: Vec<_> = ones.iter().flat_map(|a| others.iter().map(move |b| (a.0 + b.0, &a.1, &b.1))).collect();
        pairs.sort_by_key(|(cost, ..)| *cost);
        for (_, a, b) in pairs.into_iter().take(LIKELY_PAIRS) {
            for words in [[a.clone(), b.clone()], [b.clone(), a.clone()]] {
                self.walk_names(reading, &words, class);
            }
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
    fn is_settled(&self, slot: Slot, quality: Quality, left: u32, last_name: bool) -> bool {
        let status = self.sieve.statuses().next().map_or(0, |status| status as u8);
        let name = self.slots.face(slot).name;
        let bound = Found { quality, status, left, name, slot, reading: 0 };
        self.candidates >= COUNTED && self.best.is_settled(&bound, last_name)
    }

    fn several_words(&mut self, reading: usize, tokens: &[usize], class: Class) {
        let Some(lead) = self.lead(tokens, class) else { return };
        let asked = lead.size <= MOST_ASKED / 8;
        // The least that a ticket of this stage can still cost: one word of this class, the rest exact.
        let others = tokens.iter().filter(|token| **token != lead.token).map(|token| self.least(*token, class));
        let rest: u32 = others.sum();
        let penalty = self.readings[reading].penalty;
        let shelves = self.shelves;
        if class == Class::Prefix {
            self.exact_beside_begun(reading, tokens);
        }
        let patience = self.candidates + ENOUGH_LOOKED;
        for (cost, word) in self.expand(lead.token, class) {
            let sum = rest + penalty + cost.weight().max(Cost::new(class, 0, 0).weight());
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
    fn least(&self, token: usize, class: Class) -> u32 {
        let known = self.shelves.names.find(self.tokens[token].word());
        let exact = known.is_some_and(|word| self.shelves.carriers(word) > 0);
        Cost::new(if exact { Class::Exact } else { class.min(Class::Prefix) }, 0, 0).weight()
    }

    /// Tickets of the domains that the leading word may mean.
    fn at_domains(&mut self, reading: usize, lead: usize, class: Class) {
        let shelves = self.shelves;
        for domain in self.tokens[lead].domains.clone() {
            for (_, slot) in shelves.by_domain.range(domain..=domain) {
                if !self.may_look() {
                    return;
                }
                self.judge(reading, slot, class, false);
            }
        }
    }

    /// The typed word with the fewest tickets.
    fn lead(&mut self, tokens: &[usize], class: Class) -> Option<Lead> {
        let mut by_length = tokens.to_vec();
        by_length.sort_by_key(|token| std::cmp::Reverse(self.tokens[*token].chars()));
        let mut lead: Option<Lead> = None;
        for token in by_length {
            let known = lead.as_ref().map_or(usize::MAX, |lead| lead.size);
            // The walk for mistakes is dear: a short lead is taken as it is.
            if class >= Class::Near && known <= 4_000 {
                break;
            }
            if self.tokens[token].word().is_empty() || known < usize::MAX && self.tokens[token].chars() < 2 {
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
            size += domains.map(|domain| shelves.by_domain.range(*domain..=*domain).count_left()).sum::<usize>();
            if size < known {
                lead = Some(Lead { token, size });
            }
        }
        lead
    }

    /// Offers a ticket if all typed words of the reading fit it.
    pub(super) fn judge(&mut self, reading: usize, slot: Slot, class: Class, asked: bool) {
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
        let worst = if whole { Class::WholeName } else { total.worst };
        // Of several typed words people leave none out: names with more words come after.
        let more = u32::from(count > 1 && words.len() > count);
        Some((Quality { worst, sum: total.sum + reading.penalty + more }, total.left))
    }
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
