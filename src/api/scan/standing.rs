//! What a ticket, freshly read, says of a scan. Pure.

use jiff::{SignedDuration, Timestamp};

use super::ScanRequest;
use crate::domain::{ScanId, ScanKind, ScanRefusal, Transition, transition};
use crate::wire::{Scan, Ticket};

/// How far a measured clock offset may be off: `Date` counts whole seconds, and networks are slow.
const MEASURED_SLACK: SignedDuration = SignedDuration::from_secs(5);
/// How far two clocks may be apart where nothing was measured.
const UNMEASURED_SLACK: SignedDuration = SignedDuration::from_secs(60);

/// Where a scan stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// The service has taken it: it is in the ticket's history.
    Taken,
    /// It is not in the history, and this rule forbids it now.
    Refused(ScanRefusal),
    /// It is not in the history, and nothing forbids it.
    Open,
}

/// The service's time between a first attempt and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    from: Timestamp,
    to: Timestamp,
}

impl Window {
    /// Shifts our own times by how far the service's clock is ahead, and allows for what is not known exactly.
    pub fn new(first_attempt: Timestamp, now: Timestamp, clock_offset: Option<SignedDuration>) -> Self {
        let slack = if clock_offset.is_some() { MEASURED_SLACK } else { UNMEASURED_SLACK };
        let offset = clock_offset.unwrap_or_default();
        let shift = |time: Timestamp, by: SignedDuration| time.saturating_add(by).unwrap_or(time);
        // A clock that was put back in the meantime leaves no attempt in the future, and no window that is empty.
        Self { from: shift(first_attempt.min(now), offset - slack), to: shift(now, offset + slack) }
    }

    fn contains(self, time: Timestamp) -> bool {
        self.from <= time && time <= self.to
    }
}

/// Looks for our own scan within `attempted`, where there was an attempt, and else asks the rules.
///
/// The rules come in the order in which the service tests them: event, cancelled, door, transition.
pub(super) fn standing(
    ticket: &Ticket,
    request: &ScanRequest,
    attempted: Option<Window>,
    before: &[ScanId],
) -> Standing {
    let ours = |scan: &Scan, window: Window| {
        scan.kind == request.kind
            && scan.device_id == request.device
            && request.operator.as_ref().is_none_or(|user| *user == scan.scanned_by_id)
            && window.contains(scan.scanned_at)
            && !before.contains(&scan.id)
            && !request.claimed.contains(&scan.id)
    };
    if attempted.is_some_and(|window| ticket.scans.iter().any(|scan| ours(scan, window))) {
        return Standing::Taken;
    }
    forbidden(ticket, request).map_or(Standing::Open, Standing::Refused)
}

