//! What was done and refused at this console, and what a restart brings back of it.

use crossterm::event::KeyCode;

use super::evening::{Mood, Service};
use super::stage::Stage;

#[tokio::test(start_paused = true)]
async fn the_list_finds_an_act_and_shows_its_ticket() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["CHECKED IN   Ada Lovelace"]).await;
    stage.type_text("okafor");
    stage.press(KeyCode::Enter);
    stage.sees(&["ALREADY IN   Ben Okafor"]).await;
    stage.control('d');
    stage.sees(&["Door activity", "▸ 09:00  ✗ ALREADY IN", "✓ CHECKED IN", "by Robin Marsh"]).await;
    stage.type_text("lovelace");
    stage.sees(&["▸ 09:00  ✓ CHECKED IN        check-in   Ada Lovelace", "1 of 2"]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&["^O checks out Ada Lovelace"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_promise_that_is_refused_later_shows_as_refused_also_after_a_restart() {
    let service = Service::open();
    let mut stage = Stage::at(&service);
    stage.sees(&["IN 1 of 2"]).await;
    service.turns(Mood::Unreachable);
    stage.type_text("ada");
    stage.press(KeyCode::Enter);
    stage.sees(&["IN, NOT YET SENT   Ada Lovelace"]).await;
    stage.press(KeyCode::Esc);
    stage.control('d');
    stage.sees(&["▸ 09:00  → IN, NOT YET SENT"]).await;
    service.scanned_elsewhere("tkt_ada", "CHECK_IN");
    service.turns(Mood::Well);
    let screen = stage.sees(&["▸ 09:00  ✗ ALREADY IN", "done here on our word, refused by the service"]).await;
    assert!(screen.contains("! 1 conflict"), "{screen}");
    stage.press(KeyCode::Esc);
    let mut left = stage.quit().await;
    left.is_over().await;
    let mut stage = Stage::again(left, &service);
    stage.sees(&["! 1 conflict"]).await;
    stage.control('d');
    stage.sees(&["Door activity", "✗ ALREADY IN", "Ada Lovelace", "done here on our word"]).await;
}
