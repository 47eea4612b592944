//! Check-in and check-out, from the key to the banner.

use crossterm::event::KeyCode;
use doorlist::console::{App, Bell, Effect, Message, Verdict};
use doorlist::domain::{Refusal, ScanKind, ScanOutcome, ScanRefusal, TicketStatus, Trouble};
use rstest::rstest;

use super::stage::{at, control, guests, loaded, now, press, scan, selected, ticket, type_text};

fn send(app: &mut App, name: &str, key: impl Fn(&mut App) -> Vec<Effect>) -> (u64, ScanKind) {
    type_text(app, name);
    let effects = key(app);
    let [Effect::Scan { act, kind, .. }] = effects[..] else { panic!("{effects:?}") };
    assert_eq!(app.banner.as_ref().unwrap().verdict, Verdict::Sending);
    (act, kind)
}

fn enter(app: &mut App) -> Vec<Effect> {
    press(app, KeyCode::Enter)
}

#[test]
fn enter_checks_in_and_the_answer_moves_everything() {
    let mut app = loaded();
    let (act, kind) = send(&mut app, "ada", enter);
    assert_eq!(kind, ScanKind::CheckIn);
    assert_eq!(app.index.counts().overall().redeemed, 1);
    let after = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 1, &[scan("s2", "CHECK_IN", 1)]);
    let outcome = ScanOutcome::Accepted(Box::new(after));
    let effects = app.update(Message::ScanAnswered { act, outcome }, at(1));
    assert_eq!(effects, [Effect::Ring(Bell::Pass)]);
    assert_eq!(app.banner.as_ref().unwrap().verdict, Verdict::CheckedIn);
    assert_eq!(app.index.counts().overall().redeemed, 2);
    assert_eq!(selected(&app), Some("tkt_ada"), "the row stays under the cursor");
    assert!(app.arrivals.per_minute(at(1)) > 0.0);
    type_text(&mut app, "b");
    assert_eq!(app.search.input.value(), "b", "the next letter starts the next guest");
}

#[test]
fn a_key_checks_out() {
    let mut app = loaded();
    let (_, kind) = send(&mut app, "ben", |app| control(app, 'o'));
    assert_eq!(kind, ScanKind::CheckOut);
}

#[test]
fn a_name_typed_before_the_answer_came_stays_whole() {
    let mut app = loaded();
    let (act, _) = send(&mut app, "ada", enter);
    type_text(&mut app, "be");
    let after = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 1, &[scan("s2", "CHECK_IN", 1)]);
    app.update(Message::ScanAnswered { act, outcome: ScanOutcome::Accepted(Box::new(after)) }, at(1));
    type_text(&mut app, "n");
    assert_eq!(app.search.input.value(), "ben");
}

