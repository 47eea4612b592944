//! Every state of the screen as text.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers};
use doorlist::console::scanner::Scanned;
use doorlist::console::{Access, Effect, Health, Message, Role, Stored};
use doorlist::domain::{EventId, PinHash, Refusal, ScanKind, ScanRefusal, Trouble};
use insta::assert_snapshot;
use jiff::SignedDuration;
use rstest::rstest;

use crate::answers::{Answer, messages};
use crate::scene::{Scene, event, guests, now, scanned, ticket};

const LARGE: (u16, u16) = (120, 36);
const SMALL: (u16, u16) = (80, 24);

/// One snapshot a size, without the footer: it depends on the key table alone and has snapshots of its own.
fn at_both_sizes(name: &str, scene: &mut Scene) {
    for (width, height) in [LARGE, SMALL] {
        let text = scene.text(width, height);
        let panes: Vec<_> = text.lines().take(usize::from(height) - 1).collect();
        assert_snapshot!(format!("{name}_{width}x{height}"), panes.join("\n"));
    }
}

#[test]
fn the_footer_shows_the_keys_that_count() {
    let mut scene = Scene::loaded();
    let mut footers = Vec::new();
    for width in [120, 80, 60] {
        footers.push(scene.text(width, 24).lines().last().unwrap().to_owned());
    }
    scene.key(KeyCode::F(1), KeyModifiers::NONE);
    assert_eq!(scene.text(80, 24).lines().last(), Some(""), "the help has its keys at its own edge");
    assert_snapshot!("footer", footers.join("\n"));
}

#[test]
fn before_anything_came() {
    at_both_sizes("silent", &mut Scene::silent());
}

#[test]
fn while_the_list_is_coming() {
    let mut scene = Scene::loading();
    at_both_sizes("loading_first_page", &mut scene);
    scene.tell(Message::TicketsLoaded { sequence: 1, tickets: guests()[..4].to_vec() });
    at_both_sizes("loading_searchable", &mut scene);
}

#[test]
fn the_list_did_not_come() {
    let mut scene = Scene::loading();
    scene.tell(Message::LoadFailed { sequence: 1, trouble: Trouble::Unauthorized });
    at_both_sizes("load_failed", &mut scene);
}

#[test]
fn a_list_that_was_kept_is_whole_and_says_how_old_it_is() {
    let mut scene = Scene::loading();
    let kept = Stored {
        tickets: guests(),
        taken_at: Some(now() - SignedDuration::from_mins(50)),
        is_whole: true,
        ..Stored::default()
    };
    scene.tell(Message::StoreOpened(Box::new(kept)));
    scene.tell(Message::LoadFailed { sequence: 1, trouble: Trouble::Unreachable });
    at_both_sizes("load_failed_over_a_kept_list", &mut scene);
}

#[test]
fn the_list_stopped_half_way() {
    let mut scene = Scene::loading();
    scene.tell(Message::TicketsLoaded { sequence: 1, tickets: guests()[..4].to_vec() });
    scene.tell(Message::LoadFailed { sequence: 1, trouble: Trouble::TimedOut });
    at_both_sizes("load_stopped", &mut scene);
}

#[test]
fn everyone_is_here() {
    at_both_sizes("loaded", &mut Scene::loaded());
}

#[test]
fn a_selected_guest_with_a_history() {
    at_both_sizes("history", Scene::loaded().type_text("obrien"));
    at_both_sizes("order", Scene::loaded().type_text("lovelace"));
}

#[test]
fn namesakes_are_told_apart() {
    at_both_sizes("namesakes", Scene::loaded().type_text("john smith"));
}

#[test]
fn nobody_found() {
    at_both_sizes("no_match", Scene::loaded().type_text("xyzzy"));
}

#[test]
fn the_service_is_away() {
    let mut scene = Scene::loaded();
    scene.tell(Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)));
    at_both_sizes("offline", &mut scene);
}

