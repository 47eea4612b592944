//! The drain's rules, one at a time: facts in, orders out.

mod door;

use std::collections::VecDeque;
use std::time::Duration;

use doorlist::domain::{
    Entry, EntryId, EntryState, OfflinePolicy, Refusal, Scan, ScanId, ScanKind, ScanRefusal, SettleReason, Settlement,
    Ticket, TicketId, TicketStatus, Trouble, UserId, Why,
};
use doorlist::store::StoreError;
use doorlist::sync::drain::{
    Answer, CallId, Drain, DrainSettings, Form, Found, Input, Link, Moment, NotTaken, Output, WriteId,
};
use jiff::SignedDuration;
use rstest::rstest;

use super::make::{House, at, entry, operator};

/// A drain whose store keeps everything at once.
struct Desk {
    drain: Drain,
    now: Moment,
    /// What the drain asked last to be woken at.
    woken_at: Option<Duration>,
}

impl Desk {
    fn new(settings: DrainSettings, entries: Vec<Entry>) -> Self {
        let now = Moment { wall: at(1_000), steady: Duration::ZERO };
        Self { drain: Drain::new(settings, entries), now, woken_at: None }
    }

    /// Handles `input` and the store's answers, and gives everything else that is ordered.
    fn tell(&mut self, input: Input) -> Vec<Output> {
        let mut rest = Vec::new();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for output in self.drain.handle(input, self.now) {
                match output {
                    Output::Keep(write, _) => inputs.push_back(Input::Kept(write)),
                    Output::WakeAt(steady) => self.woken_at = Some(steady),
                    Output::Told(_) | Output::Learnt(_) => {}
                    other => rest.push(other),
                }
            }
        }
        rest
    }

    fn pass(&mut self, time: Duration) -> Vec<Output> {
        self.now.steady += time;
        self.now.wall += time;
        self.tell(Input::Tick)
    }

    fn state(&self, entry: &Entry) -> &EntryState {
        &self.drain.entry(&entry.id).unwrap().state
    }

    fn offline(&mut self) {
        let probe = scan(900, 90, ScanKind::CheckIn);
        let call = sent(&self.tell(Input::Take(Box::new(probe))))[0].0;
        let failed = Answer::Failed { trouble: Trouble::Unreachable, retry_after: None };
        let out = self.tell(Input::Answered(call, failed));
        assert!(matches!(&out[..], [Output::Link(Link::Offline { .. })]), "{out:?}");
    }
}

fn scan(number: u32, ticket: u32, kind: ScanKind) -> Entry {
    let ticket = TicketId::from_service(format!("tkt_{ticket:026}"));
    Entry { kind, ticket, promised: false, ..entry(number) }
}

fn sent(outputs: &[Output]) -> Vec<(CallId, EntryId)> {
    let sent = |output: &Output| match output {
        Output::Send(call, entry) => Some((*call, entry.id)),
        _ => None,
    };
    outputs.iter().filter_map(sent).collect()
}

fn read(outputs: &[Output]) -> CallId {
    outputs.iter().find_map(|output| if let Output::Read(call, _) = output { Some(*call) } else { None }).unwrap()
}

/// Ticket `number` with a scan of `device`, as the service has it after that.
fn scanned(number: u32, kind: ScanKind, device: &str, second: i64) -> Ticket {
    let mut ticket = House::new().ticket(number);
    let scan = Scan {
        id: ScanId::from_service(format!("scn_{number}_{device}_{second}")),
        kind,
        scanned_at: at(second),
        device_id: doorlist::domain::DeviceId::from_service(device),
        scanned_by: House::new().ticket(3).scans[0].scanned_by.clone(),
    };
    ticket.status = if kind == ScanKind::CheckIn { TicketStatus::Redeemed } else { TicketStatus::Active };
    ticket.scans = vec![scan];
    ticket.updated_at = at(second);
    ticket
}

const ALREADY_IN: ScanRefusal = ScanRefusal::Rule(Refusal::AlreadyCheckedIn);
const OURS: &str = "north-4f2a";

fn refused(ticket: Ticket) -> Answer {
    Answer::Refused { refusal: ALREADY_IN, ticket: Some(Box::new(ticket)) }
}

fn settle(entry: &Entry) -> Input {
    let settlement = Settlement { reason: SettleReason::SamePerson, note: "".into(), by: operator(), at: at(2_000) };
    Input::Settle { entry: entry.id, settlement }
}

fn by_key() -> DrainSettings {
    DrainSettings { form: Form::ByKey, ..DrainSettings::default() }
}

