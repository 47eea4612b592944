//! Two tenants in one database, most of their ids the very same: neither reaches into the other.

use std::fs;

use doorlist::domain::{EventId, OrderId, TenantId};
use doorlist::server::{Database, DemoEvent, ImportPlan, Scope, ServiceSettings, start};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::calls::{self, Call};
use super::support::{Answer, World, token};

/// The family name of every guest of the neighbour.
const NEIGHBOUR: &str = "Neighbour";

/// A service with two tenants: the one that `world` asks as, and the other.
struct Tenants {
    world: World,
    other: DemoEvent,
    _folder: TempDir,
}

impl Tenants {
    /// The generated evening, and a neighbour with all of its ids and an event more of its own.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::File(folder.path().join("tickets.db"));
        let settings = ServiceSettings { database, ..ServiceSettings::temporary() };
        let World { service, demo, http, key } = {
            let world = World::with(settings.clone()).await;
            let tickets = world.all_tickets("").await;
            let same = tickets.iter().map(|ticket| in_the_name_of_the_neighbour(ticket).to_string());
            let own = tickets.iter().map(|ticket| of_its_own(&in_the_name_of_the_neighbour(ticket)));
            let lines: Vec<_> = same.chain(own).collect();
            fs::write(folder.path().join("neighbour.jsonl"), lines.join("\n")).unwrap();
            world
        };
        service.shutdown().await;
        let tenant = TenantId::from_service(format!("tnt_{}", "5".repeat(26)));
        let plan = ImportPlan { file: folder.path().join("neighbour.jsonl"), tenant: tenant.clone() };
        let service = start(ServiceSettings { import: Some(plan), ..settings }).await.unwrap();
        let mut other = demo.clone();
        other.tokens.full = token(&key, &tenant, &[Scope::Full], 60);
        other.tenant_id = tenant;
        Self { world: World { service, demo, http, key }, other, _folder: folder }
    }

    /// Asks as the other tenant from now on.
    fn turn(&mut self) {
        std::mem::swap(&mut self.world.demo, &mut self.other);
    }

    async fn ask(&self, call: &Call, as_whom: &DemoEvent) -> Answer {
        let request = call.request(&self.world, &as_whom.tenant_id).bearer_auth(&as_whom.tokens.full);
        self.world.answer(call.operation, request).await
    }

    /// Everything that the other tenant is told.
    async fn told_to_the_other(&self, calls: &[Call]) -> Vec<Value> {
        let mut told = Vec::new();
        for call in calls.iter().filter(|call| call.method == Method::GET) {
            told.push(self.ask(call, &self.other).await.body);
        }
        told
    }
}

fn in_the_name_of_the_neighbour(ticket: &Value) -> Value {
    let mut ticket = ticket.clone();
    ticket["attendee"]["lastName"] = json!(NEIGHBOUR);
    ticket
}

/// The same ticket of another order and event, every id its own.
fn of_its_own(ticket: &Value) -> String {
    fn change(value: &mut Value) {
        match value {
            Value::String(text) if is_id(text) => *text = own_id(text),
            Value::Array(items) => items.iter_mut().for_each(change),
            Value::Object(fields) => fields.values_mut().for_each(change),
            _ => {}
        }
    }
    let mut own = ticket.clone();
    change(&mut own);
    own.to_string()
}

fn is_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(prefix, body)| prefix.len() == 3 && body.len() == 26)
}

/// Ids begin with the time and differ at their ends: those that begin with a `z` are the neighbour's.
fn own_id(id: &str) -> String {
    let (prefix, body) = id.split_once('_').unwrap();
    format!("{prefix}_z{}", &body[1..])
}

