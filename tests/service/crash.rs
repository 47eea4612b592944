//! The service is killed under load and started again on the same file.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::join_all;
use serde_json::{Value, json};

use super::process::Process;

/// Check-ins that are answered before the service dies.
const ANSWERED: usize = 60;
/// Doors at once.
const DOORS: usize = 8;

/// Requests with the token of the first start.
struct Client {
    http: reqwest::Client,
    url: String,
    demo: Value,
}

impl Client {
    fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .header("x-tenant-id", self.demo["tenantId"].as_str().unwrap())
            .bearer_auth(self.demo["tokens"]["full"].as_str().unwrap())
    }

    /// Whether the check-in was answered with success.
    async fn check_in(&self, ticket: &str) -> bool {
        let body = json!({"idempotencyKey": format!("crash-{ticket}")});
        let path = format!("/tickets/{ticket}/check-in");
        let answer = self.request(reqwest::Method::PUT, &path).json(&body).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    async fn check_ins(&self, ticket: &str) -> usize {
        let answer = self.request(reqwest::Method::GET, &format!("/tickets/{ticket}")).send().await.unwrap();
        let body: Value = answer.json().await.unwrap();
        let scans = body["ticket"]["scans"].as_array().unwrap();
        scans.iter().filter(|scan| scan["kind"] == "CHECK_IN").count()
    }

    /// Tickets that nobody has scanned yet.
    async fn fresh_tickets(&self) -> Vec<String> {
        let event = self.demo["eventId"].as_str().unwrap();
        let path = format!("/tickets?eventId={event}&status=ACTIVE&limit=100");
        let page: Value = self.request(reqwest::Method::GET, &path).send().await.unwrap().json().await.unwrap();
        let fresh = |ticket: &&Value| ticket["scans"].as_array().unwrap().is_empty();
        let tickets = page["tickets"].as_array().unwrap().iter().filter(fresh);
        tickets.map(|ticket| ticket["id"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_a_kill_and_nothing_is_there_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path(), &["--demo", "400"]);
    let demo = process.ready.clone();
    let client = Client { http: reqwest::Client::new(), url: process.url(), demo };
    let tickets = client.fresh_tickets().await;
    assert!(tickets.len() > ANSWERED);
    let (next, answered) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (enough, killed) = tokio::sync::oneshot::channel();
    let enough = std::sync::Mutex::new(Some(enough));
    let doors = join_all((0..DOORS).map(|_| async {
        let mut done = Vec::new();
        while let Some(ticket) = tickets.get(next.fetch_add(1, Ordering::SeqCst)) {
            if client.check_in(ticket).await {
                done.push(ticket.clone());
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
    let done: Vec<_> = done.into_iter().flatten().collect();
    assert!(done.len() + DOORS >= ANSWERED, "{} answered", done.len());

    let again = Process::start(folder.path(), &[]);
    let client = Client { url: again.url(), ..client };
    for ticket in &done {
        assert_eq!(client.check_ins(ticket).await, 1, "{ticket} was answered");
    }
    for ticket in &tickets {
        assert!(client.check_in(ticket).await, "{ticket} again");
        assert_eq!(client.check_ins(ticket).await, 1, "{ticket} after it was sent again");
    }
}
