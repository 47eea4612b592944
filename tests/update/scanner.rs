//! What a scanned or pasted code does.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::scanner::Scanned;
use doorlist::console::{App, Bell, Door, Effect, Health, Message, Popup, ScanAction, Verdict};
use doorlist::domain::{AuditAct, Code, EventId, OrderId, ScanKind, Ticket, TicketId, Trouble};
use rstest::rstest;

use super::stage::{at, loaded, loaded_with, now, press, scan, selected, ticket, type_text};
use crate::answers::{Answer, messages};

const ADA: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0ga";
const BEN: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0gb";
const CLEO: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0gc";
const NOBODY: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0gz";
const ORDER: &str = "ord_01jq8zv5k3m9x2c7b4n6d8f0ga";

fn guests() -> Vec<Ticket> {
    let mut guests = vec![
        ticket(ADA, "Ada", "Lovelace", "ACTIVE", -900, &[]),
        ticket(BEN, "Ben", "Okafor", "REDEEMED", -720, &[]),
        ticket(CLEO, "Cleo", "Müller", "CANCELLED", -600, &[]),
    ];
    guests[0].order_id = OrderId::parse(ORDER).unwrap();
    guests[1].order_id = OrderId::parse(ORDER).unwrap();
    guests
}

fn door(action: ScanAction) -> App {
    let mut app = loaded_with(guests());
    app.door = Door { scanning: action, ..Door::default() };
    app
}

fn read(app: &mut App, text: &str) -> Vec<Effect> {
    app.update(Message::Scanned(Scanned::Code(Code::readings(text))), now())
}

fn sent(effects: &[Effect]) -> Option<(&str, ScanKind)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Take(entry) => Some((entry.ticket.as_str(), entry.kind)),
        _ => None,
    })
}

fn looks_up(effects: &[Effect]) -> Option<(u64, &str)> {
    effects.iter().find_map(|effect| match effect {
        Effect::LookUp { sequence, id } => Some((*sequence, id.as_str())),
        _ => None,
    })
}

/// What a code that lets nobody in is recorded as.
fn refused(effects: &[Effect]) -> &str {
    let [Effect::Record(record), Effect::Ring(Bell::Stop)] = effects else { panic!("{effects:?}") };
    assert_eq!(record.act, AuditAct::Refusal);
    record.outcome.as_str().split(':').next().unwrap()
}

fn verdict(app: &App) -> Option<Verdict> {
    app.banner.as_ref().map(|banner| banner.verdict)
}

#[rstest]
#[case(ScanAction::CheckIn, ADA, Some(ScanKind::CheckIn))]
#[case(ScanAction::CheckIn, BEN, Some(ScanKind::CheckIn))]
#[case(ScanAction::CheckOut, BEN, Some(ScanKind::CheckOut))]
#[case(ScanAction::Toggle, ADA, Some(ScanKind::CheckIn))]
#[case(ScanAction::Toggle, BEN, Some(ScanKind::CheckOut))]
#[case(ScanAction::Toggle, CLEO, Some(ScanKind::CheckIn))]
#[case(ScanAction::Show, ADA, None)]
fn a_scanned_ticket_does_what_the_settings_say(
    #[case] action: ScanAction,
    #[case] code: &str,
    #[case] kind: Option<ScanKind>,
) {
    let mut app = door(action);
    type_text(&mut app, "somebody else");
    let effects = read(&mut app, code);
    assert_eq!(sent(&effects), kind.map(|kind| (code, kind)));
    assert_eq!((selected(&app), app.search.input.value(), app.search.hits.len()), (Some(code), "", 1));
}

