//! From typed text to the best tickets, in stages: what fits well ends the search.

mod elsewhere;
mod fit;
mod names;
mod pairs;
mod readings;
mod several;
mod together;
mod walk;
mod work;

use super::answer::{Filters, Matched};
use super::lexicon::WordId;
use super::query;
use super::rank::{Best, Claim, Found, Quality};
use super::shelves::{Shelves, id_key};
use super::slots::{Sieve, Slot, Slots};
use super::tokens::{Class, Cost, Token};
use readings::Reading;
use work::{MOST_CANDIDATES, Work};

/// Hits that fit well, below which typed words are taken for mistaken ones.
const ENOUGH: usize = 10;
/// Rows of ten that last names may claim from other matches of a single typed word.
const LAST_NAME_ROWS: usize = 4;
/// Candidates that are looked at in any case, so that small events get exact counts.
const COUNTED: usize = 400;
/// Candidates that are looked at for still better ones, once there are hits for every row.
const ENOUGH_LOOKED: usize = 1_500;
/// Fewest letters of a last word that may be mistaken although tickets fit it.
const BEGUN: usize = 4;
/// Fewest letters of a word typed alone that may be mistaken; beside another word even two may be.
const FEWEST_MISTAKEN: usize = 3;
/// Most candidates of which the tickets themselves are asked.
const MOST_ASKED: usize = 1_600;
/// Tickets of which the names are still read for a mere guess.
const HASTILY_GLANCED: usize = 1_500;
/// Typed words that are remembered from one search to the next.
const MOST_TOKENS: usize = 24;

/// What one search hands to the next: typed words with all that was found out about them.
#[derive(Debug, Default)]
pub(super) struct Memory {
    tokens: Vec<Token>,
    seen: Vec<u64>,
    marks: Vec<u64>,
    /// The tickets that pass the last narrow filters.
    narrow: Option<(Filters, u64, Vec<Slot>)>,
}

/// What was found, before it becomes an answer.
pub(super) struct Outcome {
    pub hits: Vec<Found>,
    pub matched: Matched,
    /// The words of each reading, for lighting letters up.
    pub readings: Vec<Vec<query::Typed>>,
}

/// One search under way.
pub(super) struct Search<'a> {
    shelves: &'a Shelves,
    slots: &'a Slots,
    sieve: Sieve,
    /// Only these, where the filters leave few.
    only: Option<Vec<Slot>>,
    tokens: Vec<Token>,
    readings: Vec<Reading>,
    best: Best,
    limit: usize,
    /// A bit for each ticket that another typed word leads to.
    marks: Vec<u64>,
    work: Work,
    cut: bool,
}

/// Finds the best `limit` tickets; `version` tells whether tickets changed since the last search.
pub(super) fn run(
    memory: &mut Memory,
    shelves: &Shelves,
    slots: &Slots,
    version: u64,
    (text, filters, limit): (&str, &Filters, usize),
) -> Outcome {
    let typed = query::parse(text);
    let only = only(memory, shelves, slots, version, filters);
    let room = if typed.len() == 1 { (limit * LAST_NAME_ROWS).div_ceil(10) } else { 0 };
    let seen = std::mem::take(&mut memory.seen);
    let mut search = Search {
        shelves,
        slots,
        sieve: slots.sieve(filters),
        only,
        tokens: std::mem::take(&mut memory.tokens),
        readings: Vec::new(),
        best: Best::new(limit, room, slots.capacity(), seen),
        limit,
        marks: std::mem::take(&mut memory.marks),
        work: Work::among(slots.len(), *filters != Filters::default()),
        cut: false,
    };
    if limit > 0 {
        if typed.is_empty() {
            search.everyone();
        } else {
            search.stages(typed);
        }
    }
    search.finish(memory)
}

/// The tickets that narrow filters leave, where they are worth walking one by one.
fn only(memory: &mut Memory, shelves: &Shelves, slots: &Slots, version: u64, filters: &Filters) -> Option<Vec<Slot>> {
    if let Some(order) = &filters.order {
        let key = id_key(order.as_str());
        let run = shelves.orders.range(key..=key).map(|(_, slot)| slot);
        return Some(run.filter(|slot| slots.ticket(*slot).order_id == *order).collect());
    }
    if filters.admissions.is_empty() && filters.sections.is_empty() {
        return None;
    }
    if let Some((known, at, narrow)) = &memory.narrow
        && known == filters
        && *at == version
    {
        return (narrow.len() <= MOST_CANDIDATES).then(|| narrow.clone());
    }
    let sieve = slots.sieve(filters);
    let passing = slots.all().filter(|slot| slots.passes(&sieve, slots.face(*slot), *slot));
    let narrow: Vec<_> = passing.take(MOST_CANDIDATES + 1).collect();
    let only = (narrow.len() <= MOST_CANDIDATES).then(|| narrow.clone());
    memory.narrow = Some((filters.clone(), version, narrow));
    only
}

