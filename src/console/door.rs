//! How this door works: what the settings say of it.

use std::collections::HashMap;
use std::time::Duration;

use serde::Deserialize;

use crate::domain::{AdmissionId, Event, EventId, Gate, SectionId};
use crate::index::fold;

/// How long the last act can be taken back, where the settings say nothing else.
const UNDO_WITHIN: Duration = Duration::from_secs(300);

/// The rules of this door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// What a scanned ticket does.
    pub scanning: ScanAction,
    /// How long the last act can be taken back.
    pub undo_within: Duration,
    /// The tiers and sections that enter here.
    pub gate: Gate,
    /// What was chosen at the door by event, where it is not what the settings say.
    pub chosen: HashMap<EventId, Gate>,
    /// The same by name, as the settings have them.
    pub names: GateNames,
    /// The event that the names were looked up in.
    pub settled_for: Option<EventId>,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            scanning: ScanAction::default(),
            undo_within: UNDO_WITHIN,
            gate: Gate::default(),
            chosen: HashMap::new(),
            names: GateNames::default(),
            settled_for: None,
        }
    }
}

impl Door {
    /// From now on this enters here, and at this event again when another one was on meanwhile.
    pub(super) fn choose(&mut self, event: &Event, gate: Gate) {
        if self.names.resolve(event).0 == gate {
            self.chosen.remove(&event.summary.id);
        } else {
            self.chosen.insert(event.summary.id.clone(), gate.clone());
        }
        self.gate = gate;
    }

    /// Whether the settings name what enters here, and the event that has those tiers and sections is not known yet.
    ///
    /// The gate is still open then, although this door is not for everybody.
    #[must_use]
    pub const fn is_unsettled(&self) -> bool {
        self.settled_for.is_none() && !self.names.is_empty()
    }
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

/// The tiers and sections of a door by their names or ids.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateNames {
    /// The tiers; none of them is all.
    pub admissions: Vec<String>,
    /// The sections; none of them is all.
    pub sections: Vec<String>,
}

impl GateNames {
    /// Whether nothing is named: everybody enters.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.admissions.is_empty() && self.sections.is_empty()
    }

    /// The ids that the names mean at this event, and the names that mean nothing there.
    ///
    /// A name without a meaning stays in the gate as it is, so that it admits nobody rather than everybody.
    #[must_use]
    pub fn resolve(&self, event: &Event) -> (Gate, Vec<String>) {
        let mut strange = Vec::new();
        let mut find = |name: &String, known: Option<String>| {
            if known.is_none() {
                strange.push(name.clone());
            }
            known.unwrap_or_else(|| name.clone())
        };
        let admissions = self.admissions.iter().map(|name| {
            let tiers = event.admissions.iter().map(|admission| &admission.summary);
            let mut named = tiers.filter(|tier| tier.id.as_str() == name || is_called(&tier.name, name));
            AdmissionId::from_service(find(name, named.next().map(|tier| tier.id.as_str().to_owned())))
        });
        let admissions = admissions.collect();
        let sections = self.sections.iter().map(|name| {
            let sections = event.sections.iter().map(|section| &section.summary);
            let mut named = sections.filter(|section| section.id.as_str() == name || is_called(&section.name, name));
            SectionId::from_service(find(name, named.next().map(|section| section.id.as_str().to_owned())))
        });
        let sections = sections.collect();
        (Gate { admissions, sections }, strange)
    }
}

/// Whether two names are the same but for case and accents.
fn is_called(name: &str, asked: &str) -> bool {
    fold(name) == fold(asked)
}
