//! Check-in and check-out, from the key to the banner.

use crossterm::event::KeyCode;
use doorlist::console::{App, Bell, Effect, Health, Message, Verdict};
use doorlist::domain::{
    AuditAct, Entry, EntryState, Refusal, ScanKind, ScanRefusal, Settlement, TicketStatus, Trouble, Why,
};
use rstest::rstest;

use super::stage::{at, control, guests, loaded, now, press, scan, selected, ticket, type_text};
use crate::answers::{Answer, messages};

/// Types a name and presses a key that has a scan taken.
fn send(app: &mut App, name: &str, key: impl Fn(&mut App) -> Vec<Effect>) -> Entry {
    type_text(app, name);
    let mut effects = key(app);
    let Some(Effect::Take(entry)) = effects.pop() else { panic!("{effects:?}") };
    assert_eq!((effects.len(), app.banner.as_ref().unwrap().verdict), (0, Verdict::Sending));
    *entry
}

fn enter(app: &mut App) -> Vec<Effect> {
    press(app, KeyCode::Enter)
}

fn hear(app: &mut App, entry: &Entry, answer: Answer) -> Vec<Effect> {
    let told = messages(entry, answer, at(1));
    told.into_iter().flat_map(|message| app.update(message, at(1))).collect()
}

fn verdict(app: &App) -> Verdict {
    app.banner.as_ref().unwrap().verdict
}

fn status(app: &App, guest: usize) -> TicketStatus {
    app.index.get(&guests()[guest].id).unwrap().status
}

fn offline(app: &mut App) {
    app.update(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)), now());
}

/// Ada as the service has her after she went in.
fn ada_in() -> doorlist::domain::Ticket {
    ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 1, &[scan("s2", "CHECK_IN", 1)])
}

#[test]
fn enter_checks_in_and_the_answer_moves_everything() {
    let mut app = loaded();
    let entry = send(&mut app, "ada", enter);
    assert_eq!((entry.kind, &entry.against, entry.promised), (ScanKind::CheckIn, &None, false));
    assert_eq!(app.index.counts().overall().redeemed, 1);
    assert_eq!(hear(&mut app, &entry, Answer::Accepted(ada_in())), [Effect::Ring(Bell::Pass)]);
    assert_eq!(verdict(&app), Verdict::CheckedIn);
    assert_eq!(app.index.counts().overall().redeemed, 2);
    assert_eq!(selected(&app), Some("tkt_ada"), "the row stays under the cursor");
    assert!(app.arrivals.per_minute(at(1)) > 0.0);
    type_text(&mut app, "b");
    assert_eq!(app.search.input.value(), "b", "the next letter starts the next guest");
}

#[test]
fn a_key_checks_out() {
    let mut app = loaded();
    assert_eq!(send(&mut app, "ben", |app| control(app, 'o')).kind, ScanKind::CheckOut);
}

#[test]
fn no_two_entries_share_an_id() {
    let mut app = loaded();
    app.seed([7; 10]);
    let first = send(&mut app, "ada", enter);
    hear(&mut app, &first, Answer::Accepted(ada_in()));
    let second = send(&mut app, "ben", |app| control(app, 'o'));
    assert_ne!(first.id, second.id);
    let mut other = loaded();
    other.seed([8; 10]);
    assert_ne!(send(&mut other, "ada", enter).id, first.id, "another run at the same time");
}

#[test]
fn a_name_typed_before_the_answer_came_stays_whole() {
    let mut app = loaded();
    let entry = send(&mut app, "ada", enter);
    type_text(&mut app, "be");
    hear(&mut app, &entry, Answer::Accepted(ada_in()));
    type_text(&mut app, "n");
    assert_eq!(app.search.input.value(), "ben");
}

#[test]
fn an_enter_that_bounces_behind_a_check_in_leaves_the_guest_let_in() {
    let enter_at = |app: &mut App, seconds| {
        let key = crossterm::event::KeyEvent::new(KeyCode::Enter, crossterm::event::KeyModifiers::NONE);
        app.update(Message::KeyPressed(key), at(seconds))
    };
    for answer in [Answer::Accepted(ada_in()), Answer::Promised] {
        let mut app = loaded();
        let entry = send(&mut app, "ada", enter);
        hear(&mut app, &entry, answer);
        let said = app.banner.clone();
        assert_eq!(enter_at(&mut app, 2), []);
        assert_eq!((app.banner.clone(), app.attempts(&guests()[0].id).len()), (said, 0));
        assert_ne!(enter_at(&mut app, 4), [], "a later one is meant");
    }
    let mut app = loaded();
    let entry = send(&mut app, "ada", enter);
    hear(&mut app, &entry, Answer::Accepted(ada_in()));
    type_text(&mut app, "ada");
    assert_ne!(enter_at(&mut app, 2), [], "who was searched for again is meant");
}

