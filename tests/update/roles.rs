//! Who may do what: the table, the PIN, and what goes on afterwards.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{
    Access, Action, App, Effect, EventPicker, Keymap, Message, Mode, PinStage, Popup, Role, Stored,
};
use doorlist::domain::{AuditAct, AuditRecord, Event, PinHash};
use doorlist::wire;
use jiff::Timestamp;
use rstest::rstest;
use strum::IntoEnumIterator;

use super::stage::{at, control, loaded, now, press, type_text};

/// A steward's console with a PIN, and an act that a steward lacks on F12.
fn stewards() -> App {
    let mut app = loaded();
    let table = "[[door]]\non = [\"f12\"]\nrun = \"switch-event\"";
    app.keymap = Arc::new(Keymap::built_in().unwrap().overridden("keymap.toml", table).unwrap());
    app.access = Access::new(Role::Steward, Some(PinHash::new("$argon2id$…")), Duration::from_secs(300));
    app
}

fn stage(app: &App) -> PinStage {
    let Some(Popup::Pin(prompt)) = &app.popup else { panic!("{:?}", app.popup) };
    prompt.stage
}

/// Types a PIN, and lets it be right or wrong at this time.
fn try_pin(app: &mut App, is_right: bool, at: Timestamp) -> Vec<Effect> {
    type_text(app, "4711");
    let effects = press(app, KeyCode::Enter);
    let [Effect::VerifyPin { sequence, pin, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(pin.expose(), "4711");
    app.update(Message::PinVerified { sequence: *sequence, is_right }, at)
}

/// What is kept of a try.
fn recorded(effects: &[Effect]) -> &str {
    let [Effect::Record(record)] = effects else { panic!("{effects:?}") };
    assert_eq!(record.act, AuditAct::Pin);
    record.outcome.as_str()
}

#[test]
fn every_role_may_do_what_those_before_it_may() {
    for action in Action::iter() {
        assert!(action.needs() >= Role::Steward && Role::Supervisor >= action.needs(), "{action}");
    }
    for (action, least) in [
        (Action::CheckIn, Role::Steward),
        (Action::CheckOut, Role::Steward),
        (Action::Edit, Role::BoxOffice),
        (Action::IssueComp, Role::BoxOffice),
        (Action::CancelTicket, Role::Supervisor),
        (Action::ReactivateTicket, Role::Supervisor),
        (Action::Settle, Role::Supervisor),
    ] {
        assert_eq!(action.needs(), least, "{action}");
    }
}

#[test]
fn an_act_that_the_role_lacks_asks_for_the_pin_and_then_goes_on() {
    let mut app = stewards();
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::F(12));
    assert_eq!((app.mode(), stage(&app)), (Mode::Pin, PinStage::Typing));
    let effects = try_pin(&mut app, true, now());
    assert!(matches!(effects[..], [Effect::Record(_), Effect::ListEvents { .. }]), "{effects:?}");
    assert_eq!((app.mode(), app.access.role(now())), (Mode::Events, Role::Supervisor));
    assert_eq!(app.search.input.value(), "ada", "the PIN was typed nowhere else");
}

#[test]
fn the_rights_are_lent_for_a_while_and_can_be_given_back() {
    let mut app = stewards();
    press(&mut app, KeyCode::F(12));
    try_pin(&mut app, true, now());
    assert_eq!((app.access.role(at(299)), app.access.role(at(300))), (Role::Supervisor, Role::Steward));
    app.popup = None;
    control(&mut app, 'l');
    assert_eq!(app.access.role(at(1)), Role::Steward);
}

#[test]
fn the_act_goes_on_with_no_other_guest_than_the_one_who_was_selected() {
    let mut app = stewards();
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::F(12));
    app.search.selected = Some(doorlist::domain::TicketId::from_service("tkt_ben"));
    assert_eq!(recorded(&try_pin(&mut app, true, now())), "right: a supervisor's rights were lent");
    assert_eq!(app.popup, None);
}

