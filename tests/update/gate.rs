//! What enters at this door.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::{App, Bell, Door, Effect, GateNames, Message, Popup, Verdict};
use doorlist::domain::{Admission, AuditAct, Event, Gate, SectionId, Ticket, TicketStatus};
use jiff::tz::TimeZone;

use super::stage::{empty, now, press, ticket, type_text};

/// A guest of a tier.
fn guest(id: &str, name: &str, tier: (&str, &str)) -> Ticket {
    let mut guest = ticket(id, name, "Marsh", "ACTIVE", -900, &[]);
    let mut admission = (*guest.admission).clone();
    (admission.id, admission.name) = (doorlist::domain::AdmissionId::from_service(tier.0), tier.1.into());
    guest.admission = admission.into();
    guest
}

fn names(admissions: &[&str]) -> GateNames {
    GateNames { admissions: admissions.iter().map(|&name| name.into()).collect(), sections: Vec::new() }
}

/// A door for these tiers, at an event with Floor and VIP.
fn door(admissions: &[&str]) -> App {
    let (mut app, sequence) = empty();
    app.door = Door { names: names(admissions), ..Door::default() };
    let guests = vec![guest("tkt_ann", "Ann", ("adm_floor", "Floor")), guest("tkt_vic", "Vic", ("adm_vip", "VIP"))];
    let tier =
        |guest: &Ticket| Admission { summary: (*guest.admission).clone(), capacity: None, sold: 1, section_id: None };
    let event = Event {
        summary: (*guests[0].event).clone(),
        admissions: guests.iter().map(tier).collect(),
        sections: Vec::new(),
    };
    app.update(Message::EventLoaded { sequence, event: Box::new(event), zone: TimeZone::UTC }, now());
    app.update(Message::TicketsLoaded { sequence, tickets: guests }, now());
    app.update(Message::LoadFinished { sequence }, now());
    app.update(Message::ConnectionChanged(doorlist::console::Health::Online), now());
    app
}

fn alt(app: &mut App, letter: char) -> Vec<Effect> {
    app.update(Message::KeyPressed(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT)), now())
}

fn check_in(app: &mut App, name: &str) -> Vec<Effect> {
    type_text(app, name);
    press(app, KeyCode::Enter)
}

fn takes(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Take(_)))
}

#[test]
fn a_guest_of_another_door_is_told_which_before_anything_is_sent() {
    let mut app = door(&["Floor"]);
    let effects = check_in(&mut app, "vic");
    assert!(!takes(&effects), "{effects:?}");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::FetchTicket { .. })), "it may have been moved");
    let refusals: Vec<_> = effects.iter().filter(|effect| matches!(effect, Effect::Record(_))).collect();
    assert_eq!(refusals.len(), 1, "kept in the audit");
    let banner = app.banner.as_ref().unwrap();
    assert_eq!(banner.verdict, Verdict::WrongDoor);
    assert_eq!(banner.detail.as_str(), "VIP enters at another door. This one is for Floor.");
    app.search.done = true;
    let effects = check_in(&mut app, "ann");
    let [Effect::Take(entry)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(entry.gate, app.door.gate, "the service is asked about the door too");
}

#[test]
fn whoever_goes_out_is_asked_for_no_door() {
    let mut app = door(&["Floor"]);
    type_text(&mut app, "vic");
    let effects = super::stage::control(&mut app, 'o');
    assert!(takes(&effects), "{effects:?}");
}

#[test]
fn nobody_enters_a_door_whose_tiers_are_not_known_yet() {
    for (admissions, enters) in [(&["Floor"][..], false), (&[][..], true)] {
        let (mut app, sequence) = empty();
        app.door = Door { names: names(admissions), ..Door::default() };
        let tickets = vec![guest("tkt_vic", "Vic", ("adm_vip", "VIP"))];
        app.update(Message::TicketsLoaded { sequence, tickets }, now());
        assert_eq!(takes(&check_in(&mut app, "vic")), enters);
        let banner = app.banner.as_ref().unwrap();
        let refused = (banner.verdict, banner.detail.as_str())
            == (Verdict::NotDone, "The event is not known yet, so this door's tiers are not.");
        assert_eq!(refused, !enters, "{banner:?}");
    }
}