/// Every guest and customer that an answer tells of.
fn people<'a>(answer: &'a Value, found: &mut Vec<&'a Value>) {
    match answer {
        Value::Object(fields) => {
            found.extend(["attendee", "customer"].into_iter().filter_map(|name| fields.get(name)));
            fields.values().for_each(|value| people(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| people(item, found)),
        _ => {}
    }
}

fn check_people(answers: &[Value], neighbours: bool) {
    let mut found = Vec::new();
    for answer in answers {
        people(answer, &mut found);
    }
    assert!(found.len() > 20, "{} people", found.len());
    for person in found {
        check_person(person, neighbours);
    }
}

fn check_person(person: &Value, neighbours: bool) {
    assert_eq!(person["lastName"] == NEIGHBOUR, neighbours, "{person}");
}

fn by_key(call: &Call) -> bool {
    call.operation.ends_with("ByKey")
}

#[tokio::test]
async fn a_token_opens_no_other_tenants_door() {
    let mut tenants = Tenants::new().await;
    for _ in 0..2 {
        for call in calls::every(&tenants.world).await {
            let (here, there) = (&tenants.world.demo, &tenants.other);
            for (tenant, token) in [(&here.tenant_id, &there.tokens.full), (&there.tenant_id, &here.tokens.full)] {
                let crossed = call.request(&tenants.world, tenant).bearer_auth(token);
                let status = tenants.world.answer(call.operation, crossed).await.status;
                assert_eq!(status, StatusCode::FORBIDDEN, "{}", call.operation);
            }
        }
        tenants.turn();
    }
}

#[tokio::test]
async fn what_one_tenant_has_alone_is_not_there_for_the_other() {
    let mut tenants = Tenants::new().await;
    tenants.turn();
    tenants.world.demo.event_id = EventId::from_service(own_id(tenants.world.demo.event_id.as_str()));
    let calls = calls::every(&tenants.world).await;
    for call in &calls {
        let nowhere = tenants.ask(call, &tenants.other).await;
        assert!(leads_nowhere(call, &nowhere), "{}: {}", call.operation, nowhere.body);
    }
    // The neighbour itself can do all of it, and reads of what it has.
    let mut read = 0;
    for call in &calls {
        let own = tenants.ask(call, &tenants.world.demo).await;
        assert_eq!(own.status, StatusCode::OK, "{}", call.operation);
        read += usize::from(tells_of_its_own(&own.body));
    }
    assert!(read > calls.len() / 2, "{read} answers");
}

/// Nothing of the neighbour's: not found, an empty list, or a list of one's own.
fn leads_nowhere(call: &Call, answer: &Answer) -> bool {
    let rows = ["tickets", "buckets", "orders", "events"].iter().find_map(|name| answer.body[name].as_array());
    match call.operation {
        "user.me" | "event.list" | "order.list" => answer.status == StatusCode::OK && !tells_of_its_own(&answer.body),
        _ => {
            answer.status == StatusCode::NOT_FOUND
                || (answer.status == StatusCode::OK && rows.is_some_and(Vec::is_empty))
        }
    }
}

/// Whether an id that only the neighbour has is in it.
fn tells_of_its_own(answer: &Value) -> bool {
    match answer {
        Value::String(text) => is_id(text) && *text == own_id(text),
        Value::Array(items) => items.iter().any(tells_of_its_own),
        Value::Object(fields) => fields.values().any(tells_of_its_own),
        _ => false,
    }
}

#[tokio::test]
async fn what_is_done_in_one_tenant_stays_there_though_the_ids_are_the_same() {
    let mut tenants = Tenants::new().await;
    for neighbours in [false, true] {
        // Keys are a tenant's own, too: the other's first answer is not given again here.
        let mut calls = calls::every(&tenants.world).await;
        for call in calls.iter_mut().filter(|call| by_key(call)) {
            call.body.as_mut().unwrap()["idempotencyKey"] = json!(call.operation);
        }
        let before = tenants.told_to_the_other(&calls).await;
        check_people(&before, !neighbours);
        for call in &calls {
            let done = tenants.ask(call, &tenants.world.demo).await;
            assert_eq!(done.status, StatusCode::OK, "{}: {}", call.operation, done.body);
            if by_key(call) {
                check_person(&done.body["tickets"][0]["attendee"], neighbours);
            }
        }
        assert_eq!(tenants.told_to_the_other(&calls).await, before);
        tenants.turn();
    }
}

#[tokio::test]
async fn a_signature_opens_no_order_of_the_same_id_elsewhere() {
    let tenants = Tenants::new().await;
    let (order, signature) = (tenants.world.demo.order_id.as_str(), &tenants.world.demo.order_signature);
    assert!(OrderId::parse(order).is_ok());
    for (operation, path) in [
        ("ticket.list", format!("/tickets?orderId={order}&orderSignature={signature}")),
        ("order.get", format!("/orders/{order}?signature={signature}")),
    ] {
        for (tenant, status) in [(&tenants.world.demo.tenant_id, 200), (&tenants.other.tenant_id, 403)] {
            let url = format!("{}{path}", tenants.world.service.url());
            let request = tenants.world.http.get(url).header("x-tenant-id", tenant.as_str());
            assert_eq!(tenants.world.answer(operation, request).await.status, status, "{operation}");
        }
    }
}
