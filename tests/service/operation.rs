//! Running the service: what it logs, how it ends, what it keeps and from whom.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use doorlist::domain::TicketId;
use doorlist::server::{Clock, Database, ServiceSettings, start};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::support::{World, id};

/// Where the log goes while a test listens.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[tokio::test]
async fn the_log_names_requests_and_neither_guests_nor_secrets() {
    let log = Log::default();
    let writer = log.clone();
    // The other tests of this program are heard too; they must not say anything either.
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone()))
        .with(Targets::new().with_target("doorlist", LevelFilter::TRACE))
        .init();
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}", id(&ticket));
    let email = ticket["attendee"]["email"].as_str().unwrap();
    let patch = json!({"attendee": {"firstName": "Xanthippe", "email": "xanthippe@example.com"}});
    world.put("ticket.update", &path, patch).await;
    world.put("ticket.checkInByKey", &format!("{path}/check-in"), json!({"idempotencyKey": "k3y-k3y"})).await;
    world.get("ticket.list", &format!("/tickets?eventId={}&query=xanthippe", world.demo.event_id.as_str())).await;
    let mut comp = world.comp(1).await;
    comp["customer"]["lastName"] = json!("Featherstonehaugh");
    let comp = world.post("order.createComplimentary", "/orders/complimentary", comp).await;
    let order = id(&comp.body["order"]);
    world.post("order.resend", &format!("/orders/{order}/resend"), json!({"email": "sent.here@example.com"})).await;
    let signed =
        format!("/tickets?orderId={}&orderSignature={}", world.demo.order_id.as_str(), world.demo.order_signature);
    let answer = world.anonymous(Method::GET, &signed).send().await.unwrap();
    let request = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let log = log.text();
    let line = log.lines().find(|line| line.contains(&request)).unwrap();
    for field in ["method=GET", "route=\"/tickets\"", "status=200", "took="] {
        assert!(line.contains(field), "no {field} in {line}");
    }
    assert!(log.contains("/tickets/{key}/check-in") && log.contains("nothing is mailed"));
    let tokens = &world.demo.tokens;
    let secrets = [&tokens.full, &tokens.scanning, &world.demo.order_signature];
    for secret in secrets.map(String::as_str).into_iter().chain(["k3y-k3y", "Bearer"]) {
        assert!(!log.contains(secret), "{secret} was logged");
    }
    for guest in [email, "anthippe", "Featherstonehaugh", "sent.here", id(&ticket)] {
        assert!(!log.contains(guest), "{guest} was logged");
    }
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let world = World::new().await;
    let mut names = Vec::new();
    for path in ["/healthz", "/openapi.json", "/users/me", "/nothing", "/tickets"] {
        let answer = world.request(Method::GET, path).send().await.unwrap();
        names.push(answer.headers()["x-request-id"].to_str().unwrap().to_owned());
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 5);
    assert_eq!(
        world.http.get(format!("{}/healthz", world.service.url())).send().await.unwrap().status(),
        StatusCode::OK
    );
}

