//! The transition table of the contract, once, for the console and for the embedded service.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ScanKind, TicketStatus};

/// What a person may ask of a ticket's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Let the guest in.
    CheckIn,
    /// Let the guest out.
    CheckOut,
    /// Void the ticket.
    Cancel,
    /// Make a voided ticket valid again.
    Reactivate,
}

impl From<ScanKind> for Act {
    fn from(kind: ScanKind) -> Self {
        match kind {
            ScanKind::CheckIn => Self::CheckIn,
            ScanKind::CheckOut => Self::CheckOut,
        }
    }
}

/// What the table says of an act on a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// The ticket moves to this status.
    To(TicketStatus),
    /// Nothing to do, and nothing wrong.
    NoChange,
    /// A rule forbids it.
    Refused(Refusal),
}

/// The rule that refuses an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// The guest is in already.
    AlreadyCheckedIn,
    /// The guest is not in.
    NotCheckedIn,
    /// The ticket was voided.
    TicketCancelled,
    /// A guest who is in is checked out, not reactivated.
    CheckOutInstead,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AlreadyCheckedIn => "Ticket already checked in",
            Self::NotCheckedIn => "Ticket not checked in",
            Self::TicketCancelled => "Ticket cancelled",
            Self::CheckOutInstead => "Ticket is checked in: check it out instead",
        })
    }
}

/// The table: what becomes of a ticket in status `from` on `act`.
#[must_use]
pub const fn transition(from: TicketStatus, act: Act) -> Transition {
    use TicketStatus::{Active, Cancelled, Redeemed};
    match (from, act) {
        (Active, Act::CheckIn) => Transition::To(Redeemed),
        (Redeemed, Act::CheckOut) | (Cancelled, Act::Reactivate) => Transition::To(Active),
        (Active | Redeemed, Act::Cancel) => Transition::To(Cancelled),
        (Active, Act::Reactivate) | (Cancelled, Act::Cancel) => Transition::NoChange,
        (Active, Act::CheckOut) => Transition::Refused(Refusal::NotCheckedIn),
        (Redeemed, Act::CheckIn) => Transition::Refused(Refusal::AlreadyCheckedIn),
        (Redeemed, Act::Reactivate) => Transition::Refused(Refusal::CheckOutInstead),
        (Cancelled, Act::CheckIn | Act::CheckOut) => Transition::Refused(Refusal::TicketCancelled),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::TicketStatus::{Active, Cancelled, Redeemed};
    use super::*;

    #[rstest]
    #[case(Active, Act::CheckIn, Transition::To(Redeemed))]
    #[case(Active, Act::CheckOut, Transition::Refused(Refusal::NotCheckedIn))]
    #[case(Active, Act::Cancel, Transition::To(Cancelled))]
    #[case(Active, Act::Reactivate, Transition::NoChange)]
    #[case(Redeemed, Act::CheckIn, Transition::Refused(Refusal::AlreadyCheckedIn))]
    #[case(Redeemed, Act::CheckOut, Transition::To(Active))]
    #[case(Redeemed, Act::Cancel, Transition::To(Cancelled))]
    #[case(Redeemed, Act::Reactivate, Transition::Refused(Refusal::CheckOutInstead))]
    #[case(Cancelled, Act::CheckIn, Transition::Refused(Refusal::TicketCancelled))]
    #[case(Cancelled, Act::CheckOut, Transition::Refused(Refusal::TicketCancelled))]
    #[case(Cancelled, Act::Cancel, Transition::NoChange)]
    #[case(Cancelled, Act::Reactivate, Transition::To(Active))]
    fn every_cell_of_the_table(#[case] from: TicketStatus, #[case] act: Act, #[case] expected: Transition) {
        assert_eq!(transition(from, act), expected);
    }
}
