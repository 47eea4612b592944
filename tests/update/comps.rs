//! Comps: issued once, counted, and never without a look at who has a ticket already.

use crossterm::event::KeyCode;
use doorlist::console::{App, Asks, Effect, Message, Mode, Popup, Step, Verdict};
use doorlist::domain::{
    AdmissionId, AttendeeField, AuditAct, Change, ChangeOutcome, Faults, Made, OrderId, Ticket, TicketId, Trouble,
};
use rstest::rstest;

use super::forms::{answer, door, form, key, made, sent};
use super::stage::{at, control, guests, now, ticket, type_text};

/// Opens the form for a comp and fills in a guest, from the first name to the address.
pub fn fill_in_comp(app: &mut App, first: &str, last: &str, email: &str) {
    key(app, KeyCode::F(6));
    let at = |app: &App| form(app).lines[form(app).focus()].asks;
    for (field, text) in
        [(AttendeeField::FirstName, first), (AttendeeField::LastName, last), (AttendeeField::Email, email)]
    {
        while at(app) != Asks::Attendee(field) {
            key(app, KeyCode::Tab);
        }
        type_text(app, text);
    }
}

#[test]
fn a_comp_is_a_free_order_and_enter_lets_its_guest_in() {
    let mut app = door();
    key(&mut app, KeyCode::F(6));
    key(&mut app, KeyCode::Char('g'));
    key(&mut app, KeyCode::Esc);
    fill_in_comp(&mut app, "Grace", "Hopper", "grace@example.com");
    key(&mut app, KeyCode::Enter);
    let Some(Popup::Comp(comp)) = &app.popup else { panic!("{:?}", app.popup) };
    assert_eq!((comp.form.step, comp.twins.len()), (Step::Reviewing, 0));
    let (sequence, change) = sent(&key(&mut app, KeyCode::Char('y')));
    let Change::FreeOrder(order) = change else { panic!("{change:?}") };
    assert_eq!((order.quantity, order.admission.as_str(), &*order.reason, order.notify), (1, "adm_1", "Press", true));
    assert!((1..=255).contains(&order.key.len()), "{}", order.key);
    let issued = Made { tickets: vec![comp_ticket()], order: Some(OrderId::from_service("ord_9")) };
    let effects = answer(&mut app, sequence, ChangeOutcome::Made(issued));
    let [Effect::Record(record)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((record.act, record.target.as_str()), (AuditAct::Comp, "ord_9"));
    assert_eq!((app.banner.as_ref().unwrap().verdict, app.mode()), (Verdict::CompIssued, Mode::Issued));
    assert!(app.index.get(&TicketId::from_service("tkt_grace")).is_some(), "the ticket is on the list at once");
    let effects = key(&mut app, KeyCode::Enter);
    let is_scan = |effect: &Effect| matches!(effect, Effect::Take(entry) if entry.ticket.as_str() == "tkt_grace");
    assert!(effects.iter().any(is_scan), "{effects:?}");
    assert_eq!(app.popup, None);
}

pub fn comp_ticket() -> Ticket {
    ticket("tkt_grace", "Grace", "Hopper", "ACTIVE", 1, &[])
}

#[rstest]
#[case::name("ADA", "Lovelace", "other@example.com", true)]
#[case::email("Augusta", "King", "ADA@example.com", true)]
#[case::cancelled("Cleo", "Müller", "other@example.com", false)]
#[case::nobody("Grace", "Hopper", "grace@example.com", false)]
fn who_has_a_ticket_already_is_told(#[case] first: &str, #[case] last: &str, #[case] email: &str, #[case] told: bool) {
    let mut app = door();
    fill_in_comp(&mut app, first, last, email);
    key(&mut app, KeyCode::Enter);
    let Some(Popup::Comp(comp)) = &app.popup else { panic!("{:?}", app.popup) };
    let expected = if told { vec![TicketId::from_service("tkt_ada")] } else { Vec::new() };
    assert_eq!((comp.form.step, &comp.twins), (Step::Reviewing, &expected));
}

#[test]
fn a_phone_number_tells_the_same_guest_in_any_format() {
    let mut app = door();
    let mut ben = guests()[1].clone();
    ben.attendee.phone = Some("+61 412 345 678".into());
    ben.updated_at = at(1);
    app.update(Message::TicketsLoaded { sequence: 1, tickets: vec![ben] }, now());
    type_text(&mut app, "ada");
    key(&mut app, KeyCode::F(6));
    key(&mut app, KeyCode::Right);
    key(&mut app, KeyCode::Tab);
    for text in ["", "Grace", "Hopper", "grace@example.com", "0412-345 678"] {
        type_text(&mut app, text);
        key(&mut app, KeyCode::Tab);
    }
    key(&mut app, KeyCode::Enter);
    let Some(Popup::Comp(comp)) = &app.popup else { panic!("{:?}", app.popup) };
    assert_eq!((comp.form.step, comp.twins.as_slice()), (Step::Reviewing, &[TicketId::from_service("tkt_ben")][..]));
}

#[test]
fn a_comp_without_an_answer_is_asked_for_again_under_the_same_key_only() {
    let mut app = door();
    fill_in_comp(&mut app, "Grace", "Hopper", "grace@example.com");
    key(&mut app, KeyCode::Enter);
    let (sequence, first) = sent(&key(&mut app, KeyCode::Char('y')));
    answer(&mut app, sequence, ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None });
    assert_eq!((form(&app).step, app.banner.as_ref().unwrap().verdict), (Step::Unsettled, Verdict::BeingVerified));
    key(&mut app, KeyCode::Esc);
    type_text(&mut app, "ada");
    key(&mut app, KeyCode::F(6));
    assert_eq!(form(&app).step, Step::Unsettled, "another comp waits until this one is settled");
    let (sequence, again) = sent(&key(&mut app, KeyCode::Char('y')));
    assert_eq!(again, first);
    answer(&mut app, sequence, ChangeOutcome::Failed(Trouble::Unreachable));
    assert_eq!(form(&app).step, Step::Unsettled, "a repeat that was not sent settles nothing");
    let (sequence, again) = sent(&key(&mut app, KeyCode::Char('y')));
    assert_eq!(again, first);
    answer(&mut app, sequence, made(vec![comp_ticket()]));
    key(&mut app, KeyCode::Esc);
    key(&mut app, KeyCode::F(6));
    assert_eq!(form(&app).step, Step::Filling);
}

