//! The question before leaving, and what lies beneath it.

use crossterm::event::KeyCode;
use doorlist::console::{App, Asks, Effect, Message, Mode, Popup, Step, Verdict};
use doorlist::domain::{AttendeeField, ChangeOutcome, Trouble};
use rstest::rstest;

use super::comps::{comp_ticket, fill_in_comp};
use super::forms::{answer, correct_ada, door, form, made, said, sent};
use super::inbox::offline_evening;
use super::stage::{control, now, press, type_text};

/// A console that has sent a comp, whose operator is about to leave.
fn leaving_a_comp() -> (App, u64) {
    let mut app = door();
    fill_in_comp(&mut app, "Grace", "Hopper", "grace@example.com");
    press(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&press(&mut app, KeyCode::Char('y')));
    assert_eq!(control(&mut app, 'q'), [], "who leaves now does not hear whether it was issued");
    assert_eq!(app.mode(), Mode::Leave);
    (app, sequence)
}

#[test]
fn who_stays_finds_the_form_as_it_was() {
    let (mut app, ..) = offline_evening();
    control(&mut app, 'u');
    correct_ada(&mut app);
    let before = app.popup.clone();
    control(&mut app, 'q');
    assert_eq!(app.mode(), Mode::Leave);
    type_text(&mut app, "x");
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.popup, before);
    assert_eq!(form(&app).value(Asks::Attendee(AttendeeField::LastName)), "King");
}

#[test]
fn a_change_without_an_answer_holds_back_once() {
    let (mut app, _) = leaving_a_comp();
    press(&mut app, KeyCode::Esc);
    assert_eq!((app.mode(), form(&app).step), (Mode::Waiting, Step::Waiting), "it is still on its way");
    control(&mut app, 'q');
    assert_eq!(control(&mut app, 'q'), [Effect::Quit]);
}

#[test]
fn an_answer_is_kept_and_shown_once_the_question_is_gone() {
    let (mut app, sequence) = leaving_a_comp();
    let effects = answer(&mut app, sequence, made(vec![comp_ticket()]));
    assert!(matches!(&effects[..], [Effect::Record(record)] if record.outcome.starts_with("COMP ISSUED: ")));
    assert_eq!(app.mode(), Mode::Leave, "the question stays: a Y that is meant for it does nothing else");
    press(&mut app, KeyCode::Esc);
    assert!(matches!(app.popup, Some(Popup::Issued(_))), "{:?}", app.popup);
}

#[rstest]
#[case::failed(ChangeOutcome::Failed(Trouble::Forbidden), Step::Filling, "Nothing was changed.")]
#[case::unknown(
    ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None },
    Step::Unsettled,
    "It may have the change or not"
)]
fn the_form_beneath_hears_what_became_of_it(#[case] outcome: ChangeOutcome, #[case] step: Step, #[case] words: &str) {
    let (mut app, sequence) = leaving_a_comp();
    answer(&mut app, sequence, outcome);
    press(&mut app, KeyCode::Esc);
    assert_eq!(form(&app).step, step);
    assert!(said(&app).contains(words), "{}", said(&app));
}

#[test]
fn an_answer_in_the_middle_of_a_scan_stands_beneath_the_question() {
    let (mut app, sequence) = leaving_a_comp();
    app.update(Message::TypingBegan, now());
    answer(&mut app, sequence, made(vec![comp_ticket()]));
    app.update(Message::TypingWithdrawn, now());
    assert_eq!((app.mode(), app.banner.as_ref().unwrap().verdict), (Mode::Leave, Verdict::CompIssued));
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.mode(), Mode::Issued);
}
