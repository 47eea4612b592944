//! The rules of comps, and how many this console has issued.

use crate::domain::AdmissionId;

/// Why comps may be issued, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompRules {
    /// The reasons to choose from; never empty.
    pub reasons: Vec<String>,
    /// How many tickets of a tier, by its id or its name, may be issued in a shift; the others have no bound.
    pub quotas: Vec<Quota>,
}

/// How many tickets of a tier may be issued in a shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// The tier's id, or its name in any case.
    pub tier: String,
    /// How many.
    pub most: u32,
}

impl Default for CompRules {
    fn default() -> Self {
        Self { reasons: vec!["Guest of the house".to_owned()], quotas: Vec::new() }
    }
}

/// The rules, and what was issued under them since the console was started: that is a shift.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comps {
    /// The rules.
    pub rules: CompRules,
    issued: Vec<(AdmissionId, u32)>,
}

impl Comps {
    /// No comp yet, under these rules.
    #[must_use]
    pub const fn under(rules: CompRules) -> Self {
        Self { rules, issued: Vec::new() }
    }

    /// How many more of the tier may be issued in this shift; `None` has no bound.
    #[must_use]
    pub fn left(&self, tier: &AdmissionId, name: &str) -> Option<u32> {
        let is_meant = |quota: &&Quota| quota.tier == tier.as_str() || quota.tier.to_lowercase() == name.to_lowercase();
        let quota = self.rules.quotas.iter().find(is_meant)?;
        Some(quota.most.saturating_sub(self.issued(tier)))
    }

    /// How many of the tier were issued in this shift.
    #[must_use]
    pub fn issued(&self, tier: &AdmissionId) -> u32 {
        self.issued.iter().find(|(known, _)| known == tier).map_or(0, |(_, count)| *count)
    }

    /// Counts what was issued.
    pub(super) fn count(&mut self, tier: &AdmissionId, tickets: u32) {
        match self.issued.iter_mut().find(|(known, _)| known == tier) {
            Some((_, count)) => *count = count.saturating_add(tickets),
            None => self.issued.push((tier.clone(), tickets)),
        }
    }
}
