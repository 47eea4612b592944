//! An order's check-in: all of it, some by marking, so many more.

use crossterm::event::KeyCode;
use doorlist::console::{App, Effect, Message, Popup, Verdict};
use doorlist::domain::{Entry, OrderId, Refusal, ScanRefusal, Ticket};
use rstest::rstest;

use super::stage::{at, loaded_with, press, scan, ticket, type_text};
use crate::answers::{Answer, messages};

const ORDER: &str = "ord_01jq8zv5k3m9x2c7b4n6d8f0ga";

/// A family of four in one order, and a stranger; `inside` of the family are in.
fn family(inside: usize) -> App {
    let of_order = |(number, name): (usize, &str)| {
        let (status, scans) = if number < inside {
            ("REDEEMED", vec![scan(&format!("s{number}"), "CHECK_IN", -60)])
        } else {
            ("ACTIVE", Vec::new())
        };
        let mut ticket = ticket(&format!("tkt_{number}"), name, "Marsh", status, -900, &scans);
        ticket.order_id = OrderId::parse(ORDER).unwrap();
        ticket
    };
    let mut guests: Vec<Ticket> = ["Ann", "Bo", "Cid", "Dot"].into_iter().enumerate().map(of_order).collect();
    guests.push(ticket("tkt_9", "Eve", "Stranger", "ACTIVE", -900, &[]));
    loaded_with(guests)
}

fn opened(inside: usize) -> App {
    let mut app = family(inside);
    type_text(&mut app, "dot marsh");
    assert_eq!(press(&mut app, KeyCode::Tab), []);
    assert!(matches!(app.popup, Some(Popup::Order(_))));
    app
}

fn taken(effects: &[Effect]) -> Vec<&Entry> {
    effects.iter().filter_map(|effect| if let Effect::Take(entry) = effect { Some(&**entry) } else { None }).collect()
}

fn ids(effects: &[Effect]) -> Vec<&str> {
    taken(effects).into_iter().map(|entry| entry.ticket.as_str()).collect()
}

fn keys(app: &mut App, keys: &str) -> Vec<Effect> {
    keys_from(app, 2, keys)
}

fn keys_from(app: &mut App, from: i64, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (key, seconds) in keys.chars().zip((from..).step_by(2)) {
        let code = match key {
            '\r' => KeyCode::Enter,
            '↓' => KeyCode::Down,
            '↑' => KeyCode::Up,
            '⌫' => KeyCode::Backspace,
            letter => KeyCode::Char(letter),
        };
        // Each of them is meant: none is a bounce of the one before.
        effects = app.update(Message::KeyPressed(code.into()), at(seconds));
    }
    effects
}

#[rstest]
#[case::all_of_it(0, "\r", &["tkt_0", "tkt_1", "tkt_2", "tkt_3"])]
#[case::the_rest_once_it_was_asked(2, "\r\r", &["tkt_2", "tkt_3"])]
#[case::the_rest_is_not_taken_without_a_yes(2, "\r", &[])]
#[case::so_many(0, "2\r", &["tkt_0", "tkt_1"])]
#[case::so_many_more(1, "2\r", &["tkt_1", "tkt_2"])]
#[case::more_than_there_are(3, "9\r", &["tkt_3"])]
#[case::a_number_taken_back(0, "2⌫\r", &["tkt_0", "tkt_1", "tkt_2", "tkt_3"])]
#[case::nobody_is_no_number(0, "0\r", &["tkt_0", "tkt_1", "tkt_2", "tkt_3"])]
#[case::marked(0, " ↓↓ \r", &["tkt_0", "tkt_2"])]
#[case::marked_and_not_again(0, " ↓ ↑ \r", &["tkt_1"])]
#[case::marked_needs_no_yes(2, "↓↓ \r", &["tkt_2"])]
#[case::who_is_in_is_not_sent(2, " \r", &[])]
#[case::letters_are_nothing(0, "xyz", &[])]
fn enter_checks_in_who_is_meant(#[case] inside: usize, #[case] typed: &str, #[case] expected: &[&str]) {
    let mut app = opened(inside);
    let effects = keys(&mut app, typed);
    assert_eq!(ids(&effects), expected);
    let order = OrderId::parse(ORDER).unwrap();
    assert!(taken(&effects).iter().all(|entry| entry.order.as_ref() == Some(&order)), "each entry names its order");
    assert_eq!(app.search.input.value(), "dot marsh", "nothing reaches the search box");
}

#[test]
fn esc_leaves_the_rest_of_a_partial_order_out() {
    let mut app = opened(2);
    keys(&mut app, "\r");
    assert_eq!(press(&mut app, KeyCode::Esc), []);
    assert_eq!(app.popup, None);
}

#[test]
fn each_ticket_has_its_own_result_and_the_dialog_stays_for_them() {
    let mut app = opened(0);
    let effects = keys(&mut app, "\r");
    let entries: Vec<_> = taken(&effects).into_iter().cloned().collect();
    assert_eq!(keys(&mut app, "\r"), [], "while answers are coming a second Enter does nothing");
    assert!(app.popup.is_some());
    for (number, entry) in entries.iter().enumerate() {
        let id = entry.ticket.as_str();
        let answer = if number == 1 {
            Answer::Refused(ScanRefusal::Rule(Refusal::TicketCancelled), None)
        } else {
            Answer::Accepted(marsh(id, "REDEEMED"))
        };
        for message in messages(entry, answer, at(1)) {
            app.update(message, at(1));
        }
    }
    let order = OrderId::parse(ORDER).unwrap();
    assert_eq!(app.order_counts(&order), (3, 4));
    assert_eq!(app.attempts(&entries[1].ticket)[0].verdict, Verdict::Cancelled);
    assert_eq!(keys(&mut app, "\r"), [], "who was refused is not sent again by itself");
    assert_eq!(app.popup, None, "nothing is left to do");
}

