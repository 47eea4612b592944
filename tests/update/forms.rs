//! Changes of the service's records: from the form over the yes to the answer.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{
    App, Asks, Bell, CompRules, Comps, Effect, Form, Message, Mode, Popup, Quota, Step, Turn, Verdict,
};
use doorlist::domain::{
    AdmissionId, AttendeeField, AuditAct, Change, ChangeOutcome, EventId, Faults, FieldChange, Made, Ticket,
    TicketChange, TicketId, TicketStatus, Trouble,
};
use proptest::prelude::*;
use rstest::rstest;

use super::comps::comp_ticket;
use super::stage::{at, control, guests, loaded_with, now, press, scan, ticket, type_text};

/// A console that knows the event, its tiers and the three guests.
pub fn door() -> App {
    let mut app = loaded_with(guests());
    let quotas = vec![Quota { tier: "guest list".into(), most: 3 }];
    app.changes.comps = Comps::under(CompRules { reasons: vec!["Press".into(), "Artist".into()], quotas });
    app
}

pub fn key(app: &mut App, code: KeyCode) -> Vec<Effect> {
    press(app, code)
}

/// The question and what was sent, of effects that send exactly one change, and keep before that it was asked for.
pub fn sent(effects: &[Effect]) -> (u64, Change) {
    let [Effect::Record(asked), Effect::Change { sequence, change }] = effects else { panic!("{effects:?}") };
    assert!(asked.change.is_some() && asked.outcome.starts_with("SENDING: "), "{asked:?}");
    (*sequence, (**change).clone())
}

pub fn answer(app: &mut App, sequence: u64, outcome: ChangeOutcome) -> Vec<Effect> {
    app.update(Message::ChangeAnswered { sequence, outcome: Box::new(outcome) }, at(1))
}

pub fn made(tickets: Vec<Ticket>) -> ChangeOutcome {
    ChangeOutcome::Made(Made { tickets, order: None })
}

pub fn form(app: &App) -> &Form {
    app.popup.as_ref().and_then(Popup::form).expect("a form is open")
}

pub fn said(app: &App) -> &str {
    form(app).said.as_deref().unwrap_or_default()
}

/// Opens the form for Ada and puts another last name into it.
pub fn correct_ada(app: &mut App) {
    type_text(app, "ada");
    let effects = control(app, 'e');
    assert!(matches!(effects[..], [Effect::FetchTicket { .. }]), "the ticket is read anew: {effects:?}");
    key(app, KeyCode::Tab);
    control(app, 'u');
    type_text(app, "King");
}

fn last_name(from: &str, to: &str) -> Change {
    let change = FieldChange { field: AttendeeField::LastName, from: from.into(), to: to.into() };
    Change::Ticket { ticket: TicketId::from_service("tkt_ada"), change: TicketChange::Correct(vec![change]) }
}

fn ada(last: &str, status: &str, updated: i64) -> Ticket {
    ticket("tkt_ada", "Ada", last, status, updated, &[])
}

#[test]
fn only_what_changed_is_sent_and_only_after_a_yes() {
    let mut app = door();
    correct_ada(&mut app);
    assert!(key(&mut app, KeyCode::Enter).is_empty());
    assert_eq!((form(&app).step, app.mode()), (Step::Reviewing, Mode::Review));
    for code in [KeyCode::Enter, KeyCode::Char('x'), KeyCode::Tab] {
        assert!(key(&mut app, code).is_empty(), "{code:?} is no yes");
    }
    let (sequence, change) = sent(&key(&mut app, KeyCode::Char('y')));
    assert_eq!(change, last_name("Lovelace", "King"));
    assert_eq!(app.mode(), Mode::Waiting);
    for code in [KeyCode::Char('y'), KeyCode::Esc, KeyCode::Enter] {
        assert!(key(&mut app, code).is_empty(), "the form stays until the answer is there");
    }
    assert!(app.popup.is_some());
    answer(&mut app, sequence, made(vec![ada("King", "ACTIVE", 1)]));
    let banner = app.banner.as_ref().unwrap();
    assert_eq!(
        (banner.verdict, banner.name.as_str(), &*banner.detail),
        (Verdict::Saved, "Ada King", "Last name: Lovelace → King")
    );
    assert_eq!(app.popup, None);
    assert_eq!(app.selected_ticket().unwrap().attendee.full_name(), "Ada King");
    assert_eq!(app.search.input.value(), "ada", "what was typed in the form went nowhere else");
}

