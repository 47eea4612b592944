//! A ticket service without a network: three guests, and whatever trouble a test puts in the way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorlist::api::{Client, Clock, HttpRequest, HttpResponse, Jitter, Outside, Transport, TransportError};
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

/// A clock that goes with tokio's, paused or not, from a given time on.
#[derive(Debug, Clone, Copy)]
pub struct Evening {
    start: Timestamp,
    opened: Instant,
}

impl Evening {
    pub fn starting(start: Timestamp) -> Self {
        Self { start, opened: Instant::now() }
    }

    pub fn time(&self) -> Timestamp {
        self.start + SignedDuration::try_from(self.opened.elapsed()).unwrap()
    }
}

impl Clock for Evening {
    fn now(&self) -> Timestamp {
        self.time()
    }
}

/// Chance that always says one half.
#[derive(Debug)]
struct Half;

impl Jitter for Half {
    fn fraction(&self) -> f64 {
        0.5
    }
}

/// How the service, or what stands in its place, answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// No connection comes about.
    Unreachable,
    /// The contract's error of this status.
    Refusing(u16),
    /// 401 for any other token than this.
    Wanting(&'static str),
    /// 200 with a sign-in page.
    Portal,
    /// It has the documented form of a scan alone.
    Documented,
    /// This event is over, and another is the only one that is coming up.
    Over,
    /// Changes are made, and the connection breaks before their answer; once.
    LosesOneAnswer,
}

/// What waits until the test lets it go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    Nothing,
    /// Scans arrive and are not looked at.
    Scans,
    /// Reads of one ticket are answered as it was when they came, but late.
    Reads,
}

#[derive(Debug)]
pub struct Service {
    clock: Evening,
    state: Mutex<State>,
    hold: watch::Sender<Hold>,
    asked: watch::Sender<Vec<String>>,
}

#[derive(Debug)]
struct State {
    mood: Mood,
    tickets: Vec<Value>,
    answers: HashMap<String, Value>,
}

impl Service {
    /// Ada is out, Ben has been in for twelve minutes, Cleo's ticket is cancelled.
    pub fn open() -> Arc<Self> {
        let clock = Evening::starting("2026-03-03T09:00:00Z".parse().unwrap());
        let ben = scan("s1", "CHECK_IN", "2026-03-03T08:48:00Z", "Mo", "Diaz", "north-2");
        let tickets = vec![
            ticket("tkt_ada", "Ada", "Lovelace", "ACTIVE", &[]),
            ticket("tkt_ben", "Ben", "Okafor", "REDEEMED", &[ben]),
            ticket("tkt_cleo", "Cleo", "Hart", "CANCELLED", &[]),
        ];
        let state = State { mood: Mood::Well, tickets, answers: HashMap::new() };
        let (hold, asked) = (watch::Sender::new(Hold::Nothing), watch::Sender::default());
        Arc::new(Self { clock, state: Mutex::new(state), hold, asked })
    }

    /// A ticket that is sold at this moment, for the event of this id and name.
    pub fn sells(&self, id: &str, name: (&str, &str), event: (&str, &str)) {
        let mut sold = ticket(id, name.0, name.1, "ACTIVE", &[]);
        sold["eventId"] = event.0.into();
        sold["event"]["name"] = event.1.into();
        self.state.lock().unwrap().tickets.push(sold);
    }

    /// The ticket was bought with this order.
    pub fn belongs(&self, id: &str, order: &str) {
        let mut state = self.state.lock().unwrap();
        let at = state.position(id).unwrap();
        state.tickets[at]["orderId"] = order.into();
    }

