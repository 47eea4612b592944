//! The outbox at work: carries out what the [`drain`](super::drain) decides.
//!
//! One task owns the drain. It hands writes to the store in the drain's order, and calls to tasks of their own; what
//! comes of either goes back to the drain. When the sender of requests is dropped, nothing new is begun, what is
//! under way is seen through, and the news end: all that was told is then on the disk.

use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::drain::{Answer, CallId, Drain, DrainSettings, Form, Found, Input, Link, Moment, NotTaken, Output, WriteId};
use crate::api::{Client, ScanAnswer, ScanRequest, Scanner};
use crate::domain::{Attempts, Entry, EntryId, ScanId, ScanRefusal, Settlement, Ticket, TicketId, Trouble, UserId};
use crate::store::{Store, StoreError};
use crate::wire::Decoder;

/// Requests and news that may wait; what gives more waits itself.
const QUEUE: usize = 256;

/// What the outbox works with.
#[derive(Debug, Clone)]
pub struct OutboxSettings {
    /// The service, for reading tickets.
    pub client: Client,
    /// How scans are sent; best around a client that tries [once](Client::once), for the drain repeats by itself.
    pub scanner: Scanner,
    /// How the drain works.
    pub drain: DrainSettings,
}

/// What a person, or the engine for one, asks of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A scan; new, and queued.
    Take(Box<Entry>),
    /// Take `target` back; `with` is the opposite scan, for the case that one is needed.
    Undo {
        /// The entry to take back.
        target: EntryId,
        /// The opposite scan, new.
        with: Box<Entry>,
    },
    /// Put a conflict to rest.
    Settle {
        /// The refused entry.
        entry: EntryId,
        /// By whom and why.
        settlement: Settlement,
    },
    /// The service answered something else: try at once.
    SignOfLife,
    /// The service left somebody else without an answer.
    Silence(Trouble),
    /// Whose token it is.
    Operator(UserId),
    /// There is a new token, or a person says to go on.
    Resume {
        /// The user of the token; none where nobody knows.
        user: Option<UserId>,
    },
}

/// What the outbox has to tell.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// This entry is kept as it stands here.
    Told(Box<Entry>),
    /// This scan is not kept and did not happen; or, of a kept one, an answer could not be kept and is asked for again.
    NotTaken {
        /// Its id.
        entry: EntryId,
        /// Why.
        why: NotTaken,
    },
    /// The ticket as the service has just told it.
    Learnt(Box<Ticket>),
    /// The connection is now like this.
    Link(Link),
}

/// Takes up where the store left off.
///
/// Read the news and send requests from different tasks, or at least never wait for the one inside the other.
#[must_use]
pub fn start(
    settings: OutboxSettings,
    store: Store,
    entries: Vec<Entry>,
) -> (mpsc::Sender<Request>, mpsc::Receiver<News>) {
    let (requests, inbox) = mpsc::channel(QUEUE);
    let (news, told) = mpsc::channel(QUEUE);
    let (results, facts) = mpsc::unbounded_channel();
    let (writes, answers) = mpsc::unbounded_channel();
    tokio::spawn(in_order(answers, results.clone()));
    let drain = Drain::new(settings.drain.clone(), entries);
    let outbox = Outbox {
        form: settings.drain.form,
        settings,
        store,
        drain,
        news,
        writes,
        results,
        begun: Instant::now(),
        wake_at: None,
        offset: None,
    };
    tokio::spawn(outbox.run(inbox, facts));
    (requests, told)
}

struct Outbox {
    settings: OutboxSettings,
    store: Store,
    drain: Drain,
    news: mpsc::Sender<News>,
    writes: mpsc::UnboundedSender<Writing>,
    /// As many results as writes and calls under way, and those are bounded: by the store's queue and by the drain.
    results: mpsc::UnboundedSender<Fact>,
    begun: Instant,
    wake_at: Option<Instant>,
    form: Form,
    offset: Option<SignedDuration>,
}