#[test]
fn nothing_is_sent_before_it_is_kept_and_nothing_is_taken_that_is_not() {
    let mut drain = Drain::new(by_key(), Vec::new());
    let now = Moment { wall: at(1_000), steady: Duration::ZERO };
    let one = scan(1, 1, ScanKind::CheckIn);
    let out = drain.handle(Input::Take(Box::new(one.clone())), now);
    let [Output::Keep(write, _)] = &out[..] else { panic!("{out:?}") };
    assert!(drain.entry(&one.id).is_none());
    let out = drain.handle(Input::NotKept(*write, StoreError::DiskFull), now);
    assert_eq!(out, [Output::NotTaken { entry: one.id, why: NotTaken::NotKept(StoreError::DiskFull) }]);
    assert!(drain.is_drained() && drain.entries().next().is_none());
}

#[test]
fn a_refusal_that_is_told_at_the_door_is_no_conflict() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
    desk.tell(Input::Answered(call, refused(scanned(1, ScanKind::CheckIn, "south", 900))));
    let EntryState::Refused { settled: Some(settled), theirs: Some(theirs), .. } = desk.state(&one) else { panic!() };
    assert_eq!((settled.reason, theirs.device_id.as_str()), (SettleReason::ToldAtOnce, "south"));
    assert_eq!(desk.drain.conflicts().count(), 0);
}

#[test]
fn what_we_let_in_and_the_service_refuses_holds_back_its_own_ticket_alone() {
    let mut desk = Desk::new(by_key(), Vec::new());
    desk.offline();
    let (first, second, other) =
        (scan(1, 1, ScanKind::CheckIn), scan(2, 1, ScanKind::CheckOut), scan(3, 2, ScanKind::CheckIn));
    for entry in [&first, &second, &other] {
        assert_eq!(desk.tell(Input::Take(Box::new(entry.clone()))), []);
        assert!(desk.drain.entry(&entry.id).unwrap().promised);
    }
    assert_eq!(desk.drain.local_status(&first.ticket, TicketStatus::Active), TicketStatus::Active);
    assert_eq!(desk.drain.local_status(&other.ticket, TicketStatus::Active), TicketStatus::Redeemed);

    // One probes; its answer opens the door for the others.
    let probe = sent(&desk.pass(Duration::from_secs(31)));
    assert_eq!(probe.len(), 1);
    let accepted = Answer::Accepted(Box::new(scanned(90, ScanKind::CheckIn, OURS, 1_001)));
    let calls = sent(&desk.tell(Input::Answered(probe[0].0, accepted)));
    assert_eq!(calls.iter().map(|(_, id)| *id).collect::<Vec<_>>(), [first.id, other.id]);

    let out = desk.tell(Input::Answered(calls[0].0, refused(scanned(1, ScanKind::CheckIn, "south", 900))));
    assert_eq!(sent(&out), []);
    assert_eq!(desk.drain.conflicts().map(|entry| entry.id).collect::<Vec<_>>(), [first.id]);
    assert_eq!(desk.state(&second), &EntryState::Queued);
    assert_eq!(sent(&desk.tell(settle(&first)))[0].1, second.id);
    assert_eq!(desk.drain.conflicts().count(), 0);
}

#[test]
fn behind_a_refusal_that_waits_for_a_person_nothing_is_taken() {
    let one = Entry { promised: true, ..scan(1, 1, ScanKind::CheckIn) };
    let mut desk = Desk::new(by_key(), vec![one.clone()]);
    let call = sent(&desk.tell(Input::Tick))[0].0;
    desk.tell(Input::Answered(call, refused(scanned(1, ScanKind::CheckIn, "south", 900))));
    let next = scan(2, 1, ScanKind::CheckOut);
    let out = desk.tell(Input::Take(Box::new(next.clone())));
    assert_eq!(out, [Output::NotTaken { entry: next.id, why: NotTaken::BehindConflict }]);
    assert_eq!(NotTaken::BehindConflict.to_string(), "An earlier scan of this ticket waits for a supervisor.");
    assert!(desk.drain.entry(&next.id).is_none());
    assert_eq!(sent(&desk.tell(Input::Take(Box::new(scan(3, 2, ScanKind::CheckIn))))).len(), 1, "others go");
    desk.tell(settle(&one));
    assert_eq!(sent(&desk.tell(Input::Take(Box::new(next.clone()))))[0].1, next.id);
}

