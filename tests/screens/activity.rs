//! What was done and refused here.

use crossterm::event::{KeyCode, KeyModifiers};
use doorlist::console::Stored;
use doorlist::console::{Health, Message};
use doorlist::domain::{
    AdmissionId, AuditAct, AuditRecord, DeviceId, EntryState, Gate, Operator, Refusal, Role, ScanKind, ScanRefusal,
    SettleReason, Settlement, Trouble, Why,
};
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::answers::Answer;
use crate::scene::{Scene, guests, now, ticket};

fn searched(scene: &mut Scene, name: &str) {
    scene.key(KeyCode::Esc, KeyModifiers::NONE);
    scene.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
    scene.type_text(name);
}

/// An evening with every kind of end, and an afternoon that a restart brought back.
fn scene() -> Scene {
    let mut scene = Scene::loaded();
    let record = |act, hours: i64, target: &str, guest: &str, outcome: &str| AuditRecord {
        at: now() - SignedDuration::from_hours(hours),
        operator: Operator { user: None, name: "Kim Osei".into(), role: Some(Role::BoxOffice) },
        device: DeviceId::from_service("north-door-7f3a"),
        act,
        target: target.to_owned(),
        entry: None,
        tried: None,
        change: None,
        guest: guest.into(),
        outcome: outcome.into(),
    };
    let john = guests()[4].id.clone();
    let acts = vec![
        record(AuditAct::Gate, 2, "door", "", "DOOR SET: This door is for General."),
        record(AuditAct::Comp, 3, "ord_1", "Grace Hopper", "COMP ISSUED: VIP · press"),
        record(AuditAct::Edit, 26, john.as_str(), "John Smith", "SAVED: email: j@example.org → john@example.org"),
    ];
    scene.tell(Message::StoreOpened(Box::new(Stored { acts, ..Stored::default() })));
    searched(&mut scene, "lovelace");
    scene.scan_accepted(ScanKind::CheckIn);
    searched(&mut scene, "babbage");
    scene.scan(ScanKind::CheckIn, |ticket| Answer::Refused(ScanRefusal::Rule(Refusal::AlreadyCheckedIn), Some(ticket)));
    scene.app.door.gate = Gate { admissions: vec![AdmissionId::from_service("adm_else")], sections: Vec::new() };
    searched(&mut scene, "byron");
    scene.key(KeyCode::Enter, KeyModifiers::NONE);
    scene.app.door.gate = Gate::default();
    scene.tell(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)));
    searched(&mut scene, "العربي");
    scene.scan(ScanKind::CheckIn, |_| Answer::Promised);
    let entry = scene.app.outbox.entries().next_back().unwrap().clone();
    let why = Why::Rule(ScanRefusal::Rule(Refusal::TicketCancelled));
    let by = Operator { user: None, name: "Mo Diaz".into(), role: None };
    let settled = Settlement { reason: SettleReason::LetInByMistake, note: "".into(), by, at: now() };
    for settled in [None, Some(settled)] {
        let state = EntryState::Refused { why: why.clone(), theirs: None, at: now(), settled };
        scene.tell(Message::EntryKept(Box::new(doorlist::domain::Entry { state, promised: true, ..entry.clone() })));
    }
    searched(&mut scene, "李");
    scene.scan(ScanKind::CheckIn, |_| Answer::Promised);
    scene
}

#[test]
fn the_evening_newest_first_with_all_of_the_selected_deed() {
    let mut scene = scene();
    scene.key(KeyCode::Char('d'), KeyModifiers::CONTROL);
    for _ in 0..2 {
        scene.key(KeyCode::Down, KeyModifiers::NONE);
    }
    for (width, height) in [(120, 36), (80, 24), (60, 16)] {
        assert_snapshot!(format!("activity_{width}x{height}"), scene.text(width, height));
    }
    scene.type_text("comp");
    assert_snapshot!("activity_typed_80x24", scene.text(80, 24));
}

#[test]
fn nothing_was_done_yet() {
    let mut scene = Scene::loaded();
    scene.key(KeyCode::Char('d'), KeyModifiers::CONTROL);
    assert_snapshot!("activity_empty_80x24", scene.text(80, 24));
}

#[test]
fn a_long_name_in_a_narrow_list_takes_the_place_of_words_that_would_say_nothing() {
    let mut scene = Scene::loaded_with(vec![ticket(30, 30, "Bartholomew", "Featherstonehaugh")]);
    searched(&mut scene, "featherstonehaugh");
    scene.scan_accepted(ScanKind::CheckIn);
    scene.key(KeyCode::Char('d'), KeyModifiers::CONTROL);
    let screen = scene.text(60, 16);
    assert!(screen.contains("✓ CHECKED IN  Bartholomew Featherstonehaug"), "{screen}");
    assert!(screen.contains("check-in: General"), "what was done stands below:\n{screen}");
    let screen = scene.text(80, 24);
    assert!(screen.contains("Bartholomew Featherstonehaugh  General"), "{screen}");
}
