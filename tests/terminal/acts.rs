//! Every act of the door, from the key to the service's own record of it.

use doorlist::domain::{ScanKind, TicketStatus};
use doorlist::wire::Ticket;

use crate::door::{Door, name, own_scans};

const CONTROL_E: &str = "\x05";
const CONTROL_O: &str = "\x0f";
const CONTROL_T: &str = "\x14";
const F6: &str = "\x1b[17~";
const F7: &str = "\x1b[18~";
const F8: &str = "\x1b[19~";
const F9: &str = "\x1b[20~";
const ALT_O: &str = "\x1bo";

#[test]
fn a_guest_is_checked_in_and_the_last_act_taken_back() {
    let mut door = Door::open();
    let guest = door.guest(TicketStatus::Active);
    door.finds(&guest);
    door.presses("\r", &[&format!("CHECKED IN   {}", name(&guest))]);
    let record = door.record(&guest.id);
    assert_eq!((record.status, own_scans(&record)), (TicketStatus::Redeemed, vec![ScanKind::CheckIn]));
    door.presses(F9, &[&format!("CHECKED OUT   {}", name(&guest)), "the check-in was taken back"]);
    let record = door.record(&guest.id);
    let both = vec![ScanKind::CheckIn, ScanKind::CheckOut];
    assert_eq!((record.status, own_scans(&record)), (TicketStatus::Active, both));
    door.closes();
}

#[test]
fn a_guest_is_checked_out() {
    let mut door = Door::open();
    let guest = door.guest(TicketStatus::Redeemed);
    door.finds(&guest);
    door.presses(CONTROL_O, &[&format!("CHECKED OUT   {}", name(&guest))]);
    let record = door.record(&guest.id);
    assert_eq!((record.status, own_scans(&record)), (TicketStatus::Active, vec![ScanKind::CheckOut]));
    door.closes();
}

#[test]
fn some_of_an_order_are_checked_in() {
    let mut door = Door::open();
    let tickets = door.tickets();
    let of = |one: &Ticket| tickets.iter().filter(|other| other.order_id == one.order_id).count();
    let is_whole = |one: &&Ticket| {
        let mut all = tickets.iter().filter(|other| other.order_id == one.order_id);
        of(one) >= 3 && all.all(|other| other.status == TicketStatus::Active)
    };
    let guest = tickets.iter().find(is_whole).unwrap().clone();
    let all = of(&guest);
    door.finds(&guest);
    door.presses("\t", &[&format!("0 of {all} in"), "digit says how many"]);
    door.presses("2", &["Enter checks in 2"]);
    door.presses("\r", &[&format!("2 of {all} in")]);
    let inside = door.order(&guest.order_id).iter().filter(|ticket| ticket.status == TicketStatus::Redeemed).count();
    assert_eq!(inside, 2);
    door.escapes("Space mark");
    door.closes();
}

#[test]
fn a_guest_is_corrected() {
    let mut door = Door::open();
    let guest = door.guest(TicketStatus::Active);
    door.finds(&guest);
    door.presses(CONTROL_E, &["Correct the guest"]);
    door.fills_in("Wilhelmina");
    door.presses("\r", &["this is what changes", "→ Wilhelmina"]);
    assert_eq!(door.record(&guest.id).attendee, guest.attendee, "nothing is sent before the yes");
    door.presses("y", &["SAVED"]);
    let record = door.record(&guest.id);
    assert_eq!(record.attendee.first_name, "Wilhelmina");
    assert_eq!(record.attendee.last_name, guest.attendee.last_name);
    door.closes();
}

#[test]
fn a_ticket_is_moved_to_another_tier() {
    let mut door = Door::open();
    let guest = door.guest(TicketStatus::Active);
    door.finds(&guest);
    door.presses(CONTROL_T, &[&format!("Move {}", name(&guest))]);
    door.presses("\r", &["Y moves"]);
    door.presses("y", &["MOVED"]);
    assert_ne!(door.record(&guest.id).admission_id, guest.admission_id);
    door.closes();
}

#[test]
fn a_ticket_is_cancelled_and_made_valid_again() {
    let mut door = Door::open();
    let guest = door.guest(TicketStatus::Active);
    door.finds(&guest);
    door.presses(F8, &["cancel, then Enter"]);
    door.fills_in("cancel");
    door.presses("\r", &["TICKET CANCELLED"]);
    assert_eq!(door.record(&guest.id).status, TicketStatus::Cancelled);
    door.presses(F7, &["valid, then Enter"]);
    door.fills_in("valid");
    door.presses("\r", &["REACTIVATED"]);
    assert_eq!(door.record(&guest.id).status, TicketStatus::Active);
    door.closes();
}

#[test]
fn a_comp_is_issued_and_its_guest_let_in() {
    let mut door = Door::open();
    door.presses(F6, &["Issue a comp", "▸ Tier"]);
    door.presses("\t", &["▸ Tickets"]);
    door.presses("\t", &["▸ First name"]);
    door.fills_in("Wilhelmina");
    door.presses("\t", &["▸ Last name"]);
    door.fills_in("Quillfeather");
    door.presses("\t", &["▸ Email"]);
    door.fills_in("quill@example.com");
    door.presses("\r", &["Y issues it"]);
    door.presses("y", &["COMP ISSUED"]);
    let issued = |door: &Door| door.tickets().into_iter().find(|ticket| ticket.attendee.first_name == "Wilhelmina");
    let comp = issued(&door).expect("the service has the comp");
    assert_eq!((comp.status, comp.attendee.email.as_str()), (TicketStatus::Active, "quill@example.com"));
    door.presses("\r", &["CHECKED IN   Wilhelmina Quillfeather"]);
    assert_eq!(issued(&door).unwrap().status, TicketStatus::Redeemed);
    door.closes();
}

#[test]
fn the_wrong_door_lets_nobody_in_until_a_supervisor_does() {
    let mut door = Door::with(|_, tickets| {
        // This door is for a tier that the first guest who is to come does not have.
        let guest = tickets.iter().find(|ticket| ticket.status == TicketStatus::Active).unwrap();
        let other = tickets.iter().find(|ticket| ticket.admission_id != guest.admission_id).unwrap();
        let gate = format!("[\"{}\"]", other.admission_id);
        vec![("ROLE__DEFAULT", "supervisor".to_owned()), ("GATE__ADMISSIONS", gate)]
    });
    let guest = door.tickets().into_iter().find(|ticket| ticket.status == TicketStatus::Active).unwrap();
    door.finds(&guest);
    door.presses("\r", &["WRONG DOOR", "enters at another door"]);
    assert_eq!(door.record(&guest.id).scans, guest.scans, "nothing was sent");
    door.presses(ALT_O, &["Why all the same?"]);
    door.fills_in("the lift is out of order");
    door.presses("\r", &["CHECKED IN"]);
    let record = door.record(&guest.id);
    assert_eq!((record.status, own_scans(&record)), (TicketStatus::Redeemed, vec![ScanKind::CheckIn]));
    door.closes();
}
