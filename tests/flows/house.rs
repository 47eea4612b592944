//! What is chosen and lent at the console: filters, commands, the gate, other events, a supervisor's rights.

use std::time::Duration;

use crossterm::event::KeyCode;
use doorlist::console::runtime::Ending;
use doorlist::console::{Access, App, Bell, CompRules, Comps, Quota, Role};
use doorlist::domain::Pin;
use doorlist::pin;

use super::evening::{Mood, Service};
use super::stage::Stage;

#[tokio::test(start_paused = true)]
async fn a_filter_narrows_the_list_and_goes_with_escape() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2", "3 of 3"]).await;
    stage.press(KeyCode::F(3));
    stage.sees(&["Filters", "[ ] CANCELLED"]).await;
    stage.type_text("cancelled");
    stage.press(KeyCode::Enter);
    let screen = stage.sees(&["1 of 3", "Cleo Hart"]).await;
    assert!(!screen.contains("Ada Lovelace"), "{screen}");
    stage.press(KeyCode::Esc);
    stage.sees(&["3 of 3", "Ada Lovelace"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_found_by_its_words_is_done() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    stage.type_text("lovelace");
    stage.press(KeyCode::F(2));
    stage.sees(&["Commands", "Check the selected guest in"]).await;
    stage.type_text("guest in");
    stage.sees(&["▸ Check the selected guest in"]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace"]).await;
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN"]);
}

#[tokio::test(start_paused = true)]
async fn the_help_shows_the_keys_and_typing_leads_back_to_the_guests() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    stage.press(KeyCode::F(1));
    stage.sees(&["Check the selected guest in", "Esc close"]).await;
    stage.type_text("okafor");
    stage.sees(&["› okafor", "checks out Ben Okafor"]).await;
}

#[tokio::test(start_paused = true)]
async fn the_dashboard_follows_who_comes() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    stage.alt('d');
    stage.sees(&["How it goes", "1 in, 1 to come.", "Mo Diaz · north-2"]).await;
    service.scanned_elsewhere("tkt_ada", "CHECK_IN");
    tokio::time::advance(Duration::from_secs(30)).await;
    stage.sees(&["2 in, 0 to come.", "Everyone with a valid ticket is in."]).await;
    stage.press(KeyCode::Esc);
    stage.sees_no_more("How it goes").await;
}

#[tokio::test(start_paused = true)]
async fn the_gate_is_chosen_said_and_kept_for_its_event() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    stage.alt('g');
    stage.sees(&["This door admits", "[ ] Floor"]).await;
    stage.press(KeyCode::Tab);
    stage.press(KeyCode::Enter);
    stage.sees(&["✓ DOOR SET  This door is for Floor."]).await;
    stage.control('s');
    stage.type_text("brass");
    stage.sees(&["Which event?", "Brass Night"]).await;
    stage.press(KeyCode::Enter);
    let mut left = stage.left().await;
    left.is_over().await;
    let Ending::Switch(handover) = &left.ending else { panic!("no switch") };
    let gates = handover.gates.clone();
    assert_eq!(gates.len(), 1);
    // Another event is on, and then this one again.
    let prepare = |app: &mut App| app.door.chosen = gates;
    let mut again = Stage::prepared(prepare, service.client(), "evt_1", service.clock());
    again.sees(&["This door is for Floor, as it was chosen here."]).await;
    again.press(KeyCode::Esc);
    again.alt('g');
    again.sees(&["[x] Floor"]).await;
    again.press(KeyCode::Tab);
    again.press(KeyCode::Enter);
    again.sees(&["✓ DOOR SET  This door admits everybody."]).await;
}

/// A console that a steward sits at, with a PIN.
async fn steward(service: &std::sync::Arc<Service>) -> Stage {
    let hash = pin::hash(&Pin::parse("482913").unwrap()).unwrap();
    let access = Access::new(Role::Steward, Some(hash), Duration::from_secs(300));
    let mut stage = Stage::prepared(|app| app.access = access, service.client(), "evt_1", service.clock());
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    stage.type_text("lovelace");
    stage.press(KeyCode::F(8));
    stage.sees(&["needs a supervisor", "PIN ›"]).await;
    stage
}

