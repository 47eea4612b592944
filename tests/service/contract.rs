//! Every operation once, with success.

use reqwest::Method;
use serde_json::json;

use super::support::{TICKETS, World, id};

#[tokio::test]
async fn the_generated_event_is_all_there() {
    let world = World::new().await;
    let tickets = world.all_tickets("").await;
    assert_eq!(tickets.len(), TICKETS);
    let statuses = ["ACTIVE", "REDEEMED", "CANCELLED"];
    for status in statuses {
        let some = world.all_tickets(&format!("&status={status}")).await;
        assert!(!some.is_empty() && some.iter().all(|ticket| ticket["status"] == status));
    }
    let event = world.get("event.get", &format!("/events/{}", world.demo.event_id.as_str())).await["event"].clone();
    let sold: i64 = event["admissions"].as_array().unwrap().iter().map(|tier| tier["sold"].as_i64().unwrap()).sum();
    let valid = tickets.iter().filter(|ticket| ticket["status"] != "CANCELLED").count();
    assert_eq!(usize::try_from(sold).unwrap(), valid);
    world.service.shutdown().await;
}

#[tokio::test]
async fn the_same_seed_gives_the_same_evening() {
    let now = jiff::Timestamp::from_second(1_790_000_000).unwrap();
    let settings = || doorlist::server::ServiceSettings {
        clock: doorlist::server::Clock::from_fn(move || now),
        ..doorlist::server::ServiceSettings::temporary()
    };
    let (a, b) = (World::with(settings()).await, World::with(settings()).await);
    // The clock stands in the past, where the tokens have expired: the public signature opens the order.
    let order = |world: &World| {
        let (order, signature) = (world.demo.order_id.as_str(), &world.demo.order_signature);
        world.anonymous(Method::GET, &format!("/tickets?orderId={order}&orderSignature={signature}"))
    };
    let (first, second) = (a.send("ticket.list", order(&a)).await, b.send("ticket.list", order(&b)).await);
    assert_eq!(first["tickets"], second["tickets"]);
    assert!(first["tickets"].as_array().unwrap().len() > 1);
}

#[tokio::test]
async fn events_and_their_parts_are_public() {
    let world = World::new().await;
    let public = |path: String| world.anonymous(Method::GET, &path);
    let events = world.send("event.list", public("/events".to_owned())).await;
    assert_eq!(events["events"].as_array().unwrap().len(), 2);
    let event = world.demo.event_id.as_str();
    let admissions = world.send("admission.list", public(format!("/events/{event}/admissions?limit=2"))).await;
    let next = admissions["after"].as_str().unwrap();
    let rest = format!("/events/{event}/admissions?cursor={next}");
    assert_eq!(world.send("admission.list", public(rest)).await["admissions"].as_array().unwrap().len(), 4);
    let admission = id(&admissions["admissions"][0]);
    world.send("admission.get", public(format!("/events/{event}/admissions/{admission}"))).await;
    let sections = world.send("section.list", public(format!("/events/{event}/sections"))).await;
    let section = id(&sections["sections"][0]);
    world.send("section.get", public(format!("/events/{event}/sections/{section}"))).await;
}

#[tokio::test]
async fn a_token_tells_who_it_is() {
    let world = World::new().await;
    let me = world.get("user.me", "/users/me").await;
    assert_eq!(me["isAdmin"], true);
    assert_eq!(me["user"]["firstName"], "Robin");
}

#[tokio::test]
async fn a_guest_goes_in_and_out_by_either_form() {
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}", id(&ticket));
    let scans = ticket["scans"].as_array().unwrap().len();
    let device = json!({"kind": "CHECK_IN", "deviceId": "north"});
    let scanned = world.post("ticket.scan", &format!("{path}/scan"), device).await.body;
    assert_eq!(scanned["ticket"]["status"], "REDEEMED");
    assert_eq!(scanned["ticket"]["scans"][scans]["deviceId"], "north");
    assert_eq!(scanned["ticket"]["scans"][scans]["scannedBy"]["firstName"], "Robin");
    let out = world.put("ticket.checkOutByKey", &format!("{path}/check-out"), json!({})).await.body;
    assert_eq!((&out["targetType"], &out["tickets"][0]["status"]), (&json!("ticket"), &json!("ACTIVE")));
    let read = world.get("ticket.get", &path).await;
    assert_eq!(read["ticket"], out["tickets"][0]);
    assert_eq!(read["ticket"]["scans"].as_array().unwrap().len(), scans + 2);
    assert!(read["ticket"]["updatedAt"].as_str() > ticket["updatedAt"].as_str());
}