#[test]
fn a_scan_names_the_scans_that_cannot_be_its_own() {
    let mut app = loaded();
    type_text(&mut app, "ben");
    let effects = enter(&mut app);
    let [Effect::Scan { known, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(known.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["s1"]);
}

#[test]
fn what_is_being_verified_shows_what_the_service_has() {
    let mut app = loaded();
    let (act, _) = send(&mut app, "ada", enter);
    let outcome = ScanOutcome::Unknown(Trouble::TimedOut);
    let effects = app.update(Message::ScanAnswered { act, outcome }, now());
    let sequence = effects.iter().find_map(|effect| match effect {
        Effect::FetchTicket { sequence, .. } => Some(*sequence),
        _ => None,
    });
    let theirs = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 1, &[scan("s2", "CHECK_IN", 1)]);
    app.update(Message::TicketLoaded { sequence: sequence.unwrap(), ticket: Box::new(theirs) }, at(2));
    let banner = app.banner.as_ref().unwrap();
    assert_eq!(banner.verdict, Verdict::BeingVerified, "never a success by itself");
    assert!(banner.detail.contains("Mo Diaz on north-2"), "{}", banner.detail);
}

#[test]
fn a_second_enter_waits_for_the_first_answer() {
    let mut app = loaded();
    send(&mut app, "ada", enter);
    assert!(enter(&mut app).is_empty());
}

#[rstest]
#[case(ScanRefusal::Rule(Refusal::AlreadyCheckedIn), Verdict::AlreadyIn)]
#[case(ScanRefusal::Rule(Refusal::NotCheckedIn), Verdict::NotIn)]
#[case(ScanRefusal::Rule(Refusal::TicketCancelled), Verdict::Cancelled)]
#[case(ScanRefusal::WrongEvent { event: "Brass".into() }, Verdict::WrongEvent)]
#[case(ScanRefusal::WrongDoor { admission: "VIP".into() }, Verdict::WrongDoor)]
#[case(ScanRefusal::UnknownTicket, Verdict::UnknownTicket)]
#[case(ScanRefusal::Other { message: "no".into() }, Verdict::Refused)]
fn every_refusal_has_its_words_and_stops(#[case] refusal: ScanRefusal, #[case] verdict: Verdict) {
    let mut app = loaded();
    let (act, _) = send(&mut app, "ada", enter);
    let outcome = ScanOutcome::Refused { refusal, ticket: None };
    assert_eq!(app.update(Message::ScanAnswered { act, outcome }, now()), [Effect::Ring(Bell::Stop)]);
    assert_eq!(app.banner.as_ref().unwrap().verdict, verdict);
    let tried = app.attempts(&guests()[0].id);
    assert_eq!((tried.len(), tried[0].verdict), (1, verdict));
    assert!(!app.search.done, "a refused guest is still the one at hand");
}

#[test]
fn already_in_says_who_when_and_which_device() {
    let mut app = loaded();
    let (act, _) = send(&mut app, "ben", enter);
    let refusal = ScanRefusal::Rule(Refusal::AlreadyCheckedIn);
    let outcome = ScanOutcome::Refused { refusal, ticket: Some(Box::new(guests()[1].clone())) };
    app.update(Message::ScanAnswered { act, outcome }, now());
    let detail = app.banner.as_ref().unwrap().detail.to_string();
    assert_eq!(detail, "in at 08:48 (12 min ago) by Mo Diaz on north-2");
}

#[rstest]
#[case(ScanOutcome::Unknown(Trouble::TimedOut), Verdict::BeingVerified)]
#[case(ScanOutcome::Failed(Trouble::Unreachable), Verdict::NotDone)]
#[case(ScanOutcome::Failed(Trouble::Unauthorized), Verdict::NotDone)]
fn what_is_not_certain_is_never_shown_as_in(#[case] outcome: ScanOutcome, #[case] verdict: Verdict) {
    let mut app = loaded();
    let (act, _) = send(&mut app, "ada", enter);
    let effects = app.update(Message::ScanAnswered { act, outcome }, now());
    assert!(effects.contains(&Effect::Ring(Bell::Attention)));
    let asks = effects.iter().any(|effect| matches!(effect, Effect::FetchTicket { .. }));
    assert_eq!(asks, verdict == Verdict::BeingVerified, "only what is unknown is asked for");
    assert_eq!(app.banner.as_ref().unwrap().verdict, verdict);
    assert_eq!(app.selected_ticket().unwrap().status, TicketStatus::Active);
}

#[test]
fn a_stale_answer_never_replaces_a_newer_one() {
    let mut app = loaded();
    let (act, _) = send(&mut app, "ben", enter);
    let stale = ticket("tkt_ben", "Ben", "Okafor", "ACTIVE", -800, &[]);
    let refusal = ScanRefusal::Other { message: "no".into() };
    let outcome = ScanOutcome::Refused { refusal, ticket: Some(Box::new(stale)) };
    app.update(Message::ScanAnswered { act, outcome }, now());
    assert_eq!(app.selected_ticket().unwrap().status, TicketStatus::Redeemed);
}

#[test]
fn an_answer_that_nobody_asked_for_changes_nothing() {
    let mut app = loaded();
    let outcome = ScanOutcome::Failed(Trouble::Unreachable);
    assert!(app.update(Message::ScanAnswered { act: 99, outcome }, now()).is_empty());
    assert_eq!(app.banner, None);
}
