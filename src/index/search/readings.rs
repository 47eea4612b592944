//! The ways in which typed words may be meant: as they are, run together, or taken apart.

use super::Search;
use crate::index::query::{MAX_TOKENS, Typed};
use crate::index::tokens::{Class, Cost};

/// What it costs to read typed words otherwise than they were typed.
pub(super) const OTHERWISE: u32 = 1;
/// Most ways in which one typed word is taken apart.
const MOST_WAYS: usize = 4;
/// Most parts that one typed word is taken apart into: `guestofannasmith`.
const MOST_PARTS: usize = 4;
/// Most words of a dictionary that a few letters are taken for the abbreviation of.
const MOST_ABBREVIATED: usize = 60;
/// Letters that stand before an apostrophe: `o neill`, `d arcy`, `l hopital`. Others alone are initials.
const ELIDED: [char; 3] = ['o', 'd', 'l'];
/// Fewest Latin letters that are two names: of three, two say nothing.
const FEWEST_TOGETHER: usize = 4;

/// Typed words in one way that they may be meant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    tokens: [usize; MAX_TOKENS],
    count: usize,
    pub penalty: u32,
    /// How well a ticket fits at best.
    pub best: Class,
}

impl Reading {
    fn new(tokens: &[usize], penalty: u32) -> Self {
        let mut reading = Self { penalty, ..Self::default() };
        reading.count = tokens.len().min(MAX_TOKENS);
        reading.tokens[..reading.count].copy_from_slice(&tokens[..reading.count]);
        reading
    }

    pub(super) fn tokens(&self) -> &[usize] {
        &self.tokens[..self.count]
    }
}

