//! Input that does not fit: which field, and in which shape it is told.

use doorlist::server::ServiceSettings;
use reqwest::{Method, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};

use super::calls;
use super::schemas::{input, route};
use super::support::World;

#[tokio::test]
async fn every_operation_refuses_a_field_that_it_does_not_know() {
    let world = World::new().await;
    for call in calls::every(&world).await {
        let request = call
            .clone()
            .with("colour", "red")
            .request(&world, &world.demo.tenant_id)
            .bearer_auth(&world.demo.tokens.full);
        let answer = world.answer(call.operation, request).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", call.operation);
        assert_eq!(answer.body["data"], json!({"formErrors": [], "fieldErrors": {"colour": ["Unknown field"]}}));
    }
}

#[tokio::test]
async fn every_operation_names_each_required_field_of_its_body() {
    let world = World::new().await;
    for mut call in calls::every(&world).await.into_iter().filter(|call| call.body.is_some()) {
        call.body = Some(json!({}));
        let request = call.request(&world, &world.demo.tenant_id).bearer_auth(&world.demo.tokens.full);
        let answer = world.answer(call.operation, request).await;
        let in_path = |name: &&str| route(call.operation).1.contains(&format!("{{{name}}}"));
        let required = input(call.operation)["required"].as_array().into_iter().flatten();
        let missing: Vec<_> = required.map(|name| name.as_str().unwrap()).filter(|name| !in_path(name)).collect();
        let named = answer.body["data"]["fieldErrors"].as_object().map(serde_json::Map::len).unwrap_or_default();
        assert_eq!(named, missing.len(), "{}: {}", call.operation, answer.body);
        for name in missing {
            assert_eq!(answer.body["data"]["fieldErrors"][name], json!(["Required"]), "{}", call.operation);
        }
    }
}

const EVENT: &str = "evt_00000000000000000000000000";
const TICKET: &str = "/tickets/tkt_00000000000000000000000000";

/// A query that does not fit, and the field that is named.
#[rstest]
#[case::limit_low("ticket.list", format!("/tickets?eventId={EVENT}&limit=0"), "limit")]
#[case::limit_high("ticket.list", format!("/tickets?eventId={EVENT}&limit=101"), "limit")]
#[case::limit_word("ticket.list", format!("/tickets?eventId={EVENT}&limit=ten"), "limit")]
#[case::limit_part("ticket.list", format!("/tickets?eventId={EVENT}&limit=1.5"), "limit")]
#[case::limit_twice("ticket.list", format!("/tickets?eventId={EVENT}&limit=1&limit=2"), "limit")]
#[case::event_is_an_order("ticket.list", "/tickets?eventId=ord_00000000000000000000000000".to_owned(), "eventId")]
#[case::order_short("ticket.list", "/tickets?orderId=ord_1".to_owned(), "orderId")]
#[case::customer_capitals("ticket.list", format!("/tickets?customerId=CUS_{}", "0".repeat(26)), "customerId")]
#[case::promoter("ticket.list", "/tickets?promoterId=".to_owned(), "promoterId")]
#[case::status("ticket.list", format!("/tickets?eventId={EVENT}&status=active"), "status")]
#[case::signature("ticket.list", format!("/tickets?orderId=ord_{}&orderSignature=short", "0".repeat(26)), "orderSignature")]
#[case::one_signature("ticket.get", format!("{TICKET}?signature=12345678901234567"), "signature")]
#[case::roster_event("ticket.attendees.list", "/tickets/attendees".to_owned(), "eventId")]
#[case::roster_tiers("ticket.attendees.list", format!("/tickets/attendees?eventId={EVENT}&admissionIds[0]=sct_{}", "0".repeat(26)), "admissionIds")]
#[case::index_sections("ticket.attendees.index", format!("/tickets/attendees/index?eventId={EVENT}&sectionIds=x"), "sectionIds")]
#[case::events_status("event.list", "/events?status=OVER".to_owned(), "status")]
#[case::events_place("event.list", "/events?latitude=91".to_owned(), "latitude")]
#[case::events_radius("event.list", "/events?radius=0".to_owned(), "radius")]
#[case::events_day("event.list", "/events?from=2026-02-30".to_owned(), "from")]
#[case::events_time("event.list", "/events?from=2026-02-03T10:00:00".to_owned(), "from")]
#[case::event_twice("event.get", format!("/events/{EVENT}?key=other"), "key")]
#[case::event_as_list("event.get", format!("/events/{EVENT}?key[0]={EVENT}"), "key")]
#[case::events_query("event.list", format!("/events?query={}", "x".repeat(121)), "query")]
#[case::admission_kind("admission.get", format!("/events/{EVENT}/admissions/sct_{}", "0".repeat(26)), "id")]
#[case::admission_event("admission.get", format!("/events/tonight/admissions/adm_{}", "0".repeat(26)), "eventId")]
#[case::granularity("event.performance.pace", format!("/events/{EVENT}/performance/pace?granularity=DAY"), "granularity")]
#[case::scanners("event.performance.scanners", format!("/events/{EVENT}/performance/scanners?limit=51"), "limit")]
#[case::include("event.performance.turnout", format!("/events/{EVENT}/performance/turnout?includeSection=yes"), "includeSection")]
#[case::filters("order.list", "/orders?filters[0][field]=COLOUR&filters[0][operator]=IS&filters[0][values][0]=x".to_owned(), "filters")]
#[case::filter_values("order.list", "/orders?filters[0][field]=TOTAL&filters[0][operator]=GTE".to_owned(), "filters")]
#[case::sort("order.list", "/orders?sort=NAME".to_owned(), "sort")]
#[tokio::test]
async fn a_query_that_does_not_fit(#[case] operation: &str, #[case] path: String, #[case] field: &str) {
    let world = World::new().await;
    let answer = world.answer(operation, world.request(Method::GET, &path)).await;
    told(&answer.body, answer.status, field);
}