#[test]
fn a_second_enter_waits_for_the_first_answer() {
    let mut app = loaded();
    send(&mut app, "ada", enter);
    assert!(enter(&mut app).is_empty());
}

#[rstest]
#[case(ScanRefusal::Rule(Refusal::AlreadyCheckedIn), Verdict::AlreadyIn)]
#[case(ScanRefusal::Rule(Refusal::NotCheckedIn), Verdict::NotIn)]
#[case(ScanRefusal::Rule(Refusal::TicketCancelled), Verdict::Cancelled)]
#[case(ScanRefusal::WrongEvent { event: "Brass".into() }, Verdict::WrongEvent)]
#[case(ScanRefusal::WrongDoor { admission: "VIP".into() }, Verdict::WrongDoor)]
#[case(ScanRefusal::UnknownTicket, Verdict::UnknownTicket)]
#[case(ScanRefusal::Other { message: "no".into() }, Verdict::Refused)]
fn every_refusal_has_its_words_and_stops(#[case] refusal: ScanRefusal, #[case] expected: Verdict) {
    let mut app = loaded();
    let entry = send(&mut app, "ada", enter);
    assert_eq!(hear(&mut app, &entry, Answer::Refused(refusal, None)), [Effect::Ring(Bell::Stop)]);
    assert_eq!(verdict(&app), expected);
    let tried = app.attempts(&guests()[0].id);
    assert_eq!((tried.len(), tried[0].verdict), (1, expected));
    assert_eq!(selected(&app), Some("tkt_ada"), "a refused guest is still the one at hand");
    type_text(&mut app, "li");
    assert_eq!(app.search.input.value(), "li", "and the next name is a name of its own");
}

#[test]
fn what_the_list_forbids_is_asked_of_the_service_with_our_rule_beside_it() {
    let mut app = loaded();
    let entry = send(&mut app, "ben", enter);
    assert_eq!(entry.against, Some(ScanRefusal::Rule(Refusal::AlreadyCheckedIn)));
    hear(&mut app, &entry, Answer::Refused(entry.against.clone().unwrap(), Some(guests()[1].clone())));
    let detail = app.banner.as_ref().unwrap().detail.to_string();
    assert_eq!(detail, "in at 08:48 (12 min ago) by Mo Diaz on north-2");
}

#[test]
fn a_stale_answer_never_replaces_a_newer_one() {
    let mut app = loaded();
    let entry = send(&mut app, "ben", enter);
    let stale = ticket("tkt_ben", "Ben", "Okafor", "ACTIVE", -800, &[]);
    hear(&mut app, &entry, Answer::Refused(ScanRefusal::Other { message: "no".into() }, Some(stale)));
    assert_eq!(status(&app, 1), TicketStatus::Redeemed);
}

#[test]
fn a_scan_that_was_not_kept_lets_nobody_in() {
    let mut app = loaded();
    let entry = send(&mut app, "ada", enter);
    let effects = hear(&mut app, &entry, Answer::NotKept("The disk is full."));
    assert_eq!(effects, [Effect::Ring(Bell::Attention)]);
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.detail.as_str()), (Verdict::NotDone, "The disk is full."));
    assert_eq!(status(&app, 0), TicketStatus::Active);
    assert!(matches!(enter(&mut app)[..], [Effect::Take(_)]), "it can be tried again");
}

#[test]
fn what_is_unknown_is_neither_in_nor_out_until_the_service_has_told() {
    let mut app = loaded();
    let entry = send(&mut app, "ada", enter);
    assert_eq!(hear(&mut app, &entry, Answer::Unknown), [Effect::Ring(Bell::Attention)]);
    assert_eq!((verdict(&app), status(&app, 0)), (Verdict::BeingVerified, TicketStatus::Active));
    assert_eq!(enter(&mut app), [Effect::Ring(Bell::Attention)], "nothing is sent beside it");
    assert_eq!(verdict(&app), Verdict::BeingVerified);
    assert_eq!(hear(&mut app, &entry, Answer::Accepted(ada_in())), [Effect::Ring(Bell::Pass)]);
    assert_eq!((verdict(&app), status(&app, 0)), (Verdict::CheckedIn, TicketStatus::Redeemed));
}

#[test]
fn on_our_word_a_guest_is_in_and_the_service_confirms_it_quietly() {
    let mut app = loaded();
    offline(&mut app);
    let entry = send(&mut app, "ada", enter);
    assert_eq!(hear(&mut app, &entry, Answer::Promised), [Effect::Ring(Bell::Pass)]);
    assert_eq!((verdict(&app), app.outbox.unsent_count()), (Verdict::InNotYetSent, 1));
    assert_eq!((status(&app, 0), app.index.counts().overall().redeemed), (TicketStatus::Redeemed, 2));
    let promised = Entry { promised: true, ..entry };
    let accepted = EntryState::Accepted { scan: None, at: at(9) };
    app.update(Message::TicketLearnt(Box::new(ada_in())), at(9));
    let effects = app.update(Message::EntryKept(Box::new(Entry { state: accepted, ..promised })), at(9));
    assert_eq!(effects, [], "the guest went in long ago");
    assert_eq!((verdict(&app), app.outbox.unsent_count()), (Verdict::CheckedIn, 0));
    assert_eq!(app.index.get(&guests()[0].id), Some(&ada_in()));
}

