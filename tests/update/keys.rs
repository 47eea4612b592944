//! Typing, pasting, moving, and the help.

use crossterm::event::KeyCode;
use doorlist::console::{Effect, Help, Message, Mode, Popup};
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
