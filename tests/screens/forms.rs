//! Forms over the panes, from the first line to what was issued.

use crossterm::event::{KeyCode, KeyModifiers};
use doorlist::console::{CompRules, Comps, Effect, Message, Quota};
use doorlist::domain::{AttendeeField, ChangeOutcome, Faults, Made, OrderId, Ticket, TicketStatus, Trouble};
use insta::assert_snapshot;

use crate::scene::{Scene, guests, ticket};

/// One snapshot a size, and one where hardly anything fits.
fn at_every_size(name: &str, scene: &mut Scene) {
    for (width, height) in [(120, 36), (80, 24), (60, 16)] {
        assert_snapshot!(format!("{name}_{width}x{height}"), scene.text(width, height));
    }
}

fn press(scene: &mut Scene, code: KeyCode) -> Vec<Effect> {
    scene.key(code, KeyModifiers::NONE)
}

fn control(scene: &mut Scene, letter: char) {
    scene.key(KeyCode::Char(letter), KeyModifiers::CONTROL);
}

/// Says yes, and lets the service answer so.
fn answered(scene: &mut Scene, outcome: ChangeOutcome) {
    let effects = press(scene, KeyCode::Char('y'));
    let [Effect::Record(_), Effect::Change { sequence, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    scene.tell(Message::ChangeAnswered { sequence: *sequence, outcome: Box::new(outcome) });
}

/// Ada's form with another last name in it.
fn correcting() -> Scene {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace");
    control(&mut scene, 'e');
    press(&mut scene, KeyCode::Tab);
    control(&mut scene, 'u');
    scene.type_text("King");
    scene
}

fn byron() -> Ticket {
    let mut theirs = guests()[0].clone();
    theirs.attendee.last_name = "Byron".into();
    theirs.updated_at = crate::scene::now();
    theirs
}

#[test]
fn correcting_a_guest() {
    let mut scene = correcting();
    press(&mut scene, KeyCode::Tab);
    scene.type_text("@x");
    at_every_size("edit", &mut scene);
    control(&mut scene, 'u');
    scene.type_text("ada@king.example");
    press(&mut scene, KeyCode::Enter);
    at_every_size("edit_review", &mut scene);
    press(&mut scene, KeyCode::Char('y'));
    at_every_size("edit_waiting", &mut scene);
}

#[test]
fn a_change_of_one_letter_in_a_long_address_is_seen() {
    let mut ada = ticket(1, 1, "Ada", "Lovelace");
    ada.attendee.email = "ada.augusta.king-noel.countess.of.lovelace@analytical-engine.example.com".into();
    ada.updated_at = crate::scene::now();
    let mut scene = Scene::loaded_with(vec![ada]);
    scene.type_text("lovelace");
    control(&mut scene, 'e');
    press(&mut scene, KeyCode::Tab);
    press(&mut scene, KeyCode::Tab);
    press(&mut scene, KeyCode::End);
    for _ in 0..3 {
        press(&mut scene, KeyCode::Backspace);
    }
    scene.type_text("org");
    press(&mut scene, KeyCode::Enter);
    at_every_size("edit_review_long", &mut scene);
}

#[test]
fn theirs_beside_ours() {
    let mut scene = correcting();
    press(&mut scene, KeyCode::Enter);
    answered(&mut scene, ChangeOutcome::Differs(Box::new(byron())));
    at_every_size("edit_theirs", &mut scene);
}

#[test]
fn refused_and_failed() {
    let mut scene = correcting();
    press(&mut scene, KeyCode::Enter);
    let faults = Faults { fields: vec![(AttendeeField::LastName, "Too royal".into())], form: Vec::new() };
    answered(&mut scene, ChangeOutcome::Refused(faults));
    at_every_size("edit_refused", &mut scene);
    press(&mut scene, KeyCode::Char('s'));
    press(&mut scene, KeyCode::Enter);
    answered(&mut scene, ChangeOutcome::Failed(Trouble::Forbidden));
    at_every_size("edit_forbidden", &mut scene);
    press(&mut scene, KeyCode::Enter);
    answered(&mut scene, ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None });
    at_every_size("edit_unknown", &mut scene);
}

#[test]
fn saved() {
    let mut scene = correcting();
    press(&mut scene, KeyCode::Enter);
    let mut king = byron();
    king.attendee.last_name = "King".into();
    answered(&mut scene, ChangeOutcome::Made(Made { tickets: vec![king], order: None }));
    at_every_size("edit_saved", &mut scene);
}

#[test]
fn moving_to_another_tier() {
    let mut scene = Scene::loaded();
    scene.type_text("john smith");
    control(&mut scene, 't');
    at_every_size("move", &mut scene);
    press(&mut scene, KeyCode::Enter);
    at_every_size("move_review", &mut scene);
    press(&mut scene, KeyCode::Char('r'));
    at_every_size("move_reason", &mut scene);
}

#[test]
fn cancelling_and_making_valid_again() {
    let mut scene = Scene::loaded();
    scene.type_text("babbage");
    press(&mut scene, KeyCode::F(8));
    scene.type_text("canc");
    press(&mut scene, KeyCode::Enter);
    at_every_size("cancel", &mut scene);
    let mut scene = Scene::loaded();
    scene.type_text("zoe");
    press(&mut scene, KeyCode::F(7));
    at_every_size("reactivate", &mut scene);
    scene.type_text("valid");
    let effects = press(&mut scene, KeyCode::Enter);
    let [Effect::Record(_), Effect::Change { sequence, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let valid = Ticket { status: TicketStatus::Active, ..guests()[6].clone() };
    let outcome = Box::new(ChangeOutcome::Made(Made { tickets: vec![valid], order: None }));
    scene.tell(Message::ChangeAnswered { sequence: *sequence, outcome });
    at_every_size("reactivated", &mut scene);
}

/// The form for a comp, filled in for somebody of the name of a guest.
fn comping() -> Scene {
    let mut scene = Scene::loaded();
    let quotas = vec![Quota { tier: "VIP".into(), most: 4 }];
    scene.app.changes.comps = Comps::under(CompRules { reasons: vec!["Press".into(), "Artist".into()], quotas });
    scene.type_text("john smith");
    press(&mut scene, KeyCode::F(6));
    press(&mut scene, KeyCode::Tab);
    press(&mut scene, KeyCode::Char('v'));
    press(&mut scene, KeyCode::Tab);
    control(&mut scene, 'u');
    for text in ["2", "John", "Smith", "john@press.example"] {
        scene.type_text(text);
        press(&mut scene, KeyCode::Tab);
    }
    scene
}

#[test]
fn issuing_a_comp() {
    let mut scene = comping();
    at_every_size("comp", &mut scene);
    press(&mut scene, KeyCode::Enter);
    at_every_size("comp_review", &mut scene);
    answered(&mut scene, ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None });
    at_every_size("comp_unsettled", &mut scene);
    let tickets = vec![ticket(21, 9, "John", "Smith"), ticket(22, 9, "John", "Smith")];
    let order = Some(OrderId::from_service("ord_01jq8zv5k3m9x2c7b4n6000009"));
    answered(&mut scene, ChangeOutcome::Made(Made { tickets, order }));
    at_every_size("comp_issued", &mut scene);
}

#[test]
fn leaving_before_a_comp_is_answered() {
    let mut scene = comping();
    press(&mut scene, KeyCode::Enter);
    press(&mut scene, KeyCode::Char('y'));
    control(&mut scene, 'q');
    at_every_size("leave_unanswered", &mut scene);
}

#[test]
fn a_ticket_more_on_an_order() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace");
    press(&mut scene, KeyCode::F(6));
    press(&mut scene, KeyCode::Right);
    press(&mut scene, KeyCode::Enter);
    at_every_size("comp_on_order", &mut scene);
}
