//! Any sequence of acts agrees with a plain model; pages hold every ticket once while others are written.

use std::collections::BTreeMap;

use futures::future::join;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reqwest::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{World, id};

/// What somebody does with a ticket.
#[derive(Debug, Clone, Copy)]
enum Act {
    Scan(&'static str),
    ByKey(&'static str),
    Set(&'static str),
}

fn acts() -> impl Strategy<Value = Vec<(usize, Act)>> {
    let act = prop_oneof![
        Just(Act::Scan("CHECK_IN")),
        Just(Act::Scan("CHECK_OUT")),
        Just(Act::ByKey("check-in")),
        Just(Act::ByKey("check-out")),
        Just(Act::Set("ACTIVE")),
        Just(Act::Set("CANCELLED")),
    ];
    proptest::collection::vec((0..3_usize, act), 1..40)
}

/// The contract's table again, written down as plainly as it stands there.
fn expected(status: &str, act: Act) -> Option<&'static str> {
    match (status, act) {
        ("ACTIVE", Act::Scan("CHECK_IN") | Act::ByKey("check-in")) => Some("REDEEMED"),
        ("REDEEMED", Act::Scan("CHECK_OUT") | Act::ByKey("check-out"))
        | ("ACTIVE" | "CANCELLED", Act::Set("ACTIVE")) => Some("ACTIVE"),
        (_, Act::Set("CANCELLED")) => Some("CANCELLED"),
        _ => None,
    }
}

async fn perform(world: &World, ticket: &str, act: Act) -> (StatusCode, Value) {
    let path = format!("/tickets/{ticket}");
    let answer = match act {
        Act::Scan(kind) => world.post("ticket.scan", &format!("{path}/scan"), json!({"kind": kind})).await,
        Act::ByKey("check-in") => world.put("ticket.checkInByKey", &format!("{path}/check-in"), json!({})).await,
        Act::ByKey(_) => world.put("ticket.checkOutByKey", &format!("{path}/check-out"), json!({})).await,
        Act::Set(status) => world.put("ticket.update", &path, json!({"status": status})).await,
    };
    (answer.status, answer.body)
}

#[test]
fn any_sequence_agrees_with_the_table() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let tickets = runtime.block_on(world.all_tickets(""));
    let mut state: BTreeMap<String, (String, usize, String)> = tickets
        .iter()
        .take(3)
        .map(|ticket| {
            let scans = ticket["scans"].as_array().unwrap().len();
            let field = |name: &str| ticket[name].as_str().unwrap().to_owned();
            (id(ticket).to_owned(), (field("status"), scans, field("updatedAt")))
        })
        .collect();
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 12, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let state = std::cell::RefCell::new(&mut state);
    runner
        .run(&acts(), |sequence| {
            for (at, act) in sequence {
                let mut state = state.borrow_mut();
                let (ticket, (status, scans, updated_at)) = state.iter_mut().nth(at).unwrap();
                let wanted = expected(status, act);
                let (code, body) = runtime.block_on(perform(&world, ticket, act));
                prop_assert_eq!(code.is_success(), wanted.is_some(), "{:?} on {}: {}", act, status, body);
                let after = runtime.block_on(world.get("ticket.get", &format!("/tickets/{ticket}")))["ticket"].clone();
                *scans += usize::from(wanted.is_some() && !matches!(act, Act::Set(_)));
                let moved = wanted.is_some_and(|wanted| wanted != status);
                let now = after["updatedAt"].as_str().unwrap().to_owned();
                prop_assert_eq!(moved, now != *updated_at);
                wanted.unwrap_or(status).to_owned().clone_into(status);
                prop_assert_eq!(after["status"].as_str().unwrap(), status.as_str());
                prop_assert_eq!(after["scans"].as_array().unwrap().len(), *scans);
                *updated_at = now;
            }
            Ok(())
        })
        .unwrap();
}

/// What happens between two pages: somebody is let in, issued, renamed or cancelled.
async fn disturb(world: &World, others: &[Value], step: usize) {
    let other = &others[step % others.len()];
    let path = format!("/tickets/{}", id(other));
    let letter = char::from(b'A' + u8::try_from(step * 7 % 26).unwrap());
    let attendee = json!({"firstName": format!("{letter}ew"), "lastName": "Guest", "email": "new@example.com"});
    match step % 4 {
        0 => world.put("ticket.checkInByKey", &format!("{path}/check-in"), json!({})).await,
        1 => {
            let new = json!({
                "status": "ACTIVE", "orderId": other["orderId"], "customerId": other["customerId"],
                "admissionId": other["admissionId"], "attendee": attendee,
            });
            world.post("ticket.create", "/tickets", new).await
        }
        2 => world.put("ticket.update", &path, json!({"attendee": attendee})).await,
        _ => world.put("ticket.update", &path, json!({"status": "CANCELLED"})).await,
    };
}

/// Names that hold what the service may part its keys with; of as many guests that a page must end at one of them.
async fn name_oddly(world: &World, tickets: &[Value]) {
    let odd = ["Ann\u{2}x", "\u{1}", "Ann\u{1}\u{2}", "Zo\u{2}ë"];
    for (place, ticket) in tickets.iter().skip(1).step_by(3).take(40).enumerate() {
        let path = format!("/tickets/{}", id(ticket));
        let name = json!({"attendee": {"firstName": odd[place % odd.len()]}});
        assert_eq!(world.put("ticket.update", &path, name).await.status, StatusCode::OK);
    }
}

/// Every page of a list, with something happening after each; gives how often each ticket was seen.
async fn walk(world: &World, operation: &str, path: &str, others: &[Value]) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    let mut cursor = String::new();
    for step in 0.. {
        assert!(step < 200, "the walk of {path} does not end");
        let page = world.get(operation, &format!("{path}&limit=7&cursor={cursor}")).await;
        for ticket in page["tickets"].as_array().unwrap() {
            *seen.entry(id(ticket).to_owned()).or_default() += 1;
        }
        let Some(next) = page["after"].as_str() else { break };
        cursor = next.to_owned();
        disturb(world, others, step).await;
    }
    seen
}

