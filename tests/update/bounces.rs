//! One Enter that comes twice: it passes no question that nobody can have read, and lets nobody in.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{App, Effect, Message, Popup};
use doorlist::domain::{EntryState, OrderId, Refusal, ScanRefusal, Why};
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
