//! Orders, undo and the gate at the console's loop: keys in, the service's state and the screen out.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;
use doorlist::console::{Bell, Door, GateNames};

use super::evening::{Mood, Service};
use super::stage::Stage;

const HERE: (&str, &str) = ("evt_1", "Harbour Lights");
const ORDER: &str = "ord_01jq8zv5k3m9x2c7b4n6d8f0ga";
const FAMILY: [(&str, &str); 3] = [("tkt_m1", "Ann"), ("tkt_m2", "Bo"), ("tkt_m3", "Cid")];

/// A door with a family of three in one order, besides the three guests.
async fn door(door: Door) -> (Arc<Service>, Stage) {
    let service = Service::open();
    for (id, name) in FAMILY {
        service.sells(id, (name, "Marsh"), HERE);
        service.belongs(id, ORDER);
    }
    let mut stage = Stage::with(door, service.client(), "evt_1", service.clock());
    stage.sees(&["ONLINE", "IN 1 of 5"]).await;
    (service, stage)
}

#[tokio::test(start_paused = true)]
async fn a_family_comes_in_by_one_key_and_each_ticket_is_a_scan_of_its_own() {
    let (service, mut stage) = door(Door::default()).await;
    stage.type_text("ann marsh");
    stage.sees(&["Enter checks in Ann Marsh"]).await;
    stage.press(KeyCode::Tab);
    stage.sees(&["0 of 3 in", "Enter checks in 3 guests."]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["3 of 3 in", "Nobody is left to check in. Enter closes.", "IN 4 of 5"]).await;
    for (id, _) in FAMILY {
        assert_eq!(service.story(id).1, ["CHECK_IN"]);
    }
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN", "order: 3 of 3 in"]).await;
}

#[tokio::test(start_paused = true)]
async fn one_more_of_an_order_comes_in_by_a_digit() {
    let (service, mut stage) = door(Door::default()).await;
    stage.type_text("bo marsh");
    stage.press(KeyCode::Tab);
    stage.sees(&["0 of 3 in"]).await;
    stage.type_text("1");
    stage.sees(&["Enter checks in 1 guest."]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["1 of 3 in", "IN 2 of 5"]).await;
    assert_eq!(service.story("tkt_m1").0, "REDEEMED");
    assert_eq!(service.story("tkt_m2").0, "ACTIVE");
}

#[tokio::test(start_paused = true)]
async fn the_rest_of_an_order_that_is_in_partly_is_asked_about() {
    let (service, mut stage) = door(Door::default()).await;
    service.scanned_elsewhere("tkt_m2", "CHECK_IN");
    stage.press(KeyCode::F(5));
    stage.sees(&["IN 2 of 5"]).await;
    stage.type_text("ann marsh");
    stage.press(KeyCode::Tab);
    stage.press(KeyCode::Enter);
    stage.sees(&["1 of 3 is in already. Enter again checks in the other 2"]).await;
    // The same Enter twice is no answer; the clock is paused, and this costs no time.
    stage.press(KeyCode::Enter);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(service.story("tkt_m1").0, "ACTIVE");
    stage.press(KeyCode::Enter);
    stage.sees(&["3 of 3 in", "IN 4 of 5"]).await;
    assert_eq!(service.story("tkt_m2").1, ["CHECK_IN"]);
}

#[tokio::test(start_paused = true)]
async fn a_scanned_order_opens_and_a_scanned_ticket_acts_over_it() {
    let (service, mut stage) = door(Door::default()).await;
    service.sells("tkt_01jq8zv5k3m9x2c7b4n6d8f0ga", ("Dora", "Novak"), HERE);
    stage.scan(&format!("{ORDER}\r"), 1_000).await;
    stage.sees(&["0 of 3 in", "Enter checks in 3 guests."]).await;
    assert_eq!(service.story("tkt_m1").0, "ACTIVE", "the scanner's Enter is not the order's");
    stage.scan("tkt_01jq8zv5k3m9x2c7b4n6d8f0ga\r", 1_000).await;
    stage.sees(&["CHECKED IN   Dora Novak", "Enter checks in 3 guests."]).await;
    assert_eq!(service.story("tkt_m1").0, "ACTIVE", "no digit of the code was a number of guests");
}

