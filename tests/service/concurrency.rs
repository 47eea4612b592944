//! Many doors at once.

use doorlist::server::{Database, ServiceSettings, start};
use futures::future::join_all;
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{World, id};

/// Check-ins at once.
const AT_ONCE: usize = 200;

/// The check-in of that number: of a ticket by either form, or of the whole order.
fn check_in(world: &World, tickets: &[Value], number: usize) -> RequestBuilder {
    let ticket = id(&tickets[number / 3 % tickets.len()]);
    let order = tickets[0]["orderId"].as_str().unwrap();
    let device = format!("door-{number}");
    match number % 3 {
        0 => world
            .request(Method::POST, &format!("/tickets/{ticket}/scan"))
            .json(&json!({"kind": "CHECK_IN", "deviceId": device})),
        1 => world.request(Method::PUT, &format!("/tickets/{ticket}/check-in")).json(&json!({"deviceId": device})),
        _ => world
            .request(Method::PUT, &format!("/tickets/{order}/check-in"))
            .json(&json!({"deviceId": device, "allowPartialOrderCheckIn": true})),
    }
}

/// In memory, and in a file, where check-ins that come together are committed together.
#[rstest]
#[case::memory(false)]
#[case::file(true)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_check_ins_of_an_order_each_ticket_takes_one(#[case] on_disk: bool) {
    let folder = tempfile::tempdir().unwrap();
    let database = if on_disk { Database::File(folder.path().join("tickets.db")) } else { Database::Temporary };
    let world = World::with(ServiceSettings { database, ..ServiceSettings::temporary() }).await;
    for round in 0..3 {
        let tickets = world.order(12).await;
        let sent = join_all((0..AT_ONCE).map(|number| {
            // Every round begins with another form.
            check_in(&world, &tickets, number + round).send()
        }))
        .await;
        let mut admitted = 0;
        for answer in sent {
            let status = answer.unwrap().status();
            assert!([StatusCode::OK, StatusCode::BAD_REQUEST].contains(&status), "{status}");
            admitted += usize::from(status == StatusCode::OK);
        }
        let order = tickets[0]["orderId"].as_str().unwrap();
        let after = world.get("ticket.list", &format!("/tickets?orderId={order}&limit=100")).await;
        let mut doors = std::collections::BTreeSet::new();
        for ticket in after["tickets"].as_array().unwrap() {
            let kinds: Vec<_> = ticket["scans"].as_array().unwrap().iter().map(|scan| &scan["kind"]).collect();
            assert_eq!((&ticket["status"], kinds), (&json!("REDEEMED"), vec![&json!("CHECK_IN")]), "{ticket}");
            doors.insert(ticket["scans"][0]["deviceId"].as_str().unwrap().to_owned());
        }
        assert_eq!(admitted, doors.len(), "whoever was told yes let somebody in, and nobody else did");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ins_and_outs_at_once_take_turns() {
    let world = World::new().await;
    let ticket = world.order(1).await.remove(0);
    let path = format!("/tickets/{}", id(&ticket));
    let sent = join_all((0..AT_ONCE).map(|number| {
        let kind = if number % 2 == 0 { "CHECK_IN" } else { "CHECK_OUT" };
        world.request(Method::POST, &format!("{path}/scan")).json(&json!({"kind": kind})).send()
    }))
    .await;
    let done = sent.into_iter().filter(|answer| answer.as_ref().unwrap().status() == StatusCode::OK).count();
    let after = world.get("ticket.get", &path).await["ticket"].clone();
    let scans = after["scans"].as_array().unwrap();
    assert_eq!(scans.len(), done);
    for (place, scan) in scans.iter().enumerate() {
        assert_eq!(scan["kind"], if place % 2 == 0 { "CHECK_IN" } else { "CHECK_OUT" });
    }
    let time = |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let times: Vec<_> = scans.iter().map(|scan| time(&scan["scannedAt"])).collect();
    assert!(times.windows(2).all(|pair| pair[0] <= pair[1]), "{times:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_sent_many_times_at_once_is_answered_once() {
    let world = World::new().await;
    let ticket = world.order(1).await.remove(0);
    let path = format!("/tickets/{}/check-in", id(&ticket));
    let key = json!({"idempotencyKey": "impatient"});
    let sent = join_all((0..40).map(|_| world.request(Method::PUT, &path).json(&key).send())).await;
    let mut bodies = Vec::new();
    for answer in sent {
        let answer = answer.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        bodies.push(answer.text().await.unwrap());
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        ServiceSettings { database: Database::File(folder.path().join("tickets.db")), ..ServiceSettings::temporary() };
    let world = World::with(settings.clone()).await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}/check-in", id(&ticket));
    let key = json!({"idempotencyKey": "kept"});
    let first = world.put("ticket.checkInByKey", &path, key.clone()).await;
    assert!(start(settings.clone()).await.is_err(), "a second service on the same database is refused");
    let World { service, demo, http, key: signing } = world;
    service.shutdown().await;
    let world = World { service: start(settings).await.unwrap(), demo, http, key: signing };
    let again = world.put("ticket.checkInByKey", &path, key).await;
    assert_eq!((again.status, again.body), (StatusCode::OK, first.body));
}