    /// The requests so far, by method and path.
    pub fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }

    pub fn clock(&self) -> Evening {
        self.clock
    }

    /// A client with the product's own patience.
    pub fn client(self: &Arc<Self>) -> Client {
        self.client_with("s3cret")
    }

    /// The same with this token.
    pub fn client_with(self: &Arc<Self>, token: &str) -> Client {
        let transport = Arc::new(Wire(Arc::clone(self)));
        let outside = Outside { transport, clock: Arc::new(self.clock), jitter: Arc::new(Half) };
        crate::offline::client_with("https://tickets.example.com", token, outside)
    }

    pub fn turns(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    pub fn holds(&self, hold: Hold) {
        self.hold.send_replace(hold);
    }

    /// Waits until a request of this method and path has come.
    pub async fn was_asked(&self, request: &str) {
        let mut asked = self.asked.subscribe();
        let came = asked.wait_for(|asked| asked.iter().any(|one| one == request));
        tokio::time::timeout(Duration::from_secs(60), came).await.expect("the request never came").unwrap();
    }

    /// A ticket's status and the kinds of its scans.
    pub fn story(&self, id: &str) -> (String, Vec<String>) {
        let state = self.state.lock().unwrap();
        let ticket = &state.tickets[state.position(id).unwrap()];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let kinds = ticket["scans"].as_array().unwrap().iter().map(|scan| text(&scan["kind"])).collect();
        (text(&ticket["status"]), kinds)
    }

    /// Another door's scan.
    pub fn scanned_elsewhere(&self, id: &str, kind: &str) {
        self.state.lock().unwrap().apply(id, kind, "Mo", "Diaz", "north-2", self.clock.time());
    }

    async fn answer(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let path = request.url.path().to_owned();
        let parts: Vec<_> = path.trim_start_matches('/').split('/').collect();
        let mut hold = self.hold.subscribe();
        self.asked.send_modify(|asked| asked.push(format!("{} {path}", request.method)));
        if request.method != reqwest::Method::GET {
            hold.wait_for(|hold| *hold != Hold::Scans).await.unwrap();
        }
        let answer = self.state.lock().unwrap().answer(&parts, &request, self.clock.time());
        if let (&reqwest::Method::GET, ["tickets", _]) = (&request.method, parts.as_slice()) {
            hold.wait_for(|hold| *hold != Hold::Reads).await.unwrap();
        }
        answer
    }
}

/// The way to the service.
#[derive(Debug)]
struct Wire(Arc<Service>);

impl Transport for Wire {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(self.0.answer(request))
    }
}

impl State {
    fn position(&self, id: &str) -> Option<usize> {
        self.tickets.iter().position(|ticket| ticket["id"] == id)
    }

    fn answer(
        &mut self,
        parts: &[&str],
        request: &HttpRequest,
        now: Timestamp,
    ) -> Result<HttpResponse, TransportError> {
        match self.mood {
            Mood::Well | Mood::LosesOneAnswer | Mood::Documented | Mood::Over => {}
            Mood::Wanting(token) if request.headers[AUTHORIZATION] == format!("Bearer {token}") => {}
            Mood::Wanting(_) => return Ok(refusal(401, "No.", &Value::Null)),
            Mood::Unreachable => return Err(TransportError::NotSent),
            Mood::Refusing(status) => return Ok(refusal(status, "No.", &Value::Null)),
            Mood::Portal => return Ok(response(200, "text/html", "<html>Sign in to Pier Wi-Fi</html>".into())),
        }
        let answer = match parts {
            ["users", "me"] => ok(&json!({"user": {"id": "usr_1", "firstName": "Robin", "lastName": "Marsh"}})),
            ["events"] if self.mood == Mood::Over => ok(&json!({"events": [other_event()], "nextCursor": null})),
            ["events"] => ok(&json!({"events": [other_event(), event()], "nextCursor": null})),
            ["events", "evt_1"] => ok(&json!({"event": event()})),
            ["tickets"] => ok(&self.list(request)),
            // An older service: it has neither the roster nor counts.
            ["tickets", "attendees", ..] | ["events", _, "performance", _] => {
                refusal(404, "No such route.", &Value::Null)
            }
            ["tickets", id] => match self.position(id) {
                Some(at) => ok(&json!({"ticket": self.tickets[at]})),
                None => refusal(404, "No such ticket.", &Value::Null),
            },
            ["tickets", _, "check-in" | "check-out"] if self.mood == Mood::Documented => no_such_route(),
            ["tickets", id, "scan"] => self.scan_as_documented(id, request, now),
            ["tickets", id, "check-in"] => self.scan(id, "CHECK_IN", request, now),
            ["tickets", id, "check-out"] => self.scan(id, "CHECK_OUT", request, now),
            _ => panic!("{parts:?}"),
        };
        if self.mood == Mood::LosesOneAnswer && request.method != reqwest::Method::GET {
            self.mood = Mood::Well;
            return Err(TransportError::Broken);
        }
        Ok(answer)
    }

    fn list(&self, request: &HttpRequest) -> Value {
        let status = request.url.query_pairs().find(|(key, _)| key == "status").map(|(_, value)| value.into_owned());
        let wanted = |ticket: &&Value| {
            ticket["eventId"] == "evt_1" && status.as_ref().is_none_or(|status| ticket["status"] == **status)
        };
        json!({"tickets": self.tickets.iter().filter(wanted).collect::<Vec<_>>(), "limit": 100})
    }

