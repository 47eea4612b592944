//! The event and its tickets, as they come.

use crossterm::event::KeyCode;
use doorlist::console::{Effect, Health, Loading, Message, Pace, Verdict};
use doorlist::domain::{Entry, Ticket, TicketStatus, Trouble};

use super::stage::{at, empty, guests, loaded, now, press, scan, selected, ticket, type_text};
use crate::answers::{Answer, messages};

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
fn a_list_is_complete_when_everybody_can_be_found_and_refreshed_after_all_was_read() {
    let (mut app, sequence) = empty();
    app.update(Message::TicketsLoaded { sequence, tickets: guests().into_iter().map(light).collect() }, now());
    app.update(Message::GuestsListed { sequence }, at(5));
    assert_eq!((app.index.len(), &app.session.loading), (3, &Loading::Complete));
    assert!(app.update(Message::Ticked, at(200)).is_empty(), "the whole tickets are still being read");
    app.update(Message::TicketsLoaded { sequence, tickets: guests() }, at(210));
    assert!(app.index.tickets().all(|ticket| !ticket.is_light()));
    app.update(Message::LoadFinished { sequence }, at(210));
    assert!(app.update(Message::Ticked, at(260)).is_empty());
    assert_eq!(app.update(Message::Ticked, at(270)).len(), 1);
}

/// The same ticket as the roster tells it.
fn light(ticket: Ticket) -> Ticket {
    Ticket { scans: Vec::new(), updated_at: Ticket::UNDATED, ..ticket }
}

/// What Enter on that guest says in the end, while everybody is listed and nobody is whole yet.
fn entered(name: &str, health: Health, answer: Answer) -> (Verdict, TicketStatus) {
    let (mut app, sequence) = empty();
    app.update(Message::TicketsLoaded { sequence, tickets: guests().into_iter().map(light).collect() }, now());
    app.update(Message::GuestsListed { sequence }, now());
    app.update(Message::ConnectionChanged(health), now());
    type_text(&mut app, name);
    if let [Effect::Take(entry)] = &press(&mut app, KeyCode::Enter)[..] {
        for message in messages(entry, answer, at(1)) {
            app.update(message, at(1));
        }
    }
    let guest = app.selected_ticket().unwrap();
    assert_eq!(guest.attendee.first_name.to_lowercase(), name);
    (app.banner.as_ref().unwrap().verdict, guest.status)
}

#[test]
fn a_guest_who_is_only_listed_goes_in_with_the_service_and_without() {
    let whole = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 1, &[scan("s9", "CHECK_IN", 1)]);
    let away = || Health::Offline(Trouble::Unreachable);
    let is_in = TicketStatus::Redeemed;
    assert_eq!(entered("ada", Health::Online, Answer::Accepted(whole)), (Verdict::CheckedIn, is_in));
    assert_eq!(entered("ada", away(), Answer::Promised), (Verdict::InNotYetSent, is_in));
    // The list is all there is to go by, and the roster tells who is in.
    assert_eq!(entered("ben", away(), Answer::Promised), (Verdict::AlreadyIn, is_in));
    assert_eq!(entered("cleo", away(), Answer::Promised), (Verdict::Cancelled, TicketStatus::Cancelled));
}

#[test]
fn a_page_that_was_under_way_never_overwrites_a_scan_made_meanwhile() {
    let ada = guests().swap_remove(0);
    let scanned = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 1, &[scan("s9", "CHECK_IN", 1)]);
    // As it was when the page was asked for: whole, or by the roster.
    for older in [ada.clone(), light(ada)] {
        let (mut app, sequence) = empty();
        app.update(Message::TicketsLoaded { sequence, tickets: guests() }, now());
        app.update(Message::TicketLearnt(Box::new(scanned.clone())), at(1));
        app.update(Message::TicketsLoaded { sequence, tickets: vec![older] }, at(2));
        assert_eq!(app.index.get(&scanned.id), Some(&scanned));
    }
}

