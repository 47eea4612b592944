//! Taking back the last act of this console.

use crossterm::event::KeyCode;
use doorlist::console::{App, Bell, Effect, Message, Verdict};
use doorlist::domain::{Entry, EntryId, EntryState, Refusal, ScanKind, ScanRefusal, Ticket};

use super::stage::{at, control, loaded, press, scan, selected, ticket, type_text};
use crate::answers::{Answer, messages};

fn hear(app: &mut App, entry: &Entry, answer: Answer) -> Vec<Effect> {
    messages(entry, answer, at(1)).into_iter().flat_map(|message| app.update(message, at(1))).collect()
}

fn ada(status: &str, scans: &[serde_json::Value]) -> Ticket {
    ticket("tkt_ada", "Ada", "Lovelace", status, i64::try_from(scans.len()).unwrap(), scans)
}

fn checked_in(app: &mut App, answer: Answer) -> Entry {
    type_text(app, "ada");
    let Some(Effect::Take(entry)) = press(app, KeyCode::Enter).pop() else { panic!() };
    hear(app, &entry, answer);
    *entry
}

fn accepted() -> Answer {
    Answer::Accepted(ada("REDEEMED", &[scan("s2", "CHECK_IN", 1)]))
}

fn take_back(app: &mut App, seconds: i64) -> Vec<Effect> {
    app.update(Message::KeyPressed(KeyCode::F(9).into()), at(seconds))
}

fn undo(app: &mut App) -> Option<(EntryId, Entry)> {
    undo_at(app, 0)
}

/// The same so many seconds into the evening: what comes within one of the last time is a bounce.
fn undo_at(app: &mut App, seconds: i64) -> Option<(EntryId, Entry)> {
    let mut effects = take_back(app, seconds);
    match effects.pop() {
        Some(Effect::Undo { target, with }) => {
            assert!(effects.is_empty(), "{effects:?}");
            Some((target, *with))
        }
        other => {
            assert_eq!(other, Some(Effect::Ring(Bell::Attention)));
            None
        }
    }
}

fn said(app: &App) -> (Verdict, &str) {
    let banner = app.banner.as_ref().unwrap();
    (banner.verdict, &banner.detail)
}

#[test]
fn a_check_in_is_taken_back_by_a_check_out_and_said_once_the_service_answers() {
    let mut app = loaded();
    let first = checked_in(&mut app, accepted());
    type_text(&mut app, "somebody else");
    let (target, with) = undo(&mut app).unwrap();
    assert_eq!(
        (target, with.kind, with.ticket.as_str(), with.undoes),
        (first.id, ScanKind::CheckOut, "tkt_ada", Some(first.id))
    );
    assert_eq!(said(&app).0, Verdict::Sending, "nothing is said to have happened yet");
    let out = ada("ACTIVE", &[scan("s2", "CHECK_IN", 1), scan("s3", "CHECK_OUT", 2)]);
    assert_eq!(hear(&mut app, &with, Answer::Accepted(out)), [Effect::Ring(Bell::Pass)]);
    assert_eq!(said(&app), (Verdict::CheckedOut, "the check-in was taken back · Floor · order: 1 of 2 in"));
}

#[test]
fn what_was_never_sent_is_withdrawn() {
    let mut app = loaded();
    let entry = checked_in(&mut app, Answer::Promised);
    let (target, _) = undo(&mut app).unwrap();
    assert_eq!(target, entry.id);
    let withdrawn = Entry { state: EntryState::Withdrawn { at: at(2) }, promised: true, ..entry };
    app.update(Message::EntryKept(Box::new(withdrawn)), at(2));
    assert_eq!(said(&app).0, Verdict::TakenBack);
    assert!(!press(&mut app, KeyCode::Enter).is_empty(), "the guest can be scanned again");
}

#[test]
fn after_a_withdrawal_the_guest_before_stays() {
    let mut app = loaded();
    checked_in(&mut app, Answer::Promised);
    type_text(&mut app, "ben");
    let Some(Effect::Take(entry)) = control(&mut app, 'o').pop() else { panic!() };
    hear(&mut app, &entry, Answer::Promised);
    assert_eq!(undo(&mut app).unwrap().0, entry.id);
    let withdrawn = Entry { state: EntryState::Withdrawn { at: at(2) }, promised: true, ..*entry };
    app.update(Message::EntryKept(Box::new(withdrawn)), at(2));
    assert_eq!(undo_at(&mut app, 4), None);
    assert!(said(&app).1.contains("taken back already"), "{}", said(&app).1);
}