#[test]
fn what_the_service_would_refuse_is_not_sent() {
    let mut app = door();
    type_text(&mut app, "ada");
    control(&mut app, 'e');
    key(&mut app, KeyCode::Enter);
    assert_eq!((form(&app).step, said(&app)), (Step::Filling, "Nothing is changed yet."));
    control(&mut app, 'u');
    assert_eq!(form(&app).lines[0].fault.as_deref(), Some("must not be empty"));
    key(&mut app, KeyCode::Tab);
    key(&mut app, KeyCode::Enter);
    assert_eq!((form(&app).step, form(&app).focus()), (Step::Filling, 0), "the focus goes to what is wrong");
    assert!(key(&mut app, KeyCode::Esc).is_empty());
    assert_eq!(app.popup, None);
}

#[test]
fn theirs_stands_beside_ours_and_is_never_overwritten() {
    let mut app = door();
    correct_ada(&mut app);
    key(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&key(&mut app, KeyCode::Char('y')));
    let mut theirs = ada("Byron", "ACTIVE", 1);
    theirs.attendee.phone = Some("0412".into());
    answer(&mut app, sequence, ChangeOutcome::Differs(Box::new(theirs)));
    let Some(Popup::Edit(edit)) = &app.popup else { panic!("{:?}", app.popup) };
    assert_eq!((edit.theirs.as_slice(), edit.form.step), (&[AttendeeField::LastName][..], Step::Filling));
    assert_eq!(edit.form.value(Asks::Attendee(AttendeeField::LastName)), "King", "ours is not lost");
    assert_eq!(edit.form.value(Asks::Attendee(AttendeeField::Phone)), "0412", "what we left alone is theirs");
    key(&mut app, KeyCode::Enter);
    assert_eq!(sent(&key(&mut app, KeyCode::Char('y'))).1, last_name("Byron", "King"));
}

#[test]
fn a_ticket_that_is_read_anew_while_the_form_is_open_is_followed() {
    let mut app = door();
    type_text(&mut app, "ada");
    let effects = control(&mut app, 'e');
    let [Effect::FetchTicket { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
    app.update(Message::TicketLoaded { sequence, ticket: Box::new(ada("Byron", "ACTIVE", 1)) }, at(1));
    assert_eq!(form(&app).value(Asks::Attendee(AttendeeField::LastName)), "Byron");
    assert_eq!(form(&app).said, None);
}

#[test]
fn faults_of_the_service_stand_beside_their_fields() {
    let mut app = door();
    correct_ada(&mut app);
    key(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&key(&mut app, KeyCode::Char('y')));
    let faults = Faults { fields: vec![(AttendeeField::LastName, "Too royal".into())], form: Vec::new() };
    let effects = answer(&mut app, sequence, ChangeOutcome::Refused(faults));
    assert!(effects.contains(&Effect::Ring(Bell::Attention)));
    assert_eq!((form(&app).focus(), form(&app).lines[1].fault.as_deref()), (1, Some("Too royal")));
    assert_eq!(form(&app).value(Asks::Attendee(AttendeeField::LastName)), "King");
}

#[rstest]
#[case(Trouble::Unreachable, "Nothing was changed. The service cannot be reached.")]
#[case(Trouble::Forbidden, "Nothing was changed. The token may not do this (403). Ask a supervisor")]
#[case(Trouble::Unauthorized, "Nothing was changed. The service does not accept the token (401).")]
fn what_did_not_happen_says_why_and_loses_nothing(#[case] trouble: Trouble, #[case] words: &str) {
    let mut app = door();
    correct_ada(&mut app);
    key(&mut app, KeyCode::Enter);
    let (sequence, first) = sent(&key(&mut app, KeyCode::Char('y')));
    answer(&mut app, sequence, ChangeOutcome::Failed(trouble));
    assert!(said(&app).starts_with(words), "{}", said(&app));
    assert_eq!(app.banner, None);
    key(&mut app, KeyCode::Enter);
    assert_eq!(sent(&key(&mut app, KeyCode::Char('y'))).1, first);
}

#[test]
fn no_answer_is_no_success_until_the_ticket_tells() {
    let mut app = door();
    correct_ada(&mut app);
    key(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&key(&mut app, KeyCode::Char('y')));
    let outcome = ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None };
    let effects = answer(&mut app, sequence, outcome);
    assert_eq!(app.banner.as_ref().unwrap().verdict, Verdict::BeingVerified);
    let read = effects.iter().find_map(|effect| match effect {
        Effect::FetchTicket { sequence, .. } => Some(*sequence),
        _ => None,
    });
    app.update(Message::Ticked, at(2));
    assert_eq!(app.banner.as_ref().unwrap().verdict, Verdict::BeingVerified);
    let has_it = Box::new(ada("King", "ACTIVE", 1));
    app.update(Message::TicketLoaded { sequence: read.unwrap(), ticket: has_it }, at(3));
    app.update(Message::Ticked, at(4));
    assert_eq!((app.banner.as_ref().unwrap().verdict, &app.popup), (Verdict::Saved, &None));
}

/// A correction of Ada that had no answer at the first second of the evening, and a clock that goes on.
fn unanswered() -> App {
    let mut app = door();
    correct_ada(&mut app);
    key(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&key(&mut app, KeyCode::Char('y')));
    answer(&mut app, sequence, ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None });
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.name.as_str()), (Verdict::BeingVerified, "Ada Lovelace"), "not by the new name");
    app
}

