//! Every refusal of a rule of the door, with the data that the contract promises.

use reqwest::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{Answer, World, id};

#[rstest]
#[case::already_in("REDEEMED", "CHECK_IN", "ALREADY_CHECKED_IN")]
#[case::not_in("ACTIVE", "CHECK_OUT", "NOT_CHECKED_IN")]
#[case::cancelled_in("CANCELLED", "CHECK_IN", "TICKET_CANCELLED")]
#[case::cancelled_out("CANCELLED", "CHECK_OUT", "TICKET_CANCELLED")]
#[tokio::test]
async fn a_scan_is_refused_with_its_reason(#[case] status: &str, #[case] kind: &str, #[case] reason: &str) {
    let world = World::new().await;
    let ticket = world.ticket(status).await;
    let refused = world.post("ticket.scan", &format!("/tickets/{}/scan", id(&ticket)), json!({"kind": kind})).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.body["data"], json!({"reason": reason, "kind": kind, "targetType": "ticket", "ticket": ticket}));
    assert_eq!(world.get("ticket.get", &format!("/tickets/{}", id(&ticket))).await["ticket"], ticket);
}

/// Another event, tier or section than any that there is.
fn elsewhere(prefix: &str) -> String {
    format!("{prefix}_{}", "0".repeat(26))
}

#[tokio::test]
async fn by_key_every_reason_in_the_contracts_order() {
    let world = World::new().await;
    let (active, inside, cancelled) =
        (world.ticket("ACTIVE").await, world.ticket("REDEEMED").await, world.ticket("CANCELLED").await);
    let (event, tier, section) = (elsewhere("evt"), elsewhere("adm"), elsewhere("sct"));
    let all_wrong = json!({"eventId": event, "admissionIds": [tier], "sectionIds": [section]});
    let cases = [
        // Each ticket breaks every rule after the one that is named, too.
        (&cancelled, "check-in", all_wrong.clone(), json!("EVENT_MISMATCH")),
        (&inside, "check-in", all_wrong.clone(), json!("EVENT_MISMATCH")),
        (&active, "check-out", all_wrong, json!("EVENT_MISMATCH")),
        (&cancelled, "check-in", json!({"admissionIds": [tier]}), json!(null)),
        (&cancelled, "check-out", json!({}), json!(null)),
        (&inside, "check-in", json!({"admissionIds": [tier]}), json!("FILTERED_OUT")),
        (&inside, "check-in", json!({"sectionIds": [section]}), json!("FILTERED_OUT")),
        (&active, "check-in", json!({"sectionIds": [section]}), json!("FILTERED_OUT")),
        (&inside, "check-in", json!({"admissionIds": [inside["admissionId"]]}), json!("NOOP_TRANSITION")),
        (&inside, "check-in", json!({"admissionIds": [], "sectionIds": []}), json!("NOOP_TRANSITION")),
        (&active, "check-out", json!({"admissionIds": [tier]}), json!("NOOP_TRANSITION")),
    ];
    for (ticket, way, input, reason) in cases {
        let refused = by_key(&world, id(ticket), way, input.clone()).await;
        let what = format!("{way} with {input}: {}", refused.body);
        assert_eq!((refused.status, &refused.body["data"]["reason"]), (StatusCode::BAD_REQUEST, &reason), "{what}");
        if !reason.is_null() {
            let kind = if way == "check-in" { "CHECK_IN" } else { "CHECK_OUT" };
            let data = &refused.body["data"];
            assert_eq!((&data["kind"], &data["targetType"], &data["ticket"]), (&json!(kind), &json!("ticket"), ticket));
        }
        assert_eq!(world.get("ticket.get", &format!("/tickets/{}", id(ticket))).await["ticket"], *ticket, "{what}");
    }
    let mismatch = by_key(&world, id(&active), "check-in", json!({"eventId": event})).await.body;
    assert_eq!(mismatch["data"]["requestedEventId"], event);
    assert_eq!(mismatch["data"]["event"]["id"], active["eventId"]);
    for key in [elsewhere("tkt"), elsewhere("ord"), "nonsense".to_owned()] {
        assert_eq!(by_key(&world, &key, "check-in", json!({})).await.status, StatusCode::NOT_FOUND);
    }
    // Check-out does not look at gates: who went in by one may leave by another.
    let out = by_key(&world, id(&inside), "check-out", json!({"admissionIds": [tier], "sectionIds": [section]})).await;
    assert_eq!(out.status, StatusCode::OK);
}

async fn by_key(world: &World, key: &str, way: &str, input: Value) -> Answer {
    let operation = if way == "check-in" { "ticket.checkInByKey" } else { "ticket.checkOutByKey" };
    world.put(operation, &format!("/tickets/{key}/{way}"), input).await
}

