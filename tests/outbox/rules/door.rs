//! What is said at the door while the service is away, or takes its time.

use doorlist::domain::AuditAct;

use super::*;

#[test]
fn with_the_strict_policy_nobody_goes_in_offline() {
    let mut desk = Desk::new(DrainSettings { offline: OfflinePolicy::Refuse, ..by_key() }, Vec::new());
    desk.offline();
    let one = scan(1, 1, ScanKind::CheckIn);
    let out = desk.tell(Input::Take(Box::new(one.clone())));
    assert_eq!(out, [Output::NotTaken { entry: one.id, why: NotTaken::Offline }]);
}

#[test]
fn what_our_rules_forbid_needs_the_word_of_the_service_at_once() {
    let against = Some(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
    let mut desk = Desk::new(by_key(), Vec::new());
    let online = Entry { against: against.clone(), ..scan(1, 1, ScanKind::CheckIn) };
    let call = sent(&desk.tell(Input::Take(Box::new(online.clone()))))[0].0;
    desk.tell(Input::Answered(call, Answer::Failed { trouble: Trouble::Unreachable, retry_after: None }));
    let offline = Entry { against, ..scan(2, 2, ScanKind::CheckIn) };
    desk.tell(Input::Take(Box::new(offline.clone())));
    for entry in [online, offline] {
        let state = desk.state(&entry);
        assert!(
            matches!(state, EntryState::Refused { why: Why::Rule(_), settled: Some(_), theirs: None, .. }),
            "{state:?}"
        );
        assert!(!desk.drain.entry(&entry.id).unwrap().promised);
    }
    assert!(desk.drain.is_drained());
}

#[test]
fn nobody_stands_at_the_door_for_ever() {
    let mut desk = Desk::new(DrainSettings { parallel: 1, ..by_key() }, Vec::new());
    let (first, second) = (scan(1, 1, ScanKind::CheckIn), scan(2, 2, ScanKind::CheckIn));
    let call = sent(&desk.tell(Input::Take(Box::new(first.clone()))))[0].0;
    desk.tell(Input::Take(Box::new(second.clone())));
    assert!(!desk.drain.entry(&second.id).unwrap().promised, "it waits for its turn");
    desk.tell(Input::Answered(call, Answer::Failed { trouble: Trouble::Unreachable, retry_after: None }));
    for entry in [&first, &second] {
        assert!(desk.drain.entry(&entry.id).unwrap().promised);
    }
}

#[test]
fn where_nobody_goes_in_on_our_word_what_cannot_be_sent_is_over() {
    let refuse = DrainSettings { offline: OfflinePolicy::Refuse, ..by_key() };
    let mut desk = Desk::new(refuse, Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
    desk.tell(Input::Answered(call, Answer::Failed { trouble: Trouble::Unreachable, retry_after: None }));
    assert!(matches!(desk.state(&one), EntryState::Withdrawn { .. }));
    assert!(desk.drain.is_drained());
}

#[rstest]
#[case::away(Trouble::Unreachable, NotTaken::Offline)]
#[case::a_token_that_expired(Trouble::Unauthorized, NotTaken::Paused)]
fn where_nobody_goes_in_on_our_word_it_is_said_what_stands_in_the_way(#[case] trouble: Trouble, #[case] why: NotTaken) {
    let mut desk = Desk::new(DrainSettings { offline: OfflinePolicy::Refuse, ..by_key() }, Vec::new());
    let call = sent(&desk.tell(Input::Take(Box::new(scan(1, 1, ScanKind::CheckIn)))))[0].0;
    desk.tell(Input::Answered(call, Answer::Failed { trouble, retry_after: None }));
    let two = scan(2, 2, ScanKind::CheckIn);
    assert_eq!(desk.tell(Input::Take(Box::new(two.clone()))), [Output::NotTaken { entry: two.id, why }]);
}

#[test]
fn others_tell_the_line_what_they_hear() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let out = desk.tell(Input::Silence(Trouble::TimedOut));
    assert!(matches!(&out[..], [Output::Link(Link::Offline { .. })]), "{out:?}");
    assert_eq!(desk.tell(Input::SignOfLife), [Output::Link(Link::Online)], "nothing waits that could find out");
    assert_eq!(desk.tell(Input::Silence(Trouble::Forbidden)), [], "what may not be read may still be scanned");
}

/// The store keeps it, and what is told of it then.
fn told(desk: &mut Desk, time: Duration) -> Vec<Entry> {
    (desk.now.steady, desk.now.wall) = (desk.now.steady + time, desk.now.wall + time);
    let mut told = Vec::new();
    let mut inputs = VecDeque::from([Input::Tick]);
    while let Some(input) = inputs.pop_front() {
        for output in desk.drain.handle(input, desk.now) {
            match output {
                Output::Keep(write, _) => inputs.push_back(Input::Kept(write)),
                Output::Told(entry) => told.push(*entry),
                _ => {}
            }
        }
    }
    told
}

const SLOW: Duration = Duration::from_millis(1_500);

#[test]
fn a_guest_whose_answer_is_late_goes_in_on_our_word() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
    assert_eq!(desk.woken_at, Some(SLOW));
    assert_eq!(told(&mut desk, SLOW.saturating_sub(Duration::from_millis(1))), []);
    let [promised] = &told(&mut desk, Duration::from_millis(1))[..] else { panic!() };
    assert!(promised.promised && promised.state == EntryState::Sending);
    assert_eq!(told(&mut desk, Duration::from_secs(5)), [], "it is said once");
    // The answer still counts, and it was sent once only.
    let ours = scanned(1, ScanKind::CheckIn, OURS, 1_001);
    let out = desk.tell(Input::Answered(call, Answer::Accepted(Box::new(ours))));
    assert_eq!(sent(&out), []);
    assert!(matches!(desk.state(&one), EntryState::Accepted { .. }));
}

