//! One Enter that comes twice: it passes no question that nobody can have read, and lets nobody in.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{Access, App, Effect, Message, Mode, Popup, Role};
use doorlist::domain::{EntryState, OrderId, PinHash, Refusal, ScanRefusal, Why};
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::stage::{at, control, loaded_with, now, press, scan, ticket, type_text};
use crate::answers::{Answer, messages};

const ORDER: &str = "ord_01jq8zv5k3m9x2c7b4n6d8f0ga";

/// Ada and Ben share an order, Ben is in; Ada is selected and can come in.
fn door() -> App {
    let mut guests = vec![
        ticket("tkt_ada", "Ada", "Lovelace", "ACTIVE", -900, &[]),
        ticket("tkt_ben", "Ben", "Okafor", "REDEEMED", -720, &[scan("s1", "CHECK_IN", -720)]),
    ];
    for ticket in &mut guests {
        ticket.order_id = OrderId::parse(ORDER).unwrap();
    }
    let mut app = loaded_with(guests);
    type_text(&mut app, "ada");
    app
}

fn alt(app: &mut App, letter: char) {
    app.update(Message::KeyPressed(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT)), now());
}

fn enter(app: &mut App, at: Timestamp) -> Vec<Effect> {
    app.update(Message::KeyPressed(KeyCode::Enter.into()), at)
}

fn help(app: &mut App) {
    press(app, KeyCode::F(1));
}

fn dashboard(app: &mut App) {
    alt(app, 'd');
}

fn gate(app: &mut App) {
    alt(app, 'g');
}

fn partial_order(app: &mut App) {
    press(app, KeyCode::Tab);
}

fn palette(app: &mut App) {
    control(app, 'g');
    type_text(app, "order in");
}

/// Ada was refused a moment ago.
fn activity(app: &mut App) {
    let Some(Effect::Take(entry)) = press(app, KeyCode::Enter).pop() else { panic!() };
    let already = ScanRefusal::Rule(Refusal::AlreadyCheckedIn);
    for told in messages(&entry, Answer::Refused(already, None), at(1)) {
        app.update(told, at(1));
    }
    alt(app, 'a');
}

/// Ben went out on our word, which the service refused.
fn conflict(app: &mut App) {
    control(app, 'u');
    type_text(app, "ben");
    let Some(Effect::Take(mut entry)) = control(app, 'o').pop() else { panic!() };
    entry.promised = true;
    app.update(Message::EntryKept(entry.clone()), now());
    let why = Why::Rule(ScanRefusal::Rule(Refusal::NotCheckedIn));
    entry.state = EntryState::Refused { why, theirs: None, at: now(), settled: None };
    app.update(Message::EntryKept(entry), now());
    control(app, 'x');
}

#[rstest]
#[case::the_help_closes_over_a_guest(help)]
#[case::the_figures_close_over_a_guest(dashboard)]
#[case::the_gate_closes_over_a_guest(gate)]
#[case::the_activity_shows_a_guest(activity)]
#[case::the_rest_of_an_order_is_asked_about(partial_order)]
#[case::the_palette_opens_an_order(palette)]
#[case::a_conflict_is_asked_about(conflict)]
fn an_enter_that_comes_twice_counts_once(#[case] opens: fn(&mut App)) {
    let mut app = door();
    opens(&mut app);
    assert!(app.popup.is_some());
    let scans = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Take(_)));
    let pressed = at(10);
    let before = app.popup.clone();
    assert!(!scans(&enter(&mut app, pressed)));
    let shown: Option<Popup> = app.popup.clone();
    assert_ne!(shown, before, "the first one counts");
    assert_eq!(enter(&mut app, pressed + SignedDuration::from_millis(120)), []);
    assert_eq!(app.popup, shown, "the same one again does not");
    let effects = enter(&mut app, pressed + SignedDuration::from_secs(2));
    assert!(!effects.is_empty() || app.popup != shown, "an Enter of its own does");
}

#[test]
fn another_key_in_between_shows_that_an_enter_is_meant() {
    let mut app = door();
    partial_order(&mut app);
    assert_eq!(enter(&mut app, at(10)), [], "asked about");
    app.update(Message::KeyPressed(KeyCode::Char('1').into()), at(10));
    let effects = enter(&mut app, at(10));
    assert!(matches!(effects[..], [Effect::Take(_)]), "{effects:?}");
}

