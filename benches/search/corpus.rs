//! Generated attendees: many cultures, families in one order, phones and addresses in many forms.

use std::sync::Arc;

use doorlist::domain::{
    AdmissionId, AdmissionSummary, Attendee, CustomerId, EventId, EventSummary, OrderId, Price, Ticket, TicketId,
    TicketStatus,
};
use jiff::Timestamp;
use jiff::civil::DateTime;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use unicode_normalization::UnicodeNormalization;

use super::names::{CULTURES, Culture};

const CROCKFORD: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";
const DOMAINS: &[(&str, u32)] = &[
    ("gmail.com", 40),
    ("outlook.com", 10),
    ("yahoo.com", 8),
    ("icloud.com", 8),
    ("hotmail.co.uk", 5),
    ("proton.me", 3),
    ("web.de", 4),
    ("orange.fr", 3),
    ("libero.it", 3),
    ("mail.example.org", 3),
];

/// So many tickets, the same for the same seed.
pub fn tickets(count: usize, seed: u64) -> Vec<Ticket> {
    let mut maker = Maker { rng: ChaCha8Rng::seed_from_u64(seed), event: event(), admissions: admissions() };
    let mut tickets = Vec::with_capacity(count);
    while tickets.len() < count {
        let size = *[1, 1, 1, 1, 2, 2, 2, 3, 4, 6].choose(&mut maker.rng).unwrap_or(&1);
        maker.order(size.min(count - tickets.len()), &mut tickets);
    }
    tickets
}

struct Maker {
    rng: ChaCha8Rng,
    event: Arc<EventSummary>,
    admissions: Vec<Arc<AdmissionSummary>>,
}

impl Maker {
    fn order(&mut self, size: usize, tickets: &mut Vec<Ticket>) {
        let culture = weighted(&mut self.rng, CULTURES, |culture| culture.weight);
        let order = OrderId::from_service(format!("ord_{}", self.ulid()));
        let customer = CustomerId::from_service(format!("cus_{}", self.ulid()));
        let family = self.last_name(culture);
        let admission = Arc::clone(&self.admissions[self.rng.random_range(0..self.admissions.len())]);
        for _ in 0..size {
            let last = if self.rng.random_bool(0.6) { family.clone() } else { self.last_name(culture) };
            let attendee = self.attendee(culture, &last);
            let created_at =
                Timestamp::from_second(1_790_000_000 + self.rng.random_range(0..3_000_000)).unwrap_or_default();
            tickets.push(Ticket {
                id: TicketId::from_service(format!("tkt_{}", self.ulid())),
                status: weighted(&mut self.rng, &STATUSES, |status| status.1).0,
                attendee,
                order_id: order.clone(),
                customer_id: customer.clone(),
                event: Arc::clone(&self.event),
                admission: Arc::clone(&admission),
                section: None,
                scans: Vec::new(),
                created_at,
                updated_at: created_at,
            });
        }
    }

    fn attendee(&mut self, culture: &Culture, last: &str) -> Attendee {
        let mut first = skewed(&mut self.rng, culture.first);
        if self.rng.random_bool(0.08) && first.is_ascii() {
            first = format!("{first} {}", skewed(&mut self.rng, culture.first));
        }
        if self.rng.random_bool(0.02) {
            first = first.to_uppercase();
        }
        let email = self.email(&first, last);
        let phone = self.rng.random_bool(0.85).then(|| self.phone().as_str().into());
        Attendee { first_name: first.as_str().into(), last_name: last.into(), email: email.as_str().into(), phone }
    }

    fn last_name(&mut self, culture: &Culture) -> String {
        let syllables: Vec<_> = culture.syllables.split_whitespace().collect();
        let mut name = if syllables.is_empty() || self.rng.random_bool(0.72) {
            skewed(&mut self.rng, culture.last)
        } else {
            let mut name = String::new();
            for _ in 0..self.rng.random_range(1..=2) {
                name.push_str(syllables.choose(&mut self.rng).unwrap_or(&""));
            }
            name.push_str(&skewed(&mut self.rng, culture.endings));
            capital(&name)
        };
        if self.rng.random_bool(0.03) {
            name = format!("{name}-{}", skewed(&mut self.rng, culture.last));
        }
        name
    }

