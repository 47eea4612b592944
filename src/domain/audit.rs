//! What this console did, one record an act, kept for good.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DeviceId, EntryId, Operator, SafeText, ScanKind};

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
    /// Of a refusal: what was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<ScanKind>,
    /// Of a change of the service's records: what the records of one and the same have in common, from the question to
    /// the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// The guest's name at the time, where it was known.
    #[serde(default)]
    pub guest: SafeText,
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
    /// A PIN was typed for a supervisor's rights.
    Pin,
}

impl AuditAct {
    /// A scan in this direction.
    #[must_use]
    pub const fn of_scan(kind: ScanKind) -> Self {
        match kind {
            ScanKind::CheckIn => Self::CheckIn,
            ScanKind::CheckOut => Self::CheckOut,
        }
    }
}

impl fmt::Display for AuditAct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::CheckIn => "check-in",
            Self::CheckOut => "check-out",
            Self::Undo => "undo",
            Self::Edit => "edit",
            Self::Move => "move",
            Self::Cancel => "cancel",
            Self::Reactivate => "reactivate",
            Self::Comp => "comp",
            Self::Refusal => "scan",
            Self::Answer => "answer",
            Self::Settle => "settle",
            Self::Gate => "gate",
            Self::Override => "override",
            Self::Pin => "PIN",
        })
    }
}
