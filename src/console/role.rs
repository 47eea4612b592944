//! Who may do what at this console.

use super::action::Action;
pub use crate::domain::Role;

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
