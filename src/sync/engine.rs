//! The task that owns the engine, and the tasks that do its work.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::health::HealthCheck;
use super::{Order, Report, change, events, load, look_up};
use crate::api::{Client, ScanAnswer, ScanRequest, Scanner};
use crate::domain::{DeviceId, EventId, Pin, PinHash, ScanOutcome, TicketId, Trouble};
use crate::wire::Decoder;

/// Orders and reports that may wait; what gives more waits itself.
const QUEUE: usize = 64;
/// The selected ticket is read only once the selection rests this long.
const FETCH_AFTER: Duration = Duration::from_millis(150);

/// What the engine works with.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// The service.
    pub client: Client,
    /// How scans are sent.
    pub scanner: Scanner,
    /// Id or slug of the event; without one the only upcoming event is taken.
    pub event: Option<String>,
    /// This console's name in scans.
    pub device: DeviceId,
}

/// An engine at work.
#[derive(Debug)]
pub struct Engine {
    /// Takes orders.
    pub orders: mpsc::Sender<Order>,
    /// Gives reports.
    pub reports: mpsc::Receiver<Report>,
    /// Completes once `orders` is dropped and every scan under way has ended.
    ///
    /// Whoever ends the program waits for it: a scan that is cut off may have been taken or not. It gives the number
    /// of scans that ended without an answer when the console had gone and could not say so.
    pub ended: JoinHandle<usize>,
}

/// Starts the engine.
#[must_use]
pub fn start(settings: EngineSettings) -> Engine {
    let (orders, inbox) = mpsc::channel(QUEUE);
    let (outbox, reports) = mpsc::channel(QUEUE);
    let line = Line { settings, reports: outbox, shared: Arc::default() };
    Engine { orders, reports, ended: tokio::spawn(run(line, inbox)) }
}

async fn run(line: Line, mut orders: mpsc::Receiver<Order>) -> usize {
    // Loads and reads are replaced by newer ones and dropped at the end; scans are always seen through.
    let scans = TaskTracker::new();
    let mut loading = Latest::default();
    let mut fetching = Latest::default();
    let mut listing = Latest::default();
    let mut looking = JoinSet::new();
    while let Some(order) = orders.recv().await {
        let line = line.clone();
        match order {
            Order::LoadEvent { sequence, politely } => loading.replace(load::run(line, sequence, politely)),
            Order::FetchTicket { sequence, id } => fetching.replace(fetch(line, sequence, id)),
            Order::LookUp { sequence, id } => {
                while looking.try_join_next().is_some() {}
                looking.spawn(look_up::run(line, sequence, id));
            }
            Order::Scan { act, ticket, kind, known } => {
                let mut request = ScanRequest::new(ticket, kind, line.settings.device.clone());
                request.claimed = known;
                scans.spawn(scan(line, act, request));
            }
            Order::ListEvents { sequence, query } => listing.replace(events::list(line, sequence, query)),
            Order::VerifyPin { sequence, pin, hash } => _ = tokio::spawn(verify_pin(line, sequence, pin, hash)),
            Order::Change { sequence, change } => _ = scans.spawn(change::run(line, sequence, *change)),
        }
    }
    scans.close();
    scans.wait().await;
    line.with(|shared| shared.unconfirmed)
}

/// A task of which only the newest counts.
#[derive(Default)]
struct Latest(Option<AbortHandle>);

impl Latest {
    fn replace(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(old) = self.0.replace(tokio::spawn(work).abort_handle()) {
            old.abort();
        }
    }
}

impl Drop for Latest {
    fn drop(&mut self) {
        if let Some(work) = &self.0 {
            work.abort();
        }
    }
}

/// The way to the service and back to the console, shared by all work.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub settings: EngineSettings,
    reports: mpsc::Sender<Report>,
    shared: Arc<Mutex<Shared>>,
}

/// What all work has in common.
#[derive(Debug, Default)]
struct Shared {
    health: HealthCheck,
    decoder: Decoder,
    event: Option<EventId>,
    /// Scans that ended without an answer when nobody listened any more.
    unconfirmed: usize,
}

impl Line {
    /// Tells the console; where nobody listens any more there is nobody to tell.
    pub async fn report(&self, report: Report) {
        let _ = self.reports.send(report).await;
    }

    /// Judges the service by an answer that was asked for at `asked`.
    pub async fn judge(&self, asked: Instant, trouble: Option<&Trouble>) {
        let change = self.with(|shared| shared.health.judge(asked.elapsed(), trouble));
        if let Some(health) = change {
            self.report(Report::Health(health)).await;
        }
    }

    /// Turns wire shapes into the domain's with what this engine has seen before.
    pub fn decode<T>(&self, decode: impl FnOnce(&mut Decoder) -> T) -> T {
        self.with(|shared| decode(&mut shared.decoder))
    }

    pub fn remember_event(&self, id: &EventId) {
        self.with(|shared| shared.event = Some(id.clone()));
    }

    fn event(&self) -> Option<EventId> {
        self.with(|shared| shared.event.clone())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Shared) -> T) -> T {
        work(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn fetch(line: Line, sequence: u64, id: TicketId) {
    tokio::time::sleep(FETCH_AFTER).await;
    let asked = Instant::now();
    match line.settings.client.ticket(&id).await {
        Ok(ticket) => {
            line.judge(asked, None).await;
            let ticket = Box::new(line.decode(|decoder| decoder.ticket(ticket)));
            line.report(Report::Ticket { sequence, ticket }).await;
        }
        Err(error) => {
            let trouble = Trouble::from(&error);
            line.judge(asked, Some(&trouble)).await;
            line.report(Report::NoTicket { sequence, id, trouble }).await;
        }
    }
}

/// Beside everything else: the comparison is slow on purpose.
async fn verify_pin(line: Line, sequence: u64, pin: Pin, hash: PinHash) {
    let compared = tokio::task::spawn_blocking(move || crate::pin::matches(&pin, &hash)).await;
    line.report(Report::PinVerified { sequence, is_right: compared.unwrap_or(false) }).await;
}

async fn scan(line: Line, act: u64, mut request: ScanRequest) {
    let kind = request.kind;
    request.event = line.event();
    // A ticket of the index was listed by this very service: a 404 can only mean the route.
    request.vetted = true;
    request.idempotency_key = Some(uuid::Uuid::now_v7().to_string());
    let asked = Instant::now();
    let answer = line.settings.scanner.scan(&request).await;
    line.judge(asked, trouble(&answer)).await;
    let outcome: ScanOutcome = line.decode(|decoder| answer.into_outcome(decoder));
    tracing::info!(act, %kind, outcome = outcome_name(&outcome), "scan ended");
    let certain = matches!(outcome, ScanOutcome::Accepted(_) | ScanOutcome::Refused { .. });
    let told = line.reports.send(Report::Scanned { act, outcome }).await.is_ok();
    if !told && !certain {
        line.with(|shared| shared.unconfirmed += 1);
    }
}

const fn trouble(answer: &ScanAnswer) -> Option<&Trouble> {
    match answer {
        ScanAnswer::Unknown(trouble) | ScanAnswer::Failed(trouble) => Some(trouble),
        ScanAnswer::Accepted(_) | ScanAnswer::Refused { .. } => None,
    }
}

const fn outcome_name(outcome: &ScanOutcome) -> &'static str {
    match outcome {
        ScanOutcome::Accepted(_) => "accepted",
        ScanOutcome::Refused { .. } => "refused",
        ScanOutcome::Unknown(_) => "unknown",
        ScanOutcome::Failed(_) => "failed",
    }
}