/// A body that does not fit, and the field that is named.
#[rstest]
#[case::kind_missing("ticket.scan", Method::POST, "/scan", json!({}), "kind")]
#[case::kind_wrong("ticket.scan", Method::POST, "/scan", json!({"kind": "IN"}), "kind")]
#[case::kind_type("ticket.scan", Method::POST, "/scan", json!({"kind": 1}), "kind")]
#[case::device_type("ticket.scan", Method::POST, "/scan", json!({"kind": "CHECK_IN", "deviceId": null}), "deviceId")]
#[case::event_kind("ticket.checkInByKey", Method::PUT, "/check-in", json!({"eventId": "tkt_1"}), "eventId")]
#[case::tiers_kind("ticket.checkInByKey", Method::PUT, "/check-in", json!({"admissionIds": [EVENT]}), "admissionIds")]
#[case::tiers_type("ticket.checkInByKey", Method::PUT, "/check-in", json!({"admissionIds": "x"}), "admissionIds")]
#[case::sections("ticket.checkOutByKey", Method::PUT, "/check-out", json!({"sectionIds": [1]}), "sectionIds")]
#[case::partial("ticket.checkInByKey", Method::PUT, "/check-in", json!({"allowPartialOrderCheckIn": "yes"}), "allowPartialOrderCheckIn")]
#[case::key_empty("ticket.checkInByKey", Method::PUT, "/check-in", json!({"idempotencyKey": ""}), "idempotencyKey")]
#[case::key_long("ticket.checkInByKey", Method::PUT, "/check-in", json!({"idempotencyKey": "x".repeat(256)}), "idempotencyKey")]
#[case::redeem("ticket.update", Method::PUT, "", json!({"status": "REDEEMED"}), "status")]
#[case::no_name("ticket.update", Method::PUT, "", json!({"attendee": {"firstName": ""}}), "attendee")]
#[case::email("ticket.update", Method::PUT, "", json!({"attendee": {"email": "ada@example"}}), "attendee")]
#[case::attendee("ticket.update", Method::PUT, "", json!({"attendee": "Ada"}), "attendee")]
#[case::tier("ticket.update", Method::PUT, "", json!({"admissionId": "adm_1"}), "admissionId")]
#[case::other_id("ticket.update", Method::PUT, "", json!({"id": "tkt_1"}), "id")]
#[case::number_as_id("ticket.update", Method::PUT, "", json!({"id": 5}), "id")]
#[case::no_id("ticket.update", Method::PUT, "", json!({"id": null}), "id")]
#[tokio::test]
async fn a_body_that_does_not_fit(
    #[case] operation: &str,
    #[case] method: Method,
    #[case] act: &str,
    #[case] body: Value,
    #[case] field: &str,
) {
    let world = World::new().await;
    let answer = world.answer(operation, world.request(method, &format!("{TICKET}{act}")).json(&body)).await;
    told(&answer.body, answer.status, field);
}