#[test]
fn an_older_page_does_not_take_our_own_scan_back() {
    let mut app = loaded();
    offline(&mut app);
    let entry = send(&mut app, "ada", enter);
    hear(&mut app, &entry, Answer::Promised);
    let [Effect::LoadEvent { sequence, .. }] = press(&mut app, KeyCode::F(5))[..] else { panic!() };
    app.update(Message::TicketsLoaded { sequence, tickets: guests() }, at(5));
    assert_eq!(status(&app, 0), TicketStatus::Redeemed);
    let refused = EntryState::Refused {
        why: Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn)),
        theirs: None,
        at: at(9),
        settled: None,
    };
    app.update(Message::EntryKept(Box::new(Entry { state: refused, promised: true, ..entry })), at(9));
    assert_eq!(status(&app, 0), TicketStatus::Active, "the service's word stands again");
    assert_eq!(app.outbox.conflict_count(), 1);
}

#[test]
fn offline_the_list_and_our_own_scans_decide() {
    let mut app = loaded();
    offline(&mut app);
    let entry = send(&mut app, "ada", enter);
    hear(&mut app, &entry, Answer::Promised);
    for (name, expected) in [("ada", Verdict::AlreadyIn), ("ben", Verdict::AlreadyIn), ("cleo", Verdict::Cancelled)] {
        press(&mut app, KeyCode::Esc);
        control(&mut app, 'u');
        type_text(&mut app, name);
        let effects = enter(&mut app);
        let [Effect::Record(record), Effect::Ring(Bell::Stop)] = &effects[..] else { panic!("{name}: {effects:?}") };
        assert_eq!((record.act, verdict(&app)), (AuditAct::Refusal, expected), "{name}");
    }
    press(&mut app, KeyCode::Esc);
    control(&mut app, 'u');
    let out = send(&mut app, "ada", |app| control(app, 'o'));
    assert_eq!(hear(&mut app, &out, Answer::Promised), [Effect::Ring(Bell::Pass)]);
    assert_eq!((verdict(&app), status(&app, 0)), (Verdict::OutNotYetSent, TicketStatus::Active));
}

#[test]
fn a_conflict_that_comes_up_later_calls_for_attention_and_leaves_the_banner_alone() {
    let mut app = loaded();
    offline(&mut app);
    let entry = send(&mut app, "ada", enter);
    hear(&mut app, &entry, Answer::Promised);
    let next = send(&mut app, "ben", |app| control(app, 'o'));
    hear(&mut app, &next, Answer::Promised);
    let refused = |settled| EntryState::Refused {
        why: Why::Rule(ScanRefusal::Rule(Refusal::TicketCancelled)),
        theirs: None,
        at: at(9),
        settled,
    };
    let told =
        |settled| Message::EntryKept(Box::new(Entry { state: refused(settled), promised: true, ..entry.clone() }));
    assert_eq!(app.update(told(None), at(9)), [Effect::Ring(Bell::Attention)]);
    assert_eq!((verdict(&app), app.outbox.conflict_count()), (Verdict::OutNotYetSent, 1));
    let settlement = Settlement {
        reason: doorlist::domain::SettleReason::SamePerson,
        note: "".into(),
        by: doorlist::domain::Operator::default(),
        at: at(10),
    };
    assert_eq!(app.update(told(Some(settlement)), at(10)), []);
    assert_eq!(app.outbox.conflict_count(), 0);
}

#[test]
fn a_scan_whose_answer_was_not_kept_is_in_doubt_and_never_said_not_to_be_done() {
    let mut app = loaded();
    let entry = send(&mut app, "ada", enter);
    let sending = Entry { state: EntryState::Sending, ..entry.clone() };
    app.update(Message::EntryKept(Box::new(sending)), at(1));
    hear(&mut app, &entry, Answer::NotKept("The disk is full."));
    assert_eq!(verdict(&app), Verdict::BeingVerified);
    assert_eq!(app.session.findings, ["The disk is full.".into()]);
    assert_eq!(hear(&mut app, &entry, Answer::Accepted(ada_in())), [Effect::Ring(Bell::Pass)]);
    assert_eq!(verdict(&app), Verdict::CheckedIn);
}

#[test]
fn the_same_finding_is_noted_once_and_only_so_many_are() {
    let mut app = loaded();
    for number in (0..30).flat_map(|number| [number, 0]) {
        app.update(Message::ActNotRecorded(format!("Fault {number}.").into()), now());
    }
    let noted: Vec<_> = (0..20).map(|number| format!("Fault {number}.").into()).collect();
    assert_eq!(app.session.findings, noted);
}
