//! Renewals, at the outbox's end of the line.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures::future::BoxFuture;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};

use super::*;
use crate::api::{
    ApiSettings, Client, HttpRequest, HttpResponse, Outside, RetryPolicy, ScanMode, Transport, TransportError,
};
use crate::domain::{DeviceId, EventId, OfflinePolicy, TenantId, UserId};
use crate::sync::outbox::Request;
use crate::sync::{EngineSettings, LoadSettings, Shelf};

/// Tells whose the token is, where it can tell anything: `usr_` and the token itself.
#[derive(Debug, Clone)]
struct Users {
    can_tell: Arc<AtomicBool>,
    /// Answers are held back until this says so.
    held_until: watch::Receiver<bool>,
    asked: mpsc::UnboundedSender<()>,
}

impl Transport for Users {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let token = request.headers[AUTHORIZATION].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
            let _ = self.asked.send(());
            self.held_until.clone().wait_for(|open| *open).await.unwrap();
            if !self.can_tell.load(Ordering::SeqCst) {
                return Err(TransportError::NotSent);
            }
            let body = json!({"user": {"id": format!("usr_{token}"), "firstName": "Mo", "lastName": "Ito"}});
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
            Ok(HttpResponse { status: StatusCode::OK, headers, body: Ok(body.to_string().into_bytes()) })
        })
    }
}

/// Where the token is read; counts who reads at the same time.
#[derive(Debug, Default)]
struct Slip {
    token: Mutex<&'static str>,
    /// Reads end only when they are given up on.
    hangs: AtomicBool,
    reading: AtomicUsize,
    most: AtomicUsize,
}

impl TokenReader for Slip {
    fn read(&self, given_up: &dyn Fn() -> bool) -> Option<SecretString> {
        self.most.fetch_max(self.reading.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        while self.hangs.load(Ordering::SeqCst) && !given_up() {
            std::thread::yield_now();
        }
        self.reading.fetch_sub(1, Ordering::SeqCst);
        Some((*self.token.lock().unwrap()).into())
    }
}

struct House {
    line: Line,
    slip: Arc<Slip>,
    can_tell: Arc<AtomicBool>,
    open: watch::Sender<bool>,
    asked: mpsc::UnboundedReceiver<()>,
    requests: mpsc::Receiver<Request>,
    _reports: mpsc::Receiver<Report>,
    _state: TempDir,
}

impl House {
    /// A line whose token is `old`, and whose outbox is the test.
    fn new() -> Self {
        let state = tempfile::tempdir().unwrap();
        let (open, held_until) = watch::channel(true);
        let (question, asked) = mpsc::unbounded_channel();
        let can_tell = Arc::new(AtomicBool::new(true));
        let users = Users { can_tell: Arc::clone(&can_tell), held_until, asked: question };
        let settings = ApiSettings {
            base_url: "https://tickets.example.com".into(),
            tenant: TenantId::from_service("tnt_1"),
            token: Some("old".into()),
            timeout: Duration::from_secs(10),
            allow_insecure: false,
            retry: RetryPolicy::default(),
        };
        let slip = Arc::new(Slip { token: Mutex::new("new"), ..Slip::default() });
        let shelf = Shelf {
            state_dir: state.path().to_owned(),
            tenant: TenantId::from_service("tnt_1"),
            device: DeviceId::from_service("north"),
        };
        let store = shelf.open(EventId::from_service("evt_1")).unwrap().store;
        let settings = EngineSettings {
            client: Client::with_outside(&settings, Outside::around(users)).unwrap().once(),
            token: Some(Arc::clone(&slip) as _),
            scan: ScanMode::Auto,
            event: None,
            memory: None,
            shelf,
            opening: None,
            offline: OfflinePolicy::Accept,
            slow_after: Duration::from_secs(1),
            load: LoadSettings::default(),
            seed: 1,
        };
        let (reports, told) = mpsc::channel(100);
        let line = Line::new(settings, reports, mpsc::channel(1).0);
        let (outbox, requests) = mpsc::channel(100);
        line.connect(Some((outbox, store)));
        Self { line, slip, can_tell, open, asked, requests, _reports: told, _state: state }
    }

    /// For whom scans were let go on, each time since this was asked last.
    fn resumed_for(&mut self) -> Vec<Option<UserId>> {
        let mut users = Vec::new();
        while let Ok(request) = self.requests.try_recv() {
            if let Request::Resume { user } = request {
                users.push(user);
            }
        }
        users
    }
}

fn user(token: &str) -> UserId {
    UserId::from_service(format!("usr_{token}"))
}

#[tokio::test]
async fn scans_go_on_for_the_user_of_the_new_token_or_for_nobody_known() {
    let mut house = House::new();
    assert!(load::identify(&house.line).await);
    assert_eq!(house.line.operator().user, Some(user("old")));
    house.can_tell.store(false, Ordering::SeqCst);
    resume(house.line.clone()).await;
    assert_eq!(house.resumed_for(), [None], "nobody could tell whose the new one is");
    // The token is the same as before by now, and it is still to be found out whose it is.
    house.can_tell.store(true, Ordering::SeqCst);
    resume(house.line.clone()).await;
    assert_eq!(house.resumed_for(), [Some(user("new"))]);
}

#[tokio::test]
async fn an_answer_about_the_old_token_does_not_count_for_the_new_one() {
    let mut house = House::new();
    house.open.send_replace(false);
    let line = house.line.clone();
    let early = tokio::spawn(async move { load::identify(&line).await });
    house.asked.recv().await.unwrap();
    assert!(renew(&house.line).await);
    house.open.send_replace(true);
    assert!(!early.await.unwrap());
    assert_eq!(house.line.operator(), Operator::default());
}

#[tokio::test]
async fn a_second_sign_of_the_operator_ends_the_reading_of_the_first() {
    let mut house = House::new();
    house.slip.hangs.store(true, Ordering::SeqCst);
    let first = tokio::spawn(resume(house.line.clone()));
    while house.slip.reading.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let second = tokio::spawn(resume(house.line.clone()));
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    house.slip.hangs.store(false, Ordering::SeqCst);
    second.await.unwrap();
    assert_eq!(house.slip.most.load(Ordering::SeqCst), 1, "two read at a time");
    assert_eq!(house.resumed_for(), [Some(user("new"))]);
    let_go(&house.line).await;
    assert_eq!(house.slip.reading.load(Ordering::SeqCst), 0);
}