impl Search<'_> {
    /// Nothing was typed: everyone, by status and name.
    fn everyone(&mut self) {
        self.readings.push(Reading::default());
        if let Some(only) = self.only.clone() {
            for slot in only {
                self.offer(slot, Quality::default(), 0, false);
            }
            return;
        }
        for status in self.sieve.statuses() {
            for (_, slot) in self.shelves.by_status[status as usize].iter() {
                if self.best.hits().len() >= self.limit || !self.may_look() {
                    self.cut = true;
                    return;
                }
                self.offer(slot, Quality::default(), 0, false);
            }
        }
    }

    fn stages(&mut self, typed: Vec<query::Typed>) {
        let main = self.read_as_typed(typed);
        self.whole_names(main, Class::Exact);
        self.likely_pairs(main, Class::Exact);
        self.names_up_to(main, Class::Exact);
        self.fields_up_to(main, Class::Exact);
        for joined in self.joined(main) {
            self.guess(|search| search.names_up_to(joined, Class::Exact));
        }
        if self.is_full() && self.best.has_room() {
            self.cut = true;
            return;
        }
        self.whole_names(main, Class::Prefix);
        self.begun_pairs(main);
        if self.is_full() && self.readings[main].tokens().len() == 2 {
            self.cut = true;
            return;
        }
        self.names_up_to(main, Class::Prefix);
        let unknown = self.best.matched() == 0;
        let unknown = unknown && !self.is_address(main);
        if unknown {
            // Run-together names fit better than the addresses made of them.
            self.apart(main);
        }
        self.fields_up_to(main, Class::Prefix);
        // Three whole words or more that fit somebody are not meant otherwise.
        let is_whole = self.best.hits().first().is_some_and(|hit| hit.quality.worst <= Class::Exact);
        let is_told = is_whole && self.readings[main].tokens().len() > 2;
        if self.is_full() || is_told {
            self.cut = true;
            return;
        }
        if self.readings[main].tokens().iter().any(|token| self.tokens[*token].has_variants()) {
            self.likely_pairs(main, Class::Variant);
            if !self.has_paired() {
                self.names_up_to(main, Class::Variant);
            }
        }
        if self.has_enough() {
            return;
        }
        let well = self.best.matched();
        if !unknown {
            self.apart(main);
        }
        if self.has_enough() {
            return;
        }
        self.mistaken(main, well);
    }

    fn apart(&mut self, main: usize) {
        for other in self.taken_apart(main) {
            self.guess(|search| {
                search.likely_pairs(other, Class::Exact);
                for class in [Class::Exact, Class::Prefix, Class::Variant] {
                    search.names_up_to(other, class);
                }
            });
        }
    }

    /// A guess may look at a few candidates, and leaves as many as there were for what is likelier.
    fn guess(&mut self, look: impl FnOnce(&mut Self)) {
        let before = (self.work.candidates, self.work.glanced);
        self.work.leave_candidates(COUNTED);
        self.work.leave_glances(HASTILY_GLANCED);
        look(self);
        (self.work.candidates, self.work.glanced) = before;
    }

    /// The stages for typed words that no name has.
    fn mistaken(&mut self, main: usize, well: usize) {
        if let [token] = *self.readings[main].tokens()
            && (1..FEWEST_MISTAKEN).contains(&self.tokens[token].chars())
        {
            return;
        }
        if well > 0 {
            // Some fit: a word that is only begun is no mistake, and what else there is need not be all.
            let last = self.readings[main].tokens().last();
            if last.is_some_and(|token| self.tokens[*token].chars() < BEGUN) {
                return;
            }
            self.work.leave_candidates(self.work.worth(ENOUGH_LOOKED));
            if self.readings[main].tokens().len() == 2 {
                self.cut = true;
                return self.likely_pairs(main, Class::Sound);
            }
        }
        self.near_fields(main);
        let tokens = self.readings[main].tokens().to_vec();
        if self.is_address(main) {
            // A name has neither dots nor digits: one slip of the hand may be forgiven, not two.
            return self.names_up_to(main, Class::Near);
        }
        if tokens.len() > 1 && tokens.iter().any(|token| self.tokens[*token].typed.number.is_some()) {
            // No name has digits: the number leads, and the names beside it may be mistaken.
            return self.fields_beside(main, &tokens, Class::Far);
        }
        // A last word that has hardly begun will go on: what it may be mistaken for changes with the next letter.
        let typing = tokens.len() > 1 && tokens.last().is_some_and(|last| self.tokens[*last].chars() < FEWEST_MISTAKEN);
        if typing {
            self.work.leave_glances(self.work.worth(HASTILY_GLANCED));
        }
        // What was only guessed, taken apart, may as well be another name run together with a mistake.
        if self.best.hits().iter().all(|hit| hit.reading != main) {
            self.half_mistaken(main);
            if self.best.matched() == 0 {
                self.run_together(main);
            }
        }
        // One walk finds both: the ranks keep one mistake before what only sounds alike.
        self.likely_pairs(main, Class::Sound);
        if self.has_paired() {
            return;
        }
        self.names_up_to(main, Class::Sound);
        let near = self.best.matched();
        if well == 0 && !typing && !self.has_enough() {
            self.names_up_to(main, Class::Far);
        }
        if near == 0 && !self.has_enough() {
            self.abbreviated(main);
        }
    }

    /// Whether all that was typed can only be part of an address.
    fn is_address(&self, reading: usize) -> bool {
        matches!(self.readings[reading].tokens(), [token] if self.tokens[*token].is_address())
    }

    /// Whether enough tickets fit with one mistake at most, so that two need not be thought of.
    fn has_enough(&self) -> bool {
        let last = self.best.hits().get(ENOUGH.min(self.limit) - 1);
        last.is_some_and(|hit| hit.quality.worst < Class::Far) || !self.work.has_candidates()
    }

    /// Whether the likeliest pairs of words fill every row that matters: what is left costs more.
    fn has_paired(&mut self) -> bool {
        let paired = self.best.hits().len() >= ENOUGH && self.has_enough();
        self.cut |= paired;
        paired
    }

    /// Whether the narrow filters, if there are any, leave this ticket.
    fn is_listed(&self, slot: Slot) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&slot))
    }

    /// Whether every row has a hit, and a better class than what is still to come.
    fn is_full(&self) -> bool {
        self.best.hits().len() >= self.limit
    }

    /// Takes a ticket that fits among the hits, if it passes the filters.
    fn offer(&mut self, slot: Slot, quality: Quality, left: u32, last_name: bool) -> bool {
        self.offer_as(slot, quality, left, last_name, 0)
    }

    fn offer_as(&mut self, slot: Slot, quality: Quality, left: u32, last_name: bool, reading: usize) -> bool {
        let face = self.slots.face(slot);
        if !self.slots.passes(&self.sieve, face, slot) {
            return false;
        }
        let found = Found { quality, status: face.status, left, name: face.name, slot, reading };
        let claim = last_name.then(|| if self.starts_last_name(reading, slot) { Claim::First } else { Claim::Later });
        self.best.push(self.slots, &self.shelves.names, found, claim);
        true
    }

    /// Whether the last name starts with the single word of a reading, particles and all.
    fn starts_last_name(&self, reading: usize, slot: Slot) -> bool {
        let words = self.slots.words(slot);
        let typed = self.readings[reading].tokens().first().map_or("", |token| self.tokens[*token].word());
        words.all.get(words.first).is_some_and(|word| self.shelves.names.text(*word).starts_with(typed))
    }

    /// Counts one more candidate; false when there were enough.
    fn may_look(&mut self) -> bool {
        let may = self.work.take_candidate();
        self.cut |= !may;
        may
    }

    fn finish(mut self, memory: &mut Memory) -> Outcome {
        let matched = self.best.matched();
        let readings = self
            .readings
            .iter()
            .map(|reading| reading.tokens().iter().map(|token| self.tokens[*token].typed.clone()).collect());
        let readings = readings.collect();
        let everyone = self.readings.first().is_some_and(|reading| reading.tokens().is_empty());
        let matched = if everyone && self.only.is_none() && self.sieve.is_open() {
            Matched::Exactly(self.slots.len())
        } else if self.cut {
            Matched::AtLeast(matched)
        } else {
            Matched::Exactly(matched)
        };
        let (hits, seen) = self.best.finish(self.slots, &self.shelves.names);
        // The words of this search come last: the oldest go.
        let used: Vec<_> = self.readings.iter().flat_map(|reading| reading.tokens().iter().copied()).collect();
        let mut place = 0;
        let (mut old, kept): (Vec<_>, Vec<_>) = self.tokens.drain(..).partition(|_| {
            place += 1;
            !used.contains(&(place - 1))
        });
        old.extend(kept);
        old.drain(..old.len().saturating_sub(MOST_TOKENS));
        (memory.tokens, memory.seen, memory.marks) = (old, seen, self.marks);
        Outcome { hits, matched, readings }
    }

    /// The place of a typed word among the remembered ones.
    fn token(&mut self, typed: query::Typed) -> usize {
        let place = self.tokens.iter().position(|token| token.typed == typed).unwrap_or_else(|| {
            self.tokens.push(Token::new(typed));
            self.tokens.len() - 1
        });
        self.tokens[place].refresh(self.shelves);
        place
    }

    /// The words that a typed word may mean up to `class` and that some ticket has, cheapest first.
    fn expand(&mut self, token: usize, class: Class) -> Vec<(Cost, WordId)> {
        self.likeliest(token, class, usize::MAX)
    }

    /// The first `most` of them.
    fn likeliest(&mut self, token: usize, class: Class, most: usize) -> Vec<(Cost, WordId)> {
        let shelves = self.shelves;
        let words = self.tokens[token].expand(shelves, class).iter().copied();
        words.filter(|(_, word)| shelves.carriers(*word) > 0).take(most).collect()
    }
}
