//! Pages hold every ticket exactly once while others are written, in memory and on a file.

use std::collections::BTreeMap;

use doorlist::server::{Database, ServiceSettings};
use futures::future::join;
use reqwest::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::{World, id};

/// A generated evening where readers and the writer take turns, or where they have a log between them.
async fn world(on_disk: bool) -> (World, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let database = if on_disk { Database::File(folder.path().join("tickets.db")) } else { Database::Temporary };
    (World::with(ServiceSettings { database, ..ServiceSettings::temporary() }).await, folder)
}

/// What happens between two pages: somebody is let in, issued, renamed or cancelled.
async fn disturb(world: &World, others: &[Value], step: usize) {
    let other = &others[step % others.len()];
    let path = format!("/tickets/{}", id(other));
    let letter = char::from(b'A' + u8::try_from(step * 7 % 26).unwrap());
    let attendee = json!({"firstName": format!("{letter}ew"), "lastName": "Guest", "email": "new@example.com"});
    let answer = match step % 4 {
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
    // Who is in or cancelled is not let in again; all else is done.
    let refused_at_the_door = step.is_multiple_of(4) && answer.status == StatusCode::BAD_REQUEST;
    assert!(answer.status == StatusCode::OK || refused_at_the_door, "{}", answer.body);
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
async fn pages_hold_every_ticket_once_while_others_are_written(
    #[case] operation: &str,
    #[case] path: &str,
    #[values(false, true)] on_disk: bool,
) {
    let (world, _folder) = world(on_disk).await;
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

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_every_ticket_once_while_others_are_written_at_the_same_time(#[values(false, true)] on_disk: bool) {
    let (world, _folder) = world(on_disk).await;
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
