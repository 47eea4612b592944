//! How the evening goes.

/// The arrivals, the tiers, the forecast and the scanners, all from what the console has in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dashboard;
