//! A restart tells what was done and refused here as it was told before.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{App, Deed, Effect, Health, Message, Stored, Verdict};
use doorlist::domain::{
    AdmissionId, AuditAct, AuditRecord, Change, ChangeOutcome, DeviceId, Entry, EntryState, Gate, Made, Operator,
    OrderId, Refusal, Role, ScanRefusal, SettleReason, Settlement, Ticket, Trouble, Why,
};
use rstest::rstest;

use super::comps::fill_in_comp;
use super::stage::{at, empty, guests, loaded_with, scan, ticket};
use crate::answers::{Answer, messages};

/// A console whose every record is kept.
struct Kept {
    app: App,
    records: Vec<AuditRecord>,
    second: i64,
}

impl Kept {
    fn open() -> Self {
        let mut app = loaded_with(guests());
        let operator = Operator { user: None, name: "Mo Diaz".into(), role: None };
        app.update(Message::OperatorIdentified(operator), at(0));
        Self { app, records: Vec::new(), second: 10 }
    }

    fn tell(&mut self, message: Message) -> Vec<Effect> {
        self.second += 1;
        let effects = self.app.update(message, at(self.second));
        let records = effects.iter().filter_map(|effect| match effect {
            Effect::Record(record) => Some((**record).clone()),
            _ => None,
        });
        self.records.extend(records);
        effects
    }

    fn key(&mut self, code: KeyCode) -> Vec<Effect> {
        self.tell(Message::KeyPressed(KeyEvent::new(code, KeyModifiers::NONE)))
    }

    fn type_text(&mut self, text: &str) {
        text.chars().for_each(|letter| _ = self.key(KeyCode::Char(letter)));
    }

    fn finds(&mut self, name: &str) {
        self.tell(Message::KeyPressed(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)));
        self.type_text(name);
        // Whatever was pressed before is no bounce of the next Enter.
        self.second += 5;
    }

    /// The entry of a scan, ended so.
    fn scans(&mut self, name: &str, code: KeyCode, answer: Answer) -> Entry {
        self.finds(name);
        let effects = self.key(code);
        self.ends(&effects, answer)
    }

    fn ends(&mut self, effects: &[Effect], answer: Answer) -> Entry {
        let taken = effects.iter().find_map(|effect| match effect {
            Effect::Take(entry) => Some((**entry).clone()),
            _ => None,
        });
        let entry = taken.unwrap_or_else(|| panic!("{effects:?}"));
        for message in messages(&entry, answer, at(self.second)) {
            self.tell(message);
        }
        entry
    }

    fn answers(&mut self, effects: &[Effect], outcome: ChangeOutcome) -> Change {
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Change { sequence, change } => Some((*sequence, (**change).clone())),
            _ => None,
        });
        let (sequence, change) = asked.unwrap_or_else(|| panic!("{effects:?}"));
        self.tell(Message::ChangeAnswered { sequence, outcome: Box::new(outcome) });
        change
    }

    fn deeds(&self) -> Vec<Deed> {
        self.app.activity.newest_first().map(|(_, deed)| deed.clone()).collect()
    }

    /// What a console tells that starts on what this one has kept, many hours later.
    fn deeds_after_a_restart(&self) -> Vec<Deed> {
        let (mut app, _) = empty();
        let acts = self.records.iter().rev().cloned().collect();
        let entries = self.app.outbox.entries().cloned().collect();
        let tickets: Vec<Ticket> = self.app.index.tickets().cloned().collect();
        app.update(Message::StoreOpened(Box::new(Stored { entries, acts, tickets, ..Stored::default() })), at(40_000));
        app.activity.newest_first().map(|(_, deed)| deed.clone()).collect()
    }

    fn told_alike(&self, expected: &[(&str, &str, &str)]) -> Vec<Deed> {
        let deeds = self.deeds();
        let told: Vec<_> = deeds
            .iter()
            .map(|deed| (deed.act.to_string(), deed.name.as_str(), deed.verdict.map_or("", Verdict::words)))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(act, name, words)| ((*act).to_owned(), *name, *words)).collect();
        assert_eq!(told, expected);
        assert_eq!(self.deeds_after_a_restart(), deeds);
        assert!(deeds.iter().all(|deed| (deed.by.as_str(), deed.role) == ("Mo Diaz", Some(Role::Supervisor))));
        deeds
    }
}

fn in_since(id: &str, first: &str, last: &str, second: i64) -> Ticket {
    ticket(id, first, last, "REDEEMED", second, &[scan("s9", "CHECK_IN", second)])
}