#[test]
fn the_service_is_slow() {
    let mut scene = Scene::loaded();
    scene.tell(Message::ConnectionChanged(Health::Slow));
    at_both_sizes("slow", &mut scene);
}

#[test]
fn checked_in_and_out_again() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace").scan_accepted(ScanKind::CheckIn);
    at_both_sizes("verdict_checked_in", &mut scene);
    scene.scan_accepted(ScanKind::CheckOut);
    at_both_sizes("verdict_checked_out", &mut scene);
}

#[test]
fn the_next_guest_pushes_the_last_result_aside() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace").scan_accepted(ScanKind::CheckIn).type_text("zo");
    at_both_sizes("next_guest", &mut scene);
}

#[test]
fn a_scan_on_its_way() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace");
    scene.key(KeyCode::Enter, KeyModifiers::NONE);
    at_both_sizes("verdict_sending", &mut scene);
}

#[test]
fn in_already_says_who_when_and_where() {
    let mut scene = Scene::loaded();
    scene
        .type_text("babbage")
        .scan(ScanKind::CheckIn, |ticket| Answer::Refused(ScanRefusal::Rule(Refusal::AlreadyCheckedIn), Some(ticket)));
    at_both_sizes("verdict_already_in", &mut scene);
}

#[rstest]
#[case::not_in("not_in", ScanKind::CheckOut, ScanRefusal::Rule(Refusal::NotCheckedIn))]
#[case::cancelled("cancelled", ScanKind::CheckIn, ScanRefusal::Rule(Refusal::TicketCancelled))]
#[case::wrong_event("wrong_event", ScanKind::CheckIn, ScanRefusal::WrongEvent { event: "Harbour Lights 2025".into() })]
#[case::wrong_door("wrong_door", ScanKind::CheckIn, ScanRefusal::WrongDoor { admission: "VIP".into() })]
#[case::unknown_ticket("unknown_ticket", ScanKind::CheckIn, ScanRefusal::UnknownTicket)]
#[case::refused("refused", ScanKind::CheckIn, ScanRefusal::Other { message: "Doors are closed".into() })]
fn refusals(#[case] name: &str, #[case] kind: ScanKind, #[case] refusal: ScanRefusal) {
    let mut scene = Scene::loaded();
    let typed = if name == "cancelled" { "zoe" } else { "byron" };
    scene.type_text(typed).scan(kind, |_| Answer::Refused(refusal, None));
    at_both_sizes(&format!("verdict_{name}"), &mut scene);
}

#[rstest]
#[case::being_verified("being_verified", Answer::Unknown)]
#[case::not_done(
    "not_done",
    Answer::NotKept("The disk is full, so the scan was not kept: do not let the guest in on it.")
)]
#[case::in_not_yet_sent("in_not_yet_sent", Answer::Promised)]
fn no_answer(#[case] name: &str, #[case] answer: Answer) {
    let mut scene = Scene::loaded();
    scene.type_text("byron").scan(ScanKind::CheckIn, |_| answer);
    at_both_sizes(&format!("verdict_{name}"), &mut scene);
}

#[test]
fn the_help_over_the_panes() {
    let mut scene = Scene::loaded();
    scene.key(KeyCode::F(1), KeyModifiers::NONE);
    at_both_sizes("help", &mut scene);
    assert_snapshot!("help_60x16", scene.text(60, 16));
    for _ in 0..50 {
        scene.key(KeyCode::Down, KeyModifiers::NONE);
    }
    assert_snapshot!("help_scrolled_60x16", scene.text(60, 16));
}

#[test]
fn the_commands_over_the_panes() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace").scan_accepted(ScanKind::CheckIn);
    scene.key(KeyCode::F(2), KeyModifiers::NONE);
    at_both_sizes("palette", &mut scene);
    scene.type_text("select");
    at_both_sizes("palette_narrowed", &mut scene);
    scene.type_text("xyzzy");
    assert_snapshot!("palette_nothing_60x16", scene.text(60, 16));
}