impl Search<'_> {
    pub(super) fn read_as_typed(&mut self, typed: Vec<Typed>) -> usize {
        let tokens: Vec<_> = typed.into_iter().map(|typed| self.token(typed)).collect();
        self.read(&tokens, 0)
    }

    pub(super) fn read(&mut self, tokens: &[usize], penalty: u32) -> usize {
        self.readings.push(Reading::new(tokens, penalty));
        self.readings.len() - 1
    }

    pub(super) fn name_token(&mut self, word: &str) -> usize {
        self.token(Typed { word: word.to_owned(), ..Typed::default() })
    }

    /// Neighbours read as one word, where some name has that word: `o neill`, `van den berg`.
    pub(super) fn joined(&mut self, main: usize) -> Vec<usize> {
        let tokens = self.readings[main].tokens().to_vec();
        let mut readings = Vec::new();
        for length in 2..=tokens.len().min(3) {
            for start in 0..=tokens.len() - length {
                let parts = &tokens[start..start + length];
                let word: String = parts.iter().map(|token| self.tokens[*token].word()).collect();
                // A letter alone is an initial: `norma n` is no `norman`, and `a nel` no `anel`.
                let first = self.tokens[parts[0]].word();
                let whole = parts.iter().all(|token| !self.tokens[*token].word().is_empty())
                    && (first.chars().count() > 1 || first.starts_with(ELIDED))
                    && parts.last().is_some_and(|token| self.tokens[*token].chars() > 1);
                if whole && self.shelves.names.find(&word).is_some_and(|word| self.shelves.carriers(word) > 0) {
                    let joined = self.name_token(&word);
                    let rest = [&tokens[..start], &[joined], &tokens[start + length..]].concat();
                    readings.push(self.read(&rest, OTHERWISE));
                }
            }
        }
        readings
    }

    /// One typed word read as two or three, where names have them: `janesmith`, `delacruz`, `王小明`.
    pub(super) fn taken_apart(&mut self, main: usize) -> Vec<usize> {
        let tokens = self.readings[main].tokens().to_vec();
        let mut readings = Vec::new();
        for (place, token) in tokens.iter().enumerate() {
            let word = self.tokens[*token].word().to_owned();
            if self.tokens[*token].typed.number.is_some()
                || word.is_ascii() && word.len() < FEWEST_TOGETHER
                || tokens.len() > 1 && self.tokens[*token].is_begun(self.shelves)
            {
                continue;
            }
            let mut ways = self.in_two(&word);
            for parts in 3..=MOST_PARTS {
                if ways.is_empty() {
                    ways = self.in_more(&word, parts);
                }
            }
            ways.sort_by_key(|(size, _)| *size);
            for (_, parts) in ways.into_iter().take(MOST_WAYS) {
                let parts: Vec<_> = parts.iter().map(|part| self.name_token(part)).collect();
                let rest = [&tokens[..place], &parts, &tokens[place + 1..]].concat();
                readings.push(self.read(&rest, OTHERWISE));
            }
        }
        readings
    }

    pub(super) fn carriers(&self, word: &str) -> usize {
        self.shelves.names.find(word).map_or(0, |word| self.shelves.carriers(word))
    }

    fn is_begun(&self, word: &str) -> bool {
        self.shelves.names.starting_with(word).any(|word| self.shelves.carriers(word) > 0)
    }

    /// Two parts: the first a name or an initial, the second a name or the beginning of one.
    fn in_two(&self, word: &str) -> Vec<(usize, Vec<String>)> {
        cuts(word)
            .filter_map(|(first, second)| {
                let (one, two) = (self.carriers(first), self.carriers(second));
                let initial = first.len() == 1 && two > 0;
                let fits = one > 0 && (two > 0 || self.is_begun(second)) || initial && self.is_begun(first);
                fits.then(|| {
                    (
                        if two > 0 && one > 0 { one.min(two) } else { usize::MAX / 2 },
                        vec![first.to_owned(), second.to_owned()],
                    )
                })
            })
            .collect()
    }

    /// So many parts: all but the last two are names.
    fn in_more(&self, word: &str, parts: usize) -> Vec<(usize, Vec<String>)> {
        if parts == 2 {
            return self.in_two(word);
        }
        let firsts =
            cuts(word).filter(|(first, _)| (first.len() > 1 || parts < MOST_PARTS) && self.carriers(first) > 0);
        firsts
            .flat_map(|(first, rest)| {
                self.in_more(rest, parts - 1).into_iter().map(move |(size, mut parts)| {
                    parts.insert(0, first.to_owned());
                    (size, parts)
                })
            })
            .collect()
    }

    /// Typed words that fit nothing, read as abbreviations: some letters of a name, in order.
    pub(super) fn abbreviated(&mut self, main: usize) {
        let tokens = self.readings[main].tokens().to_vec();
        let mut any = false;
        for token in &tokens {
            any |= self.abbreviate(*token);
        }
        if any {
            self.names_up_to(main, Class::Letters);
        }
    }

    fn abbreviate(&mut self, token: usize) -> bool {
        let word = self.tokens[token].word().to_owned();
        let Some(initial) = word.chars().next().filter(|_| self.tokens[token].chars() > 1) else { return false };
        let names = &self.shelves.names;
        let letters = crate::index::lexicon::letters(word.as_bytes());
        let longer = names.starting_with(&word[..initial.len_utf8()]);
        let may_fit = longer.filter(|other| letters & !names.letters(*other) == 0);
        let mut fitting: Vec<_> = may_fit
            .filter(|other| is_subsequence(&word, names.text(*other)) && self.shelves.carriers(*other) > 0)
            .collect();
        // The matcher is dear: only the shortest words, of which the typed letters are the most, are scored.
        fitting.sort_by_key(|other| (names.length(*other), names.text(*other)));
        fitting.truncate(MOST_ABBREVIATED);
        let score = |other| (other, crate::index::light::score(names.text(other), &word));
        let mut found: Vec<_> = fitting.into_iter().map(score).collect();
        found.sort_by_key(|(other, score)| (std::cmp::Reverse(*score), names.text(*other)));
        let best = found.first().map_or(0, |(_, score)| *score);
        let any = !found.is_empty();
        let words = found
            .into_iter()
            .map(|(other, score)| {
                // The fuzzy matcher's score breaks the ties of this class.
                let worse = u8::try_from((best - score) / 8).unwrap_or(15);
                (other, Cost::new(Class::Letters, worse, names.length(other) - word.len()))
            })
            .collect();
        self.tokens[token].abbreviate(words);
        any
    }
}

/// Every way to cut a word in two.
pub(super) fn cuts(word: &str) -> impl Iterator<Item = (&str, &str)> {
    word.char_indices().skip(1).map(|(at, _)| word.split_at(at))
}

fn is_subsequence(short: &str, long: &str) -> bool {
    let mut letters = long.chars();
    short.chars().all(|letter| letters.any(|other| other == letter))
}