#[test]
fn names_are_found_whatever_their_case_and_ids_as_they_are() {
    for name in ["VIP", "vip", "Víp", "adm_vip"] {
        assert_eq!(door(&[name]).door.gate.admissions[0].as_str(), "adm_vip", "{name}");
    }
}

#[test]
fn a_name_that_means_nothing_admits_nobody_and_is_said() {
    let mut app = door(&["Balcony"]);
    assert!(app.session.findings.iter().any(|finding| finding.contains("“Balcony”")), "{:?}", app.session.findings);
    for name in ["ann", "vic"] {
        assert!(!takes(&check_in(&mut app, name)));
        assert_eq!(app.banner.as_ref().unwrap().verdict, Verdict::WrongDoor);
        super::stage::control(&mut app, 'u');
    }
}

#[test]
fn a_section_filter_holds_back_tickets_without_a_section() {
    let mut app = door(&[]);
    app.door.gate = Gate { admissions: Vec::new(), sections: vec![SectionId::from_service("sct_1")] };
    assert!(!takes(&check_in(&mut app, "ann")));
}

#[test]
fn the_picker_sets_the_door_and_the_audit_keeps_it() {
    let mut app = door(&["Floor"]);
    alt(&mut app, 'g');
    assert!(matches!(&app.popup, Some(Popup::Gate(gate)) if gate.gate() == app.door.gate));
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Tab);
    let effects = press(&mut app, KeyCode::Enter);
    let [Effect::Record(record)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((record.act, record.outcome.as_str()), (AuditAct::Gate, "DOOR SET: This door is for VIP."));
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.detail.as_str()), (Verdict::DoorSet, "This door is for VIP."));
    assert!(takes(&check_in(&mut app, "vic")));
}

#[test]
fn enter_in_an_untouched_picker_opens_no_door() {
    let mut app = door(&["Balkony"]);
    let before = app.door.gate.clone();
    alt(&mut app, 'g');
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::Tab);
    assert_eq!(press(&mut app, KeyCode::Enter), []);
    assert_eq!((app.popup.clone(), &app.door.gate), (None, &before));
    assert!(!takes(&check_in(&mut app, "ann")), "a name that means nothing still admits nobody");
}

#[test]
fn a_picker_that_is_closed_leaves_the_door_as_it_is() {
    let mut app = door(&["Floor"]);
    let before = app.door.gate.clone();
    alt(&mut app, 'g');
    press(&mut app, KeyCode::Tab);
    assert_eq!(press(&mut app, KeyCode::Esc), []);
    assert_eq!((app.popup.clone(), &app.door.gate), (None, &before));
}

#[test]
fn a_refresh_leaves_the_door_that_a_person_chose() {
    let mut app = door(&["Floor"]);
    app.door.gate = Gate::default();
    let event = app.session.event.clone().unwrap();
    let effects = press(&mut app, KeyCode::F(5));
    let [Effect::LoadEvent { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
    app.update(Message::EventLoaded { sequence, event, zone: TimeZone::UTC }, now());
    assert!(app.door.gate.is_open());
}

#[test]
fn an_override_needs_a_reason_and_is_kept_with_it() {
    let mut app = door(&["Floor"]);
    check_in(&mut app, "vic");
    alt(&mut app, 'o');
    assert!(matches!(app.popup, Some(Popup::Override(_))));
    assert_eq!(press(&mut app, KeyCode::Enter), [], "without a reason nothing happens");
    type_text(&mut app, "lift is out of order");
    let effects = press(&mut app, KeyCode::Enter);
    let [Effect::Record(record), Effect::Take(entry)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(record.act, AuditAct::Override);
    assert_eq!((record.outcome.as_str(), record.entry), ("override asked for: lift is out of order", Some(entry.id)));
    assert_eq!(entry.override_reason.as_ref().unwrap().as_str(), "lift is out of order");
    assert_eq!(entry.gate, Gate::default(), "the service is not asked about this door");
    assert_eq!(app.popup, None);
}

#[test]
fn who_may_enter_here_needs_no_override() {
    let mut app = door(&["Floor"]);
    type_text(&mut app, "ann");
    assert_eq!(alt(&mut app, 'o'), [Effect::Ring(Bell::Attention)]);
    let words = "There is nothing to override: the ticket enters at this door.";
    assert_eq!((&app.popup, app.banner.as_ref().unwrap().detail.as_str()), (&None, words));
}

#[test]
fn an_override_that_comes_to_no_scan_is_not_recorded() {
    let mut app = door(&["Floor"]);
    check_in(&mut app, "vic");
    alt(&mut app, 'o');
    type_text(&mut app, "lift is out of order");
    app.update(Message::StoreNotOpened("The disk is full.".into()), now());
    let effects = press(&mut app, KeyCode::Enter);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Record(_) | Effect::Take(_))), "{effects:?}");
    assert_eq!(app.banner.as_ref().unwrap().verdict, Verdict::NotDone);
}

