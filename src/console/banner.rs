//! The last result, in large words.

use jiff::Timestamp;

use super::effect::Bell;
use crate::domain::{AuditAct, EntryId, Refusal, SafeText, ScanKind, ScanRefusal, TicketId};

/// What the banner says; the words are fixed, people and tests rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum Verdict {
    /// The service took the check-in.
    CheckedIn,
    /// The service took the check-out.
    CheckedOut,
    /// The guest is in already.
    AlreadyIn,
    /// The guest is not in.
    NotIn,
    /// The ticket was voided.
    Cancelled,
    /// The ticket is for another event.
    WrongEvent,
    /// The ticket's tier or section does not enter here.
    WrongDoor,
    /// No ticket has this id.
    UnknownTicket,
    /// The service refused for a reason of its own.
    Refused,
    /// The guest is in on our word; the service will be told.
    InNotYetSent,
    /// The guest is out on our word; the service will be told.
    OutNotYetSent,
    /// Taken back before it was sent.
    TakenBack,
    /// Sent; no answer yet.
    Sending,
    /// Sent, and no answer came: the ticket is read again to see what became of it.
    BeingVerified,
    /// It did not happen.
    NotDone,
    /// The service has the corrected attendee.
    Saved,
    /// The ticket is of another tier.
    Moved,
    /// The ticket was voided here and now.
    TicketCancelled,
    /// The voided ticket is valid again.
    Reactivated,
    /// The comp is issued.
    CompIssued,
    /// Other tiers and sections enter at this door from now on.
    DoorSet,
}

impl Verdict {
    /// Whether the guest is still the one at hand: nobody went through.
    pub(super) const fn keeps_at_hand(self) -> bool {
        !matches!(
            self,
            Self::CheckedIn
                | Self::CheckedOut
                | Self::InNotYetSent
                | Self::OutNotYetSent
                | Self::TakenBack
                | Self::Sending
        )
    }

    /// The words of the banner.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::CheckedIn => "CHECKED IN",
            Self::CheckedOut => "CHECKED OUT",
            Self::AlreadyIn => "ALREADY IN",
            Self::NotIn => "NOT IN",
            Self::Cancelled => "CANCELLED",
            Self::WrongEvent => "WRONG EVENT",
            Self::WrongDoor => "WRONG DOOR",
            Self::UnknownTicket => "UNKNOWN TICKET",
            Self::Refused => "REFUSED",
            Self::InNotYetSent => "IN, NOT YET SENT",
            Self::OutNotYetSent => "OUT, NOT YET SENT",
            Self::TakenBack => "TAKEN BACK",
            Self::Sending => "SENDING",
            Self::BeingVerified => "BEING VERIFIED",
            Self::NotDone => "NOT DONE",
            Self::Saved => "SAVED",
            Self::Moved => "MOVED",
            Self::TicketCancelled => "TICKET CANCELLED",
            Self::Reactivated => "REACTIVATED",
            Self::CompIssued => "COMP ISSUED",
            Self::DoorSet => "DOOR SET",
        }
    }

    /// What the accepted scan says.
    #[must_use]
    pub const fn accepted(kind: ScanKind) -> Self {
        match kind {
            ScanKind::CheckIn => Self::CheckedIn,
            ScanKind::CheckOut => Self::CheckedOut,
        }
    }

    /// What the scan says that happened on our word.
    #[must_use]
    pub const fn promised(kind: ScanKind) -> Self {
        match kind {
            ScanKind::CheckIn => Self::InNotYetSent,
            ScanKind::CheckOut => Self::OutNotYetSent,
        }
    }

    /// How it sounds; what is still under way is silent.
    #[must_use]
    pub const fn bell(self) -> Option<Bell> {
        match self {
            Self::CheckedIn | Self::CheckedOut | Self::InNotYetSent | Self::OutNotYetSent | Self::TakenBack => {
                Some(Bell::Pass)
            }
            // Nobody passes by a change of the records: whoever made it looks at the screen.
            Self::Sending
            | Self::Saved
            | Self::Moved
            | Self::TicketCancelled
            | Self::Reactivated
            | Self::CompIssued
            | Self::DoorSet => None,
            Self::BeingVerified | Self::NotDone => Some(Bell::Attention),
            _ => Some(Bell::Stop),
        }
    }
}

impl From<&ScanRefusal> for Verdict {
    fn from(refusal: &ScanRefusal) -> Self {
        match refusal {
            ScanRefusal::Rule(Refusal::AlreadyCheckedIn) => Self::AlreadyIn,
            ScanRefusal::Rule(Refusal::NotCheckedIn) => Self::NotIn,
            ScanRefusal::Rule(Refusal::TicketCancelled) => Self::Cancelled,
            ScanRefusal::Rule(Refusal::CheckOutInstead) | ScanRefusal::Other { .. } => Self::Refused,
            ScanRefusal::WrongEvent { .. } => Self::WrongEvent,
            ScanRefusal::WrongDoor { .. } => Self::WrongDoor,
            ScanRefusal::UnknownTicket => Self::UnknownTicket,
        }
    }
}

/// The last result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// What was done, or tried.
    pub act: AuditAct,
    /// In large words.
    pub verdict: Verdict,
    /// The guest's name.
    pub name: String,
    /// Who, when, where or why, in one line.
    pub detail: SafeText,
    /// The ticket it is about.
    pub ticket: TicketId,
    /// The scan it is about, where it was kept.
    pub entry: Option<EntryId>,
    /// When it came up.
    pub at: Timestamp,
}