/// The question for Ada's ticket that a second of the clock leads to.
fn read_at(app: &mut App, second: i64) -> Option<u64> {
    let effects = app.update(Message::Ticked, at(second));
    effects.iter().find_map(|effect| match effect {
        Effect::LookUp { sequence, id } if id.as_str() == "tkt_ada" => Some(*sequence),
        _ => None,
    })
}

fn hear_of_ada(app: &mut App, sequence: u64, found: Result<Ticket, Trouble>, second: i64) -> Vec<Effect> {
    app.update(Message::CodeLookedUp { sequence, found: found.map(Box::new) }, at(second))
}

#[test]
fn a_change_that_never_came_is_said_not_to_be_done_once_the_ticket_has_told() {
    let mut app = unanswered();
    assert_eq!(read_at(&mut app, 10), None);
    let asked = read_at(&mut app, 11).expect("nobody else asks again");
    assert_eq!(read_at(&mut app, 25), None, "one question at a time");
    assert_eq!(hear_of_ada(&mut app, asked, Ok(ada("Lovelace", "ACTIVE", 1)), 26), [], "it may still come");
    let asked = read_at(&mut app, 30).expect("it is asked again");
    assert_eq!(hear_of_ada(&mut app, asked, Err(Trouble::Unreachable), 31), []);
    let asked = read_at(&mut app, 40).expect("and again after an outage");
    let effects = hear_of_ada(&mut app, asked, Ok(ada("Lovelace", "ACTIVE", 1)), 41);
    let [Effect::Record(record), Effect::Ring(Bell::Attention | Bell::Stop)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert!(record.outcome.starts_with("NOT DONE: Last name: Lovelace → King"), "{}", record.outcome);
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.name.as_str()), (Verdict::NotDone, "Ada Lovelace"));
    assert_eq!(said(&app), "The service does not have it: nothing was changed.", "what was typed is still there");
    assert_eq!(read_at(&mut app, 90), None, "it is settled");
    key(&mut app, KeyCode::Esc);
    key(&mut app, KeyCode::Esc);
    key(&mut app, KeyCode::Esc);
    let other = EventId::from_service("evt_2");
    assert_eq!(app.update(Message::OtherEventNamed(other.clone()), at(91)), [Effect::SwitchEvent(other)]);
}