    fn scan(&mut self, id: &str, kind: &str, request: &HttpRequest, now: Timestamp) -> HttpResponse {
        let input: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        let key = input["idempotencyKey"].as_str().unwrap().to_owned();
        if let Some(first) = self.answers.get(&key) {
            return ok(first);
        }
        let ticket = self.tickets[self.position(id).unwrap()].clone();
        let (from, _) = passage(kind);
        if ticket["status"] == "CANCELLED" {
            return refusal(400, "The ticket is cancelled.", &Value::Null);
        }
        if ticket["status"] != from {
            let data = json!({"reason": "NOOP_TRANSITION", "kind": kind, "targetType": "ticket", "ticket": ticket});
            return refusal(400, "Nothing to do.", &data);
        }
        self.apply(id, kind, "Robin", "Marsh", input["deviceId"].as_str().unwrap(), now);
        let ticket = &self.tickets[self.position(id).unwrap()];
        let answer = json!({"tickets": [ticket], "targetType": "ticket"});
        self.answers.insert(key, answer.clone());
        ok(&answer)
    }

    /// Without a key, and with nothing but a message where it is refused.
    fn scan_as_documented(&mut self, id: &str, request: &HttpRequest, now: Timestamp) -> HttpResponse {
        let input: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
        let kind = input["kind"].as_str().unwrap();
        let at = self.position(id).unwrap();
        if self.tickets[at]["status"] != passage(kind).0 {
            return refusal(400, "The ticket is already checked in.", &Value::Null);
        }
        self.apply(id, kind, "Robin", "Marsh", input["deviceId"].as_str().unwrap(), now);
        ok(&json!({"ticket": self.tickets[at]}))
    }

    fn apply(&mut self, id: &str, kind: &str, first: &str, last: &str, device: &str, now: Timestamp) {
        let at = self.position(id).unwrap();
        let ticket = &mut self.tickets[at];
        let scans = ticket["scans"].as_array_mut().unwrap();
        let number = format!("{id}-{}", scans.len());
        scans.push(scan(&number, kind, &now.to_string(), first, last, device));
        ticket["status"] = passage(kind).1.into();
        ticket["updatedAt"] = now.to_string().into();
    }
}

/// From which status to which a scan leads.
fn passage(kind: &str) -> (&'static str, &'static str) {
    if kind == "CHECK_IN" { ("ACTIVE", "REDEEMED") } else { ("REDEEMED", "ACTIVE") }
}

fn event() -> Value {
    json!({
        "id": "evt_1", "name": "Harbour Lights", "location": {"name": "Pier 2", "timeZone": "UTC"},
        "entryStartsAt": "2026-03-03T08:00:00", "entryEndsAt": "2026-03-03T12:00:00",
        "admissions": [{"id": "adm_1", "name": "Floor", "capacity": 100, "sold": 3}], "sections": [],
    })
}

/// Another night of the same house.
fn other_event() -> Value {
    let mut other = event();
    (other["id"], other["name"]) = ("evt_2".into(), "Brass Night".into());
    other
}

fn ticket(id: &str, first: &str, last: &str, status: &str, scans: &[Value]) -> Value {
    json!({
        "id": id, "status": status, "orderId": format!("ord_{id}"), "eventId": "evt_1", "admissionId": "adm_1",
        "attendee": {"firstName": first, "lastName": last, "email": format!("{first}@example.com")},
        "event": {"name": "Harbour Lights"}, "admission": {"name": "Floor"}, "scans": scans,
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-03-03T08:50:00Z",
    })
}

fn scan(id: &str, kind: &str, at: &str, first: &str, last: &str, device: &str) -> Value {
    json!({"id": id, "kind": kind, "scannedAt": at, "deviceId": device, "scannedById": "usr_1",
           "scannedBy": {"id": "usr_1", "firstName": first, "lastName": last, "email": "door@example.com"}})
}

fn ok(body: &Value) -> HttpResponse {
    response(200, "application/json", body.to_string())
}

fn refusal(status: u16, message: &str, data: &Value) -> HttpResponse {
    let code = match status {
        400 => "BAD_REQUEST",
        401 => "UNAUTHORIZED",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        _ => "INTERNAL_SERVER_ERROR",
    };
    let body = json!({"defined": true, "code": code, "status": status, "message": message, "data": data});
    response(status, "application/json", body.to_string())
}

fn no_such_route() -> HttpResponse {
    let body = json!({"defined": false, "code": "NOT_FOUND", "status": 404, "message": "Not found"});
    response(404, "application/json", body.to_string())
}

fn response(status: u16, kind: &'static str, body: String) -> HttpResponse {
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
    HttpResponse { status: StatusCode::from_u16(status).unwrap(), headers, body: Ok(body.into_bytes()) }
}