#[test]
fn who_is_in_already_needs_no_override() {
    let mut app = door(&["Floor"]);
    let mut vic = guest("tkt_vic", "Vic", ("adm_vip", "VIP"));
    (vic.status, vic.updated_at) = (TicketStatus::Redeemed, now());
    app.update(Message::TicketLearnt(Box::new(vic)), now());
    type_text(&mut app, "vic");
    alt(&mut app, 'o');
    let words = "There is nothing to override: the guest is in already.";
    assert_eq!((&app.popup, app.banner.as_ref().unwrap().detail.as_str()), (&None, words));
}

#[test]
fn a_door_that_is_opened_for_all_says_so() {
    let mut app = door(&["Floor"]);
    alt(&mut app, 'g');
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::Enter);
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.detail.as_str()), (Verdict::DoorSet, "This door admits everybody."));
}

/// Marks VIP and not Floor, as a person does.
fn choose_vip(app: &mut App) {
    alt(app, 'g');
    for code in [KeyCode::Tab, KeyCode::Down, KeyCode::Tab, KeyCode::Enter] {
        press(app, code);
    }
}

#[test]
fn what_was_chosen_for_an_event_counts_there_again_and_nowhere_else() {
    let mut app = door(&["Floor"]);
    assert!(app.door.chosen.is_empty(), "the settings' own");
    choose_vip(&mut app);
    let (event, chosen, gate) = (app.session.event.clone().unwrap(), app.door.chosen.clone(), app.door.gate.clone());
    let mut another = event.clone();
    another.summary.id = doorlist::domain::EventId::from_service("evt_2");
    for (event, enters, words) in [
        (another, "adm_floor", "This door is for Floor, what was chosen is for the other event."),
        (event, "adm_vip", "This door is for VIP, as it was chosen here."),
    ] {
        let (mut app, sequence) = empty();
        app.door = Door { names: names(&["Floor"]), chosen: chosen.clone(), ..Door::default() };
        app.update(Message::EventLoaded { sequence, event, zone: TimeZone::UTC }, now());
        assert_eq!(app.door.gate.admissions[0].as_str(), enters);
        assert_eq!(app.session.findings, [words.into()]);
    }
    assert_eq!(gate.admissions[0].as_str(), "adm_vip");
}

#[test]
fn a_door_that_is_set_back_to_the_settings_was_not_chosen() {
    let mut app = door(&["Floor"]);
    choose_vip(&mut app);
    assert_eq!(app.door.chosen.len(), 1);
    choose_vip(&mut app);
    assert_eq!((app.door.gate.admissions[0].as_str(), app.door.chosen.len()), ("adm_floor", 0));
}

#[test]
fn of_an_order_only_those_are_meant_who_enter_here() {
    let mut app = door(&["VIP"]);
    type_text(&mut app, "vic");
    press(&mut app, KeyCode::Tab);
    let Some(Popup::Order(order)) = &app.popup else { panic!() };
    let meant: Vec<_> = app.order_meant(order).iter().map(ToString::to_string).collect();
    assert_eq!((meant, app.order_elsewhere(&order.order)), (vec!["tkt_vic".to_owned()], 1));
    let effects = press(&mut app, KeyCode::Enter);
    let [Effect::Take(entry)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(entry.ticket.as_str(), "tkt_vic");
}

#[test]
fn a_mark_says_that_the_rule_of_the_door_is_asked() {
    let mut app = door(&["VIP"]);
    type_text(&mut app, "vic");
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::Char(' '));
    press(&mut app, KeyCode::Enter);
    let banner = app.banner.as_ref().unwrap();
    assert_eq!((banner.verdict, banner.ticket.as_str()), (Verdict::WrongDoor, "tkt_ann"));
}