#[test]
fn a_withdrawal_that_was_not_kept_is_said_and_can_be_tried_again() {
    let mut app = loaded();
    let entry = checked_in(&mut app, Answer::Promised);
    undo(&mut app).unwrap();
    hear(&mut app, &entry, Answer::NotKept("The disk is full."));
    assert_eq!(said(&app), (Verdict::NotDone, "It was not taken back. The disk is full."));
    assert_eq!(undo_at(&mut app, 4).unwrap().0, entry.id);
}

#[test]
fn a_refused_undo_is_no_success() {
    let mut app = loaded();
    checked_in(&mut app, accepted());
    let (_, with) = undo(&mut app).unwrap();
    hear(&mut app, &with, Answer::NotKept("there is nothing to take back"));
    assert_eq!(said(&app), (Verdict::NotDone, "there is nothing to take back"));
    assert_eq!(app.index.get(&with.ticket).unwrap().scans.len(), 1);
}

#[test]
fn the_last_act_is_taken_back_once() {
    let mut app = loaded();
    checked_in(&mut app, accepted());
    let (_, with) = undo(&mut app).unwrap();
    assert_eq!(undo_at(&mut app, 4), None, "its answer is still on its way");
    let out = ada("ACTIVE", &[scan("s2", "CHECK_IN", 1), scan("s3", "CHECK_OUT", 2)]);
    let told = messages(&with, Answer::Accepted(out), at(1));
    for message in told {
        // The outbox tells the entry as it was kept.
        app.update(message, at(1));
    }
    assert_eq!(undo_at(&mut app, 8), None);
    assert!(said(&app).1.contains("taken back already"), "{}", said(&app).1);
}

#[test]
fn a_refused_scan_is_no_act() {
    let mut app = loaded();
    let first = checked_in(&mut app, accepted());
    type_text(&mut app, "ben");
    let Some(Effect::Take(entry)) = press(&mut app, KeyCode::Enter).pop() else { panic!() };
    hear(&mut app, &entry, Answer::Refused(ScanRefusal::Rule(Refusal::AlreadyCheckedIn), None));
    assert_eq!(undo(&mut app), None, "the banner speaks of another guest");
    let question = "F9 again takes back Ada Lovelace’s check-in. Nothing was taken back yet.";
    assert_eq!(said(&app), (Verdict::NotDone, question));
    assert_eq!(selected(&app), Some("tkt_ben"), "who is at hand stays at hand");
    assert_eq!(undo_at(&mut app, 4).unwrap().0, first.id);
}

#[test]
fn whoever_is_told_of_in_between_is_asked_about_anew() {
    let mut app = loaded();
    checked_in(&mut app, accepted());
    press(&mut app, KeyCode::Esc);
    assert_eq!(undo(&mut app), None, "nobody is told of");
    press(&mut app, KeyCode::Esc);
    assert_eq!(undo(&mut app), None, "the question was put away");
    assert!(undo_at(&mut app, 4).is_some());
}

