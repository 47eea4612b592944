//! A service on a free port with a small generated evening, and a client that checks every answer.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use doorlist::domain::{TenantId, UserId};
use doorlist::server::{
    DemoEvent, DemoPlan, Scope, Service, ServiceSettings, SigningKey, TokenClaims, mint_token, start,
};
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
    /// What the service signs with, to mint other tokens.
    pub key: SigningKey,
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
        let key = settings.signing_key.clone();
        let service = start(ServiceSettings { demo: Some(plan), ..settings }).await.unwrap();
        let demo = service.demo().unwrap().clone();
        Self { service, demo, http: reqwest::Client::new(), key }
    }

    /// A token of this service; expired where the time is negative.
    pub fn token(&self, tenant: &TenantId, scopes: &[Scope], seconds: i64) -> String {
        token(&self.key, tenant, scopes, seconds)
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
        self.check_described(operation, status, &body).await;
        if status.is_success() {
            check(&format!("/operations/{operation}/output"), without_cursor(body.clone()));
        } else {
            check_error(operation, status, &body);
        }
        Answer { status, body }
    }

    /// Holds an answer against what the service itself says that it answers.
    async fn check_described(&self, operation: &str, status: StatusCode, body: &Value) {
        let (method, path) = route(operation);
        let method = method.as_str().to_lowercase();
        let document = self.document().await;
        let pointer = format!("/paths/{}/{method}/responses/{}", path.replace('/', "~1"), status.as_u16());
        let response =
            document.pointer(&pointer).unwrap_or_else(|| panic!("{operation} is not said to answer {status}"));
        let place = response["$ref"].as_str().map_or(format!("#{pointer}"), str::to_owned);
        let schema = format!("{place}/content/application~1json/schema");
        check_with(&schema, body, || {
            let mut whole = document.clone();
            whole["$ref"] = json!(schema.replace('{', "%7B").replace('}', "%7D"));
            whole
        });
    }

    /// `/openapi.json`, the same for every world.
    pub async fn document(&self) -> &'static Value {
        static DOCUMENT: tokio::sync::OnceCell<Value> = tokio::sync::OnceCell::const_new();
        let read = async || self.http.get(format!("{}/openapi.json", self.service.url())).send().await.unwrap();
        DOCUMENT.get_or_init(async || read().await.json().await.unwrap()).await
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
                Some(next) => next.clone_into(&mut cursor),
                None => return tickets,
            }
        }
    }

    /// A free order of so many tickets of the main event, as it is asked for.
    pub async fn comp(&self, tickets: usize) -> Value {
        let event = self.demo.event_id.as_str();
        let tiers = self.get("admission.list", &format!("/events/{event}/admissions")).await;
        json!({
            "eventId": event, "reason": "For a test",
            "items": [{"quantity": tickets, "admissionId": tiers["admissions"][0]["id"]}],
            "customer": {"firstName": "Zoë", "lastName": "Quist", "email": "zoe.quist@example.com"},
        })
    }

    /// The tickets of a fresh order, all of them valid and none in.
    pub async fn order(&self, tickets: usize) -> Vec<Value> {
        let comp = self.comp(tickets).await;
        let made = self.post("order.createComplimentary", "/orders/complimentary", comp).await;
        let path = format!("/tickets?orderId={}&limit=100", id(&made.body["order"]));
        self.get("ticket.list", &path).await["tickets"].as_array().unwrap().clone()
    }

    /// A ticket of the main event in this status.
    pub async fn ticket(&self, status: &str) -> Value {
        self.all_tickets(&format!("&status={status}")).await.swap_remove(0)
    }
}

/// A token of the service with this key.
pub fn token(key: &SigningKey, tenant: &TenantId, scopes: &[Scope], seconds: i64) -> String {
    let now = jiff::Timestamp::now().as_second();
    let claims = TokenClaims {
        tenant: tenant.clone(),
        user: UserId::from_service(format!("usr_{}", "7".repeat(26))),
        first_name: "Kim".to_owned(),
        last_name: "Okafor".to_owned(),
        email: "kim.okafor@example.com".to_owned(),
        scopes: scopes.to_vec(),
        issued_at: now,
        expires_at: now + seconds,
    };
    mint_token(key, &claims).unwrap()
}

/// Every operation of the contract, by name.
pub fn operations() -> impl Iterator<Item = &'static str> {
    CONTRACT["operations"].as_object().unwrap().keys().map(String::as_str)
}

/// The contract's input schema of an operation, without references at its top.
pub fn input(operation: &str) -> &'static Value {
    let mut schema = &CONTRACT["operations"][operation]["input"];
    while let Some(name) = schema["$ref"].as_str() {
        schema = CONTRACT.pointer(name.trim_start_matches('#')).unwrap();
    }
    schema
}

/// The contract's method and path of an operation.
pub fn route(operation: &str) -> (Method, &'static str) {
    let known = &CONTRACT["operations"][operation];
    (known["method"].as_str().unwrap().parse().unwrap(), known["path"].as_str().unwrap())
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

/// Holds `value` against the contract's schema at `pointer`.
pub fn check(pointer: &str, value: Value) {
    check_with(pointer, &value, || {
        let mut schema = CONTRACT.pointer(pointer).unwrap_or_else(|| panic!("no schema {pointer}")).clone();
        schema["$defs"] = CONTRACT["$defs"].clone();
        schema
    });
}

/// Holds `value` against a schema, which is read once by its name.
fn check_with(name: &str, value: &Value, schema: impl FnOnce() -> Value) {
    static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let validator =
        Arc::clone(KNOWN.lock().unwrap().entry(name.to_owned()).or_insert_with(|| {
            Arc::new(jsonschema::options().should_validate_formats(true).build(&schema()).unwrap())
        }));
    let faults: Vec<_> =
        validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{name}: {faults:#?}\n{value:#}");
}
