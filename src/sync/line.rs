//! The way to the service and back to the console, shared by all work.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use secrecy::SecretString;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, mpsc, watch};
use tokio::time::Instant;

use super::drain::Link;
use super::health::HealthCheck;
use super::memory;
use super::outbox::Request;
use super::{EngineSettings, Report};
use crate::api::{ApiError, Client};
use crate::domain::{EventId, Operator, Trouble};
use crate::store::Store;
use crate::wire::Decoder;

/// The way to the service and back to the console; clones share it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    settings: Arc<EngineSettings>,
    reports: mpsc::Sender<Report>,
    known: mpsc::Sender<EventId>,
    shared: Arc<Mutex<Shared>>,
    store: Arc<watch::Sender<Option<Store>>>,
    /// Whether everybody can be found here already; not known before the store was looked into.
    list: Arc<watch::Sender<Option<bool>>>,
    /// Whether the token is not accepted.
    paused: Arc<watch::Sender<bool>>,
    /// How many scans the service has not answered.
    unsent: Arc<watch::Sender<usize>>,
    /// Which event it is, once the service has named it.
    named: Arc<OnceLock<EventId>>,
    /// Locked while the token is being read.
    reading: Arc<AsyncMutex<()>>,
}

/// Which of the tokens of this run; each renewal makes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TokenNumber(u64);

/// What all work has in common.
#[derive(Debug, Default)]
struct Shared {
    health: HealthCheck,
    decoder: Decoder,
    /// Whose the token is, as far as the service has told, now or when it was used last.
    operator: Operator,
    token: TokenNumber,
    /// The token itself.
    secret: Option<SecretString>,
    /// The way to the outbox, while it is open.
    outbox: Option<mpsc::Sender<Request>>,
}

impl Line {
    pub fn new(settings: EngineSettings, reports: mpsc::Sender<Report>, known: mpsc::Sender<EventId>) -> Self {
        let (store, list) = (Arc::new(watch::Sender::new(None)), Arc::new(watch::Sender::new(None)));
        let shared = Shared { secret: settings.client.token(), ..Shared::default() };
        Self {
            settings: Arc::new(settings),
            reports,
            known,
            shared: Arc::new(Mutex::new(shared)),
            store,
            list,
            paused: Arc::default(),
            unsent: Arc::default(),
            named: Arc::default(),
            reading: Arc::default(),
        }
    }

    pub fn settings(&self) -> &EngineSettings {
        &self.settings
    }

    pub fn client(&self) -> &Client {
        &self.settings.client
    }

    /// Tells the console; where nobody listens any more there is nobody to tell.
    pub async fn report(&self, report: Report) {
        let _ = self.reports.send(report).await;
    }

    /// The connection is now like this.
    pub async fn link(&self, link: Link) {
        self.paused.send_replace(matches!(link, Link::Paused(_)));
        self.report(Report::Link(link)).await;
    }

    /// So many scans wait for the service's answer now.
    pub fn count_unsent(&self, unsent: usize) {
        self.unsent.send_replace(unsent);
    }

    /// How many scans wait for the service's answer, from now on.
    pub fn unsent(&self) -> watch::Receiver<usize> {
        self.unsent.subscribe()
    }

    /// Completes while the token is not accepted.
    pub async fn wait_until_paused(&self) {
        let mut paused = self.paused.subscribe();
        // The sender is ours, so that it cannot be gone.
        let _ = paused.wait_for(|paused| *paused).await;
    }

    /// Whether the token is not accepted.
    pub fn is_paused(&self) -> bool {
        *self.paused.borrow()
    }

    /// Lets scans go on.
    pub async fn resume(&self) {
        let (outbox, user) = self.with(|shared| (shared.outbox.clone(), shared.operator.user.clone()));
        if let Some(outbox) = outbox {
            let _ = outbox.send(Request::Resume { user }).await;
        }
    }

    /// Judges the service by an answer that was asked for at `asked`; once scans can be sent, they tell of it best.
    pub async fn judge(&self, asked: Instant, trouble: Option<&Trouble>) {
        let slow_after = self.settings.slow_after;
        let (took, now) = (asked.elapsed(), self.client().now());
        let change = self.with(|shared| match &shared.outbox {
            Some(outbox) => {
                let sign = trouble.map_or(Request::SignOfLife, |trouble| Request::Silence(trouble.clone()));
                // An outbox that is too busy to be told finds out by itself.
                drop(outbox.try_send(sign));
                None
            }
            None => shared.health.judge(took, slow_after, trouble, now),
        });
        if let Some(link) = change {
            self.link(link).await;
        }
    }