#[test]
fn a_page_that_was_under_way_never_takes_back_what_we_have_promised() {
    for as_it_comes in [|ticket| ticket, light] {
        let (mut app, ada) = (loaded(), guests().swap_remove(0));
        app.update(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)), now());
        type_text(&mut app, "ada");
        let [Effect::Take(entry)] = &press(&mut app, KeyCode::Enter)[..] else { panic!() };
        let promised = Entry { promised: true, ..(**entry).clone() };
        app.update(Message::EntryKept(Box::new(promised)), at(1));
        let [Effect::LoadEvent { sequence, .. }] = app.update(Message::Ticked, at(60))[..] else { panic!() };
        app.update(Message::TicketsLoaded { sequence, tickets: vec![as_it_comes(ada.clone())] }, at(61));
        assert_eq!(app.index.get(&ada.id).unwrap().status, TicketStatus::Redeemed);
    }
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
fn a_load_that_failed_when_everybody_was_listed_goes_on_soon_and_swiftly() {
    let (mut app, sequence) = empty();
    app.update(Message::TicketsLoaded { sequence, tickets: guests().into_iter().map(light).collect() }, now());
    app.update(Message::GuestsListed { sequence }, at(5));
    app.update(Message::LoadFailed { sequence, trouble: Trouble::Unreachable }, at(6));
    assert_eq!(app.session.loading, Loading::Complete, "everybody can still be found");
    assert!(app.update(Message::Ticked, at(15)).is_empty());
    let effects = app.update(Message::Ticked, at(16));
    // At another pace the load would begin anew, and everybody stay light for as long as that takes.
    let [Effect::LoadEvent { sequence, pace: Pace::Swift }] = effects[..] else { panic!("{effects:?}") };
    assert_eq!(app.session.loading, Loading::Complete);
    app.update(Message::LoadFinished { sequence }, at(20));
    assert!(app.update(Message::Ticked, at(79)).is_empty());
    let effects = app.update(Message::Ticked, at(80));
    assert!(matches!(effects[..], [Effect::LoadEvent { pace: Pace::Polite, .. }]), "{effects:?}");
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

/// A load of which nobody is missing.
fn loads(app: &mut doorlist::console::App, tickets: Vec<Ticket>, seconds: i64) {
    let effects = press(app, KeyCode::F(5));
    let Some(sequence) = effects.iter().find_map(|effect| match effect {
        Effect::LoadEvent { sequence, .. } => Some(*sequence),
        _ => None,
    }) else {
        panic!("{effects:?}")
    };
    app.update(Message::TicketsLoaded { sequence, tickets }, at(seconds));
    app.update(Message::LoadFinished { sequence }, at(seconds));
}

#[test]
fn where_the_selected_guest_fell_out_nobody_is_selected_until_a_person_says_who() {
    let mut app = loaded();
    press(&mut app, KeyCode::F(3));
    type_text(&mut app, "valid");
    press(&mut app, KeyCode::Enter);
    type_text(&mut app, "a");
    assert_eq!(selected(&app), Some("tkt_ada"));
    let is_in = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 1, &[scan("s9", "CHECK_IN", 1)]);
    loads(&mut app, vec![is_in, ticket("tkt_amy", "Amy", "Adair", "ACTIVE", 1, &[])], 10);
    assert_eq!((selected(&app), app.search.hits.len()), (None, 1), "Amy stands there, and nobody chose her");
    loads(&mut app, vec![ticket("tkt_abe", "Abe", "Adair", "ACTIVE", 1, &[])], 20);
    assert_eq!((selected(&app), app.search.hits.len()), (None, 2));
    assert_eq!(press(&mut app, KeyCode::Enter), []);
    press(&mut app, KeyCode::Down);
    assert!(selected(&app).is_some());
}

#[test]
fn rows_stay_where_they_are_when_nobody_came() {
    let (mut app, sequence) = empty();
    app.update(Message::TicketsLoaded { sequence, tickets: guests() }, now());
    type_text(&mut app, "a");
    let rows = app.search.hits.clone();
    let is_in = ticket("tkt_ada", "Ada", "Lovelace", "CANCELLED", 1, &[]);
    app.update(Message::TicketsLoaded { sequence, tickets: vec![is_in] }, at(10));
    app.update(Message::LoadFailed { sequence, trouble: Trouble::Unreachable }, at(20));
    assert_eq!(app.search.hits, rows, "whoever was let in stays in the first row");
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
