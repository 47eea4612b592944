//! A console with a few guests, and hands to play it.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{App, Effect, Health, Keymap, Message, Pace};
use doorlist::domain::{Admission, AdmissionId, AdmissionSummary, DeviceId, Event, Price, Ticket};
use doorlist::wire::Decoder;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The evening's start.
pub fn now() -> Timestamp {
    "2026-03-03T09:00:00Z".parse().unwrap()
}

/// So many seconds into the evening.
pub fn at(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

/// A ticket as the service tells it.
pub fn ticket(id: &str, first: &str, last: &str, status: &str, updated: i64, scans: &[Value]) -> Ticket {
    let wire = serde_json::from_value(json!({
        "id": id, "status": status, "orderId": "ord_1", "eventId": "evt_1", "admissionId": "adm_1",
        "attendee": {"firstName": first, "lastName": last, "email": format!("{first}@example.com")},
        "event": {"name": "Night"}, "admission": {"name": "Floor"},
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": at(updated).to_string(), "scans": scans,
    }));
    Decoder::new().ticket(wire.unwrap())
}

/// The event of the evening: the floor, a full VIP tier and the guest list.
pub fn event() -> Event {
    let any = ticket("tkt_any", "", "", "ACTIVE", 0, &[]);
    let tier = |id: &str, name: &str, base, capacity, sold| Admission {
        summary: AdmissionSummary {
            id: AdmissionId::from_service(id),
            name: name.into(),
            price: Price { base, booking: 0, currency: "AUD".into() },
            ..(*any.admission).clone()
        },
        capacity,
        sold,
        section_id: None,
    };
    Event {
        summary: (*any.event).clone(),
        admissions: vec![
            tier("adm_1", "Floor", 4_500, None, 3),
            tier("adm_2", "VIP", 12_000, Some(40), 40),
            tier("adm_3", "Guest list", 0, Some(10), 4),
        ],
        sections: Vec::new(),
    }
}

/// A scan as the service tells it.
pub fn scan(id: &str, kind: &str, seconds: i64) -> Value {
    json!({"id": id, "scannedAt": at(seconds).to_string(), "scannedById": "usr_1", "deviceId": "north-2", "kind": kind,
           "scannedBy": {"id": "usr_1", "firstName": "Mo", "lastName": "Diaz", "email": "mo@example.com"}})
}

/// Three guests: Ada is out, Ben is in, Cleo's ticket is cancelled.
pub fn guests() -> Vec<Ticket> {
    vec![
        ticket("tkt_ada", "Ada", "Lovelace", "ACTIVE", -900, &[]),
        ticket("tkt_ben", "Ben", "Okafor", "REDEEMED", -720, &[scan("s1", "CHECK_IN", -720)]),
        ticket("tkt_cleo", "Cleo", "Müller", "CANCELLED", -600, &[]),
    ]
}

/// A console that has loaded nothing.
pub fn empty() -> (App, u64) {
    let keymap = Arc::new(Keymap::built_in().unwrap());
    let mut app = App::new(DeviceId::from_service("south-1"), keymap, TimeZone::UTC);
    let effects = app.start();
    let [Effect::LoadEvent { sequence, pace: Pace::Swift }] = effects[..] else { panic!("{effects:?}") };
    (app, sequence)
}

/// A console that has loaded the three guests.
pub fn loaded() -> App {
    let (mut app, sequence) = empty();
    app.update(Message::StoreOpened(Box::default()), now());
    app.update(Message::TicketsLoaded { sequence, tickets: guests() }, now());
    app.update(Message::LoadFinished { sequence }, now());
    app.update(Message::ConnectionChanged(Health::Online), now());
    app
}

/// A console at the door of `evt_1` that has loaded these guests.
pub fn loaded_with(tickets: Vec<Ticket>) -> App {
    let (mut app, sequence) = empty();
    app.update(Message::StoreOpened(Box::default()), now());
    app.update(Message::EventLoaded { sequence, event: Box::new(event()), zone: TimeZone::UTC }, now());
    app.update(Message::TicketsLoaded { sequence, tickets }, now());
    app.update(Message::LoadFinished { sequence }, now());
    app.update(Message::ConnectionChanged(Health::Online), now());
    app
}

/// Presses a key without modifiers.
pub fn press(app: &mut App, code: KeyCode) -> Vec<Effect> {
    app.update(Message::KeyPressed(KeyEvent::new(code, KeyModifiers::NONE)), now())
}

/// Presses a key with Control.
pub fn control(app: &mut App, letter: char) -> Vec<Effect> {
    app.update(Message::KeyPressed(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)), now())
}

/// Types text, one key after another; the effects of the last key.
pub fn type_text(app: &mut App, text: &str) -> Vec<Effect> {
    text.chars().map(|letter| press(app, KeyCode::Char(letter))).last().unwrap_or_default()
}

/// The selected ticket's id.
pub fn selected(app: &App) -> Option<&str> {
    app.search.selected.as_ref().map(doorlist::domain::TicketId::as_str)
}
