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
    assert_eq!(cleared["attendee"], customer(&world, &ticket).await);
}

/// Who bought the ticket, as an attendee.
async fn customer(world: &World, ticket: &Value) -> Value {
    let path = format!("/orders/{}", ticket["orderId"].as_str().unwrap());
    let mut customer = world.get("order.get", &path).await["order"]["customer"].clone();
    customer.as_object_mut().unwrap().remove("id");
    customer
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
}

/// A tier that there is, of an event that the tenant has: only not of this one.
#[tokio::test]
async fn a_tier_of_another_event_is_refused() {
    let world = World::new().await;
    let events = world.get("event.list", "/events").await["events"].clone();
    let other = events.as_array().unwrap().iter().find(|event| event["id"] != world.demo.event_id.as_str()).unwrap();
    let tiers = world.get("admission.list", &format!("/events/{}/admissions", id(other))).await;
    let tier = tiers["admissions"][0]["id"].clone();
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}", id(&ticket));
    let moved = world.put("ticket.update", &path, json!({"admissionId": tier})).await;
    let mut new = join(&ticket);
    new["admissionId"] = tier.clone();
    let created = world.post("ticket.create", "/tickets", new).await;
    let mut comp = world.comp(1).await;
    comp["items"][0]["admissionId"] = tier;
    let issued = world.post("order.createComplimentary", "/orders/complimentary", comp).await;
    for refused in [moved, created, issued] {
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
        assert_eq!(refused.body["message"], "The event has no such admission");
    }
    assert_eq!(world.get("ticket.get", &path).await["ticket"], ticket);
}

/// A new ticket like this one, of its order.
fn join(ticket: &Value) -> Value {
    json!({
        "status": "ACTIVE", "orderId": ticket["orderId"], "customerId": ticket["customerId"],
        "admissionId": ticket["admissionId"],
    })
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
    let created = world.post("ticket.create", "/tickets", join(&ticket)).await;
    assert_eq!(created.status, StatusCode::OK);
    assert_eq!(created.body["ticket"]["orderId"], ticket["orderId"]);
    assert_eq!(created.body["ticket"]["scans"], json!([]));
    assert_eq!(created.body["ticket"]["attendee"], customer(&world, &ticket).await);
}

#[tokio::test]
async fn an_order_counts_the_tickets_that_join_it() {
    let world = World::new().await;
    let ticket = world.order(3).await.swap_remove(0);
    let path = format!("/orders/{}", ticket["orderId"].as_str().unwrap());
    let before = world.get("order.get", &path).await["order"].clone();
    let named = |line: &Value| {
        let mut new = join(&ticket);
        new["orderItemId"] = line.clone();
        new
    };
    for new in [join(&ticket), named(&ticket["orderItemId"])] {
        let created = world.post("ticket.create", "/tickets", new).await.body["ticket"].clone();
        assert_eq!(created["orderItemId"], ticket["orderItemId"]);
    }
    let after = world.get("order.get", &path).await["order"].clone();
    assert_eq!((&after["items"][0]["quantity"], &before["items"][0]["quantity"]), (&json!(5), &json!(3)));
    assert!(after["updatedAt"].as_str() > before["updatedAt"].as_str());
    // What is of no line's tier gets one of its own, for nothing.
    let event = world.demo.event_id.as_str();
    let tiers = world.get("admission.list", &format!("/events/{event}/admissions")).await["admissions"].clone();
    let tier = tiers.as_array().unwrap().iter().find(|tier| tier["id"] != ticket["admissionId"]).unwrap();
    let mut new = join(&ticket);
    new["admissionId"] = tier["id"].clone();
    let created = world.post("ticket.create", "/tickets", new).await.body["ticket"].clone();
    let told = world.get("order.get", &path).await["order"].clone();
    let line = &told["items"][1];
    assert_eq!((&line["id"], &line["admissionId"]), (&created["orderItemId"], &tier["id"]));
    assert_eq!((&line["quantity"], &line["price"]["total"]), (&json!(1), &json!(0)));
    assert_eq!(told["price"], after["price"]);
    let all = world.put("ticket.checkInByKey", &format!("/tickets/{}/check-in", id(&told)), json!({})).await;
    assert_eq!(all.body["order"]["checkedInCount"], 6);
    let again = world.post("order.resend", &format!("{path}/resend"), json!({})).await;
    assert!(again.body["order"]["updatedAt"].as_str() > told["updatedAt"].as_str());
    assert_eq!(world.get("order.get", &path).await["order"], again.body["order"]);
}

/// However it is asked for, as a ticket is.
#[tokio::test]
async fn an_order_is_found_by_its_customer() {
    let world = World::new().await;
    let mut comp = world.comp(1).await;
    comp["customer"] = json!({"firstName": "Sinéad", "lastName": "O'Brien", "email": "sinead@example.com"});
    let made = world.post("order.createComplimentary", "/orders/complimentary", comp).await.body["order"].clone();
    let phoned = world.get("order.list", "/orders?limit=100").await["orders"].clone();
    let phoned = phoned.as_array().unwrap().iter().find(|order| order["customer"]["phone"].is_string()).unwrap();
    let phone = phoned["customer"]["phone"].as_str().unwrap().chars().filter(char::is_ascii_digit).collect::<String>();
    // Their tickets go to somebody else, so that only the customer is left to be found.
    for order in [&made, phoned] {
        let tickets = world.get("ticket.list", &format!("/tickets?orderId={}", id(order))).await["tickets"].clone();
        for ticket in tickets.as_array().unwrap() {
            let name = json!({"firstName": "Bo", "lastName": "Ng", "email": "bo@example.com", "phone": ""});
            let given =
                world.put("ticket.update", &format!("/tickets/{}", id(ticket)), json!({"attendee": name})).await;
            assert_eq!(given.status, StatusCode::OK);
        }
    }
    for (query, order) in
        [("sinead+obrien", &made), ("O%27BRIEN", &made), ("sinead@example", &made), (phone.as_str(), phoned)]
    {
        let found = world.get("order.list", &format!("/orders?query={query}")).await["orders"].clone();
        assert!(found.as_array().unwrap().iter().any(|found| found["id"] == order["id"]), "{query}");
    }
}

