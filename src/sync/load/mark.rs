//! How far a list was walked, in words that outlive the program.

use serde::{Deserialize, Serialize};

use crate::domain::TicketStatus;
use crate::wire::RosterBucket;

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::sync) enum ListName {
    /// A letter of the roster, as the index told of it: one that has changed since is another list.
    Letter(RosterBucket),
    /// Tickets in one status, or in any.
    Tickets(Option<TicketStatus>),
}

/// How far it was walked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::sync) struct Mark {
    /// The list.
    pub list: ListName,
    /// Where it goes on; the service's own word.
    pub cursor: Option<String>,
    /// Of a letter: rows that are still to come.
    pub left: u64,
    /// Whether it was walked to its end.
    pub has_ended: bool,
}
