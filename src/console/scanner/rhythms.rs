//! A table of rhythms: what a scanner types, what a person types, and what a bad link makes of both.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rstest::rstest;

use super::{Scanned, Wedge};
use crate::console::message::Message;
use crate::domain::{Code, OrderId, TicketId};

const ADA: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0ga";
const BEN: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0gb";

/// A wedge, and a text field with an Enter key behind it.
#[derive(Default)]
struct Door {
    wedge: Wedge,
    clock: Duration,
    /// Letters that are acts, as in a list without a field.
    acts: &'static str,
    field: String,
    before: String,
    heard: Heard,
}

/// What the console took the keys for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Heard {
    /// What stands in the field; `⏎` is an Enter that acted, `⇥` a Tab.
    typed: String,
    codes: Vec<String>,
}

impl Door {
    /// A key that comes so many microseconds after the last one.
    fn key(&mut self, code: KeyCode, gap: u64) -> &mut Self {
        self.rest(gap);
        let acts = matches!(code, KeyCode::Char(letter) if self.acts.contains(letter));
        let heard = self.wedge.key(KeyEvent::new(code, KeyModifiers::NONE), acts, self.clock);
        self.hear(heard);
        self
    }

    /// `text` at so many microseconds a key; `\r` is Enter.
    fn types(&mut self, text: &str, gap: u64) -> &mut Self {
        for character in text.chars() {
            let code = match character {
                '\r' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                other => KeyCode::Char(other),
            };
            self.key(code, gap);
        }
        self
    }

    /// Nothing for so many microseconds; the runtime wakes the wedge when it asked for it.
    fn rest(&mut self, gap: u64) -> &mut Self {
        let until = self.clock + Duration::from_micros(gap);
        while let Some(deadline) = self.wedge.deadline().filter(|deadline| *deadline < until) {
            assert!(deadline >= self.clock, "a deadline in the past would wake for ever");
            self.clock = deadline;
            let heard = self.wedge.wake(deadline);
            self.hear(heard);
        }
        self.clock = until;
        self
    }

    fn hear(&mut self, heard: Vec<Message>) {
        for message in heard {
            match message {
                Message::TypingBegan => self.before = self.field.clone(),
                Message::TypingWithdrawn => self.field = self.before.clone(),
                Message::KeyPressed(key) => self.field.push(match key.code {
                    KeyCode::Char(letter) => letter,
                    KeyCode::Enter => '⏎',
                    _ => '⇥',
                }),
                Message::Scanned(Scanned::Code(readings)) => self.heard.codes.push(match &readings[0] {
                    Code::Ticket(id) => id.to_string(),
                    Code::Order(id) => id.to_string(),
                    Code::Other(id) => id.clone(),
                }),
                Message::Scanned(Scanned::Unreadable(text)) => self.heard.codes.push(format!("?{text}")),
                other => panic!("{other:?}"),
            }
        }
        self.heard.typed.clone_from(&self.field);
    }

    fn ends(&mut self) -> Heard {
        self.rest(10_000_000);
        assert_eq!(self.wedge.deadline(), None, "an idle console sleeps");
        self.heard.clone()
    }
}

fn heard(typed: &str, codes: &[&str]) -> Heard {
    Heard { typed: typed.into(), codes: codes.iter().map(|&code| code.to_owned()).collect() }
}

fn played(text: &str, gap: u64) -> Heard {
    Door::default().types(text, gap).ends()
}

#[rstest]
#[case::as_fast_as_usb(1_000)]
#[case::common(2_500)]
#[case::at_the_edge(5_000)]
#[case::cheap(15_000)]
#[case::bluetooth(30_000)]
#[case::slowest(50_000)]
#[case::in_one_piece_over_ssh(0)]
fn an_id_is_a_scan_at_any_pace_of_a_scanner(#[case] gap: u64) {
    let address = format!("https://tickets.example.com/t/{ADA}?sig=AbCdEfGhIjKlMnOp");
    for text in [ADA, &address, &ADA.to_uppercase(), &ADA.replace('_', "?")] {
        assert_eq!(played(&format!("{text}\r"), gap), heard("", &[ADA]), "{text} with Enter");
        assert_eq!(played(text, gap), heard("", &[ADA]), "{text} without");
        assert_eq!(played(&format!("\r{text}"), gap.min(30_000)), heard("", &[ADA]), "{text} after Enter");
        assert_eq!(played(&format!("\r{text}\r"), gap.min(30_000)), heard("", &[ADA]), "{text} between two");
        assert_eq!(played(&format!("{text}\t"), gap), heard("", &[ADA]), "{text} with Tab");
    }
}