#[test]
fn a_pin_that_is_pasted_behind_a_wrong_one_is_another_try() {
    let mut app = stewards();
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::F(12));
    for is_right in [false, true] {
        app.update(Message::Pasted("4711".into()), now());
        let effects = press(&mut app, KeyCode::Enter);
        let [Effect::VerifyPin { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
        app.update(Message::PinVerified { sequence, is_right }, now());
    }
    assert_eq!(app.access.role(now()), Role::Supervisor);
}

#[test]
fn five_wrong_pins_lock_it_for_a_minute() {
    let mut app = stewards();
    press(&mut app, KeyCode::F(12));
    for tries in (1..=5).rev() {
        assert_eq!(app.access.tries_left(), tries);
        assert_eq!(recorded(&try_pin(&mut app, false, now())), "wrong PIN");
        assert_eq!(stage(&app), PinStage::Wrong);
    }
    assert!(app.access.locked_for(at(59)).is_some());
    type_text(&mut app, "4711");
    assert!(press(&mut app, KeyCode::Enter).is_empty(), "no PIN is taken while it is locked");
    press(&mut app, KeyCode::Esc);
    assert_eq!((app.mode(), app.access.locked_for(at(60))), (Mode::Door, None));
}

#[test]
fn a_restart_does_not_open_the_lock() {
    let mut before = stewards();
    press(&mut before, KeyCode::F(12));
    let mut acts: Vec<AuditRecord> = Vec::new();
    for (second, is_right) in [(0, false), (1, true), (2, false), (3, false), (4, false), (5, false)] {
        let effects = try_pin(&mut before, is_right, at(second));
        let [Effect::Record(record), ..] = &effects[..] else { panic!("{effects:?}") };
        acts.insert(0, AuditRecord::clone(record));
        if is_right {
            before.popup = None;
            control(&mut before, 'l');
            press(&mut before, KeyCode::F(12));
        }
    }
    assert_eq!(before.access.tries_left(), 1);
    let mut app = stewards();
    let stored = Stored { acts, ..Stored::default() };
    app.update(Message::StoreOpened(Box::new(stored)), at(10));
    assert_eq!(app.access.tries_left(), 1, "a right PIN forgives what was before it, and a restart nothing");
    press(&mut app, KeyCode::F(12));
    try_pin(&mut app, false, at(11));
    assert!(app.access.locked_for(at(12)).is_some());
}

#[test]
fn a_scan_while_the_pin_is_compared_does_not_bring_the_question_back() {
    for is_right in [true, false] {
        let mut app = stewards();
        press(&mut app, KeyCode::F(12));
        type_text(&mut app, "4711");
        let effects = press(&mut app, KeyCode::Enter);
        let [Effect::VerifyPin { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
        app.update(Message::TypingBegan, now());
        type_text(&mut app, "tkt");
        app.update(Message::PinVerified { sequence, is_right }, now());
        type_text(&mut app, "_01");
        app.update(Message::TypingWithdrawn, now());
        if is_right {
            assert_eq!(app.mode(), Mode::Events, "the act went on");
        } else {
            let Some(Popup::Pin(prompt)) = &app.popup else { panic!("{:?}", app.popup) };
            assert!(!matches!(prompt.stage, PinStage::Checking { .. }));
            assert_eq!(prompt.field.value(), "", "nothing of the code is left in it");
        }
    }
}

#[test]
fn wrong_pins_count_once_however_many_events_follow() {
    let mut app = stewards();
    press(&mut app, KeyCode::F(12));
    let effects = try_pin(&mut app, false, at(1));
    let [Effect::Record(record)] = &effects[..] else { panic!("{effects:?}") };
    let stored = || Box::new(Stored { acts: vec![AuditRecord::clone(record)], ..Stored::default() });
    let mut started = stewards();
    started.update(Message::StoreOpened(stored()), at(2));
    assert_eq!(started.access.tries_left(), 4);
    // The next event's console gets the first one's access, and opens the same store again.
    let mut next = stewards();
    next.access = started.access.clone();
    next.update(Message::StoreOpened(stored()), at(3));
    assert_eq!(next.access.tries_left(), 4);
}

#[rstest]
#[case::too_short("47")]
#[case::empty("")]
fn what_can_be_no_pin_is_not_even_compared(#[case] typed: &str) {
    let mut app = stewards();
    press(&mut app, KeyCode::F(12));
    type_text(&mut app, typed);
    assert!(press(&mut app, KeyCode::Enter).is_empty());
    assert_eq!(app.access.tries_left(), 5);
}

#[test]
fn an_answer_to_a_question_that_was_left_raises_nobody() {
    let mut app = stewards();
    press(&mut app, KeyCode::F(12));
    type_text(&mut app, "4711");
    let effects = press(&mut app, KeyCode::Enter);
    let [Effect::VerifyPin { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
    press(&mut app, KeyCode::Esc);
    app.update(Message::PinVerified { sequence, is_right: true }, now());
    press(&mut app, KeyCode::F(12));
    app.update(Message::PinVerified { sequence, is_right: true }, now());
    assert_eq!((app.access.role(now()), stage(&app)), (Role::Steward, PinStage::Typing));
}

#[test]
fn to_close_the_question_does_not_make_a_wrong_pin_uncounted() {
    let mut app = stewards();
    let mut acts: Vec<AuditRecord> = Vec::new();
    for (second, is_right) in [(1, false), (2, false), (3, true), (4, false), (5, false)] {
        press(&mut app, KeyCode::F(12));
        type_text(&mut app, "4711");
        let effects = press(&mut app, KeyCode::Enter);
        let [Effect::VerifyPin { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
        press(&mut app, KeyCode::Esc);
        let effects = app.update(Message::PinVerified { sequence, is_right }, at(second));
        let expected = if is_right { "right, but the question was closed: no rights were lent" } else { "wrong PIN" };
        assert_eq!((recorded(&effects), app.mode()), (expected, Mode::Door));
        let [Effect::Record(record)] = &effects[..] else { panic!("{effects:?}") };
        acts.insert(0, AuditRecord::clone(record));
    }
    assert_eq!((app.access.tries_left(), app.access.role(at(6))), (1, Role::Steward));
    let mut restarted = stewards();
    restarted.update(Message::StoreOpened(Box::new(Stored { acts, ..Stored::default() })), at(10));
    assert_eq!(restarted.access.tries_left(), 1);
}

#[test]
fn without_a_pin_there_is_nothing_to_type() {
    let mut app = stewards();
    app.access = Access::new(Role::BoxOffice, None, Duration::ZERO);
    press(&mut app, KeyCode::F(12));
    type_text(&mut app, "4711");
    assert!(press(&mut app, KeyCode::Enter).is_empty());
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.popup, None);
}

#[test]
fn rights_that_run_out_over_an_open_form_are_asked_for_again() {
    let mut app = stewards();
    let later = |app: &mut App, code| {
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        app.update(Message::KeyPressed(key), at(301))
    };
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::F(8));
    try_pin(&mut app, true, now());
    type_text(&mut app, "cancel");
    let form = app.popup.clone();
    assert!(matches!(form, Some(Popup::Validity(_))), "{form:?}");
    assert_eq!(later(&mut app, KeyCode::Enter), []);
    let Some(Popup::Pin(prompt)) = &app.popup else { panic!("{:?}", app.popup) };
    assert_eq!((prompt.needs, prompt.action), (Role::Supervisor, Action::Confirm));
    later(&mut app, KeyCode::Esc);
    assert_eq!(app.popup, form, "the form stands as it was");
    later(&mut app, KeyCode::Enter);
    try_pin(&mut app, true, at(302));
    assert_eq!(app.access.role(at(303)), Role::Supervisor);
    assert_ne!(app.popup, form, "the right PIN goes on with it");
}

#[rstest]
#[case::by_itself(true, Mode::Door)]
#[case::by_a_key(false, Mode::Pin)]
fn an_event_is_chosen_by_the_box_office_unless_it_was_offered(#[case] offered: bool, #[case] then: Mode) {
    let mut app = stewards();
    let mut picker = EventPicker::new(None, 7);
    picker.was_offered = offered;
    app.popup = Some(Popup::Events(picker));
    let name = wire::Event { id: "evt_2".to_owned(), ..wire::Event::default() };
    let listed = Ok(vec![Event::from(name).summary]);
    app.update(Message::EventsListed { sequence: 7, listed }, now());
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!((effects.len(), app.mode()), (usize::from(offered), then), "{effects:?}");
}

#[test]
fn the_palette_asks_for_the_role_too() {
    let mut app = stewards();
    press(&mut app, KeyCode::F(2));
    type_text(&mut app, "f12");
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.mode(), Mode::Pin);
}
