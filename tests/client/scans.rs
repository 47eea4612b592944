//! The scanner: which form it uses, and what it makes of every answer.

use doorlist::api::{ScanAnswer, ScanMode, ScanRequest, Scanner, TransportError};
use doorlist::domain::{
    AdmissionId, DeviceId, EventId, Gate, Refusal, ScanKind, ScanRefusal, TicketId, TicketStatus, Trouble,
};
use jiff::SignedDuration;
use rstest::rstest;
use serde_json::{Value, json};

use super::support::*;

fn request(kind: ScanKind) -> ScanRequest {
    ScanRequest {
        event: Some(EventId::from_service("evt_1")),
        idempotency_key: Some("key".into()),
        vetted: true,
        ..ScanRequest::new(TicketId::from_service(TICKET), kind, DeviceId::from_service("north"))
    }
}

fn check_in() -> ScanRequest {
    request(ScanKind::CheckIn)
}

fn one(ticket: &Value) -> Step {
    Step::json(200, &[], &json!({"ticket": ticket}))
}

fn by_key(ticket: &Value) -> Step {
    Step::json(200, &[], &json!({"tickets": [ticket], "targetType": "ticket"}))
}

fn refused(data: Value) -> Step {
    let mut body = error_body(400, "BAD_REQUEST", true);
    body["data"] = data;
    Step::json(400, &[], &body)
}

fn message_only() -> Step {
    Step::json(400, &[], &error_body(400, "BAD_REQUEST", true))
}

fn error(status: u16, defined: bool) -> Step {
    Step::json(status, &[], &error_body(status, "NOT_FOUND", defined))
}

fn broken() -> Step {
    Step::Fail(TransportError::Broken)
}

fn not_sent(times: usize) -> Vec<Step> {
    std::iter::repeat_with(|| Step::Fail(TransportError::NotSent)).take(times).collect()
}

fn our_scan(after: i64) -> Value {
    scan("s_ours", "CHECK_IN", "north", Standing::time() + SignedDuration::from_secs(after))
}

fn their_scan() -> Value {
    scan("s_theirs", "CHECK_IN", "south", Standing::time())
}

const KEY: &str = "PUT /tickets/tkt_01jq8zv5k3m9x2c7b4n6d8f0ga/check-in";
const SCAN: &str = "POST /tickets/tkt_01jq8zv5k3m9x2c7b4n6d8f0ga/scan";
const GET: &str = "GET /tickets/tkt_01jq8zv5k3m9x2c7b4n6d8f0ga";

/// Plays one request against a script to its end; every step must have been used.
async fn play(mode: ScanMode, request: &ScanRequest, steps: Vec<Step>, expected: &[&str]) -> ScanAnswer {
    let script = Script::new(steps);
    let answer = Scanner::new(scripted(&script), mode).scan(request).await;
    assert_eq!(script.requests(), expected);
    answer
}

fn rule(refusal: Refusal) -> ScanRefusal {
    ScanRefusal::Rule(refusal)
}