#[test]
fn filters_and_their_chips() {
    let mut scene = Scene::loaded();
    scene.key(KeyCode::F(3), KeyModifiers::NONE);
    at_both_sizes("filters", &mut scene);
    for narrowed in ["in status", "vip", "balcony"] {
        scene.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
        scene.type_text(narrowed).key(KeyCode::Tab, KeyModifiers::NONE);
    }
    scene.key(KeyCode::Esc, KeyModifiers::NONE);
    at_both_sizes("filtered", &mut scene);
    assert_snapshot!("filtered_60x16", scene.text(60, 16));
    scene.type_text("zoe");
    at_both_sizes("filtered_away", &mut scene);
}

#[test]
fn the_choice_of_an_event() {
    let mut scene = Scene::loaded();
    let effects = scene.key(KeyCode::Char('s'), KeyModifiers::CONTROL);
    let [Effect::ListEvents { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
    at_both_sizes("events_asking", &mut scene);
    let mut other = event().summary;
    other.id = EventId::from_service("evt_02");
    other.name = "Harbour Lights 2027, with a rather long subtitle that nobody reads at a door".into();
    other.entry_starts_at = "2027-03-02T18:00:00".parse().unwrap();
    scene.tell(Message::EventsListed { sequence, listed: Ok(vec![other, event().summary]) });
    at_both_sizes("events", &mut scene);
}

#[test]
fn the_question_for_a_pin() {
    let mut scene = Scene::loaded();
    let access = |hash: Option<&str>| Access::new(Role::Steward, hash.map(PinHash::new), Duration::from_secs(300));
    let ask = |scene: &mut Scene| scene.key(KeyCode::Char('s'), KeyModifiers::CONTROL);
    scene.app.access = access(Some("$argon2id$"));
    ask(&mut scene);
    at_both_sizes("pin", &mut scene);
    scene.type_text("4711");
    let effects = scene.key(KeyCode::Enter, KeyModifiers::NONE);
    let [Effect::VerifyPin { sequence, .. }] = effects[..] else { panic!("{effects:?}") };
    at_both_sizes("pin_checking", &mut scene);
    scene.tell(Message::PinVerified { sequence, is_right: false });
    at_both_sizes("pin_wrong", &mut scene);
    scene.key(KeyCode::Esc, KeyModifiers::NONE);
    scene.app.access = access(None);
    ask(&mut scene);
    at_both_sizes("pin_none", &mut scene);
}

#[test]
fn an_order_before_and_after_its_check_in() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace");
    scene.key(KeyCode::Tab, KeyModifiers::NONE);
    at_both_sizes("order_dialog", &mut scene);
    scene.key(KeyCode::Enter, KeyModifiers::NONE);
    at_both_sizes("order_partial", &mut scene);
    scene.key(KeyCode::Char('1'), KeyModifiers::NONE);
    at_both_sizes("order_one_more", &mut scene);
    scene.key(KeyCode::Enter, KeyModifiers::NONE);
    at_both_sizes("order_asking", &mut scene);
}

#[test]
fn an_order_of_which_somebody_was_in_already() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace");
    scene.key(KeyCode::Tab, KeyModifiers::NONE);
    let effects = scene.key(KeyCode::Char('2'), KeyModifiers::NONE);
    assert_eq!(effects, []);
    let effects = scene.key(KeyCode::Enter, KeyModifiers::NONE);
    let entries =
        effects.into_iter().filter_map(|effect| if let Effect::Take(entry) = effect { Some(entry) } else { None });
    for (entry, is_first) in entries.zip([true, false]) {
        let ticket = scene.app.index.get(&entry.ticket).unwrap().clone();
        let ticket = scanned(ticket, ScanKind::CheckIn, now(), "Mo Diaz", "north-2");
        let answer = if is_first {
            Answer::Refused(ScanRefusal::Rule(Refusal::AlreadyCheckedIn), Some(ticket))
        } else {
            Answer::Accepted(ticket)
        };
        for message in messages(&entry, answer, now()) {
            scene.tell(message);
        }
    }
    at_both_sizes("order_refused", &mut scene);
    scene.key(KeyCode::Esc, KeyModifiers::NONE);
    at_both_sizes("order_refused_banner", &mut scene);
}

