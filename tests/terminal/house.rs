//! What is chosen at the door, from the key to what the service is then asked for.

use doorlist::domain::{ScanKind, TicketStatus};

use crate::door::{Door, name, own_scans};

const CONTROL_D: &str = "\x04";
const F2: &str = "\x1bOQ";
const F3: &str = "\x1bOR";
const F10: &str = "\x1b[21~";
const ALT_D: &str = "\x1bd";
const ALT_G: &str = "\x1bg";

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
