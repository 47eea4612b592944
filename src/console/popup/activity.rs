//! What was done and refused at this console, narrowed by what is typed.

use crate::console::activity::DeedNumber;
use crate::console::picker::{Choice, Picker};

/// The deeds as they stand in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityList {
    /// The deeds, the newest first.
    pub picker: Picker<DeedNumber>,
    /// Why the selected deed shows no ticket.
    pub notice: Option<&'static str>,
}

impl ActivityList {
    /// These deeds, the newest selected.
    #[must_use]
    pub fn new(choices: Vec<Choice<DeedNumber>>) -> Self {
        Self { picker: Picker::new(choices), notice: None }
    }
}
