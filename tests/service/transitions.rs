//! The whole transition table of the contract, by every route that leads into it, and the same for orders.

use reqwest::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{Answer, World, id};

/// What is asked, in the table's words.
#[derive(Debug, Clone, Copy)]
enum Act {
    CheckIn,
    CheckOut,
    Cancel,
    Reactivate,
}

/// By which operation, on which key.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Route {
    Scan,
    Ticket,
    Order,
    Update,
}

/// Done with this status, or refused, with the reason that a scan tells.
type Cell = Result<&'static str, &'static str>;

async fn ask(world: &World, ticket: &Value, act: Act, route: Route) -> Answer {
    let key = if route == Route::Order { ticket["orderId"].as_str().unwrap() } else { id(ticket) };
    let path = |rest: &str| format!("/tickets/{key}{rest}");
    match (route, act) {
        (Route::Scan, Act::CheckIn) => world.post("ticket.scan", &path("/scan"), json!({"kind": "CHECK_IN"})).await,
        (Route::Scan, _) => world.post("ticket.scan", &path("/scan"), json!({"kind": "CHECK_OUT"})).await,
        (Route::Update, Act::Cancel) => world.put("ticket.update", &path(""), json!({"status": "CANCELLED"})).await,
        (Route::Update, _) => world.put("ticket.update", &path(""), json!({"status": "ACTIVE"})).await,
        (_, Act::CheckIn) => world.put("ticket.checkInByKey", &path("/check-in"), json!({})).await,
        (..) => world.put("ticket.checkOutByKey", &path("/check-out"), json!({})).await,
    }
}

/// The tickets of a fresh order, in these statuses.
async fn tickets(world: &World, statuses: &[&str]) -> Vec<Value> {
    let tickets = world.order(statuses.len()).await;
    for (ticket, status) in tickets.iter().zip(statuses) {
        match *status {
            "REDEEMED" => drop(ask(world, ticket, Act::CheckIn, Route::Scan).await),
            "CANCELLED" => drop(ask(world, ticket, Act::Cancel, Route::Update).await),
            _ => {}
        }
    }
    let mut told = Vec::new();
    for ticket in &tickets {
        told.push(world.get("ticket.get", &format!("/tickets/{}", id(ticket))).await["ticket"].clone());
        assert_eq!(told.last().unwrap()["status"], statuses[told.len() - 1]);
    }
    told
}

#[rstest]
#[case("ACTIVE", Act::CheckIn, Ok("REDEEMED"))]
#[case("ACTIVE", Act::CheckOut, Err("NOT_CHECKED_IN"))]
#[case("ACTIVE", Act::Cancel, Ok("CANCELLED"))]
#[case("ACTIVE", Act::Reactivate, Ok("ACTIVE"))]
#[case("REDEEMED", Act::CheckIn, Err("ALREADY_CHECKED_IN"))]
#[case("REDEEMED", Act::CheckOut, Ok("ACTIVE"))]
#[case("REDEEMED", Act::Cancel, Ok("CANCELLED"))]
#[case("REDEEMED", Act::Reactivate, Err("check it out instead"))]
#[case("CANCELLED", Act::CheckIn, Err("TICKET_CANCELLED"))]
#[case("CANCELLED", Act::CheckOut, Err("TICKET_CANCELLED"))]
#[case("CANCELLED", Act::Cancel, Ok("CANCELLED"))]
#[case("CANCELLED", Act::Reactivate, Ok("ACTIVE"))]
#[tokio::test]
async fn every_cell_by_every_route(#[case] from: &str, #[case] act: Act, #[case] cell: Cell) {
    let world = World::new().await;
    let routes: &[Route] = match act {
        Act::CheckIn | Act::CheckOut => &[Route::Scan, Route::Ticket, Route::Order],
        Act::Cancel | Act::Reactivate => &[Route::Update],
    };
    for route in routes {
        let before = tickets(&world, &[from]).await.remove(0);
        let answer = ask(&world, &before, act, *route).await;
        let after = world.get("ticket.get", &format!("/tickets/{}", id(&before))).await["ticket"].clone();
        let what = format!("{act:?} of {from} by {route:?}: {}", answer.body);
        let Ok(status) = cell else {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
            assert_eq!(told_reason(&answer.body, *route), by_route(cell.unwrap_err(), *route), "{what}");
            assert_eq!(after, before, "{what}");
            continue;
        };
        assert_eq!((answer.status, &after["status"]), (StatusCode::OK, &json!(status)), "{what}");
        let told = answer.body.get("ticket").unwrap_or(&answer.body["tickets"][0]);
        assert_eq!(*told, after, "{what}");
        let scans = |ticket: &Value| ticket["scans"].as_array().unwrap().len();
        assert_eq!(scans(&after), scans(&before) + usize::from(*route != Route::Update), "{what}");
        assert_eq!(after["updatedAt"] != before["updatedAt"], status != from, "{what}");
    }
}