#[tokio::test(start_paused = true)]
async fn a_steward_cancels_nothing_until_the_pin_lends_the_rights() {
    let service = Service::open();
    let mut stage = steward(&service).await;
    stage.type_text("000000");
    stage.press(KeyCode::Enter);
    stage.sees(&["That is not the PIN. Tries left: 4."]).await;
    stage.type_text("482913");
    stage.press(KeyCode::Enter);
    stage.sees(&["Cancel the ticket", "SUPERVISOR 5 min"]).await;
    stage.press(KeyCode::Esc);
    stage.control('l');
    stage.sees_no_more("SUPERVISOR").await;
    stage.press(KeyCode::F(8));
    stage.sees(&["needs a supervisor"]).await;
    assert_eq!(service.story("tkt_ada").0, "ACTIVE");
}

#[tokio::test(start_paused = true)]
async fn five_wrong_pins_lock_it_for_a_minute() {
    let service = Service::open();
    let mut stage = steward(&service).await;
    for left in (1..5).rev() {
        stage.type_text("000000");
        stage.press(KeyCode::Enter);
        stage.sees(&[&format!("Tries left: {left}.")]).await;
    }
    stage.type_text("000000");
    stage.press(KeyCode::Enter);
    stage.sees(&["Too many wrong PINs."]).await;
    stage.type_text("482913");
    stage.press(KeyCode::Enter);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(stage.screen().contains("Too many wrong PINs."), "{}", stage.screen());
    tokio::time::sleep(Duration::from_secs(60)).await;
    stage.type_text("482913");
    stage.press(KeyCode::Enter);
    stage.sees(&["Cancel the ticket", "SUPERVISOR"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_settled_with_a_word_of_why() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    service.turns(Mood::Unreachable);
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace"]).await;
    stage.control('q');
    stage.sees(&["Not everything is sent", "1 scan waits for the service.", "The oldest: Ada Lovelace"]).await;
    stage.press(KeyCode::Esc);
    stage.control('x');
    let screen = stage.sees(&["Outbox and conflicts", "0 to settle, 1 unsent"]).await;
    assert!(!screen.contains("Enter settle"), "nothing is to be settled:\n{screen}");
    service.scanned_elsewhere("tkt_ada", "CHECK_IN");
    service.turns(Mood::Well);
    stage.sees(&["! 1 conflict", "already in elsewhere", "Enter settle"]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["▸ same person scanned twice", "Note"]).await;
    stage.type_text("twins");
    stage.press(KeyCode::Enter);
    stage.sees(&["SETTLED", "same person scanned twice (twins)", "0 to settle, 0 unsent"]).await;
    assert_eq!(stage.seen().bells, [Bell::Pass, Bell::Stop]);
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN"]);
}

#[tokio::test(start_paused = true)]
async fn a_comp_over_the_shifts_quota_is_not_issued() {
    let service = Service::open();
    let quotas = vec![Quota { tier: "Floor".to_owned(), most: 1 }];
    let comps = Comps::under(CompRules { quotas, ..CompRules::default() });
    let prepare = |app: &mut App| app.changes.comps = comps;
    let mut stage = Stage::prepared(prepare, service.client(), "evt_1", service.clock());
    stage.sees(&["ONLINE", "IN 1 of 2"]).await;
    stage.press(KeyCode::F(6));
    stage.sees(&["Issue a comp", "quota 1"]).await;
    stage.press(KeyCode::Tab);
    stage.control('u');
    stage.type_text("2");
    stage.press(KeyCode::Enter);
    stage.sees(&["✗ the quota leaves 1"]).await;
    assert!(service.asked().iter().all(|request| request.starts_with("GET ")), "{:?}", service.asked());
}

#[tokio::test(start_paused = true)]
async fn a_code_that_is_scanned_inside_a_form_acts_and_leaves_the_form_as_it_was() {
    let service = Service::open();
    service.sells("tkt_01jq8zv5k3m9x2c7b4n6d8f0ga", ("Dora", "Novak"), ("evt_1", "Harbour Lights"));
    let mut stage = Stage::at(&service);
    stage.sees(&["ONLINE", "IN 1 of 3"]).await;
    stage.type_text("lovelace");
    stage.control('e');
    stage.sees(&["Correct the guest"]).await;
    stage.control('u');
    stage.type_text("Augusta");
    stage.sees(&["*First name  Augusta"]).await;
    // A pause: the code is no part of what was typed.
    tokio::time::sleep(Duration::from_secs(1)).await;
    stage.scan("tkt_01jq8zv5k3m9x2c7b4n6d8f0ga\r", 1_000).await;
    stage.sees(&["CHECKED IN   Dora Novak", "*First name  Augusta ", "Correct the guest"]).await;
    assert_eq!(service.story("tkt_01jq8zv5k3m9x2c7b4n6d8f0ga").1, ["CHECK_IN"]);
}