#[test]
fn scans_and_refusals() {
    let mut door = Kept::open();
    door.scans("ada", KeyCode::Enter, Answer::Accepted(in_since("tkt_ada", "Ada", "Lovelace", 10)));
    let already = ScanRefusal::Rule(Refusal::AlreadyCheckedIn);
    door.scans("ben", KeyCode::Enter, Answer::Refused(already, Some(guests().remove(1))));
    door.scans("ben", KeyCode::F(4), Answer::Unknown);
    let sequence = super::activity::asked_for_a_code(&mut door.app);
    door.tell(Message::CodeLookedUp { sequence, found: Err(Trouble::NotFound) });
    door.app.door.undo_within = std::time::Duration::ZERO;
    door.key(KeyCode::F(9));
    door.told_alike(&[
        ("undo", "Ben Okafor", "NOT DONE"),
        ("scan", "…x2c7b4n6000999", "UNKNOWN TICKET"),
        ("check-out", "Ben Okafor", "BEING VERIFIED"),
        ("check-in", "Ben Okafor", "ALREADY IN"),
        ("check-in", "Ada Lovelace", "CHECKED IN"),
    ]);
}

#[test]
fn the_wrong_door_with_the_reason_that_opened_it() {
    let mut door = Kept::open();
    door.app.door.gate = Gate { admissions: vec![AdmissionId::from_service("adm_2")], sections: Vec::new() };
    door.finds("ada");
    door.key(KeyCode::Enter);
    door.tell(Message::KeyPressed(KeyEvent::new(KeyCode::Char('o'), KeyModifiers::ALT)));
    door.type_text("the lift is broken");
    let effects = door.key(KeyCode::Enter);
    door.ends(&effects, Answer::Accepted(in_since("tkt_ada", "Ada", "Lovelace", 60)));
    let deeds =
        door.told_alike(&[("override", "Ada Lovelace", "CHECKED IN"), ("check-in", "Ada Lovelace", "WRONG DOOR")]);
    assert_eq!(deeds[0].words.as_str(), "Floor · despite this door: the lift is broken");
}

#[test]
fn a_promise_that_is_refused_and_how_it_was_settled() {
    let mut door = Kept::open();
    door.tell(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)));
    let entry = door.scans("ada", KeyCode::Enter, Answer::Promised);
    door.told_alike(&[("check-in", "Ada Lovelace", "IN, NOT YET SENT")]);
    let why = Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
    let theirs = guests()[1].last_scan().cloned().map(Box::new);
    let refused = |settled| EntryState::Refused { why: why.clone(), theirs: theirs.clone(), at: at(600), settled };
    door.tell(Message::EntryKept(Box::new(Entry { promised: true, state: refused(None), ..entry.clone() })));
    let by = Operator { role: Some(Role::Supervisor), ..entry.operator.clone() };
    let settlement = Settlement { reason: SettleReason::SamePerson, note: "twins".into(), by, at: at(700) };
    door.tell(Message::EntryKept(Box::new(Entry { promised: true, state: refused(Some(settlement)), ..entry })));
    door.told_alike(&[("settle", "Ada Lovelace", ""), ("check-in", "Ada Lovelace", "ALREADY IN")]);
}

#[rstest]
#[case::made(ChangeOutcome::Made(Made { tickets: Vec::new(), order: None }), "TICKET CANCELLED", "no longer valid for entry")]
#[case::not_allowed(
    ChangeOutcome::Failed(Trouble::Forbidden),
    "NOT DONE",
    "no longer valid for entry. Nothing was changed. The token may not do this (403). Ask a supervisor: this token lacks the permission."
)]
#[case::unknown(
    ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None },
    "BEING VERIFIED",
    "no longer valid for entry. No answer yet: the service may have it or not."
)]
fn a_change_is_one_deed_that_says_what_it_was_and_why(
    #[case] outcome: ChangeOutcome,
    #[case] verdict: &str,
    #[case] words: &str,
) {
    let mut door = Kept::open();
    door.finds("ada");
    door.key(KeyCode::F(8));
    door.type_text("cancel");
    let effects = door.key(KeyCode::Enter);
    door.answers(&effects, outcome);
    let deeds = door.told_alike(&[("cancel", "Ada Lovelace", verdict)]);
    assert_eq!(deeds[0].words.as_str(), words);
}

#[test]
fn what_was_being_verified_and_is_made_stands_once() {
    let mut door = Kept::open();
    door.finds("ada");
    door.key(KeyCode::F(8));
    door.type_text("cancel");
    let effects = door.key(KeyCode::Enter);
    door.answers(&effects, ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None });
    let cancelled = ticket("tkt_ada", "Ada", "Lovelace", "CANCELLED", 60, &[]);
    door.tell(Message::TicketLearnt(Box::new(cancelled)));
    door.tell(Message::Ticked);
    door.told_alike(&[("cancel", "Ada Lovelace", "TICKET CANCELLED")]);
}

#[test]
fn a_comp_is_one_deed_from_the_question_to_its_order() {
    let mut door = Kept::open();
    fill_in_comp(&mut door.app, "Grace", "Hopper", "grace@example.com");
    door.key(KeyCode::Enter);
    let effects = door.key(KeyCode::Char('y'));
    assert_eq!(door.deeds()[0].verdict, Some(Verdict::Sending));
    door.answers(&effects, ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None });
    let effects = door.key(KeyCode::Char('y'));
    let order = Some(OrderId::from_service("ord_9"));
    door.answers(&effects, ChangeOutcome::Made(Made { tickets: Vec::new(), order }));
    let deeds = door.told_alike(&[("comp", "Grace Hopper", "COMP ISSUED")]);
    assert_eq!(deeds[0].target.as_str(), "ord_9");
}