/// A supervisor's PIN was asked for over a conflict, typed, and found right before the second Enter came.
#[test]
fn the_enter_of_a_pin_that_comes_twice_settles_nothing() {
    let mut app = door();
    conflict(&mut app);
    app.access = Access::new(Role::Steward, Some(PinHash::new("$argon2id$…")), Duration::from_secs(300));
    enter(&mut app, at(10));
    assert_eq!(app.mode(), Mode::Pin);
    type_text(&mut app, "4711");
    let effects = enter(&mut app, at(20));
    let [Effect::VerifyPin { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
    let soon = at(20) + SignedDuration::from_millis(60);
    app.update(Message::PinVerified { sequence, is_right: true }, soon);
    assert_eq!(app.mode(), Mode::Settle, "the act goes on");
    assert_eq!(enter(&mut app, soon + SignedDuration::from_millis(60)), []);
    assert_eq!(app.mode(), Mode::Settle, "the reasons were not read yet");
    assert!(matches!(enter(&mut app, at(23))[..], [Effect::Settle { .. }]));
}

/// Checks Ada in, and lets the service take it.
fn ada_is_in(app: &mut App) {
    let Some(Effect::Take(entry)) = press(app, KeyCode::Enter).pop() else { panic!() };
    let inside = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 1, &[scan("s2", "CHECK_IN", 1)]);
    for told in messages(&entry, Answer::Accepted(inside), at(1)) {
        app.update(told, at(1));
    }
}

#[test]
fn an_f9_that_comes_twice_takes_back_one_act_and_answers_no_question() {
    let mut app = door();
    ada_is_in(&mut app);
    let f9 = |app: &mut App, at| app.update(Message::KeyPressed(KeyCode::F(9).into()), at);
    let effects = f9(&mut app, at(10));
    let [Effect::Undo { with, .. }] = &effects[..] else { panic!("{effects:?}") };
    let out = [scan("s2", "CHECK_IN", 1), scan("s3", "CHECK_OUT", 10)];
    let out = ticket("tkt_ada", "Ada", "Lovelace", "ACTIVE", 2, &out);
    for told in messages(with, Answer::Accepted(out), at(10)) {
        app.update(told, at(10));
    }
    let said = app.banner.clone();
    assert_eq!(f9(&mut app, at(10) + SignedDuration::from_millis(120)), []);
    assert_eq!(app.banner, said, "what was done stays said");
    // The banner speaks of nobody: the next one is asked about, and the same key at once is no answer.
    ada_is_in_again(&mut app);
    press(&mut app, KeyCode::Esc);
    assert!(!takes_back(&f9(&mut app, at(30))), "asked about");
    assert_eq!(f9(&mut app, at(30) + SignedDuration::from_millis(120)), []);
    assert!(takes_back(&f9(&mut app, at(32))));
}

#[test]
fn an_f9_that_is_held_asks_once_and_answers_nothing_until_it_is_pressed_again() {
    let mut app = door();
    ada_is_in(&mut app);
    press(&mut app, KeyCode::Esc);
    let f9 = |app: &mut App, at| app.update(Message::KeyPressed(KeyCode::F(9).into()), at);
    // The banner speaks of nobody, so that it asks first.
    assert!(!takes_back(&f9(&mut app, at(10))));
    for repeat in 0..100 {
        let held = at(10) + SignedDuration::from_millis(500 + 30 * repeat);
        assert_eq!(f9(&mut app, held), [], "{held}");
    }
    let released = at(10) + SignedDuration::from_millis(500 + 30 * 99);
    assert!(takes_back(&f9(&mut app, released + SignedDuration::from_millis(800))));
}

fn ada_is_in_again(app: &mut App) {
    let effects = app.update(Message::KeyPressed(KeyCode::Enter.into()), at(20));
    let [Effect::Take(entry)] = &effects[..] else { panic!("{effects:?}") };
    let scans = [scan("s2", "CHECK_IN", 1), scan("s3", "CHECK_OUT", 10), scan("s4", "CHECK_IN", 20)];
    let inside = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 3, &scans);
    for told in messages(entry, Answer::Accepted(inside), at(20)) {
        app.update(told, at(20));
    }
}

fn takes_back(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Undo { .. }))
}
