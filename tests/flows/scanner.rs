//! A barcode scanner at the console's loop: keys with their rhythm in, the service's state and the screen out.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;
use doorlist::console::{Bell, Door, ScanAction};
use rstest::rstest;

use super::evening::{Mood, Service};
use super::stage::Stage;

const ADA: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0ga";
const EMPTY_BOX: &str = "name, email, phone, order or ticket";
const HERE: (&str, &str) = ("evt_1", "Harbour Lights");

/// A door with a guest whose ticket has a code, besides the three.
async fn door(action: ScanAction) -> (Arc<Service>, Stage) {
    let service = Service::open();
    service.sells(ADA, ("Ada", "Byron"), HERE);
    let door = Door { scanning: action, ..Door::default() };
    let mut stage = Stage::with(door, service.client(), "evt_1", service.clock());
    stage.sees(&["ONLINE", "IN 1 of 3"]).await;
    (service, stage)
}

#[rstest]
#[case::fast("", "\r", 1_000)]
#[case::slow("", "\r", 25_000)]
#[case::without_enter("", "", 2_000)]
#[case::enter_first("\r", "", 2_000)]
#[case::in_one_piece("", "\r", 0)]
#[case::in_an_address("https://tickets.example.com/t/", "?sig=AbCdEfGhIjKlMnOp\r", 1_500)]
#[tokio::test(start_paused = true)]
async fn a_scanned_guest_is_in(#[case] before: &str, #[case] after: &str, #[case] gap: u64) {
    let (service, mut stage) = door(ScanAction::CheckIn).await;
    stage.scan(&format!("{before}{ADA}{after}"), gap).await;
    stage.sees(&["CHECKED IN   Ada Byron", "IN 2 of 3", EMPTY_BOX]).await;
    assert_eq!(service.story(ADA), ("REDEEMED".into(), vec!["CHECK_IN".into()]));
    assert_eq!(stage.seen().bells, [Bell::Pass]);
}

#[tokio::test(start_paused = true)]
async fn a_scan_with_enter_first_leaves_the_selected_guest_alone() {
    let (service, mut stage) = door(ScanAction::CheckIn).await;
    stage.type_text("lovelace");
    stage.sees(&["Enter checks in Ada Lovelace"]).await;
    stage.scan(&format!("\r{ADA}\r"), 2_000).await;
    stage.sees(&["CHECKED IN   Ada Byron"]).await;
    assert_eq!(service.story("tkt_ada").0, "ACTIVE");
}

#[tokio::test(start_paused = true)]
async fn the_same_code_twice_is_one_scan_and_later_it_goes_out_again() {
    let (service, mut stage) = door(ScanAction::Toggle).await;
    stage.scan(&format!("{ADA}\r{ADA}\r"), 1_000).await;
    stage.sees(&["CHECKED IN   Ada Byron"]).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    stage.scan(&format!("{ADA}\r"), 1_000).await;
    stage.sees(&["CHECKED OUT   Ada Byron"]).await;
    assert_eq!(service.story(ADA).1, ["CHECK_IN", "CHECK_OUT"]);
}

#[tokio::test(start_paused = true)]
async fn a_scan_that_only_shows_waits_for_enter() {
    let (service, mut stage) = door(ScanAction::Show).await;
    stage.scan(&format!("{ADA}\r"), 1_000).await;
    stage.sees(&["Enter checks in Ada Byron"]).await;
    assert_eq!(service.story(ADA).0, "ACTIVE");
    tokio::time::sleep(Duration::from_secs(1)).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Byron"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_scan_over_the_help_is_heard_and_leaks_nothing() {
    let (service, mut stage) = door(ScanAction::CheckIn).await;
    stage.press(KeyCode::F(1));
    stage.sees(&["Show every key"]).await;
    stage.scan(&format!("{ADA}\r"), 1_000).await;
    service.was_asked(&format!("PUT /tickets/{ADA}/check-in")).await;
    stage.press(KeyCode::Esc);
    stage.sees(&["CHECKED IN   Ada Byron", EMPTY_BOX]).await;
}

