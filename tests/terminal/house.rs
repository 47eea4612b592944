//! What is chosen at the door, from the key to what the service is then asked for.

use doorlist::domain::{ScanKind, TicketStatus};
use doorlist::wire::Ticket;

use crate::door::{Door, name, own_scans};

const CONTROL_D: &str = "\x04";
const CONTROL_X: &str = "\x18";
const F1: &str = "\x1bOP";
const F2: &str = "\x1bOQ";
const F3: &str = "\x1bOR";
const F10: &str = "\x1b[21~";
const F12: &str = "\x1b[24~";
const ALT_D: &str = "\x1bd";
const ALT_G: &str = "\x1bg";
const DOWN: &str = "\x1b[B";

#[test]
fn a_command_by_its_words_checks_in_and_the_list_of_acts_has_it() {
    let mut door = Door::open();
    let guest = door.guest(TicketStatus::Active);
    door.finds(&guest);
    door.presses(F2, &["Commands"]);
    door.fills_in("selected guest in");
    door.presses("\r", &[&format!("CHECKED IN   {}", name(&guest))]);
    let record = door.record(&guest.id);
    assert_eq!((record.status, own_scans(&record)), (TicketStatus::Redeemed, vec![ScanKind::CheckIn]));
    door.presses(CONTROL_D, &["Door activity", "▸", "✓ CHECKED IN", &name(&guest)]);
    door.escapes("Door activity");
    door.presses(ALT_D, &["How it goes", "north-door"]);
    door.escapes("How it goes");
    door.closes();
}

#[test]
fn a_filter_narrows_the_list() {
    let mut door = Door::open();
    let cancelled = door.tickets().iter().filter(|ticket| ticket.status == TicketStatus::Cancelled).count();
    door.presses(F3, &["Filters"]);
    door.fills_in("cancelled");
    door.presses("\r", &[&format!("{cancelled} of 90")]);
    door.closes();
}

#[test]
fn the_gate_of_an_event_counts_there_again_after_another_event() {
    let mut door = Door::open();
    door.presses(ALT_G, &["This door admits"]);
    door.fills_in("guest list");
    door.presses("\t", &["[x] Guest List"]);
    door.presses("\r", &["DOOR SET", "This door is for Guest List."]);
    let other = "what was chosen is for the other event";
    for (event, words) in [("Sunday Brass", other), ("Lanterns", "This door is for Guest List, as it was chosen here.")]
    {
        door.presses(F10, &["Which event?"]);
        door.fills_in(event);
        door.session.sees(&format!("▸ {event}"));
        door.presses("\r", &[words]);
    }
    let guest = door.tickets().into_iter().find(|ticket| {
        ticket.status == TicketStatus::Active && ticket.admission.name != "Guest List" && name(ticket).is_ascii()
    });
    let guest = guest.unwrap();
    door.session.waits_for("every guest", |shown| shown.contains("ONLINE") && shown.contains("90 of 90"));
    door.finds(&guest);
    door.presses("\r", &["WRONG DOOR"]);
    assert_eq!(door.record(&guest.id).scans, guest.scans, "nothing was sent");
    door.closes();
}

#[test]
fn the_help_opens_and_closes() {
    let mut door = Door::open();
    door.presses(F1, &["Keys", "Enter        Check the selected guest in", "Type a name, email, phone"]);
    door.escapes("Type a name, email, phone");
    door.closes();
}

#[test]
fn a_conflict_is_settled_with_a_reason() {
    let supervisor = vec![("ROLE__DEFAULT", "supervisor".to_owned())];
    let is_in = |ticket: &&Ticket| ticket.status == TicketStatus::Redeemed;
    let first = |tickets: &[Ticket]| tickets.iter().find(is_in).map(|ticket| ticket.id.clone()).into_iter().collect();
    let mut door = Door::left(|_, _| supervisor, first);
    // Somebody was let in here who was in already: the service refused it.
    door.session.sees("! 1 conflict");
    door.presses(CONTROL_X, &["Outbox and conflicts", "1 to settle, 0 unsent", "already in elsewhere", "Enter settle"]);
    door.presses("\r", &["▸ same person scanned twice"]);
    door.presses(DOWN, &["▸ let in by mistake"]);
    door.presses("\r", &["0 to settle, 0 unsent", "✓ SETTLED", "let in by mistake"]);
    door.escapes("Outbox and conflicts");
    assert!(!door.session.screen().contents().contains("! 1 conflict"));
    door.closes();
}

#[test]
fn a_key_table_of_ones_own_counts_and_is_shown() {
    let own = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(own.path(), "[[door]]\non = [\"f12\"]\nrun = \"help\"\nhint = \"keys\"\n").unwrap();
    let file = own.path().display().to_string();
    let mut door = Door::with(|_, _| vec![("KEYS__FILE", file)]);
    door.session.sees("F12 keys");
    door.presses(F12, &["F12          Show every key"]);
    door.escapes("Show every key");
    door.closes();
}
