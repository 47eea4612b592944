//! Every refusal, in the contract's shape.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use serde_json::json;

use super::support::{World, id};

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
    assert_eq!(refused.body["data"]["reason"], reason);
    assert_eq!(refused.body["data"]["ticket"], ticket);
}

#[tokio::test]
async fn by_key_every_reason_in_the_contracts_order() {
    let world = World::new().await;
    let (active, inside, cancelled) =
        (world.ticket("ACTIVE").await, world.ticket("REDEEMED").await, world.ticket("CANCELLED").await);
    let elsewhere = format!("evt_{}", "0".repeat(26));
    let other_tier = format!("adm_{}", "0".repeat(26));
    let cases = [
        (&active, json!({"eventId": elsewhere}), json!("EVENT_MISMATCH")),
        (&cancelled, json!({"eventId": elsewhere}), json!("EVENT_MISMATCH")),
        (&cancelled, json!({"admissionIds": [other_tier]}), json!(null)),
        (&inside, json!({"admissionIds": [other_tier]}), json!("FILTERED_OUT")),
        (&active, json!({"sectionIds": [format!("sct_{}", "0".repeat(26))]}), json!("FILTERED_OUT")),
        (&inside, json!({"admissionIds": [inside["admissionId"]]}), json!("NOOP_TRANSITION")),
    ];
    for (ticket, input, reason) in cases {
        let path = format!("/tickets/{}/check-in", id(ticket));
        let refused = world.put("ticket.checkInByKey", &path, input).await;
        assert_eq!((refused.status, &refused.body["data"]["reason"]), (StatusCode::BAD_REQUEST, &reason));
        assert!(reason.is_null() || refused.body["data"]["ticket"] == *ticket);
    }
    let unknown = format!("/tickets/tkt_{}/check-in", "0".repeat(26));
    assert_eq!(world.put("ticket.checkInByKey", &unknown, json!({})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn tokens_permit_what_their_scopes_say() {
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}", id(&ticket));
    let tokens =
        [("", 401, 401), (world.demo.tokens.scanning.as_str(), 400, 403), (&world.demo.tokens.order, 403, 200)];
    for (token, scan, update) in tokens {
        let with =
            |request: reqwest::RequestBuilder| if token.is_empty() { request } else { request.bearer_auth(token) };
        let scanned = with(world.anonymous(Method::POST, &format!("{path}/scan"))).json(&json!({"kind": "CHECK_OUT"}));
        assert_eq!(world.answer("ticket.scan", scanned).await.status, scan);
        let updated = with(world.anonymous(Method::PUT, &path)).json(&json!({}));
        assert_eq!(world.answer("ticket.update", updated).await.status, update);
    }
    let other = world.http.get(format!("{}{path}", world.service.url())).header("x-tenant-id", "tnt_other");
    let crossed = other.bearer_auth(&world.demo.tokens.full);
    assert_eq!(world.answer("ticket.get", crossed).await.status, StatusCode::FORBIDDEN);
    let forged = world.anonymous(Method::GET, &path).bearer_auth("eyJ.eyJ.x");
    assert_eq!(world.answer("ticket.get", forged).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_signature_opens_its_own_order_only() {
    let world = World::new().await;
    let (order, signature) = (world.demo.order_id.as_str(), world.demo.order_signature.clone());
    let list = |order: &str, signature: &str| {
        world.anonymous(Method::GET, &format!("/tickets?orderId={order}&orderSignature={signature}"))
    };
    let own = world.send("ticket.list", list(order, &signature)).await;
    let ticket = &own["tickets"][0];
    let get = |signature: &str| world.anonymous(Method::GET, &format!("/tickets/{}?signature={signature}", id(ticket)));
    world.send("ticket.get", get(&signature)).await;
    let stranger = world.ticket("ACTIVE").await;
    let wrong = "A".repeat(16);
    for request in [
        list(order, &wrong),
        list(stranger["orderId"].as_str().unwrap(), &signature),
        get(&wrong),
        world.anonymous(Method::GET, &format!("/tickets/{}?signature={signature}", id(&stranger))),
    ] {
        assert_eq!(world.answer("ticket.get", request).await.status, StatusCode::FORBIDDEN);
    }
}

#[rstest]
#[case::no_filter(Method::GET, "/tickets", None, 400)]
#[case::bad_limit(Method::GET, "/tickets?eventId=evt_00000000000000000000000000&limit=101", None, 422)]
#[case::unknown_field(Method::GET, "/tickets?eventId=evt_00000000000000000000000000&colour=red", None, 422)]
#[case::wrong_kind(Method::GET, "/tickets?eventId=ord_00000000000000000000000000", None, 422)]
#[case::bad_cursor(Method::GET, "/tickets?eventId=evt_00000000000000000000000000&cursor=nonsense", None, 422)]
#[case::not_json(Method::POST, "/tickets/tkt_1/scan", Some("{"), 400)]
#[case::no_object(Method::POST, "/tickets/tkt_1/scan", Some("[]"), 422)]
#[case::no_kind(Method::POST, "/tickets/tkt_1/scan", Some("{}"), 422)]
#[case::bad_kind(Method::POST, "/tickets/tkt_1/scan", Some(r#"{"kind": "IN"}"#), 422)]
#[case::missing(Method::GET, "/tickets/tkt_1", None, 404)]
#[tokio::test]
async fn bad_input_is_told(
    #[case] method: Method,
    #[case] path: &str,
    #[case] body: Option<&'static str>,
    #[case] status: u16,
) {
    let world = World::new().await;
    let mut request = world.request(method, path);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body);
    }
    let answer = world.answer("ticket.scan", request).await;
    assert_eq!(answer.status, status);
    assert_eq!(status == 422, answer.body["data"]["fieldErrors"].is_object());
}

#[tokio::test]
async fn what_is_no_operation_is_told_apart() {
    let world = World::new().await;
    let huge = format!(r#"{{"kind": "{}"}}"#, "x".repeat(300 * 1024));
    for (request, status, code) in [
        (world.request(Method::GET, "/nothing/here"), 404, "NOT_FOUND"),
        (world.request(Method::DELETE, "/tickets"), 405, "METHOD_NOT_SUPPORTED"),
        (world.request(Method::POST, "/tickets/tkt_1/scan").body(huge), 413, "PAYLOAD_TOO_LARGE"),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        let body: serde_json::Value = response.json().await.unwrap();
        assert_eq!((&body["defined"], &body["code"]), (&json!(false), &json!(code)));
    }
    let no_tenant = world.http.get(format!("{}/events", world.service.url()));
    assert_eq!(world.answer("event.list", no_tenant).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_token_that_asks_too_often_is_told_to_wait() {
    let number = |number| std::num::NonZeroU32::new(number).unwrap();
    let limit = doorlist::server::RateLimit { per_second: number(1), burst: number(3) };
    let settings = doorlist::server::ServiceSettings::temporary();
    let world = World::with(doorlist::server::ServiceSettings { rate_limit: Some(limit), ..settings }).await;
    let mut last = None;
    for _ in 0..20 {
        last = Some(world.request(Method::GET, "/users/me").send().await.unwrap());
    }
    let last = last.unwrap();
    assert_eq!(last.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(last.headers()["retry-after"], "1");
}