#[rstest]
#[case::a_name(15_000, "lovelace\r", "lovelace⏎")]
#[case::a_name_that_begins_like_a_code(15_000, "tk\r", "tk⏎")]
#[case::faster_than_anybody(6_000, "charles babbage\r", "charles babbage⏎")]
#[case::calmly(120_000, "ada lovelace\r", "ada lovelace⏎")]
#[case::a_phone_number(60_000, "0412345678\r", "0412345678⏎")]
#[case::half_an_id(20_000, "tkt_01jq8z\r", "tkt_01jq8z⏎")]
#[case::an_id_by_hand(110_000, "tkt_01jq8zv5k3m9x2c7b4n6d8f0ga\r", "tkt_01jq8zv5k3m9x2c7b4n6d8f0ga⏎")]
#[case::two_names(15_000, "ada\rben\r", "ada⏎ben⏎")]
#[case::impatient(30_000, "\r\r\r", "⏎⏎⏎")]
#[case::nothing_but_enter(0, "\r", "⏎")]
#[case::a_held_key(4_000, "aaaaaaaaaaaa", "aaaaaaaaaaaa")]
fn a_person_is_never_a_scanner(#[case] gap: u64, #[case] text: &str, #[case] typed: &str) {
    assert_eq!(played(text, gap), heard(typed, &[]));
}

#[rstest]
#[case::words("lovelace", "lovelace")]
#[case::words_and_enter("ada lovelace\r", "ada lovelace⏎")]
#[case::long("ada lovelace and charles babbage", "ada lovelace and charles babbage")]
#[case::two_guests("ada\rben\r", "ada⏎ben⏎")]
#[case::digits("0412345678", "0412345678")]
fn what_a_stalled_link_hands_over_in_one_piece_is_typing(#[case] text: &str, #[case] typed: &str) {
    for gap in [0, 20, 100] {
        assert_eq!(played(text, gap), heard(typed, &[]), "{gap} µs");
    }
}

#[rstest]
#[case::one_key_late("charl", "o", 8_000)]
#[case::a_few_as_fast_as_a_scanner("charles b", "abba", 4_000)]
#[case::another_piece("char", "les", 5_000)]
#[case::with_its_enter("charl", "o\r", 8_000)]
fn what_follows_a_stall_does_not_make_a_scan_of_it(#[case] piece: &str, #[case] then: &str, #[case] gap: u64) {
    let mut door = Door::default();
    door.types(piece, 0).types(then, gap);
    assert_eq!(door.ends(), heard(&format!("{piece}{then}").replace('\r', "⏎"), &[]));
}

#[test]
fn fingers_that_roll_over_the_keys_are_typing() {
    let mut door = Door::default();
    for pair in ["th", "om", "as", " b", "er", "ry"] {
        door.types(pair, 3_000).rest(70_000);
    }
    assert_eq!(door.ends(), heard("thomas berry", &[]));
}

#[rstest]
#[case::a_grocery(2_000, "4006381333931\r", "4006381333931")]
#[case::without_enter(2_000, "4006381333931", "4006381333931")]
#[case::a_broken_id(1_000, "tkt_01jq8z\r", "tkt_01jq8z")]
#[case::an_address_without_an_id(4_000, "https://example.com/menu\r", "https://example.com/menu")]
fn fast_keys_are_a_scan_whatever_they_say(#[case] gap: u64, #[case] text: &str, #[case] read: &str) {
    assert_eq!(played(text, gap), heard("", &[&format!("?{read}")]));
}

#[rstest]
#[case::four_digits(2_000, "1234\r", "1234")]
#[case::three_letters(4_000, "abc\r", "abc")]
#[case::with_tab(1_000, "20417\t", "20417")]
fn a_short_code_with_its_enter_lets_nobody_in(#[case] gap: u64, #[case] text: &str, #[case] read: &str) {
    assert_eq!(played(text, gap), heard("", &[&format!("?{read}")]));
    let mut door = Door::default();
    door.types("lov", 90_000).rest(200_000).types(text, gap);
    assert_eq!(door.ends(), heard("lov", &[&format!("?{read}")]), "and takes nothing of what was typed before");
}

