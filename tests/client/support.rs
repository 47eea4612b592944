//! Settings, tickets and services that the tests share.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorlist::api::{
    ApiSettings, Client, Clock, HttpRequest, HttpResponse, Jitter, Outside, RetryPolicy, Transport, TransportError,
};
use doorlist::domain::TenantId;
use futures::future::BoxFuture;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub const TOKEN: &str = "s3cret-t0ken";
pub const TICKET: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0ga";

pub const ONCE: RetryPolicy = RetryPolicy {
    attempts: 1,
    base: Duration::from_millis(1),
    cap: Duration::from_millis(1),
    deadline: Duration::from_secs(60),
};

pub fn settings(base_url: &str) -> ApiSettings {
    ApiSettings {
        base_url: base_url.into(),
        tenant: TenantId::from_service("tnt_01jq8zv5k3m9x2c7b4n6d8f0ga"),
        token: Some(TOKEN.into()),
        timeout: Duration::from_secs(20),
        allow_insecure: false,
        retry: ONCE,
    }
}

pub fn client(base_url: &str) -> Client {
    Client::new(&settings(base_url)).unwrap()
}

/// A service that answers one route with `response`.
pub async fn service(verb: &str, route: &str, response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    answer(&server, verb, route, response).await;
    server
}

pub async fn answer(server: &MockServer, verb: &str, route: &str, response: ResponseTemplate) {
    Mock::given(method(verb)).and(path(route)).respond_with(response).mount(server).await;
}

pub fn json_body(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

pub fn error_body(status: u16, code: &str, defined: bool) -> Value {
    json!({"defined": defined, "code": code, "status": status, "message": "No."})
}

pub fn ticket(status: &str, scans: &[Value]) -> Value {
    json!({
        "id": TICKET, "status": status, "orderId": "ord_1", "eventId": "evt_1", "admissionId": "adm_1",
        "attendee": {"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com"},
        "event": {"name": "Night"}, "admission": {"name": "Floor"}, "scans": scans,
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
    })
}

pub fn scan(id: &str, kind: &str, device: &str, at: Timestamp) -> Value {
    json!({"id": id, "kind": kind, "deviceId": device, "scannedById": "usr_1", "scannedAt": at.to_string()})
}

/// A service on a bare socket: the n-th connection reads one request and gets the n-th text, verbatim.
///
/// After the last text it stops to listen. Returns the base URL.
pub async fn raw_service(answers: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 16 * 1024];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
            // Closing with unread input would reset the connection, and the client might lose the answer.
            while stream.read(&mut request).await.is_ok_and(|bytes| bytes > 0) {}
        }
    });
    format!("http://{address}")
}

/// What the scripted transport does with one request.
#[derive(Debug)]
pub enum Step {
    Answer(HttpResponse),
    Fail(TransportError),
    /// Takes the request and never answers.
    Silence,
}

impl Step {
    pub fn json(status: u16, headers: &[(&'static str, &str)], body: &Value) -> Self {
        let mut map = HeaderMap::from_iter([(
            HeaderName::from_static("content-type"),
            HeaderValue::from_static("application/json"),
        )]);
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let body = Ok(body.to_string().into_bytes());
        Self::Answer(HttpResponse { status: StatusCode::from_u16(status).unwrap(), headers: map, body })
    }

    /// The page of a proxy.
    pub fn html(status: u16) -> Self {
        let headers =
            HeaderMap::from_iter([(HeaderName::from_static("content-type"), HeaderValue::from_static("text/html"))]);
        let body = Ok(b"<html><h1>Nothing here</h1></html>".to_vec());
        Self::Answer(HttpResponse { status: StatusCode::from_u16(status).unwrap(), headers, body })
    }
}

/// A transport that plays a script and notes what it was asked, and when.
#[derive(Debug)]
pub struct Script {
    steps: Mutex<VecDeque<Step>>,
    started: tokio::time::Instant,
    asked: Mutex<Vec<(Duration, String)>>,
}

impl Script {
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Arc::new(Self {
            steps: Mutex::new(steps.into_iter().collect()),
            started: tokio::time::Instant::now(),
            asked: Mutex::default(),
        })
    }

    /// When each request came, counted from the script's start.
    pub fn times(&self) -> Vec<Duration> {
        self.asked.lock().unwrap().iter().map(|(time, _)| *time).collect()
    }

    /// Method and path of each request.
    pub fn requests(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(_, request)| request.clone()).collect()
    }
}

impl Transport for Script {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let asked = format!("{} {}", request.method, request.url.path());
        self.asked.lock().unwrap().push((self.started.elapsed(), asked));
        let step = self.steps.lock().unwrap().pop_front().expect("a request more than the script has");
        Box::pin(async move {
            match step {
                Step::Answer(response) => Ok(response),
                Step::Fail(error) => Err(error),
                Step::Silence => std::future::pending().await,
            }
        })
    }
}

/// A clock that stands still at 2026-05-01 20:00:00 UTC.
#[derive(Debug)]
pub struct Standing;

impl Standing {
    pub fn time() -> Timestamp {
        "2026-05-01T20:00:00Z".parse().unwrap()
    }
}

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Self::time()
    }
}

/// Chance that always says one half.
#[derive(Debug)]
pub struct Half;

impl Jitter for Half {
    fn fraction(&self) -> f64 {
        0.5
    }
}

/// A client over `script`, with waits of 100, 200 and 400 ms between four attempts.
pub fn scripted(script: &Arc<Script>) -> Client {
    let retry = RetryPolicy {
        attempts: 4,
        base: Duration::from_millis(200),
        cap: Duration::from_secs(5),
        deadline: Duration::from_secs(30),
    };
    let transport = Arc::clone(script);
    let outside = Outside { transport, clock: Arc::new(Standing), jitter: Arc::new(Half) };
    let settings = ApiSettings { timeout: Duration::from_secs(4), retry, ..settings("https://api.example.com") };
    Client::with_outside(&settings, outside).unwrap()
}