#[test]
fn the_refusal_of_our_own_success_is_a_success() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
    desk.tell(Input::Answered(call, Answer::Unknown(Trouble::TimedOut)));
    assert_eq!(desk.state(&one), &EntryState::Unknown);
    let again = sent(&desk.pass(Duration::from_secs(31)));
    assert_eq!(again[0].1, one.id);
    let ours = scanned(1, ScanKind::CheckIn, OURS, 1_001);
    let scan = ours.scans[0].id.clone();
    desk.tell(Input::Answered(again[0].0, refused(ours)));
    assert!(matches!(desk.state(&one), EntryState::Accepted { scan: Some(found), .. } if *found == scan));
}

#[test]
fn another_device_or_an_older_scan_of_ours_is_not_our_success() {
    for (device, second) in [("south", 1_001), (OURS, 100)] {
        let mut desk = Desk::new(by_key(), Vec::new());
        desk.tell(Input::ClockOffset(SignedDuration::ZERO));
        let one = scan(1, 1, ScanKind::CheckIn);
        let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
        desk.tell(Input::Answered(call, Answer::Unknown(Trouble::TimedOut)));
        let again = sent(&desk.pass(Duration::from_secs(31)));
        desk.tell(Input::Answered(again[0].0, refused(scanned(1, ScanKind::CheckIn, device, second))));
        assert_eq!(desk.drain.conflicts().count(), 1, "{device} {second}");
    }
}

#[test]
fn without_a_key_or_with_an_old_one_the_ticket_is_read_before_anything_is_sent_again() {
    for (form, age, reads) in [
        (Form::Documented, SignedDuration::from_mins(1), true),
        (Form::ByKey, SignedDuration::from_hours(19), false),
        (Form::ByKey, SignedDuration::from_hours(21), true),
    ] {
        let mut one = scan(1, 1, ScanKind::CheckIn);
        let begun = at(1_000) - age;
        one.state = EntryState::Sending;
        one.attempts = Some(doorlist::domain::Attempts {
            count: 1,
            first: begun,
            last: begun,
            users: Vec::new(),
            clock_offset: None,
            unsettled: false,
        });
        let mut desk = Desk::new(DrainSettings { form, ..DrainSettings::default() }, vec![one.clone()]);
        let mut out = desk.tell(Input::Tick);
        assert_eq!(sent(&out).is_empty(), reads, "{form:?} {age}");
        if reads {
            out = desk.pass(DrainSettings::default().rest);
        }
        if reads {
            let nothing_there = Found::Ticket(Box::new(House::new().ticket(1)));
            assert_eq!(sent(&desk.tell(Input::Found(read(&out), nothing_there)))[0].1, one.id);
        }
    }
}

#[test]
fn an_undo_of_what_was_never_sent_costs_no_call() {
    let mut desk = Desk::new(by_key(), Vec::new());
    desk.offline();
    let (one, undo) = (scan(1, 1, ScanKind::CheckIn), scan(2, 1, ScanKind::CheckOut));
    desk.tell(Input::Take(Box::new(one.clone())));
    desk.tell(Input::Undo { target: one.id, with: Box::new(undo.clone()) });
    assert!(matches!(desk.state(&one), EntryState::Withdrawn { .. }));
    assert!(desk.drain.entry(&undo.id).is_none());
}

#[test]
fn an_undo_of_what_was_sent_goes_only_where_our_scan_is_still_the_last() {
    for (device, goes) in [(OURS, true), ("south", false)] {
        let mut desk = Desk::new(by_key(), Vec::new());
        let (one, undo) = (scan(1, 1, ScanKind::CheckIn), scan(2, 1, ScanKind::CheckOut));
        let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
        let ours = scanned(1, ScanKind::CheckIn, OURS, 1_000);
        desk.tell(Input::Answered(call, Answer::Accepted(Box::new(ours))));
        let out = desk.tell(Input::Undo { target: one.id, with: Box::new(undo.clone()) });
        let now = scanned(1, ScanKind::CheckIn, device, 1_000);
        let out = desk.tell(Input::Found(read(&out), Found::Ticket(Box::new(now))));
        assert_eq!(!sent(&out).is_empty(), goes);
        assert!(goes || matches!(desk.state(&undo), EntryState::Refused { why: Why::Overtaken, .. }));
        let again = Input::Undo { target: one.id, with: Box::new(scan(5, 1, ScanKind::CheckOut)) };
        assert!(matches!(desk.tell(again)[0], Output::NotTaken { why: NotTaken::NothingToUndo, .. }));
    }
}

