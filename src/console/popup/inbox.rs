//! The outbox and its conflicts.

use crate::console::field::Field;
use crate::domain::{EntryId, SettleReason};

/// Longest note beside a reason, in characters.
const MAX_NOTE: usize = 120;

/// What the service has not settled, and what a person has to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inbox {
    /// The selected entry; rows come and go, the selection holds on to its entry.
    pub selected: Option<EntryId>,
    /// The conflict that is being put to rest.
    pub settling: Option<Settling>,
}

/// A reason being given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settling {
    /// The refused entry.
    pub entry: EntryId,
    /// Position among [`SettleReason::CHOICES`].
    pub choice: usize,
    /// A word more.
    pub note: Field,
}

impl Settling {
    /// Nothing chosen but the first reason.
    #[must_use]
    pub fn of(entry: EntryId) -> Self {
        Self { entry, choice: 0, note: Field::new(MAX_NOTE) }
    }

    /// The chosen reason.
    #[must_use]
    pub fn reason(&self) -> SettleReason {
        SettleReason::CHOICES[self.choice.min(SettleReason::CHOICES.len() - 1)]
    }

    /// Whether it says enough: "other" needs a word.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.reason() != SettleReason::Other || !self.note.is_blank()
    }
}
