//! What can go wrong between a question and its answer.

use std::fmt;
use std::time::Duration;

use crate::domain::{SafeText, Trouble};
use crate::wire::{ErrorCode, TransitionRefusal, ValidationErrors};

/// Why an operation has no result.
///
/// Neither `Display` nor `Debug` carries a query, a token, a guest or the service's own words: all of these
/// may name a person. What people should read comes from [`Trouble`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{failure}")]
pub struct ApiError {
    failure: Failure,
    earlier_unknown: bool,
}

/// How the last attempt failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Failure {
    /// No connection came about, so nothing was sent.
    #[error("the service cannot be reached")]
    NotSent,
    /// The connection ended before an answer came.
    #[error("the connection broke before an answer came")]
    Broken,
    /// No whole answer within the time limit.
    #[error("no answer in time")]
    TimedOut,
    /// The service said no, in the contract's own form.
    #[error("{0}")]
    Service(Box<ServiceError>),
    /// An error status without the contract's body: a proxy, or an older service.
    #[error("{status} with {body}")]
    Status {
        /// The HTTP status, 400 to 599.
        status: u16,
        /// What stood in the body's place.
        body: Foreign,
        /// How long to wait, where that was said.
        retry_after: Option<Duration>,
    },
    /// A success that is not the contract's, a redirect, or some other status that the service never sends.
    #[error("{status} with {body}")]
    NotTheService {
        /// The HTTP status.
        status: u16,
        /// What stood in the body's place.
        body: Foreign,
    },
    /// Not sent: an earlier answer asked to be left alone, and that is not over.
    #[error("the service asked to be left alone for a while")]
    Held {
        /// How much longer.
        rest: Duration,
    },
    /// The pages of a list go round in a circle.
    #[error("the service repeats itself, so that its list has no end")]
    RepeatedCursor,
    /// A list brought far more than there can be.
    #[error("it goes on past {rows} tickets, far more than there are")]
    Endless {
        /// How many came before nobody asked on.
        rows: u64,
    },
}

/// A body that is not the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// Nothing at all.
    Empty,
    /// HTML or the like.
    NotJson,
    /// JSON of another shape.
    OtherShape,
    /// It ends before its end.
    Truncated,
    /// More than anything the service would send.
    TooLarge,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty answer",
            Self::NotJson => "an answer that is not JSON",
            Self::OtherShape => "an answer of another shape",
            Self::Truncated => "a truncated answer",
            Self::TooLarge => "an answer that is too large",
        })
    }
}

/// A failure in the contract's own form.
#[derive(Clone, PartialEq)]
pub struct ServiceError {
    /// The HTTP status.
    pub status: u16,
    /// Whether the operation declares this error; `false` with 404 is an unknown route.
    pub defined: bool,
    /// The error's name.
    pub code: ErrorCode,
    /// The service's words, for people; they may name a guest.
    pub message: SafeText,
    /// What is wrong with the input, by field (422).
    pub validation: Option<ValidationErrors>,
    /// Which rule refused a transition, with the ticket where the service sends it (400).
    pub refusal: Option<TransitionRefusal>,
    /// How long to wait, where the service said so.
    pub retry_after: Option<Duration>,
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service answered {} {:?}", self.status, self.code)
    }
}

impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("status", &self.status)
            .field("defined", &self.defined)
            .field("code", &self.code)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

impl ApiError {
    /// The error of a call whose last attempt failed so, and whether an earlier attempt's end is unknown.
    pub(super) fn new(failure: Failure, earlier_unknown: bool) -> Self {
        Self { failure, earlier_unknown }
    }

    /// How the last attempt failed.
    #[must_use]
    pub fn failure(&self) -> &Failure {
        &self.failure
    }

    /// The service's own account, where it gave one.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceError> {
        match &self.failure {
            Failure::Service(error) => Some(error),
            _ => None,
        }
    }

    /// The HTTP status, where there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.failure.status()
    }

    /// Whether the same request may well succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.failure.is_transient()
    }

    /// Whether the service may have applied the request, in this attempt or in an earlier one.
    ///
    /// Certainly not where nothing was sent or a 4xx came back; possibly after a time-out, a broken
    /// connection, a 5xx, or any success or redirect that is not the service's own.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.earlier_unknown || self.failure.outcome_unknown()
    }

    /// Whether the service itself says that it has no such thing.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404) && !self.failure.is_foreign_404()
    }

    /// How long the service asks to wait, where it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.failure.retry_after()
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self::new(failure, false)
    }
}

