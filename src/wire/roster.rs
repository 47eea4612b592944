//! The roster: one light row a ticket, and its A–Z index.

use jiff::Timestamp;
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Attendee;
use crate::domain::{AdmissionId, OrderId, ScanKind, SectionId, TicketId, TicketStatus};

/// One row of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterRow {
    /// `tkt_…`
    pub id: TicketId,
    /// The order it was bought with.
    pub order_id: OrderId,
    /// ACTIVE, REDEEMED or CANCELLED.
    pub status: TicketStatus,
    /// Whom it admits.
    pub attendee: Attendee,
    /// The tier.
    pub admission: RosterAdmission,
    /// The section, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<RosterSection>,
    /// The last scan, whichever way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_scan: Option<RosterScan>,
    /// When the guest last went in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_check_in_at: Option<Timestamp>,
}

/// What a row tells of its tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterAdmission {
    /// `adm_…`
    pub id: AdmissionId,
    /// Its name.
    pub name: String,
    /// Until when it admits, wall-clock at the venue.
    pub entry_ends_at: DateTime,
}

/// What a row tells of its section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RosterSection {
    /// `sct_…`
    pub id: SectionId,
    /// Its name.
    pub name: String,
}

/// What a row tells of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterScan {
    /// In or out.
    pub kind: ScanKind,
    /// When the service took it.
    pub scanned_at: Timestamp,
}

/// Every bucket that there may be, in the order of the roster.
#[rustfmt::skip]
const ROSTER_KEYS: &[&str] = &[
    "#", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L",
    "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
];

/// The buckets of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RosterIndex {
    /// `#`, then A to Z; only those that hold anybody.
    pub buckets: Vec<RosterBucket>,
}

/// The guests whose names start with one letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RosterBucket {
    /// The letter, or `#` for every other character.
    #[schemars(extend("enum" = ROSTER_KEYS))]
    pub key: String,
    /// How many.
    pub count: u64,
    /// Where the roster shows the first of them.
    pub anchor: String,
}
