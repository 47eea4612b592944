//! Listing, correcting and issuing tickets; answers that are given again.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::support::{World, id};

#[tokio::test]
async fn a_query_finds_by_name_email_and_phone() {
    let world = World::new().await;
    let all = world.all_tickets("").await;
    let guest = all.iter().find(|ticket| ticket["attendee"]["phone"].is_string()).unwrap();
    let digits: String = guest["attendee"]["phone"].as_str().unwrap().chars().filter(char::is_ascii_digit).collect();
    let first = guest["attendee"]["firstName"].as_str().unwrap().to_uppercase();
    for query in [first.as_str(), guest["attendee"]["email"].as_str().unwrap(), &digits, &digits[digits.len() - 4..]] {
        let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let found = world.all_tickets(&format!("&query={query}")).await;
        assert!(found.iter().any(|ticket| id(ticket) == id(guest)), "{query}");
        assert!(found.len() < all.len(), "{query}");
    }
    assert!(world.all_tickets("&query=nobodyiscalledthis").await.is_empty());
}

#[tokio::test]
async fn an_attendee_is_merged_and_cleared() {
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}", id(&ticket));
    let patch = json!({"attendee": {"firstName": "Zoë", "phone": "0400 000 000", "ignored": 1}});
    let changed = world.put("ticket.update", &path, patch).await.body["ticket"].clone();
    assert_eq!(changed["attendee"]["firstName"], "Zoë");
    assert_eq!(changed["attendee"]["lastName"], ticket["attendee"]["lastName"]);
    assert!(changed["updatedAt"].as_str() > ticket["updatedAt"].as_str());
    let found = world.all_tickets("&query=ZOE%200400000000").await;
    assert_eq!(found.len(), 1);
    let same = world.put("ticket.update", &path, json!({"attendee": {"firstName": "Zoë"}})).await;
    assert_eq!(same.body["ticket"]["updatedAt"], changed["updatedAt"]);
    let cleared = world.put("ticket.update", &path, json!({"attendee": null})).await.body["ticket"].clone();
    assert_ne!(cleared["attendee"]["firstName"], "Zoë");
}

#[tokio::test]
async fn a_ticket_moves_within_its_event_only() {
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}", id(&ticket));
    let event = world.get("event.get", &format!("/events/{}", world.demo.event_id.as_str())).await["event"].clone();
    let tier = event["admissions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|tier| tier["sectionId"] != ticket["section"]["id"])
        .unwrap();
    let moved = world.put("ticket.update", &path, json!({"admissionId": tier["id"]})).await.body["ticket"].clone();
    assert_eq!(moved["admission"]["name"], tier["name"]);
    assert_eq!(moved["section"]["id"], tier["sectionId"]);
    let elsewhere = json!({"admissionId": format!("adm_{}", "0".repeat(26))});
    assert_eq!(world.put("ticket.update", &path, elsewhere).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_status_follows_the_table() {
    let world = World::new().await;
    let inside = world.ticket("REDEEMED").await;
    let path = format!("/tickets/{}", id(&inside));
    let set = |status: &'static str| world.put("ticket.update", &path, json!({"status": status}));
    let refused = set("ACTIVE").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    for (status, expected) in [("CANCELLED", "CANCELLED"), ("CANCELLED", "CANCELLED"), ("ACTIVE", "ACTIVE")] {
        assert_eq!(set(status).await.body["ticket"]["status"], expected);
    }
}

#[tokio::test]
async fn a_ticket_joins_an_order_with_its_customer_as_the_default() {
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let input = |customer: &Value| {
        json!({
            "status": "ACTIVE", "orderId": ticket["orderId"], "customerId": customer,
            "admissionId": ticket["admissionId"],
        })
    };
    let created = world.post("ticket.create", "/tickets", input(&ticket["customerId"])).await;
    assert_eq!(created.status, StatusCode::OK);
    assert_eq!(created.body["ticket"]["orderId"], ticket["orderId"]);
    assert_eq!(created.body["ticket"]["scans"], json!([]));
    let stranger = json!(format!("cus_{}", "0".repeat(26)));
    assert_eq!(world.post("ticket.create", "/tickets", input(&stranger)).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_order_goes_in_whole_or_after_a_question() {
    let world = World::new().await;
    let order = world.demo.order_id.as_str();
    let tickets = world.get("ticket.list", &format!("/tickets?orderId={order}")).await["tickets"].clone();
    for ticket in tickets.as_array().unwrap() {
        match ticket["status"].as_str().unwrap() {
            "REDEEMED" => {
                let out = format!("/tickets/{}/check-out", id(ticket));
                world.put("ticket.checkOutByKey", &out, json!({})).await;
            }
            "CANCELLED" => {
                world.put("ticket.update", &format!("/tickets/{}", id(ticket)), json!({"status": "ACTIVE"})).await;
            }
            _ => {}
        }
    }
    let one = format!("/tickets/{}/check-in", id(&tickets[0]));
    world.put("ticket.checkInByKey", &one, json!({})).await;
    let path = format!("/tickets/{order}/check-in");
    let asked = world.put("ticket.checkInByKey", &path, json!({"idempotencyKey": "k"})).await;
    assert_eq!(asked.body["data"]["reason"], "PARTIAL_ORDER_CONFIRMATION_REQUIRED");
    assert_eq!(asked.body["data"]["order"]["checkedInCount"], 1);
    let confirmed = json!({"idempotencyKey": "k", "allowPartialOrderCheckIn": true});
    let all = world.put("ticket.checkInByKey", &path, confirmed.clone()).await;
    assert_eq!(all.status, StatusCode::OK);
    let count = tickets.as_array().unwrap().len();
    assert_eq!(all.body["order"]["checkedInCount"], count);
    assert_eq!(all.body["tickets"].as_array().unwrap().len(), count);
    assert_eq!(world.put("ticket.checkInByKey", &path, confirmed).await.body, all.body);
}

#[tokio::test]
async fn a_repeated_key_gets_the_first_answer_again() {
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let other = world.all_tickets("&status=ACTIVE").await.pop().unwrap();
    let key = json!({"idempotencyKey": "once"});
    let path = format!("/tickets/{}/check-in", id(&ticket));
    let first = world.put("ticket.checkInByKey", &path, key.clone()).await;
    let again = world.put("ticket.checkInByKey", &path, key.clone()).await;
    assert_eq!((again.status, &again.body), (StatusCode::OK, &first.body));
    let elsewhere = format!("/tickets/{}/check-in", id(&other));
    assert_eq!(world.put("ticket.checkInByKey", &elsewhere, key.clone()).await.status, StatusCode::CONFLICT);
    let other_way = format!("/tickets/{}/check-out", id(&ticket));
    assert_eq!(world.put("ticket.checkOutByKey", &other_way, key).await.status, StatusCode::CONFLICT);
}
