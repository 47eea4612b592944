//! The client: one call, its attempts, and what it learns on the way.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Method, Url};
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, timeout};

use super::hold::Hold;
use super::retry::http_date;
use super::settings::{base_url, credentials, is_this_machine, tenant, token_of};
use super::{
    ApiError, ApiSettings, Decision, Failure, HttpRequest, HttpResponse, HttpTransport, Outside, RetryPolicy,
    SettingsError, TransportError, answer,
};

/// The version of the API that this client was written against.
const API_VERSION: &str = "2025-09-22";
/// A clock that goes by this much more or less than time does was set while the answer was under way: between its two
/// readings there is no middle.
const CLOCK_WAS_SET: SignedDuration = SignedDuration::from_secs(1);
/// Stands for "not measured yet" among clock offsets.
const UNMEASURED: i64 = i64::MIN;

/// Speaks the ticket API; cheap to clone, and all clones share connections and what was learnt.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    retry: RetryPolicy,
}

struct Shared {
    base: Url,
    headers: HeaderMap,
    /// Renewed when the service does not accept the old ones any more.
    credentials: RwLock<HeaderMap>,
    timeout: Duration,
    outside: Outside,
    /// Milliseconds that the service's clock is ahead of ours.
    clock_offset: AtomicI64,
    /// Whoever is asked to wait waits for all: one `Retry-After` holds every call.
    hold: Hold,
}

/// One call of an operation.
pub(super) struct Call {
    /// The operation's name in the contract; goes to the log in place of the address.
    pub name: &'static str,
    pub method: Method,
    /// Path below the base, percent-encoded on the way out.
    pub path: Vec<String>,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Vec<u8>>,
    /// Whether a repeat does no harm.
    pub repeatable: bool,
    pub access: Access,
}

/// What opens the door of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// The token, where there is one.
    Token,
    /// A signature in the query, in the token's place: an expired token then does no harm.
    Signature,
}

impl Client {
    /// A client over HTTP.
    pub fn new(settings: &ApiSettings) -> Result<Self, SettingsError> {
        let transport = HttpTransport::new(&base_url(settings)?, settings.timeout)?;
        Self::with_outside(settings, Outside::around(transport))
    }

    /// A client over a transport, a clock and a chance of the caller's choice.
    pub fn with_outside(settings: &ApiSettings, outside: Outside) -> Result<Self, SettingsError> {
        if settings.timeout.is_zero() {
            return Err(SettingsError::Timeout);
        }
        let headers = HeaderMap::from_iter([
            (HeaderName::from_static("x-tenant-id"), tenant(settings)?),
            (HeaderName::from_static("x-api-version"), HeaderValue::from_static(API_VERSION)),
            (ACCEPT, HeaderValue::from_static("application/json")),
            (USER_AGENT, HeaderValue::from_static(concat!("doorlist/", env!("CARGO_PKG_VERSION")))),
        ]);
        let shared = Shared {
            base: base_url(settings)?,
            headers,
            credentials: RwLock::new(credentials(settings.token.as_ref())?),
            timeout: settings.timeout,
            outside,
            clock_offset: AtomicI64::new(UNMEASURED),
            hold: Hold::default(),
        };
        Ok(Self { shared: Arc::new(shared), retry: settings.retry })
    }

