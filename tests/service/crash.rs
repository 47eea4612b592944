//! The service is killed under load and started again on the same file.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::join_all;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::process::Process;

/// Check-ins that are answered before the service dies.
const ANSWERED: usize = 45;
/// Doors at once.
const DOORS: usize = 8;
/// Orders that go in whole, and tickets of each.
const ORDERS: usize = 20;
const PARTY: usize = 3;

/// What one check-in is of, and by which form.
#[derive(Debug, Clone)]
enum CheckIn {
    /// By the documented form, which has no key to repeat it with.
    Scan(String),
    ByKey(String),
    Order(String),
}

/// Requests with the token of the first start.
struct Client {
    http: reqwest::Client,
    url: String,
    demo: Value,
}

impl Client {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .header("x-tenant-id", self.demo["tenantId"].as_str().unwrap())
            .bearer_auth(self.demo["tokens"]["full"].as_str().unwrap())
    }

    async fn json(&self, request: RequestBuilder) -> Value {
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Whether the check-in was answered with success.
    async fn check_in(&self, what: &CheckIn) -> bool {
        let request = match what {
            CheckIn::Scan(ticket) => {
                self.request(Method::POST, &format!("/tickets/{ticket}/scan")).json(&json!({"kind": "CHECK_IN"}))
            }
            CheckIn::ByKey(key) | CheckIn::Order(key) => self
                .request(Method::PUT, &format!("/tickets/{key}/check-in"))
                .json(&json!({"idempotencyKey": format!("crash-{key}")})),
        };
        request.send().await.is_ok_and(|answer| answer.status().is_success())
    }

    /// How often each of the tickets was checked in.
    async fn check_ins(&self, what: &CheckIn) -> Vec<usize> {
        let tickets = match what {
            CheckIn::Scan(ticket) | CheckIn::ByKey(ticket) => {
                let told = self.json(self.request(Method::GET, &format!("/tickets/{ticket}"))).await;
                vec![told["ticket"].clone()]
            }
            CheckIn::Order(order) => {
                let told = self.json(self.request(Method::GET, &format!("/tickets?orderId={order}"))).await;
                told["tickets"].as_array().unwrap().clone()
            }
        };
        let check_in = |scan: &&Value| scan["kind"] == "CHECK_IN";
        tickets.iter().map(|ticket| ticket["scans"].as_array().unwrap().iter().filter(check_in).count()).collect()
    }

    /// Check-ins of guests whom nobody has let in yet, the three forms by turns.
    async fn work(&self) -> Vec<CheckIn> {
        let event = self.demo["eventId"].as_str().unwrap();
        let path = format!("/tickets?eventId={event}&status=ACTIVE&limit=100");
        let page = self.json(self.request(Method::GET, &path)).await;
        let fresh = page["tickets"].as_array().unwrap().iter().filter(|ticket| ticket["scans"] == json!([]));
        let mut work: Vec<_> = fresh
            .map(|ticket| ticket["id"].as_str().unwrap().to_owned())
            .enumerate()
            .map(|(place, ticket)| if place % 2 == 0 { CheckIn::Scan(ticket) } else { CheckIn::ByKey(ticket) })
            .collect();
        let comp = json!({
            "eventId": event, "reason": "A party",
            "items": [{"quantity": PARTY, "admissionId": page["tickets"][0]["admissionId"]}],
            "customer": {"firstName": "Ada", "lastName": "Quist", "email": "ada.quist@example.com"},
        });
        let issue = |_| self.json(self.request(Method::POST, "/orders/complimentary").json(&comp));
        for (place, made) in join_all((0..ORDERS).map(issue)).await.iter().enumerate() {
            work.insert(place * 3, CheckIn::Order(made["order"]["id"].as_str().unwrap().to_owned()));
        }
        work
    }
}

/// Works until the service is gone, which is as soon as enough was answered; gives what was answered with success.
async fn until_killed(client: &Client, work: &[CheckIn], process: &mut Process) -> Vec<CheckIn> {
    let (next, answered) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (enough, killed) = tokio::sync::oneshot::channel();
    let enough = Mutex::new(Some(enough));
    let doors = join_all((0..DOORS).map(|_| async {
        let mut done = Vec::new();
        while let Some(what) = work.get(next.fetch_add(1, Ordering::SeqCst)) {
            if client.check_in(what).await {
                done.push(what.clone());
            }
            if answered.fetch_add(1, Ordering::SeqCst) + 1 == ANSWERED {
                enough.lock().unwrap().take().unwrap().send(()).unwrap();
            }
        }
        done
    }));
    let killing = async {
        killed.await.unwrap();
        process.kill();
    };
    let (done, ()) = futures::future::join(doors, killing).await;
    done.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_a_kill_and_nothing_is_there_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), &["--demo", "400"]);
    let demo = process.ready.clone();
    let client = Client { http: reqwest::Client::new(), url: process.url(), demo };
    let work = client.work().await;
    assert!(work.len() > ANSWERED + 2 * DOORS, "{} check-ins", work.len());
    let done = until_killed(&client, &work, &mut process).await;
    assert!(done.len() + DOORS >= ANSWERED, "{} answered", done.len());

    let again = Process::start(folder.path(), &[]);
    let client = Client { url: again.url(), ..client };
    for what in &done {
        assert!(client.check_ins(what).await.iter().all(|times| *times == 1), "{what:?} was answered");
    }
    // A few more than were answered: to send all of them again would show the same.
    for what in &work[..ANSWERED + 2 * DOORS] {
        let kept = client.check_ins(what).await;
        assert!(kept.iter().all(|times| *times == kept[0] && *times <= 1), "{what:?}: {kept:?}, not whole or twice");
        // A scan without an answer is looked for before it is made again; a key may be repeated as it is.
        if !matches!(what, CheckIn::Scan(_)) || kept[0] == 0 {
            assert!(client.check_in(what).await, "{what:?} again");
        }
        let size = if matches!(what, CheckIn::Order(_)) { PARTY } else { 1 };
        assert_eq!(client.check_ins(what).await, vec![1; size], "{what:?} after it was sent again");
    }
}
