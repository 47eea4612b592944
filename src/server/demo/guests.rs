//! The guests of an order: one person, a couple, a family or a crowd of friends.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use super::names::Names;
use crate::server::fold::fold;
use crate::wire::Attendee;

/// Where guests have their mail.
const DOMAINS: [&str; 9] = [
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "post.example.org",
    "uni.example.edu",
    "office.example.com",
    "inbox.example.net",
    "example.co.uk",
];

/// How many tickets orders have, and how often.
const SIZES: [(usize, u32); 7] = [(1, 34), (2, 38), (3, 9), (4, 12), (5, 3), (6, 3), (8, 1)];

/// As many guests as one order has, the customer first.
pub(super) fn draw(rng: &mut impl Rng) -> Vec<Attendee> {
    let size = SIZES.choose_weighted(rng, |(_, weight)| *weight).map_or(1, |(size, _)| *size);
    let culture = Names::draw(rng);
    let family = culture.family_name(rng);
    let is_family = rng.random_ratio(3, 5);
    let customer = guest(culture, family.clone(), rng);
    let mut guests = vec![customer];
    for _ in 1..size {
        let mut other = if is_family { guest(culture, family.clone(), rng) } else { friend(rng) };
        // Whoever buys for others often leaves their own address for all.
        if rng.random_ratio(1, 3) {
            other.email.clone_from(&guests[0].email);
            other.phone.clone_from(&guests[0].phone);
        }
        guests.push(other);
    }
    guests
}

fn friend(rng: &mut impl Rng) -> Attendee {
    let culture = Names::draw(rng);
    let family = culture.family_name(rng);
    guest(culture, family, rng)
}

fn guest(culture: &Names, last_name: String, rng: &mut impl Rng) -> Attendee {
    let first_name = culture.given_name(rng);
    let email = email(&first_name, &last_name, rng);
    let phone = rng.random_ratio(5, 6).then(|| phone(rng));
    // A guest of one name has it as both on the form, or a dot for the other.
    let last_name = if rng.random_ratio(1, 80) { ".".to_owned() } else { last_name };
    Attendee { first_name, last_name, email, phone }
}

fn email(first: &str, last: &str, rng: &mut impl Rng) -> String {
    let (first, last) = (ascii(first), ascii(last));
    let number = rng.random_range(1..2_000);
    let initial: String = first.chars().take(1).collect();
    let local = match rng.random_range(0..6) {
        _ if first.is_empty() || last.is_empty() => format!("guest{number}"),
        0 => format!("{first}.{last}"),
        1 => format!("{first}{last}{}", number % 100),
        2 => format!("{initial}.{last}"),
        3 => format!("{last}.{first}"),
        4 => format!("{first}_{number}"),
        _ => format!("{first}+tickets"),
    };
    format!("{local}@{}", DOMAINS.choose(rng).unwrap_or(&DOMAINS[0]))
}

/// What of a name an address can carry.
fn ascii(name: &str) -> String {
    fold(name).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A number in one of the many ways that people write theirs.
fn phone(rng: &mut impl Rng) -> String {
    let n: [u32; 3] = [rng.random_range(10..100), rng.random_range(100..1_000), rng.random_range(100..1_000)];
    let [a, b, c] = n;
    match rng.random_range(0..10) {
        0 => format!("+61 4{a} {b} {c}"),
        1 => format!("04{a} {b} {c}"),
        2 => format!("04{a}{b}{c}"),
        3 => format!("+614{a}{b}{c}"),
        4 => format!("(03) 9{b} {c}{}", a % 10),
        5 => format!("+44 7{a}1 {b}{c}"),
        6 => format!("+1 ({b}) {c}-4{b}"),
        7 => format!("+49 1{a} / {b}{c}"),
        8 => format!("0061-4{a}-{b}-{c}"),
        _ => format!("+33 6 {a} {} {} {}", b % 90 + 10, c % 90 + 10, (b + c) % 90 + 10),
    }
}
