//! The outbox at work against the real service, through a network that breaks at every place it can.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use doorlist::api::{
    ApiSettings, BodyFault, Client, HttpRequest, HttpResponse, HttpTransport, Outside, RetryPolicy, ScanMode, Scanner,
    TicketFilter, Transport, TransportError,
};
use doorlist::domain::{DeviceId, Entry, EntryId, EntryState, ScanKind, TicketId, TicketStatus};
use doorlist::server::{self, DemoPlan, Service, ServiceSettings};
use doorlist::store::{Place, Store, StoreGuard};
use doorlist::sync::drain::DrainSettings;
use doorlist::sync::outbox::{News, OutboxSettings, Request, start};
use doorlist::wire;
use futures::future::{BoxFuture, FutureExt};
use jiff::Timestamp;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::sync::Mutex;
use tokio::sync::mpsc;

use super::make::entry;

const SCANS: usize = 60;
const PATIENCE: Duration = Duration::from_secs(60);

/// HTTP that breaks: before the request is sent, after it was, or with an answer that is not the service's.
#[derive(Debug)]
struct Faulty {
    inner: HttpTransport,
    broken: Arc<AtomicBool>,
    random: Mutex<ChaCha8Rng>,
}

impl Transport for Faulty {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let dice =
            if self.broken.load(Ordering::SeqCst) { self.random.lock().unwrap().random_range(0..16) } else { 99 };
        async move {
            match dice {
                0 => Err(TransportError::NotSent),
                1 | 2 => {
                    drop(self.inner.send(request).await);
                    Err(TransportError::Broken)
                }
                3 => self.inner.send(request).await.map(|mut answer| {
                    answer.body = Err(BodyFault::Truncated);
                    answer
                }),
                4 => self
                    .inner
                    .send(request)
                    .await
                    .map(|answer| replaced(answer, 200, "text/html", "<html>Sign in</html>")),
                5 => self.inner.send(request).await.map(|answer| replaced(answer, 502, "text/html", "bad gateway")),
                // Twice: a proxy that repeats what it should not.
                6 => {
                    let first = self.inner.send(request.clone()).await;
                    drop(first);
                    self.inner.send(request).await
                }
                _ => self.inner.send(request).await,
            }
        }
        .boxed()
    }
}

fn replaced(mut answer: HttpResponse, status: u16, kind: &'static str, body: &str) -> HttpResponse {
    answer.status = status.try_into().unwrap();
    answer.headers.insert("content-type", kind.parse().unwrap());
    answer.body = Ok(body.as_bytes().to_vec());
    answer
}

struct Evening {
    service: Service,
    place: Place,
    broken: Arc<AtomicBool>,
    client: Client,
    /// Without faults, for the judge.
    clear: Client,
}

impl Evening {
    async fn begin(seed: u64) -> Self {
        let demo = Some(DemoPlan { tickets: 200, seed });
        let service = server::start(ServiceSettings { demo, ..ServiceSettings::temporary() }).await.unwrap();
        let demo = service.demo().unwrap().clone();
        let base_url = format!("http://{}", service.local_addr());
        let settings = ApiSettings {
            base_url: base_url.clone(),
            tenant: demo.tenant_id.clone(),
            token: Some(demo.tokens.full.clone().into()),
            timeout: Duration::from_secs(5),
            allow_insecure: false,
            retry: RetryPolicy::default(),
        };
        let broken = Arc::new(AtomicBool::new(false));
        let faulty = Faulty {
            inner: HttpTransport::new(&base_url.parse().unwrap(), settings.timeout).unwrap(),
            broken: Arc::clone(&broken),
            random: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
        };
        Self {
            place: Place { tenant: demo.tenant_id, event: demo.event_id, device: DeviceId::from_service("north-4f2a") },
            client: Client::with_outside(&settings, Outside::around(faulty)).unwrap().once(),
            clear: Client::new(&settings).unwrap(),
            service,
            broken,
        }
    }

    fn start(&self, folder: &Path, mode: ScanMode) -> (mpsc::Sender<Request>, mpsc::Receiver<News>, StoreGuard, usize) {
        let (store, guard, opened) = Store::open(folder, self.place.clone()).unwrap();
        let unsent = opened.entries.iter().filter(|entry| entry.is_unsent()).count();
        let settings = OutboxSettings {
            client: self.client.clone(),
            scanner: Scanner::new(self.client.clone(), mode),
            drain: DrainSettings { rest: Duration::from_millis(50), ..DrainSettings::default() },
        };
        let (requests, news) = start(settings, store, opened.entries);
        (requests, news, guard, unsent)
    }