#[test]
fn a_code_that_is_read_again_before_its_answer_is_heard() {
    let mut app = door(ScanAction::CheckIn);
    let effects = read(&mut app, ADA);
    let [Effect::Take(first)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(read(&mut app, ADA), [Effect::Ring(Bell::Attention)]);
    let banner = app.banner.as_ref().unwrap();
    let said = (banner.verdict, banner.detail.as_str(), banner.entry);
    let expected = "Scanned twice; the first is still being asked.";
    assert_eq!(said, (Verdict::Sending, expected, Some(first.id)), "the answer to the first takes its place");
    assert_eq!(press(&mut app, KeyCode::Enter), [], "a key says nothing more");
}

#[rstest]
#[case::held_up_by_the_link(1, None)]
#[case::at_the_end_of_its_time(2, None)]
#[case::a_persons(3, Some((ADA, ScanKind::CheckIn)))]
fn an_enter_that_comes_late_behind_its_code_is_no_second_scan(
    #[case] seconds: i64,
    #[case] expected: Option<(&str, ScanKind)>,
) {
    let mut app = door(ScanAction::CheckIn);
    let effects = read(&mut app, ADA);
    let [Effect::Take(entry)] = &effects[..] else { panic!("{effects:?}") };
    let ada = ticket(ADA, "Ada", "Lovelace", "REDEEMED", 0, &[scan("s1", "CHECK_IN", 0)]);
    for message in messages(entry, Answer::Accepted(ada), now()) {
        app.update(message, now());
    }
    let effects = app.update(Message::KeyPressed(KeyEvent::from(KeyCode::Enter)), at(seconds));
    assert_eq!(sent(&effects), expected);
    assert_eq!(verdict(&app), Some(if expected.is_some() { Verdict::Sending } else { Verdict::CheckedIn }));
}

#[test]
fn an_enter_at_another_guest_right_after_a_code_is_a_persons() {
    let mut app = door(ScanAction::CheckIn);
    read(&mut app, ADA);
    type_text(&mut app, "okafor");
    assert_eq!(sent(&press(&mut app, KeyCode::Enter)), Some((BEN, ScanKind::CheckIn)));
}

#[test]
fn a_ticket_that_is_only_shown_waits_for_enter() {
    let mut app = door(ScanAction::Show);
    assert!(matches!(&read(&mut app, ADA)[..], [Effect::FetchTicket { id, .. }] if id.as_str() == ADA));
    assert_eq!(verdict(&app), None);
    assert_eq!(sent(&press(&mut app, KeyCode::Enter)), Some((ADA, ScanKind::CheckIn)));
}

#[rstest]
#[case::bare(ADA)]
#[case::in_an_address("https://tickets.example.com/t/tkt_01jq8zv5k3m9x2c7b4n6d8f0ga?sig=AbCd")]
#[case::in_capitals("TKT_01JQ8ZV5K3M9X2C7B4N6D8F0GA\n")]
fn a_pasted_ticket_waits_for_enter_whatever_a_scanned_one_does(#[case] pasted: &str) {
    let mut app = door(ScanAction::CheckIn);
    let effects = app.update(Message::Pasted(pasted.into()), now());
    assert_eq!((sent(&effects), selected(&app)), (None, Some(ADA)));
    assert_eq!(sent(&press(&mut app, KeyCode::Enter)), Some((ADA, ScanKind::CheckIn)));
}

#[test]
fn the_next_letter_after_a_scan_starts_the_next_guest() {
    let mut app = door(ScanAction::CheckIn);
    read(&mut app, ADA);
    type_text(&mut app, "ben");
    assert_eq!((app.search.input.value(), selected(&app), app.search.by_code), ("ben", Some(BEN), false));
}

#[test]
fn a_page_of_the_list_that_comes_later_keeps_the_scanned_ticket() {
    let mut app = door(ScanAction::CheckIn);
    read(&mut app, ADA);
    let reload = press(&mut app, KeyCode::F(5));
    let [Effect::LoadEvent { sequence, .. }] = reload[..] else { panic!("{reload:?}") };
    let more = (0..300).map(|number| ticket(&format!("tkt_{number}"), "Aaron", "Aas", "ACTIVE", 0, &[])).collect();
    app.update(Message::TicketsLoaded { sequence, tickets: more }, at(5));
    app.update(Message::LoadFinished { sequence }, at(6));
    assert_eq!((selected(&app), app.search.hits.len()), (Some(ADA), 1));
}

#[test]
fn of_several_readings_the_one_on_the_list_is_meant() {
    let swapped = "tkt?01jq8yv5k3m9x2c7b4n6d8f0ga";
    let mut app = door(ScanAction::CheckIn);
    assert_eq!(sent(&read(&mut app, swapped)), Some((ADA, ScanKind::CheckIn)));
}

#[test]
fn an_order_opens_with_its_tickets() {
    let mut app = door(ScanAction::CheckIn);
    let effects = read(&mut app, ORDER);
    assert_eq!(sent(&effects), None);
    assert_eq!((app.search.hits.len(), selected(&app)), (2, Some(ADA)));
    assert!(matches!(&app.popup, Some(Popup::Order(order)) if order.order.as_str() == ORDER));
}

#[test]
fn a_code_that_the_list_does_not_have_is_asked_of_the_service() {
    let mut app = door(ScanAction::CheckIn);
    let effects = read(&mut app, "tkt_01jq8av5k3m9x2c7b4n6d8f0gd");
    let (sequence, _) = looks_up(&effects).unwrap();
    assert_eq!((verdict(&app), sent(&effects)), (Some(Verdict::Sending), None));
    let sold = ticket("tkt_01jq8av5k3m9x2c7b4n6d8f0gd", "Dora", "Novak", "ACTIVE", 0, &[]);
    let effects = app.update(Message::CodeLookedUp { sequence, found: Ok(Box::new(sold)) }, at(1));
    assert_eq!(sent(&effects), Some(("tkt_01jq8av5k3m9x2c7b4n6d8f0gd", ScanKind::CheckIn)));
    assert_eq!(app.index.len(), 4);
}

#[test]
fn a_code_that_nobody_knows_is_an_unknown_ticket_and_enter_lets_nobody_in() {
    let mut app = door(ScanAction::CheckIn);
    let effects = read(&mut app, "tkt?01jq8zv5k3m9x2c7b4n6d8f0gz");
    let (sequence, first) = looks_up(&effects).unwrap();
    assert_eq!(first, NOBODY);
    let effects = app.update(Message::CodeLookedUp { sequence, found: Err(Trouble::NotFound) }, at(1));
    let (sequence, second) = looks_up(&effects).unwrap();
    assert_eq!(second, "tkt_01jq8yv5k3m9x2c7b4n6d8f0gy", "the German reading is asked for too");
    let effects = app.update(Message::CodeLookedUp { sequence, found: Err(Trouble::NotFound) }, at(2));
    assert_eq!((verdict(&app), refused(&effects)), (Some(Verdict::UnknownTicket), "UNKNOWN TICKET"));
    assert_eq!(press(&mut app, KeyCode::Enter), []);
}

#[test]
fn a_ticket_of_another_event_is_named_with_it_and_stays_off_the_list() {
    let mut app = door(ScanAction::CheckIn);
    let effects = read(&mut app, "tkt_01jq8av5k3m9x2c7b4n6d8f0gd");
    let (sequence, _) = looks_up(&effects).unwrap();
    let mut other = ticket("tkt_01jq8av5k3m9x2c7b4n6d8f0gd", "Dora", "Novak", "ACTIVE", 0, &[]);
    let mut event = (*other.event).clone();
    (event.id, event.name) = (EventId::from_service("evt_2"), "Brass Night".into());
    other.event = event.into();
    let effects = app.update(Message::CodeLookedUp { sequence, found: Ok(Box::new(other)) }, at(1));
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.name.as_str()), (Verdict::WrongEvent, "Dora Novak"));
    assert!(banner.detail.contains("Brass Night"), "{}", banner.detail);
    assert_eq!((refused(&effects), app.index.len()), ("WRONG EVENT", 3));
    assert_eq!(press(&mut app, KeyCode::Enter), []);
}

