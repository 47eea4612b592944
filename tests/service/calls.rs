//! One sound call of every operation, for the tables that go through all of them.

use doorlist::domain::TenantId;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::schemas::{operations, route};
use super::support::{World, id};

/// A call that succeeds in its own tenant with a token that permits it.
#[derive(Debug, Clone)]
pub struct Call {
    pub operation: &'static str,
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
}

impl Call {
    /// A call with a body, of what has these ids.
    pub fn of(operation: &'static str, ids: &[&str], body: Value) -> Self {
        let (method, pattern) = route(operation);
        Self { operation, method, path: fill(pattern, ids), body: Some(body) }
    }

    /// The request without a token.
    pub fn request(&self, world: &World, tenant: &TenantId) -> RequestBuilder {
        let url = format!("{}{}", world.service.url(), self.path);
        let request = world.http.request(self.method.clone(), url).header("x-tenant-id", tenant.as_str());
        match &self.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// The same call with one more field.
    pub fn with(mut self, name: &str, text: &str) -> Self {
        if let Some(body) = &mut self.body {
            body[name] = json!(text);
        } else {
            self.path.push(if self.path.contains('?') { '&' } else { '?' });
            self.path.extend([name, "=", text]);
        }
        self
    }

    /// The same call of what is not there.
    pub fn elsewhere(mut self) -> Self {
        self.path = self.path.split('/').map(nowhere).collect::<Vec<_>>().join("/");
        for name in ["orderId", "eventId"] {
            if let Some(named) = self.body.as_mut().and_then(|body| body.get_mut(name)) {
                *named = json!(nowhere(named.as_str().unwrap()));
            }
        }
        self
    }
}

/// Another id of the same kind; what is no id stays.
fn nowhere(part: &str) -> String {
    match part.split_once('_') {
        Some((prefix, body)) if body.len() == 26 => format!("{prefix}_{}", "0".repeat(26)),
        _ => part.to_owned(),
    }
}

/// A call of every operation of the contract, on tickets of the generated evening.
pub async fn every(world: &World) -> Vec<Call> {
    let active = world.all_tickets("&status=ACTIVE").await;
    let inside = world.ticket("REDEEMED").await;
    let event = world.demo.event_id.as_str();
    let parts = world.get("event.get", &format!("/events/{event}")).await["event"].clone();
    let (admission, section) = (id(&parts["admissions"][0]), id(&parts["sections"][0]));
    let new = json!({
        "status": "ACTIVE", "orderId": active[0]["orderId"], "customerId": active[0]["customerId"],
        "admissionId": active[0]["admissionId"],
    });
    let comp = json!({
        "eventId": event, "reason": "A table of calls", "items": [{"quantity": 1, "admissionId": admission}],
        "customer": {"firstName": "Ada", "lastName": "Quist", "email": "ada.quist@example.com"},
    });
    operations()
        .map(|operation| {
            let (method, pattern) = route(operation);
            let (ids, query, body) = match operation {
                "ticket.list" | "ticket.attendees.list" | "ticket.attendees.index" => {
                    (vec![], format!("?eventId={event}"), None)
                }
                "ticket.create" => (vec![], String::new(), Some(new.clone())),
                "ticket.get" => (vec![id(&active[0])], String::new(), None),
                "ticket.update" => (vec![id(&active[1])], String::new(), Some(json!({"status": "ACTIVE"}))),
                "ticket.scan" => (vec![id(&active[2])], String::new(), Some(json!({"kind": "CHECK_IN"}))),
                "ticket.checkInByKey" => (vec![id(&active[3])], String::new(), Some(json!({}))),
                "ticket.checkOutByKey" => (vec![id(&inside)], String::new(), Some(json!({}))),
                "order.get" => (vec![active[0]["orderId"].as_str().unwrap()], String::new(), None),
                "order.resend" => (vec![active[0]["orderId"].as_str().unwrap()], String::new(), Some(json!({}))),
                "order.createComplimentary" => (vec![], String::new(), Some(comp.clone())),
                "order.list" | "event.list" | "user.me" => (vec![], String::new(), None),
                "admission.get" => (vec![event, admission], String::new(), None),
                "section.get" => (vec![event, section], String::new(), None),
                _ => (vec![event], String::new(), None),
            };
            Call { operation, method, path: fill(pattern, &ids) + &query, body }
        })
        .collect()
}

/// The path with its parameters, in their order.
fn fill(pattern: &str, ids: &[&str]) -> String {
    let mut ids = ids.iter();
    let part = |part: &str| if part.starts_with('{') { (*ids.next().unwrap()).to_owned() } else { part.to_owned() };
    pattern.split('/').map(part).collect::<Vec<_>>().join("/")
}
