//! Any sequence of scans, passages by key and updates agrees with a plain model of the contract's rules.

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reqwest::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{World, id};

/// Orders, and tickets of each.
const ORDERS: usize = 2;
const TICKETS: usize = 2;
/// Sequences a seed.
const SEQUENCES: u32 = 6;

/// What somebody does with a ticket of an order, or with the order.
#[derive(Debug, Clone, Copy)]
enum Act {
    Scan(&'static str),
    ByKey(&'static str),
    WholeOrder { way: &'static str, partial: bool },
    Set(&'static str),
    Rename(&'static str),
    Move(usize),
}

fn acts() -> impl Strategy<Value = Vec<(usize, usize, Act)>> {
    let ways = || select(&["check-in", "check-out"][..]);
    let act = prop_oneof![
        3 => select(&["CHECK_IN", "CHECK_OUT"][..]).prop_map(Act::Scan),
        3 => ways().prop_map(Act::ByKey),
        4 => (ways(), any::<bool>()).prop_map(|(way, partial)| Act::WholeOrder { way, partial }),
        3 => select(&["ACTIVE", "CANCELLED"][..]).prop_map(Act::Set),
        1 => select(&["Zoë", "Ann", "山田"][..]).prop_map(Act::Rename),
        1 => (0..3_usize).prop_map(Act::Move),
    ];
    proptest::collection::vec((0..ORDERS, 0..TICKETS, act), 1..40)
}

/// A ticket as it must be.
#[derive(Debug, Clone, PartialEq)]
struct Guest {
    status: &'static str,
    scans: Vec<&'static str>,
    name: String,
    tier: String,
}

impl Guest {
    fn enter(&mut self) {
        self.status = "REDEEMED";
        self.scans.push("CHECK_IN");
    }

    fn leave(&mut self) {
        self.status = "ACTIVE";
        self.scans.push("CHECK_OUT");
    }

    /// As the service tells it.
    fn told(ticket: &Value) -> Self {
        let known = |text: &Value| {
            ["ACTIVE", "REDEEMED", "CANCELLED", "CHECK_IN", "CHECK_OUT"]
                .into_iter()
                .find(|known| text == known)
                .unwrap()
        };
        Self {
            status: known(&ticket["status"]),
            scans: ticket["scans"].as_array().unwrap().iter().map(|scan| known(&scan["kind"])).collect(),
            name: ticket["attendee"]["firstName"].as_str().unwrap().to_owned(),
            tier: ticket["admissionId"].as_str().unwrap().to_owned(),
        }
    }
}

/// The contract's rules, as plainly as they stand there: the guests afterwards, or a refusal, which changes nothing.
fn expected(order: &[Guest], at: usize, act: Act, tiers: &[String]) -> Option<Vec<Guest>> {
    let mut after = order.to_vec();
    match (act, order[at].status) {
        (Act::Scan("CHECK_IN") | Act::ByKey("check-in"), "ACTIVE") => after[at].enter(),
        (Act::Scan("CHECK_OUT") | Act::ByKey("check-out"), "REDEEMED") => after[at].leave(),
        (Act::Set("CANCELLED"), _) => after[at].status = "CANCELLED",
        (Act::Set("ACTIVE"), "ACTIVE" | "CANCELLED") => after[at].status = "ACTIVE",
        (Act::Rename(name), _) => name.clone_into(&mut after[at].name),
        (Act::Move(tier), _) => after[at].tier.clone_from(&tiers[tier]),
        (Act::WholeOrder { way: "check-in", partial }, _) => {
            let some_inside = order.iter().any(|guest| guest.status == "REDEEMED");
            let outside = || order.iter().any(|guest| guest.status == "ACTIVE");
            if !outside() || (some_inside && !partial) {
                return None;
            }
            after.iter_mut().filter(|guest| guest.status == "ACTIVE").for_each(Guest::enter);
        }
        (Act::WholeOrder { .. }, _) => {
            if !order.iter().any(|guest| guest.status == "REDEEMED") {
                return None;
            }
            after.iter_mut().filter(|guest| guest.status == "REDEEMED").for_each(Guest::leave);
        }
        _ => return None,
    }
    Some(after)
}

async fn perform(world: &World, order: &str, ticket: &str, act: Act, tiers: &[String]) -> (StatusCode, Value) {
    let update = format!("/tickets/{ticket}");
    let by_key = async |key: &str, way: &str, body: Value| {
        let operation = if way == "check-in" { "ticket.checkInByKey" } else { "ticket.checkOutByKey" };
        world.put(operation, &format!("/tickets/{key}/{way}"), body).await
    };
    let answer = match act {
        Act::Scan(kind) => world.post("ticket.scan", &format!("{update}/scan"), json!({"kind": kind})).await,
        Act::ByKey(way) => by_key(ticket, way, json!({})).await,
        Act::WholeOrder { way, partial } => by_key(order, way, json!({"allowPartialOrderCheckIn": partial})).await,
        Act::Set(status) => world.put("ticket.update", &update, json!({"status": status})).await,
        Act::Rename(name) => world.put("ticket.update", &update, json!({"attendee": {"firstName": name}})).await,
        Act::Move(tier) => world.put("ticket.update", &update, json!({"admissionId": tiers[tier]})).await,
    };
    (answer.status, answer.body)
}

/// The order's tickets by id, and when each was changed.
async fn read(world: &World, order: &str) -> Vec<(String, Guest, Timestamp)> {
    let told = world.get("ticket.list", &format!("/tickets?orderId={order}")).await;
    let field = |ticket: &Value, name: &str| ticket[name].as_str().unwrap().to_owned();
    let ticket =
        |ticket: &Value| (field(ticket, "id"), Guest::told(ticket), field(ticket, "updatedAt").parse().unwrap());
    let mut tickets: Vec<_> = told["tickets"].as_array().unwrap().iter().map(ticket).collect();
    tickets.sort_by(|a, b| a.0.cmp(&b.0));
    tickets
}

/// Plays a sequence on fresh orders, and compares the order that is touched after each act.
async fn play(world: &World, tiers: &[String], sequence: Vec<(usize, usize, Act)>) -> Result<(), TestCaseError> {
    let mut orders = Vec::new();
    for _ in 0..ORDERS {
        let order = world.order(TICKETS).await[0]["orderId"].as_str().unwrap().to_owned();
        orders.push((read(world, &order).await, order));
    }
    for (order, at, act) in sequence {
        let (before, order) = &mut orders[order];
        let guests: Vec<_> = before.iter().map(|(_, guest, _)| guest.clone()).collect();
        let wanted = expected(&guests, at, act, tiers);
        let (status, body) = perform(world, order, &before[at].0, act, tiers).await;
        prop_assert_eq!(status.is_success(), wanted.is_some(), "{:?} on {:?}: {}", act, guests, body);
        let after = read(world, order).await;
        for ((before, after), wanted) in before.iter().zip(&after).zip(wanted.unwrap_or(guests)) {
            prop_assert_eq!((&before.0, &wanted), (&after.0, &after.1), "after {:?}", act);
            prop_assert_eq!(before.1 != wanted, before.2 < after.2, "{:?} moves updatedAt with a change only", act);
        }
        *before = after;
    }
    for (known, order) in &orders {
        prop_assert_eq!(known, &read(world, order).await);
    }
    Ok(())
}

#[rstest]
fn any_sequence_agrees_with_the_rules(#[values(1, 2, 3, 4, 5, 6)] seed: u8) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let path = format!("/events/{}/admissions", world.demo.event_id.as_str());
    let tiers = runtime.block_on(world.get("admission.list", &path));
    let tiers: Vec<_> = tiers["admissions"].as_array().unwrap().iter().map(|tier| id(tier).to_owned()).collect();
    let config = Config { cases: SEQUENCES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    runner.run(&acts(), |sequence| runtime.block_on(play(&world, &tiers, sequence))).unwrap();
}