/// A check-in of which only the first half of the body has arrived, and which the service is waiting for.
async fn half_a_check_in(world: &World, ticket: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(world.service.local_addr()).await.unwrap();
    let head = format!(
        "PUT /tickets/{ticket}/check-in HTTP/1.1\r\nHost: door\r\nx-tenant-id: {}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        world.demo.tenant_id.as_str(),
        world.demo.tokens.full,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut word = [0; 25];
    stream.read_exact(&mut word).await.unwrap();
    assert_eq!(&word, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&body.as_bytes()[..body.len() / 2]).await.unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_finishes_what_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::File(folder.path().join("tickets.db"));
    let settings = ServiceSettings { database, ..ServiceSettings::temporary() };
    let world = World::with(settings.clone()).await;
    let ticket = id(&world.ticket("ACTIVE").await).to_owned();
    let body = r#"{"deviceId": "slow-door"}"#;
    let mut slow = half_a_check_in(&world, &ticket, body).await;
    let World { service, demo, http, key } = world;
    let address = service.local_addr();
    let finishing = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        slow.write_all(&body.as_bytes()[body.len() / 2..]).await.unwrap();
        let mut answer = String::new();
        slow.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let (answer, ()) = tokio::join!(finishing, service.shutdown());
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let world = World { service: start(settings).await.unwrap(), demo, http, key };
    let after = world.get("ticket.get", &format!("/tickets/{ticket}")).await;
    assert_eq!(after["ticket"]["scans"].as_array().unwrap().last().unwrap()["deviceId"], "slow-door");
}

/// A service whose clock stands as many minutes after its start as the number beside it says.
async fn world_with_a_clock() -> (World, Arc<AtomicI64>) {
    let begun = Timestamp::now();
    let passed = Arc::new(AtomicI64::new(0));
    let minutes = Arc::clone(&passed);
    let clock = Clock::from_fn(move || begun + SignedDuration::from_mins(minutes.load(Ordering::SeqCst)));
    (World::with(ServiceSettings { clock, ..ServiceSettings::temporary() }).await, passed)
}

#[tokio::test]
async fn an_answer_is_given_again_for_24_hours_and_no_longer() {
    let (world, passed) = world_with_a_clock().await;
    let ticket = world.order(1).await.remove(0);
    let path = format!("/tickets/{}/check-in", id(&ticket));
    let key = json!({"idempotencyKey": "tonight"});
    let first = world.put("ticket.checkInByKey", &path, key.clone()).await;
    passed.store(24 * 60 - 1, Ordering::SeqCst);
    let again = world.put("ticket.checkInByKey", &path, key.clone()).await;
    assert_eq!((again.status, again.body), (StatusCode::OK, first.body));
    passed.store(24 * 60 + 1, Ordering::SeqCst);
    let late = world.put("ticket.checkInByKey", &path, key.clone()).await;
    assert_eq!(late.body["data"]["reason"], "NOOP_TRANSITION");
    // The refusal is now what is kept, and the key is free for nothing else.
    let other = world.order(1).await.remove(0);
    let elsewhere = format!("/tickets/{}/check-in", id(&other));
    assert_eq!(world.put("ticket.checkInByKey", &elsewhere, key).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_clock_that_goes_back_never_takes_a_change_back() {
    let (world, passed) = world_with_a_clock().await;
    let ticket = world.order(1).await.remove(0);
    let scan = format!("/tickets/{}/scan", id(&ticket));
    passed.store(-600, Ordering::SeqCst);
    let mut times = vec![ticket["updatedAt"].as_str().unwrap().parse::<Timestamp>().unwrap()];
    for kind in ["CHECK_IN", "CHECK_OUT", "CHECK_IN"] {
        let scanned = world.post("ticket.scan", &scan, json!({"kind": kind})).await.body;
        times.push(scanned["ticket"]["updatedAt"].as_str().unwrap().parse().unwrap());
    }
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
}

/// The file's own service may have had its clock an hour ahead; the door's scans are in its own time all the same.
#[tokio::test]
async fn a_scan_is_taken_now_whenever_its_ticket_was_changed() {
    let (world, passed) = world_with_a_clock().await;
    let ticket = world.order(1).await.remove(0);
    let (path, scan) = (format!("/tickets/{}", id(&ticket)), format!("/tickets/{}/scan", id(&ticket)));
    let time = |value: &Value| value.as_str().unwrap().parse::<Timestamp>().unwrap();
    passed.store(60, Ordering::SeqCst);
    let renamed = world.put("ticket.update", &path, json!({"attendee": {"firstName": "Ada"}})).await.body;
    passed.store(0, Ordering::SeqCst);
    let scanned = world.post("ticket.scan", &scan, json!({"kind": "CHECK_IN"})).await.body["ticket"].clone();
    assert!(time(&scanned["scans"][0]["scannedAt"]) < time(&renamed["ticket"]["updatedAt"]));
    assert!(time(&scanned["updatedAt"]) > time(&renamed["ticket"]["updatedAt"]));
    // History stays oldest first, even for a clock that went back between two scans.
    passed.store(-60, Ordering::SeqCst);
    let out = world.post("ticket.scan", &scan, json!({"kind": "CHECK_OUT"})).await.body["ticket"].clone();
    assert!(time(&out["scans"][1]["scannedAt"]) >= time(&out["scans"][0]["scannedAt"]));
}

#[tokio::test]
async fn guests_on_disk_are_their_keepers_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("tickets.db");
    let settings = ServiceSettings { database: Database::File(database), ..ServiceSettings::temporary() };
    let world = World::with(settings).await;
    world.order(1).await;
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        if entry.path().extension().is_some_and(|extension| extension == "lock") {
            continue;
        }
        let rights = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(rights, 0o600, "{}", entry.path().display());
        seen += 1;
    }
    assert!(seen >= 2, "the database and its log");
}

#[tokio::test]
async fn fresh_ids_have_the_documented_form() {
    let world = World::new().await;
    let tickets = world.order(2).await;
    assert!(tickets.iter().all(|ticket| TicketId::parse(id(ticket)).is_ok()));
    assert_ne!(id(&tickets[0]), id(&tickets[1]));
    let resent: Value = {
        let path = format!("/orders/{}/resend", tickets[0]["orderId"].as_str().unwrap());
        world.post("order.resend", &path, json!({})).await.body
    };
    let words: Vec<_> =
        resent["order"]["timeline"].as_array().unwrap().iter().map(|entry| &entry["description"]).collect();
    assert!(words.last().unwrap().as_str().unwrap().contains("sends no mail"), "{words:?}");
}

#[tokio::test]
async fn an_event_is_over_when_its_last_entry_is() {
    let (world, passed) = world_with_a_clock().await;
    let event = world.demo.event_id.as_str();
    let public = async |operation: &str, path: String| world.send(operation, world.anonymous(Method::GET, &path)).await;
    for (hours, status) in [(0, "UPCOMING"), (12, "ENDED"), (0, "UPCOMING")] {
        passed.store(hours * 60, Ordering::SeqCst);
        let told = public("event.get", format!("/events/{event}")).await;
        assert_eq!(told["event"]["status"], status, "after {hours} hours");
        let alike = public("event.list", format!("/events?status={status}")).await;
        let alike = alike["events"].as_array().unwrap();
        assert!(alike.iter().all(|event| event["status"] == status), "{alike:?}");
        assert!(alike.iter().any(|told| told["id"] == event), "after {hours} hours");
    }
}

/// Where an event is, in any writing; another place has none.
#[rstest]
#[case::state("state=vic", 2)]
#[case::city("city=MELBOURNE", 2)]
#[case::both("city=melbourne&state=VIC", 2)]
#[case::another_state("state=NSW", 0)]
#[case::another_city("city=Melb", 0)]
#[tokio::test]
async fn events_are_found_by_their_place(#[case] filter: &str, #[case] found: usize) {
    let world = World::new().await;
    let events = world.get("event.list", &format!("/events?{filter}")).await["events"].clone();
    assert_eq!(events.as_array().unwrap().len(), found);
    assert!(events.as_array().unwrap().iter().all(|event| event["location"]["postcode"] == "3000"));
}
