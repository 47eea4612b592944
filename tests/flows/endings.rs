//! How the console ends, and what it sees through before.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;
use doorlist::console::runtime::{Ending, Handover};
use doorlist::console::{Access, App, CompRules, Comps, Quota, Role};
use doorlist::domain::EventId;

use super::evening::{Hold, Mood, Service};
use super::stage::{Left, Stage};

/// A console whose check-in of Ada has reached the service, which has not looked at it yet.
async fn with_a_scan_under_way(service: &Arc<Service>) -> Stage {
    let mut stage = Stage::at(service);
    stage.sees(&["IN 1 of 2"]).await;
    service.holds(Hold::Scans);
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["SENDING   Ada Lovelace", "IN 1 of 2"]).await;
    service.was_asked("PUT /tickets/tkt_ada/check-in").await;
    stage
}

async fn the_scan_is_seen_through(service: &Service, left: Left, expected: Ending) {
    assert!(!left.engine.is_finished(), "the engine left its scan behind");
    assert_eq!(service.story("tkt_ada").0, "ACTIVE");
    service.holds(Hold::Nothing);
    assert_eq!(left.whole().await, expected);
    assert_eq!(service.story("tkt_ada"), ("REDEEMED".into(), vec!["CHECK_IN".into()]));
}

#[tokio::test(start_paused = true)]
async fn quitting_sees_a_scan_through() {
    let service = Service::open();
    let left = with_a_scan_under_way(&service).await.quit().await;
    the_scan_is_seen_through(&service, left, Ending::Quit).await;
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_sees_a_scan_through() {
    let service = Service::open();
    let left = with_a_scan_under_way(&service).await.shut_down().await;
    the_scan_is_seen_through(&service, left, Ending::Shutdown).await;
}

#[tokio::test(start_paused = true)]
async fn a_hang_up_sees_a_scan_through() {
    let service = Service::open();
    let left = with_a_scan_under_way(&service).await.hang_up(None).await;
    the_scan_is_seen_through(&service, left, Ending::TerminalGone).await;
}

#[tokio::test(start_paused = true)]
async fn who_cannot_wait_for_the_end_knows_how_much_is_unsent() {
    let service = Service::open();
    let mut stage = with_a_scan_under_way(&service).await;
    stage.type_text("ben");
    stage.control('o');
    service.was_asked("PUT /tickets/tkt_ben/check-out").await;
    stage.sees(&["2 unsent"]).await;
    let left = stage.shut_down().await;
    assert!(!left.engine.is_finished());
    assert_eq!(*left.unsent.borrow(), 2);
    service.holds(Hold::Nothing);
    let unsent = left.unsent.clone();
    left.whole().await;
    assert_eq!(*unsent.borrow(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_enter_right_before_the_end_is_a_scan() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    assert_eq!(stage.quit().await.whole().await, Ending::Quit);
    assert_eq!(service.story("tkt_ada").0, "REDEEMED");
}

#[tokio::test(start_paused = true)]
async fn an_idle_engine_ends_with_its_console() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    assert_eq!(stage.quit().await.whole().await, Ending::Quit);
    assert_eq!(Stage::at(&service).quit().await.whole().await, Ending::Quit, "while the list is coming");
}

#[tokio::test(start_paused = true)]
async fn an_input_that_fails_is_a_terminal_that_is_gone() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    let left = stage.hang_up(Some(io::Error::from(io::ErrorKind::BrokenPipe))).await;
    assert_eq!(left.whole().await, Ending::TerminalGone);
}

#[tokio::test(start_paused = true)]
async fn a_suspended_console_comes_back_and_goes_on() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    stage.control('z');
    stage.type_text("ada");
    stage.sees(&["Harbour Lights", "Enter checks in Ada Lovelace"]).await;
    assert_eq!(stage.seen().suspended, 1);
}

