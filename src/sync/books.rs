//! The store and the outbox of the event, from the moment it is known to the end.

use std::collections::HashSet;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::drain::{DrainSettings, Form, NotTaken};
use super::line::Line;
use super::load::Progress;
use super::outbox::{self, News, OutboxSettings, Request};
use super::shelf::OpenStore;
use super::{Order, Report};
use crate::api::{ScanMode, Scanner};
use crate::domain::{AuditRecord, Entry, EntryId, EventId};
use crate::store::{self, Store, StoreError, StoreGuard, Write};

/// Records that the console is told at the start: a scan leaves two or three of them.
const ACTS: usize = 3_000;

/// What opening a store came to.
pub(super) type Opening = Result<OpenStore, StoreError>;

/// The store and the outbox, open or not.
pub(super) struct Books {
    line: Line,
    /// Where the first list goes on.
    progress: Progress,
    state: State,
    /// The event whose store could not be opened.
    failed: Option<EventId>,
    /// Orders that wait for the store.
    waiting: Vec<Order>,
    /// Completes when the last record is kept, or cannot be.
    recording: Option<JoinHandle<()>>,
}

enum State {
    Closed,
    Opening(EventId, JoinHandle<Opening>),
    Open(Open),
}

struct Open {
    requests: mpsc::Sender<Request>,
    store: Store,
    guard: StoreGuard,
    /// Passes the news on, and in the end counts what the service has not answered.
    telling: JoinHandle<usize>,
}

impl Books {
    pub fn new(line: Line, progress: Progress) -> Self {
        Self { line, progress, state: State::Closed, failed: None, waiting: Vec::new(), recording: None }
    }

    /// Begins to open the store of `event`, unless one is open.
    pub fn open_for(&mut self, event: EventId) {
        if matches!(self.state, State::Closed) {
            let place = (self.line.settings().shelf.clone(), event.clone());
            self.state = State::Opening(event, tokio::task::spawn_blocking(move || place.0.open(place.1)));
        }
    }

    /// Waits for a store that is being opened already; before any other.
    pub async fn finish(&mut self, opening: store::Opening) {
        let event = opening.place().event.clone();
        self.state = State::Opening(event, tokio::task::spawn_blocking(move || OpenStore::finish(opening)));
        let result = self.opening().await;
        self.opened(result).await;
    }

    /// Whatever stood in the way may have gone.
    pub fn try_again(&mut self) {
        if let Some(event) = self.failed.take() {
            self.open_for(event);
        }
    }

    /// Completes when a store that is being opened is open, or cannot be.
    pub async fn opening(&mut self) -> Opening {
        match &mut self.state {
            State::Opening(_, opening) => {
                opening.await.unwrap_or_else(|error| Err(StoreError::Disk { detail: error.to_string() }))
            }
            State::Closed | State::Open(_) => std::future::pending().await,
        }
    }

    pub async fn opened(&mut self, result: Opening) {
        match result {
            Ok(opened) => self.open(opened).await,
            Err(error) => {
                tracing::error!(%error, "the store cannot be opened");
                if let State::Opening(event, _) = std::mem::replace(&mut self.state, State::Closed) {
                    self.failed = Some(event);
                }
                self.line.looked_for_list(false);
                self.line.report(Report::NotOpened(error)).await;
                for order in std::mem::take(&mut self.waiting) {
                    self.refuse(order).await;
                }
            }
        }
    }

    /// Takes up where the store left off.
    pub async fn open(&mut self, opened: OpenStore) {
        let OpenStore { store, guard, mut kept, part } = opened;
        match store.audit(ACTS).await {
            Ok(acts) => kept.acts = acts,
            Err(error) => tracing::warn!(%error, "what was done before is not told"),
        }
        let entries = kept.entries.clone();
        tracing::info!(entries = entries.len(), tickets = kept.tickets.len(), "store open");
        let is_whole = part.is_none() && kept.is_whole;
        if let Some(part) = part {
            self.progress.restore(part, self.line.client().now());
        }
        self.line.looked_for_list(is_whole);
        self.line.report(Report::Opened(kept)).await;
        let unsent = entries.iter().filter(|entry| entry.is_unsent()).map(|entry| entry.id).collect();
        let (requests, news) = outbox::start(self.outbox_settings(), store.clone(), entries);
        let telling = tokio::spawn(tell(self.line.clone(), news, unsent));
        self.line.connect(Some((requests.clone(), store.clone())));
        self.state = State::Open(Open { requests, store, guard, telling });
        for order in std::mem::take(&mut self.waiting) {
            self.take(order).await;
        }
    }