#[test]
fn a_comp_that_was_killed_while_it_waited_is_told_as_asked_for_and_its_guest_is_looked_for() {
    let mut door = Kept::open();
    fill_in_comp(&mut door.app, "Ada", "Lovelace", "ada@example.com");
    door.key(KeyCode::Enter);
    door.key(KeyCode::Char('y'));
    let (mut app, _) = empty();
    let acts = door.records.iter().rev().cloned().collect();
    app.update(Message::StoreOpened(Box::new(Stored { acts, tickets: guests(), ..Stored::default() })), at(600));
    let said =
        "A comp for Ada Lovelace had no answer before the restart: look for the guest before you issue it again.";
    assert_eq!(app.session.findings, [said.into()]);
    let (_, deed) = app.activity.newest_first().next().unwrap();
    assert_eq!((deed.act, deed.verdict), (AuditAct::Comp, Some(Verdict::BeingVerified)));
    assert!(deed.words.ends_with("Asked for; no answer yet."), "{}", deed.words);
    super::stage::control(&mut app, 'd');
    super::stage::press(&mut app, KeyCode::Enter);
    assert_eq!((app.popup.is_none(), app.search.input.value()), (true, "Ada Lovelace"));
    assert_eq!(super::stage::selected(&app), Some("tkt_ada"));
}

#[rstest]
#[case::edit(
    KeyEvent::new(KeyCode::Char('e'), KeyModifiers::CONTROL),
    "The correction of Ada Lovelace's ticket had no answer before the restart: look at it before you do it again."
)]
#[case::cancel(KeyCode::F(8).into(), "The cancellation of Ada Lovelace's ticket had no answer before the restart: look at it before you do it again.")]
fn a_change_that_was_killed_while_it_waited_is_said(#[case] opens: KeyEvent, #[case] said: &str) {
    let mut door = Kept::open();
    door.finds("ada");
    door.tell(Message::KeyPressed(opens));
    door.type_text("cancel");
    door.key(KeyCode::Enter);
    door.key(KeyCode::Char('y'));
    assert_eq!(door.records.len(), 1, "kept as soon as it was asked for");
    let (mut app, _) = empty();
    let acts = door.records.clone();
    app.update(Message::StoreOpened(Box::new(Stored { acts, tickets: guests(), ..Stored::default() })), at(600));
    assert_eq!(app.session.findings, [said.into()]);
}

/// A record of a comp, as the console keeps it.
fn comp(second: i64, change: &str, outcome: &str) -> AuditRecord {
    AuditRecord {
        at: at(second),
        operator: Operator::default(),
        device: DeviceId::from_service("south-1"),
        act: AuditAct::Comp,
        target: "evt_1".to_owned(),
        entry: None,
        tried: None,
        change: Some(change.to_owned()),
        guest: "Grace Hopper".into(),
        outcome: outcome.into(),
    }
}

#[rstest]
#[case::asked(&[("a", "SENDING: Guest list")], 60, true)]
#[case::no_answer(&[("a", "BEING VERIFIED: Guest list"), ("a", "SENDING: Guest list")], 60, true)]
#[case::another_was_issued(&[("b", "COMP ISSUED: Guest list"), ("a", "BEING VERIFIED: Guest list")], 60, true)]
#[case::issued_later(&[("a", "COMP ISSUED: Guest list"), ("a", "BEING VERIFIED: Guest list")], 60, false)]
#[case::refused_later(&[("a", "NOT DONE: Guest list"), ("a", "SENDING: Guest list")], 60, false)]
#[case::of_another_night(&[("a", "BEING VERIFIED: Guest list")], 90_000, false)]
fn a_comp_without_an_answer_is_said_after_a_restart(
    #[case] outcomes: &[(&str, &str)],
    #[case] second: i64,
    #[case] is_said: bool,
) {
    let (mut app, _) = empty();
    let acts = outcomes.iter().map(|(change, outcome)| comp(0, change, outcome)).collect();
    app.update(Message::StoreOpened(Box::new(Stored { acts, ..Stored::default() })), at(second));
    let said = app.session.findings.iter().any(|finding| finding.contains("A comp for Grace Hopper had no answer"));
    assert_eq!(said, is_said);
}

#[test]
fn the_door_and_its_pins() {
    let mut door = Kept::open();
    door.tell(Message::KeyPressed(KeyEvent::new(KeyCode::Char('g'), KeyModifiers::ALT)));
    door.key(KeyCode::Tab);
    door.key(KeyCode::Enter);
    let deeds = door.told_alike(&[("gate", "", "DOOR SET")]);
    assert_eq!(deeds[0].words.as_str(), "This door is for Floor.");
}