#[tokio::test(start_paused = true)]
async fn a_person_types_through_the_scanner_as_if_it_were_not_there() {
    let (service, mut stage) = door(ScanAction::CheckIn).await;
    stage.scan("lovelace\r", 15_000).await;
    stage.sees(&["CHECKED IN   Ada Lovelace"]).await;
    stage.scan("by", 90_000).await;
    stage.scan(&format!("{ADA}\r"), 1_000).await;
    stage.sees(&["CHECKED IN   Ada Byron"]).await;
    stage.scan("okaf", 90_000).await;
    stage.sees(&["checks out Ben Okafor"]).await;
    assert_eq!(service.story("tkt_ada").1.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn enter_means_the_row_that_was_selected_before_the_wheel_turned() {
    let (service, mut stage) = door(ScanAction::CheckIn).await;
    stage.type_text("ada");
    stage.sees(&["Enter checks in Ada Byron", "Ada Lovelace"]).await;
    stage.press(KeyCode::Enter);
    stage.wheel_down();
    stage.sees(&["CHECKED IN  Ada Byron", "IN 2 of 3"]).await;
    assert_eq!((service.story(ADA).0, service.story("tkt_ada").0), ("REDEEMED".into(), "ACTIVE".into()));
}

#[tokio::test(start_paused = true)]
async fn a_ticket_sold_a_minute_ago_comes_in() {
    let (service, mut stage) = door(ScanAction::CheckIn).await;
    service.sells("tkt_01jq8av5k3m9x2c7b4n6d8f0gd", ("Dora", "Novak"), HERE);
    stage.scan("tkt_01jq8av5k3m9x2c7b4n6d8f0gd\r", 1_000).await;
    stage.sees(&["CHECKED IN   Dora Novak", "IN 2 of 4"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_code_that_nobody_knows_is_said_after_the_service_was_asked() {
    let (service, mut stage) = door(ScanAction::CheckIn).await;
    stage.scan("tkt_01jq8av5k3m9x2c7b4n6d8f0ge\r", 1_000).await;
    stage.sees(&["UNKNOWN TICKET   …x2c7b4n6d8f0ge", "The service knows no such ticket."]).await;
    service.was_asked("GET /tickets/tkt_01jq8av5k3m9x2c7b4n6d8f0ge").await;
}

#[tokio::test(start_paused = true)]
async fn a_ticket_of_another_event_names_it() {
    let (service, mut stage) = door(ScanAction::CheckIn).await;
    service.sells("tkt_01jq8av5k3m9x2c7b4n6d8f0gd", ("Dora", "Novak"), ("evt_2", "Brass Night"));
    stage.scan("tkt_01jq8av5k3m9x2c7b4n6d8f0gd\r", 1_000).await;
    stage.sees(&["WRONG EVENT   Dora Novak", "This ticket is for Brass Night.", "IN 1 of 3"]).await;
    assert_eq!(service.story("tkt_01jq8av5k3m9x2c7b4n6d8f0gd").0, "ACTIVE");
}

#[tokio::test(start_paused = true)]
async fn offline_an_unknown_code_admits_nobody() {
    let (service, mut stage) = door(ScanAction::CheckIn).await;
    service.turns(Mood::Unreachable);
    stage.scan("tkt_01jq8av5k3m9x2c7b4n6d8f0gd\r", 1_000).await;
    stage.sees(&["NOT DONE   …x2c7b4n6d8f0gd", "do not admit"]).await;
}

#[rstest]
#[case::one_key_a_time(600)]
#[case::all_at_once(0)]
#[tokio::test(start_paused = true)]
async fn fifty_codes_in_a_second_are_all_handled_once(#[case] gap: u64) {
    let service = Service::open();
    let codes: Vec<_> = (0..50).map(|number| format!("tkt_01jq8zv5k3m9x2c7b4n6d8f{number:03}")).collect();
    for code in &codes {
        service.sells(code, ("Guest", code), HERE);
    }
    let mut stage = Stage::at(&service);
    stage.sees(&["ONLINE", "IN 1 of 52"]).await;
    let all: String = codes.iter().flat_map(|code| [code, "\r"]).collect();
    stage.scan(&all, gap).await;
    stage.sees(&["IN 51 of 52", EMPTY_BOX, &codes[49]]).await;
    // Tickets go out side by side: only the scans of one and the same ticket keep their order on the way.
    let mut scans: Vec<_> = service.asked().into_iter().filter(|one| one.starts_with("PUT")).collect();
    scans.sort();
    let expected: Vec<_> = codes.iter().map(|code| format!("PUT /tickets/{code}/check-in")).collect();
    assert_eq!(scans, expected);
}