#[test]
fn behind_a_late_answer_nobody_waits_at_all_until_one_is_quick_again() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let (late, next, after) =
        (scan(1, 1, ScanKind::CheckIn), scan(2, 2, ScanKind::CheckIn), scan(3, 3, ScanKind::CheckIn));
    desk.tell(Input::Take(Box::new(late)));
    assert_eq!(desk.pass(SLOW), [Output::Link(Link::Slow)]);
    let out = desk.tell(Input::Take(Box::new(next.clone())));
    let call = sent(&out)[0].0;
    assert!(desk.drain.entry(&next.id).unwrap().promised, "sent at once, and not waited for");
    let quick = Answer::Accepted(Box::new(scanned(2, ScanKind::CheckIn, OURS, 1_002)));
    assert_eq!(desk.tell(Input::Answered(call, quick)), [Output::Link(Link::Online)]);
    desk.tell(Input::Take(Box::new(after.clone())));
    assert!(!desk.drain.entry(&after.id).unwrap().promised);
}

#[test]
fn a_late_refusal_is_a_conflict_because_the_guest_is_in() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one))))[0].0;
    desk.pass(SLOW);
    desk.tell(Input::Answered(call, refused(scanned(1, ScanKind::CheckIn, "south", 900))));
    assert_eq!(desk.drain.conflicts().count(), 1);
}

#[test]
fn what_needs_the_services_word_waits_for_it_however_late_it_is() {
    let refuse = DrainSettings { offline: OfflinePolicy::Refuse, ..by_key() };
    let against = Entry { against: Some(ALREADY_IN), ..scan(1, 1, ScanKind::CheckIn) };
    for (settings, one) in [(refuse, scan(1, 1, ScanKind::CheckIn)), (by_key(), against)] {
        let mut desk = Desk::new(settings, Vec::new());
        desk.tell(Input::Take(Box::new(one.clone())));
        assert_eq!(told(&mut desk, SLOW), []);
        let kept = desk.drain.entry(&one.id).unwrap();
        assert!(!kept.promised && kept.state == EntryState::Sending);
    }
}