    /// The same client with another patience.
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        Self { shared: Arc::clone(&self.shared), retry }
    }

    /// The same client with a single attempt a call.
    #[must_use]
    pub fn once(&self) -> Self {
        self.with_retry(self.retry.once())
    }

    /// Works with this token from now on, as all clones do; whether it is another one than before.
    pub fn renew(&self, token: &SecretString) -> Result<bool, SettingsError> {
        let fresh = credentials(Some(token))?;
        let mut known = self.shared.credentials.write().unwrap_or_else(PoisonError::into_inner);
        let is_another = *known != fresh;
        *known = fresh;
        Ok(is_another)
    }

    /// The token that it works with, where there is one.
    #[must_use]
    pub fn token(&self) -> Option<SecretString> {
        token_of(&self.shared.credentials.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the service is on this machine: what it is asked for costs work here, and no wait for a network.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.shared.base.host_str().is_some_and(is_this_machine)
    }

    /// How far the service's clock is ahead of this machine's, good to about a second; `None` before the first answer.
    #[must_use]
    pub fn clock_offset(&self) -> Option<SignedDuration> {
        match self.shared.clock_offset.load(Ordering::Relaxed) {
            UNMEASURED => None,
            millis => Some(SignedDuration::from_millis(millis)),
        }
    }

    /// The time of this machine, by the clock that the client was given.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.outside.clock.now()
    }

    /// Makes a call, again and again as the policy allows.
    pub(super) async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<T, ApiError> {
        let started = Instant::now();
        let changes = call.method != Method::GET;
        let mut earlier_unknown = false;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let failure = match self.attempt(&call, started).await {
                Ok(result) => return Ok(result),
                Err(failure) => failure,
            };
            if let Some(rest) = failure.retry_after().filter(|_| !matches!(failure, Failure::Held { .. })) {
                self.shared.hold.ask(rest);
            }
            let fraction = self.shared.outside.jitter.fraction();
            let decision = self.retry.decide(&failure, call.repeatable, attempts, started.elapsed(), fraction);
            tracing::debug!(operation = call.name, attempts, %failure, ?decision, "an attempt failed");
            match decision {
                Decision::GiveUp => return Err(ApiError::new(failure, earlier_unknown)),
                Decision::Wait(wait) => {
                    earlier_unknown |= changes && failure.outcome_unknown();
                    sleep(wait).await;
                }
            }
        }
    }

    async fn attempt<T: DeserializeOwned>(&self, call: &Call, started: Instant) -> Result<T, Failure> {
        // Nothing goes out while the service wants rest: it is a failure like any other, and whoever is patient waits.
        if let Some(rest) = self.shared.hold.left() {
            return Err(Failure::Held { rest });
        }
        let left = self.retry.deadline.saturating_sub(started.elapsed());
        let (asked_at, asked) = (self.now(), Instant::now());
        let sending = self.shared.outside.transport.send(self.request(call));
        let response = match timeout(self.shared.timeout.min(left), sending).await {
            Err(_) => return Err(Failure::TimedOut),
            Ok(Err(TransportError::NotSent)) => return Err(Failure::NotSent),
            Ok(Err(TransportError::Broken)) => return Err(Failure::Broken),
            Ok(Ok(response)) => response,
        };
        let answered_at = self.now();
        let result = answer::read(&response, answered_at);
        if matches!(result, Ok(_) | Err(Failure::Service(_))) {
            self.measure_clock(&response, asked_at, answered_at, asked.elapsed());
        }
        result
    }

    fn request(&self, call: &Call) -> HttpRequest {
        let mut url = self.shared.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(&call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut headers = self.shared.headers.clone();
        if call.access == Access::Token {
            headers.extend(self.shared.credentials.read().unwrap_or_else(PoisonError::into_inner).clone());
        }
        if call.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        HttpRequest { method: call.method.clone(), url, headers, body: call.body.clone() }
    }

    /// Compares the answer's `Date`, which is cut to the second, with the middle of question and answer.
    fn measure_clock(&self, response: &HttpResponse, asked_at: Timestamp, answered_at: Timestamp, took: Duration) {
        let by_the_clock = answered_at.duration_since(asked_at);
        let took = SignedDuration::try_from(took).unwrap_or(SignedDuration::MAX);
        if by_the_clock.saturating_sub(took).abs() > CLOCK_WAS_SET {
            return;
        }
        let date = response.headers.get(DATE).and_then(|value| value.to_str().ok()).and_then(http_date);
        let Some(date) = date else { return };
        let middle = i64::midpoint(asked_at.as_millisecond(), answered_at.as_millisecond());
        self.shared.clock_offset.store(date.as_millisecond() + 500 - middle, Ordering::Relaxed);
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("host", &self.shared.base.host_str())
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

impl Call {
    /// A read; repeatable.
    pub fn get(name: &'static str, path: &[&str]) -> Self {
        Self {
            name,
            method: Method::GET,
            path: path.iter().map(ToString::to_string).collect(),
            query: Vec::new(),
            body: None,
            repeatable: true,
            access: Access::Token,
        }
    }

    /// A change; not repeatable unless the caller says so.
    #[expect(clippy::expect_used, reason = "plain structs of strings and lists always make JSON")]
    pub fn change(name: &'static str, method: Method, path: &[&str], body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("an input makes JSON");
        Self { method, body: Some(body), repeatable: false, ..Self::get(name, path) }
    }

    /// Adds a parameter where there is a value.
    pub fn with(mut self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        self.query.extend(value.map(|value| (name, value.into())));
        self
    }
}
