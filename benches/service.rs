//! Load on the embedded service: starts it on a file with a generated evening and prints one JSON line.
//!
//! `cargo bench --bench service [-- TICKETS]` (100,000 unless told). The client is a bare HTTP/1.1 loop on the same
//! machine and the same cores, so that the service is measured and not somebody's client library. Beside the durable
//! check-ins stands what SQLite alone does on the same disk with one commit each, and beside each rate the processor's
//! time by request, client and service together: it is the same on a machine that has other work.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench tells its figures, and stops where it cannot go on"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use doorlist::server::{Database, DemoEvent, DemoPlan, ServiceSettings, start};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// As many doors as a large venue has.
const CONNECTIONS: usize = 32;
/// Requests of each measurement.
const CHECK_INS: usize = 30_000;
const GETS: usize = 60_000;
const QUERIES: usize = 400;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    println!("{}", runtime.block_on(measure()));
}

async fn measure() -> Value {
    let tickets = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let service = start(ServiceSettings {
        database: Database::File(folder.path().join("tickets.db")),
        demo: Some(DemoPlan { tickets, seed: 1 }),
        ..ServiceSettings::temporary()
    })
    .await
    .unwrap();
    let ready = begun.elapsed();
    let (demo, address) = (service.demo().unwrap().clone(), service.local_addr().to_string());
    let (walk, active) = walk(&address, &demo).await;
    let queries = load(&address, &demo, 1, names()).await;
    let gets = active.iter().cycle().take(GETS).map(|id| get(&format!("/tickets/{id}"))).collect();
    let gets = load(&address, &demo, CONNECTIONS, gets).await;
    let check_ins: Vec<_> = active.iter().take(CHECK_INS).enumerate().map(check_in).collect();
    let check_ins = load(&address, &demo, CONNECTIONS, check_ins).await;
    let memory = peak_resident();
    service.shutdown().await;
    json!({
        "tickets": tickets, "demoReadyMs": millis(ready), "walkMs": millis(walk), "peakResidentMb": memory,
        "queryP50Ms": queries.percentile(50), "queryP99Ms": queries.percentile(99),
        "getPerSecond": gets.per_second(), "getP99Ms": gets.percentile(99), "getCpuMicros": gets.cpu_micros(),
        "checkInsPerSecond": check_ins.per_second(), "checkInP50Ms": check_ins.percentile(50),
        "checkInP99Ms": check_ins.percentile(99), "checkInCpuMicros": check_ins.cpu_micros(),
        "bareSqlitePerSecond": bare(folder.path()),
    })
}

/// A request: its first line and its body.
type Request = (String, String);

fn get(path: &str) -> Request {
    (format!("GET {path}"), String::new())
}

fn check_in((at, id): (usize, &String)) -> Request {
    let body = json!({"deviceId": "bench", "idempotencyKey": format!("bench-{at}")});
    (format!("PUT /tickets/{id}/check-in"), body.to_string())
}

/// First pages of a search: common names, parts, misses, emails and phones.
fn names() -> Vec<Request> {
    let queries =
        ["smith", "mia", "ch", "o'brien", "zo%C3%AB", "nobody", "example.com", "0412", "%E7%8E%8B", "kate%20d"];
    let path = |query: &&str| get(&format!("/tickets?eventId=EVENT&query={query}"));
    queries.iter().cycle().take(QUERIES).map(path).collect()
}

/// How long each request took, and all of them together.
struct Figures {
    took: Vec<Duration>,
    whole: Duration,
    /// The processor's time, of this process.
    cpu: Duration,
}

impl Figures {
    fn per_second(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "few enough requests")]
        let count = self.took.len() as f64;
        (count / self.whole.as_secs_f64()).round()
    }

    fn cpu_micros(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "few enough requests")]
        let count = self.took.len() as f64;
        (self.cpu.as_secs_f64() * 1e7 / count).round() / 10.0
    }

    fn percentile(&self, percent: usize) -> f64 {
        millis(self.took[(self.took.len() - 1) * percent / 100])
    }
}

fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap(), u32::try_from(time.tv_nsec).unwrap())
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

/// Sends all requests over so many connections, each as soon as the one before is answered.
async fn load(address: &str, demo: &DemoEvent, connections: usize, requests: Vec<Request>) -> Figures {
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let (begun, cpu_begun) = (Instant::now(), cpu());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        let mut connection = Connection::open(address, demo).await;
        tasks.spawn(async move {
            let mut took = Vec::new();
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let asked = Instant::now();
                connection.ask(request).await;
                took.push(asked.elapsed());
            }
            took
        });
    }
    let mut took: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    took.sort_unstable();
    Figures { took, whole: begun.elapsed(), cpu: cpu().saturating_sub(cpu_begun) }
}

/// One kept-alive connection.
struct Connection {
    stream: TcpStream,
    headers: String,
    event: String,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str, demo: &DemoEvent) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let headers = format!(
            "HTTP/1.1\r\nHost: {address}\r\nx-tenant-id: {}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\n",
            demo.tenant_id.as_str(),
            demo.tokens.full
        );
        Self { stream, headers, event: demo.event_id.as_str().to_owned(), buffer: Vec::new() }
    }

    /// Sends a request and gives the body of the answer, which must be a success.
    async fn ask(&mut self, (line, body): &Request) -> &[u8] {
        let line = line.replace("EVENT", &self.event);
        let request = format!("{line} {}Content-Length: {}\r\n\r\n{body}", self.headers, body.len());
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.buffer.clear();
        loop {
            assert_ne!(self.stream.read_buf(&mut self.buffer).await.unwrap(), 0, "the service hung up");
            let Some(head) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let text = std::str::from_utf8(&self.buffer[..head]).unwrap();
            assert!(text.starts_with("HTTP/1.1 200"), "{line}: {text}");
            let length = text
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, length)| length.parse().unwrap());
            if self.buffer.len() >= head + 4 + length {
                return &self.buffer[head + 4..];
            }
        }
    }
}

/// Every ticket by pages of 100; gives the ids of those that can be checked in.
async fn walk(address: &str, demo: &DemoEvent) -> (Duration, Vec<String>) {
    let mut connection = Connection::open(address, demo).await;
    let (mut active, mut cursor, mut took) = (Vec::new(), String::new(), Duration::ZERO);
    loop {
        let asked = Instant::now();
        let request = get(&format!("/tickets?eventId=EVENT&limit=100&cursor={cursor}"));
        let body = connection.ask(&request).await;
        took += asked.elapsed();
        let page: Value = serde_json::from_slice(body).unwrap();
        for ticket in page["tickets"].as_array().unwrap().iter().filter(|ticket| ticket["status"] == "ACTIVE") {
            active.push(ticket["id"].as_str().unwrap().to_owned());
        }
        match page["after"].as_str() {
            Some(after) => after.clone_into(&mut cursor),
            None => return (took, active),
        }
    }
}

/// The most memory that was ever resident, in MB, the bench's own client included.
fn peak_resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// Durable commits a second of SQLite alone: one connection, one small insert each.
fn bare(folder: &std::path::Path) -> f64 {
    let conn = rusqlite::Connection::open(folder.join("bare.db")).unwrap();
    conn.pragma_update(None, "journal_mode", "wal").unwrap();
    conn.pragma_update(None, "synchronous", "full").unwrap();
    conn.execute_batch("CREATE TABLE scans (body TEXT) STRICT").unwrap();
    let (begun, body, mut count) = (Instant::now(), "x".repeat(300), 0_u32);
    while begun.elapsed() < Duration::from_secs(1) {
        conn.execute("INSERT INTO scans VALUES (?)", [&body]).unwrap();
        count += 1;
    }
    (f64::from(count) / begun.elapsed().as_secs_f64()).round()
}
