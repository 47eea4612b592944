//! Attempts and waits over a scripted transport, in paused time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use doorlist::api::{ApiError, Client, Clock, Failure, Foreign, Outside, TransportError};
use doorlist::domain::{DeviceId, ScanKind, TicketId};
use doorlist::wire::{ScanInput, Ticket, TransitionInput, TransitionResult, UpdateTicket};
use jiff::Timestamp;
use rstest::rstest;
use serde_json::json;

use super::support::*;

fn found() -> Step {
    Step::json(200, &[], &json!({"ticket": ticket("ACTIVE", &[])}))
}

fn done() -> Step {
    Step::json(200, &[], &json!({"tickets": [ticket("REDEEMED", &[])], "targetType": "ticket"}))
}

fn status(status: u16) -> Step {
    Step::json(status, &[], &error_body(status, "WHATEVER", true))
}

fn throttled(retry_after: &str) -> Step {
    Step::json(429, &[("retry-after", retry_after)], &error_body(429, "TOO_MANY_REQUESTS", true))
}

async fn get(client: &Client) -> Result<Ticket, ApiError> {
    client.ticket(&TicketId::from_service(TICKET)).await
}

async fn check_in(client: &Client, key: Option<&str>) -> Result<TransitionResult, ApiError> {
    let input = TransitionInput { idempotency_key: key.map(str::to_owned), ..TransitionInput::default() };
    client.check_in_by_key(TICKET, &input).await
}

async fn documented(client: &Client) -> Result<Ticket, ApiError> {
    let input = ScanInput { kind: ScanKind::CheckIn, device_id: Some(DeviceId::from_service("north")) };
    client.scan(&TicketId::from_service(TICKET), &input).await
}

fn millis(times: &[u64]) -> Vec<Duration> {
    times.iter().copied().map(Duration::from_millis).collect()
}

#[tokio::test(start_paused = true)]
async fn a_read_is_repeated_with_growing_waits() {
    let script = Script::new([status(500), status(503), Step::Fail(TransportError::Broken), found()]);
    assert!(get(&scripted(&script)).await.is_ok());
    assert_eq!(script.times(), millis(&[0, 100, 300, 700]));
}

#[tokio::test(start_paused = true)]
async fn after_the_last_attempt_the_last_failure_is_reported() {
    let script = Script::new([status(500), status(502), status(503), status(504)]);
    let error = get(&scripted(&script)).await.unwrap_err();
    assert_eq!((error.status(), script.times().len()), (Some(504), 4));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_at_the_time_limit() {
    let script = Script::new([Step::Silence, found()]);
    assert!(get(&scripted(&script)).await.is_ok());
    assert_eq!(script.times(), millis(&[0, 4_100]));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_bounds_the_whole_call() {
    let script = Script::new([throttled("27"), Step::Silence]);
    let started = tokio::time::Instant::now();
    let error = get(&scripted(&script)).await.unwrap_err();
    assert_eq!(*error.failure(), Failure::TimedOut);
    assert_eq!(started.elapsed(), Duration::from_secs(30));
}

#[rstest]
#[case::seconds("3", 3_000)]
#[case::date("Fri, 01 May 2026 20:00:05 GMT", 5_000)]
#[case::nothing_to_wait_for("0", 150)]
#[tokio::test(start_paused = true)]
async fn throttling_is_waited_out(#[case] retry_after: &str, #[case] waited: u64) {
    let script = Script::new([throttled(retry_after), found()]);
    assert!(get(&scripted(&script)).await.is_ok());
    assert_eq!(script.times(), millis(&[0, waited]));
}

#[tokio::test(start_paused = true)]
async fn a_longer_wait_than_the_deadline_is_left_to_the_caller() {
    let script = Script::new([throttled("3600")]);
    let error = get(&scripted(&script)).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3_600)));
}

#[rstest]
#[case(400)]
#[case(401)]
#[case(403)]
#[case(404)]
#[case(409)]
#[case(422)]
#[case(501)]
#[tokio::test(start_paused = true)]
async fn what_would_fail_again_is_asked_once(#[case] code: u16) {
    let script = Script::new([status(code)]);
    assert_eq!(get(&scripted(&script)).await.unwrap_err().status(), Some(code));
}