impl Failure {
    /// The HTTP status, where there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Service(error) => Some(error.status),
            Self::Status { status, .. } | Self::NotTheService { status, .. } => Some(*status),
            Self::NotSent
            | Self::Broken
            | Self::TimedOut
            | Self::Held { .. }
            | Self::RepeatedCursor
            | Self::Endless { .. } => None,
        }
    }

    /// Whether the same request may well succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NotSent | Self::Broken | Self::TimedOut | Self::Held { .. } => true,
            Self::NotTheService { body, .. } => *body == Foreign::Truncated,
            Self::RepeatedCursor | Self::Endless { .. } => false,
            // 408: a proxy did not receive the request in time; 501 and 505 stay as they are.
            Self::Service(_) | Self::Status { .. } => match self.status() {
                Some(408 | 429) => true,
                Some(501 | 505) => false,
                status => status.is_some_and(|status| status >= 500),
            },
        }
    }

    /// Whether the service may have applied the request in this attempt; see [`ApiError::outcome_unknown`].
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::NotSent | Self::Held { .. } | Self::RepeatedCursor | Self::Endless { .. } => false,
            Self::Broken | Self::TimedOut | Self::NotTheService { .. } => true,
            Self::Service(_) | Self::Status { .. } => {
                self.status().is_some_and(|status| status >= 500 && !matches!(status, 501 | 505))
            }
        }
    }

    /// Whether a 404 says nothing about what was asked for.
    ///
    /// With `defined: false` it is about the route, and with HTML about neither: a proxy gave it.
    fn is_foreign_404(&self) -> bool {
        match self {
            Self::Service(service) => service.status == 404 && !service.defined,
            Self::Status { status: 404, body, .. } => !matches!(body, Foreign::Empty | Foreign::OtherShape),
            Self::NotTheService { status, .. } => *status == 404,
            _ => false,
        }
    }

    /// How long the service asks to wait, where it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Service(error) => error.retry_after,
            Self::Status { retry_after, .. } => *retry_after,
            Self::Held { rest } => Some(*rest),
            _ => None,
        }
    }
}

impl From<&ApiError> for Trouble {
    fn from(error: &ApiError) -> Self {
        match error.failure() {
            Failure::NotSent | Failure::Broken => Self::Unreachable,
            Failure::TimedOut => Self::TimedOut,
            Failure::Held { .. } => Self::RateLimited,
            Failure::Service(_) if error.failure().is_foreign_404() => {
                Self::NotTheService { detail: "404 for a route that it does not know".into() }
            }
            failure if failure.is_foreign_404() => Self::NotTheService { detail: error.to_string().into() },
            Failure::Service(service) => by_status(service.status, || words(service)),
            // 407 and 511 are how proxies and captive portals ask to sign in.
            Failure::Status { status: 407 | 511, .. } | Failure::NotTheService { .. } => {
                Self::NotTheService { detail: error.to_string().into() }
            }
            Failure::RepeatedCursor | Failure::Endless { .. } => Self::BrokenList { detail: error.to_string().into() },
            Failure::Status { status, .. } => by_status(*status, || error.to_string().into()),
        }
    }
}

fn by_status(status: u16, message: impl FnOnce() -> SafeText) -> Trouble {
    match status {
        401 => Trouble::Unauthorized,
        403 => Trouble::Forbidden,
        404 => Trouble::NotFound,
        408 => Trouble::TimedOut,
        409 => Trouble::Conflict,
        429 => Trouble::RateLimited,
        500.. => Trouble::ServiceFault { status },
        _ => Trouble::Rejected { message: message() },
    }
}

