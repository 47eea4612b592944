//! Every operation with everything that it is said to answer: success, and each refusal.
//!
//! What there is to be shown is read from the service's own description and from the contract's schemas, so that an
//! operation, a status or a reason without a case fails here.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use doorlist::domain::TenantId;
use doorlist::server::{RateLimit, Scope, ServiceSettings};
use reqwest::RequestBuilder;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::calls::{self, Call};
use super::schemas::{operations, reasons, told};
use super::support::{World, id};

/// An idempotency key that was used for another ticket.
const USED: &str = "used";

#[tokio::test]
async fn every_operation_gives_every_answer_that_it_is_said_to_give() {
    let (world, limited) = (World::new().await, limited().await);
    let other = world.order(1).await.remove(0);
    let used = json!({"idempotencyKey": USED});
    world.put("ticket.checkInByKey", &format!("/tickets/{}/check-in", id(&other)), used).await;
    let document = world.document().await;
    let calls = calls::every(&world).await;
    assert_eq!(calls.len(), operations().count());
    for call in &calls {
        for status in promised(document, call.operation) {
            let answer = match status.as_str() {
                "429" => often(&limited, call).await,
                status => world.answer(call.operation, answered_with(&world, call, status)).await,
            };
            assert_eq!(answer.status.as_str(), status, "{}: {}", call.operation, answer.body);
        }
    }
}

/// What the operation is said to answer, but for a fault of the service's own.
fn promised(document: &Value, operation: &str) -> Vec<String> {
    let statuses = told(document, operation)["responses"].as_object().unwrap().keys();
    statuses.filter(|status| *status != "500").cloned().collect()
}

/// The call, changed so that it must be answered with this status.
fn answered_with(world: &World, call: &Call, status: &str) -> RequestBuilder {
    let tenant = &world.demo.tenant_id;
    let call = match status {
        "404" => call.clone().elsewhere(),
        "409" => call.clone().with("idempotencyKey", USED),
        "422" => call.clone().with("colour", "red"),
        _ => call.clone(),
    };
    let token = match status {
        "401" => world.token(tenant, &[Scope::Full], -120),
        "403" => world.token(&TenantId::from_service(format!("tnt_{}", "5".repeat(26))), &[Scope::Full], 60),
        _ => world.demo.tokens.full.clone(),
    };
    let request = call.request(world, tenant).bearer_auth(token);
    match status {
        "200" | "401" | "403" | "404" | "409" | "422" => request,
        // An empty header names no tenant.
        "400" => {
            request.headers(HeaderMap::from_iter([("x-tenant-id".parse().unwrap(), HeaderValue::from_static(""))]))
        }
        "413" => request.body("x".repeat(256 * 1024 + 1)),
        other => panic!("{}: there is no case of {other}", call.operation),
    }
}

/// A service whose tokens may ask once a second.
async fn limited() -> World {
    let once = RateLimit { per_second: NonZeroU32::MIN, burst: NonZeroU32::MIN };
    World::with(ServiceSettings { rate_limit: Some(once), ..ServiceSettings::temporary() }).await
}

/// The call until it is told to wait: at once, unless the machine took a second for the one before.
async fn often(limited: &World, call: &Call) -> super::support::Answer {
    /// More than enough: a second passes between two of these on no machine every time.
    const PATIENCE: usize = 1_000;
    for _ in 0..PATIENCE {
        let request = call.request(limited, &limited.demo.tenant_id).bearer_auth(&limited.demo.tokens.full);
        let answer = limited.answer(call.operation, request).await;
        if answer.status == 429 {
            return answer;
        }
    }
    panic!("{}: never told to wait", call.operation);
}

/// What refuses a scan is in the contract's words only; what refuses by key is in its schemas.
const OF_A_SCAN: [&str; 3] = ["ALREADY_CHECKED_IN", "NOT_CHECKED_IN", "TICKET_CANCELLED"];
/// In the schema of check-out as of check-in, but check-out ignores filters and asks no question.
const OF_CHECK_IN_ONLY: [&str; 2] = ["FILTERED_OUT", "PARTIAL_ORDER_CONFIRMATION_REQUIRED"];

#[tokio::test]
async fn every_reason_of_the_contract_is_given() {
    let mut wanted: BTreeSet<_> = OF_A_SCAN.map(|reason| ("ticket.scan", reason)).into();
    wanted.extend(reasons("ticket.checkInByKey").into_iter().map(|reason| ("ticket.checkInByKey", reason)));
    let out = reasons("ticket.checkOutByKey").into_iter().filter(|reason| !OF_CHECK_IN_ONLY.contains(reason));
    wanted.extend(out.map(|reason| ("ticket.checkOutByKey", reason)));
    let world = World::new().await;
    let (active, inside, cancelled) =
        (world.ticket("ACTIVE").await, world.ticket("REDEEMED").await, world.ticket("CANCELLED").await);
    let order = world.order(2).await;
    world.put("ticket.checkInByKey", &format!("/tickets/{}/check-in", id(&order[0])), json!({})).await;
    let order = order[0]["orderId"].as_str().unwrap();
    let other_event = json!({"eventId": format!("evt_{}", "0".repeat(26))});
    let other_tier = json!({"admissionIds": [format!("adm_{}", "0".repeat(26))]});
    let (into, out) = (json!({"kind": "CHECK_IN"}), json!({"kind": "CHECK_OUT"}));
    let mut given = BTreeSet::new();
    for (operation, key, body, reason) in [
        ("ticket.scan", id(&inside), into.clone(), "ALREADY_CHECKED_IN"),
        ("ticket.scan", id(&active), out, "NOT_CHECKED_IN"),
        ("ticket.scan", id(&cancelled), into, "TICKET_CANCELLED"),
        ("ticket.checkInByKey", id(&inside), json!({}), "NOOP_TRANSITION"),
        ("ticket.checkInByKey", id(&active), other_event.clone(), "EVENT_MISMATCH"),
        ("ticket.checkInByKey", id(&active), other_tier, "FILTERED_OUT"),
        ("ticket.checkInByKey", order, json!({}), "PARTIAL_ORDER_CONFIRMATION_REQUIRED"),
        ("ticket.checkOutByKey", id(&active), json!({}), "NOOP_TRANSITION"),
        ("ticket.checkOutByKey", id(&inside), other_event, "EVENT_MISMATCH"),
    ] {
        let call = Call::of(operation, &[key], body);
        let request = call.request(&world, &world.demo.tenant_id).bearer_auth(&world.demo.tokens.full);
        let refused = world.answer(operation, request).await;
        assert_eq!((refused.status.as_u16(), &refused.body["data"]["reason"]), (400, &json!(reason)), "{operation}");
        given.insert((operation, reason));
    }
    assert_eq!(given, wanted);
}