#[test]
fn a_change_that_came_late_is_said_to_be_made_whoever_is_selected_by_then() {
    let mut app = unanswered();
    key(&mut app, KeyCode::Esc);
    control(&mut app, 'u');
    type_text(&mut app, "ben");
    let asked = read_at(&mut app, 12).unwrap();
    hear_of_ada(&mut app, asked, Ok(ada("King", "ACTIVE", 2)), 13);
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.name.as_str()), (Verdict::Saved, "Ada King"));
    assert_eq!(read_at(&mut app, 60), None);
}

#[test]
fn a_stale_answer_and_a_second_change_do_nothing() {
    let mut app = door();
    correct_ada(&mut app);
    key(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&key(&mut app, KeyCode::Char('y')));
    assert!(answer(&mut app, sequence + 100, made(Vec::new())).is_empty());
    assert_eq!(app.mode(), Mode::Waiting);
    answer(&mut app, sequence, made(vec![ada("King", "ACTIVE", 1)]));
    assert!(answer(&mut app, sequence, made(Vec::new())).is_empty());
}

#[test]
fn a_ticket_moves_to_the_picked_tier_and_a_full_one_is_told() {
    let mut app = door();
    type_text(&mut app, "ada");
    control(&mut app, 't');
    assert_eq!(app.mode(), Mode::Tiers);
    let Some(Popup::MoveTier(open)) = &app.popup else { panic!("{:?}", app.popup) };
    let offers: Vec<_> =
        open.picker.choices().iter().map(|choice| format!("{}: {}", choice.main, choice.dim)).collect();
    assert_eq!(offers, ["VIP: +75.00 AUD, full (40)", "Guest list: -45.00 AUD, 6 of 10 left"]);
    type_text(&mut app, "vip");
    assert!(key(&mut app, KeyCode::Enter).is_empty());
    let Some(Popup::MoveTier(open)) = &app.popup else { panic!("{:?}", app.popup) };
    assert!(open.picked.as_ref().unwrap().room.is_full());
    key(&mut app, KeyCode::Char('r'));
    type_text(&mut app, "upgrade");
    key(&mut app, KeyCode::Enter);
    assert_eq!((form(&app).step, form(&app).value(Asks::Reason)), (Step::Reviewing, "upgrade"));
    let (sequence, change) = sent(&key(&mut app, KeyCode::Char('y')));
    let (from, to) = (AdmissionId::from_service("adm_1"), AdmissionId::from_service("adm_2"));
    let ticket = TicketId::from_service("tkt_ada");
    assert_eq!(change, Change::Ticket { ticket, change: TicketChange::Move { from, to } });
    let effects = answer(&mut app, sequence, made(Vec::new()));
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, &*banner.detail), (Verdict::Moved, "Floor → VIP"));
    let [Effect::Record(record)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((record.act, record.target.as_str()), (AuditAct::Move, "tkt_ada"));
    assert_eq!(&*record.outcome, "MOVED: Floor → VIP; reason: upgrade");
}

#[test]
fn escape_goes_back_step_by_step() {
    let mut app = door();
    type_text(&mut app, "ada");
    control(&mut app, 't');
    key(&mut app, KeyCode::Enter);
    key(&mut app, KeyCode::Esc);
    assert_eq!(app.mode(), Mode::Tiers);
    key(&mut app, KeyCode::Esc);
    assert_eq!((app.mode(), app.search.input.value()), (Mode::Door, "ada"));
}

#[rstest]
#[case::cancel("ada", KeyCode::F(8), "cancel", TicketChange::Cancel { from: TicketStatus::Active }, Verdict::TicketCancelled)]
#[case::capitals("ben", KeyCode::F(8), "CANCEL", TicketChange::Cancel { from: TicketStatus::Redeemed }, Verdict::TicketCancelled)]
#[case::reactivate("cleo", KeyCode::F(7), "valid", TicketChange::Reactivate, Verdict::Reactivated)]
fn the_whole_word_makes_it_certain(
    #[case] guest: &str,
    #[case] opens: KeyCode,
    #[case] word: &str,
    #[case] expected: TicketChange,
    #[case] verdict: Verdict,
) {
    let mut app = door();
    type_text(&mut app, guest);
    key(&mut app, opens);
    assert!(key(&mut app, KeyCode::Enter).is_empty());
    let (start, end) = word.split_at(word.len() - 1);
    type_text(&mut app, start);
    assert!(key(&mut app, KeyCode::Enter).is_empty(), "{start} is not the word");
    assert!(said(&app).starts_with("Type "), "{}", said(&app));
    type_text(&mut app, end);
    let (sequence, change) = sent(&key(&mut app, KeyCode::Enter));
    assert!(matches!(change, Change::Ticket { change, .. } if change == expected));
    answer(&mut app, sequence, made(Vec::new()));
    assert_eq!(app.banner.as_ref().unwrap().verdict, verdict);
}