#[tokio::test(start_paused = true)]
async fn another_event_is_the_same_shift_with_the_same_people() {
    let service = Service::open();
    let access = Access::new(Role::BoxOffice, None, Duration::from_secs(60));
    let quotas = vec![Quota { tier: "Floor".to_owned(), most: 3 }];
    let comps = Comps::under(CompRules { quotas, ..CompRules::default() });
    let prepare = |app: &mut App| (app.access, app.changes.comps) = (access.clone(), comps.clone());
    let mut stage = Stage::prepared(prepare, service.client(), "evt_1", service.clock());
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    stage.control('s');
    stage.type_text("brass");
    stage.sees(&["Which event?", "Brass Night"]).await;
    stage.press(KeyCode::Enter);
    let event = EventId::from_service("evt_2");
    let Ending::Switch(handover) = stage.left().await.whole().await else { panic!("no switch") };
    let Handover { event: chosen, access: lent, comps: issued, gates } = *handover;
    assert_eq!((chosen, issued, gates.len()), (event, comps, 0));
    assert_eq!((lent.role(service.clock().time()), lent.lends_for()), (Role::BoxOffice, access.lends_for()));
}

#[tokio::test(start_paused = true)]
async fn what_is_typed_while_the_event_changes_reaches_the_next_console() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    stage.control('s');
    stage.type_text("brass");
    stage.sees(&["Which event?", "Brass Night"]).await;
    stage.press(KeyCode::Enter);
    // Held back behind the Enter, heard with the paste, and not yet read.
    stage.type_text("ada ");
    stage.paste("lov");
    stage.type_text("elace");
    let left = stage.left().await;
    assert!(matches!(left.ending, Ending::Switch(_)));
    let mut next = Stage::next(left, &service);
    next.sees(&["› ada lovelace", "Enter checks in Ada Lovelace"]).await;
}

/// The guest list was read and kept, and the console has ended.
async fn evening_before(service: &Arc<Service>) -> Left {
    let mut stage = Stage::at(service);
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    // The clock is paused, and stands still while the list is being written.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut left = stage.quit().await;
    left.is_over().await;
    left
}

/// Who let Ada in at the next start, by the door's own record, with the service away and this token.
async fn let_in_by(token: &str) -> String {
    let service = Service::open();
    let left = evening_before(&service).await;
    service.turns(Mood::Unreachable);
    let mut stage = Stage::reopened_from_memory(left, service.client_with(token), service.clock());
    stage.type_text("ada");
    stage.sees(&["OFFLINE", "Enter checks in Ada Lovelace"]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace"]).await;
    stage.control('d');
    stage.sees(&["Door activity", "IN, NOT YET SENT", "Ada Lovelace"]).await
}

#[tokio::test(start_paused = true)]
async fn a_start_without_the_service_knows_whose_the_same_token_was() {
    let screen = let_in_by("s3cret").await;
    assert!(screen.contains("by Robin Marsh"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_start_with_another_token_puts_nobodys_name_on_a_scan() {
    let screen = let_in_by("another").await;
    assert!(!screen.contains("Robin Marsh"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn where_no_event_is_named_the_last_one_is_open_before_the_service_says_anything() {
    let service = Service::open();
    let left = evening_before(&service).await;
    service.turns(Mood::Unreachable);
    let mut stage = Stage::guessing(left, &service);
    stage.type_text("ada");
    stage.sees(&["OFFLINE", "Enter checks in Ada Lovelace"]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace", "IN 2 of 2"]).await;
    service.turns(Mood::Well);
    stage.sees(&["CHECKED IN   Ada Lovelace", "ONLINE"]).await;
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN"]);
}

#[tokio::test(start_paused = true)]
async fn where_the_service_names_another_event_than_the_last_one_the_console_changes_over() {
    let service = Service::open();
    let left = evening_before(&service).await;
    service.turns(Mood::Over);
    let stage = Stage::guessing(left, &service);
    let Ending::Switch(handover) = stage.left().await.whole().await else { panic!("no switch") };
    assert_eq!(handover.event.as_str(), "evt_2");
}
