//! What was done and refused here: noted where it is told, brought back by a restart, found by typing.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{Activity, App, Deed, Effect, Health, Message, Mode, Popup, Role, Stored, Verdict};
use doorlist::domain::{
    AdmissionId, AuditAct, AuditRecord, ChangeOutcome, DeviceId, Entry, EntryState, Gate, Made, Operator, OrderId,
    Refusal, ScanRefusal, SettleReason, Settlement, Trouble, Why,
};
use rstest::rstest;

use super::stage::{at, control, empty, guests, loaded, loaded_with, now, press, scan, selected, ticket, type_text};
use crate::answers::{Answer, messages};

/// Act, guest and banner's words of every deed, the newest first.
fn told(activity: &Activity) -> Vec<(String, &str, &str)> {
    let words = |deed: &Deed| deed.verdict.map_or("", Verdict::words);
    activity.newest_first().map(|(_, deed)| (deed.act.to_string(), deed.name.as_str(), words(deed))).collect()
}

fn newest(app: &App) -> &Deed {
    app.activity.newest_first().next().unwrap().1
}

/// Presses the key of a scan and lets it end so.
pub fn scans(app: &mut App, name: &str, key: KeyCode, answer: Answer, second: i64) -> Entry {
    control(app, 'u');
    type_text(app, name);
    let effects = app.update(Message::KeyPressed(KeyEvent::new(key, KeyModifiers::NONE)), at(second));
    let [Effect::Take(entry)] = &effects[..] else { panic!("{effects:?}") };
    let entry = (**entry).clone();
    for message in messages(&entry, answer, at(second)) {
        app.update(message, at(second));
    }
    entry
}

#[test]
fn acts_and_refusals_stand_newest_first_in_the_banners_words() {
    let mut app = loaded();
    let ada = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 10, &[scan("s9", "CHECK_IN", 10)]);
    scans(&mut app, "ada", KeyCode::Enter, Answer::Accepted(ada), 10);
    let already = ScanRefusal::Rule(Refusal::AlreadyCheckedIn);
    scans(&mut app, "ben", KeyCode::Enter, Answer::Refused(already, Some(guests()[1].clone())), 20);
    scans(&mut app, "ben", KeyCode::F(4), Answer::Unknown, 30);
    scans(&mut app, "cleo", KeyCode::Enter, Answer::NotKept("The disk is full."), 40);
    let expected = [
        ("check-in", "Cleo Müller", "NOT DONE"),
        ("check-out", "Ben Okafor", "BEING VERIFIED"),
        ("check-in", "Ben Okafor", "ALREADY IN"),
        ("check-in", "Ada Lovelace", "CHECKED IN"),
    ];
    assert_eq!(told(&app.activity), expected.map(|(act, name, words)| (act.to_owned(), name, words)));
    assert_eq!((newest(&app).role, newest(&app).at), (Some(Role::Supervisor), at(40)));
}

#[test]
fn a_refusal_of_our_own_rules_and_a_code_of_nobodys_are_told_too() {
    let mut app = loaded();
    app.door.gate = Gate { admissions: vec![AdmissionId::from_service("adm_elsewhere")], sections: Vec::new() };
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::Enter);
    assert_eq!((newest(&app).act, newest(&app).verdict), (AuditAct::CheckIn, Some(Verdict::WrongDoor)));
    let sequence = asked_for_a_code(&mut app);
    assert_eq!(app.activity.newest_first().len(), 1, "a question is no deed");
    app.update(Message::CodeLookedUp { sequence, found: Err(Trouble::NotFound) }, now());
    assert_eq!((newest(&app).act, newest(&app).verdict), (AuditAct::Refusal, Some(Verdict::UnknownTicket)));
}

pub fn asked_for_a_code(app: &mut App) -> u64 {
    use doorlist::console::scanner::Scanned;
    use doorlist::domain::Code;
    let readings = Code::readings("tkt_01jq8zv5k3m9x2c7b4n6000999");
    assert!(!readings.is_empty());
    let effects = app.update(Message::Scanned(Scanned::Code(readings)), now());
    let found = effects.iter().find_map(|effect| match effect {
        Effect::LookUp { sequence, .. } => Some(*sequence),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{effects:?}"))
}

#[test]
fn a_promise_that_the_service_refuses_long_after_is_told_as_refused_and_its_settling_after_it() {
    let mut app = loaded();
    app.update(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)), now());
    let entry = scans(&mut app, "ada", KeyCode::Enter, Answer::Promised, 10);
    assert_eq!(newest(&app).verdict, Some(Verdict::InNotYetSent));
    // Somebody else is at the door by now.
    press(&mut app, KeyCode::Esc);
    type_text(&mut app, "ben");
    let why = Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
    let theirs = guests()[1].last_scan().cloned().map(Box::new);
    let refused = |settled| EntryState::Refused { why: why.clone(), theirs: theirs.clone(), at: at(600), settled };
    let kept = |settled| Entry { state: refused(settled), promised: true, ..entry.clone() };
    app.update(Message::EntryKept(Box::new(kept(None))), at(600));
    assert_eq!(told(&app.activity), [("check-in".to_owned(), "Ada Lovelace", "ALREADY IN")]);
    let words = &newest(&app).words;
    assert!(words.starts_with("done here on our word, refused by the service at 09:10: in at 08:48"), "{words}");
    let by = Operator { user: None, name: "Mo Diaz".into(), role: None };
    let settlement = Settlement { reason: SettleReason::SamePerson, note: "twins".into(), by, at: at(700) };
    app.update(Message::EntryKept(Box::new(kept(Some(settlement)))), at(700));
    assert_eq!(told(&app.activity)[0], ("settle".to_owned(), "Ada Lovelace", ""));
    let settled = newest(&app);
    assert_eq!((settled.by.as_str(), settled.at), ("Mo Diaz", at(700)));
    assert_eq!(settled.words.as_str(), "check-in refused by the service, same person scanned twice: twins");
}

