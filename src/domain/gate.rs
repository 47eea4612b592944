//! What one door admits.

use serde::{Deserialize, Serialize};

use super::{AdmissionId, SectionId};

/// The tiers and sections that enter at one door; an empty list admits all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Gate {
    /// The tiers of this door.
    pub admissions: Vec<AdmissionId>,
    /// The sections of this door.
    pub sections: Vec<SectionId>,
}

impl Gate {
    /// Whether everybody enters here.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.admissions.is_empty() && self.sections.is_empty()
    }

    /// Whether a ticket of this tier and section enters here; a ticket without a section passes no section filter.
    #[must_use]
    pub fn admits(&self, admission: &AdmissionId, section: Option<&SectionId>) -> bool {
        let tier_fits = self.admissions.is_empty() || self.admissions.contains(admission);
        let section_fits = self.sections.is_empty() || section.is_some_and(|section| self.sections.contains(section));
        tier_fits && section_fits
    }
}

/// What to do at the door while the service is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfflinePolicy {
    /// Let guests in by the index and our own scans, and send it later.
    #[default]
    Accept,
    /// Let nobody in.
    Refuse,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[], &[], None, true)]
    #[case(&["adm_vip", "adm_floor"], &[], None, true)]
    #[case(&["adm_vip"], &[], None, false)]
    #[case(&[], &["sct_a"], Some("sct_a"), true)]
    #[case(&[], &["sct_a"], Some("sct_b"), false)]
    #[case(&[], &["sct_a"], None, false)]
    #[case(&["adm_floor"], &["sct_b"], Some("sct_a"), false)]
    #[case(&["adm_vip"], &["sct_a"], Some("sct_a"), false)]
    fn both_filters_must_fit(
        #[case] admissions: &[&str],
        #[case] sections: &[&str],
        #[case] section: Option<&str>,
        #[case] admitted: bool,
    ) {
        let gate = Gate {
            admissions: admissions.iter().map(|id| AdmissionId::from_service(*id)).collect(),
            sections: sections.iter().map(|id| SectionId::from_service(*id)).collect(),
        };
        let section = section.map(SectionId::from_service);
        assert_eq!(gate.admits(&AdmissionId::from_service("adm_floor"), section.as_ref()), admitted);
    }
}
