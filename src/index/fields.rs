//! What a typed word finds besides names: email addresses, domains, phone numbers, ids.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::blocks::{Blocks, Entries};
use super::keys::{self, EMAIL_CHARS, ID_CHARS};
use super::postings::Postings;
use super::query::{Typed, TypedEmail, TypedId, TypedNumber};
use super::shelves::{Shelves, email_sides};
use super::slots::Slot;
use super::tokens::{Class, Cost};
use crate::domain::{Ticket, digits};

/// Fewest letters that are looked for at the beginning or the end of an email's local part.
const LOCAL_LETTERS: usize = 3;
/// Fewest digits that are looked for at the beginning or the end of a phone number.
const SOME_DIGITS: usize = 2;
/// Fewest characters that are looked for at the end of an id.
const ID_END: usize = 4;
/// Fewest letters, without any digit, that are taken for the end of an id.
const ID_LETTERS: usize = 6;
/// Fewest letters that are looked for at the beginning of a domain; of digits, [`SOME_DIGITS`] will do.
const DOMAIN_LETTERS: usize = 3;
/// Most domains that a beginning may mean.
const MOST_DOMAINS: usize = 64;

/// A run of some list, whose tickets may all be meant.
#[derive(Debug)]
pub(super) struct Source<'a> {
    run: Run<'a>,
    /// What a ticket of the run costs; `None` where the ticket itself has to be asked.
    pub cost: Option<Cost>,
}

#[derive(Debug)]
enum Run<'a> {
    Named(&'a Postings),
    Short(Entries<'a, u32>),
    Long(Entries<'a, u64>),
}

impl<'a> Source<'a> {
    fn short(list: &'a Blocks<u32>, range: RangeInclusive<u32>, cost: Option<Cost>) -> Self {
        Self { run: Run::Short(list.range(range)), cost }
    }

    fn long(list: &'a Blocks<u64>, range: RangeInclusive<u64>, cost: Option<Cost>) -> Self {
        Self { run: Run::Long(list.range(range)), cost }
    }

    /// How many tickets it has.
    pub(super) fn size(&self) -> usize {
        match &self.run {
            Run::Named(postings) => postings.len(),
            Run::Short(entries) => entries.count_left(),
            Run::Long(entries) => entries.count_left(),
        }
    }

    /// Its tickets.
    pub(super) fn slots(self) -> impl Iterator<Item = Slot> + use<'a> {
        let (named, short, long) = match self.run {
            Run::Named(postings) => (Some(postings.iter()), None, None),
            Run::Short(entries) => (None, Some(entries.map(|(_, slot)| slot)), None),
            Run::Long(entries) => (None, None, Some(entries.map(|(_, slot)| slot))),
        };
        named.into_iter().flatten().chain(short.into_iter().flatten()).chain(long.into_iter().flatten())
    }
}

/// Part of a field, not of a name: after names of the same class.
const PART: Cost = Cost::new(Class::Prefix, 2, 0);
/// A name and where its mail goes.
pub(super) const AT_DOMAIN: Cost = PART;
const PART_OF_ID: Cost = Cost::new(Class::Prefix, 4, 0);
/// The front of a number is typed less often than its end.
const FRONT: Cost = Cost::new(Class::Prefix, 3, 0);
/// Digits of an address are remembered least.
const DIGITS_OF_EMAIL: Cost = Cost::new(Class::Prefix, 5, 0);
const WHOLE: Cost = Cost::new(Class::Exact, 0, 0);

/// Where to look for what was typed, besides names.
pub(super) fn sources<'a>(typed: &Typed, shelves: &'a Shelves) -> Vec<Source<'a>> {
    let mut sources = Vec::new();
    if let Some(email) = &typed.email {
        email_sources(email, typed, shelves, &mut sources);
    }
    if let Some(number) = &typed.number {
        number_sources(number, shelves, &mut sources);
    }
    if let Some(id) = typed.id.as_ref().filter(|id| may_be_id(id)) {
        let cost = (id.text.len() <= ID_CHARS).then_some(PART_OF_ID);
        sources.push(Source::short(&shelves.tickets, keys::ids(&id.text), cost));
        sources.push(Source::short(&shelves.orders, keys::ids(&id.text), cost));
    }
    for domain in domains(typed, shelves) {
        sources.push(Source { run: Run::Named(&shelves.by_domain[domain as usize]), cost: Some(PART) });
    }
    sources.retain(|source| source.size() > 0);
    sources
}

