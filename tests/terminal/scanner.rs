//! A barcode scanner that types.

use doorlist::domain::{ScanKind, TicketId, TicketStatus};

use crate::door::{Door, own_scans};

const CODES: usize = 50;

#[test]
fn fifty_codes_at_once_are_all_handled_in_order_and_none_is_typed() {
    let mut door = Door::open();
    let guests = door.tickets().into_iter().filter(|ticket| ticket.status == TicketStatus::Active);
    let codes: Vec<TicketId> = guests.map(|ticket| ticket.id).take(CODES).collect();
    assert_eq!(codes.len(), CODES);
    let burst: String = codes.iter().flat_map(|code| [code.as_str(), "\r"]).collect();
    door.session.types(&burst);
    // The last one's answer is seen, and none is on its way any more.
    let last = codes[CODES - 1].to_string();
    let shown = door.session.waits_for("the last answer", |shown| {
        shown.contains(&format!("Ticket   {last}")) && shown.contains("CHECKED IN") && !shown.contains("unsent")
    });
    assert!(shown.contains("› name, email, phone, order or ticket"), "something was typed:\n{shown}");
    for code in &codes {
        assert_eq!(own_scans(&door.record(code)), [ScanKind::CheckIn], "{code}");
    }
    assert_eq!(door.closes().scanned(), codes);
}