#[rstest]
#[case::on_the_list(ScanAction::CheckIn, Ok("evt_1"), Verdict::Sending, true)]
#[case::only_shown(ScanAction::Show, Ok("evt_1"), Verdict::NotDone, false)]
#[case::of_another_event(ScanAction::CheckIn, Ok("evt_2"), Verdict::WrongEvent, false)]
#[case::known_to_nobody(ScanAction::CheckIn, Err(Trouble::NotFound), Verdict::UnknownTicket, false)]
#[case::without_an_answer(ScanAction::CheckIn, Err(Trouble::TimedOut), Verdict::NotDone, false)]
fn a_late_answer_leaves_the_rows_to_whoever_searched_meanwhile(
    #[case] action: ScanAction,
    #[case] event: Result<&str, Trouble>,
    #[case] says: Verdict,
    #[case] takes: bool,
) {
    let mut app = door(action);
    let sold = "tkt_01jq8av5k3m9x2c7b4n6d8f0gd";
    let (sequence, _) = looks_up(&read(&mut app, sold)).unwrap();
    type_text(&mut app, "ben");
    let rows = (app.search.hits.clone(), app.search.selected.clone());
    let found = event.map(|event| {
        let mut dora = ticket(sold, "Dora", "Novak", "ACTIVE", 0, &[]);
        let mut theirs = (*dora.event).clone();
        theirs.id = EventId::from_service(event);
        dora.event = theirs.into();
        Box::new(dora)
    });
    let effects = app.update(Message::CodeLookedUp { sequence, found }, at(1));
    assert_eq!(sent(&effects), takes.then_some((sold, ScanKind::CheckIn)), "acts by the id that was scanned");
    assert_eq!((verdict(&app), selected(&app)), (Some(says), Some(BEN)));
    assert_eq!((app.search.hits.clone(), app.search.selected.clone()), rows);
    type_text(&mut app, " o");
    assert_eq!(app.search.input.value(), "ben o", "what is being typed goes on");
}