    fn email(&mut self, first: &str, last: &str) -> String {
        let (first, last) = (latin(first), latin(last));
        let number = self.rng.random_range(1..2_000);
        let initial: String = first.chars().take(1).collect();
        let local = match self.rng.random_range(0..6) {
            _ if last.is_empty() => format!("{}{number}", latin(&skewed(&mut self.rng, CULTURES[15].syllables))),
            0 => format!("{first}.{last}"),
            1 => format!("{first}.{last}{number}"),
            2 => format!("{initial}{last}{number}"),
            3 => format!("{last}_{first}"),
            4 => format!("{first}{number}"),
            _ => format!("{first}{last}{}", number % 100),
        };
        let domain = if self.rng.random_bool(0.08) {
            format!("{last}{}.example.com", number % 50)
        } else {
            weighted(&mut self.rng, DOMAINS, |domain| domain.1).0.to_owned()
        };
        format!("{local}@{domain}")
    }

    fn phone(&mut self) -> String {
        let mut digits = |count: usize| -> String {
            (0..count).map(|_| char::from(b'0' + self.rng.random_range(0..10u8))).collect()
        };
        let (a, b, c, d) = (digits(3), digits(3), digits(4), digits(2));
        match self.rng.random_range(0..8) {
            0 => format!("+61 4{d} {a} {b}"),
            1 => format!("04{d} {a} {b}"),
            2 => format!("+44 (0)7{a} {b}{a}"),
            3 => format!("({a}) {b}-{c}"),
            4 => format!("+1 {a} {b} {c}"),
            5 => format!("+49 17{d}/{a}{c}"),
            6 => format!("0033 6{d}{a}{b}"),
            _ => format!("07{a}{b}{a}"),
        }
    }

    /// As the service makes them: the time first, so that all start alike.
    fn ulid(&mut self) -> String {
        let mut id = String::from("01jq8");
        let bits = self.rng.next_u64();
        id.push(char::from(CROCKFORD[(bits & 7) as usize]));
        while id.len() < 26 {
            id.push(char::from(CROCKFORD[self.rng.random_range(0..CROCKFORD.len())]));
        }
        id
    }
}

const STATUSES: [(TicketStatus, u32); 3] =
    [(TicketStatus::Active, 70), (TicketStatus::Redeemed, 26), (TicketStatus::Cancelled, 4)];

fn event() -> Arc<EventSummary> {
    Arc::new(EventSummary {
        id: EventId::from_service("evt_01jq8zv5k3m9x2c7b4n6d8f0ga"),
        name: "Night".into(),
        venue: "Hall".into(),
        time_zone: "UTC".into(),
        entry_starts_at: DateTime::default(),
        entry_ends_at: DateTime::default(),
    })
}

fn admissions() -> Vec<Arc<AdmissionSummary>> {
    ["Floor", "Balcony", "VIP", "Student"]
        .into_iter()
        .enumerate()
        .map(|(number, name)| {
            Arc::new(AdmissionSummary {
                id: AdmissionId::from_service(format!("adm_01jq8zv5k3m9x2c7b4n6d8f0g{number}")),
                name: name.into(),
                price: Price { base: 5_000, booking: 250, currency: "EUR".into() },
                entry_starts_at: DateTime::default(),
                entry_ends_at: DateTime::default(),
            })
        })
        .collect()
}

fn weighted<'a, T>(rng: &mut ChaCha8Rng, items: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
    let mut point = rng.random_range(0..items.iter().map(&weight).sum::<u32>());
    items
        .iter()
        .find(|item| {
            let hit = point < weight(item);
            point = point.saturating_sub(weight(item));
            hit
        })
        .unwrap_or(&items[0])
}

/// One of the names of a list, the first ones oftener.
fn skewed(rng: &mut ChaCha8Rng, list: &str) -> String {
    let names: Vec<_> = list.split_whitespace().collect();
    let point: f64 = rng.random::<f64>().powf(1.6);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a small list"
    )]
    let place = (point * names.len() as f64) as usize;
    names[place.min(names.len() - 1)].replace('_', " ")
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Lower-case ASCII letters, as people make addresses of their names.
pub fn latin(name: &str) -> String {
    name.nfkd().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).collect()
}
