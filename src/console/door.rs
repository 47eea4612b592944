//! How this door works: what the settings say of it.

use serde::Deserialize;

use crate::domain::Gate;

/// The rules of this door.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Door {
    /// What a scanned ticket does.
    pub scanning: ScanAction,
    /// The tiers and sections that enter here.
    pub gate: Gate,
}

/// What a scanned ticket does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScanAction {
    /// Checks the guest in.
    #[default]
    CheckIn,
    /// Checks the guest out.
    CheckOut,
    /// Checks out who is in, and everybody else in.
    Toggle,
    /// Shows the ticket and waits for a key.
    Show,
}