#[rstest]
#[case::known_to_be_offline(true)]
#[case::found_out_by_asking(false)]
fn offline_a_code_that_the_list_does_not_have_admits_nobody(#[case] known: bool) {
    let mut app = door(ScanAction::CheckIn);
    if known {
        app.update(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)), now());
    }
    let effects = read(&mut app, "tkt_01jq8av5k3m9x2c7b4n6d8f0gd");
    match looks_up(&effects) {
        Some((sequence, _)) if !known => {
            app.update(Message::CodeLookedUp { sequence, found: Err(Trouble::TimedOut) }, at(1));
        }
        asked => assert_eq!((known, asked), (true, None)),
    }
    let banner = app.banner.as_ref().unwrap();
    assert_eq!(banner.verdict, Verdict::NotDone);
    assert!(banner.detail.contains("do not admit"), "{}", banner.detail);
}

#[test]
fn an_answer_to_no_question_of_ours_does_nothing() {
    let mut app = door(ScanAction::CheckIn);
    let stray = ticket("tkt_01jq8av5k3m9x2c7b4n6d8f0gd", "Dora", "Novak", "ACTIVE", 0, &[]);
    assert_eq!(app.update(Message::CodeLookedUp { sequence: 99, found: Ok(Box::new(stray)) }, now()), []);
    assert_eq!((app.index.len(), verdict(&app)), (3, None));
}

#[rstest]
#[case::of_another_kind("evt_01jq8abcdefg9x2c7b4n6d8f0g")]
#[case::of_an_order_elsewhere("ord_01jq8abcdefg9x2c7b4n6d8f0g")]
fn a_code_of_no_ticket_says_so_at_once(#[case] code: &str) {
    let mut app = door(ScanAction::CheckIn);
    assert_eq!(refused(&read(&mut app, code)), "UNKNOWN TICKET");
    assert_eq!(verdict(&app), Some(Verdict::UnknownTicket));
}

#[test]
fn an_unreadable_scan_says_what_it_read() {
    let mut app = door(ScanAction::CheckIn);
    app.update(Message::Scanned(Scanned::Unreadable("4006381333931".into())), now());
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.name.as_str()), (Verdict::UnknownTicket, "4006381333931"));
    assert_eq!(press(&mut app, KeyCode::Enter), []);
}

#[test]
fn typing_that_was_a_scan_leaves_no_trace() {
    let mut app = loaded();
    type_text(&mut app, "be");
    let before = (app.search.input.value().to_owned(), app.search.hits.clone(), app.search.selected.clone());
    app.update(Message::TypingBegan, now());
    type_text(&mut app, "tkt_01");
    assert_ne!(app.search.hits, before.1);
    app.update(Message::TypingWithdrawn, now());
    let after = (app.search.input.value().to_owned(), app.search.hits.clone(), app.search.selected.clone());
    assert_eq!(after, before);
}

#[test]
fn a_scan_after_a_finished_guest_leaves_the_finished_search_as_it_was() {
    let mut app = loaded();
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::Enter);
    assert!(app.search.done);
    app.update(Message::TypingBegan, now());
    type_text(&mut app, "t");
    assert_eq!(app.search.input.value(), "t");
    app.update(Message::TypingWithdrawn, now());
    assert_eq!((app.search.input.value(), app.search.done, selected(&app)), ("ada", true, Some("tkt_ada")));
}

#[test]
fn a_repeated_scan_leaves_the_scanned_ticket_on_the_screen() {
    let mut app = door(ScanAction::CheckIn);
    read(&mut app, ADA);
    app.update(Message::TypingBegan, now());
    type_text(&mut app, "t");
    assert!(!app.search.by_code);
    app.update(Message::TypingWithdrawn, now());
    assert_eq!((app.search.by_code, app.search.hits.len(), selected(&app)), (true, 1, Some(ADA)));
}

#[test]
fn a_scan_over_the_help_acts_and_keeps_the_help() {
    let mut app = door(ScanAction::CheckIn);
    press(&mut app, KeyCode::F(1));
    app.update(Message::TypingBegan, now());
    app.update(Message::TypingWithdrawn, now());
    assert_eq!(sent(&read(&mut app, ADA)), Some((ADA, ScanKind::CheckIn)));
    assert!(matches!(app.popup, Some(Popup::Help { .. })));
}

#[test]
fn text_can_be_taken_back_and_what_is_bound_cannot() {
    let mut app = loaded();
    let key = |code| KeyEvent::new(code, KeyModifiers::NONE);
    assert!(!app.acts_on(key(KeyCode::Char('t'))));
    assert!(app.acts_on(key(KeyCode::Enter)));
    press(&mut app, KeyCode::F(1));
    assert!(!app.acts_on(key(KeyCode::Char('t'))));
}

#[test]
fn an_id_that_the_service_gave_is_read_back_as_it_was() {
    let ids = guests().into_iter().map(|guest| guest.id);
    for id in ids {
        assert_eq!(Code::readings(id.as_str())[0], Code::Ticket(TicketId::parse(id.as_str()).unwrap()));
    }
}
