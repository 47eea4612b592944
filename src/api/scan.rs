//! A scan, whichever form the service has, and what came of it.

mod account;
mod request;
mod standing;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;

pub use self::request::{ScanMode, ScanRequest};

use self::account::Account;
use self::standing::{Standing, Window, standing};
use super::{ApiError, Client, Failure, Foreign};
use crate::domain::{ScanId, ScanKind, ScanRefusal, Trouble};
use crate::wire::Ticket;

/// How a scan ended, with the ticket as it came over the wire.
#[derive(Debug, Clone, PartialEq)]
pub enum ScanAnswer {
    /// The service took it; this is the ticket afterwards.
    Accepted(Box<Ticket>),
    /// A rule forbids it.
    Refused {
        /// Which rule.
        refusal: ScanRefusal,
        /// The ticket as the service has it, where it came along or had to be read; else the caller may read it.
        ticket: Option<Box<Ticket>>,
    },
    /// It may have been applied, and the ticket does not tell.
    Unknown(Trouble),
    /// It was certainly not applied.
    Failed {
        /// Why.
        trouble: Trouble,
        /// How long the service asked to be left alone.
        retry_after: Option<Duration>,
    },
}

/// Scans tickets in the form that the service has; clones share what was learnt of it.
#[derive(Debug, Clone)]
pub struct Scanner {
    client: Client,
    mode: ScanMode,
    learnt: Arc<Learnt>,
}

/// What a session has learnt of its service.
#[derive(Debug, Default)]
struct Learnt {
    /// A call by key had an answer that only that form gives.
    by_key_works: AtomicBool,
    /// There is no form by key.
    only_documented: AtomicBool,
}

/// An answer that does not tell what came of a scan.
#[derive(Debug)]
struct Miss {
    trouble: Trouble,
    retry_after: Option<Duration>,
    /// Whether this attempt, or an earlier one, may have been applied.
    unsettled: bool,
}

/// One run of a request through the scanner.
struct Attempt<'a> {
    request: &'a ScanRequest,
    since: Timestamp,
    /// Whether an attempt whose outcome is unknown lies behind us.
    unsettled: bool,
    /// Scans that the ticket had before this run sent anything.
    before: Vec<ScanId>,
}

impl Scanner {
    /// A scanner that has learnt nothing yet.
    #[must_use]
    pub fn new(client: Client, mode: ScanMode) -> Self {
        Self { client, mode, learnt: Arc::default() }
    }

    /// Checks a ticket in or out.
    ///
    /// Unknown outcomes are explained by reading the ticket, and so are refusals that may be of our own success: a scan
    /// of ours in its history is a success, a rule that forbids it now is a refusal, all else stays unknown. A refusal
    /// of a first attempt comes back at once, with or without its reason.
    pub async fn scan(&self, request: &ScanRequest) -> ScanAnswer {
        let attempt = Attempt {
            request,
            since: request.first_attempt.unwrap_or_else(|| self.client.now()),
            unsettled: request.first_attempt.is_some(),
            before: Vec::new(),
        };
        match self.form() {
            ScanMode::Documented => self.documented(attempt).await,
            ScanMode::ByKey | ScanMode::Auto => self.by_key(attempt).await,
        }
    }

    /// Whether the service has shown that it takes scans by key, so that a repeat with the same key is safe.
    #[must_use]
    pub fn knows_keys(&self) -> bool {
        self.learnt.by_key_works.load(Ordering::Relaxed) && self.form() != ScanMode::Documented
    }

    fn form(&self) -> ScanMode {
        match self.mode {
            ScanMode::Auto if self.learnt.only_documented.load(Ordering::Relaxed) => ScanMode::Documented,
            mode => mode,
        }
    }

    async fn by_key(&self, mut attempt: Attempt<'_>) -> ScanAnswer {
        let request = attempt.request;
        if attempt.unsettled
            && request.idempotency_key.is_none()
            && let Some(settled) = self.look_first(&mut attempt).await
        {
            return settled;
        }
        let (key, input) = (request.ticket.as_str(), request.by_key());
        let result = match request.kind {
            ScanKind::CheckIn => self.client.check_in_by_key(key, &input).await,
            ScanKind::CheckOut => self.client.check_out_by_key(key, &input).await,
        };
        let error = match result {
            Ok(answer) => {
                self.learnt.by_key_works.store(true, Ordering::Relaxed);
                match answer.tickets.into_iter().find(|ticket| ticket.id == request.ticket) {
                    Some(ticket) => return ScanAnswer::Accepted(Box::new(ticket)),
                    None => another_ticket(),
                }
            }
            Err(error) => error,
        };
        if error.service().is_some_and(|service| service.refusal.is_some()) {
            self.learnt.by_key_works.store(true, Ordering::Relaxed);
        }
        if self.has_no_form_by_key(&error, request).await {
            tracing::info!("the service has no check-in by key: scans use the documented form from here on");
            self.learnt.only_documented.store(true, Ordering::Relaxed);
            attempt.unsettled |= error.outcome_unknown();
            return self.documented(attempt).await;
        }
        self.explain(attempt, &error).await
    }

