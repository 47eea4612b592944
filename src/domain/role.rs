//! What a person is at the door.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a person is at the door; each may do what those before it may.
///
/// This is the house's own order, for consoles that many hands use. What a token may do is the service's affair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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

impl fmt::Display for Role {
    /// As the settings have it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Steward => "steward",
            Self::BoxOffice => "box-office",
            Self::Supervisor => "supervisor",
        })
    }
}
