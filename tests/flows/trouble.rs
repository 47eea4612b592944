//! Trouble with the service: said in words, and the console stays of use.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossterm::event::KeyCode;
use doorlist::console::Bell;
use doorlist::sync::TokenReader;
use jiff::SignedDuration;
use rstest::rstest;
use secrecy::SecretString;

use super::evening::{Hold, Mood, Service};
use super::stage::Stage;

/// A console that has its list, before anything goes wrong.
async fn at_work() -> (Arc<Service>, Stage) {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    (service, stage)
}

#[rstest]
#[case::unreachable(Mood::Unreachable, "The service cannot be reached.", "Check the network")]
#[case::false_token(
    Mood::Refusing(401),
    "The service does not accept the token (401).",
    "Renew it; DOORLIST_TOKEN by starting anew."
)]
#[case::no_permission(Mood::Refusing(403), "The token may not do this (403).", "Ask a supervisor")]
#[case::wrong_tenant(Mood::Refusing(404), "does not know it in this tenant (404).", "Check the event and the tenant")]
#[case::own_fault(Mood::Refusing(500), "The service failed (500).", "keeps trying")]
#[case::portal(Mood::Portal, "Something else answered in the service's place", "Sign in to the Wi-Fi")]
#[tokio::test(start_paused = true)]
async fn a_list_that_does_not_come_says_why_and_comes_by_itself_later(
    #[case] mood: Mood,
    #[case] words: &str,
    #[case] advice: &str,
) {
    let service = Service::open();
    service.turns(mood);
    let mut stage = Stage::at(&service);
    stage.sees(&["The guest list did not come.", words, advice]).await;
    stage.type_text("ada");
    stage.sees(&["The guest list did not come.", "ada"]).await;
    service.turns(Mood::Well);
    stage.sees(&["ONLINE", "IN 1 of 2", "Enter checks in Ada Lovelace"]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace"]).await;
}

#[rstest]
#[case::unreachable(Mood::Unreachable, "OFFLINE", "sent when the service is back", "The service cannot be reached.")]
#[case::false_token(
    Mood::Refusing(401),
    "PAUSED",
    "sent once the token is renewed",
    "does not accept the token (401)."
)]
#[case::no_permission(
    Mood::Refusing(403),
    "PAUSED",
    "sent once the token may scan",
    "The token may not do this (403)."
)]
#[case::asked_to_wait(Mood::Refusing(429), "SLOW", "sent when the service is back", "IN UNSENT")]
#[tokio::test(start_paused = true)]
async fn what_certainly_did_not_arrive_happens_on_our_word_and_is_sent_later(
    #[case] mood: Mood,
    #[case] connection: &str,
    #[case] waits_for: &str,
    #[case] words: &str,
) {
    let (service, mut stage) = at_work().await;
    service.turns(mood);
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace", "kept here", waits_for, "IN 2 of 2", connection]).await;
    // However often it is tried in vain: what certainly did not arrive needs no verifying.
    tokio::time::sleep(Duration::from_secs(90)).await;
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace", "IN UNSENT"]).await;
    stage.press(KeyCode::Esc);
    stage.sees(&[words, "IN UNSENT"]).await;
    assert_eq!(stage.seen().bells, [Bell::Pass]);
    service.turns(Mood::Well);
    stage.press(KeyCode::F(5));
    stage.sees(&["ONLINE", "● IN ", "IN 2 of 2"]).await;
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN"]);
}

#[tokio::test(start_paused = true)]
async fn what_may_have_arrived_is_verified_and_lets_one_guest_in_once() {
    let (service, mut stage) = at_work().await;
    service.turns(Mood::Portal);
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["BEING VERIFIED   Ada Lovelace", "? VERIFYING", "IN 1 of 2"]).await;
    assert_eq!(stage.seen().bells, [Bell::Attention]);
    service.turns(Mood::Well);
    stage.sees(&["CHECKED IN   Ada Lovelace", "IN 2 of 2"]).await;
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN"]);
}

