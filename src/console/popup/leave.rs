//! Leaving while something waits to be sent, or for its answer.

use super::Popup;

/// Asks before the console is left with unsent scans, or with a change that has no answer yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leave {
    /// The pop-up that was open, as it is by now.
    pub(in crate::console) beneath: Option<Box<Popup>>,
}

impl Leave {
    /// The question over what is open.
    #[must_use]
    pub fn over(beneath: Option<Popup>) -> Self {
        Self { beneath: beneath.map(Box::new) }
    }
}
