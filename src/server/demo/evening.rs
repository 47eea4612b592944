//! The events of the evening: where, when, and what there is to buy.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Unit};

use crate::wire::{Admission, Event, Image, Images, Location, Price, Section};

/// The tenant that all of it belongs to.
pub(super) const TENANT: &str = "tnt_01k9demo0000000000000dr1st";
const TEAM: &str = "tem_01k9demo0000000000000team1";
const PROMOTER: &str = "pmt_01k9demo000000000000prom01";
const ZONE: &str = "Australia/Melbourne";

/// Somebody who works at the doors.
pub(super) struct Staff {
    pub id: &'static str,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub email: &'static str,
    pub device: &'static str,
}

/// Who works tonight; the first one holds the demo's tokens.
pub(super) const STAFF: [Staff; 4] = [
    staff("usr_01k9demo0000000000000usr01", "Robin", "Marsh", "robin.marsh@example.com", "box-office-1"),
    staff("usr_01k9demo0000000000000usr02", "Mo", "Diaz", "mo.diaz@example.com", "north-door-1"),
    staff("usr_01k9demo0000000000000usr03", "Ines", "Kowalska", "ines.kowalska@example.com", "north-door-2"),
    staff("usr_01k9demo0000000000000usr04", "Tui", "Ngata", "tui.ngata@example.com", "garden-gate"),
];

const fn staff(
    id: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    email: &'static str,
    device: &'static str,
) -> Staff {
    Staff { id, first_name, last_name, email, device }
}

/// One tier of the main event.
pub(super) struct Tier {
    name: &'static str,
    /// Of a hundred orders, how many are for it.
    pub share: u32,
    base: i64,
    booking: i64,
    /// Position of its section.
    pub section: usize,
    unlimited: bool,
}

/// The tiers of the main event.
pub(super) const TIERS: [Tier; 6] = [
    Tier { name: "General Admission", share: 52, base: 6_500, booking: 450, section: 0, unlimited: false },
    Tier { name: "Early Bird", share: 17, base: 4_900, booking: 350, section: 0, unlimited: false },
    Tier { name: "Circle Seated", share: 15, base: 8_900, booking: 600, section: 1, unlimited: false },
    Tier { name: "VIP Terrace", share: 8, base: 18_000, booking: 1_200, section: 2, unlimited: false },
    Tier { name: "Access & Companion", share: 3, base: 3_250, booking: 0, section: 1, unlimited: false },
    Tier { name: "Guest List", share: 5, base: 0, booking: 0, section: 0, unlimited: true },
];

/// The sections of the main event.
pub(super) const SECTIONS: [&str; 3] = ["Floor", "Circle", "Terrace"];

/// The event at the door; doors opened an hour and a half ago.
pub(super) fn main_event(tickets: usize, now: Timestamp) -> Event {
    let doors = local(now).checked_sub(90.minutes()).unwrap_or_else(|_| local(now));
    let mut event = event("evt_01k9demo00000000000000evt1", "Lanterns on the River", "lanterns-on-the-river", doors);
    event.created_at = before(now, 90);
    event.updated_at = event.created_at;
    let tickets = i64::try_from(tickets).unwrap_or(i64::MAX);
    let sections = SECTIONS.iter().enumerate().map(|(at, name)| section(&event, at, name, tickets)).collect();
    let admissions = TIERS.iter().enumerate().map(|(at, tier)| admission(&event, at, tier, tickets)).collect();
    event.sections = Some(sections);
    event.admissions = Some(admissions);
    event
}

/// Tomorrow's event of the same promoter, whose tickets are wrong tonight.
pub(super) fn other_event(now: Timestamp) -> Event {
    let doors = local(now).checked_add(20.hours()).unwrap_or_else(|_| local(now));
    let mut event = event("evt_01k9demo00000000000000evt2", "Sunday Brass Matinee", "sunday-brass-matinee", doors);
    event.created_at = before(now, 60);
    event.updated_at = event.created_at;
    let tier = Tier { name: "Matinee", share: 100, base: 2_500, booking: 200, section: 0, unlimited: false };
    event.sections = Some(vec![section(&event, 0, "Garden", 400)]);
    event.admissions = Some(vec![admission(&event, 0, &tier, 400)]);
    event
}