#[tokio::test(start_paused = true)]
async fn a_guest_who_is_in_on_our_word_is_verified_where_a_later_try_may_have_arrived() {
    let (service, mut stage) = at_work().await;
    service.turns(Mood::Unreachable);
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace", "IN UNSENT"]).await;
    service.turns(Mood::Portal);
    stage.sees(&["BEING VERIFIED   Ada Lovelace", "Done here on our word", "? VERIFYING", "IN 2 of 2"]).await;
    service.turns(Mood::Well);
    stage.sees(&["CHECKED IN   Ada Lovelace", "IN 2 of 2"]).await;
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN"]);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_at_the_door_for_the_try_that_finds_out_whether_the_service_is_back() {
    let (service, mut stage) = at_work().await;
    service.turns(Mood::Unreachable);
    stage.type_text("ada");
    stage.sees(&["OFFLINE"]).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    service.holds(Hold::Scans);
    stage.press(KeyCode::Enter);
    service.was_asked("PUT /tickets/tkt_ada/check-in").await;
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace", "IN UNSENT", "IN 2 of 2"]).await;
    service.turns(Mood::Well);
    service.holds(Hold::Nothing);
    stage.sees(&["CHECKED IN   Ada Lovelace", "IN 2 of 2"]).await;
    assert_eq!((service.story("tkt_ada").1, stage.seen().bells), (vec!["CHECK_IN".to_owned()], vec![Bell::Pass]));
}

#[tokio::test(start_paused = true)]
async fn the_connection_is_told_as_it_goes_and_comes() {
    let (service, mut stage) = at_work().await;
    service.turns(Mood::Unreachable);
    stage.type_text("ada");
    stage.sees(&["OFFLINE", "The service cannot be reached.", "Enter checks in Ada Lovelace"]).await;
    service.turns(Mood::Well);
    stage.press(KeyCode::Down);
    stage.control('r');
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
}

/// A token file that somebody writes to.
#[derive(Debug, Default)]
struct Slip(Mutex<Option<&'static str>>);

impl TokenReader for Slip {
    fn read(&self, _given_up: &dyn Fn() -> bool) -> Option<SecretString> {
        self.0.lock().unwrap().map(SecretString::from)
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_renewed_lets_the_scans_go_on_without_a_restart() {
    let service = Service::open();
    let slip = Arc::new(Slip::default());
    let mut stage = Stage::renewing(Arc::clone(&slip) as _, &service);
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    service.turns(Mood::Wanting("fresh"));
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace", "PAUSED"]).await;
    stage.press(KeyCode::Esc);
    stage.sees(&["(401). Renew it; DOORLIST_TOKEN by starting anew."]).await;
    *slip.0.lock().unwrap() = Some("stale");
    // The clock is paused: this costs no time.
    tokio::time::sleep(Duration::from_secs(50)).await;
    stage.sees(&["PAUSED", "1 unsent"]).await;
    *slip.0.lock().unwrap() = Some("fresh");
    let screen = stage.sees(&["ONLINE", "● IN "]).await;
    assert!(!screen.contains("unsent"), "{screen}");
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN"]);
}

#[tokio::test(start_paused = true)]
async fn a_sign_of_the_operator_reads_the_token_at_once() {
    let service = Service::open();
    let slip = Arc::new(Slip::default());
    let mut stage = Stage::renewing(Arc::clone(&slip) as _, &service);
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    service.turns(Mood::Wanting("fresh"));
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace", "PAUSED"]).await;
    *slip.0.lock().unwrap() = Some("fresh");
    let paused = service.clock().time();
    stage.press(KeyCode::F(5));
    stage.sees(&["CHECKED IN   Ada Lovelace", "ONLINE"]).await;
    assert!(service.clock().time().duration_since(paused) < SignedDuration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_takes_its_time_keeps_no_queue_waiting() {
    let (service, mut stage) = at_work().await;
    service.holds(Hold::Scans);
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    let pressed = service.clock().time();
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace", "the service is slow to answer", "IN 2 of 2"]).await;
    let waited = service.clock().time().duration_since(pressed);
    assert!(waited <= SignedDuration::from_millis(1_600), "{waited:?}");
    // The next guest does not even wait for that.
    stage.type_text("ben");
    stage.control('o');
    stage.sees(&["OUT, NOT YET SENT   Ben Okafor", "SLOW updated", "2 unsent"]).await;
    assert_eq!(stage.seen().bells, [Bell::Pass, Bell::Pass]);
    service.holds(Hold::Nothing);
    stage.sees(&["CHECKED OUT   Ben Okafor", "IN 1 of 2"]).await;
    // Both were sent at once, and either may be answered first.
    let screen = stage.sees_no_more("unsent").await;
    assert!(screen.contains("CHECKED OUT   Ben Okafor"), "{screen}");
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN"]);
}