    /// The answer, after the service was judged by it.
    pub async fn judged<T>(&self, asked: Instant, answer: Result<T, ApiError>) -> Result<T, Trouble> {
        let answer = answer.map_err(|error| Trouble::from(&error));
        self.judge(asked, answer.as_ref().err()).await;
        answer
    }

    /// Turns wire shapes into the domain's with what this engine has seen before.
    pub fn decode<T>(&self, decode: impl FnOnce(&mut Decoder) -> T) -> T {
        self.with(|shared| decode(&mut shared.decoder))
    }

    /// The event is known, so its store can be opened.
    pub async fn event_known(&self, event: EventId) {
        let _ = self.known.send(event).await;
    }

    /// Which token the service is asked with.
    pub fn token(&self) -> TokenNumber {
        self.with(|shared| shared.token)
    }

    /// The client works with another token, and nobody knows yet whose it is.
    pub fn token_changed(&self, token: SecretString) {
        self.with(|shared| {
            shared.token.0 += 1;
            shared.secret = Some(token);
            shared.operator = Operator::default();
        });
    }

    /// Completes when nobody else reads the token.
    pub async fn turn_to_read_token(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.reading).lock_owned().await
    }

    /// The service has told whose this token is; whether it is still the one in use.
    pub async fn identified(&self, token: TokenNumber, operator: Operator) -> bool {
        let (is_in_use, outbox, secret) = self.with(|shared| {
            let is_in_use = shared.token == token;
            if is_in_use {
                shared.operator = operator.clone();
            }
            (is_in_use, shared.outbox.clone(), shared.secret.clone())
        });
        if is_in_use {
            if let Some(secret) = secret {
                memory::remember_operator(self, secret, operator.clone());
            }
            if let (Some(outbox), Some(user)) = (outbox, operator.user.clone()) {
                let _ = outbox.send(Request::Operator(user)).await;
            }
            self.report(Report::Operator(operator)).await;
        }
        is_in_use
    }

    /// Whose the token is, as it was told when it was used last; before anything else is done with it.
    pub async fn recalled(&self, operator: Operator) {
        self.with(|shared| shared.operator = operator.clone());
        self.report(Report::Operator(operator)).await;
    }

    pub fn operator(&self) -> Operator {
        self.with(|shared| shared.operator.clone())
    }

    /// The event whose store is open.
    pub fn open_event(&self) -> Option<EventId> {
        self.store.borrow().as_ref().map(|store| store.place().event.clone())
    }

    /// The event that the service has named in this run.
    pub fn named_event(&self) -> Option<EventId> {
        self.named.get().cloned()
    }

    /// The service has named this event.
    pub fn name_event(&self, event: &EventId) {
        self.named.get_or_init(|| event.clone());
    }

    /// The store, as soon as it is open.
    pub async fn store(&self) -> Option<Store> {
        let mut opened = self.store.subscribe();
        opened.wait_for(Option::is_some).await.ok().and_then(|store| store.clone())
    }

    /// The store was looked into, and held a list or none.
    pub fn looked_for_list(&self, found: bool) {
        self.list.send_modify(|known| *known = Some(known.unwrap_or(false) || found));
    }

    /// Everybody can be found here from now on.
    pub fn has_list(&self) {
        self.list.send_replace(Some(true));
    }

    /// Whether everybody can be found here already, by the last evening's list or by a load before.
    pub async fn is_list_known(&self) -> bool {
        let mut list = self.list.subscribe();
        list.wait_for(Option::is_some).await.ok().and_then(|known| *known).unwrap_or(false)
    }

    /// Opens, or closes, the way to the outbox and its store.
    pub fn connect(&self, books: Option<(mpsc::Sender<Request>, Store)>) {
        let (outbox, store) = books.unzip();
        self.with(|shared| shared.outbox = outbox);
        self.store.send_replace(store);
    }

    fn with<T>(&self, work: impl FnOnce(&mut Shared) -> T) -> T {
        work(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