/// What a new ticket or a free order cannot be made of.
#[rstest]
#[case::quantity_none("/orders/complimentary", "items", json!([{"quantity": 0}]))]
#[case::quantity_part("/orders/complimentary", "items", json!([{"quantity": 1.5}]))]
#[case::no_items("/orders/complimentary", "items", json!([]))]
#[case::email("/orders/complimentary", "customer", json!({"firstName": "A", "lastName": "B", "email": "a b@c.de"}))]
#[case::no_last_name("/orders/complimentary", "customer", json!({"firstName": "A", "email": "a@example.com"}))]
#[case::notify("/orders/complimentary", "notifyCustomer", json!(1))]
#[case::status("/tickets", "status", json!("NEW"))]
#[case::customer("/tickets", "customerId", json!("ord_00000000000000000000000000"))]
#[case::item_id("/tickets", "orderItemId", json!(7))]
#[tokio::test]
async fn what_cannot_be_issued(#[case] path: &str, #[case] field: &str, #[case] value: Value) {
    let world = World::new().await;
    let call = calls::every(&world).await.into_iter().find(|call| call.method == Method::POST && call.path == path);
    let mut call = call.unwrap();
    call.body.as_mut().unwrap()[field] = value;
    let request = call.request(&world, &world.demo.tenant_id).bearer_auth(&world.demo.tokens.full);
    let answer = world.answer(call.operation, request).await;
    told(&answer.body, answer.status, field);
}

/// The contract is strict at the top level only: what it does not know further in is left aside.
#[rstest]
#[case::item("/items/0", "seat")]
#[case::customer("/customer", "loyalty")]
#[tokio::test]
async fn what_is_unknown_further_in_is_left_aside(#[case] place: &str, #[case] name: &str) {
    let world = World::new().await;
    let mut comp = world.comp(1).await;
    comp.pointer_mut(place).unwrap()[name] = json!({"any": "thing"});
    let made = world.post("order.createComplimentary", "/orders/complimentary", comp).await;
    assert_eq!(made.status, StatusCode::OK, "{place}: {}", made.body);
    assert!(!made.body.to_string().contains(name), "{}", made.body);
}

#[tokio::test]
async fn what_is_unknown_in_an_orders_filter_is_left_aside() {
    let world = World::new().await;
    let known = "filters[0][field]=TICKETS&filters[0][operator]=GTE&filters[0][values][0]=4";
    let plain = world.get("order.list", &format!("/orders?{known}")).await;
    assert_ne!(plain["orders"], json!([]));
    assert_eq!(world.get("order.list", &format!("/orders?{known}&filters[0][colour]=red")).await, plain);
}

/// This field is wrong, and no other.
fn told(body: &Value, status: StatusCode, field: &str) {
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    let named: Vec<_> = body["data"]["fieldErrors"].as_object().unwrap().keys().collect();
    assert_eq!(named, [field], "{body}");
}

/// What fits the schema and still makes no sense is 400.
#[rstest]
#[case::no_filter("ticket.list", "/tickets")]
#[case::cursor("ticket.list", "/tickets?eventId=evt_00000000000000000000000000&cursor=nonsense")]
#[case::two_places(
    "ticket.attendees.list",
    "/tickets/attendees?eventId=evt_00000000000000000000000000&cursor=YQ&before=YQ"
)]
#[case::events_cursor("event.list", "/events?cursor=nonsense")]
#[case::orders_cursor("order.list", "/orders?cursor=nonsense")]
#[case::not_a_number("order.list", "/orders?filters[0][field]=TOTAL&filters[0][operator]=IS&filters[0][values][0]=x")]
#[case::too_few("order.list", "/orders?filters[0][field]=TOTAL&filters[0][operator]=BETWEEN&filters[0][values][0]=1")]
#[tokio::test]
async fn a_query_that_makes_no_sense(#[case] operation: &str, #[case] path: &str) {
    let world = World::new().await;
    assert_eq!(world.answer(operation, world.request(Method::GET, path)).await.status, StatusCode::BAD_REQUEST);
}

