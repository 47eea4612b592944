//! Addresses, numbers and ids with one mistake, found by the half that has none.

use std::ops::Range;

use super::keys;
use super::query::Typed;
use super::shelves::{Shelves, email_sides};
use super::slots::{Slot, Slots};
use super::spelling::Automaton;
use super::tokens::{Class, Cost};
use crate::domain::digits;

/// Most entries of a list that are looked through for one mistake.
const MOST_SCANNED: usize = 1_200;
/// Most keys of addresses that are read for one mistake; in place of more, each mistake is looked up.
const MOST_KEYS: usize = 800;
/// Most tickets that are asked themselves.
const MOST_ASKED: usize = 600;
/// Fewest letters of a local part, and characters of an id, for which a mistake is forgiven.
const FEWEST: usize = 5;
/// Fewest digits of a phone number for which a mistake is forgiven.
const FEWEST_DIGITS: usize = 8;

/// One mistake, and nothing else that does not fit.
const NEAR: Cost = Cost::new(Class::Near, 0, 0);
/// One mistake, and the address is at another domain than was typed.
const ELSEWHERE: Cost = Cost::new(Class::Near, 1, 0);

/// The tickets one of whose fields is one mistake away from what was typed, each with what it costs.
pub(super) fn near(typed: &Typed, shelves: &Shelves, slots: &Slots) -> Vec<(Slot, Cost)> {
    let mut found = Vec::new();
    near_email(typed, shelves, slots, &mut found);
    near_phone(typed, shelves, slots, &mut found);
    near_id(typed, shelves, slots, &mut found);
    found.sort_unstable();
    found.dedup_by_key(|(slot, _)| *slot);
    found
}

fn near_email(typed: &Typed, shelves: &Shelves, slots: &Slots, found: &mut Vec<(Slot, Cost)>) {
    let Some(email) = &typed.email else { return };
    let letters: Vec<char> = keys::local_letters(&email.local).collect();
    // A name alone is no address: its mistakes are looked for among names.
    let address =
        email.domain.is_some() || email.local.contains(['.', '_']) || letters.iter().any(char::is_ascii_digit);
    if letters.len() < if email.domain.is_some() { FEWEST - 1 } else { FEWEST } || !address {
        return;
    }
    let whole: String = letters.iter().collect();
    let automaton = Automaton::new(&whole);
    let half = letters.len() / 2;
    let reversed = Automaton::new(&whole.chars().rev().collect::<String>());
    // One half has no mistake, or the two letters in the middle are swapped.
    let mut swapped = letters.clone();
    swapped.swap(half - 1, half);
    let runs = [
        (&automaton, shelves.emails.range(keys::emails(letters[..half].iter().copied()))),
        (&reversed, shelves.emails_reversed.range(keys::emails(letters[half..].iter().rev().copied()))),
        (&automaton, shelves.emails.range(keys::emails(swapped[..=half].iter().copied()))),
    ];
    // Where a half is everybody's, the mistakes in the other half are looked up one by one.
    let wide = |run: usize| runs[run].1.count_left() > MOST_KEYS;
    let first = if wide(1) { 0 } else { half - 1 };
    let places = match (wide(0), wide(1), wide(2)) {
        (true, _, _) => first..letters.len() + 1,
        (_, true, _) => first..half + 1,
        (_, _, true) => first..half,
        _ => 0..0,
    };
    let mut buffer = [0; keys::EMAIL_CHARS];
    let mut slots_near = Vec::new();
    for (spelling, run) in runs.into_iter().filter(|(_, run)| run.count_left() <= MOST_KEYS) {
        // The key tells most of them apart; few tickets have to be asked.
        let fitting = run.filter(|(key, _)| spelling.may_become(keys::email_letters(*key, &mut buffer)));
        slots_near.extend(fitting.map(|(_, slot)| slot));
    }
    if !places.is_empty() {
        respelt(&letters, places, |key| slots_near.extend(shelves.emails.range(key..=key).map(|(_, slot)| slot)));
    }
    for slot in slots_near.into_iter().take(MOST_ASKED) {
        let lower = slots.ticket(slot).attendee.email.to_lowercase();
        let (local, domain) = email_sides(&lower);
        let known: String = keys::local_letters(local).collect();
        let typed = email.domain.as_deref().unwrap_or_default();
        if domain.starts_with(typed.get(..1).unwrap_or_default())
            && automaton.distance(&known, super::lexicon::letters(known.as_bytes())).whole <= 1
        {
            found.push((slot, if domain.starts_with(typed) { NEAR } else { ELSEWHERE }));
        }
    }
}

