//! What this console did, one record an act, kept for good.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DeviceId, EntryId, Operator, SafeText};

/// One act of this console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// When, by this console's clock.
    pub at: Timestamp,
    /// Who.
    pub operator: Operator,
    /// On which device.
    pub device: DeviceId,
    /// What was done.
    pub act: AuditAct,
    /// To what: the id of a ticket, an order or an event, as the service gave it.
    pub target: String,
    /// The entry it belongs to, where it is about a scan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// What came of it, in words.
    pub outcome: SafeText,
}

/// The kinds of act that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditAct {
    /// A guest went in.
    CheckIn,
    /// A guest went out.
    CheckOut,
    /// The last act was taken back.
    Undo,
    /// An attendee was corrected.
    Edit,
    /// A ticket went to another tier.
    Move,
    /// A ticket was voided.
    Cancel,
    /// A voided ticket was made valid.
    Reactivate,
    /// A comp was issued.
    Comp,
    /// A scan was refused by this console before anything was sent.
    Refusal,
    /// The service had the last word on a scan.
    Answer,
    /// A conflict was put to rest.
    Settle,
    /// Other tiers and sections enter at this door from now on.
    Gate,
    /// A guest was let in at the wrong door.
    Override,
}
