//! A service on a free port with a small generated evening, and a client that checks every answer.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use doorlist::server::{DemoEvent, DemoPlan, Service, ServiceSettings, start};
use jsonschema::Validator;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Tickets of the generated event.
pub const TICKETS: usize = 300;

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../contract/operations.json")).unwrap());

/// A running service; dropped with its data when the test ends.
pub struct World {
    pub service: Service,
    pub demo: DemoEvent,
    pub http: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl World {
    pub async fn new() -> Self {
        Self::with(ServiceSettings::temporary()).await
    }

    pub async fn with(settings: ServiceSettings) -> Self {
        let plan = DemoPlan { tickets: TICKETS, seed: 7 };
        let service = start(ServiceSettings { demo: Some(plan), ..settings }).await.unwrap();
        let demo = service.demo().unwrap().clone();
        Self { service, demo, http: reqwest::Client::new() }
    }

    /// A request with the full token and the tenant.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.anonymous(method, path).bearer_auth(&self.demo.tokens.full)
    }

    /// A request with the tenant only.
    pub fn anonymous(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.service.url());
        self.http.request(method, url).header("x-tenant-id", self.demo.tenant_id.as_str())
    }

    pub async fn get(&self, operation: &str, path: &str) -> Value {
        self.send(operation, self.request(Method::GET, path)).await
    }

    pub async fn put(&self, operation: &str, path: &str, body: Value) -> Answer {
        check_input(operation, path, &body);
        self.answer(operation, self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn post(&self, operation: &str, path: &str, body: Value) -> Answer {
        check_input(operation, path, &body);
        self.answer(operation, self.request(Method::POST, path).json(&body)).await
    }

    /// A request that must succeed.
    pub async fn send(&self, operation: &str, request: reqwest::RequestBuilder) -> Value {
        let answer = self.answer(operation, request).await;
        assert_eq!(answer.status, StatusCode::OK, "{operation}: {}", answer.body);
        answer.body
    }

    /// A request whose answer, success or refusal, fits the operation's schema.
    pub async fn answer(&self, operation: &str, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        if status.is_success() {
            check(&format!("/operations/{operation}/output"), without_cursor(body.clone()));
        } else {
            check_error(operation, status, &body);
        }
        Answer { status, body }
    }

    /// Every ticket of the main event, by pages.
    pub async fn all_tickets(&self, filter: &str) -> Vec<Value> {
        let mut tickets = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/tickets?eventId={}&limit=100&cursor={cursor}{filter}", self.demo.event_id.as_str());
            let page = self.get("ticket.list", &path).await;
            tickets.extend(page["tickets"].as_array().unwrap().iter().cloned());
            match page["after"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => return tickets,
            }
        }
    }

    /// A ticket of the main event in this status.
    pub async fn ticket(&self, status: &str) -> Value {
        self.all_tickets(&format!("&status={status}")).await.swap_remove(0)
    }
}

pub fn id(ticket: &Value) -> &str {
    ticket["id"].as_str().unwrap()
}

/// The schemas of lists know no `cursor`.
fn without_cursor(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.remove("cursor");
    }
    body
}

/// What a test sends is what the contract allows, so that a success proves something.
fn check_input(operation: &str, path: &str, body: &Value) {
    let mut whole = body.clone();
    let parameter = CONTRACT["operations"][operation]["path"].as_str().unwrap().split(['{', '}']).nth(1);
    if let (Some(name), Some(fields)) = (parameter, whole.as_object_mut()) {
        fields.insert(name.to_owned(), json!(path.split('/').nth(2).unwrap()));
    }
    check(&format!("/operations/{operation}/input"), whole);
}

fn check_error(operation: &str, status: StatusCode, body: &Value) {
    let code = body["code"].as_str().unwrap_or_else(|| panic!("no code in {body}"));
    assert_eq!(body["status"], status.as_u16(), "{body}");
    assert_eq!(body["defined"], true, "{body}");
    assert!(body["message"].is_string(), "{body}");
    let declared = &CONTRACT["errors"][code];
    assert_eq!(declared["status"], status.as_u16(), "{body}");
    let own = format!("/operations/{operation}/errors/{code}/data");
    let common = format!("/errors/{code}/data");
    for pointer in [own, common] {
        if CONTRACT.pointer(&pointer).is_some() && !body["data"].is_null() {
            check(&pointer, body["data"].clone());
            return;
        }
    }
}

/// Holds `value` against the schema at `pointer`.
pub fn check(pointer: &str, value: Value) {
    static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let validator = Arc::clone(KNOWN.lock().unwrap().entry(pointer.to_owned()).or_insert_with(|| {
        let mut schema = CONTRACT.pointer(pointer).unwrap_or_else(|| panic!("no schema {pointer}")).clone();
        schema["$defs"] = CONTRACT["$defs"].clone();
        Arc::new(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
    }));
    let faults: Vec<_> =
        validator.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{pointer}: {faults:#?}\n{value:#}");
}