#[rstest]
#[case::event("ticket.list", "/tickets?eventId=EVENT")]
#[case::promoter("ticket.list", "/tickets?promoterId=PROMOTER")]
#[case::search("ticket.list", "/tickets?eventId=EVENT&query=example")]
#[case::roster("ticket.attendees.list", "/tickets/attendees?eventId=EVENT")]
#[tokio::test]
async fn pages_hold_every_ticket_once_while_others_are_written(#[case] operation: &str, #[case] path: &str) {
    let world = World::new().await;
    let all = world.all_tickets("").await;
    let path = path.replace("EVENT", world.demo.event_id.as_str());
    let path = path.replace("PROMOTER", all[0]["promoterId"].as_str().unwrap());
    // Every third ticket is what happens; the others stand still and must be seen exactly once.
    let others: Vec<_> = all.iter().step_by(3).cloned().collect();
    name_oddly(&world, &all).await;
    let seen = walk(&world, operation, &path, &others).await;
    for (place, ticket) in all.iter().enumerate().filter(|(place, _)| place % 3 != 0) {
        assert_eq!(seen.get(id(ticket)), Some(&1), "number {place}: {}", ticket["attendee"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_every_ticket_once_while_others_are_written_at_the_same_time() {
    let world = World::new().await;
    let all = world.all_tickets("").await;
    let others: Vec<_> = all.iter().step_by(3).cloned().collect();
    let path = format!("/tickets?eventId={}", world.demo.event_id.as_str());
    let writing = async {
        for step in 0..80 {
            disturb(&world, &others, step).await;
        }
    };
    let ((), seen) = join(writing, walk(&world, "ticket.list", &path, &others)).await;
    for ticket in all.iter().enumerate().filter(|(place, _)| place % 3 != 0).map(|(_, ticket)| ticket) {
        assert_eq!(seen.get(id(ticket)), Some(&1), "{}", ticket["attendee"]);
    }
}
