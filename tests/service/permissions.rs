//! Who may do what: every operation with every kind of token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorlist::server::{Scope, SigningKey};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::calls;
use super::support::{World, id, token};

/// Any of these scopes will do; `None` is public, and none named means that every valid token does.
fn needed(operation: &str) -> Option<&'static [Scope]> {
    Some(match operation {
        "ticket.scan" | "ticket.checkInByKey" | "ticket.checkOutByKey" => &[Scope::Scanning],
        "ticket.create" | "ticket.update" => &[Scope::Order],
        "ticket.get" | "ticket.list" => &[Scope::Scanning, Scope::Order],
        "user.me" => &[],
        _ if operation.starts_with("ticket.attendees.") => &[Scope::Scanning, Scope::Order],
        _ if operation.starts_with("order.") => &[Scope::Order],
        _ if operation.starts_with("event.performance.") => &[Scope::Scanning, Scope::Order, Scope::Event],
        _ => return None,
    })
}

fn permits(scope: Scope, operation: &str) -> bool {
    needed(operation).is_none_or(|any_of| any_of.is_empty() || scope == Scope::Full || any_of.contains(&scope))
}

#[tokio::test]
async fn every_operation_asks_for_its_own_scopes() {
    let world = World::new().await;
    let tenant = &world.demo.tenant_id;
    for call in calls::every(&world).await {
        let operation = call.operation;
        let bare = world.answer(operation, call.request(&world, tenant)).await.status;
        let expected = if needed(operation).is_none() { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(bare, expected, "{operation} without a token");
        let mut done = false;
        for scope in Scope::ALL {
            let token = world.token(tenant, &[scope], 60);
            let status = world.answer(operation, call.request(&world, tenant).bearer_auth(token)).await.status;
            // A guest who is in already is refused by a rule of the door, which is past the permission.
            let allowed = status == StatusCode::OK || (done && status == StatusCode::BAD_REQUEST);
            let forbidden = status == StatusCode::FORBIDDEN;
            assert_eq!(
                (allowed, forbidden),
                if permits(scope, operation) { (true, false) } else { (false, true) },
                "{operation} with {scope:?}: {status}"
            );
            done |= allowed;
        }
        assert!(done, "{operation} was never done");
    }
}

#[tokio::test]
async fn several_scopes_permit_what_any_of_them_does() {
    let world = World::new().await;
    let tenant = &world.demo.tenant_id;
    for call in calls::every(&world).await {
        let none = world.token(tenant, &[], 60);
        let none = world.answer(call.operation, call.request(&world, tenant).bearer_auth(none)).await.status;
        let open = needed(call.operation).is_none_or(<[Scope]>::is_empty);
        assert_eq!(none, if open { StatusCode::OK } else { StatusCode::FORBIDDEN }, "{}", call.operation);
        let both = world.token(tenant, &[Scope::Venue, Scope::Scanning, Scope::Order], 60);
        let both = world.answer(call.operation, call.request(&world, tenant).bearer_auth(both)).await.status;
        assert_eq!(both, StatusCode::OK, "{}", call.operation);
    }
}

/// Tokens that nobody should believe.
fn false_tokens(world: &World) -> Vec<(&'static str, String)> {
    let tenant = &world.demo.tenant_id;
    let good = world.token(tenant, &[Scope::Full], 60);
    let mut parts = good.split('.');
    let (head, claims, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let unsigned = URL_SAFE_NO_PAD.encode(json!({"alg": "none", "typ": "JWT"}).to_string());
    let mut raised: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    raised["exp"] = json!(raised["exp"].as_i64().unwrap() + 1);
    let raised = URL_SAFE_NO_PAD.encode(raised.to_string());
    vec![
        ("expired", world.token(tenant, &[Scope::Full], -120)),
        ("of another key", token(&SigningKey::generate(), tenant, &[Scope::Full], 60)),
        ("unsigned", format!("{unsigned}.{claims}.")),
        ("with another signature", format!("{head}.{claims}.{}", signature.chars().rev().collect::<String>())),
        ("with other claims", format!("{head}.{raised}.{signature}")),
        ("no token at all", "tickets-please".to_owned()),
        ("empty", String::new()),
    ]
}

#[tokio::test]
async fn no_operation_believes_a_false_token() {
    let world = World::new().await;
    let tenant = &world.demo.tenant_id;
    let tokens = false_tokens(&world);
    for call in calls::every(&world).await {
        for (what, token) in &tokens {
            let status = world.answer(call.operation, call.request(&world, tenant).bearer_auth(token)).await.status;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{} with a token that is {what}", call.operation);
        }
        let basic = call.request(&world, tenant).basic_auth("robin", Some("secret"));
        assert_eq!(world.answer(call.operation, basic).await.status, StatusCode::UNAUTHORIZED, "{}", call.operation);
    }
}

#[tokio::test]
async fn a_signature_opens_its_own_order_only() {
    let world = World::new().await;
    let (order, signature) = (world.demo.order_id.as_str(), world.demo.order_signature.clone());
    let list = |order: &str, signature: &str| {
        world.anonymous(Method::GET, &format!("/tickets?orderId={order}&orderSignature={signature}"))
    };
    let own = world.send("ticket.list", list(order, &signature)).await;
    assert!(own["tickets"].as_array().unwrap().iter().all(|ticket| ticket["orderId"] == order));
    let ticket = &own["tickets"][0];
    let get = |signature: &str| world.anonymous(Method::GET, &format!("/tickets/{}?signature={signature}", id(ticket)));
    assert_eq!(world.send("ticket.get", get(&signature)).await["ticket"], *ticket);
    let order_by = |signature: &str| world.anonymous(Method::GET, &format!("/orders/{order}?signature={signature}"));
    assert_eq!(world.send("order.get", order_by(&signature)).await["order"]["id"], order);
    let others = world.all_tickets("").await;
    let stranger = others.iter().find(|other| other["orderId"] != *order).unwrap();
    let wrong = "A".repeat(16);
    for (operation, request) in [
        ("ticket.list", list(order, &wrong)),
        ("ticket.list", list(stranger["orderId"].as_str().unwrap(), &signature)),
        ("ticket.get", get(&wrong)),
        ("ticket.get", world.anonymous(Method::GET, &format!("/tickets/{}?signature={signature}", id(stranger)))),
        ("ticket.get", world.anonymous(Method::GET, &format!("/tickets/tkt_{}?signature={signature}", "0".repeat(26)))),
        ("order.get", order_by(&wrong)),
        // A signature that is given is judged, whatever else was brought.
        ("ticket.list", list(order, &wrong).bearer_auth(&world.demo.tokens.full)),
    ] {
        assert_eq!(world.answer(operation, request).await.status, StatusCode::FORBIDDEN);
    }
    // Every character counts: none of those that differ in one is taken for it.
    for place in 0..signature.len() {
        let mut near: Vec<_> = signature.chars().collect();
        near[place] = if near[place] == 'A' { 'B' } else { 'A' };
        let near: String = near.into_iter().collect();
        assert_eq!(world.answer("ticket.list", list(order, &near)).await.status, StatusCode::FORBIDDEN, "{place}");
    }
    let without_order = world.anonymous(Method::GET, &format!("/tickets?orderSignature={signature}"));
    assert_eq!(world.answer("ticket.list", without_order).await.status, StatusCode::BAD_REQUEST);
}