#[rstest]
#[case::two_digits_in_an_order(2_000, "12\r", "12⏎")]
#[case::no_enter(2_000, "1234", "1234")]
#[case::in_one_piece(0, "1234\r", "1234⏎")]
#[case::a_fast_hand(15_000, "ada\r", "ada⏎")]
fn what_a_person_may_have_typed_is_typing(#[case] gap: u64, #[case] text: &str, #[case] typed: &str) {
    assert_eq!(played(text, gap), heard(typed, &[]));
}

#[test]
fn letters_rolled_over_and_an_enter_of_its_own_time_are_typing() {
    let mut door = Door::default();
    door.types("ada", 3_000).key(KeyCode::Enter, 40_000);
    assert_eq!(door.ends(), heard("ada⏎", &[]));
}

#[test]
fn a_busy_machine_that_keeps_one_key_waiting_changes_nothing() {
    for place in [1, 6, 12] {
        let mut door = Door::default();
        door.types(&"4006381333931"[..place], 1_000).rest(15_000).types(&"4006381333931"[place..], 1_000);
        assert_eq!(door.ends(), heard("", &["?4006381333931"]), "after {place}");
    }
}

#[test]
fn an_order_and_another_id_are_codes_too() {
    let order = OrderId::parse("ord_01jq8zv5k3m9x2c7b4n6d8f0ga").unwrap();
    assert_eq!(played(&format!("{order}\r"), 2_000), heard("", &[order.as_str()]));
    let event = "evt_01jq8zv5k3m9x2c7b4n6d8f0ga";
    assert_eq!(played(event, 2_000), heard("", &[event]));
}

#[rstest]
#[case::everything_twice(&format!("{ADA}\r{ADA}\r"))]
#[case::everything_twice_without_enter(&format!("{ADA}{ADA}"))]
#[case::enter_twice(&format!("{ADA}\r\r"))]
#[case::enter_twice_before(&format!("\r\r{ADA}\r"))]
fn what_is_sent_twice_is_one_scan(#[case] text: &str) {
    for gap in [0, 1_000, 5_000] {
        assert_eq!(played(text, gap), heard("", &[ADA]), "{gap} µs");
    }
}

#[test]
fn a_line_feed_behind_the_enter_belongs_to_the_scan() {
    let mut door = Door::default();
    door.types(&format!("{ADA}\r"), 2_000);
    let line_feed = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL);
    let message = door.wedge.key(line_feed, false, door.clock + Duration::from_millis(2));
    assert_eq!(message, []);
}

#[rstest]
#[case::at_once(100, 1)]
#[case::after_a_second(1_000, 1)]
#[case::after_two(1_900, 1)]
#[case::later(2_100, 2)]
fn the_same_code_within_two_seconds_is_one_scan(#[case] pause: u64, #[case] scans: usize) {
    let mut door = Door::default();
    door.types(&format!("{ADA}\r"), 1_000).rest(pause * 1_000).types(&format!("{ADA}\r"), 1_000);
    assert_eq!(door.ends(), heard("", &vec![ADA; scans]));
}

#[test]
fn a_ticket_left_before_the_scanner_stays_one_scan_and_another_one_is_not_held_up_by_it() {
    let mut door = Door::default();
    for _ in 0..10 {
        door.types(&format!("{ADA}\r"), 1_000).rest(900_000);
    }
    door.types(&format!("{BEN}\r{ADA}\r"), 1_000);
    assert_eq!(door.ends(), heard("", &[ADA, BEN, ADA]));
}

#[test]
fn a_scan_takes_nothing_of_what_a_person_typed_before() {
    for (gap, pause) in [(1_000, 30_000), (5_000, 200_000), (20_000, 300_000), (0, 30_000)] {
        let mut door = Door::default();
        door.types("lov", 100_000).rest(pause).types(&format!("{ADA}\r"), gap).rest(300_000).types("el", 90_000);
        assert_eq!(door.ends(), heard("lovel", &[ADA]), "{gap} µs");
    }
}

#[test]
fn an_enter_of_a_person_right_before_a_scan_still_counts() {
    let mut door = Door::default();
    door.types("ada", 90_000).key(KeyCode::Enter, 100_000).rest(25_000).types(&format!("{BEN}\r"), 2_000);
    assert_eq!(door.ends(), heard("ada⏎", &[BEN]));
}