#[tokio::test(start_paused = true)]
async fn a_change_is_repeated_only_where_it_was_not_applied() {
    let script = Script::new([Step::Fail(TransportError::NotSent), throttled("0"), found()]);
    assert!(documented(&scripted(&script)).await.is_ok());

    for step in [status(500), Step::Fail(TransportError::Broken), Step::Silence] {
        let script = Script::new([step]);
        let error = documented(&scripted(&script)).await.unwrap_err();
        assert!(error.outcome_unknown());
    }
    let script = Script::new([status(503)]);
    let update = UpdateTicket::default();
    assert!(scripted(&script).update_ticket(&TicketId::from_service(TICKET), &update).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_key_makes_a_check_in_repeatable() {
    let script = Script::new([Step::Fail(TransportError::Broken), status(502), done()]);
    assert!(check_in(&scripted(&script), Some("key")).await.is_ok());

    let script = Script::new([Step::Fail(TransportError::Broken)]);
    assert!(check_in(&scripted(&script), None).await.unwrap_err().outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_attempt_is_not_forgotten_when_a_later_one_is_refused() {
    for last in [status(400), status(401), status(404)] {
        let script = Script::new([Step::Silence, last]);
        let error = check_in(&scripted(&script), Some("key")).await.unwrap_err();
        assert!(!error.failure().outcome_unknown() && error.outcome_unknown(), "{error:?}");
    }
    let script = Script::new([Step::Fail(TransportError::NotSent), status(401)]);
    assert!(!check_in(&scripted(&script), Some("key")).await.unwrap_err().outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn a_truncated_read_is_repeated_and_a_portal_is_not() {
    let mut truncated = Step::json(200, &[], &json!({}));
    if let Step::Answer(response) = &mut truncated {
        response.body = Err(doorlist::api::BodyFault::Truncated);
    }
    let script = Script::new([truncated, found()]);
    assert!(get(&scripted(&script)).await.is_ok());

    let portal = Step::json(200, &[("content-type", "text/html")], &json!({}));
    let script = Script::new([portal]);
    let error = get(&scripted(&script)).await.unwrap_err();
    assert_eq!(*error.failure(), Failure::NotTheService { status: 200, body: Foreign::NotJson });
}

#[tokio::test(start_paused = true)]
async fn the_services_clock_is_measured_from_its_own_answers_only() {
    let portal =
        Step::json(200, &[("date", "Fri, 01 May 2026 23:00:00 GMT"), ("content-type", "text/html")], &json!({}));
    let answered =
        Step::json(200, &[("date", "Fri, 01 May 2026 20:01:00 GMT")], &json!({"ticket": ticket("ACTIVE", &[])}));
    let script = Script::new([portal, answered]);
    let client = scripted(&script);
    assert!(get(&client).await.is_err());
    assert_eq!(client.clock_offset(), None);
    assert!(get(&client).await.is_ok());
    assert_eq!(client.clock_offset(), Some(jiff::SignedDuration::from_millis(60_500)));
}

/// A clock that is put back by an hour whenever somebody looks at it.
#[derive(Debug, Default)]
struct PutBack(AtomicI64);

impl Clock for PutBack {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000 - 3_600 * self.0.fetch_add(1, Ordering::SeqCst)).unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_during_which_our_clock_was_set_tells_nothing_of_the_services_clock() {
    let date = [("date", "Fri, 01 May 2026 20:01:00 GMT")];
    let script = Script::new([Step::json(200, &date, &json!({"ticket": ticket("ACTIVE", &[])}))]);
    let outside = Outside { transport: script, clock: Arc::new(PutBack::default()), jitter: Arc::new(Half) };
    let client = Client::with_outside(&settings("https://api.example.com"), outside).unwrap();
    assert!(get(&client).await.is_ok());
    assert_eq!(client.clock_offset(), None);
}

#[tokio::test(start_paused = true)]
async fn one_retry_after_holds_every_call_of_the_client() {
    let script = Script::new([throttled("3"), found(), found()]);
    let client = scripted(&script);
    let (one, other) = tokio::join!(get(&client), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        get(&client.clone()).await
    });
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(script.times(), millis(&[0, 3_000, 3_000]));
}

#[tokio::test(start_paused = true)]
async fn who_asks_only_once_is_told_at_once_how_much_rest_is_left() {
    let script = Script::new([throttled("60"), done()]);
    let client = scripted(&script);
    assert!(get(&client).await.is_err());
    tokio::time::advance(Duration::from_secs(20)).await;
    let held = check_in(&client.once(), Some("key")).await.unwrap_err();
    assert_eq!(*held.failure(), Failure::Held { rest: Duration::from_secs(40) });
    assert!(!held.outcome_unknown());
    tokio::time::advance(Duration::from_secs(40)).await;
    assert!(check_in(&client.once(), Some("key")).await.is_ok());
}
