//! The outbox and its conflicts, and the question before leaving.

use crossterm::event::{KeyCode, KeyModifiers};
use doorlist::console::{Effect, Health, Message};
use doorlist::domain::{
    Attempts, Entry, EntryState, Operator, Refusal, ScanKind, ScanRefusal, SettleReason, Settlement, Trouble, Why,
};
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::answers::{Answer, messages};
use crate::scene::{Scene, guests, now};

/// Four scans on our word: one is unsent, one is settled, two are conflicts.
fn scene() -> Scene {
    let mut scene = Scene::loaded();
    scene.tell(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)));
    let already_in = Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
    let cancelled = Why::Rule(ScanRefusal::Rule(Refusal::TicketCancelled));
    for (name, minutes, end) in [
        ("lovelace", 14, Some((already_in.clone(), None))),
        ("byron", 9, Some((cancelled, None))),
        ("john smith", 7, Some((already_in, Some(SettleReason::SamePerson)))),
        ("العربي", 3, None),
    ] {
        let entry = taken(&mut scene, name, minutes);
        if let Some((why, reason)) = end {
            let theirs = guests()[1].last_scan().cloned().map(Box::new);
            let settled = reason.map(|reason| Settlement { reason, note: "twins".into(), by: operator(), at: now() });
            let state = EntryState::Refused { why, theirs, at: now(), settled };
            scene.tell(Message::EntryKept(Box::new(Entry { state, ..entry })));
        }
    }
    scene
}

fn operator() -> Operator {
    Operator { user: None, name: "Mo Diaz".into(), role: None }
}

fn taken(scene: &mut Scene, name: &str, minutes: i64) -> Entry {
    scene.key(KeyCode::Esc, KeyModifiers::NONE);
    scene.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
    scene.type_text(name);
    let effects = scene.key(KeyCode::Enter, KeyModifiers::NONE);
    let [Effect::Take(entry)] = &effects[..] else { panic!("{name}: {effects:?}") };
    let at = now() - SignedDuration::from_mins(minutes);
    let attempts =
        Some(Attempts { count: 2, first: at, last: at, users: Vec::new(), clock_offset: None, unsettled: false });
    let entry = Entry { taken_at: at, attempts, ..(**entry).clone() };
    assert_eq!(entry.kind, ScanKind::CheckIn);
    for message in messages(&entry, Answer::Promised, now()) {
        scene.tell(message);
    }
    Entry { promised: true, ..entry }
}

fn at_both_sizes(name: &str, scene: &mut Scene) {
    for (width, height) in [(120, 36), (80, 24)] {
        assert_snapshot!(format!("{name}_{width}x{height}"), scene.text(width, height));
    }
}

#[test]
fn what_waits_and_both_sides_of_it() {
    let mut scene = scene();
    scene.key(KeyCode::Char('x'), KeyModifiers::CONTROL);
    at_both_sizes("inbox", &mut scene);
    scene.key(KeyCode::Enter, KeyModifiers::NONE);
    for _ in 0..3 {
        scene.key(KeyCode::Down, KeyModifiers::NONE);
    }
    at_both_sizes("inbox_settle", &mut scene);
    scene.type_text("saw her at the other door");
    assert_snapshot!("inbox_settle_60x16", scene.text(60, 16));
    scene.key(KeyCode::Esc, KeyModifiers::NONE);
    for _ in 0..3 {
        scene.key(KeyCode::Down, KeyModifiers::NONE);
    }
    assert_snapshot!("inbox_settled_80x24", scene.text(80, 24));
}

#[test]
fn nothing_waits() {
    let mut scene = Scene::loaded();
    scene.key(KeyCode::Char('x'), KeyModifiers::CONTROL);
    assert_snapshot!("inbox_empty_80x24", scene.text(80, 24));
}

#[test]
fn leaving_says_what_is_kept() {
    let mut scene = scene();
    scene.key(KeyCode::Char('q'), KeyModifiers::CONTROL);
    at_both_sizes("leave", &mut scene);
}

#[test]
fn what_stands_in_the_way_is_said_in_words() {
    let mut scene = Scene::loaded();
    scene.tell(Message::ConnectionChanged(Health::Paused(Trouble::Unauthorized)));
    assert_snapshot!("paused_80x24", scene.text(80, 24));
    scene.app.session.findings.push("2 damaged rows of the outbox were set aside.".into());
    assert_snapshot!("finding_80x24", scene.text(80, 24));
    let locked = "Another doorlist (process 4711 on north-door) has this event open on this device. Close it, or start this one with another name: `--device NAME`.";
    scene.tell(Message::StoreNotOpened(locked.into()));
    at_both_sizes("not_opened", &mut scene);
}