/// The service's message and, for a 422, which fields it means.
fn words(error: &ServiceError) -> SafeText {
    let Some(validation) = &error.validation else { return error.message.clone() };
    let form = validation.form_errors.iter().cloned();
    let fields = validation.field_errors.iter().map(|(field, faults)| format!("{field}: {}", faults.join(", ")));
    let faults: Vec<_> = form.chain(fields).collect();
    if faults.is_empty() { error.message.clone() } else { faults.join("; ").into() }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn status(status: u16) -> Failure {
        Failure::Status { status, body: Foreign::Empty, retry_after: None }
    }

    fn not_the_service(status: u16, body: Foreign) -> Failure {
        Failure::NotTheService { status, body }
    }

    #[rstest]
    #[case(Failure::NotSent, true, false)]
    #[case(Failure::Broken, true, true)]
    #[case(Failure::TimedOut, true, true)]
    #[case(Failure::Held { rest: Duration::from_secs(1) }, true, false)]
    #[case(status(400), false, false)]
    #[case(status(401), false, false)]
    #[case(status(404), false, false)]
    #[case(status(408), true, false)]
    #[case(status(409), false, false)]
    #[case(status(422), false, false)]
    #[case(status(429), true, false)]
    #[case(status(500), true, true)]
    #[case(status(501), false, false)]
    #[case(status(502), true, true)]
    #[case(status(504), true, true)]
    #[case(not_the_service(200, Foreign::NotJson), false, true)]
    #[case(not_the_service(200, Foreign::Truncated), true, true)]
    #[case(not_the_service(302, Foreign::Empty), false, true)]
    fn what_may_be_repeated_and_what_may_have_happened(
        #[case] failure: Failure,
        #[case] transient: bool,
        #[case] unknown: bool,
    ) {
        assert_eq!((failure.is_transient(), failure.outcome_unknown()), (transient, unknown), "{failure:?}");
        assert!(ApiError::new(failure, true).outcome_unknown());
    }

    #[rstest]
    #[case(Failure::NotSent, Trouble::Unreachable)]
    #[case(Failure::Broken, Trouble::Unreachable)]
    #[case(Failure::TimedOut, Trouble::TimedOut)]
    #[case(Failure::Held { rest: Duration::from_secs(1) }, Trouble::RateLimited)]
    #[case(status(401), Trouble::Unauthorized)]
    #[case(status(403), Trouble::Forbidden)]
    #[case(status(404), Trouble::NotFound)]
    #[case(status(409), Trouble::Conflict)]
    #[case(status(413), Trouble::Rejected { message: "413 with an empty answer".into() })]
    #[case(status(429), Trouble::RateLimited)]
    #[case(status(503), Trouble::ServiceFault { status: 503 })]
    #[case(
        Failure::Status { status: 404, body: Foreign::NotJson, retry_after: None },
        Trouble::NotTheService { detail: "404 with an answer that is not JSON".into() }
    )]
    #[case(Failure::Status { status: 404, body: Foreign::OtherShape, retry_after: None }, Trouble::NotFound)]
    #[case(status(511), Trouble::NotTheService { detail: "511 with an empty answer".into() })]
    #[case(
        not_the_service(200, Foreign::NotJson),
        Trouble::NotTheService { detail: "200 with an answer that is not JSON".into() }
    )]
    fn a_failure_in_words_for_the_door(#[case] failure: Failure, #[case] expected: Trouble) {
        assert_eq!(Trouble::from(&ApiError::from(failure)), expected);
    }

    #[test]
    fn a_validation_error_names_the_fields_to_people_only() {
        let validation = ValidationErrors {
            form_errors: Vec::new(),
            field_errors: [("email".to_owned(), vec!["ada@ is no address".to_owned()])].into(),
        };
        let error = ApiError::from(Failure::Service(Box::new(ServiceError {
            status: 422,
            defined: true,
            code: ErrorCode::InputValidationFailed,
            message: "Input validation failed for Ada".into(),
            validation: Some(validation),
            refusal: None,
            retry_after: None,
        })));
        assert_eq!(Trouble::from(&error), Trouble::Rejected { message: "email: ada@ is no address".into() });
        let shown = format!("{error} {error:?}").to_lowercase();
        assert!(shown.contains("422") && !shown.contains("ada"), "{shown}");
    }
}
