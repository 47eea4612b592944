//! Who may do what at this console.

use serde::Deserialize;

use super::action::Action;

/// What a person is at the door; each may do what those before it may.
///
/// This is the house's own order, for consoles that many hands use. What a token may do is the service's affair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, strum::Display, strum::EnumIter)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    /// Searches, checks in and out.
    Steward,
    /// Corrects details and issues comps besides.
    BoxOffice,
    /// Cancels, reactivates, overrides and settles besides.
    Supervisor,
}

impl Role {
    /// The role as people say it, with its article.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Steward => "a steward",
            Self::BoxOffice => "the box office",
            Self::Supervisor => "a supervisor",
        }
    }
}

impl Action {
    /// The least role that may do it: the one table of who may do what.
    #[must_use]
    pub const fn needs(self) -> Role {
        match self {
            Self::CheckIn
            | Self::CheckOut
            | Self::Order
            | Self::Undo
            | Self::SelectPrevious
            | Self::SelectNext
            | Self::PageUp
            | Self::PageDown
            | Self::Clear
            | Self::Filter
            | Self::ClearFilters
            | Self::Reload
            | Self::Help
            | Self::Palette
            | Self::Confirm
            | Self::GiveReason
            | Self::Inbox
            | Self::Activity
            | Self::Dashboard
            | Self::Mark
            | Self::Close
            | Self::StepDown
            | Self::Suspend
            | Self::Quit => Role::Steward,
            Self::Edit | Self::MoveTier | Self::IssueComp | Self::SwitchEvent | Self::Gate => Role::BoxOffice,
            Self::CancelTicket | Self::ReactivateTicket | Self::Settle | Self::OverrideGate => Role::Supervisor,
        }
    }
}