/// The answers to a whole order of which another door let Bo in, which the list had not heard.
fn heard_with_one_refused(app: &mut App, last: usize) -> Vec<Entry> {
    let entries: Vec<_> = taken(&keys(app, "\r")).into_iter().cloned().collect();
    let mut rest: Vec<_> = entries.iter().collect();
    let last = rest.remove(last);
    for entry in rest.into_iter().chain([last]) {
        let ticket = marsh(entry.ticket.as_str(), "REDEEMED");
        let answer = if entry.ticket.as_str() == "tkt_1" {
            Answer::Refused(ScanRefusal::Rule(Refusal::AlreadyCheckedIn), Some(ticket))
        } else {
            Answer::Accepted(ticket)
        };
        for message in messages(entry, answer, at(3)) {
            app.update(message, at(3));
        }
    }
    entries
}

#[rstest]
#[case::the_refusal_came_first(0)]
#[case::the_refusal_came_last(1)]
fn who_was_in_already_is_not_told_as_let_in_with_the_order(#[case] last: usize) {
    let mut app = opened(0);
    let entries = heard_with_one_refused(&mut app, last);
    let Some(Popup::Order(order)) = &app.popup else { panic!() };
    let result = |entry: &Entry| app.order_result(order, &entry.ticket).unwrap();
    let results: Vec<_> = entries.iter().map(result).collect();
    let (fine, refused) = (Verdict::CheckedIn, Verdict::AlreadyIn);
    assert_eq!(results, [fine, refused, fine, fine], "the ticket itself is in, whoever let it in");
    let sum = "3 in, 1 not: Any Marsh ALREADY IN.";
    assert_eq!(app.order_sum(order).as_deref(), Some(sum));
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.ticket.as_str(), &*banner.detail), (refused, "tkt_1", sum));
}

#[test]
fn an_answer_after_the_dialog_was_closed_is_summed_up_too() {
    let mut app = opened(0);
    let entries: Vec<_> = taken(&keys(&mut app, "2\r")).into_iter().cloned().collect();
    press(&mut app, KeyCode::Esc);
    let already = ScanRefusal::Rule(Refusal::AlreadyCheckedIn);
    for (entry, answer) in entries
        .iter()
        .zip([Answer::Refused(already, Some(marsh("tkt_0", "REDEEMED"))), Answer::Accepted(marsh("tkt_1", "REDEEMED"))])
    {
        for message in messages(entry, answer, at(5)) {
            app.update(message, at(5));
        }
    }
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, &*banner.detail), (Verdict::AlreadyIn, "1 in, 1 not: Any Marsh ALREADY IN."));
}

fn marsh(id: &str, status: &str) -> Ticket {
    let mut ticket = ticket(id, "Any", "Marsh", status, 1, &[scan(&format!("{id}-s"), "CHECK_IN", 1)]);
    ticket.order_id = OrderId::parse(ORDER).unwrap();
    ticket
}

#[test]
fn a_second_enter_after_so_many_lets_nobody_else_in_without_a_yes() {
    let mut app = opened(0);
    let effects = keys(&mut app, "1\r");
    let [entry] = taken(&effects)[..] else { panic!("{effects:?}") };
    let entry = entry.clone();
    assert_eq!(keys(&mut app, "\r\r"), [], "its answer is still coming");
    for message in messages(&entry, Answer::Accepted(marsh("tkt_0", "REDEEMED")), at(1)) {
        app.update(message, at(1));
    }
    assert_eq!(keys(&mut app, "\r"), [], "the others are asked about");
    assert_eq!(ids(&keys_from(&mut app, 4, "\r")), ["tkt_1", "tkt_2", "tkt_3"]);
}

#[test]
fn without_a_guest_there_is_no_order() {
    let mut app = family(0);
    press(&mut app, KeyCode::Tab);
    assert_eq!(app.popup, None);
}

#[rstest]
#[case::heard_of_first(0)]
#[case::heard_of_last(3)]
fn a_scan_that_could_not_be_kept_is_told_of_with_the_others(#[case] place: usize) {
    let mut app = opened(0);
    let effects = keys(&mut app, "\r");
    let mut entries: Vec<_> = taken(&effects).into_iter().cloned().collect();
    let unkept = entries.remove(1);
    entries.insert(place, unkept.clone());
    for entry in &entries {
        let answer = if entry.id == unkept.id {
            Answer::NotKept("The disk is full.")
        } else {
            Answer::Accepted(marsh(entry.ticket.as_str(), "REDEEMED"))
        };
        for message in messages(entry, answer, at(1)) {
            app.update(message, at(1));
        }
    }
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, &banner.ticket), (Verdict::NotDone, &unkept.ticket));
    assert_eq!(banner.detail.as_str(), "3 in, 1 not: Bo Marsh NOT DONE.");
}
