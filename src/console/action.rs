//! What a person can mean by a key.

/// An act of the operator, bindable to keys by its kebab-case name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumIter, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    /// Check the selected guest in.
    CheckIn,
    /// Check the selected guest out.
    CheckOut,
    /// Check the selected guest's order in, or some of it.
    Order,
    /// Take the last act back.
    Undo,
    /// Choose what enters at this door.
    Gate,
    /// Let the selected guest in at the wrong door.
    OverrideGate,
    /// Select the row above, or scroll up.
    SelectPrevious,
    /// Select the row below, or scroll down.
    SelectNext,
    /// Move up one page.
    PageUp,
    /// Move down one page.
    PageDown,
    /// Put the banner away, or else clear the search.
    Clear,
    /// Choose what the list is narrowed by.
    Filter,
    /// Take every filter away.
    ClearFilters,
    /// Load every ticket again.
    Reload,
    /// Show every key.
    Help,
    /// Show every act, to be found by its words.
    Palette,
    /// Take what is selected, or go on with what the pop-up asks.
    Confirm,
    /// Correct the selected guest's name, email or phone.
    Edit,
    /// Move the selected ticket to another tier.
    MoveTier,
    /// Void the selected ticket.
    CancelTicket,
    /// Make the selected ticket valid again.
    ReactivateTicket,
    /// Issue a complimentary ticket.
    IssueComp,
    /// Say why, before the yes.
    GiveReason,
    /// Mark the selected row, or take its mark away.
    Mark,
    /// Show what waits for the service, and what waits for a person.
    Inbox,
    /// Show what was done and refused here.
    Activity,
    /// Show how the evening goes.
    Dashboard,
    /// Put the selected conflict to rest.
    Settle,
    /// Close the pop-up.
    Close,
    /// Choose another event.
    SwitchEvent,
    /// Give the supervisor's rights back.
    StepDown,
    /// Stop the process as the shell's job control does.
    Suspend,
    /// Leave the console.
    Quit,
}

impl Action {
    /// Whether it is about the selected guest, and nothing without one.
    #[must_use]
    pub const fn needs_guest(self) -> bool {
        matches!(
            self,
            Self::CheckIn
                | Self::CheckOut
                | Self::Order
                | Self::OverrideGate
                | Self::Edit
                | Self::MoveTier
                | Self::CancelTicket
                | Self::ReactivateTicket
        )
    }
}
