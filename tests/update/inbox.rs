//! The outbox and its conflicts, and leaving with unsent scans.

use crossterm::event::KeyCode;
use doorlist::console::{App, Effect, Health, Message, Mode, Popup};
use doorlist::domain::{Entry, EntryState, Refusal, ScanRefusal, SettleReason, Trouble, Why};

use super::stage::{at, control, loaded, now, press, type_text};
use crate::answers::{Answer, messages};

/// Lets Ada in and Ben out on our word.
pub fn offline_evening() -> (App, Entry, Entry) {
    let mut app = loaded();
    app.update(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)), now());
    let mut take = |name: &str, key: fn(&mut App) -> Vec<Effect>| {
        type_text(&mut app, name);
        let effects = key(&mut app);
        let [Effect::Take(entry)] = &effects[..] else { panic!("{effects:?}") };
        let entry = (**entry).clone();
        for message in messages(&entry, Answer::Promised, at(1)) {
            app.update(message, at(1));
        }
        Entry { promised: true, ..entry }
    };
    let ada = take("ada", |app| press(app, KeyCode::Enter));
    let ben = take("ben", |app| control(app, 'o'));
    (app, ada, ben)
}

fn refuse(app: &mut App, entry: &Entry) {
    let why = Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
    let state = EntryState::Refused { why, theirs: None, at: at(60), settled: None };
    app.update(Message::EntryKept(Box::new(Entry { state, ..entry.clone() })), at(60));
}

fn rows(app: &App) -> Vec<&str> {
    app.inbox_rows().iter().map(|entry| entry.ticket.as_str()).collect()
}

#[test]
fn conflicts_come_first_and_are_settled_with_a_reason() {
    let (mut app, ada, ben) = offline_evening();
    assert_eq!(rows(&app), ["tkt_ada", "tkt_ben"]);
    refuse(&mut app, &ben);
    assert_eq!(rows(&app), ["tkt_ben", "tkt_ada"]);
    control(&mut app, 'x');
    assert_eq!(app.mode(), Mode::Inbox);
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.mode(), Mode::Settle);
    press(&mut app, KeyCode::Down);
    let effects = press(&mut app, KeyCode::Enter);
    let [Effect::Settle { entry, settlement }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((*entry, settlement.reason, settlement.at), (ben.id, SettleReason::LetInByMistake, now()));
    let why = Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
    let state = EntryState::Refused { why, theirs: None, at: at(60), settled: Some(settlement.clone()) };
    app.update(Message::EntryKept(Box::new(Entry { state, ..ben })), at(61));
    assert_eq!((app.outbox.conflict_count(), rows(&app)), (0, vec!["tkt_ada", "tkt_ben"]), "it stays in the record");
    assert_eq!(app.mode(), Mode::Inbox);
    assert_eq!(app.outbox.unsent().map(|entry| entry.id).collect::<Vec<_>>(), [ada.id]);
}

#[test]
fn other_needs_a_word() {
    let (mut app, _, ben) = offline_evening();
    refuse(&mut app, &ben);
    control(&mut app, 'x');
    press(&mut app, KeyCode::Enter);
    for _ in 0..9 {
        press(&mut app, KeyCode::Down);
    }
    assert!(press(&mut app, KeyCode::Enter).is_empty(), "nothing is settled without a word");
    type_text(&mut app, "saw him myself");
    let effects = press(&mut app, KeyCode::Enter);
    let [Effect::Settle { settlement, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((settlement.reason, settlement.note.as_str()), (SettleReason::Other, "saw him myself"));
}

#[test]
fn what_is_only_unsent_cannot_be_settled() {
    let (mut app, ..) = offline_evening();
    control(&mut app, 'x');
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.mode(), Mode::Inbox);
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.popup, None);
}

#[test]
fn the_selection_holds_on_to_its_entry() {
    let (mut app, ada, ben) = offline_evening();
    control(&mut app, 'x');
    let selected = |app: &App| match &app.popup {
        Some(Popup::Inbox(inbox)) => inbox.selected,
        other => panic!("{other:?}"),
    };
    assert_eq!(selected(&app), Some(ada.id));
    refuse(&mut app, &ben);
    assert_eq!(selected(&app), Some(ada.id), "a conflict above it moves nothing");
    press(&mut app, KeyCode::Up);
    assert_eq!(selected(&app), Some(ben.id));
    press(&mut app, KeyCode::PageDown);
    assert_eq!(selected(&app), Some(ada.id));
}

#[test]
fn leaving_with_unsent_scans_asks_once() {
    let (mut app, ..) = offline_evening();
    assert!(control(&mut app, 'q').is_empty());
    assert_eq!(app.mode(), Mode::Leave);
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.popup, None);
    control(&mut app, 'q');
    assert_eq!(control(&mut app, 'q'), [Effect::Quit]);
    let mut idle = loaded();
    assert_eq!(control(&mut idle, 'q'), [Effect::Quit], "nothing waits");
}

#[test]
fn a_scan_on_its_way_holds_nobody_back() {
    let mut app = loaded();
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::Enter);
    assert_eq!(control(&mut app, 'q'), [Effect::Quit]);
}