#[test]
fn what_one_yes_let_in_is_taken_back_as_one_act_after_a_question() {
    let family = ["tkt_a", "tkt_b", "tkt_c"];
    let guest = |id: &str, status: &str, scans: &[serde_json::Value]| {
        ticket(id, "Any", "Marsh", status, i64::try_from(scans.len()).unwrap(), scans)
    };
    let mut app = super::stage::loaded_with(family.iter().map(|id| guest(id, "ACTIVE", &[])).collect());
    type_text(&mut app, "marsh");
    press(&mut app, KeyCode::Tab);
    let effects = press(&mut app, KeyCode::Enter);
    for effect in &effects {
        let Effect::Take(entry) = effect else { panic!("{effect:?}") };
        let id = entry.ticket.as_str();
        hear(&mut app, entry, Answer::Accepted(guest(id, "REDEEMED", &[scan(&format!("{id}-s"), "CHECK_IN", 1)])));
    }
    press(&mut app, KeyCode::Esc);
    assert_eq!(undo(&mut app), None);
    let question = "F9 again takes back the check-in of 3 guests of one order. Nothing was taken back yet.";
    assert_eq!(said(&app), (Verdict::NotDone, question));
    let undone = take_back(&mut app, 4).into_iter().map(|effect| match effect {
        Effect::Undo { with, .. } => with,
        other => panic!("{other:?}"),
    });
    let undone: Vec<_> = undone.collect();
    assert_eq!(undone.iter().map(|entry| entry.ticket.as_str()).collect::<Vec<_>>(), family);
    for entry in &undone {
        let id = entry.ticket.as_str();
        let scans = [scan(&format!("{id}-s"), "CHECK_IN", 1), scan(&format!("{id}-o"), "CHECK_OUT", 2)];
        hear(&mut app, entry, Answer::Accepted(guest(id, "ACTIVE", &scans)));
    }
    assert_eq!(undo_at(&mut app, 8), None);
    assert!(said(&app).1.contains("taken back already"), "{}", said(&app).1);
}

#[test]
fn a_check_out_is_taken_back_by_a_check_in() {
    let mut app = loaded();
    type_text(&mut app, "ben");
    let Some(Effect::Take(entry)) = control(&mut app, 'o').pop() else { panic!() };
    let out =
        ticket("tkt_ben", "Ben", "Okafor", "ACTIVE", 1, &[scan("s1", "CHECK_IN", -720), scan("s2", "CHECK_OUT", 1)]);
    hear(&mut app, &entry, Answer::Accepted(out));
    assert_eq!(undo(&mut app).unwrap().1.kind, ScanKind::CheckIn);
}

#[test]
fn nothing_was_scanned_here_yet() {
    let mut app = loaded();
    type_text(&mut app, "ben");
    assert_eq!(undo(&mut app), None);
    assert!(said(&app).1.contains("nobody was scanned here yet"), "{}", said(&app).1);
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.name.as_str(), banner.ticket.as_str()), ("", ""), "whoever is selected is not concerned");
}

#[test]
fn what_nobody_knows_cannot_be_taken_back() {
    let mut app = loaded();
    checked_in(&mut app, Answer::Unknown);
    assert_eq!(undo(&mut app), None);
    assert!(said(&app).1.contains("nobody knows yet"), "{}", said(&app).1);
}

#[test]
fn an_act_that_another_door_followed_stays() {
    let mut app = loaded();
    let entry = checked_in(&mut app, accepted());
    let theirs = ada("ACTIVE", &[scan("s2", "CHECK_IN", 1), scan("s9", "CHECK_OUT", 2)]);
    app.update(Message::TicketLearnt(Box::new(theirs)), at(2));
    assert_eq!(undo(&mut app), None);
    assert!(said(&app).1.contains("somebody else was faster: out at"), "{}", said(&app).1);
    assert!(app.outbox.entry(&entry.id).is_some());
}

#[test]
fn after_its_time_an_act_stays() {
    let mut app = loaded();
    checked_in(&mut app, accepted());
    let key = |seconds| {
        let key = crossterm::event::KeyEvent::new(KeyCode::F(9), crossterm::event::KeyModifiers::NONE);
        (Message::KeyPressed(key), at(seconds))
    };
    let (message, late) = key(302);
    let effects = app.update(message, late);
    assert!(matches!(effects[..], [Effect::Record(_), Effect::Ring(Bell::Attention)]), "{effects:?}");
    let advice = "check the guest in or out instead; the last act is more than";
    assert!(said(&app).1.contains(&format!("{advice} 5 min old")), "{}", said(&app).1);
    let (message, in_time) = key(300);
    assert!(matches!(app.update(message, in_time)[..], [Effect::Undo { .. }]));
    let mut app = loaded();
    app.door.undo_within = std::time::Duration::from_secs(30);
    checked_in(&mut app, accepted());
    let (message, late) = key(31);
    app.update(message, late);
    assert!(said(&app).1.contains(&format!("{advice} 30 s old")), "{}", said(&app).1);
}
