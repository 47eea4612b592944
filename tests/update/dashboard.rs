//! The dashboard: it counts what the tickets tell, and whatever is typed closes it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{Forecast, Message, Mode};
use rstest::rstest;

use super::stage::{at, guests, loaded, now, press, scan, selected, ticket, type_text};

#[test]
fn it_opens_shows_and_closes_and_nothing_else() {
    let mut app = loaded();
    type_text(&mut app, "ada");
    app.update(Message::KeyPressed(KeyEvent::new(KeyCode::Char('d'), KeyModifiers::ALT)), now());
    assert_eq!(app.mode(), Mode::Dashboard);
    assert!(press(&mut app, KeyCode::Down).is_empty());
    assert!(press(&mut app, KeyCode::Enter).is_empty(), "Enter closes it and checks nobody in");
    assert_eq!((app.popup.is_none(), app.search.input.value()), (true, "ada"));
}

#[rstest]
#[case::the_dashboard(KeyCode::Char('d'), KeyModifiers::ALT)]
#[case::the_help(KeyCode::F(1), KeyModifiers::NONE)]
fn text_over_what_only_shows_is_for_the_search(#[case] code: KeyCode, #[case] modifiers: KeyModifiers) {
    let opens = || Message::KeyPressed(KeyEvent::new(code, modifiers));
    let mut app = loaded();
    app.update(opens(), now());
    type_text(&mut app, "ben");
    assert_eq!((app.mode(), app.search.input.value(), selected(&app)), (Mode::Door, "ben", Some("tkt_ben")));
    app.update(opens(), now());
    app.update(Message::Pasted("ny".into()), now());
    assert_eq!((app.mode(), app.search.input.value()), (Mode::Door, "benny"));
}

#[test]
fn a_scan_counts_once_however_often_its_ticket_is_told() {
    let mut app = loaded();
    let ranked = |app: &doorlist::console::App| -> Vec<(String, u32, u32)> {
        let all = app.arrivals.staff.ranked();
        all.iter().map(|(device, work)| (format!("{} {device}", work.name), work.check_ins, work.check_outs)).collect()
    };
    assert_eq!(ranked(&app), [("Mo Diaz north-2".to_owned(), 1, 0)]);
    let scans = [scan("s1", "CHECK_IN", -720), scan("s2", "CHECK_OUT", 5)];
    for _ in 0..2 {
        let ben = ticket("tkt_ben", "Ben", "Okafor", "ACTIVE", 5, &scans);
        app.update(Message::TicketLearnt(Box::new(ben)), at(6));
    }
    assert_eq!(ranked(&app), [("Mo Diaz north-2".to_owned(), 1, 1)]);
    assert_eq!(app.arrivals.series(now(), 60).counts.iter().sum::<u32>(), 1);
    let rest = app.index.counts().overall().active;
    assert_eq!((rest, guests().len()), (2, 3), "the cancelled guest is not waited for");
    assert!(matches!(app.arrivals.forecast(rest, now()), Forecast::InBy { .. }));
}