fn refusal_of(answer: ScanAnswer) -> (ScanRefusal, Option<TicketStatus>) {
    match answer {
        ScanAnswer::Refused { refusal, ticket } => (refusal, ticket.map(|ticket| ticket.status)),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_form_by_key_is_used_where_it_is() {
    let answer = play(ScanMode::Auto, &check_in(), vec![by_key(&ticket("REDEEMED", &[our_scan(0)]))], &[KEY]).await;
    assert!(matches!(answer, ScanAnswer::Accepted(ticket) if !ticket.scans.is_empty()));
}

#[rstest]
#[case::route_unknown(vec![error(404, false)], &[KEY])]
#[case::method_unknown(vec![error(405, true)], &[KEY])]
#[case::ticket_found(vec![error(404, true), one(&ticket("ACTIVE", &[]))], &[KEY, GET])]
#[case::bare_404(vec![Step::json(404, &[], &json!(null)), one(&ticket("ACTIVE", &[]))], &[KEY, GET])]
#[case::bare_405(vec![Step::json(405, &[], &json!(null)), one(&ticket("ACTIVE", &[]))], &[KEY, GET])]
#[tokio::test(start_paused = true)]
async fn a_service_without_the_form_gets_the_documented_one_from_then_on(
    #[case] mut steps: Vec<Step>,
    #[case] asked: &[&str],
) {
    steps.extend([one(&ticket("REDEEMED", &[])), one(&ticket("REDEEMED", &[]))]);
    let script = Script::new(steps);
    let scanner = Scanner::new(scripted(&script), ScanMode::Auto);
    for _ in 0..2 {
        assert!(matches!(scanner.clone().scan(&check_in()).await, ScanAnswer::Accepted(_)));
    }
    assert_eq!(script.requests(), [asked, &[SCAN, SCAN]].concat());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_ticket_does_not_cost_the_form() {
    let steps = vec![error(404, true), error(404, true), by_key(&ticket("REDEEMED", &[])), error(404, true)];
    let script = Script::new(steps);
    let scanner = Scanner::new(scripted(&script), ScanMode::Auto);
    let unknown = (ScanRefusal::UnknownTicket, None);
    assert_eq!(refusal_of(scanner.scan(&check_in()).await), unknown);
    assert!(matches!(scanner.scan(&check_in()).await, ScanAnswer::Accepted(_)));
    assert_eq!(refusal_of(scanner.scan(&check_in()).await), unknown);
    assert_eq!(script.requests(), [KEY, GET, KEY, KEY], "once the form has worked, a 404 is about the ticket");
}

#[tokio::test(start_paused = true)]
async fn a_fixed_form_is_not_left() {
    let answer = play(ScanMode::ByKey, &check_in(), vec![error(404, false)], &[KEY]).await;
    assert!(matches!(answer, ScanAnswer::Failed { trouble: Trouble::NotTheService { .. }, .. }), "{answer:?}");
    let answer = play(ScanMode::Documented, &check_in(), vec![one(&ticket("REDEEMED", &[]))], &[SCAN]).await;
    assert!(matches!(answer, ScanAnswer::Accepted(_)));
}

#[rstest]
#[case(ScanMode::Auto, &[KEY, GET])]
#[case(ScanMode::ByKey, &[KEY])]
#[case(ScanMode::Documented, &[SCAN])]
#[tokio::test(start_paused = true)]
async fn a_proxys_page_in_place_of_an_answer_says_nothing_of_the_ticket(
    #[case] mode: ScanMode,
    #[case] asked: &[&str],
) {
    let pages = asked.iter().map(|_| Step::html(404)).collect();
    let answer = play(mode, &check_in(), pages, asked).await;
    assert!(matches!(answer, ScanAnswer::Failed { trouble: Trouble::NotTheService { .. }, .. }), "{answer:?}");
}

#[rstest]
#[case::in_already("NOOP_TRANSITION", ScanKind::CheckIn, rule(Refusal::AlreadyCheckedIn))]
#[case::not_in("NOOP_TRANSITION", ScanKind::CheckOut, rule(Refusal::NotCheckedIn))]
#[case::wrong_event("EVENT_MISMATCH", ScanKind::CheckIn, ScanRefusal::WrongEvent { event: "Day".into() })]
#[case::wrong_door("FILTERED_OUT", ScanKind::CheckIn, ScanRefusal::WrongDoor { admission: "Floor".into() })]
#[case::documented_in("ALREADY_CHECKED_IN", ScanKind::CheckIn, rule(Refusal::AlreadyCheckedIn))]
#[case::documented_out("NOT_CHECKED_IN", ScanKind::CheckOut, rule(Refusal::NotCheckedIn))]
#[case::cancelled("TICKET_CANCELLED", ScanKind::CheckIn, rule(Refusal::TicketCancelled))]
#[tokio::test(start_paused = true)]
async fn a_refusal_with_its_reason_needs_no_second_question(
    #[case] reason: &str,
    #[case] kind: ScanKind,
    #[case] expected: ScanRefusal,
) {
    let data = json!({"reason": reason, "kind": kind, "targetType": "ticket",
                      "event": {"id": "evt_2", "name": "Day"}, "ticket": ticket("REDEEMED", &[their_scan()])});
    let script = Script::new([refused(data)]);
    let answer = Scanner::new(scripted(&script), ScanMode::ByKey).scan(&request(kind)).await;
    assert_eq!(refusal_of(answer), (expected, Some(TicketStatus::Redeemed)));
}

#[rstest]
#[case::in_already(ScanKind::CheckIn, "REDEEMED", rule(Refusal::AlreadyCheckedIn))]
#[case::not_in(ScanKind::CheckOut, "ACTIVE", rule(Refusal::NotCheckedIn))]
#[case::cancelled(ScanKind::CheckIn, "CANCELLED", rule(Refusal::TicketCancelled))]
#[case::no_reason_to_be_seen(ScanKind::CheckIn, "ACTIVE", ScanRefusal::Other { message: "No.".into() })]
#[tokio::test(start_paused = true)]
async fn a_refusal_by_message_alone_that_may_be_of_our_success_is_explained_by_the_ticket(
    #[case] kind: ScanKind,
    #[case] status: &str,
    #[case] expected: ScanRefusal,
) {
    let again = ScanRequest { first_attempt: Some(Standing::time()), ..request(kind) };
    let open = if kind == ScanKind::CheckIn { "ACTIVE" } else { "REDEEMED" };
    for (mode, before) in [(ScanMode::Documented, Some(one(&ticket(open, &[])))), (ScanMode::ByKey, None)] {
        let script = Script::new(before.into_iter().chain([message_only(), one(&ticket(status, &[]))]));
        let answer = Scanner::new(scripted(&script), mode).scan(&again).await;
        let (refusal, found) = refusal_of(answer);
        assert_eq!((refusal, found.map(TicketStatus::as_str)), (expected.clone(), Some(status)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_a_first_attempt_comes_back_before_its_reason() {
    let no = (ScanRefusal::Other { message: "No.".into() }, None);
    for (mode, asked) in [(ScanMode::Documented, SCAN), (ScanMode::ByKey, KEY)] {
        let answer = play(mode, &check_in(), vec![message_only()], &[asked]).await;
        assert_eq!(refusal_of(answer), no);
    }
    let data = json!({"reason": "NOOP_TRANSITION", "kind": "CHECK_IN", "targetType": "ticket"});
    let answer = play(ScanMode::ByKey, &check_in(), vec![refused(data)], &[KEY]).await;
    assert_eq!(refusal_of(answer), (rule(Refusal::AlreadyCheckedIn), None));
}

#[rstest]
#[case(401, Trouble::Unauthorized)]
#[case(403, Trouble::Forbidden)]
#[case(422, Trouble::Rejected { message: "No.".into() })]
#[tokio::test(start_paused = true)]
async fn a_scan_that_the_service_will_not_hear_has_failed(#[case] status: u16, #[case] trouble: Trouble) {
    let answer = play(ScanMode::Auto, &check_in(), vec![error(status, true)], &[KEY]).await;
    assert_eq!(answer, ScanAnswer::Failed { trouble, retry_after: None });
}

#[tokio::test(start_paused = true)]
async fn without_a_connection_the_scan_has_certainly_failed() {
    let answer = play(ScanMode::Auto, &check_in(), not_sent(4), &[KEY; 4]).await;
    assert_eq!(answer, ScanAnswer::Failed { trouble: Trouble::Unreachable, retry_after: None });
}

#[rstest]
#[case::ours(ticket("REDEEMED", &[our_scan(2)]), "accepted")]
#[case::theirs(ticket("REDEEMED", &[their_scan()]), "refused")]
#[case::ours_of_an_hour_ago(ticket("REDEEMED", &[our_scan(-3_600)]), "refused")]
#[case::cancelled(ticket("CANCELLED", &[]), "refused")]
#[case::nothing_to_be_seen(ticket("ACTIVE", &[]), "unknown")]
#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_settled_by_the_ticket(#[case] found: Value, #[case] expected: &str) {
    let steps = vec![broken(), one(&found)];
    let answer = play(ScanMode::Documented, &check_in(), steps, &[SCAN, GET]).await;
    let end = match answer {
        ScanAnswer::Accepted(_) => "accepted",
        ScanAnswer::Refused { .. } => "refused",
        ScanAnswer::Unknown(Trouble::Unreachable) => "unknown",
        other => panic!("{other:?}"),
    };
    assert_eq!(end, expected);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_stays_unknown_where_the_ticket_cannot_be_read() {
    let answer = play(ScanMode::Documented, &check_in(), vec![Step::Silence, broken()], &[SCAN, GET]).await;
    assert_eq!(answer, ScanAnswer::Unknown(Trouble::TimedOut));
    let portal = || Step::json(200, &[("content-type", "text/html")], &json!({}));
    let answer = play(ScanMode::ByKey, &check_in(), vec![portal(), portal()], &[KEY, GET]).await;
    assert!(matches!(answer, ScanAnswer::Unknown(Trouble::NotTheService { .. })), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_our_own_success_is_a_success() {
    let data = json!({"reason": "NOOP_TRANSITION", "kind": "CHECK_IN", "targetType": "ticket",
                      "ticket": ticket("REDEEMED", &[our_scan(1)])});
    let steps = vec![Step::Silence, refused(data.clone())];
    let answer = play(ScanMode::ByKey, &check_in(), steps, &[KEY, KEY]).await;
    assert!(matches!(answer, ScanAnswer::Accepted(_)), "{answer:?}");

    let earlier = ScanRequest { first_attempt: Some(Standing::time()), ..check_in() };
    let answer = play(ScanMode::ByKey, &earlier, vec![refused(data.clone())], &[KEY]).await;
    assert!(matches!(answer, ScanAnswer::Accepted(_)), "{answer:?}");

    let answer = play(ScanMode::ByKey, &check_in(), vec![refused(data)], &[KEY]).await;
    assert_eq!(refusal_of(answer).0, rule(Refusal::AlreadyCheckedIn), "without an unknown attempt it is not ours");
}

#[tokio::test(start_paused = true)]
async fn a_repeat_without_a_key_asks_before_it_sends() {
    let again = ScanRequest { first_attempt: Some(Standing::time()), idempotency_key: None, ..check_in() };
    for mode in [ScanMode::Documented, ScanMode::ByKey] {
        let answer = play(mode, &again, vec![one(&ticket("REDEEMED", &[our_scan(1)]))], &[GET]).await;
        assert!(matches!(answer, ScanAnswer::Accepted(_)), "{answer:?}");
    }
    let steps = vec![one(&ticket("ACTIVE", &[])), one(&ticket("REDEEMED", &[our_scan(1)]))];
    let answer = play(ScanMode::Documented, &again, steps, &[GET, SCAN]).await;
    assert!(matches!(answer, ScanAnswer::Accepted(_)), "{answer:?}");
    let mut steps = vec![];
    steps.extend(not_sent(4));
    let answer = play(ScanMode::Documented, &again, steps, &[GET; 4]).await;
    assert_eq!(answer, ScanAnswer::Unknown(Trouble::Unreachable));
}

#[tokio::test(start_paused = true)]
async fn the_services_clock_is_allowed_for() {
    let ahead = [("date", "Fri, 01 May 2026 20:10:00 GMT")];
    let found = json!({"ticket": ticket("REDEEMED", &[our_scan(600)])});
    let steps = vec![broken(), Step::json(200, &ahead, &found)];
    let answer = play(ScanMode::Documented, &check_in(), steps, &[SCAN, GET]).await;
    assert!(matches!(answer, ScanAnswer::Accepted(_)), "{answer:?}");
}

#[rstest]
#[case::event(ScanRequest { event: Some(EventId::from_service("evt_2")), ..check_in() },
    ScanRefusal::WrongEvent { event: "Night".into() })]
#[case::door(
    ScanRequest { gate: Gate { admissions: vec![AdmissionId::from_service("adm_2")], ..Gate::default() }, ..check_in() },
    ScanRefusal::WrongDoor { admission: "Floor".into() }
)]
#[tokio::test(start_paused = true)]
async fn the_documented_form_asks_for_event_and_door_first(
    #[case] request: ScanRequest,
    #[case] expected: ScanRefusal,
) {
    let request = ScanRequest { vetted: false, ..request };
    let answer = play(ScanMode::Documented, &request, vec![one(&ticket("ACTIVE", &[]))], &[GET]).await;
    assert_eq!(refusal_of(answer), (expected, Some(TicketStatus::Active)));
}

#[tokio::test(start_paused = true)]
async fn a_scan_that_was_there_before_is_not_ours() {
    let unvetted = ScanRequest { vetted: false, ..request(ScanKind::CheckIn) };
    let before = ticket("ACTIVE", &[our_scan(0), scan("s_out", "CHECK_OUT", "south", Standing::time())]);
    let after = ticket("REDEEMED", &[our_scan(0), scan("s_out", "CHECK_OUT", "south", Standing::time()), their_scan()]);
    let steps = vec![one(&before), broken(), one(&after)];
    let answer = play(ScanMode::Documented, &unvetted, steps, &[GET, SCAN, GET]).await;
    assert_eq!(refusal_of(answer).0, rule(Refusal::AlreadyCheckedIn));
}

#[tokio::test(start_paused = true)]
async fn an_answer_about_another_ticket_is_not_believed() {
    let mut other = ticket("REDEEMED", &[]);
    other["id"] = json!("tkt_other");
    let steps = vec![by_key(&other), one(&ticket("ACTIVE", &[]))];
    let answer = play(ScanMode::ByKey, &check_in(), steps, &[KEY, GET]).await;
    assert!(matches!(answer, ScanAnswer::Unknown(Trouble::NotTheService { .. })), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_looked_into() {
    let steps = vec![error(409, true), one(&ticket("REDEEMED", &[their_scan()]))];
    let answer = play(ScanMode::Documented, &check_in(), steps, &[SCAN, GET]).await;
    assert_eq!(refusal_of(answer).0, rule(Refusal::AlreadyCheckedIn));
    let steps = vec![error(409, true), one(&ticket("ACTIVE", &[]))];
    let answer = play(ScanMode::Documented, &check_in(), steps, &[SCAN, GET]).await;
    assert_eq!(answer, ScanAnswer::Failed { trouble: Trouble::Conflict, retry_after: None });
}

#[test]
fn the_modes_are_spelled_as_in_the_settings() {
    let spelled = serde_json::to_value([ScanMode::Auto, ScanMode::Documented, ScanMode::ByKey]).unwrap();
    assert_eq!(spelled, json!(["auto", "documented", "by-key"]));
}

#[tokio::test(start_paused = true)]
async fn a_scan_that_was_throttled_tells_how_long_to_wait() {
    let steps = vec![Step::json(429, &[("retry-after", "60")], &error_body(429, "TOO_MANY_REQUESTS", true))];
    let answer = play(ScanMode::Auto, &check_in(), steps, &[KEY]).await;
    let retry_after = Some(std::time::Duration::from_secs(60));
    assert_eq!(answer, ScanAnswer::Failed { trouble: Trouble::RateLimited, retry_after });
}