/// The keys of every local part that is these letters with one mistake at one of these places.
fn respelt(letters: &[char], places: Range<usize>, mut look_up: impl FnMut(u64)) {
    let any = || ('0'..='9').chain('a'..='z');
    // A mistake beyond what a key tells leaves the key as it is.
    for place in places.start.min(keys::EMAIL_CHARS)..places.end.min(keys::EMAIL_CHARS + 1) {
        let (front, back) = letters.split_at(place);
        let mut spell = |middle: &[char], back: &[char]| {
            look_up(*keys::emails(front.iter().chain(middle).chain(back).copied()).start());
        };
        any().for_each(|letter| spell(&[letter], back));
        if let [here, rest @ ..] = back {
            spell(&[], rest);
            any().filter(|letter| letter != here).for_each(|letter| spell(&[letter], rest));
            if let [next, rest @ ..] = rest {
                spell(&[*next, *here], rest);
            }
        }
    }
}

fn near_phone(typed: &Typed, shelves: &Shelves, slots: &Slots, found: &mut Vec<(Slot, Cost)>) {
    let Some(number) = typed.number.as_ref().filter(|number| number.national.len() >= FEWEST_DIGITS) else { return };
    let mut asked = MOST_ASKED;
    let inside = keys::without_calling_code(&number.digits).trim_start_matches('0');
    let long = number.digits.len() >= 10 && inside.len() >= FEWEST_DIGITS;
    for national in [number.national.as_str()].into_iter().chain(long.then_some(inside)) {
        // The longer half in front: area codes tell little.
        let half = national.len().div_ceil(2);
        let (front, back) = national.split_at(half);
        let automaton = Automaton::new(national);
        let runs = [
            shelves.phones_reversed.range(keys::phones(back.bytes().rev())),
            shelves.phones.range(keys::phones(front.bytes())),
        ];
        for run in runs.into_iter().filter(|run| run.count_left() <= MOST_SCANNED) {
            for (_, slot) in run {
                let Some(phone) = &slots.ticket(slot).attendee.phone else { continue };
                let known = keys::national(phone);
                let end: String = known.chars().skip(known.len().saturating_sub(national.len())).collect();
                if automaton.distance(&end, super::lexicon::letters(end.as_bytes())).whole <= 1
                    || automaton.distance(&known, super::lexicon::letters(known.as_bytes())).whole <= 1
                {
                    found.push((slot, NEAR));
                }
                asked -= 1;
                if asked == 0 {
                    return;
                }
            }
        }
    }
}

fn near_id(typed: &Typed, shelves: &Shelves, slots: &Slots, found: &mut Vec<(Slot, Cost)>) {
    let Some(id) = typed.id.as_ref().filter(|id| id.text.len() > FEWEST) else { return };
    let has_digit = digits(&id.text).next().is_some();
    if !id.certain && !has_digit {
        return;
    }
    let alike = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).map(keys::look_alike).collect() };
    let end = alike(&id.text);
    let automaton = Automaton::new(&end);
    let count = end.chars().count();
    // The last characters may hold the mistake, or the ones before them.
    let intact: String = end.chars().skip(count - count.min(8) / 2).collect();
    let mut asked = MOST_ASKED;
    for list in [&shelves.tickets, &shelves.orders] {
        let run = list.range(keys::ids(&intact));
        if run.count_left() > MOST_SCANNED {
            continue;
        }
        for (_, slot) in run {
            let ticket = slots.ticket(slot);
            let near = [ticket.id.as_str(), ticket.order_id.as_str()].into_iter().any(|known| {
                let known = alike(known);
                let tail: String = known.chars().skip(known.chars().count().saturating_sub(count)).collect();
                automaton.distance(&tail, super::lexicon::letters(tail.as_bytes())).whole <= 1
            });
            if near {
                found.push((slot, NEAR));
            }
            asked -= 1;
            if asked == 0 {
                return;
            }
        }
    }
}
