//! An order's check-in: all of it, some by marking, so many more.

use crossterm::event::KeyCode;
use doorlist::console::{App, Effect, Popup, Verdict};
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
    let mut effects = Vec::new();
    for key in keys.chars() {
        effects = press(
            app,
            match key {
                '\r' => KeyCode::Enter,
                '↓' => KeyCode::Down,
                '↑' => KeyCode::Up,
                '⌫' => KeyCode::Backspace,
                letter => KeyCode::Char(letter),
            },
        );
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
    assert_eq!(ids(&keys(&mut app, "\r")), ["tkt_1", "tkt_2", "tkt_3"]);
}

#[test]
fn without_a_guest_there_is_no_order() {
    let mut app = family(0);
    press(&mut app, KeyCode::Tab);
    assert_eq!(app.popup, None);
}
