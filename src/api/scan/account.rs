//! What the service's answer to a scan says by itself, and what it comes to with the ticket beside it. Pure.

use super::standing::Standing;
use super::{Miss, ScanAnswer};
use crate::api::{ApiError, Failure};
use crate::domain::{Refusal, SafeText, ScanKind, ScanRefusal};
use crate::wire::{Ticket, TransitionRefusal};

/// A failed answer, read without looking any further.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Account {
    /// A rule refused it.
    Refused {
        /// Which one.
        refusal: ScanRefusal,
        /// The ticket, where the answer brought it along.
        ticket: Option<Box<Ticket>>,
    },
    /// The service refused it and gave no reason that a program can read.
    Unexplained {
        /// Its words, where they are about a rule.
        words: Option<SafeText>,
    },
    /// There is no such ticket.
    NoTicket,
    /// Nobody knows whether it happened.
    Unknown,
    /// It did not happen.
    Failed,
}

impl Account {
    /// Reads the failure of a scan of `kind`.
    pub fn of(error: &ApiError, kind: ScanKind) -> Self {
        if let Some(refusal) = error.service().and_then(|service| service.refusal.clone()) {
            return Self::from_refusal(refusal, kind, error);
        }
        if error.is_not_found() {
            return Self::NoTicket;
        }
        match (error.status(), error.service()) {
            (Some(400), Some(service)) => Self::Unexplained { words: Some(service.message.clone()) },
            (Some(400 | 409), _) => Self::Unexplained { words: None },
            _ if error.failure().outcome_unknown() => Self::Unknown,
            _ => Self::Failed,
        }
    }

    fn from_refusal(refusal: TransitionRefusal, kind: ScanKind, error: &ApiError) -> Self {
        use TransitionRefusal as R;
        let rule = ScanRefusal::Rule;
        match refusal {
            R::NoopTransition { ticket, .. } => {
                let nothing_to_do = match kind {
                    ScanKind::CheckIn => Refusal::AlreadyCheckedIn,
                    ScanKind::CheckOut => Refusal::NotCheckedIn,
                };
                Self::Refused { refusal: rule(nothing_to_do), ticket }
            }
            R::EventMismatch { event, ticket, .. } => {
                Self::Refused { refusal: ScanRefusal::WrongEvent { event: event.name.into() }, ticket }
            }
            R::FilteredOut { ticket: Some(ticket), .. } => {
                let admission = ticket.admission.name.as_str().into();
                Self::Refused { refusal: ScanRefusal::WrongDoor { admission }, ticket: Some(ticket) }
            }
            R::AlreadyCheckedIn { ticket, .. } => {
                Self::Refused { refusal: rule(Refusal::AlreadyCheckedIn), ticket: Some(ticket) }
            }
            R::NotCheckedIn { ticket, .. } => {
                Self::Refused { refusal: rule(Refusal::NotCheckedIn), ticket: Some(ticket) }
            }
            R::TicketCancelled { ticket, .. } => {
                Self::Refused { refusal: rule(Refusal::TicketCancelled), ticket: Some(ticket) }
            }
            // The tier's name is on the ticket; and a single ticket has no partial confirmation.
            R::FilteredOut { ticket: None, .. } | R::PartialOrderConfirmationRequired { .. } => {
                Self::Unexplained { words: error.service().map(|service| service.message.clone()) }
            }
        }
    }

    /// Whether the ticket must be read before anything can be said.
    ///
    /// After an attempt whose outcome is unknown (`unsettled`) a refusal may be of our own success. Any other refusal
    /// stands, and is handed on at once: somebody at the door waits for it, and its reason can be read after that.
    pub fn needs_ticket(&self, error: &ApiError, unsettled: bool) -> bool {
        match self {
            Self::NoTicket => false,
            Self::Refused { ticket, .. } => unsettled && ticket.is_none(),
            Self::Unexplained { words: Some(_) } => unsettled,
            Self::Unexplained { words: None } | Self::Unknown => true,
            // What cannot be reached for a scan cannot be read either.
            Self::Failed => unsettled && !matches!(error.failure(), Failure::NotSent | Failure::Held { .. }),
        }
    }

    /// The end of it, with where the ticket stands.
    pub fn with_standing(self, standing: Standing, ticket: Box<Ticket>, miss: Miss) -> ScanAnswer {
        match (standing, self) {
            (Standing::Taken, _) => ScanAnswer::Accepted(ticket),
            (Standing::Refused(_) | Standing::Open, Self::Refused { refusal, .. })
            | (Standing::Refused(refusal), _) => ScanAnswer::Refused { refusal, ticket: Some(ticket) },
            (Standing::Open, Self::Unexplained { words: Some(message) }) => {
                ScanAnswer::Refused { refusal: ScanRefusal::Other { message }, ticket: Some(ticket) }
            }
            (Standing::Open, account) => account.without_ticket(miss),
        }
    }

    /// The end of it, where the ticket could not be read or need not be.
    pub fn without_ticket(self, miss: Miss) -> ScanAnswer {
        let Miss { trouble, retry_after, unsettled } = miss;
        match self {
            // Without a ticket there can be no scan of ours either.
            Self::NoTicket => ScanAnswer::Refused { refusal: ScanRefusal::UnknownTicket, ticket: None },
            Self::Unknown => ScanAnswer::Unknown(trouble),
            _ if unsettled => ScanAnswer::Unknown(trouble),
            Self::Refused { refusal, ticket } => ScanAnswer::Refused { refusal, ticket },
            Self::Unexplained { words: Some(message) } => {
                ScanAnswer::Refused { refusal: ScanRefusal::Other { message }, ticket: None }
            }
            Self::Unexplained { words: None } | Self::Failed => ScanAnswer::Failed { trouble, retry_after },
        }
    }
}