#[test]
fn a_token_that_is_not_accepted_pauses_everything_until_a_person_resumes() {
    for trouble in [Trouble::Unauthorized, Trouble::Forbidden] {
        let mut desk = Desk::new(by_key(), Vec::new());
        let one = scan(1, 1, ScanKind::CheckIn);
        let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
        let failed = Answer::Failed { trouble: trouble.clone(), retry_after: None };
        assert_eq!(desk.tell(Input::Answered(call, failed)), [Output::Link(Link::Paused(trouble))]);
        assert_eq!(desk.pass(Duration::from_secs(3_600)), []);
        assert_eq!(desk.drain.conflicts().count(), 0);
        assert_eq!(sent(&desk.tell(Input::Resume { user: None }))[0].1, one.id);
    }
}

#[test]
fn the_page_of_a_proxy_closes_nothing() {
    let one = Entry { promised: true, ..scan(1, 1, ScanKind::CheckIn) };
    let mut desk = Desk::new(by_key(), vec![one.clone()]);
    let call = sent(&desk.tell(Input::Tick))[0].0;
    let trouble = Trouble::NotTheService { detail: "404 with an answer that is not JSON".into() };
    let out = desk.tell(Input::Answered(call, Answer::Failed { trouble, retry_after: None }));
    assert!(matches!(&out[..], [Output::Link(Link::Offline { .. })]), "{out:?}");
    assert_eq!((desk.state(&one), desk.drain.conflicts().count()), (&EntryState::Queued, 0));
    assert!(desk.woken_at > Some(desk.now.steady), "{:?}", desk.woken_at);
    assert_eq!(sent(&desk.pass(Duration::from_secs(31)))[0].1, one.id);
}

#[test]
fn an_answer_that_makes_no_sense_is_not_asked_for_again_at_once_and_is_no_outage() {
    for trouble in [Trouble::NotFound, Trouble::Conflict, Trouble::Rejected { message: "No.".into() }] {
        let mut desk = Desk::new(by_key(), Vec::new());
        let one = scan(1, 1, ScanKind::CheckIn);
        let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
        let out = desk.tell(Input::Answered(call, Answer::Unknown(trouble)));
        assert_eq!(out, [Output::Link(Link::Online)]);
        assert_eq!(desk.state(&one), &EntryState::Unknown);
        assert!(desk.woken_at > Some(desk.now.steady), "{:?}", desk.woken_at);
        assert_eq!(sent(&desk.pass(Duration::from_secs(31)))[0].1, one.id);
    }
}

#[test]
fn what_collides_again_and_again_is_left_open_and_waits() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    let collided = || Answer::Failed { trouble: Trouble::Conflict, retry_after: None };
    let mut call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
    for _ in 0..2 {
        let look = read(&desk.tell(Input::Answered(call, collided())));
        let out = desk.tell(Input::Found(look, Found::Ticket(Box::new(House::new().ticket(1)))));
        call = sent(&out)[0].0;
    }
    assert_eq!(desk.tell(Input::Answered(call, collided())), [], "neither read nor sent again at once");
    assert_eq!((desk.state(&one), desk.drain.conflicts().count()), (&EntryState::Queued, 0));
    assert!(desk.woken_at > Some(desk.now.steady), "{:?}", desk.woken_at);
    assert_eq!(sent(&desk.pass(Duration::from_secs(31)))[0].1, one.id);
}

#[test]
fn the_service_is_left_alone_for_as_long_as_it_asks() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one))))[0].0;
    let failed = Answer::Failed { trouble: Trouble::RateLimited, retry_after: Some(Duration::from_secs(20)) };
    desk.tell(Input::Answered(call, failed));
    assert_eq!(sent(&desk.tell(Input::SignOfLife)), []);
    assert_eq!(sent(&desk.pass(Duration::from_millis(19_900))), []);
    assert_eq!(sent(&desk.pass(Duration::from_secs(2))).len(), 1);
}

#[test]
fn calls_under_way_are_bounded() {
    let mut desk = Desk::new(DrainSettings { parallel: 3, ..by_key() }, Vec::new());
    let mut under_way = Vec::new();
    for number in 1..=10 {
        under_way.extend(sent(&desk.tell(Input::Take(Box::new(scan(number, number, ScanKind::CheckIn))))));
    }
    assert_eq!(under_way.len(), 3);
    let accepted = Answer::Accepted(Box::new(scanned(1, ScanKind::CheckIn, OURS, 1_000)));
    assert_eq!(sent(&desk.tell(Input::Answered(under_way[0].0, accepted))).len(), 1);
}