/// By key a ticket that is in already, or is not in, leaves nothing to do, and a cancelled one is told in words alone.
fn by_route(reason: &str, route: Route) -> Option<&str> {
    match (route, reason) {
        (Route::Scan | Route::Update, reason) => Some(reason),
        (_, "TICKET_CANCELLED") => None,
        _ => Some("NOOP_TRANSITION"),
    }
}

fn told_reason(body: &Value, route: Route) -> Option<&str> {
    let words = body["message"].as_str().and_then(|message| message.split(": ").nth(1));
    if route == Route::Update { words } else { body["data"]["reason"].as_str() }
}

/// Statuses by their first letters: what two tickets of an order become, or why not; `-` is refused in words alone.
#[rstest]
#[case("AA", ["RR", "RR", "NOOP_TRANSITION"])]
#[case("AR", ["PARTIAL_ORDER_CONFIRMATION_REQUIRED", "RR", "AA"])]
#[case("AC", ["RC", "RC", "NOOP_TRANSITION"])]
#[case("RR", ["NOOP_TRANSITION", "NOOP_TRANSITION", "AA"])]
#[case("RC", ["NOOP_TRANSITION", "NOOP_TRANSITION", "AC"])]
#[case("CC", ["-", "-", "-"])]
#[tokio::test]
async fn every_order_of_two_in_and_out(#[case] from: &str, #[case] outcomes: [&str; 3]) {
    let world = World::new().await;
    let full = |letter: char| ["ACTIVE", "REDEEMED", "CANCELLED"].into_iter().find(|word| word.starts_with(letter));
    let statuses: Vec<_> = from.chars().filter_map(full).collect();
    let asked = [
        ("ticket.checkInByKey", "check-in", json!({})),
        ("ticket.checkInByKey", "check-in", json!({"allowPartialOrderCheckIn": true})),
        ("ticket.checkOutByKey", "check-out", json!({})),
    ];
    for ((operation, way, body), outcome) in asked.into_iter().zip(outcomes) {
        let before = tickets(&world, &statuses).await;
        let path = format!("/tickets/{}/{way}", before[0]["orderId"].as_str().unwrap());
        let answer = world.put(operation, &path, body.clone()).await;
        let what = format!("{way} of {from} with {body}: {}", answer.body);
        let mut after = String::new();
        for ticket in &before {
            let told = world.get("ticket.get", &format!("/tickets/{}", id(ticket))).await["ticket"].clone();
            after.push_str(&told["status"].as_str().unwrap()[..1]);
        }
        if outcome.len() == from.len() {
            assert_eq!((answer.status, after.as_str()), (StatusCode::OK, outcome), "{what}");
            assert_eq!(answer.body["order"]["checkedInCount"], outcome.matches('R').count(), "{what}");
            assert_eq!(answer.body["tickets"].as_array().unwrap().len(), before.len(), "changed or not: {what}");
        } else {
            assert_eq!((answer.status, after.as_str()), (StatusCode::BAD_REQUEST, from), "{what}");
            assert_eq!(answer.body["data"]["reason"].as_str().unwrap_or("-"), outcome, "{what}");
        }
    }
}