#[test]
fn a_change_is_told_whatever_came_of_it() {
    for (outcome, words) in [
        (ChangeOutcome::Made(Made { tickets: vec![guests().remove(0)], order: None }), "TICKET CANCELLED"),
        (ChangeOutcome::Failed(Trouble::Forbidden), "NOT DONE"),
    ] {
        let mut app = loaded_with(guests());
        type_text(&mut app, "ada");
        press(&mut app, KeyCode::F(8));
        type_text(&mut app, "cancel");
        let effects = press(&mut app, KeyCode::Enter);
        let sequence = effects.iter().find_map(|effect| match effect {
            Effect::Change { sequence, .. } => Some(*sequence),
            _ => None,
        });
        let sequence = sequence.unwrap_or_else(|| panic!("{effects:?}"));
        app.update(Message::ChangeAnswered { sequence, outcome: Box::new(outcome) }, now());
        assert_eq!(told(&app.activity), [("cancel".to_owned(), "Ada Lovelace", words)]);
    }
}

/// A console where Ada came in and Ben was refused, with the list of it open.
fn open() -> App {
    let mut app = loaded();
    let ada = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 10, &[scan("s9", "CHECK_IN", 10)]);
    scans(&mut app, "ada", KeyCode::Enter, Answer::Accepted(ada), 10);
    let already = ScanRefusal::Rule(Refusal::AlreadyCheckedIn);
    scans(&mut app, "ben", KeyCode::Enter, Answer::Refused(already, Some(guests()[1].clone())), 20);
    control(&mut app, 'd');
    assert_eq!(app.mode(), Mode::Activity);
    app
}

#[rstest]
#[case::the_newest("", Some("tkt_ben"))]
#[case::by_name("lovelace", Some("tkt_ada"))]
#[case::by_what_came_of_it("already in", Some("tkt_ben"))]
#[case::by_the_act("check-in ada", Some("tkt_ada"))]
#[case::by_nothing("xyz", None)]
fn enter_shows_the_ticket_of_the_deed_that_was_typed_for(#[case] typed: &str, #[case] shown: Option<&str>) {
    let mut app = open();
    type_text(&mut app, typed);
    let effects = press(&mut app, KeyCode::Enter);
    assert_eq!(app.popup.is_none(), shown.is_some());
    if shown.is_some() {
        assert_eq!((selected(&app), &app.banner), (shown, &None));
        assert!(matches!(&effects[..], [Effect::FetchTicket { .. }]), "{effects:?}");
    }
}

#[test]
fn what_is_done_while_it_is_open_comes_in_and_the_selection_holds() {
    let mut app = open();
    press(&mut app, KeyCode::Down);
    let of_ada = |app: &App| match &app.popup {
        Some(Popup::Activity(list)) => list.picker.selected().map(|choice| choice.item),
        other => panic!("{other:?}"),
    };
    let before = of_ada(&app);
    let sequence = asked_for_a_code(&mut app);
    app.update(Message::CodeLookedUp { sequence, found: Err(Trouble::NotFound) }, at(30));
    assert_eq!((of_ada(&app), app.activity.newest_first().len()), (before, 3));
    press(&mut app, KeyCode::Enter);
    assert_eq!(selected(&app), Some("tkt_ada"));
}

#[test]
fn a_deed_without_a_ticket_says_so_and_a_comps_order_is_found() {
    let mut app = open();
    let sequence = asked_for_a_code(&mut app);
    app.update(Message::CodeLookedUp { sequence, found: Err(Trouble::NotFound) }, at(30));
    press(&mut app, KeyCode::Up);
    press(&mut app, KeyCode::Enter);
    assert!(matches!(&app.popup, Some(Popup::Activity(list)) if list.notice.is_some()));
    let (mut app, _) = empty();
    let acts = vec![AuditRecord {
        at: now(),
        operator: Operator::default(),
        device: DeviceId::from_service("south-1"),
        act: AuditAct::Comp,
        target: OrderId::from_service("ord_1").as_str().to_owned(),
        entry: None,
        tried: None,
        change: None,
        guest: "".into(),
        outcome: "COMP ISSUED: Ada: Floor".into(),
    }];
    let stored = Stored { acts, tickets: guests(), ..Stored::default() };
    app.update(Message::StoreOpened(Box::new(stored)), now());
    control(&mut app, 'd');
    press(&mut app, KeyCode::Enter);
    assert_eq!((app.popup.is_none(), app.search.hits.len()), (true, 3));
}

#[test]
fn what_was_done_to_the_door_has_no_ticket_to_show() {
    let (mut app, _) = empty();
    let acts = vec![AuditRecord {
        at: now(),
        operator: Operator::default(),
        device: DeviceId::from_service("south-1"),
        act: AuditAct::Gate,
        target: "door".to_owned(),
        entry: None,
        tried: None,
        change: None,
        guest: "".into(),
        outcome: "Floor".into(),
    }];
    app.update(Message::StoreOpened(Box::new(Stored { acts, ..Stored::default() })), now());
    control(&mut app, 'd');
    press(&mut app, KeyCode::Enter);
    let Some(Popup::Activity(list)) = &app.popup else { panic!("{:?}", app.popup) };
    assert_eq!(list.notice, Some("This was done to the door, not to a ticket."));
}