#[test]
fn our_word_that_cannot_be_kept_is_not_given() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
    (desk.now.steady, desk.now.wall) = (desk.now.steady + SLOW, desk.now.wall + SLOW);
    let out = desk.drain.handle(Input::Tick, desk.now);
    let word = out.iter().find_map(|output| if let Output::Keep(write, _) = output { Some(*write) } else { None });
    let full = StoreError::Disk { detail: "full".to_owned() };
    assert_eq!(desk.drain.handle(Input::NotKept(word.unwrap(), full), desk.now), []);
    assert_eq!(told(&mut desk, Duration::from_secs(1)), [], "the disk is left alone");
    desk.tell(Input::Answered(call, refused(scanned(1, ScanKind::CheckIn, "south", 900))));
    assert_eq!(desk.drain.conflicts().count(), 0, "it was refused at the door");
}

#[test]
fn a_scan_that_waits_behind_a_new_conflict_is_over() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let (first, second) = (scan(1, 1, ScanKind::CheckIn), scan(2, 1, ScanKind::CheckOut));
    let call = sent(&desk.tell(Input::Take(Box::new(first))))[0].0;
    desk.pass(SLOW);
    let third = scan(3, 1, ScanKind::CheckIn);
    desk.tell(Input::Take(Box::new(second.clone())));
    desk.tell(Input::Answered(call, refused(scanned(1, ScanKind::CheckIn, "south", 900))));
    assert!(desk.drain.entry(&second.id).unwrap().promised, "that guest is out already, and waits for a person");
    assert_eq!(desk.state(&second), &EntryState::Queued);

    let mut desk = Desk::new(by_key(), Vec::new());
    let promised = Entry { promised: true, ..scan(1, 1, ScanKind::CheckIn) };
    desk.drain = Drain::new(by_key(), vec![promised]);
    let call = sent(&desk.tell(Input::Tick))[0].0;
    desk.tell(Input::Take(Box::new(third.clone())));
    assert_eq!(desk.state(&third), &EntryState::Queued, "it waits for its turn");
    desk.tell(Input::Answered(call, refused(scanned(1, ScanKind::CheckIn, "south", 900))));
    assert!(matches!(desk.state(&third), EntryState::Withdrawn { .. }), "nobody went through on it");
}

/// What the drain orders, with the store's answers left to the test.
fn order(desk: &mut Desk, input: Input) -> (Vec<WriteId>, Vec<Entry>) {
    let (mut writes, mut told) = (Vec::new(), Vec::new());
    for output in desk.drain.handle(input, desk.now) {
        match output {
            Output::Keep(write, _) => writes.push(write),
            Output::Told(entry) => told.push(*entry),
            _ => {}
        }
    }
    (writes, told)
}

#[test]
fn an_old_word_does_not_take_the_place_of_the_end() {
    let full = |write| Input::NotKept(write, StoreError::DiskFull);
    for late in [Input::Kept, full] {
        let mut desk = Desk::new(by_key(), Vec::new());
        let one = scan(1, 1, ScanKind::CheckIn);
        let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
        (desk.now.steady, desk.now.wall) = (desk.now.steady + SLOW, desk.now.wall + SLOW);
        let word = order(&mut desk, Input::Tick).0[0];
        let answer = refused(scanned(1, ScanKind::CheckIn, "south", 900));
        let end = order(&mut desk, Input::Answered(call, answer)).0[0];
        let told = order(&mut desk, Input::Kept(end)).1;
        assert!(told[0].is_conflict() && told[0].promised, "{told:?}");
        assert_eq!(order(&mut desk, late(word)), (Vec::new(), Vec::new()));
        assert_eq!(desk.drain.entry(&one.id), Some(&told[0]));
    }
}

#[test]
fn nobody_goes_in_on_our_word_once_the_service_has_refused() {
    let words = || ScanRefusal::Other { message: "No.".into() };
    for answer in [
        Answer::Refused { refusal: words(), ticket: None },
        Answer::Failed { trouble: Trouble::Rejected { message: "No.".into() }, retry_after: None },
        Answer::Failed { trouble: Trouble::Conflict, retry_after: None },
    ] {
        let mut desk = Desk::new(by_key(), Vec::new());
        let one = scan(1, 1, ScanKind::CheckIn);
        let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
        let read = read(&desk.tell(Input::Answered(call, answer)));
        assert_eq!(told(&mut desk, SLOW), []);
        let found = Found::Ticket(Box::new(scanned(1, ScanKind::CheckIn, "south", 900)));
        desk.tell(Input::Found(read, found));
        assert!(matches!(desk.state(&one), EntryState::Refused { .. }), "{:?}", desk.state(&one));
        assert_eq!(desk.drain.conflicts().count(), 0, "it was refused at the door");
    }
}

