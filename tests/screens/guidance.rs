//! What the banner and the header say of the next key, and of this door.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers};
use doorlist::console::{Access, Effect, Health, Message, Role};
use doorlist::domain::{AdmissionId, Entry, Gate, Operator, ScanKind, Trouble};
use insta::assert_snapshot;
use rstest::rstest;

use crate::answers::{Answer, messages};
use crate::scene::{Scene, now, scanned};

const SIZES: [(u16, u16); 3] = [(120, 36), (80, 24), (60, 16)];

fn press(scene: &mut Scene, code: KeyCode) -> Vec<Effect> {
    scene.key(code, KeyModifiers::NONE)
}

/// The service takes the check-in.
fn is_taken(scene: &mut Scene, entry: &Entry) {
    let ticket = scene.app.index.get(&entry.ticket).unwrap().clone();
    let ticket = scanned(ticket, ScanKind::CheckIn, now(), "Mo Diaz", "north-door-7f3a");
    for message in messages(entry, Answer::Accepted(ticket), now()) {
        scene.tell(message);
    }
}

/// This door is for VIP.
fn vip_door() -> Scene {
    let mut scene = Scene::loaded();
    let vip = AdmissionId::from_service("adm_01jqvip0000000000000000000");
    scene.app.door.gate = Gate { admissions: vec![vip], sections: Vec::new() };
    scene
}

#[rstest]
#[case::at_rest("", &[], "Type a name.")]
#[case::meant_for_a_guest("", &[KeyCode::F(8)], "Select a guest first: ↓")]
#[case::nobody_is_called_that("xyzzy", &[], "Nobody is found: type it another way.")]
#[case::meant_for_somebody_else("xyzzy", &[KeyCode::Enter], "Nobody is found: type it another way.")]
fn what_to_do_next_is_true(#[case] typed: &str, #[case] keys: &[KeyCode], #[case] expected: &str) {
    let mut scene = Scene::loaded();
    scene.type_text(typed);
    for key in keys {
        press(&mut scene, *key);
    }
    for (width, height) in SIZES {
        let screen = scene.text(width, height);
        assert!(screen.lines().any(|line| line.trim() == expected), "{expected}:\n{screen}");
    }
}

#[test]
fn a_typed_name_is_not_asked_for_again_while_the_list_is_coming() {
    let mut scene = Scene::loading();
    scene.type_text("smith");
    press(&mut scene, KeyCode::Enter);
    for (width, height) in SIZES {
        let screen = scene.text(width, height);
        assert!(screen.contains(" Nobody is found yet: the list is still coming."), "{screen}");
        assert!(!screen.contains("Type a name first"), "{screen}");
    }
}

#[test]
fn whoever_fell_out_of_the_rows_is_to_be_selected_anew() {
    let mut scene = Scene::loaded();
    scene.type_text("smith");
    scene.app.search.selected = None;
    assert!(scene.text(80, 24).contains(" ↓ selects a guest."), "{}", scene.text(80, 24));
}

#[test]
fn a_key_for_a_guest_pushes_the_last_result_aside_only_where_nobody_is_at_hand() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace").scan_accepted(ScanKind::CheckIn);
    scene.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
    scene.app.search.selected = None;
    press(&mut scene, KeyCode::F(8));
    let screen = scene.text(80, 24);
    assert!(
        screen.contains("Select a guest first: ↓") && screen.contains("last: ✓ CHECKED IN  Ada Lovelace"),
        "{screen}"
    );
}

#[test]
fn what_enters_at_this_door_stands_in_the_header_whoever_is_selected() {
    let mut scene = vip_door();
    scene.type_text("byron");
    for (width, height) in SIZES {
        let screen = scene.text(width, height);
        let header = screen.lines().next().unwrap();
        assert!(header.contains("Harbour Lights 2026 · door: VIP") && header.contains("20:20:00"), "{screen}");
        assert!(screen.contains("Ada Byron enters at another door; alt-O overrides."), "{screen}");
    }
    scene.app.door.gate = Gate::default();
    assert!(!scene.text(120, 36).contains("door:"));
}