#[test]
fn what_enters_at_this_door() {
    let mut scene = Scene::loaded();
    scene.key(KeyCode::Char('g'), KeyModifiers::ALT);
    at_both_sizes("gate", &mut scene);
    scene.key(KeyCode::Tab, KeyModifiers::NONE);
    scene.key(KeyCode::Enter, KeyModifiers::NONE);
    at_both_sizes("gate_chosen", &mut scene);
    scene.type_text("lovelace");
    at_both_sizes("gate_elsewhere", &mut scene);
    scene.key(KeyCode::Tab, KeyModifiers::NONE);
    at_both_sizes("gate_order", &mut scene);
    scene.key(KeyCode::Esc, KeyModifiers::NONE);
    scene.key(KeyCode::Enter, KeyModifiers::NONE);
    at_both_sizes("gate_wrong_door", &mut scene);
    let footer = |scene: &mut Scene| scene.text(80, 24).lines().last().unwrap().trim_start().to_owned();
    assert!(footer(&mut scene).starts_with("alt-O let in all the same  Enter check in"), "{}", footer(&mut scene));
    scene.key(KeyCode::Char('o'), KeyModifiers::ALT);
    scene.type_text("the lift is out of order");
    at_both_sizes("gate_override", &mut scene);
}

#[test]
fn the_last_act_taken_back() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace").scan_accepted(ScanKind::CheckIn);
    scene.key(KeyCode::F(9), KeyModifiers::NONE);
    at_both_sizes("undo_sending", &mut scene);
    // At once it would be a bounce.
    scene.key(KeyCode::Down, KeyModifiers::NONE);
    scene.key(KeyCode::F(9), KeyModifiers::NONE);
    at_both_sizes("undo_not_yet", &mut scene);
}

#[test]
fn a_scan_of_something_else() {
    let mut scene = Scene::loaded();
    scene.tell(Message::Scanned(Scanned::Unreadable("4006381333931".into())));
    at_both_sizes("scan_unreadable", &mut scene);
}

#[rstest]
#[case(60, 16)]
#[case(100, 30)]
#[case(200, 60)]
#[case(59, 16)]
#[case(40, 10)]
#[case(12, 3)]
fn other_sizes(#[case] width: u16, #[case] height: u16) {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace").scan_accepted(ScanKind::CheckIn);
    assert_snapshot!(format!("size_{width}x{height}"), scene.text(width, height));
}

#[test]
fn hostile_names_draw_harmlessly() {
    let hostile = [
        ("Eve\u{1b}[2J\u{1b}]52;c;aGk=\u{7}", "Escape"),
        ("\u{202E}gnirts", "Bidi\u{2066}"),
        ("New\nline", "Tab\tbed"),
        ("Z\u{200B}e\u{FEFF}ro", "W\u{AD}idth"),
        ("Long", &"Lo".repeat(150)),
        ("李小龍李小龍李小龍李小龍", "王小明王小明王小明王小明"),
        ("👨‍👩‍👧‍👦👩🏽‍🚀", "Emoji🏳️‍🌈"),
        ("محمد", "عبد الرحمن"),
        (&format!("Za{}lgo", "\u{0317}".repeat(200)), "Marks"),
        ("", " "),
    ];
    let tickets = (100..).zip(hostile).map(|(number, (first, last))| {
        let mut hostile = ticket(number, number, first, last);
        hostile.attendee.email = format!("{first}@{last}").into();
        hostile.attendee.phone = Some(format!("{first}{last}").into());
        scanned(hostile, ScanKind::CheckIn, now(), first, last)
    });
    let mut scene = Scene::loaded_with(tickets.collect());
    at_both_sizes("hostile", &mut scene);
    scene.key(KeyCode::PageDown, KeyModifiers::NONE);
    at_both_sizes("hostile_selected", &mut scene);
}