#[test]
fn a_clock_that_is_put_back_makes_nobody_wait_longer_or_lose_a_success() {
    let settings = DrainSettings { form: Form::Documented, ..DrainSettings::default() };
    let mut desk = Desk::new(settings, Vec::new());
    desk.tell(Input::ClockOffset(SignedDuration::ZERO));
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
    desk.tell(Input::Answered(call, Answer::Unknown(Trouble::TimedOut)));
    desk.now.wall -= SignedDuration::from_secs(600);
    desk.pass(Duration::from_secs(9));
    assert_eq!(desk.woken_at, Some(Duration::from_secs(10)));
    let look = read(&desk.pass(Duration::from_secs(1)));
    let ours = scanned(1, ScanKind::CheckIn, OURS, 405);
    desk.tell(Input::Found(look, Found::Ticket(Box::new(ours))));
    assert!(matches!(desk.state(&one), EntryState::Accepted { scan: Some(_), .. }), "{:?}", desk.state(&one));
}

#[test]
fn a_clock_that_is_put_on_between_two_runs_shortens_no_rest() {
    let settings = || DrainSettings { form: Form::Documented, ..DrainSettings::default() };
    let mut desk = Desk::new(settings(), Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    desk.tell(Input::Take(Box::new(one.clone())));
    let kept = desk.drain.entry(&one.id).unwrap().clone();
    // A second later, and an hour by the wall: what was sent may still be on its way.
    let mut desk = Desk::new(settings(), vec![kept]);
    desk.now.wall += SignedDuration::from_secs(3_600);
    assert_eq!(desk.tell(Input::Tick), []);
    assert_eq!(desk.pass(Duration::from_millis(9_900)), []);
    read(&desk.pass(Duration::from_millis(100)));
}

/// A scan that went out at 1,000 s by the service, and whose answer was lost; the console stands still since.
fn unanswered(user: Option<&str>, ahead: SignedDuration) -> (Desk, Entry) {
    let user = user.map(UserId::from_service);
    let mut desk = Desk::new(DrainSettings { user, ..by_key() }, Vec::new());
    desk.now.wall += ahead;
    desk.tell(Input::ClockOffset(-ahead));
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
    desk.tell(Input::Answered(call, Answer::Unknown(Trouble::TimedOut)));
    (desk, one)
}

#[rstest]
#[case::an_hour_fast(3_600)]
#[case::an_hour_slow(-3_600)]
fn a_clock_that_is_put_right_in_mid_evening_hides_no_success_and_makes_none(#[case] ahead: i64) {
    let ahead = SignedDuration::from_secs(ahead);
    for (second, is_ours) in [(1_001, true), (900, false)] {
        let (desk, one) = unanswered(None, ahead);
        let kept = desk.drain.entry(&one.id).unwrap().clone();
        // The next run, some minutes later, begins with the right time.
        let mut desk = Desk::new(by_key(), vec![kept]);
        desk.now.wall = at(1_300);
        let again = sent(&desk.tell(Input::ClockOffset(SignedDuration::ZERO)))[0].0;
        desk.tell(Input::Answered(again, refused(scanned(1, ScanKind::CheckIn, OURS, second))));
        assert_eq!(
            matches!(desk.state(&one), EntryState::Accepted { .. }),
            is_ours,
            "{second}: {:?}",
            desk.state(&one)
        );
    }
}

#[rstest]
#[case::the_same(Some("usr_2"), Some("usr_2"), false)]
#[case::one_more(Some("usr_2"), Some("usr_1"), true)]
#[case::unknown_later(Some("usr_2"), None, true)]
#[case::unknown_at_first(None, Some("usr_2"), true)]
fn a_scan_is_ours_by_the_user_of_any_token_that_it_was_sent_with(
    #[case] first: Option<&str>,
    #[case] then: Option<&str>,
    #[case] is_ours: bool,
) {
    let (mut desk, one) = unanswered(first, SignedDuration::ZERO);
    desk.tell(Input::Resume { user: then.map(UserId::from_service) });
    let again = sent(&desk.pass(Duration::from_secs(31)))[0].0;
    // `usr_1` scanned it, on our device.
    desk.tell(Input::Answered(again, refused(scanned(1, ScanKind::CheckIn, OURS, 1_001))));
    assert_eq!(matches!(desk.state(&one), EntryState::Accepted { .. }), is_ours, "{:?}", desk.state(&one));
}