fn email_sources<'a>(email: &TypedEmail, typed: &Typed, shelves: &'a Shelves, sources: &mut Vec<Source<'a>>) {
    let letters = keys::local_letters(&email.local);
    let count = if email.local.is_ascii() { letters.clone().count() } else { 0 };
    let fewest = if typed.number.is_some() { SOME_DIGITS } else { LOCAL_LETTERS };
    if count == 0 || count < fewest && email.domain.is_none() {
        return;
    }
    if email.domain.is_some() {
        // All of the local part is there: whatever follows is asked of the tickets.
        let key = *keys::emails(letters.clone()).start();
        let range = if count < EMAIL_CHARS { key..=key } else { keys::emails(letters.clone()) };
        sources.push(Source::long(&shelves.emails, range, None));
        return;
    }
    let key = *keys::emails(letters.clone()).start();
    if email.local.contains(['.', '_']) || letters.clone().any(|c| c.is_ascii_digit()) {
        // What a key does not hold stands among many that begin alike; few of them end alike, too.
        let whole = if count < EMAIL_CHARS {
            Source::long(&shelves.emails, key..=key, None)
        } else {
            Source::long(&shelves.emails_reversed, keys::emails(letters.clone().rev()), None)
        };
        sources.push(whole);
    }
    let cost = (count <= EMAIL_CHARS).then_some(if typed.number.is_some() { DIGITS_OF_EMAIL } else { PART });
    sources.push(Source::long(&shelves.emails, keys::emails(letters.clone()), cost));
    // A few letters end many local parts, and tell nothing.
    if typed.number.is_some() || count > LOCAL_LETTERS {
        sources.push(Source::long(&shelves.emails_reversed, keys::emails(letters.rev()), cost));
    }
}

fn number_sources<'a>(number: &TypedNumber, shelves: &'a Shelves, sources: &mut Vec<Source<'a>>) {
    let count = number.digits.len();
    if count < SOME_DIGITS {
        return;
    }
    let reversed = |digits: &str| keys::phones(digits.bytes().rev());
    // With a calling code on one side only, the ends still agree.
    let end = if number.national.len() >= 7 { &number.national } else { &number.digits };
    let cost = (count < 7).then_some(PART);
    sources.push(Source::short(&shelves.phones_reversed, reversed(end), cost));
    if !number.national.is_empty() {
        let cost = if number.national.len() < 7 { Some(FRONT) } else { None };
        sources.push(Source::short(&shelves.phones, keys::phones(number.national.bytes()), cost));
    }
    if count >= 10 {
        let inside = keys::without_calling_code(&number.digits);
        sources.push(Source::short(&shelves.phones_reversed, reversed(inside), None));
    }
}

fn may_be_id(id: &TypedId) -> bool {
    let digit = id.text.bytes().any(|byte| byte.is_ascii_digit());
    !id.text.is_empty()
        && id.text.is_ascii()
        && (id.certain || id.text.len() >= if digit { ID_END } else { ID_LETTERS })
}

/// The domains that may be meant.
pub(super) fn domains<'a>(typed: &'a Typed, shelves: &'a Shelves) -> impl Iterator<Item = u32> {
    let alone = typed.email.as_ref().filter(|email| email.local.is_empty()).and_then(|email| email.domain.as_deref());
    let fewest = if typed.number.is_some() { SOME_DIGITS } else { DOMAIN_LETTERS };
    let text = alone.or(typed.domain.as_deref()).filter(|text| text.len() >= fewest || alone.is_some());
    let found = text.filter(|text| !text.is_empty()).map(|text| shelves.domains.starting_with(text).take(MOST_DOMAINS));
    found.into_iter().flatten()
}

