//! Which letters of a ticket to light up, in the texts as they are shown.
//!
//! Here, and for the order of abbreviations, fuzzy-matcher is at work; what matches at all is the
//! index's own affair: fuzzy-matcher knows no accents, no order of words and no wrong letter.

use std::ops::Range;
use std::sync::LazyLock;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::answer::Lit;
use super::keys;
use super::normalize::{Piece, fold};
use super::query::Typed;
use crate::domain::{Ticket, digits};

static MATCHER: LazyLock<SkimMatcherV2> = LazyLock::new(|| SkimMatcherV2::default().ignore_case());

/// How well `letters` abbreviate `word`.
pub(super) fn score(word: &str, letters: &str) -> i64 {
    MATCHER.fuzzy_match(word, letters).unwrap_or(0)
}

/// The letters of `ticket` that `typed` matched.
pub(super) fn light(typed: &[Typed], ticket: &Ticket) -> Lit {
    let attendee = &ticket.attendee;
    let mut names = words(&attendee.first_name);
    let first = names.len();
    names.extend(words(&attendee.last_name));
    let mut used = vec![false; names.len()];
    let mut lit = Lit::default();
    for typed in typed {
        if let Some((place, ranges)) = in_names(typed, &names, &used) {
            used[place] = true;
            if place < first { &mut lit.first_name } else { &mut lit.last_name }.extend(ranges);
        } else if !in_fields(typed, ticket, &mut lit)
            && let Some((place, ranges)) = roughly(typed, &names, &used)
        {
            used[place] = true;
            if place < first { &mut lit.first_name } else { &mut lit.last_name }.extend(ranges);
        }
    }
    for ranges in
        [&mut lit.first_name, &mut lit.last_name, &mut lit.email, &mut lit.phone, &mut lit.order, &mut lit.ticket]
    {
        merge(ranges);
    }
    lit
}

/// A folded word, and where in the shown text each of its letters comes from.
#[derive(Debug, Default)]
struct Shown {
    word: String,
    letters: Vec<Range<usize>>,
}

fn words(text: &str) -> Vec<Shown> {
    let mut words = vec![Shown::default()];
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        fold(character, |piece| match (piece, words.last_mut()) {
            (Piece::Letter(letter), Some(shown)) => {
                shown.word.push(letter);
                shown.letters.push(start..end);
            }
            // An accent belongs to its letter.
            (Piece::Accent(_), Some(shown)) => {
                if let Some(last) = shown.letters.last_mut().filter(|last| last.end == start) {
                    last.end = end;
                }
            }
            (Piece::Gap, _) => words.push(Shown::default()),
            _ => {}
        });
    }
    words.retain(|shown| !shown.word.is_empty());
    words
}

type Place = (usize, Vec<Range<usize>>);

/// The word that is, or starts with, what was typed.
fn in_names(typed: &Typed, names: &[Shown], used: &[bool]) -> Option<Place> {
    if typed.word.is_empty() {
        return None;
    }
    let free = || names.iter().enumerate().filter(|(place, _)| !used[*place]);
    let start = free()
        .find(|(_, shown)| shown.word == typed.word)
        .or_else(|| free().find(|(_, shown)| shown.word.starts_with(&typed.word)));
    start.map(|(place, shown)| (place, shown.letters[..typed.word.chars().count()].to_vec()))
}

/// The word nearest to what was typed, with the letters that agree.
fn roughly(typed: &Typed, names: &[Shown], used: &[bool]) -> Option<Place> {
    let free = names.iter().enumerate().filter(|(place, _)| !used[*place]);
    let agreeing = free.filter_map(|(place, shown)| {
        let letters = agreeing(&typed.word, &shown.word);
        (!letters.is_empty()).then_some((place, shown, letters))
    });
    let (place, shown, letters) =
        agreeing.max_by_key(|(place, _, letters)| (letters.len(), std::cmp::Reverse(*place)))?;
    Some((place, letters.into_iter().filter_map(|letter| shown.letters.get(letter).cloned()).collect()))
}

/// The letters of `word` that are typed: in order if it has them all, else those at both ends.
fn agreeing(typed: &str, word: &str) -> Vec<usize> {
    if let Some((_, letters)) = MATCHER.fuzzy_indices(word, typed) {
        return letters;
    }
    let count = word.chars().count();
    let front = typed.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    let back = typed.chars().rev().zip(word.chars().rev()).take_while(|(a, b)| a == b).count();
    (0..front).chain(front.max(count - back)..count).collect()
}

/// Lights up addresses, numbers and ids; tells whether anything was found.
fn in_fields(typed: &Typed, ticket: &Ticket, lit: &mut Lit) -> bool {
    let mut found = false;
    let mut add = |ranges: &mut Vec<Range<usize>>, new: Option<Vec<Range<usize>>>| {
        found |= new.is_some();
        ranges.extend(new.unwrap_or_default());
    };
    if let Some(number) = &typed.number {
        let phone = ticket.attendee.phone.as_deref().unwrap_or_default();
        let in_phone = |part: &str| (part.len() > 1).then(|| run(phone, part, digit_of, true)).flatten();
        add(&mut lit.phone, in_phone(&number.digits).or_else(|| in_phone(&number.national)));
    }
    if let Some(email) = &typed.email {
        let whole = match &email.domain {
            Some(domain) => format!("{}@{domain}", email.local),
            None => typed.domain.clone().unwrap_or_else(|| email.local.clone()),
        };
        let text = &ticket.attendee.email;
        add(&mut lit.email, run(text, &whole, letter_of, false).or_else(|| run(text, &email.local, letter_of, false)));
    }
    if let Some(id) = typed.id.as_ref().filter(|id| id.certain || id.text.len() > 3) {
        add(&mut lit.ticket, run(ticket.id.as_str(), &id.text, alike, true));
        add(&mut lit.order, run(ticket.order_id.as_str(), &id.text, alike, true));
    }
    found
}

fn digit_of(letter: char) -> Option<char> {
    digits(letter.encode_utf8(&mut [0; 4])).next().map(char::from)
}

fn letter_of(letter: char) -> Option<char> {
    letter.is_alphanumeric().then(|| letter.to_ascii_lowercase())
}

fn alike(letter: char) -> Option<char> {
    letter.is_alphanumeric().then(|| keys::look_alike(letter))
}

/// Where `part` stands in `text`, both as `read` sees them; at the end of it where `last`, if it is there.
fn run(text: &str, part: &str, read: impl Fn(char) -> Option<char>, last: bool) -> Option<Vec<Range<usize>>> {
    let shown: Vec<_> = text
        .char_indices()
        .filter_map(|(start, letter)| Some((read(letter)?, start..start + letter.len_utf8())))
        .collect();
    let part: Vec<_> = part.chars().filter_map(read).collect();
    if part.is_empty() || part.len() > shown.len() {
        return None;
    }
    let mut starts = 0..=shown.len() - part.len();
    let fits = |start: &usize| shown[*start..].iter().zip(&part).all(|(shown, part)| shown.0 == *part);
    let start = if last { starts.rev().find(fits) } else { starts.find(fits) }?;
    Some(shown[start..start + part.len()].iter().map(|shown| shown.1.clone()).collect())
}

/// Sorts ranges and makes neighbours one.
fn merge(ranges: &mut Vec<Range<usize>>) {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len().min(4));
    for range in ranges.drain(..) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    *ranges = merged;
}
