//! Leaving while something waits to be sent.

/// Asks before the console is left with unsent scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leave;
