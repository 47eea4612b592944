//! Codes that were read while the kept list was still being read.

use doorlist::console::scanner::Scanned;
use doorlist::console::{App, Effect, Health, Message, Popup, Stored, Verdict};
use doorlist::domain::{Code, OrderId, ScanKind, Ticket, Trouble};
use rstest::rstest;

use super::stage::{at, empty, now, selected, ticket, type_text};

const ADA: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0ga";
const BEN: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0gb";
const NOBODY: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0gz";
const ORDER: &str = "ord_01jq8zv5k3m9x2c7b4n6d8f0ga";

fn guests() -> Vec<Ticket> {
    let guest =
        |id, first| Ticket { order_id: OrderId::parse(ORDER).unwrap(), ..ticket(id, first, "", "ACTIVE", 0, &[]) };
    vec![guest(ADA, "Ada"), guest(BEN, "Ben")]
}

/// The kept list is not read yet, and the service does not answer.
fn waiting() -> App {
    let mut app = empty().0;
    app.update(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)), now());
    app
}

fn read(app: &mut App, code: &str) -> Vec<Effect> {
    app.update(Message::Scanned(Scanned::Code(Code::readings(code))), now())
}

fn list_read(app: &mut App, seconds: i64) -> Vec<Effect> {
    let event = super::stage::event();
    let kept = Stored { event: Some((event, jiff::tz::TimeZone::UTC)), tickets: guests(), ..Stored::default() };
    app.update(Message::StoreOpened(Box::new(kept)), at(seconds))
}

fn taken<'a>(effects: &'a [Effect]) -> Vec<(&'a str, ScanKind)> {
    let scan = |effect: &'a Effect| match effect {
        Effect::Take(entry) => Some((entry.ticket.as_str(), entry.kind)),
        _ => None,
    };
    effects.iter().filter_map(scan).collect()
}

fn said(app: &App) -> (Verdict, &str) {
    let banner = app.banner.as_ref().unwrap();
    (banner.verdict, &banner.detail)
}

#[test]
fn codes_wait_for_the_list_and_go_in_by_it_in_their_order() {
    let mut app = waiting();
    for code in [BEN, ADA, BEN] {
        assert_eq!(read(&mut app, code), [], "nothing is refused, asked or recorded");
        assert_eq!(said(&app), (Verdict::Sending, "The kept list is being read; this code is looked for in a moment."));
    }
    let effects = list_read(&mut app, 2);
    assert_eq!(taken(&effects), [(BEN, ScanKind::CheckIn), (ADA, ScanKind::CheckIn)]);
    assert_eq!(selected(&app), Some(ADA));
    assert_eq!(taken(&list_read(&mut app, 3)), [], "once");
}

#[test]
fn an_order_waits_for_the_list_and_opens() {
    let mut app = waiting();
    assert_eq!(read(&mut app, ORDER), []);
    assert_eq!(said(&app).0, Verdict::Sending);
    list_read(&mut app, 2);
    assert!(matches!(&app.popup, Some(Popup::Order(order)) if order.order.as_str() == ORDER));
}

#[test]
fn a_pasted_code_waits_too_and_is_only_shown() {
    let mut app = waiting();
    assert_eq!(app.update(Message::Pasted(ADA.into()), now()), []);
    assert_eq!(taken(&list_read(&mut app, 2)), []);
    assert_eq!((selected(&app), &app.banner), (Some(ADA), &None));
}

#[test]
fn whoever_waited_too_long_is_only_shown() {
    let mut app = waiting();
    read(&mut app, ADA);
    assert_eq!(taken(&list_read(&mut app, 31)), []);
    assert_eq!(selected(&app), Some(ADA));
}

#[test]
fn the_rows_stay_with_whoever_is_typed_meanwhile() {
    let mut app = waiting();
    read(&mut app, ADA);
    type_text(&mut app, "ben");
    assert_eq!(taken(&list_read(&mut app, 2)), [(ADA, ScanKind::CheckIn)]);
    assert_eq!((app.search.input.value(), selected(&app)), ("ben", Some(BEN)));
}

#[rstest]
#[case::read(true)]
#[case::unreadable(false)]
fn what_the_list_does_not_have_is_refused_once_it_was_read(#[case] is_read: bool) {
    let mut app = waiting();
    read(&mut app, NOBODY);
    if is_read {
        list_read(&mut app, 2);
    } else {
        app.update(Message::StoreNotOpened("The disk is full.".into()), at(2));
    }
    let (verdict, detail) = said(&app);
    assert!(verdict == Verdict::NotDone && detail.starts_with("Not on the list here"), "{verdict:?} {detail}");
}

#[test]
fn only_so_many_codes_wait() {
    let mut app = waiting();
    for number in 0..20 {
        read(&mut app, &format!("ord_01jq8zv5k3m9x2c7b4n6d8f{number:03}"));
        assert_eq!(said(&app).0, Verdict::Sending);
    }
    read(&mut app, ADA);
    assert_eq!(said(&app), (Verdict::NotDone, "The kept list is still being read: scan again once it is here."));
}

#[rstest]
#[case(Trouble::Unreachable)]
#[case(Trouble::NotFound)]
fn a_list_that_comes_while_the_service_is_asked_is_believed(#[case] trouble: Trouble) {
    let (mut app, load) = empty();
    app.update(Message::StoreOpened(Box::default()), now());
    app.session.event = Some(Box::new(super::stage::event()));
    let effects = read(&mut app, ADA);
    let [Effect::LookUp { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
    app.update(Message::TicketsLoaded { sequence: load, tickets: guests() }, now());
    let effects = app.update(Message::CodeLookedUp { sequence, found: Err(trouble) }, at(1));
    assert_eq!(taken(&effects), [(ADA, ScanKind::CheckIn)]);
}