#[test]
fn nobody_goes_in_on_our_word_while_it_is_verified_whether_somebody_did() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let one = scan(1, 1, ScanKind::CheckIn);
    let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
    desk.tell(Input::Answered(call, Answer::Unknown(Trouble::TimedOut)));
    assert_eq!(sent(&desk.pass(Duration::from_secs(31)))[0].1, one.id);
    assert_eq!(told(&mut desk, SLOW), []);
    assert!(!desk.drain.entry(&one.id).unwrap().promised);
}

#[test]
fn a_refusal_without_its_reason_has_the_reason_of_the_ticket() {
    use doorlist::domain::{AdmissionId, EventId, Gate};
    let gate = Gate { admissions: vec![AdmissionId::from_service("adm_vip")], ..Gate::default() };
    let (event, name) = (EventId::from_service("evt_2"), "Night of the Lanterns");
    for (one, expected) in [
        (scan(1, 1, ScanKind::CheckIn), ALREADY_IN),
        (Entry { event, ..scan(1, 1, ScanKind::CheckIn) }, ScanRefusal::WrongEvent { event: name.into() }),
        (Entry { gate, ..scan(1, 1, ScanKind::CheckIn) }, ScanRefusal::WrongDoor { admission: "Floor".into() }),
    ] {
        let mut desk = Desk::new(by_key(), Vec::new());
        let call = sent(&desk.tell(Input::Take(Box::new(one.clone()))))[0].0;
        let words = ScanRefusal::Other { message: "No.".into() };
        let read = read(&desk.tell(Input::Answered(call, Answer::Refused { refusal: words, ticket: None })));
        let found = Found::Ticket(Box::new(scanned(1, ScanKind::CheckIn, "south", 900)));
        desk.tell(Input::Found(read, found));
        let EntryState::Refused { why: Why::Rule(rule), .. } = desk.state(&one) else { panic!() };
        assert_eq!(*rule, expected);
    }
}

#[test]
fn who_leaves_gives_no_word_and_waits_for_nothing_but_what_is_under_way() {
    let mut desk = Desk::new(by_key(), Vec::new());
    let (one, two) = (scan(1, 1, ScanKind::CheckIn), scan(2, 2, ScanKind::CheckIn));
    let calls: Vec<_> =
        [&one, &two].iter().map(|entry| sent(&desk.tell(Input::Take(Box::new((*entry).clone()))))[0].0).collect();
    desk.tell(Input::Leave);
    desk.woken_at = None;
    assert_eq!(told(&mut desk, SLOW), []);
    desk.tell(Input::Answered(calls[0], Answer::Failed { trouble: Trouble::Unreachable, retry_after: None }));
    assert_eq!(desk.state(&one), &EntryState::Queued);
    assert!(!desk.drain.entry(&one.id).unwrap().promised, "nobody sees the screen any more");
    desk.tell(Input::Answered(calls[1], Answer::Unknown(Trouble::TimedOut)));
    desk.pass(Duration::from_secs(60));
    assert_eq!((desk.woken_at, desk.drain.is_at_rest()), (None, true));
}

#[test]
fn what_rests_does_not_keep_awake_who_leaves() {
    let settings = DrainSettings { form: Form::Documented, ..DrainSettings::default() };
    let mut desk = Desk::new(settings, Vec::new());
    let call = sent(&desk.tell(Input::Take(Box::new(scan(1, 1, ScanKind::CheckIn)))))[0].0;
    desk.tell(Input::Answered(call, Answer::Unknown(Trouble::TimedOut)));
    desk.pass(Duration::from_secs(9));
    assert_eq!(desk.woken_at, Some(Duration::from_secs(10)), "it rests");
    desk.tell(Input::Leave);
    desk.woken_at = None;
    desk.pass(Duration::from_secs(60));
    assert_eq!(desk.woken_at, None);
}

