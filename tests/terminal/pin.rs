//! `doorlist pin`, and what it is for.

use doorlist::domain::TicketStatus;

use crate::door::Door;
use crate::session::{Session, doorlist};

const PIN: &str = "482913";
const F8: &str = "\x1b[19~";

/// Makes the hash of the PIN as a person does, who types it twice and does not see it.
fn hash() -> String {
    let home = tempfile::tempdir().unwrap();
    let mut command = doorlist(home.path());
    command.arg("pin");
    let mut session = Session::start(command);
    session.sees("PIN: ");
    session.hides_what_is_typed();
    session.types(&format!("{PIN}\n"));
    session.sees("again: ");
    session.hides_what_is_typed();
    session.types(&format!("{PIN}\n"));
    let shown = session.sees("put the line above under [role]");
    assert!(!shown.contains(PIN), "the PIN is shown:\n{shown}");
    // The terminal breaks the long line.
    let shown: String = shown.lines().map(str::trim_end).collect();
    let hash = shown.split_once("pin_hash = \"").unwrap().1.split('"').next().unwrap().to_owned();
    assert_eq!(session.ends().code, 0);
    hash
}

#[test]
fn the_pin_lends_a_supervisors_rights() {
    let hash = hash();
    let mut door = Door::with(|_, _| vec![("ROLE__DEFAULT", "steward".to_owned()), ("ROLE__PIN_HASH", hash)]);
    let guest = door.guest(TicketStatus::Active);
    door.finds(&guest);
    door.presses(F8, &["PIN"]);
    door.pastes("000000");
    door.presses("\r", &["That is not the PIN"]);
    door.pastes(PIN);
    door.presses("\r", &["cancel, then Enter", "SUPERVISOR"]);
    door.fills_in("cancel");
    door.presses("\r", &["TICKET CANCELLED"]);
    assert_eq!(door.record(&guest.id).status, TicketStatus::Cancelled);
    door.closes();
}
