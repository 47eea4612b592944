//! Events, their tiers (admissions) and their sections.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::{AdmissionId, EventId, Price, SafeText, SectionId};

/// What a ticket remembers of its event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventSummary {
    /// The event.
    pub id: EventId,
    /// Its name.
    pub name: SafeText,
    /// The name of the place.
    pub venue: SafeText,
    /// IANA name of the venue's time zone, in which the entry times are meant.
    pub time_zone: SafeText,
    /// Doors open, wall-clock time at the venue.
    pub entry_starts_at: DateTime,
    /// Last entry, wall-clock time at the venue.
    pub entry_ends_at: DateTime,
}

/// What a ticket remembers of its tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmissionSummary {
    /// The tier.
    pub id: AdmissionId,
    /// Its name.
    pub name: SafeText,
    /// What it cost.
    pub price: Price,
    /// From when it admits, wall-clock time at the venue.
    pub entry_starts_at: DateTime,
    /// Until when it admits, wall-clock time at the venue.
    pub entry_ends_at: DateTime,
}

/// What a ticket remembers of its section.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SectionSummary {
    /// The section.
    pub id: SectionId,
    /// Its name.
    pub name: SafeText,
}

/// An event as the box office sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What its tickets remember of it.
    pub summary: EventSummary,
    /// Its tiers, in the promoter's order.
    pub admissions: Vec<Admission>,
    /// Its sections, in the promoter's order.
    pub sections: Vec<Section>,
}

/// A tier with its capacity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// What its tickets remember of it.
    pub summary: AdmissionSummary,
    /// How many it holds; `None` is unlimited.
    pub capacity: Option<u64>,
    /// How many were sold.
    pub sold: u64,
    /// Where its tickets sit or stand.
    pub section_id: Option<SectionId>,
}

/// A section with its capacity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// What its tickets remember of it.
    pub summary: SectionSummary,
    /// How many it holds; `None` is unlimited.
    pub capacity: Option<u64>,
    /// How many were sold.
    pub sold: u64,
}