    async fn tickets(&self) -> Vec<wire::Ticket> {
        self.clear.all_tickets(TicketFilter::of_event(self.place.event.clone())).collect().await.unwrap()
    }

    fn scan(&self, number: usize, ticket: &TicketId) -> Box<Entry> {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&number.to_be_bytes());
        Box::new(Entry {
            id: EntryId::new(Timestamp::now(), random),
            ticket: ticket.clone(),
            event: self.place.event.clone(),
            operator: doorlist::domain::Operator::default(),
            taken_at: Timestamp::now(),
            promised: false,
            ..entry(0)
        })
    }
}

/// Reads news until `done` entries have ended.
async fn until_ended(
    requests: &mpsc::Sender<Request>,
    news: &mut mpsc::Receiver<News>,
    done: usize,
) -> HashMap<EntryId, EntryState> {
    let mut ended = HashMap::new();
    let reading = async {
        while ended.len() < done {
            match news.recv().await.unwrap() {
                News::Told(entry) if !entry.is_unsent() => drop(ended.insert(entry.id, entry.state)),
                // Nobody waits for half a minute in a test.
                News::Link(_) => requests.send(Request::SignOfLife).await.unwrap(),
                News::Told(_) | News::Learnt(_) => drop(requests.try_send(Request::SignOfLife)),
                News::NotTaken { why, .. } => panic!("{why:?}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap();
    ended
}

async fn through_a_broken_network(mode: ScanMode, seed: u64) {
    let temporary = tempfile::tempdir().unwrap();
    let evening = Evening::begin(seed).await;
    let active: Vec<TicketId> = evening
        .tickets()
        .await
        .into_iter()
        .filter(|ticket| ticket.status == TicketStatus::Active)
        .map(|ticket| ticket.id)
        .take(SCANS)
        .collect();
    evening.broken.store(true, Ordering::SeqCst);

    // The first console ends in the middle of it.
    let (requests, mut news, guard, _) = evening.start(temporary.path(), mode);
    for (number, ticket) in active.iter().enumerate() {
        requests.send(Request::Take(evening.scan(number, ticket))).await.unwrap();
        while news.try_recv().is_ok() {}
    }
    let early = until_ended(&requests, &mut news, SCANS / 4).await;
    drop(requests);
    while news.recv().await.is_some() {}
    guard.finish().unwrap();

    // The second one takes up what is left, still in the rain, and then in the sun.
    let (requests, mut news, guard, unsent) = evening.start(temporary.path(), mode);
    assert!(early.len() + unsent <= SCANS);
    let _ = until_ended(&requests, &mut news, unsent / 2).await;
    drop(requests);
    while news.recv().await.is_some() {}
    guard.finish().unwrap();
    evening.broken.store(false, Ordering::SeqCst);
    let (requests, mut news, guard, unsent) = evening.start(temporary.path(), mode);
    let _ = until_ended(&requests, &mut news, unsent).await;
    drop(requests);
    while news.recv().await.is_some() {}
    guard.finish().unwrap();

    judge(&evening, temporary.path(), &active).await;
    evening.service.shutdown().await;
}

/// Every scan is accepted, and the service has it exactly once.
async fn judge(evening: &Evening, folder: &Path, scanned: &[TicketId]) {
    let (_store, guard, opened) = Store::open(folder, evening.place.clone()).unwrap();
    guard.finish().unwrap();
    let states: BTreeMap<&str, &EntryState> =
        opened.entries.iter().map(|entry| (entry.ticket.as_str(), &entry.state)).collect();
    assert_eq!(opened.entries.len(), SCANS);
    let ours = |ticket: &wire::Ticket| {
        let device = &evening.place.device;
        ticket.scans.iter().filter(|scan| scan.device_id == *device && scan.kind == ScanKind::CheckIn).count()
    };
    for ticket in evening.tickets().await {
        let expected = usize::from(scanned.contains(&ticket.id));
        assert_eq!(ours(&ticket), expected, "{}", ticket.id);
        if expected == 1 {
            let state = states[ticket.id.as_str()];
            let scan = &ticket.scans.last().unwrap().id;
            assert!(matches!(state, EntryState::Accepted { scan: Some(ours), .. } if ours == scan), "{state:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn by_key_every_scan_arrives_once_through_a_broken_network() {
    for seed in 0..3 {
        through_a_broken_network(ScanMode::Auto, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_form_does_too() {
    for seed in 0..3 {
        through_a_broken_network(ScanMode::Documented, seed).await;
    }
}
