//! A ticket and the state it is in.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AdmissionSummary, Attendee, CustomerId, EventSummary, OrderId, Scan, ScanKind, SectionSummary, TicketId};

/// The three states of a ticket; see [`super::transition()`] for what leads from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TicketStatus {
    /// Valid for entry.
    Active,
    /// Checked in.
    Redeemed,
    /// Voided.
    Cancelled,
}

impl TicketStatus {
    /// Every status, in the order that lists and rankings use.
    pub const ALL: [Self; 3] = [Self::Active, Self::Redeemed, Self::Cancelled];

    /// The status in the contract's own spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Redeemed => "REDEEMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

impl fmt::Display for TicketStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One admission of one person to one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The id that the barcode carries.
    pub id: TicketId,
    /// Where it stands.
    pub status: TicketStatus,
    /// Whom it admits.
    pub attendee: Attendee,
    /// The order it was bought with.
    pub order_id: OrderId,
    /// Who bought it.
    pub customer_id: CustomerId,
    /// The event, as the ticket remembers it.
    pub event: Arc<EventSummary>,
    /// The tier, as the ticket remembers it.
    pub admission: Arc<AdmissionSummary>,
    /// The section, where the venue has any.
    pub section: Option<Arc<SectionSummary>>,
    /// Every accepted scan, oldest first.
    pub scans: Vec<Scan>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// Moves with every scan and every change.
    pub updated_at: Timestamp,
}

impl Ticket {
    /// When a ticket was changed that came without a date: before any that has one.
    pub const UNDATED: Timestamp = Timestamp::MIN;

    /// Whether it is a row of the roster: of the scans, the dates and the buyer such a row tells nothing.
    ///
    /// A light ticket can be found and scanned. It is older than every whole state of the ticket, so that it never
    /// replaces one and always gives way.
    #[must_use]
    pub fn is_light(&self) -> bool {
        // Not compared with the constant: what was on a disk has the earliest time that the disk can tell.
        self.updated_at < Timestamp::UNIX_EPOCH
    }

    /// The last accepted scan, whichever way it went.
    #[must_use]
    pub fn last_scan(&self) -> Option<&Scan> {
        self.scans.last()
    }

    /// The check-in that let the guest in, if the last scan was one.
    #[must_use]
    pub fn standing_check_in(&self) -> Option<&Scan> {
        self.last_scan().filter(|scan| scan.kind == ScanKind::CheckIn)
    }

    /// Whether this answer is the same age as `known` or newer.
    ///
    /// A stale answer never replaces a newer one: `updatedAt` decides, then the number of scans.
    #[must_use]
    pub fn supersedes(&self, known: &Self) -> bool {
        let age = |ticket: &Self| (ticket.updated_at, ticket.scans.len());
        age(self).cmp(&age(known)) != Ordering::Less
    }
}
