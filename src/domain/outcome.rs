//! What came of a scan, and what can stand in its way.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Refusal, SafeText};

/// The rule that refused a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", content = "of", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScanRefusal {
    /// The transition table.
    Rule(Refusal),
    /// The ticket is for another event.
    WrongEvent {
        /// The right one's name.
        event: SafeText,
    },
    /// The ticket's tier or section does not enter here.
    WrongDoor {
        /// The ticket's tier.
        admission: SafeText,
    },
    /// No ticket has this id.
    UnknownTicket,
    /// The service gave only a message, and the ticket does not tell why.
    Other {
        /// The service's words.
        message: SafeText,
    },
}

/// What stands between the console and the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No connection: refused, reset, no route, no name.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// 401: the token is missing, false or expired.
    Unauthorized,
    /// 403: the token may not do this.
    Forbidden,
    /// 404: not there in this tenant.
    NotFound,
    /// 409: somebody else changed it first.
    Conflict,
    /// 429: too many requests.
    RateLimited,
    /// 400 or 422: the service does not accept the input.
    Rejected {
        /// The service's words.
        message: SafeText,
    },
    /// 5xx: the service's own fault.
    ServiceFault {
        /// The HTTP status.
        status: u16,
    },
    /// The settings name no event, and there is not exactly one to take.
    EventUnclear {
        /// Which there are.
        message: SafeText,
    },
    /// The guest list is the service's own, and cannot be walked to its end.
    BrokenList {
        /// What is wrong with it, in a few words.
        detail: SafeText,
    },
    /// Something else answered in the service's place: a captive portal, a proxy, a redirect.
    NotTheService {
        /// What came instead, in a few words.
        detail: SafeText,
    },
}

impl Trouble {
    /// Whether the same request may well succeed a little later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::TimedOut
                | Self::RateLimited
                | Self::ServiceFault { .. }
                | Self::BrokenList { .. }
                | Self::NotTheService { .. }
        )
    }

    /// A word for the log, which must not repeat what the service or a guest wrote.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed out",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate limited",
            Self::Rejected { .. } => "rejected",
            Self::ServiceFault { .. } => "service fault",
            Self::EventUnclear { .. } => "event unclear",
            Self::BrokenList { .. } => "broken list",
            Self::NotTheService { .. } => "not the service",
        }
    }

    /// What is wrong and what a person has to do before anything more is sent, in as few words as a line has room for.
    #[must_use]
    pub const fn in_brief(&self) -> &'static str {
        match self {
            Self::Unauthorized => "Token not accepted (401): renew it.",
            Self::Forbidden => "Not permitted (403): ask a supervisor.",
            other => other.advice(),
        }
    }

    /// What the operator can do about it, as one sentence.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Unreachable | Self::TimedOut => "Check the network; doorlist keeps trying.",
            Self::Unauthorized => "Renew it; DOORLIST_TOKEN by starting anew.",
            Self::Forbidden => "Ask a supervisor: this token lacks the permission.",
            Self::NotFound => "Check the event and the tenant in the settings.",
            Self::Conflict => "Look at the ticket again before you repeat it.",
            Self::RateLimited => "Wait a moment; doorlist slows down by itself.",
            Self::Rejected { .. } => "Correct the input and try again.",
            Self::ServiceFault { .. } => "The fault is the service's; doorlist keeps trying.",
            Self::EventUnclear { .. } => "Choose the event in the console, or name it by `event.id` or --event.",
            Self::BrokenList { .. } => "The fault is the service's; who has come can be found and let in.",
            Self::NotTheService { .. } => "Sign in to the Wi-Fi, or check `api.base_url`.",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => f.write_str("The service cannot be reached."),
            Self::TimedOut => f.write_str("The service did not answer in time."),
            Self::Unauthorized => f.write_str("The service does not accept the token (401)."),
            Self::Forbidden => f.write_str("The token may not do this (403)."),
            Self::NotFound => f.write_str("The service does not know it in this tenant (404)."),
            Self::Conflict => f.write_str("Somebody else changed it first (409)."),
            Self::RateLimited => f.write_str("The service asks for fewer requests (429)."),
            Self::Rejected { message } => write!(f, "The service refused the request: {message}"),
            Self::ServiceFault { status } => write!(f, "The service failed ({status})."),
            Self::EventUnclear { message } => write!(f, "Which event is not clear: {message}."),
            Self::BrokenList { detail } => write!(f, "The guest list is broken: {detail}."),
            Self::NotTheService { detail } => write!(f, "Something else answered in the service's place: {detail}"),
        }
    }
}