/// Cleo's ticket has just been made valid again, by an Enter behind the typed word.
fn reactivated() -> App {
    let mut app = door();
    type_text(&mut app, "cleo");
    key(&mut app, KeyCode::F(7));
    type_text(&mut app, "valid");
    let (sequence, _) = sent(&key(&mut app, KeyCode::Enter));
    answer(&mut app, sequence, made(vec![ticket("tkt_cleo", "Cleo", "Müller", "ACTIVE", 1, &[])]));
    app
}

#[test]
fn the_enter_that_bounces_behind_a_confirmation_lets_nobody_in() {
    let mut app = reactivated();
    let enter = || Message::KeyPressed(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
    assert_eq!(app.update(enter(), at(1)), []);
    assert!(matches!(app.update(enter(), at(3))[..], [Effect::Take(_)]), "an Enter of its own counts");
}

#[rstest]
#[case("ada", KeyCode::F(7), "This ticket is valid already.")]
#[case("ben", KeyCode::F(7), "Ticket is checked in: check it out instead.")]
#[case("cleo", KeyCode::F(8), "This ticket is cancelled already.")]
fn what_the_table_forbids_is_said_and_no_word_helps(#[case] guest: &str, #[case] opens: KeyCode, #[case] words: &str) {
    let mut app = door();
    type_text(&mut app, guest);
    key(&mut app, opens);
    assert_eq!(said(&app), words);
    let Some(Popup::Validity(open)) = &app.popup else { panic!("{:?}", app.popup) };
    let word = open.turn.word();
    type_text(&mut app, word);
    assert!(key(&mut app, KeyCode::Enter).is_empty());
}

#[test]
fn a_guest_who_came_in_meanwhile_asks_for_the_word_again() {
    let mut app = door();
    type_text(&mut app, "ada");
    key(&mut app, KeyCode::F(8));
    type_text(&mut app, Turn::Cancel.word());
    let (sequence, _) = sent(&key(&mut app, KeyCode::Enter));
    let inside = ticket("tkt_ada", "Ada", "Lovelace", "REDEEMED", 1, &[scan("s9", "CHECK_IN", 1)]);
    answer(&mut app, sequence, ChangeOutcome::Differs(Box::new(inside)));
    let Some(Popup::Validity(open)) = &app.popup else { panic!("{:?}", app.popup) };
    assert_eq!((open.shown, open.form.value(Asks::Word)), (TicketStatus::Redeemed, ""));
    assert!(key(&mut app, KeyCode::Enter).is_empty());
    type_text(&mut app, "cancel");
    let (_, change) = sent(&key(&mut app, KeyCode::Enter));
    let from = TicketStatus::Redeemed;
    assert!(matches!(change, Change::Ticket { change, .. } if change == TicketChange::Cancel { from }));
}

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let codes = prop_oneof![
        4 => Just(KeyCode::Enter),
        2 => Just(KeyCode::Esc),
        3 => Just(KeyCode::Tab),
        2 => prop_oneof![Just(KeyCode::Up), Just(KeyCode::Down), Just(KeyCode::Left), Just(KeyCode::Right)],
        2 => prop_oneof![Just(KeyCode::Backspace), Just(KeyCode::Delete), Just(KeyCode::Home), Just(KeyCode::BackTab)],
        6 => "[a-z@. ]".prop_map(|text| KeyCode::Char(text.chars().next().unwrap())),
        3 => Just(KeyCode::Char('y')),
        3 => (6_u8..=8).prop_map(KeyCode::F),
    ];
    let letters = prop_oneof![Just('e'), Just('t'), Just('u'), Just('w'), Just('k')];
    prop_oneof![
        8 => codes.prop_map(|code| KeyEvent::new(code, KeyModifiers::NONE)),
        2 => letters.prop_map(|letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)),
    ]
}