fn local(now: Timestamp) -> DateTime {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    let local = now.to_zoned(zone).datetime();
    local.round(jiff::civil::DateTimeRound::new().smallest(Unit::Minute).increment(30)).unwrap_or(local)
}

fn before(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub((days * 24).hours()).unwrap_or(now)
}

fn event(id: &str, name: &str, slug: &str, doors: DateTime) -> Event {
    let picture = |width, height| Image {
        src: format!("https://images.example.com/{slug}-{width}x{height}.jpg"),
        alt: name.to_owned(),
        width,
        height,
    };
    Event {
        id: id.to_owned(),
        name: name.to_owned(),
        slug: slug.to_owned(),
        description: format!("{name}, live at the Riverside Hall."),
        approval: "APPROVED".to_owned(),
        visibility: "PUBLIC".to_owned(),
        currency: "AUD".to_owned(),
        entry_starts_at: doors,
        entry_ends_at: doors.checked_add(5.hours()).unwrap_or(doors),
        publish_at: doors.checked_sub(80.days()).unwrap_or(doors),
        images: Images { mobile: picture(750, 1_000), desktop: picture(1_600, 900) },
        geohash: "r1r0fsn".to_owned(),
        location: location(),
        team_id: TEAM.to_owned(),
        promoter_id: PROMOTER.to_owned(),
        ..Event::default()
    }
}

fn location() -> Location {
    Location {
        id: "loc_01k9demo00000000000000loc1".to_owned(),
        name: "Riverside Hall".to_owned(),
        address: "1 Quay Street, Melbourne VIC 3000".to_owned(),
        city: Some("Melbourne".to_owned()),
        state: Some("VIC".to_owned()),
        postcode: Some("3000".to_owned()),
        country: "Australia".to_owned(),
        latitude: -37.8183,
        longitude: 144.9671,
        time_zone: ZONE.to_owned(),
        ..Location::default()
    }
}

fn section(event: &Event, at: usize, name: &str, tickets: i64) -> Section {
    let capacity = room(tickets);
    Section {
        id: part_id("sct", event, at),
        created_at: event.created_at,
        updated_at: event.created_at,
        name: name.to_owned(),
        capacity,
        limit: -1,
        available: capacity,
        order: i64::try_from(at).unwrap_or(0),
        visibility: "ALWAYS".to_owned(),
        location: event.location.clone(),
        team_id: event.team_id.clone(),
        promoter_id: event.promoter_id.clone(),
        event_id: event.id.clone(),
        event_slug: event.slug.clone(),
        ..Section::default()
    }
}

fn admission(event: &Event, at: usize, tier: &Tier, tickets: i64) -> Admission {
    let capacity = if tier.unlimited { -1 } else { room(tickets * i64::from(tier.share) / 100) };
    Admission {
        id: part_id("adm", event, at),
        name: tier.name.to_owned(),
        capacity,
        limit: 8,
        available: capacity,
        order: i64::try_from(at).unwrap_or(0),
        created_at: event.created_at,
        updated_at: event.created_at,
        entry_starts_at: event.entry_starts_at,
        entry_ends_at: event.entry_ends_at,
        sale_starts_at: event.publish_at,
        sale_ends_at: event.entry_ends_at,
        sale_ends_behavior: "SALE_ENDED".to_owned(),
        price: Price { base: tier.base, booking: tier.booking, currency: event.currency.clone() },
        visibility: "ALWAYS".to_owned(),
        section_id: Some(part_id("sct", event, tier.section)),
        team_id: event.team_id.clone(),
        promoter_id: event.promoter_id.clone(),
        event_id: event.id.clone(),
        event_slug: event.slug.clone(),
        ..Admission::default()
    }
}

/// A capacity that holds the expected number with a fifth to spare, in round figures.
fn room(expected: i64) -> i64 {
    let wanted = expected.saturating_add(expected / 5).saturating_add(20);
    wanted - wanted.rem_euclid(10)
}

/// The event's own id with another prefix and its last characters told apart.
fn part_id(prefix: &str, event: &Event, at: usize) -> String {
    let body: String = event.id.chars().skip(5).collect();
    let digit = char::from_digit(u32::try_from(at % 36).unwrap_or(0), 36).unwrap_or('0');
    format!("{prefix}_{body}{digit}")
}