#[test]
fn a_comp_that_is_refused_in_the_end_can_be_filled_in_anew() {
    let mut app = door();
    fill_in_comp(&mut app, "Grace", "Hopper", "grace@example.com");
    key(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&key(&mut app, KeyCode::Char('y')));
    answer(&mut app, sequence, ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: None });
    let (sequence, _) = sent(&key(&mut app, KeyCode::Char('y')));
    answer(&mut app, sequence, ChangeOutcome::Refused(Faults { form: vec!["No".into()], fields: Vec::new() }));
    assert_eq!(form(&app).step, Step::Filling);
    assert!(key(&mut app, KeyCode::Char('y')).is_empty(), "what is another comp is reviewed first");
}

#[test]
fn a_comp_that_certainly_failed_gets_another_key() {
    let mut app = door();
    fill_in_comp(&mut app, "Grace", "Hopper", "grace@example.com");
    key(&mut app, KeyCode::Enter);
    let (sequence, first) = sent(&key(&mut app, KeyCode::Char('y')));
    answer(&mut app, sequence, ChangeOutcome::Failed(Trouble::Unreachable));
    assert_eq!(form(&app).value(Asks::Attendee(AttendeeField::LastName)), "Hopper");
    key(&mut app, KeyCode::Enter);
    assert_ne!(sent(&key(&mut app, KeyCode::Char('y'))).1, first);
}

