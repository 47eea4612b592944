//! Choosing what enters at this door.

use crate::console::picker::{Choice, Picker};
use crate::domain::{AdmissionId, Event, Gate, SectionId};

/// One kind of ticket that a door may admit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entrance {
    /// A tier.
    Tier(AdmissionId),
    /// A section.
    Section(SectionId),
}

/// The event's tiers and sections, those that enter here marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatePicker {
    /// What can be marked.
    pub picker: Picker<Entrance>,
    /// What was marked when it opened.
    first: Gate,
}

impl GatePicker {
    /// The tiers and sections of the event as this door has them now.
    #[must_use]
    pub fn new(event: &Event, gate: &Gate) -> Self {
        let tiers = event.admissions.iter().map(|admission| {
            let (id, name) = (admission.summary.id.clone(), admission.summary.name.to_string());
            let marked = gate.admissions.contains(&id);
            Choice::marked(Entrance::Tier(id), name, "tier", marked)
        });
        let sections = event.sections.iter().map(|section| {
            let (id, name) = (section.summary.id.clone(), section.summary.name.to_string());
            let marked = gate.sections.contains(&id);
            Choice::marked(Entrance::Section(id), name, "section", marked)
        });
        let mut gate = Self { picker: Picker::new(tiers.chain(sections).collect()), first: Gate::default() };
        gate.first = gate.gate();
        gate
    }

    /// Whether a person marked anything, or took a mark away.
    ///
    /// The marks alone do not say what the door is: a name that the event does not have is none of its rows.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.gate() != self.first
    }

    /// What is marked; nothing marked is a door for all.
    #[must_use]
    pub fn gate(&self) -> Gate {
        let mut gate = Gate::default();
        for entrance in self.picker.marked() {
            match entrance {
                Entrance::Tier(id) => gate.admissions.push(id.clone()),
                Entrance::Section(id) => gate.sections.push(id.clone()),
            }
        }
        gate
    }
}
