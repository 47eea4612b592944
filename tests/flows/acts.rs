//! The acts of the door, from the first page of guests to the last answer.

use std::time::Duration;

use crossterm::event::KeyCode;
use doorlist::console::Bell;
use doorlist::console::runtime::Ending;
use rstest::rstest;

use super::evening::{Hold, Mood, Service};
use super::stage::Stage;

#[tokio::test(start_paused = true)]
async fn a_guest_comes_in_cannot_come_in_twice_and_goes_out() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["Harbour Lights", "ONLINE", "Robin Marsh", "IN 1 of 2"]).await;
    stage.type_text("lovel");
    stage.sees(&["Enter checks in Ada Lovelace"]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace", "IN 2 of 2"]).await;
    assert_eq!(service.story("tkt_ada"), ("REDEEMED".into(), vec!["CHECK_IN".into()]));
    // Meant, and no bounce of the Enter before: the guest is searched for again.
    stage.type_text("lovel");
    stage.press(KeyCode::Enter);
    stage.sees(&["ALREADY IN   Ada Lovelace", "in at 09:00", "by Robin Marsh on south-1"]).await;
    stage.control('o');
    stage.sees(&["CHECKED OUT   Ada Lovelace", "IN 1 of 2"]).await;
    assert_eq!(service.story("tkt_ada"), ("ACTIVE".into(), vec!["CHECK_IN".into(), "CHECK_OUT".into()]));
    assert_eq!(stage.seen().bells, [Bell::Pass, Bell::Stop, Bell::Pass]);
    assert_eq!(stage.quit().await.whole().await, Ending::Quit);
}

#[tokio::test(start_paused = true)]
async fn already_in_names_the_other_door() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    stage.type_text("okafor");
    stage.press(KeyCode::Enter);
    stage.sees(&["ALREADY IN   Ben Okafor", "in at 08:48 (12 min ago) by Mo Diaz on north-2"]).await;
    assert_eq!(service.story("tkt_ben").1.len(), 1);
}

#[rstest]
#[case::cancelled("hart", KeyCode::Enter, "CANCELLED   Cleo Hart", "tkt_cleo")]
#[case::not_in("lovelace", KeyCode::F(4), "NOT IN   Ada Lovelace", "tkt_ada")]
#[tokio::test(start_paused = true)]
async fn a_refusal_stands_in_large_words_and_changes_nothing(
    #[case] name: &str,
    #[case] key: KeyCode,
    #[case] words: &str,
    #[case] ticket: &str,
) {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    let before = service.story(ticket);
    stage.type_text(name);
    stage.press(key);
    stage.sees(&[words, "IN 1 of 2"]).await;
    assert_eq!(service.story(ticket), before);
    assert_eq!(stage.seen().bells, [Bell::Stop]);
}

#[tokio::test(start_paused = true)]
async fn keys_typed_at_once_are_all_taken_in() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace"]).await;
    stage.type_text("ben");
    stage.control('o');
    stage.sees(&["CHECKED OUT   Ben Okafor", "IN 1 of 2"]).await;
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN"], "a second Enter waits for the first answer");
}

#[tokio::test(start_paused = true)]
async fn what_another_door_did_shows_once_the_guest_is_selected() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    service.scanned_elsewhere("tkt_ada", "CHECK_IN");
    stage.type_text("ada");
    stage.sees(&["IN 2 of 2", "checks out Ada Lovelace", "north-2"]).await;
}

#[tokio::test(start_paused = true)]
async fn what_another_door_did_shows_after_a_minute_without_a_key() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    service.scanned_elsewhere("tkt_ada", "CHECK_IN");
    tokio::time::advance(Duration::from_secs(30)).await;
    stage.sees(&["IN 2 of 2"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_stale_answer_takes_nobody_out_again() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    service.holds(Hold::Reads);
    stage.type_text("ada");
    service.was_asked("GET /tickets/tkt_ada").await;
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace", "IN 2 of 2"]).await;
    service.holds(Hold::Nothing);
    // The clock is paused: this costs no time, and lets the late answer all the way in.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let screen = stage.sees(&["CHECKED IN   Ada Lovelace"]).await;
    assert!(screen.contains("IN 2 of 2"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_again_and_lets_one_guest_in_once() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    service.turns(Mood::LosesOneAnswer);
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace", "IN 2 of 2"]).await;
    assert_eq!(service.story("tkt_ada"), ("REDEEMED".into(), vec!["CHECK_IN".into()]));
}