#[tokio::test]
async fn an_order_is_refused_with_its_state() {
    let world = World::new().await;
    let tickets = world.order(3).await;
    let order = tickets[0]["orderId"].as_str().unwrap().to_owned();
    let refused = async |way: &str, input: Value, reason: &str, inside: u64| {
        let answer = by_key(&world, &order, way, input).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
        let data = &answer.body["data"];
        assert_eq!((&data["reason"], &data["targetType"]), (&json!(reason), &json!("order")), "{}", answer.body);
        assert_eq!((&data["order"]["id"], &data["order"]["checkedInCount"]), (&json!(order), &json!(inside)));
        assert_eq!(data["order"]["items"], json!([{"quantity": 3}]));
        assert_eq!(data.get("ticket"), None);
    };
    refused("check-out", json!({}), "NOOP_TRANSITION", 0).await;
    refused("check-in", json!({"eventId": elsewhere("evt")}), "EVENT_MISMATCH", 0).await;
    refused("check-in", json!({"admissionIds": [elsewhere("adm")]}), "FILTERED_OUT", 0).await;
    assert_eq!(by_key(&world, id(&tickets[0]), "check-in", json!({})).await.status, StatusCode::OK);
    refused("check-in", json!({}), "PARTIAL_ORDER_CONFIRMATION_REQUIRED", 1).await;
    refused("check-in", json!({"allowPartialOrderCheckIn": false}), "PARTIAL_ORDER_CONFIRMATION_REQUIRED", 1).await;
    let rest = by_key(&world, &order, "check-in", json!({"allowPartialOrderCheckIn": true})).await;
    assert_eq!((rest.status, &rest.body["order"]["checkedInCount"]), (StatusCode::OK, &json!(3)));
    refused("check-in", json!({"allowPartialOrderCheckIn": true}), "NOOP_TRANSITION", 3).await;
    // A cancelled ticket is left out of what the others do; when all are, the order is refused in words alone.
    let cancel = async |ticket: &Value| {
        let path = format!("/tickets/{}", id(ticket));
        assert_eq!(world.put("ticket.update", &path, json!({"status": "CANCELLED"})).await.status, StatusCode::OK);
    };
    cancel(&tickets[0]).await;
    let out = by_key(&world, &order, "check-out", json!({})).await;
    for ticket in out.body["tickets"].as_array().unwrap() {
        let expected = if id(ticket) == id(&tickets[0]) { "CANCELLED" } else { "ACTIVE" };
        assert_eq!(ticket["status"], expected);
    }
    cancel(&tickets[1]).await;
    cancel(&tickets[2]).await;
    for way in ["check-in", "check-out"] {
        let refused = by_key(&world, &order, way, json!({})).await;
        assert_eq!((refused.status, refused.body.get("data")), (StatusCode::BAD_REQUEST, None));
    }
}

#[rstest]
#[case::check_out_instead("REDEEMED", json!({"status": "ACTIVE"}))]
#[case::other_events_tier("ACTIVE", json!({"admissionId": "adm_00000000000000000000000000"}))]
#[tokio::test]
async fn an_update_is_refused_whole(#[case] status: &str, #[case] refused: Value) {
    let world = World::new().await;
    let ticket = world.ticket(status).await;
    let path = format!("/tickets/{}", id(&ticket));
    let mut input = refused;
    input["attendee"] = json!({"firstName": "Nobody"});
    assert_eq!(world.put("ticket.update", &path, input).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.get("ticket.get", &path).await["ticket"], ticket);
}

#[rstest]
#[case::redeemed(json!({"status": "REDEEMED"}), 400)]
#[case::stranger(json!({"customerId": "cus_00000000000000000000000000"}), 400)]
#[case::tier(json!({"admissionId": "adm_00000000000000000000000000"}), 400)]
#[case::item(json!({"orderItemId": "itm_1"}), 400)]
#[case::order(json!({"orderId": "ord_00000000000000000000000000"}), 404)]
#[tokio::test]
async fn a_ticket_that_cannot_be_is_not_created(#[case] change: Value, #[case] status: u16) {
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let mut input = json!({
        "status": "ACTIVE", "orderId": ticket["orderId"], "customerId": ticket["customerId"],
        "admissionId": ticket["admissionId"],
    });
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    assert_eq!(world.post("ticket.create", "/tickets", input).await.status, status);
}

#[rstest]
#[case::event(json!({"eventId": "evt_00000000000000000000000000"}), 404)]
#[case::tier(json!({"items": [{"quantity": 1, "admissionId": "adm_00000000000000000000000000"}]}), 400)]
#[case::no_tier(json!({"items": [{"quantity": 1}]}), 400)]
#[case::crowd(json!({"items": [{"quantity": 501}]}), 400)]
#[tokio::test]
async fn a_comp_that_cannot_be_is_not_issued(#[case] change: Value, #[case] status: u16) {
    let world = World::new().await;
    let mut input = world.comp(1).await;
    let tier = input["items"][0]["admissionId"].clone();
    input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    if input["items"][0]["quantity"] == 501 {
        input["items"][0]["admissionId"] = tier;
    }
    assert_eq!(world.post("order.createComplimentary", "/orders/complimentary", input).await.status, status);
    let made = world.get("order.list", "/orders?mine=true").await;
    assert_eq!(made["orders"], json!([]));
}