/// A write that the store has been handed, and its answer to come.
type Writing = (WriteId, BoxFuture<'static, Result<(), StoreError>>);

/// Brings the store's answers back in the order of the writes: one entry may have two of them under way.
async fn in_order(mut writes: mpsc::UnboundedReceiver<Writing>, results: mpsc::UnboundedSender<Fact>) {
    while let Some((id, answer)) = writes.recv().await {
        let input = match answer.await {
            Ok(()) => Input::Kept(id),
            Err(error) => Input::NotKept(id, error),
        };
        let _ = results.send(Fact::Ready(input));
    }
}

/// What came of a write or a call, as it came.
enum Fact {
    Ready(Input),
    Answered(CallId, ScanAnswer),
    Found(CallId, Result<Box<crate::wire::Ticket>, (Trouble, Option<Duration>)>),
}

impl Outbox {
    async fn run(mut self, mut inbox: mpsc::Receiver<Request>, mut facts: mpsc::UnboundedReceiver<Fact>) {
        let mut decoder = Decoder::new();
        let mut leaving = false;
        self.handle(Input::Tick).await;
        while !(leaving && self.drain.is_at_rest()) {
            let wake = self.wake_at.unwrap_or_else(Instant::now);
            tokio::select! {
                Some(fact) = facts.recv() => {
                    let input = fact.into_input(&mut decoder);
                    self.learn_of_the_service().await;
                    self.handle(input).await;
                }
                request = inbox.recv(), if !leaving => {
                    leaving = request.is_none();
                    self.handle(request.map_or(Input::Leave, Input::from)).await;
                }
                () = sleep_until(wake), if self.wake_at.is_some() => {
                    self.wake_at = None;
                    self.handle(Input::Tick).await;
                }
            }
        }
    }

    /// The form of the scan and the offset of the clocks are found out by calling.
    async fn learn_of_the_service(&mut self) {
        let form = if self.settings.scanner.knows_keys() { Form::ByKey } else { Form::Documented };
        if form != self.form {
            self.form = form;
            self.handle(Input::Form(form)).await;
        }
        let offset = self.settings.client.clock_offset();
        if offset != self.offset {
            self.offset = offset;
            if let Some(offset) = offset {
                self.handle(Input::ClockOffset(offset)).await;
            }
        }
    }

    async fn handle(&mut self, input: Input) {
        let now = Moment { wall: self.settings.client.now(), steady: self.begun.elapsed() };
        for output in self.drain.handle(input, now) {
            match output {
                Output::Keep(id, write) => {
                    let answer = self.store.begin_write(write).await;
                    // Nobody listens any more only where the whole engine is gone.
                    let _ = self.writes.send((id, answer.boxed()));
                }
                Output::Send(call, entry) => self.send(call, &entry),
                Output::Read(call, ticket) => self.read(call, ticket),
                Output::Told(entry) => self.tell(News::Told(entry)).await,
                Output::NotTaken { entry, why } => self.tell(News::NotTaken { entry, why }).await,
                Output::Learnt(ticket) => self.tell(News::Learnt(ticket)).await,
                Output::Link(link) => self.tell(News::Link(link)).await,
                Output::WakeAt(steady) => self.wake_at = Some(self.begun + steady),
            }
        }
    }

    /// Where nobody reads the news any more, scans are seen through all the same.
    async fn tell(&self, news: News) {
        let _ = self.news.send(news).await;
    }

    fn send(&self, call: CallId, entry: &Entry) {
        let request = request(entry, self.drain.claimed_on(&entry.ticket), self.offset);
        let (scanner, results) = (self.settings.scanner.clone(), self.results.clone());
        tokio::spawn(async move {
            let answer = scanner.scan(&request).await;
            let _ = results.send(Fact::Answered(call, answer));
        });
    }

    fn read(&self, call: CallId, ticket: TicketId) {
        let (client, results) = (self.settings.client.once(), self.results.clone());
        tokio::spawn(async move {
            let found = client.ticket(&ticket).await.map(Box::new);
            let found = found.map_err(|error| (Trouble::from(&error), error.retry_after()));
            let _ = results.send(Fact::Found(call, found));
        });
    }
}

fn request(entry: &Entry, claimed: Vec<ScanId>, offset: Option<SignedDuration>) -> ScanRequest {
    let mut request = ScanRequest::new(entry.ticket.clone(), entry.kind, entry.device.clone());
    request.event = Some(entry.event.clone());
    request.gate = entry.gate.clone();
    request.idempotency_key = Some(entry.id.to_string());
    // Tickets of the index are this event's, and the rules of the door were asked there; others are read first.
    request.vetted = matches!(entry.against, None | Some(ScanRefusal::Rule(_)));
    request.claimed = claimed;
    if let Some(attempts) = &entry.attempts {
        // An attempt that certainly did not arrive leaves nothing to look for.
        request.first_attempt = attempts.unsettled.then(|| by_todays_clock(attempts, offset));
        if let [only] = &attempts.users[..] {
            request.operator = Some(only.clone());
        }
    }
    request
}

/// When it was sent first, had this console's clock been then as it is now.
fn by_todays_clock(attempts: &Attempts, offset: Option<SignedDuration>) -> Timestamp {
    let put_right = attempts.clock_offset.zip(offset).map(|(then, now)| then.saturating_sub(now)).unwrap_or_default();
    attempts.first.saturating_add(put_right).unwrap_or(attempts.first)
}

impl Fact {
    fn into_input(self, decoder: &mut Decoder) -> Input {
        let mut decode = |ticket: Box<crate::wire::Ticket>| Box::new(decoder.ticket(*ticket));
        match self {
            Self::Ready(input) => input,
            Self::Answered(call, answer) => Input::Answered(
                call,
                match answer {
                    ScanAnswer::Accepted(ticket) => Answer::Accepted(decode(ticket)),
                    ScanAnswer::Refused { refusal, ticket } => {
                        Answer::Refused { refusal, ticket: ticket.map(&mut decode) }
                    }
                    ScanAnswer::Unknown(trouble) => Answer::Unknown(trouble),
                    ScanAnswer::Failed { trouble, retry_after } => Answer::Failed { trouble, retry_after },
                },
            ),
            Self::Found(call, found) => Input::Found(
                call,
                match found {
                    Ok(ticket) => Found::Ticket(decode(ticket)),
                    Err((Trouble::NotFound, _)) => Found::Nothing,
                    Err((trouble, retry_after)) => Found::Failed { trouble, retry_after },
                },
            ),
        }
    }
}

impl From<Request> for Input {
    fn from(request: Request) -> Self {
        match request {
            Request::Take(entry) => Self::Take(entry),
            Request::Undo { target, with } => Self::Undo { target, with },
            Request::Settle { entry, settlement } => Self::Settle { entry, settlement },
            Request::SignOfLife => Self::SignOfLife,
            Request::Silence(trouble) => Self::Silence(trouble),
            Request::Operator(user) => Self::Operator(user),
            Request::Resume { user } => Self::Resume { user },
        }
    }
}
