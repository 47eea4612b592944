//! The task that owns the engine, and the tasks that do its work.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::books::Books;
use super::line::Line;
use super::load::{LoadSettings, Progress};
use super::memory::{self, Memory};
use super::shelf::Shelf;
use super::token::{self, TokenReader};
use super::{Order, Report, change, events, load, look_up};
use crate::api::{Client, ScanMode};
use crate::domain::{EventId, OfflinePolicy, Pin, PinHash, TicketId, Trouble};
use crate::store::Opening;

/// Orders and reports that may wait; what gives more waits itself.
const QUEUE: usize = 64;
/// The selected ticket is read only once the selection rests this long.
const FETCH_AFTER: Duration = Duration::from_millis(150);

/// What the engine works with.
#[derive(Debug)]
pub struct EngineSettings {
    /// The service.
    pub client: Client,
    /// Where the token is read again when the service does not accept it any more.
    pub token: Option<Arc<dyn TokenReader>>,
    /// How scans are sent.
    pub scan: ScanMode,
    /// Id or slug of the event; without one the only upcoming event is taken.
    pub event: Option<String>,
    /// What is remembered of the last start: the event, to be taken where several are coming up and it is one of them, and
    /// whose token it was.
    pub memory: Option<Arc<dyn Memory>>,
    /// Where what must outlive the program is kept, and whose it is.
    pub shelf: Shelf,
    /// The store of the event, where it is being opened already: of the one that is asked for, or else of the last one.
    pub opening: Option<Opening>,
    /// What to do at the door while the service is away.
    pub offline: OfflinePolicy,
    /// Answers that take this long are called slow.
    pub slow_after: Duration,
    /// How hard the service is asked for whole lists.
    pub load: LoadSettings,
    /// Of the randomness in waits.
    pub seed: u64,
}

/// An engine at work.
#[derive(Debug)]
pub struct Engine {
    /// Takes orders.
    pub orders: mpsc::Sender<Order>,
    /// Gives reports.
    pub reports: mpsc::Receiver<Report>,
    /// Completes once `orders` is dropped, every call under way has ended and all is on the disk.
    ///
    /// Whoever ends the program waits for it. It gives the number of scans that the service has not answered; they
    /// are kept, and go out at the next start.
    pub ended: JoinHandle<usize>,
    /// How many scans the service has not answered so far, for whoever cannot wait for the end.
    pub unsent: watch::Receiver<usize>,
}

/// Starts the engine.
#[must_use]
pub fn start(mut settings: EngineSettings) -> Engine {
    let (orders, inbox) = mpsc::channel(QUEUE);
    let (outbox, reports) = mpsc::channel(QUEUE);
    let (known, known_events) = mpsc::channel(1);
    let opening = settings.opening.take();
    let line = Line::new(settings, outbox, known);
    let unsent = line.unsent();
    Engine { orders, reports, ended: tokio::spawn(run(line, opening, known_events, inbox)), unsent }
}

async fn run(
    line: Line,
    opening: Option<Opening>,
    mut known_events: mpsc::Receiver<EventId>,
    mut orders: mpsc::Receiver<Order>,
) -> usize {
    let progress = Progress::default();
    let mut books = Books::new(line.clone(), progress.clone());
    // Before the first scan, and before anybody can ask the service.
    memory::recall_operator(&line).await;
    // What the service names as the event is compared with the one that is open: nothing is asked before that one is.
    if let Some(opening) = opening {
        books.finish(opening).await;
    }
    // Loads and reads are replaced by newer ones and dropped at the end; changes and scans are always seen through.
    let changing = TaskTracker::new();
    let (mut loading, mut fetching, mut looking) = (Latest::default(), Latest::default(), JoinSet::new());
    let mut listing = Latest::default();
    let (mut watching, mut resuming) = (Latest::default(), Latest::default());
    watching.replace(token::watch(line.clone()));
    loop {
        let order = tokio::select! {
            order = orders.recv() => order,
            Some(event) = known_events.recv() => {
                memory::remember_event(&line, event.clone());
                books.open_for(event);
                continue;
            }
            result = books.opening() => {
                books.opened(result).await;
                continue;
            }
        };
        match order {
            None => break,
            Some(Order::LoadEvent { sequence, politely }) => {
                books.try_again();
                loading.replace(load::run(line.clone(), progress.clone(), sequence, politely));
            }
            Some(Order::LoadAnew { sequence }) => {
                books.try_again();
                let (line, progress) = (line.clone(), progress.clone());
                loading.replace(async move {
                    progress.forget_broken().await;
                    load::run(line, progress, sequence, false).await;
                });
            }
            Some(Order::FetchTicket { sequence, id }) => fetching.replace(fetch(line.clone(), sequence, id)),
            Some(Order::LookUp { sequence, id }) => {
                while looking.try_join_next().is_some() {}
                looking.spawn(look_up::run(line.clone(), sequence, id));
            }
            Some(Order::Change { sequence, change }) => {
                // That it was asked for is on the disk before it goes out: no kill makes it forgotten.
                let (recorded, line) = (books.recorded(), line.clone());
                changing.spawn(async move {
                    recorded.await;
                    change::run(line, sequence, *change).await;
                });
            }
            Some(Order::ListEvents { sequence, query }) => {
                listing.replace(events::list(line.clone(), sequence, query));
            }
            Some(Order::Resume) => resuming.replace(token::resume(line.clone())),
            Some(Order::VerifyPin { sequence, pin, hash }) => {
                tokio::spawn(verify_pin(line.clone(), sequence, pin, hash));
            }
            Some(order) => books.take(order).await,
        }
    }
    drop((loading, fetching, looking, listing, watching, resuming));
    token::let_go(&line).await;
    changing.close();
    changing.wait().await;
    books.close().await
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

async fn fetch(line: Line, sequence: u64, id: TicketId) {
    tokio::time::sleep(FETCH_AFTER).await;
    let asked = Instant::now();
    match line.client().ticket(&id).await {
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