#[test]
fn why_a_guest_came_in_at_the_wrong_door_stands_in_the_history() {
    let mut scene = vip_door();
    scene.type_text("byron");
    scene.key(KeyCode::Char('o'), KeyModifiers::ALT);
    scene.type_text("the lift is out of order");
    let effects = press(&mut scene, KeyCode::Enter);
    let Some(Effect::Take(entry)) = effects.last() else { panic!("{effects:?}") };
    is_taken(&mut scene, entry);
    for (width, height) in [(120, 36), (80, 24)] {
        assert_snapshot!(format!("overridden_{width}x{height}"), scene.text(width, height));
    }
}

#[test]
fn an_unsent_scan_of_nobody_known_was_taken_here() {
    let mut scene = Scene::loaded();
    scene.app.session.operator = Operator::default();
    scene.type_text("byron").scan(ScanKind::CheckIn, |_| Answer::Promised);
    let screen = scene.text(120, 36);
    assert!(screen.contains("→ IN UNSENT here"), "{screen}");
}

#[test]
fn a_pin_that_is_not_set_cannot_be_gone_on_with() {
    let mut scene = Scene::loaded();
    scene.app.access = Access::new(Role::Steward, None, Duration::ZERO);
    scene.key(KeyCode::Char('s'), KeyModifiers::CONTROL);
    let screen = scene.text(80, 24);
    assert!(screen.contains("No PIN is set") && screen.contains("Esc leave it"), "{screen}");
    assert!(!screen.contains("Enter go on"), "{screen}");
}

#[test]
fn an_empty_outbox_offers_only_the_way_out() {
    let mut scene = Scene::loaded();
    scene.key(KeyCode::Char('x'), KeyModifiers::CONTROL);
    let screen = scene.text(80, 24);
    assert!(screen.contains("Everything is sent") && screen.contains("Esc close"), "{screen}");
    assert!(!screen.contains("settle  ") && !screen.contains("↓ select"), "{screen}");
}

#[rstest]
#[case(Trouble::Unauthorized, "Token not accepted (401): renew it. F5 tries again.")]
#[case(Trouble::Forbidden, "Not permitted (403): ask a supervisor. F5 tries again.")]
fn a_pause_says_in_one_line_what_a_person_has_to_do(#[case] trouble: Trouble, #[case] expected: &str) {
    let mut scene = Scene::loaded();
    scene.tell(Message::ConnectionChanged(Health::Paused(trouble)));
    for (width, height) in [(80, 24), (60, 16)] {
        assert!(scene.text(width, height).contains(expected), "{}", scene.text(width, height));
    }
}

#[test]
fn the_last_one_of_an_order_is_one() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace");
    press(&mut scene, KeyCode::Tab);
    // Two of the four are in; one more leaves one.
    press(&mut scene, KeyCode::Char('1'));
    let effects = press(&mut scene, KeyCode::Enter);
    let [Effect::Take(entry)] = effects.as_slice() else { panic!("{effects:?}") };
    is_taken(&mut scene, entry);
    assert!(scene.text(80, 24).contains("Enter asks about the other one."), "{}", scene.text(80, 24));
    press(&mut scene, KeyCode::Left);
    press(&mut scene, KeyCode::Enter);
    let screen = scene.text(80, 24);
    assert!(screen.contains("3 of 4 are in already. Enter again checks in the other one"), "{screen}");
}

#[test]
fn what_an_undo_would_take_back_is_asked_in_full_whoever_is_selected() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace").scan_accepted(ScanKind::CheckIn);
    press(&mut scene, KeyCode::Esc);
    scene.type_text("byron");
    press(&mut scene, KeyCode::F(9));
    for (width, height) in [(120, 36), (80, 24)] {
        let screen = scene.text(width, height);
        let question = "? F9 again takes back Ada Lovelace’s check-in. Nothing was taken back yet.";
        assert!(screen.contains(question), "{screen}");
        assert_snapshot!(format!("undo_asked_{width}x{height}"), screen);
    }
}
