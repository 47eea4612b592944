//! The outbox's numbers: `cargo bench --bench outbox`; one JSON line a number, in milliseconds.
//!
//! Where it stands decides: `TMPDIR` must be on the disk that is measured. Disks have moods, so every durable
//! append of the outbox is followed by a raw fsynced append of the same size, and the two are told side by side.
//! With `--only-starts` only the real program is started.
//! The count of fsyncs comes from running the same with `--only-entries` under `strace -f -c -e fsync,fdatasync`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may stop at anything unexpected")]
#![expect(clippy::print_stdout, reason = "a bench prints its numbers")]
#![expect(clippy::expect_used, reason = "a bench that cannot go on has failed")]

#[path = "../tests/outbox/make.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod make;

#[path = "outbox/console.rs"]
mod console;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::{Duration, Instant};

use doorlist::api::{
    ApiSettings, Client, HttpRequest, HttpResponse, Outside, RetryPolicy, ScanMode, Scanner, Transport, TransportError,
};
use doorlist::index::TicketIndex;
use doorlist::store::{Store, Write};
use doorlist::sync::drain::{DrainSettings, Form};
use doorlist::sync::outbox::{self, News, OutboxSettings};
use futures::future::BoxFuture;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::json;

use make::{House, place, scan};

const APPENDS: u32 = 2_000;
const UNSENT: u32 = 10_000;
const TICKETS: u32 = 100_000;
const LATENCY: Duration = Duration::from_millis(50);

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let is_asked = |name: &str| std::env::args().any(|argument| argument == name);
    if is_asked("--only-starts") {
        return console::measure();
    }
    let only_entries = is_asked("--only-entries");
    runtime.block_on(appends(!only_entries));
    if !only_entries {
        runtime.block_on(burst());
        runtime.block_on(reload());
        runtime.block_on(drain());
        runtime.block_on(snapshot());
        console::measure();
    }
}

/// One scan after another, each durable before the next, beside a raw append.
async fn appends(beside_raw: bool) {
    let temporary = tempfile::tempdir().expect("a folder");
    let (store, guard, _) = Store::open(temporary.path(), place()).expect("a store");
    let mut raw = OpenOptions::new().append(true).create(true).open(temporary.path().join("raw")).expect("a file");
    let body = vec![b'x'; serde_json::to_vec(&scan(1).entries[0]).expect("JSON").len() + 1];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for number in 0..APPENDS {
        let write = scan(number);
        let begun = Instant::now();
        store.write(write).await.expect("kept");
        ours.push(begun.elapsed());
        if beside_raw {
            let begun = Instant::now();
            raw.write_all(&body).and_then(|()| raw.sync_data()).expect("appended");
            theirs.push(begun.elapsed());
        }
    }
    guard.finish().expect("closed");
    if beside_raw {
        let (entry, raw) = (spread(&mut ours), spread(&mut theirs));
        let ratio = entry["p99"].as_f64().zip(raw["p99"].as_f64()).map(|(entry, raw)| entry / raw);
        println!("{}", json!({"bench": "append", "entries": APPENDS, "entry": entry, "raw": raw, "p99_ratio": ratio}));
    }
}

/// Many scans at once: group commit.
async fn burst() {
    let temporary = tempfile::tempdir().expect("a folder");
    let (store, guard, _) = Store::open(temporary.path(), place()).expect("a store");
    let begun = Instant::now();
    let asked: Vec<_> = (0..APPENDS)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.write(scan(number)).await })
        })
        .collect();
    for answer in asked {
        answer.await.expect("a task").expect("kept");
    }
    let a_second = f64::from(APPENDS) / begun.elapsed().as_secs_f64();
    println!("{}", json!({"bench": "burst", "entries": APPENDS, "a_second": a_second}));
    guard.finish().expect("closed");
}

/// The start after a long outage.
async fn reload() {
    let temporary = tempfile::tempdir().expect("a folder");
    let (store, guard, _) = Store::open(temporary.path(), place()).expect("a store");
    for batch in 0..100 {
        let numbers = batch * (UNSENT / 100)..(batch + 1) * (UNSENT / 100);
        let mut all = doorlist::store::Write::default();
        for number in numbers {
            let one = scan(number);
            all.entries.extend(one.entries);
            all.audit.extend(one.audit);
        }
        store.write(all).await.expect("kept");
    }
    guard.finish().expect("closed");
    drop(store);
    let mut times = Vec::new();
    for _ in 0..9 {
        let begun = Instant::now();
        let (_store, guard, opened) = Store::open(temporary.path(), place()).expect("a store");
        times.push(begun.elapsed());
        assert_eq!(opened.entries.len(), UNSENT as usize);
        guard.finish().expect("closed");
    }
    println!("{}", json!({"bench": "reload", "unsent": UNSENT, "open": spread(&mut times)}));
}