#[tokio::test(start_paused = true)]
async fn the_last_act_is_taken_back_by_the_opposite_scan() {
    let (service, mut stage) = door(Door::default()).await;
    stage.type_text("lovelace");
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace"]).await;
    stage.press(KeyCode::F(9));
    stage.sees(&["CHECKED OUT   Ada Lovelace", "the check-in was taken back", "IN 1 of 5"]).await;
    assert_eq!(service.story("tkt_ada"), ("ACTIVE".into(), vec!["CHECK_IN".into(), "CHECK_OUT".into()]));
    stage.press(KeyCode::F(9));
    // The same key at once is a bounce; the clock is paused, and this costs no time.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let screen = stage.sees(&["CHECKED OUT   Ada Lovelace"]).await;
    assert!(!screen.contains("NOT DONE"), "a bounce hides what was done:\n{screen}");
    stage.press(KeyCode::F(9));
    stage.sees(&["NOT DONE", "the last act was taken back already"]).await;
    assert_eq!(service.story("tkt_ada").1.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_undo_that_another_door_overtook_is_no_success() {
    let (service, mut stage) = door(Door::default()).await;
    stage.type_text("lovelace");
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace"]).await;
    service.scanned_elsewhere("tkt_ada", "CHECK_OUT");
    service.scanned_elsewhere("tkt_ada", "CHECK_IN");
    stage.press(KeyCode::F(9));
    stage.sees(&["REFUSED   Ada Lovelace", "not taken back: in at 09:00", "north-2"]).await;
    assert_eq!(service.story("tkt_ada").1, ["CHECK_IN", "CHECK_OUT", "CHECK_IN"], "the other door's guest stays in");
}

#[tokio::test(start_paused = true)]
async fn offline_the_last_act_is_withdrawn_without_a_call() {
    let (service, mut stage) = door(Door::default()).await;
    service.turns(Mood::Unreachable);
    stage.type_text("okafor");
    stage.control('o');
    stage.sees(&["OUT, NOT YET SENT   Ben Okafor"]).await;
    stage.type_text("lovelace");
    stage.press(KeyCode::Enter);
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace"]).await;
    stage.press(KeyCode::F(9));
    stage.sees(&["TAKEN BACK   Ada Lovelace", "It was never sent"]).await;
    service.turns(Mood::Well);
    stage.sees(&["ONLINE", "IN 0 of 5"]).await;
    assert_eq!(service.story("tkt_ada").1.len(), 0);
    assert_eq!(service.story("tkt_ben").1, ["CHECK_IN", "CHECK_OUT"]);
}

#[tokio::test(start_paused = true)]
async fn the_wrong_door_names_the_tier_and_a_reason_opens_it() {
    let names = GateNames { admissions: vec!["VIP".into()], sections: Vec::new() };
    let (service, mut stage) = door(Door { names, ..Door::default() }).await;
    stage.sees(&["This door is for no tier of this event"]).await;
    stage.type_text("lovelace");
    stage.press(KeyCode::Enter);
    stage.sees(&["WRONG DOOR   Ada Lovelace", "Floor enters at another door."]).await;
    assert_eq!((service.story("tkt_ada").0, stage.seen().bells), ("ACTIVE".into(), vec![Bell::Stop]));
    stage.alt('o');
    stage.sees(&["Why all the same?"]).await;
    stage.type_text("wheelchair");
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace", "IN 2 of 5"]).await;
}

/// An older service: an order is as many scans as it has tickets, each with an answer of its own.
#[tokio::test(start_paused = true)]
async fn on_a_service_with_the_documented_scan_alone_each_ticket_has_its_own_result() {
    let (service, mut stage) = door(Door::default()).await;
    service.turns(Mood::Documented);
    stage.type_text("ann marsh");
    stage.sees(&["Enter checks in Ann Marsh"]).await;
    stage.press(KeyCode::Tab);
    stage.sees(&["0 of 3 in", "Enter checks in 3 guests."]).await;
    // The list has not heard of it.
    service.scanned_elsewhere("tkt_m2", "CHECK_IN");
    stage.press(KeyCode::Enter);
    stage.sees(&["3 of 3 in", "IN 4 of 5"]).await;
    for (id, _) in FAMILY {
        assert_eq!(service.story(id), ("REDEEMED".into(), vec!["CHECK_IN".into()]));
        assert!(service.asked().contains(&format!("POST /tickets/{id}/scan")), "{:?}", service.asked());
    }
    stage.press(KeyCode::Esc);
    stage.control('d');
    let rows = [
        "✓ CHECKED IN        check-in   Ann",
        "✗ ALREADY IN        check-in   Bo",
        "✓ CHECKED IN        check-in   Cid",
    ];
    stage.sees(&rows).await;
}
