//! What a ticket does not tell of its event, tier, section and order, and what this service says instead.
//!
//! Everything unlimited, nothing hidden, on sale until the doors close: no rule of the door depends on any of it.

use crate::wire::{Admission, Event, Image, Images, Location, Price, Section, Ticket};

/// Of a price that names none.
const CURRENCY: &str = "USD";
/// Of a picture that there is not: an address is asked for, and this one is of nothing.
const NO_IMAGE: &str = "data:,";
/// Of a place that names none.
const TIME_ZONE: &str = "UTC";

/// The event with the ticket's own tier and section; `place` is how many of its parts came before.
pub(super) fn event(ticket: &Ticket, place: usize) -> Event {
    let told = &ticket.event;
    let mut event = Event {
        id: ticket.event_id.as_str().to_owned(),
        created_at: ticket.created_at,
        updated_at: ticket.created_at,
        name: told.name.clone(),
        slug: if told.slug.is_empty() { ticket.event_id.as_str().to_owned() } else { told.slug.clone() },
        description: told.name.clone(),
        approval: "APPROVED".to_owned(),
        visibility: "PUBLIC".to_owned(),
        currency: or(&ticket.admission.price.currency, CURRENCY),
        entry_starts_at: told.entry_starts_at,
        entry_ends_at: told.entry_ends_at,
        publish_at: told.entry_starts_at,
        images: Images { mobile: image(&told.images.mobile), desktop: image(&told.images.desktop) },
        geohash: String::new(),
        location: Location {
            id: id_or("loc", &told.location.id, ticket.event_id.as_str()),
            time_zone: or(&told.location.time_zone, TIME_ZONE),
            ..told.location.clone()
        },
        team_id: id_or("tem", ticket.team_id.as_str(), ticket.event_id.as_str()),
        promoter_id: id_or("pmt", ticket.promoter_id.as_str(), ticket.event_id.as_str()),
        ..Event::default()
    };
    let order = i64::try_from(place).unwrap_or(i64::MAX);
    event.sections = Some(section(ticket, &event, order).into_iter().collect());
    event.admissions = Some(vec![admission(ticket, &event, order)]);
    event
}

fn image(told: &Image) -> Image {
    Image { src: or(&told.src, NO_IMAGE), ..told.clone() }
}

fn section(ticket: &Ticket, event: &Event, order: i64) -> Option<Section> {
    let told = ticket.section.as_ref()?;
    let zone = or(told.location.time_zone.as_deref().unwrap_or_default(), &event.location.time_zone);
    Some(Section {
        id: told.id.as_str().to_owned(),
        created_at: event.created_at,
        updated_at: event.created_at,
        name: told.name.clone(),
        capacity: -1,
        limit: -1,
        available: -1,
        order,
        visibility: "ALWAYS".to_owned(),
        location: Location { name: told.location.name.clone(), time_zone: zone, ..event.location.clone() },
        team_id: event.team_id.clone(),
        promoter_id: event.promoter_id.clone(),
        event_id: event.id.clone(),
        event_slug: event.slug.clone(),
        ..Section::default()
    })
}

fn admission(ticket: &Ticket, event: &Event, order: i64) -> Admission {
    let told = &ticket.admission;
    Admission {
        id: ticket.admission_id.as_str().to_owned(),
        name: told.name.clone(),
        capacity: -1,
        limit: -1,
        available: -1,
        order,
        created_at: event.created_at,
        updated_at: event.created_at,
        entry_starts_at: told.entry_starts_at,
        entry_ends_at: told.entry_ends_at,
        sale_starts_at: event.publish_at,
        sale_ends_at: event.entry_ends_at,
        sale_ends_behavior: "SALE_ENDED".to_owned(),
        price: Price { currency: or(&told.price.currency, &event.currency), ..told.price.clone() },
        visibility: "ALWAYS".to_owned(),
        section_id: ticket.section.as_ref().map(|section| section.id.as_str().to_owned()),
        team_id: event.team_id.clone(),
        promoter_id: event.promoter_id.clone(),
        event_id: event.id.clone(),
        event_slug: event.slug.clone(),
        ..Admission::default()
    }
}

/// The ticket's customer or, where it names none, one of its order's own.
pub(super) fn customer_id(ticket: &Ticket) -> String {
    id_or("cus", ticket.customer_id.as_str(), ticket.order_id.as_str())
}

/// The id as it was given, or the other resource's with another prefix: the same every time.
fn id_or(prefix: &str, given: &str, other: &str) -> String {
    let body = other.split_once('_').map_or(other, |(_, body)| body);
    if given.is_empty() { format!("{prefix}_{body}") } else { given.to_owned() }
}

/// The text as it was given or, where there is none, another.
fn or(given: &str, other: &str) -> String {
    if given.is_empty() { other.to_owned() } else { given.to_owned() }
}

/// How the order was paid, as far as its price tells.
pub(super) fn payment(price: &Price) -> &'static str {
    if price.base.saturating_add(price.booking) == 0 { "FREE" } else { "STRIPE" }
}