    /// Whether `error` is about the route and not about the ticket, as far as this mode may ask.
    async fn has_no_form_by_key(&self, error: &ApiError, request: &ScanRequest) -> bool {
        let declared = error.service().map(|service| service.defined);
        match (self.mode, error.status(), declared) {
            (ScanMode::Auto, Some(404), Some(false)) | (ScanMode::Auto, Some(405 | 501), Some(_)) => true,
            // Older services and proxies do not tell: a ticket that can be read is there, so the route is not.
            (ScanMode::Auto, Some(404 | 405 | 501), _) if !self.learnt.by_key_works.load(Ordering::Relaxed) => {
                self.client.once().ticket(&request.ticket).await.is_ok()
            }
            _ => false,
        }
    }

    async fn documented(&self, mut attempt: Attempt<'_>) -> ScanAnswer {
        let request = attempt.request;
        if (attempt.unsettled || !request.vetted)
            && let Some(settled) = self.look_first(&mut attempt).await
        {
            return settled;
        }
        match self.client.scan(&request.ticket, &request.documented()).await {
            Ok(ticket) if ticket.id == request.ticket => ScanAnswer::Accepted(Box::new(ticket)),
            Ok(_) => self.explain(attempt, &another_ticket()).await,
            Err(error) => self.explain(attempt, &error).await,
        }
    }

    /// Reads the ticket before anything is sent: the documented form knows neither event nor door nor key.
    async fn look_first(&self, attempt: &mut Attempt<'_>) -> Option<ScanAnswer> {
        let ticket = match self.client.ticket(&attempt.request.ticket).await {
            Ok(ticket) => Box::new(ticket),
            Err(error) if error.is_not_found() => {
                return Some(ScanAnswer::Refused { refusal: ScanRefusal::UnknownTicket, ticket: None });
            }
            Err(error) if attempt.unsettled => return Some(ScanAnswer::Unknown((&error).into())),
            Err(error) => {
                let retry_after = error.retry_after();
                return Some(ScanAnswer::Failed { trouble: (&error).into(), retry_after });
            }
        };
        match self.standing(attempt, &ticket, attempt.unsettled) {
            Standing::Taken => Some(ScanAnswer::Accepted(ticket)),
            Standing::Refused(refusal) => Some(ScanAnswer::Refused { refusal, ticket: Some(ticket) }),
            Standing::Open => {
                attempt.before.extend(ticket.scans.into_iter().map(|scan| scan.id));
                None
            }
        }
    }

    /// Finds out what a failed answer means; reads the ticket, once, where the answer does not tell.
    async fn explain(&self, attempt: Attempt<'_>, error: &ApiError) -> ScanAnswer {
        let unsettled = attempt.unsettled || error.outcome_unknown();
        let miss = Miss { trouble: Trouble::from(error), retry_after: error.retry_after(), unsettled };
        let account = Account::of(error, attempt.request.kind);
        let brought_along = match &account {
            Account::Refused { ticket, .. } => ticket.clone(),
            _ => None,
        };
        let ticket = match brought_along {
            None if account.needs_ticket(error, unsettled) => {
                match self.client.once().ticket(&attempt.request.ticket).await {
                    Ok(ticket) => Some(Box::new(ticket)),
                    Err(error) if error.is_not_found() => {
                        return Account::NoTicket.without_ticket(miss);
                    }
                    Err(_) => None,
                }
            }
            known => known,
        };
        match ticket {
            Some(ticket) => {
                let standing = self.standing(&attempt, &ticket, unsettled);
                account.with_standing(standing, ticket, miss)
            }
            None => account.without_ticket(miss),
        }
    }

    fn standing(&self, attempt: &Attempt<'_>, ticket: &Ticket, attempted: bool) -> Standing {
        let window = Window::new(attempt.since, self.client.now(), self.client.clock_offset());
        standing(ticket, attempt.request, attempted.then_some(window), &attempt.before)
    }
}

/// A success that is about another ticket than the one asked for: whatever gave it, it is not an answer.
fn another_ticket() -> ApiError {
    Failure::NotTheService { status: 200, body: Foreign::OtherShape }.into()
}
