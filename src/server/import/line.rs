//! What a line must be to be a ticket that this service could have answered itself.
//!
//! What may be missing is empty or the epoch after reading, and is made up later; what is there must fit the contract.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::{
    AdmissionId, CustomerId, EventId, IdError, OrderId, PromoterId, SectionId, TeamId, TicketId, is_email,
};
use crate::wire::{Attendee, CURRENCIES, Image, Location, Price, Scan, Ticket, TicketEvent};

/// How far the clock of the file's own service may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// The three letters of a place's id.
const PLACE: &str = "loc_";
/// The digits and letters after them.
const PLACE_LENGTH: usize = 26;

/// The ticket of a line, or the field that is wrong and why.
pub(super) fn read(line: &[u8], now: Timestamp) -> Result<Ticket, String> {
    let mut ticket: Ticket = serde_json::from_slice(line.trim_ascii()).map_err(|cause| cause.to_string())?;
    check_ids(&ticket)?;
    check_attendee(&ticket.attendee)?;
    check_times(&ticket, now)?;
    check_event(&ticket.event)?;
    check_price(&ticket.admission.price)?;
    wall_clock("admission.entryStartsAt", ticket.admission.entry_starts_at)?;
    wall_clock("admission.entryEndsAt", ticket.admission.entry_ends_at)?;
    if let Some(zone) = ticket.section.as_ref().and_then(|section| section.location.time_zone.as_deref()) {
        check_zone("section.location.timeZone", zone)?;
    }
    ticket.scans.iter().try_for_each(check_scan)?;
    // The contract has them oldest first; a file may be put together from several.
    ticket.scans.sort_by_key(|scan| scan.scanned_at);
    Ok(ticket)
}

fn check_ids(ticket: &Ticket) -> Result<(), String> {
    let id = |field: &str, check: Result<(), IdError>| check.map_err(|cause| format!("{field}: {cause}"));
    id("id", TicketId::parse(ticket.id.as_str()).map(drop))?;
    id("orderId", OrderId::parse(ticket.order_id.as_str()).map(drop))?;
    id("eventId", EventId::parse(ticket.event_id.as_str()).map(drop))?;
    id("admissionId", AdmissionId::parse(ticket.admission_id.as_str()).map(drop))?;
    if let Some(section) = &ticket.section {
        id("section.id", SectionId::parse(section.id.as_str()).map(drop))?;
    }
    if !ticket.customer_id.as_str().is_empty() {
        id("customerId", CustomerId::parse(ticket.customer_id.as_str()).map(drop))?;
    }
    if !ticket.team_id.as_str().is_empty() {
        id("teamId", TeamId::parse(ticket.team_id.as_str()).map(drop))?;
    }
    if !ticket.promoter_id.as_str().is_empty() {
        id("promoterId", PromoterId::parse(ticket.promoter_id.as_str()).map(drop))?;
    }
    Ok(())
}

fn check_attendee(attendee: &Attendee) -> Result<(), String> {
    match attendee {
        Attendee { first_name, .. } if first_name.is_empty() => Err("attendee.firstName: must not be empty".to_owned()),
        Attendee { last_name, .. } if last_name.is_empty() => Err("attendee.lastName: must not be empty".to_owned()),
        Attendee { email, .. } if !is_email(email) => Err("attendee.email: expected an email address".to_owned()),
        _ => Ok(()),
    }
}

/// What was written and scanned is past; a clock may be a little wrong.
fn check_times(ticket: &Ticket, now: Timestamp) -> Result<(), String> {
    let scans = ticket.scans.iter().map(|scan| ("scans.scannedAt", scan.scanned_at));
    for (field, time) in [("createdAt", ticket.created_at), ("updatedAt", ticket.updated_at)].into_iter().chain(scans) {
        since_the_epoch(field, time)?;
        if time.duration_since(now) > AHEAD {
            return Err(format!("{field}: lies in the future"));
        }
    }
    Ok(())
}

fn since_the_epoch(field: &str, time: Timestamp) -> Result<(), String> {
    if time < Timestamp::UNIX_EPOCH { Err(format!("{field}: lies before 1970")) } else { Ok(()) }
}

fn check_event(event: &TicketEvent) -> Result<(), String> {
    wall_clock("event.entryStartsAt", event.entry_starts_at)?;
    wall_clock("event.entryEndsAt", event.entry_ends_at)?;
    check_image("event.images.mobile.src", &event.images.mobile)?;
    check_image("event.images.desktop.src", &event.images.desktop)?;
    check_place(&event.location)
}

/// A scheme, and after it what an address is spelt with.
fn check_image(field: &str, image: &Image) -> Result<(), String> {
    let spelt = |character: char| character.is_ascii_graphic() && !r#"<>"{}|\^`"#.contains(character);
    let is_address = image.src.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
            && rest.chars().all(spelt)
    });
    if image.src.is_empty() || is_address { Ok(()) } else { Err(format!("{field}: expected an address")) }
}

/// The contract's wall-clock times have four digits for the year and nothing after the second.
fn wall_clock(field: &str, time: DateTime) -> Result<(), String> {
    let fits = time.year() >= 0 && time.subsec_nanosecond() == 0;
    if fits { Ok(()) } else { Err(format!("{field}: expected YYYY-MM-DDTHH:MM:SS")) }
}

fn check_place(place: &Location) -> Result<(), String> {
    since_the_epoch("event.location.createdAt", place.created_at)?;
    since_the_epoch("event.location.updatedAt", place.updated_at)?;
    let body = place.id.strip_prefix(PLACE).unwrap_or_default();
    let fits = body.len() == PLACE_LENGTH && body.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    if !place.id.is_empty() && !fits {
        return Err(format!("event.location.id: expected {PLACE} and {PLACE_LENGTH} of 0-9 and a-z"));
    }
    if !(-90.0..=90.0).contains(&place.latitude) {
        return Err("event.location.latitude: must lie between -90 and 90".to_owned());
    }
    if !(-180.0..=180.0).contains(&place.longitude) {
        return Err("event.location.longitude: must lie between -180 and 180".to_owned());
    }
    check_zone("event.location.timeZone", &place.time_zone)
}

fn check_zone(field: &str, name: &str) -> Result<(), String> {
    if name.is_empty() || TimeZone::get(name).is_ok() {
        Ok(())
    } else {
        Err(format!("{field}: there is no such time zone"))
    }
}

fn check_price(price: &Price) -> Result<(), String> {
    match price {
        Price { base, .. } if *base < 0 => Err("admission.price.base: must not be negative".to_owned()),
        Price { booking, .. } if *booking < 0 => Err("admission.price.booking: must not be negative".to_owned()),
        Price { currency, .. } if !currency.is_empty() && !CURRENCIES.contains(&currency.as_str()) => {
            Err("admission.price.currency: the contract knows no such currency".to_owned())
        }
        _ => Ok(()),
    }
}

/// Who scanned cannot be made up.
fn check_scan(scan: &Scan) -> Result<(), String> {
    if is_email(&scan.scanned_by.email) {
        Ok(())
    } else {
        Err("scans.scannedBy.email: expected an email address".to_owned())
    }
}
