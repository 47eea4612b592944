//! The event and its tickets, as they come.

use doorlist::console::{Effect, Loading, Message, Pace};
use doorlist::domain::{TicketStatus, Trouble};

use super::stage::{at, empty, guests, loaded, now, selected, ticket, type_text};

#[test]
fn search_works_from_the_first_page_on() {
    let (mut app, sequence) = empty();
    let mut pages = guests().into_iter();
    app.update(Message::TicketsLoaded { sequence, tickets: pages.by_ref().take(1).collect() }, now());
    type_text(&mut app, "ada");
    assert_eq!(selected(&app), Some("tkt_ada"));
    assert_eq!(app.session.loading, Loading::Running { loaded: 1, expected: None });
    app.update(Message::TicketsLoaded { sequence, tickets: pages.collect() }, at(1));
    assert_eq!(app.index.len(), 3);
    assert_eq!(selected(&app), Some("tkt_ada"), "the selection holds on to its ticket");
}

#[test]
fn pages_of_an_older_load_are_dropped() {
    let (mut app, sequence) = empty();
    app.update(Message::TicketsLoaded { sequence: sequence + 7, tickets: guests() }, now());
    app.update(Message::LoadFinished { sequence: sequence + 7 }, now());
    assert!(app.index.is_empty());
    assert!(matches!(app.session.loading, Loading::Running { .. }));
}

#[test]
fn a_load_that_failed_keeps_what_came_and_is_tried_again() {
    let (mut app, sequence) = empty();
    app.update(Message::TicketsLoaded { sequence, tickets: guests() }, now());
    app.update(Message::LoadFailed { sequence, trouble: Trouble::Unreachable }, now());
    assert_eq!((app.index.len(), &app.session.loading), (3, &Loading::Failed(Trouble::Unreachable)));
    assert!(app.update(Message::Ticked, at(5)).is_empty());
    let effects = app.update(Message::Ticked, at(10));
    assert!(matches!(effects[..], [Effect::LoadEvent { pace: Pace::Swift, .. }]), "{effects:?}");
    assert!(app.update(Message::Ticked, at(30)).is_empty(), "one at a time");
}

#[test]
fn a_complete_list_is_refreshed_politely_and_no_row_moves() {
    let mut app = loaded();
    let rows: Vec<_> = app.search.hits.clone();
    assert!(app.update(Message::Ticked, at(59)).is_empty());
    let effects = app.update(Message::Ticked, at(60));
    let [Effect::LoadEvent { sequence, pace: Pace::Polite }] = effects[..] else { panic!("{effects:?}") };
    let news = vec![
        ticket("tkt_aaa", "Aaron", "Aas", "ACTIVE", 61, &[]),
        ticket("tkt_ada", "Ada", "Lovelace", "CANCELLED", 61, &[]),
    ];
    app.update(Message::TicketsLoaded { sequence, tickets: news }, at(62));
    app.update(Message::LoadFinished { sequence }, at(63));
    assert_eq!(app.search.hits, rows);
    let ada = &guests()[0].id;
    assert_eq!(app.index.get(ada).unwrap().status, TicketStatus::Cancelled);
    assert_eq!(app.session.loading, Loading::Complete);
}

#[test]
fn a_refresh_that_failed_takes_nothing_away() {
    let mut app = loaded();
    let effects = app.update(Message::Ticked, at(60));
    let [Effect::LoadEvent { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
    app.update(Message::LoadFailed { sequence, trouble: Trouble::TimedOut }, at(70));
    assert_eq!(app.session.loading, Loading::Complete);
}

#[test]
fn a_token_that_expires_during_the_evening_is_said() {
    let mut app = loaded();
    let effects = app.update(Message::Ticked, at(60));
    let [Effect::LoadEvent { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
    app.update(Message::LoadFailed { sequence, trouble: Trouble::Unauthorized }, at(70));
    assert_eq!(app.session.loading, Loading::Failed(Trouble::Unauthorized));
    assert_eq!(app.index.len(), 3);
}

#[test]
fn only_the_last_read_of_one_ticket_counts() {
    let mut app = loaded();
    let [Effect::FetchTicket { sequence: first, .. }] = type_text(&mut app, "b")[..] else { panic!() };
    super::stage::control(&mut app, 'u');
    let [Effect::FetchTicket { sequence: second, .. }] = type_text(&mut app, "o")[..] else { panic!() };
    let newer = |status, updated| Box::new(ticket("tkt_ben", "Ben", "Okafor", status, updated, &[]));
    app.update(Message::TicketLoaded { sequence: first, ticket: newer("CANCELLED", 5) }, at(5));
    let status = |app: &doorlist::console::App| app.index.get(&guests()[1].id).unwrap().status;
    assert_eq!(status(&app), TicketStatus::Redeemed);
    app.update(Message::TicketLoaded { sequence: second, ticket: newer("CANCELLED", 5) }, at(6));
    assert_eq!(status(&app), TicketStatus::Cancelled);
}