#[tokio::test]
async fn a_key_is_good_for_one_thing_only() {
    let world = World::new().await;
    let tickets = world.order(2).await;
    let key = json!({"idempotencyKey": "once"});
    let first = by_key(&world, id(&tickets[0]), "check-in", key.clone()).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(by_key(&world, id(&tickets[0]), "check-in", key.clone()).await.body, first.body);
    assert_eq!(by_key(&world, id(&tickets[1]), "check-in", key.clone()).await.status, StatusCode::CONFLICT);
    assert_eq!(by_key(&world, id(&tickets[0]), "check-out", key.clone()).await.status, StatusCode::CONFLICT);
    let order = tickets[0]["orderId"].as_str().unwrap();
    assert_eq!(by_key(&world, order, "check-in", key.clone()).await.status, StatusCode::CONFLICT);
    let mut comp = world.comp(1).await;
    comp["idempotencyKey"] = json!("once");
    let comp = world.post("order.createComplimentary", "/orders/complimentary", comp).await;
    assert_eq!(comp.status, StatusCode::CONFLICT);
}

/// A success is given again whatever else is asked; a refusal only to the very same request, for it changed nothing.
#[tokio::test]
async fn a_refusal_under_a_key_is_asked_anew_with_other_parameters() {
    let world = World::new().await;
    let inside = world.order(1).await.remove(0);
    let ticket = id(&inside);
    let same = json!({"idempotencyKey": "again", "admissionIds": [elsewhere("adm")]});
    let refused = by_key(&world, ticket, "check-in", same.clone()).await;
    assert_eq!(refused.body["data"]["reason"], "FILTERED_OUT");
    let otherwise = json!({"idempotencyKey": "again", "admissionIds": [inside["admissionId"]]});
    let admitted = by_key(&world, ticket, "check-in", otherwise).await;
    assert_eq!(admitted.status, StatusCode::OK);
    assert_eq!(by_key(&world, ticket, "check-in", same).await.body, admitted.body);
    let kept = json!({"idempotencyKey": "kept"});
    let noop = by_key(&world, ticket, "check-in", kept.clone()).await;
    assert_eq!(noop.body["data"]["reason"], "NOOP_TRANSITION");
    assert_eq!(by_key(&world, ticket, "check-out", json!({})).await.status, StatusCode::OK);
    assert_eq!(
        by_key(&world, ticket, "check-in", kept).await.body,
        noop.body,
        "the first answer, though it would do now"
    );
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = World::new().await;
    let event = world.demo.event_id.as_str();
    let (ticket, order) = (elsewhere("tkt"), elsewhere("ord"));
    let other = elsewhere("evt");
    for (operation, path) in [
        ("ticket.get", format!("/tickets/{ticket}")),
        ("order.get", format!("/orders/{order}")),
        ("event.get", format!("/events/{other}")),
        ("admission.list", format!("/events/{other}/admissions")),
        ("admission.get", format!("/events/{event}/admissions/{}", elsewhere("adm"))),
        ("section.list", format!("/events/{other}/sections")),
        ("section.get", format!("/events/{event}/sections/{}", elsewhere("sct"))),
        ("event.performance.attendance", format!("/events/{other}/performance/attendance")),
        ("event.performance.turnout", format!("/events/{other}/performance/turnout")),
        ("event.performance.pace", format!("/events/{other}/performance/pace")),
        ("event.performance.scanners", format!("/events/{other}/performance/scanners")),
    ] {
        let answer = world.answer(operation, world.request(reqwest::Method::GET, &path)).await;
        assert_eq!((answer.status, &answer.body["code"]), (StatusCode::NOT_FOUND, &json!("NOT_FOUND")), "{path}");
    }
    let scan = world.post("ticket.scan", &format!("/tickets/{ticket}/scan"), json!({"kind": "CHECK_IN"})).await;
    assert_eq!(scan.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.put("ticket.update", &format!("/tickets/{ticket}"), json!({})).await.status,
        StatusCode::NOT_FOUND
    );
    let resent = world.post("order.resend", &format!("/orders/{order}/resend"), json!({})).await;
    assert_eq!(resent.status, StatusCode::NOT_FOUND);
    for list in [format!("/tickets?eventId={other}"), format!("/tickets?orderId={order}")] {
        assert_eq!(world.get("ticket.list", &list).await["tickets"], json!([]));
    }
    let roster = world.get("ticket.attendees.list", &format!("/tickets/attendees?eventId={other}")).await;
    assert_eq!(roster["tickets"], json!([]));
}