#[tokio::test]
async fn an_empty_phone_is_none() {
    let world = World::new().await;
    let mut new = join(&world.ticket("ACTIVE").await);
    new["attendee"] = json!({"firstName": "Bo", "lastName": "Ng", "email": "bo@example.com", "phone": ""});
    let created = world.post("ticket.create", "/tickets", new).await.body["ticket"].clone();
    assert_eq!(created["attendee"].get("phone"), None);
}

#[tokio::test]
async fn an_order_goes_in_whole_or_after_a_question() {
    let world = World::new().await;
    let tickets = world.order(4).await;
    let order = tickets[0]["orderId"].as_str().unwrap();
    let path = format!("/tickets/{order}/check-in");
    world.put("ticket.checkInByKey", &format!("/tickets/{}/check-in", id(&tickets[0])), json!({})).await;
    let asked = world.put("ticket.checkInByKey", &path, json!({"idempotencyKey": "k"})).await;
    assert_eq!(asked.body["data"]["reason"], "PARTIAL_ORDER_CONFIRMATION_REQUIRED");
    let confirmed = json!({"idempotencyKey": "k", "allowPartialOrderCheckIn": true});
    let all = world.put("ticket.checkInByKey", &path, confirmed.clone()).await;
    assert_eq!((all.status, &all.body["order"]["checkedInCount"]), (StatusCode::OK, &json!(4)));
    assert_eq!(all.body["tickets"].as_array().unwrap().len(), 4);
    assert_eq!(world.put("ticket.checkInByKey", &path, confirmed).await.body, all.body);
    let scans = |ticket: &Value| ticket["scans"].as_array().unwrap().len();
    assert!(all.body["tickets"].as_array().unwrap().iter().all(|ticket| scans(ticket) == 1));
}

#[tokio::test]
async fn what_is_sold_is_no_longer_available_and_staff_may_oversell() {
    let world = World::new().await;
    let event = world.demo.event_id.as_str();
    let base = format!("/events/{event}/admissions");
    let tiers = world.get("admission.list", &base).await["admissions"].clone();
    let bounded = tiers.as_array().unwrap().iter().filter(|tier| tier["capacity"].as_i64() > Some(0));
    let tier = bounded.min_by_key(|tier| tier["available"].as_i64()).unwrap();
    let number = |body: &Value, name: &str| body[name].as_i64().unwrap();
    // The tier by itself, in the list and in its event, and the section that it is in.
    let told = async || {
        let alone = world.get("admission.get", &format!("{base}/{}", id(tier))).await["admission"].clone();
        let listed = world.get("admission.list", &base).await["admissions"].clone();
        let whole = world.get("event.get", &format!("/events/{event}")).await["event"]["admissions"].clone();
        for parts in [listed, whole] {
            assert!(parts.as_array().unwrap().contains(&alone), "{alone} in {parts}");
        }
        let section = format!("/events/{event}/sections/{}", tier["sectionId"].as_str().unwrap());
        let section = number(&world.get("section.get", &section).await["section"], "sold");
        (number(&alone, "sold"), number(&alone, "available"), section)
    };
    let (sold, left, in_section) = told().await;
    assert_eq!(left, number(tier, "capacity") - sold);
    let comp = async |quantity: i64| {
        let mut comp = world.comp(1).await;
        comp["items"] = json!([{"quantity": quantity, "admissionId": id(tier)}]);
        let made = world.post("order.createComplimentary", "/orders/complimentary", comp).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        made.body["order"]["id"].as_str().unwrap().to_owned()
    };
    comp(left - 2).await;
    assert_eq!(told().await, (sold + left - 2, 2, in_section + left - 2));
    let over = comp(5).await;
    assert_eq!(told().await, (sold + left + 3, 0, in_section + left + 3), "less than nothing is nothing");
    let all = world.all_tickets("&status=ACTIVE").await;
    let moving = all.iter().find(|ticket| ticket["section"]["id"] != tier["sectionId"]).unwrap();
    let moved = world.put("ticket.update", &format!("/tickets/{}", id(moving)), json!({"admissionId": id(tier)})).await;
    assert_eq!((moved.status, &moved.body["ticket"]["admissionId"]), (StatusCode::OK, &tier["id"]));
    let extra = world.get("ticket.list", &format!("/tickets?orderId={over}")).await["tickets"].clone();
    for ticket in extra.as_array().unwrap() {
        let path = format!("/tickets/{}", id(ticket));
        assert_eq!(world.put("ticket.update", &path, json!({"status": "CANCELLED"})).await.status, StatusCode::OK);
    }
    assert_eq!(told().await, (sold + left - 1, 1, in_section + left - 1), "a cancelled ticket makes room");
}
