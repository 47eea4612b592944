//! The help.

/// Every key, as far as it is scrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Help {
    /// Lines scrolled down.
    pub scroll: usize,
}