#[test]
fn a_ticket_joins_the_selected_guests_order_and_a_repeat_knows_what_was_there() {
    let mut app = door();
    type_text(&mut app, "ada");
    key(&mut app, KeyCode::F(6));
    key(&mut app, KeyCode::Right);
    let asked: Vec<_> = form(&app).lines.iter().filter(|line| line.is_asked).map(|line| line.asks).collect();
    assert!(asked.contains(&Asks::Attendee(AttendeeField::Phone)) && !asked.contains(&Asks::Quantity), "{asked:?}");
    key(&mut app, KeyCode::Tab);
    key(&mut app, KeyCode::Tab);
    for text in ["Grace", "Hopper", "grace@example.com"] {
        type_text(&mut app, text);
        key(&mut app, KeyCode::Tab);
    }
    key(&mut app, KeyCode::Enter);
    let (sequence, change) = sent(&key(&mut app, KeyCode::Char('y')));
    let Change::ExtraTicket(extra) = change else { panic!("{change:?}") };
    assert_eq!((extra.order.as_str(), &extra.before), ("ord_1", &None));
    let before = Some(vec![TicketId::from_service("tkt_ada")]);
    answer(&mut app, sequence, ChangeOutcome::Unknown { trouble: Trouble::TimedOut, before: before.clone() });
    let (_, change) = sent(&key(&mut app, KeyCode::Char('y')));
    assert!(matches!(change, Change::ExtraTicket(again) if again.before == before));
}

#[test]
fn the_shifts_quota_of_a_tier_is_kept() {
    let mut app = door();
    fill_in_comp(&mut app, "Grace", "Hopper", "grace@example.com");
    for code in [KeyCode::BackTab, KeyCode::BackTab, KeyCode::BackTab] {
        key(&mut app, code);
    }
    assert_eq!(form(&app).lines[form(&app).focus()].asks, Asks::Quantity);
    control(&mut app, 'u');
    type_text(&mut app, "4");
    key(&mut app, KeyCode::BackTab);
    key(&mut app, KeyCode::Char('g'));
    key(&mut app, KeyCode::Enter);
    assert_eq!(form(&app).step, Step::Filling);
    let fault = form(&app).lines[form(&app).focus()].fault.as_deref();
    assert_eq!(fault, Some("the quota leaves 3"));
    control(&mut app, 'u');
    type_text(&mut app, "2");
    key(&mut app, KeyCode::Enter);
    let (sequence, _) = sent(&key(&mut app, KeyCode::Char('y')));
    answer(&mut app, sequence, made(Vec::new()));
    assert_eq!(app.changes.comps.left(&AdmissionId::from_service("adm_3"), "Guest list"), Some(1));
}

#[rstest]
#[case("0")]
#[case("101")]
#[case("two")]
#[case("")]
fn a_number_of_tickets_is_one(#[case] typed: &str) {
    let mut app = door();
    fill_in_comp(&mut app, "Grace", "Hopper", "grace@example.com");
    for code in [KeyCode::BackTab, KeyCode::BackTab, KeyCode::BackTab] {
        key(&mut app, code);
    }
    control(&mut app, 'u');
    type_text(&mut app, typed);
    key(&mut app, KeyCode::Enter);
    assert_eq!(form(&app).step, Step::Filling);
    assert!(form(&app).lines[form(&app).focus()].fault.as_deref().unwrap().contains("from 1 to 100"));
}

#[test]
fn a_name_that_nobody_has_is_filled_in_already() {
    let mut app = door();
    type_text(&mut app, "grace brewster hopper");
    key(&mut app, KeyCode::F(6));
    assert_eq!(form(&app).value(Asks::Attendee(AttendeeField::FirstName)), "grace brewster");
    assert_eq!(form(&app).value(Asks::Attendee(AttendeeField::LastName)), "hopper");
}