    fn outbox_settings(&self) -> OutboxSettings {
        let settings = self.line.settings();
        let once = settings.client.once();
        let drain = DrainSettings {
            offline: settings.offline,
            slow_after: settings.slow_after,
            user: self.line.operator().user,
            form: if settings.scan == ScanMode::ByKey { Form::ByKey } else { Form::Documented },
            seed: settings.seed,
            ..DrainSettings::default()
        };
        OutboxSettings { scanner: Scanner::new(once.clone(), settings.scan), client: once, drain }
    }

    /// Hands an order about scans over; it waits for a store that is on its way, and is refused where there is none.
    pub async fn take(&mut self, order: Order) {
        let open = match &self.state {
            State::Open(open) => open,
            State::Closed if self.failed.is_some() => return self.refuse(order).await,
            State::Closed | State::Opening(..) => return self.waiting.push(order),
        };
        let request = match order {
            Order::Take(entry) => Request::Take(entry),
            Order::Undo { target, with } => Request::Undo { target, with },
            Order::Settle { entry, settlement } => Request::Settle { entry, settlement },
            Order::Record(record) => {
                let store = open.store.clone();
                return self.record(store, *record).await;
            }
            // Not about scans: the engine's own work.
            _ => return,
        };
        // The outbox ends after us.
        let _ = open.requests.send(request).await;
    }

    async fn refuse(&self, order: Order) {
        let report = match order {
            Order::Take(entry) => not_open(entry.id),
            Order::Undo { with, .. } => not_open(with.id),
            Order::Settle { entry, .. } => not_open(entry),
            Order::Record(_) => Report::NotRecorded(StoreError::Closed),
            _ => return,
        };
        self.line.report(report).await;
    }

    /// Completes when every record that was handed over so far survives a power cut, or it was told why it does not.
    pub fn recorded(&mut self) -> impl Future<Output = ()> + Send + 'static {
        let recording = self.recording.take();
        async move {
            if let Some(recording) = recording {
                let _ = recording.await;
            }
        }
    }

    async fn record(&mut self, store: Store, record: AuditRecord) {
        let answer = store.begin_write(Write { audit: vec![record], ..Write::default() }).await;
        let line = self.line.clone();
        // They are kept in their order: the last one stands for all.
        self.recording = Some(tokio::spawn(async move {
            if let Err(error) = answer.await {
                line.report(Report::NotRecorded(error)).await;
            }
        }));
    }

    /// Sees everything under way through; gives the number of scans that the service has not answered.
    pub async fn close(mut self) -> usize {
        if let State::Opening(..) = &self.state {
            // What was scanned meanwhile is kept all the same.
            let result = self.opening().await;
            self.opened(result).await;
        }
        self.line.connect(None);
        let State::Open(Open { requests, store, guard, telling }) = self.state else { return 0 };
        drop((requests, store));
        let unsent = telling.await.unwrap_or(0);
        match tokio::task::spawn_blocking(move || guard.finish()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the store did not close well"),
            Err(error) => tracing::error!(%error, "the store did not close well"),
        }
        unsent
    }
}

fn not_open(entry: EntryId) -> Report {
    Report::NotTaken { entry, why: NotTaken::NotOpen }
}

/// Passes the news on until they end.
async fn tell(line: Line, mut news: mpsc::Receiver<News>, mut unsent: HashSet<EntryId>) -> usize {
    line.count_unsent(unsent.len());
    while let Some(news) = news.recv().await {
        let report = match news {
            News::Told(entry) => {
                count(&mut unsent, &entry);
                line.count_unsent(unsent.len());
                Report::Told(entry)
            }
            News::NotTaken { entry, why } => Report::NotTaken { entry, why },
            News::Learnt(ticket) => Report::Learnt(ticket),
            News::Link(state) => {
                line.link(state).await;
                continue;
            }
        };
        line.report(report).await;
    }
    unsent.len()
}

fn count(unsent: &mut HashSet<EntryId>, entry: &Entry) {
    if entry.is_unsent() {
        unsent.insert(entry.id);
    } else {
        unsent.remove(&entry.id);
    }
}