fn forbidden(ticket: &Ticket, request: &ScanRequest) -> Option<ScanRefusal> {
    use crate::domain::Refusal::TicketCancelled;
    if request.event.as_ref().is_some_and(|event| *event != ticket.event_id) {
        return Some(ScanRefusal::WrongEvent { event: ticket.event.name.as_str().into() });
    }
    let refusal = match transition(ticket.status, request.kind.into()) {
        Transition::Refused(refusal) => Some(refusal),
        Transition::To(_) | Transition::NoChange => None,
    };
    let section = ticket.section.as_ref().map(|section| &section.id);
    let at_the_wrong_door = request.kind == ScanKind::CheckIn && !request.gate.admits(&ticket.admission_id, section);
    if at_the_wrong_door && refusal != Some(TicketCancelled) {
        return Some(ScanRefusal::WrongDoor { admission: ticket.admission.name.as_str().into() });
    }
    refusal.map(ScanRefusal::Rule)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::domain::{AdmissionId, DeviceId, EventId, Gate, Refusal, TicketId, UserId};

    fn ticket(status: &str, scans: &[(&str, &str, &str, &str)]) -> Ticket {
        let scans: Vec<_> = scans
            .iter()
            .map(|(id, kind, device, at)| {
                json!({"id": id, "kind": kind, "deviceId": device, "scannedById": "usr_1",
                       "scannedAt": format!("2026-05-01T{at}Z")})
            })
            .collect();
        serde_json::from_value(json!({
            "id": "tkt_1", "status": status, "orderId": "ord_1", "eventId": "evt_1", "admissionId": "adm_floor",
            "attendee": {}, "event": {"name": "Night"}, "admission": {"name": "Floor"}, "scans": scans,
        }))
        .unwrap()
    }

    fn request() -> ScanRequest {
        ScanRequest::new(TicketId::from_service("tkt_1"), ScanKind::CheckIn, DeviceId::from_service("north"))
    }

    /// From 20:00:00 to 20:00:10 of our clock; the service's is 100 s ahead.
    fn window() -> Window {
        let at = |time: &str| format!("2026-05-01T{time}Z").parse().unwrap();
        Window::new(at("20:00:00"), at("20:00:10"), Some(SignedDuration::from_secs(100)))
    }

    #[rstest]
    #[case::ours(("s1", "CHECK_IN", "north", "20:01:45"), true)]
    #[case::just_inside(("s1", "CHECK_IN", "north", "20:01:35"), true)]
    #[case::too_early(("s1", "CHECK_IN", "north", "20:01:34"), false)]
    #[case::too_late(("s1", "CHECK_IN", "north", "20:01:56"), false)]
    #[case::other_device(("s1", "CHECK_IN", "south", "20:01:45"), false)]
    #[case::other_kind(("s1", "CHECK_OUT", "north", "20:01:45"), false)]
    #[case::claimed(("s0", "CHECK_IN", "north", "20:01:45"), false)]
    #[case::there_before(("s9", "CHECK_IN", "north", "20:01:45"), false)]
    fn our_own_scan_is_told_from_all_others(#[case] scan: (&str, &str, &str, &str), #[case] ours: bool) {
        let request = ScanRequest { claimed: vec![ScanId::from_service("s0")], ..request() };
        let before = [ScanId::from_service("s9")];
        let found = standing(&ticket("REDEEMED", &[scan]), &request, Some(window()), &before);
        let refused = Standing::Refused(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
        assert_eq!(found, if ours { Standing::Taken } else { refused });
    }

    #[test]
    fn a_clock_that_was_put_back_leaves_no_empty_window() {
        let at = |time: &str| format!("2026-05-01T{time}Z").parse().unwrap();
        let window = Window::new(at("21:00:00"), at("20:00:00"), Some(SignedDuration::ZERO));
        let seen = ticket("REDEEMED", &[("s1", "CHECK_IN", "north", "20:00:00")]);
        assert_eq!(standing(&seen, &request(), Some(window), &[]), Standing::Taken);
    }

    #[test]
    fn our_scan_counts_even_after_the_guest_went_out_again() {
        let scans = [("s1", "CHECK_IN", "north", "20:01:42"), ("s2", "CHECK_OUT", "south", "20:01:44")];
        assert_eq!(standing(&ticket("ACTIVE", &scans), &request(), Some(window()), &[]), Standing::Taken);
    }

    #[test]
    fn nothing_is_ours_without_an_attempt_or_by_another_user() {
        let seen = ticket("REDEEMED", &[("s1", "CHECK_IN", "north", "20:01:45")]);
        let refused = Standing::Refused(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
        assert_eq!(standing(&seen, &request(), None, &[]), refused);
        let other = ScanRequest { operator: Some(UserId::from_service("usr_2")), ..request() };
        assert_eq!(standing(&seen, &other, Some(window()), &[]), refused);
    }

    #[rstest]
    #[case::open("ACTIVE", "evt_1", "adm_floor", ScanKind::CheckIn, None)]
    #[case::event_first("CANCELLED", "evt_2", "adm_vip", ScanKind::CheckIn,
        Some(ScanRefusal::WrongEvent { event: "Night".into() }))]
    #[case::then_cancelled(
        "CANCELLED",
        "evt_1",
        "adm_vip",
        ScanKind::CheckIn,
        Some(ScanRefusal::Rule(Refusal::TicketCancelled))
    )]
    #[case::then_door("REDEEMED", "evt_1", "adm_vip", ScanKind::CheckIn,
        Some(ScanRefusal::WrongDoor { admission: "Floor".into() }))]
    #[case::then_table(
        "REDEEMED",
        "evt_1",
        "adm_floor",
        ScanKind::CheckIn,
        Some(ScanRefusal::Rule(Refusal::AlreadyCheckedIn))
    )]
    #[case::not_in("ACTIVE", "evt_1", "adm_vip", ScanKind::CheckOut, Some(ScanRefusal::Rule(Refusal::NotCheckedIn)))]
    #[case::out_by_any_door("REDEEMED", "evt_1", "adm_vip", ScanKind::CheckOut, None)]
    fn rules_are_tested_in_the_order_of_the_service(
        #[case] status: &str,
        #[case] event: &str,
        #[case] door: &str,
        #[case] kind: ScanKind,
        #[case] expected: Option<ScanRefusal>,
    ) {
        let gate = Gate { admissions: vec![AdmissionId::from_service(door)], sections: Vec::new() };
        let request = ScanRequest { kind, event: Some(EventId::from_service(event)), gate, ..request() };
        let expected = expected.map_or(Standing::Open, Standing::Refused);
        assert_eq!(standing(&ticket(status, &[]), &request, None, &[]), expected);
    }
}