/// What it costs to find what was typed in a ticket's fields, asked of the ticket itself.
pub(super) fn cost(typed: &Typed, ticket: &Ticket) -> Cost {
    let email = typed.email.as_ref().map_or(Cost::NONE, |email| email_cost(email, typed, &ticket.attendee.email));
    let phone = match (&typed.number, &ticket.attendee.phone) {
        (Some(number), Some(phone)) => phone_cost(number, phone),
        _ => Cost::NONE,
    };
    let id = typed
        .id
        .as_ref()
        .filter(|id| may_be_id(id))
        .map_or(Cost::NONE, |id| id_cost(id, ticket.id.as_str()).min(id_cost(id, ticket.order_id.as_str())));
    email.min(phone).min(id)
}

fn email_cost(typed: &TypedEmail, whole: &Typed, email: &str) -> Cost {
    let lower = lower_case(email);
    let (local, domain) = email_sides(&lower);
    let (letters, part) = (keys::local_letters(local), keys::local_letters(&typed.local));
    if let Some(typed_domain) = &typed.domain {
        let same = letters.eq(part);
        return match same || typed.local.is_empty() {
            true if domain == typed_domain => WHOLE,
            true if domain.starts_with(typed_domain.as_str()) => PART,
            true => Cost::new(Class::Near, 1, 0),
            false => Cost::NONE,
        };
    }
    let count = part.clone().count();
    let long = count >= if whole.number.is_some() { SOME_DIGITS } else { LOCAL_LETTERS };
    let telling = part.clone().any(|letter| letter.is_ascii_digit());
    if long && letters.clone().eq(part.clone()) && (telling || typed.local.contains(['.', '_'])) {
        WHOLE
    } else if long
        && (begins(letters.clone(), part.clone())
            || (telling || count > LOCAL_LETTERS) && begins(letters.rev(), part.rev()))
        || whole.domain.as_ref().is_some_and(|part| part.len() >= DOMAIN_LETTERS && domain.starts_with(part.as_str()))
    {
        PART
    } else {
        Cost::NONE
    }
}

/// Lower case; as good as all addresses are so already.
fn lower_case(email: &str) -> Cow<'_, str> {
    let is_lower = email.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(email) } else { Cow::Owned(email.to_lowercase()) }
}

/// Whether the first of these letters are those.
fn begins(mut letters: impl Iterator<Item = char>, mut first: impl Iterator<Item = char>) -> bool {
    first.all(|letter| letters.next() == Some(letter))
}

fn phone_cost(number: &TypedNumber, phone: &str) -> Cost {
    let all: String = digits(phone).map(char::from).collect();
    let national = keys::national(phone);
    let typed = &number.national;
    let inside = if number.digits.len() >= 10 { keys::without_calling_code(&number.digits) } else { "" };
    let whole = typed.len() >= 7
        && (national == *typed || all.ends_with(typed.as_str()) || typed.ends_with(&national) && national.len() >= 7)
        || inside.len() >= 7 && national.ends_with(inside.trim_start_matches('0'));
    if whole {
        WHOLE
    } else if number.digits.len() >= SOME_DIGITS && all.ends_with(&number.digits) {
        PART
    } else if typed.len() >= SOME_DIGITS && national.starts_with(typed.as_str()) {
        FRONT
    } else {
        Cost::NONE
    }
}

fn id_cost(typed: &TypedId, id: &str) -> Cost {
    let body = id.rsplit_once('_').map_or(id, |(_, body)| body);
    let mut known = from_its_end(body);
    if !begins(known.by_ref(), from_its_end(&typed.text)) {
        Cost::NONE
    } else if known.next().is_none() {
        WHOLE
    } else {
        PART_OF_ID
    }
}

/// The characters of an id that tell, the last first, look-alikes as one.
fn from_its_end(id: &str) -> impl Iterator<Item = char> {
    id.chars().rev().filter(|character| character.is_alphanumeric()).map(keys::look_alike)
}