/// Every different word costs a look at every row; words that say nothing new cost nothing.
#[rstest]
#[case::tickets("ticket.list", format!("/tickets?eventId={EVENT}"))]
#[case::roster("ticket.attendees.list", format!("/tickets/attendees?eventId={EVENT}"))]
#[case::orders("order.list", "/orders?limit=20".to_owned())]
#[tokio::test]
async fn a_query_has_so_many_different_words_and_no_more(#[case] operation: &str, #[case] path: String) {
    let world = World::new().await;
    let words = |count: usize| (0..count).map(|number| format!("x{number:03}")).collect::<Vec<_>>().join("+");
    for (query, status) in [(words(32), 200), (vec!["a"; 4_000].join("+"), 200), (words(33), 400)] {
        let answer = world.answer(operation, world.request(Method::GET, &format!("{path}&query={query}"))).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
}

#[rstest]
#[case::cut("{", "application/json", 400)]
#[case::trailing(r#"{"kind": "CHECK_IN"} {}"#, "application/json", 400)]
#[case::not_unicode("{\"kind\": \"\\ud800\"}", "application/json", 400)]
#[case::form("kind=CHECK_IN", "application/x-www-form-urlencoded", 400)]
#[case::list("[]", "application/json", 422)]
#[case::word("null", "application/json", 422)]
#[tokio::test]
async fn a_body_that_is_no_json_object(#[case] body: &'static str, #[case] kind: &str, #[case] status: u16) {
    let world = World::new().await;
    let request = world.request(Method::POST, &format!("{TICKET}/scan")).header("content-type", kind).body(body);
    let answer = world.answer("ticket.scan", request).await;
    assert_eq!(answer.status, status, "{}", answer.body);
    if status == 422 {
        assert_eq!(answer.body["data"], json!({"formErrors": ["Expected an object"], "fieldErrors": {}}));
    }
}

#[tokio::test]
async fn what_is_no_operation_is_told_apart() {
    let world = World::new().await;
    for (request, status, code) in [
        (world.request(Method::GET, "/nothing/here"), 404, "NOT_FOUND"),
        (world.request(Method::GET, "/tickets/"), 404, "NOT_FOUND"),
        (world.request(Method::DELETE, "/tickets"), 405, "METHOD_NOT_SUPPORTED"),
        (world.request(Method::GET, "/orders/complimentary/"), 404, "NOT_FOUND"),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers().contains_key("allow"), status == 405);
        let body: Value = response.json().await.unwrap();
        assert_eq!((&body["defined"], &body["code"]), (&json!(false), &json!(code)));
    }
    let no_tenant = world.http.get(format!("{}/events", world.service.url()));
    assert_eq!(world.answer("event.list", no_tenant).await.status, StatusCode::BAD_REQUEST);
    let head = world.request(Method::HEAD, &format!("/tickets?eventId={}", world.demo.event_id.as_str()));
    assert_eq!(head.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_body_of_256_kib_is_read_and_a_byte_more_is_not() {
    const MOST: usize = 256 * 1024;
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}/scan", super::support::id(&ticket));
    let body = |length: usize| {
        let start = r#"{"kind": "CHECK_IN", "deviceId": ""#;
        format!("{start}{}\"}}", "x".repeat(length - start.len() - 2))
    };
    let send = |length| {
        world.request(Method::POST, &path).header("content-type", "application/json").body(body(length)).send()
    };
    let over = send(MOST + 1).await.unwrap();
    assert_eq!(over.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let over: Value = over.json().await.unwrap();
    assert_eq!((&over["status"], &over["code"]), (&json!(413), &json!("PAYLOAD_TOO_LARGE")));
    assert_eq!(send(MOST).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_token_that_asks_too_often_is_told_to_wait() {
    let number = |number| std::num::NonZeroU32::new(number).unwrap();
    let limit = doorlist::server::RateLimit { per_second: number(1), burst: number(3) };
    let world = World::with(ServiceSettings { rate_limit: Some(limit), ..ServiceSettings::temporary() }).await;
    let mut last = None;
    for _ in 0..20 {
        last = Some(world.request(Method::GET, "/users/me").send().await.unwrap());
    }
    let last = last.unwrap();
    assert_eq!(last.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(last.headers()["retry-after"], "1");
    let me = world.answer("user.me", world.request(Method::GET, "/users/me")).await;
    assert_eq!(me.body["code"], "TOO_MANY_REQUESTS");
    let other = world.anonymous(Method::GET, "/users/me").bearer_auth(&world.demo.tokens.scanning);
    assert_eq!(world.answer("user.me", other).await.status, StatusCode::OK);
}