/// What is written into the audit on the way.
fn audit(desk: &mut Desk, input: Input) -> Vec<(AuditAct, String)> {
    let mut records = Vec::new();
    let mut inputs = VecDeque::from([input]);
    while let Some(input) = inputs.pop_front() {
        for output in desk.drain.handle(input, desk.now) {
            if let Output::Keep(id, write) = output {
                records.extend(write.audit.into_iter().map(|record| (record.act, record.outcome.to_string())));
                inputs.push_back(Input::Kept(id));
            }
        }
    }
    records
}

#[test]
fn whoever_goes_in_on_our_word_later_is_in_the_audit() {
    let mut desk = Desk::new(by_key(), Vec::new());
    desk.tell(Input::Take(Box::new(scan(1, 1, ScanKind::CheckIn))));
    (desk.now.steady, desk.now.wall) = (desk.now.steady + SLOW, desk.now.wall + SLOW);
    let in_words = "done here on our word: the answer is late".to_owned();
    assert_eq!(audit(&mut desk, Input::Tick), [(AuditAct::CheckIn, in_words)]);

    let mut desk = Desk::new(by_key(), Vec::new());
    let call = sent(&desk.tell(Input::Take(Box::new(scan(2, 2, ScanKind::CheckOut)))))[0].0;
    let failed = Answer::Failed { trouble: Trouble::Unreachable, retry_after: None };
    let in_words = "done here on our word: it cannot be sent now".to_owned();
    assert_eq!(audit(&mut desk, Input::Answered(call, failed)), [(AuditAct::CheckOut, in_words)]);
}

#[test]
fn who_stands_at_the_door_goes_before_what_an_outage_left_behind() {
    let mut desk = Desk::new(DrainSettings { parallel: 2, ..by_key() }, Vec::new());
    desk.offline();
    for number in 1..=6 {
        desk.tell(Input::Take(Box::new(scan(number, number, ScanKind::CheckIn))));
    }
    let probe = sent(&desk.pass(Duration::from_secs(31)))[0].0;
    let accepted = |ticket| Answer::Accepted(Box::new(scanned(ticket, ScanKind::CheckIn, OURS, 1_001)));
    let calls = sent(&desk.tell(Input::Answered(probe, accepted(90))));
    assert_eq!(calls.len(), 2);
    let new = scan(7, 7, ScanKind::CheckIn);
    desk.tell(Input::Take(Box::new(new.clone())));
    assert!(!desk.drain.entry(&new.id).unwrap().promised);
    assert_eq!(sent(&desk.tell(Input::Answered(calls[0].0, accepted(1))))[0].1, new.id);
    assert_eq!(sent(&desk.tell(Input::Answered(calls[1].0, accepted(2)))).len(), 1, "then the others go on");
}

#[test]
fn how_long_a_guest_has_waited_counts_from_the_scan() {
    let ms = Duration::from_millis;
    let mut desk = Desk::new(DrainSettings { parallel: 1, ..by_key() }, Vec::new());
    let call = sent(&desk.tell(Input::Take(Box::new(scan(1, 1, ScanKind::CheckIn)))))[0].0;
    desk.pass(ms(100));
    let (next, last) = (scan(2, 2, ScanKind::CheckIn), scan(3, 3, ScanKind::CheckIn));
    for entry in [&next, &last] {
        desk.tell(Input::Take(Box::new(entry.clone())));
    }
    desk.pass(ms(900));
    let quick = Answer::Accepted(Box::new(scanned(1, ScanKind::CheckIn, OURS, 1_001)));
    assert_eq!(sent(&desk.tell(Input::Answered(call, quick)))[0].1, next.id);
    assert_eq!(desk.woken_at, Some(ms(1_600)));
    assert_eq!(told(&mut desk, ms(599)), []);
    let told = told(&mut desk, ms(1));
    assert_eq!(
        told.iter().map(|entry| (entry.id, entry.promised)).collect::<Vec<_>>(),
        [(next.id, true), (last.id, true)]
    );
}
