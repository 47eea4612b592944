//! Typing, pasting, moving, and the help.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{Access, Effect, Help, Message, Mode, Popup, Role};
use doorlist::domain::SafeText;
use rstest::rstest;

use super::stage::{control, loaded, now, press, selected, type_text};

#[test]
fn typing_searches_and_reads_the_found_ticket_again() {
    let mut app = loaded();
    let effects = type_text(&mut app, "müller");
    assert_eq!(selected(&app), Some("tkt_cleo"));
    assert!(effects.is_empty(), "the selection stood before the last letter: {effects:?}");
    control(&mut app, 'u');
    let effects = type_text(&mut app, "a");
    assert!(matches!(&effects[..], [Effect::FetchTicket { id, .. }] if id.as_str() == "tkt_ada"), "{effects:?}");
}

#[test]
fn without_a_word_nobody_is_selected_and_enter_lets_nobody_in() {
    let mut app = loaded();
    assert_eq!((app.search.hits.len(), selected(&app)), (3, None));
    assert!(press(&mut app, KeyCode::Enter).is_empty());
    press(&mut app, KeyCode::Down);
    assert_eq!(selected(&app), Some(app.search.hits[0].id.as_str()));
    assert!(matches!(press(&mut app, KeyCode::Enter)[..], [Effect::Take(_)]));
}

#[rstest]
#[case("okafor\n", "okafor")]
#[case("  Ben\tOkafor \r\n", "Ben Okafor")]
#[case("b\u{1b}[31men", "b[31men")]
fn pasted_text_reaches_the_box_on_one_line(#[case] pasted: &str, #[case] expected: &str) {
    let mut app = loaded();
    app.update(Message::Pasted(pasted.into()), now());
    assert_eq!(app.search.input.value(), expected);
}

#[test]
fn a_pasted_book_is_cut() {
    let mut app = loaded();
    app.update(Message::Pasted("x".repeat(10_000)), now());
    assert_eq!(app.search.input.value().chars().count(), 200);
    type_text(&mut app, "more");
    assert_eq!(app.search.input.value().chars().count(), 200);
}

#[test]
fn the_selection_stops_at_both_ends() {
    let mut app = loaded();
    let all: Vec<_> = app.search.hits.iter().map(|hit| hit.id.as_str().to_owned()).collect();
    press(&mut app, KeyCode::Down);
    assert_eq!(selected(&app), Some(all[0].as_str()));
    assert!(press(&mut app, KeyCode::Up).is_empty());
    press(&mut app, KeyCode::PageDown);
    assert_eq!(selected(&app), Some(all[2].as_str()));
    assert!(press(&mut app, KeyCode::Down).is_empty());
}

#[test]
fn enter_closes_the_help_and_nothing_else() {
    let mut app = loaded();
    press(&mut app, KeyCode::F(1));
    assert_eq!((app.mode(), &app.popup), (Mode::Help, &Some(Popup::Help(Help { scroll: 0 }))));
    assert!(press(&mut app, KeyCode::Enter).is_empty(), "Enter closes the help and checks nobody in");
    assert_eq!(app.popup, None);
}

#[rstest]
#[case('q', Effect::Quit)]
#[case('c', Effect::Quit)]
#[case('z', Effect::Suspend)]
fn control_keys_are_commands(#[case] letter: char, #[case] expected: Effect) {
    assert_eq!(control(&mut loaded(), letter), [expected]);
}

#[test]
fn escape_puts_the_banner_away_before_it_clears_the_search() {
    let mut app = loaded();
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::Enter);
    assert!(app.banner.is_some());
    press(&mut app, KeyCode::Esc);
    assert_eq!((app.banner.is_none(), app.search.input.value()), (true, "ada"));
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.search.input.value(), "");
}

#[rstest]
#[case::check_in(KeyCode::Enter, KeyModifiers::NONE)]
#[case::check_out(KeyCode::Char('o'), KeyModifiers::CONTROL)]
#[case::order(KeyCode::Tab, KeyModifiers::NONE)]
#[case::override_gate(KeyCode::Char('o'), KeyModifiers::ALT)]
#[case::edit(KeyCode::Char('e'), KeyModifiers::CONTROL)]
#[case::move_tier(KeyCode::Char('t'), KeyModifiers::CONTROL)]
#[case::reactivate(KeyCode::F(7), KeyModifiers::NONE)]
#[case::cancel(KeyCode::F(8), KeyModifiers::NONE)]
fn a_key_that_is_about_a_guest_asks_for_one_first(#[case] code: KeyCode, #[case] modifiers: KeyModifiers) {
    let mut app = loaded();
    // A steward is not asked for the PIN either, as long as it is about nobody.
    app.access = Access::new(Role::Steward, None, Duration::ZERO);
    assert!(!app.search.lacks_guest);
    let effects = app.update(Message::KeyPressed(KeyEvent::new(code, modifiers)), now());
    assert_eq!((effects, &app.popup, &app.banner, app.search.lacks_guest), (vec![], &None, &None, true));
    press(&mut app, KeyCode::F(12));
    assert!(!app.search.lacks_guest, "it is said until the next key");
}

#[test]
fn a_guest_who_is_selected_is_lacked_no_more() {
    let mut app = loaded();
    press(&mut app, KeyCode::Enter);
    assert!(app.search.lacks_guest);
    app.update(Message::Pasted("ada".into()), now());
    assert_eq!((app.search.lacks_guest, selected(&app)), (false, Some("tkt_ada")));
}

#[test]
fn escape_puts_one_finding_away_at_a_time() {
    let mut app = loaded();
    app.session.findings = vec!["one".into(), "two".into()];
    type_text(&mut app, "ada");
    for left in [&["two"][..], &[]] {
        press(&mut app, KeyCode::Esc);
        assert_eq!(
            (app.session.findings.iter().map(SafeText::as_str).collect::<Vec<_>>(), app.search.input.value()),
            (left.to_vec(), "ada")
        );
    }
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.search.input.value(), "");
}