#[test]
fn a_code_that_the_link_interrupts_is_still_one() {
    let mut door = Door::default();
    door.types(&ADA[..12], 2_000).rest(400_000).types(&ADA[12..], 2_000).key(KeyCode::Enter, 2_000);
    assert_eq!(door.ends(), heard("", &[ADA]));
    let mut door = Door::default();
    door.types(&ADA[..20], 1_000).rest(12_000).types(&ADA[20..], 1_000);
    assert_eq!(door.ends(), heard("", &[ADA]));
}

#[test]
fn an_enter_that_the_link_holds_back_belongs_to_its_code() {
    let mut door = Door::default();
    door.types(ADA, 2_000).key(KeyCode::Enter, 120_000).rest(400_000).key(KeyCode::Enter, 0);
    assert_eq!(door.ends(), heard("⏎", &[ADA]), "and the next one is a person's");
}

#[test]
fn text_shows_at_once_and_only_what_acts_waits() {
    let mut door = Door::default();
    door.types("a", 0);
    assert_eq!(door.field, "a");
    door.types("da", 15_000);
    assert_eq!(door.field, "ada");
    door.key(KeyCode::Enter, 100_000);
    assert_eq!(door.field, "ada");
    door.rest(41_000);
    assert_eq!(door.field, "ada⏎");
    door.key(KeyCode::Enter, 100_000).key(KeyCode::Down, 1_000);
    assert_eq!(door.field, "ada⏎⏎⇥", "another key lets it go in its turn");
}

#[test]
fn letters_that_act_wait_for_the_next_one() {
    let mut door = Door { acts: "t0123456789", ..Door::default() };
    door.types(&format!("{ADA}\r"), 30_000);
    assert_eq!(door.heard, heard("", &[ADA]), "no letter of it acted");
    door.types("4", 200_000).rest(41_000);
    assert_eq!(door.field, "4");
}

#[test]
fn fifty_codes_in_a_second_are_all_read_in_order() {
    let codes: Vec<_> = (0..50).map(|number| format!("tkt_01jq8zv5k3m9x2c7b4n6d8f{number:03}")).collect();
    let expected: Vec<_> = codes.iter().map(String::as_str).collect();
    for end in ["\r", "\t", "\r\r"] {
        let all: String = codes.iter().flat_map(|code| [code, end]).collect();
        for gap in [0, 600, 1_000] {
            assert_eq!(played(&all, gap), heard("", &expected), "{end:?} at {gap} µs");
        }
    }
    let mut door = Door::default();
    for code in &codes {
        door.types(&format!("\r{code}"), 600).rest(65_000);
    }
    assert_eq!(door.ends(), heard("", &expected), "with Enter first and none behind");
}

#[test]
fn a_flush_lets_go_of_an_enter() {
    let mut door = Door::default();
    door.types("ada\r", 50_000);
    let rest = door.wedge.flush(door.clock);
    door.hear(rest);
    assert_eq!(door.heard, heard("ada⏎", &[]));
}

#[rstest]
#[case::an_id(ADA, ADA)]
#[case::an_address(&format!("https://tickets.example.com/t/{ADA}"), ADA)]
#[case::a_grocery("4006381333931", "?4006381333931")]
fn a_whole_code_is_a_scan_whatever_comes_next(#[case] text: &str, #[case] read: &str) {
    let mut door = Door::default();
    door.types(text, 2_000).key(KeyCode::Down, 20_000);
    assert_eq!(door.ends(), heard("⇥", &[read]), "an arrow within the time that ends a code");
    let mut door = Door::default();
    door.types(text, 2_000);
    let rest = door.wedge.flush(door.clock + Duration::from_millis(20));
    door.hear(rest);
    assert_eq!(door.ends(), heard("", &[read]), "a paste, a click, or the end");
}

#[test]
fn a_reading_of_another_layout_comes_along() {
    let mut door = Door::default();
    door.types("tkt?01jq8yv5k3m9x2c7b4n6d8f0ga", 2_000);
    let mut readings = None;
    while let Some(deadline) = door.wedge.deadline() {
        for message in door.wedge.wake(deadline) {
            if let Message::Scanned(Scanned::Code(codes)) = message {
                readings = Some(codes);
            }
        }
    }
    let ada = Code::Ticket(TicketId::parse(ADA).unwrap());
    assert!(readings.unwrap().contains(&ada));
}