/// Whether the open form may send something at the next key, and which key that is.
fn consent(app: &App) -> Option<KeyCode> {
    match (&app.popup, form_step(app)) {
        (Some(Popup::Validity(validity)), Some(Step::Filling)) if validity.is_certain() => Some(KeyCode::Enter),
        (_, Some(Step::Reviewing | Step::Unsettled)) => Some(KeyCode::Char('y')),
        _ => None,
    }
}

fn form_step(app: &App) -> Option<Step> {
    app.popup.as_ref().and_then(Popup::form).map(|form| form.step)
}

fn outcomes() -> impl Strategy<Value = ChangeOutcome> {
    prop_oneof![
        Just(made(vec![comp_ticket()])),
        Just(made(Vec::new())),
        Just(ChangeOutcome::Differs(Box::new(ada("Byron", "REDEEMED", 5)))),
        Just(ChangeOutcome::Refused(Faults { fields: vec![(AttendeeField::Email, "No".into())], form: Vec::new() })),
        Just(ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None }),
        Just(ChangeOutcome::Failed(Trouble::Unreachable)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_keys_change_nothing_without_a_yes(
        guest in prop_oneof![Just("ada"), Just("ben"), Just("cleo"), Just("nobody here")],
        opens in prop_oneof![Just(KeyCode::F(7)), Just(KeyCode::F(8)), Just(KeyCode::F(6)), Just(KeyCode::Char('e')), Just(KeyCode::Char('t'))],
        keys in proptest::collection::vec((any_key(), outcomes(), any::<bool>()), 1..80),
    ) {
        let mut app = door();
        type_text(&mut app, guest);
        match opens {
            KeyCode::Char(letter) => _ = control(&mut app, letter),
            code => _ = press(&mut app, code),
        }
        for (key, outcome, answers) in keys {
            let consent = consent(&app);
            let effects = app.update(Message::KeyPressed(key), now());
            let sends = effects.iter().find_map(|effect| match effect {
                Effect::Change { sequence, .. } => Some(*sequence),
                _ => None,
            });
            if let Some(sequence) = sends {
                prop_assert_eq!(Some(key.code), consent, "nobody said yes");
                prop_assert_eq!(app.mode(), Mode::Waiting);
                if answers {
                    answer(&mut app, sequence, outcome);
                    prop_assert!(form_step(&app) != Some(Step::Waiting), "the answer is there, the form goes on");
                }
            }
        }
    }
}

#[test]
fn a_click_behind_a_confirmation_means_the_next_enter() {
    let mut app = reactivated();
    app.update(Message::RowClicked(0), at(1));
    let enter = Message::KeyPressed(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
    assert!(matches!(app.update(enter, at(1))[..], [Effect::Take(_)]));
}

#[test]
fn a_refusal_in_mid_scan_stands_and_no_letter_of_the_code_stays_in_the_form() {
    let mut app = door();
    correct_ada(&mut app);
    key(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&key(&mut app, KeyCode::Char('y')));
    app.update(Message::TypingBegan, now());
    type_text(&mut app, "tkt_01jq");
    let faults = Faults { fields: vec![(AttendeeField::LastName, "is taken".into())], ..Faults::default() };
    answer(&mut app, sequence, ChangeOutcome::Refused(faults));
    type_text(&mut app, "8zv5k3m9x2c7b4n6d8f0ga");
    app.update(Message::TypingWithdrawn, now());
    let form = form(&app);
    assert_eq!(form.value(Asks::Attendee(AttendeeField::LastName)), "King");
    assert_eq!(form.lines[form.focus()].fault.as_deref(), Some("is taken"));
    assert!(said(&app).starts_with("The service does not accept this"), "{}", said(&app));
}