/// The end of a long outage: everything goes out to a service that is 50 ms away.
async fn drain() {
    let temporary = tempfile::tempdir().expect("a folder");
    let (store, guard, _) = Store::open(temporary.path(), place()).expect("a store");
    let entries: Vec<_> = (0..UNSENT).flat_map(|number| scan(number).entries).collect();
    for entries in entries.chunks(100) {
        store.write(Write { entries: entries.to_vec(), ..Write::default() }).await.expect("kept");
    }
    let settings = ApiSettings {
        base_url: "https://tickets.example.com".to_owned(),
        tenant: place().tenant,
        token: None,
        timeout: Duration::from_secs(10),
        allow_insecure: false,
        retry: RetryPolicy::default(),
    };
    let client = Client::with_outside(&settings, Outside::around(Far)).expect("a client").once();
    let scanner = Scanner::new(client.clone(), ScanMode::ByKey);
    let settings =
        OutboxSettings { client, scanner, drain: DrainSettings { form: Form::ByKey, ..DrainSettings::default() } };
    let begun = Instant::now();
    let (requests, mut news) = outbox::start(settings, store, entries);
    let mut done = 0;
    while done < UNSENT {
        if let News::Told(entry) = news.recv().await.expect("news") {
            done += u32::from(!entry.is_unsent());
        }
    }
    let a_second = f64::from(UNSENT) / begun.elapsed().as_secs_f64();
    drop(requests);
    while news.recv().await.is_some() {}
    guard.finish().expect("closed");
    println!("{}", json!({"bench": "drain", "unsent": UNSENT, "latency": milliseconds(LATENCY), "a_second": a_second}));
}

/// A service behind a slow network that takes every scan.
#[derive(Debug)]
struct Far;

impl Transport for Far {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            tokio::time::sleep(LATENCY).await;
            let id = request.url.path().split('/').nth(2).unwrap_or_default().to_owned();
            let now = Timestamp::now().to_string();
            let ticket = json!({
                "id": id, "status": "REDEEMED", "orderId": "ord_1", "eventId": place().event, "admissionId": "adm_1",
                "attendee": {"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com"},
                "scans": [{"id": format!("scn_{id}"), "kind": "CHECK_IN", "deviceId": place().device, "scannedById": "usr_1",
                           "scannedAt": now}],
                "updatedAt": now,
            });
            let body = json!({"tickets": [ticket], "targetType": "ticket"}).to_string().into_bytes();
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
            Ok(HttpResponse { status: StatusCode::OK, headers, body: Ok(body) })
        })
    }
}

/// The next start of a big event: what is read, and that it can be searched.
async fn snapshot() {
    let temporary = tempfile::tempdir().expect("a folder");
    let (store, guard, _) = Store::open(temporary.path(), place()).expect("a store");
    let snapshot = House::new().snapshot(TICKETS);
    let begun = Instant::now();
    store.write_snapshot(snapshot).await.expect("written");
    let written = begun.elapsed();
    guard.finish().expect("closed");
    drop(store);
    let bytes = std::fs::metadata(place().folder(temporary.path()).join("snapshot")).expect("a file").len();
    let (mut opens, mut usable) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        let begun = Instant::now();
        let (_store, guard, opened) = Store::open(temporary.path(), place()).expect("a store");
        opens.push(begun.elapsed());
        let index = TicketIndex::build(opened.snapshot.expect("a snapshot").tickets);
        usable.push(begun.elapsed());
        assert_eq!(index.len(), TICKETS as usize);
        guard.finish().expect("closed");
    }
    println!(
        "{}",
        json!({
            "bench": "snapshot", "tickets": TICKETS, "bytes": bytes, "write": milliseconds(written),
            "open": spread(&mut opens), "usable": spread(&mut usable),
        })
    );
}

fn spread(times: &mut [Duration]) -> serde_json::Value {
    times.sort();
    let at = |hundredth: usize| times.get((times.len() * hundredth / 100).min(times.len() - 1)).copied();
    let at = |hundredth| at(hundredth).map(milliseconds);
    json!({"p50": at(50), "p99": at(99), "max": at(100)})
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
