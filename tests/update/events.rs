//! Choosing the event: offered where none is clear, searched live, never under a scan.

use crossterm::event::KeyCode;
use doorlist::console::{App, Effect, EventStage, Message, Mode, Popup};
use doorlist::domain::{ChangeOutcome, Event, EventId, EventSummary, Trouble};
use doorlist::wire;
use rstest::rstest;

use super::comps::fill_in_comp;
use super::forms::{self, correct_ada, door, sent};
use super::stage::{control, empty, loaded, now, press, type_text};

fn event(id: &str, name: &str, starts: &str) -> EventSummary {
    let (id, name) = (id.to_owned(), name.to_owned());
    Event::from(wire::Event { id, name, entry_starts_at: starts.parse().unwrap(), ..wire::Event::default() }).summary
}

fn events() -> Vec<EventSummary> {
    vec![event("evt_b", "Late Night", "2026-03-05T22:00:00"), event("evt_a", "Früh", "2026-03-04T10:00:00")]
}

/// The ids that the open picker shows.
fn shown(app: &App) -> Vec<&str> {
    let Some(Popup::Events(events)) = &app.popup else { panic!("{:?}", app.popup) };
    events.picker.fitting().map(|choice| choice.item.as_str()).collect()
}

fn answer(app: &mut App, effects: &[Effect], listed: Result<Vec<EventSummary>, Trouble>) -> String {
    let [Effect::ListEvents { sequence, query }] = effects else { panic!("{effects:?}") };
    app.update(Message::EventsListed { sequence: *sequence, listed }, now());
    query.clone()
}

#[test]
fn where_several_are_coming_up_they_are_offered_once() {
    let (mut app, sequence) = empty();
    let unclear = || Trouble::EventUnclear { message: "several".into() };
    let effects = app.update(Message::LoadFailed { sequence, trouble: unclear() }, now());
    assert_eq!(answer(&mut app, &effects, Ok(events())), "");
    assert_eq!((app.mode(), shown(&app)), (Mode::Events, vec!["evt_a", "evt_b"]), "by their start");
    press(&mut app, KeyCode::Esc);
    let [Effect::LoadEvent { sequence, .. }] = press(&mut app, KeyCode::F(5))[..] else { panic!("no load") };
    app.update(Message::LoadFailed { sequence, trouble: unclear() }, now());
    assert_eq!(app.popup, None, "whoever closed it knows");
}

#[test]
fn enter_opens_the_selected_event() {
    let mut app = loaded();
    let effects = control(&mut app, 's');
    answer(&mut app, &effects, Ok(events()));
    press(&mut app, KeyCode::Down);
    let effects = press(&mut app, KeyCode::Enter);
    assert!(matches!(&effects[..], [Effect::SwitchEvent(event)] if event.as_str() == "evt_b"), "{effects:?}");
}

#[test]
fn typing_narrows_at_once_and_asks_the_service_for_more() {
    let mut app = loaded();
    let effects = control(&mut app, 's');
    answer(&mut app, &effects, Ok(events()));
    let effects = type_text(&mut app, "fruh");
    assert_eq!(shown(&app), ["evt_a"], "accents are folded");
    let more = vec![event("evt_c", "Frühling", "2025-03-04T10:00:00")];
    assert_eq!(answer(&mut app, &effects, Ok(more)), "fruh");
    assert_eq!(shown(&app), ["evt_c", "evt_a"]);
    assert!(press(&mut app, KeyCode::Down).is_empty(), "moving asks nobody");
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let mut app = loaded();
    let first = control(&mut app, 's');
    let second = type_text(&mut app, "l");
    answer(&mut app, &first, Ok(events()));
    assert!(shown(&app).is_empty());
    answer(&mut app, &second, Ok(events()));
    assert_eq!(shown(&app), ["evt_b"]);
}

#[test]
fn no_answer_is_said_and_leaves_what_is_known() {
    let mut app = loaded();
    let effects = control(&mut app, 's');
    answer(&mut app, &effects, Ok(events()));
    let effects = type_text(&mut app, "l");
    answer(&mut app, &effects, Err(Trouble::TimedOut));
    let Some(Popup::Events(events)) = &app.popup else { panic!("{:?}", app.popup) };
    assert_eq!(events.stage, EventStage::Failed(Trouble::TimedOut));
    assert_eq!(shown(&app), ["evt_b"]);
}

#[test]
fn a_scan_under_way_keeps_its_event() {
    let mut app = loaded();
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::Enter);
    let effects = control(&mut app, 's');
    answer(&mut app, &effects, Ok(events()));
    assert_eq!(press(&mut app, KeyCode::Enter), []);
    let Some(Popup::Events(events)) = &app.popup else { panic!("{:?}", app.popup) };
    assert!(events.notice.is_some_and(|words| words.contains("Scans")), "{:?}", events.notice);
}

#[rstest]
#[case::correction(correct_ada)]
#[case::comp(|app: &mut App| fill_in_comp(app, "Grace", "Hopper", "grace@example.com"))]
fn a_change_without_an_answer_keeps_its_event(#[case] fill_in: fn(&mut App)) {
    let mut app = door();
    fill_in(&mut app);
    press(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&press(&mut app, KeyCode::Char('y')));
    forms::answer(&mut app, sequence, ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None });
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.popup, None);
    let effects = control(&mut app, 's');
    answer(&mut app, &effects, Ok(events()));
    assert_eq!(press(&mut app, KeyCode::Enter), []);
    let Some(Popup::Events(events)) = &app.popup else { panic!("{:?}", app.popup) };
    assert!(events.notice.is_some_and(|words| words.contains("change")), "{:?}", events.notice);
}

#[test]
fn the_event_that_the_service_names_is_opened_once_nobody_is_in_the_middle_of_anything() {
    let named = || Message::OtherEventNamed(EventId::from_service("evt_b"));
    let mut app = loaded();
    type_text(&mut app, "ada");
    assert_eq!(app.update(named(), now()), [], "somebody types");
    press(&mut app, KeyCode::Enter);
    press(&mut app, KeyCode::Esc);
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.search.input.value(), "");
    assert_eq!(app.update(named(), now()), [], "a scan has no answer");
    let mut app = loaded();
    control(&mut app, 's');
    assert_eq!(app.update(named(), now()), [], "something is open");
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.update(named(), now()), [Effect::SwitchEvent(EventId::from_service("evt_b"))]);
}

#[test]
fn a_scan_that_is_typed_over_the_list_leaves_no_question_open() {
    let mut app = loaded();
    let first = control(&mut app, 's');
    app.update(Message::TypingBegan, now());
    type_text(&mut app, "tk");
    // The answer comes while the letters stand there, and is not theirs.
    answer(&mut app, &first, Ok(events()));
    let effects = app.update(Message::TypingWithdrawn, now());
    assert_eq!(answer(&mut app, &effects, Ok(events())), "", "asked anew for what is typed now");
    assert_eq!(shown(&app), ["evt_a", "evt_b"]);
    app.update(Message::TypingBegan, now());
    type_text(&mut app, "tk");
    assert_eq!(app.update(Message::TypingWithdrawn, now()), [], "what was answered is not asked again");
    assert_eq!(shown(&app), ["evt_a", "evt_b"]);
}
