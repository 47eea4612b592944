//! A service on a free port with a small generated evening, and a client that checks every answer.

use doorlist::domain::{TenantId, UserId};
use doorlist::server::{
    DemoEvent, DemoPlan, Scope, Service, ServiceSettings, SigningKey, TokenClaims, mint_token, start,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::schemas::{check_answer, check_input};
use super::sent::input_of;

/// Tickets of the generated event.
pub const TICKETS: usize = 300;

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
        self.answer(operation, self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn post(&self, operation: &str, path: &str, body: Value) -> Answer {
        self.answer(operation, self.request(Method::POST, path).json(&body)).await
    }

    /// A request that must succeed.
    pub async fn send(&self, operation: &str, request: reqwest::RequestBuilder) -> Value {
        let answer = self.answer(operation, request).await;
        assert_eq!(answer.status, StatusCode::OK, "{operation}: {}", answer.body);
        answer.body
    }

    /// A request whose input and answer, success or refusal, fit the operation's schemas.
    pub async fn answer(&self, operation: &str, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let sent = input_of(operation, &request);
        let response = self.http.execute(request).await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        let document = self.document().await;
        if let Some(sent) = sent {
            check_input(document, operation, status, &sent);
        }
        check_answer(document, operation, status, &body);
        Answer { status, body }
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
    mint_token(key, &claims(tenant, scopes, seconds)).unwrap()
}

/// What a token says, for so many seconds from now.
pub fn claims(tenant: &TenantId, scopes: &[Scope], seconds: i64) -> TokenClaims {
    let now = jiff::Timestamp::now().as_second();
    TokenClaims {
        tenant: tenant.clone(),
        user: UserId::from_service(format!("usr_{}", "7".repeat(26))),
        first_name: "Kim".to_owned(),
        last_name: "Okafor".to_owned(),
        email: "kim.okafor@example.com".to_owned(),
        scopes: scopes.to_vec(),
        issued_at: now,
        expires_at: now + seconds,
    }
}

pub fn id(ticket: &Value) -> &str {
    ticket["id"].as_str().unwrap()
}
