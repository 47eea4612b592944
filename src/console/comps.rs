//! The rules of comps, and how many this console has issued.

use std::str::FromStr;

use serde::Deserialize;

use crate::domain::AdmissionId;

/// Why comps may be issued, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompRules {
    /// The reasons to choose from; never empty.
    pub reasons: Vec<String>,
    /// How many tickets of a tier, by its id or its name, may be issued in a shift; the others have no bound.
    pub quotas: Vec<Quota>,
}

/// How many tickets of a tier may be issued in a shift; the settings write it `Guest list: 20`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Quota {
    /// The tier's id, or its name in any case.
    pub tier: String,
    /// How many.
    pub most: u32,
}

/// A text that is no quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a quota is a tier and a number, such as `Guest list: 20`")]
pub struct QuotaError;

impl FromStr for Quota {
    type Err = QuotaError;

    fn from_str(text: &str) -> Result<Self, QuotaError> {
        let (tier, most) = text.rsplit_once(':').ok_or(QuotaError)?;
        let most = most.trim().parse().map_err(|_| QuotaError)?;
        let tier = tier.trim();
        if tier.is_empty() { Err(QuotaError) } else { Ok(Self { tier: tier.to_owned(), most }) }
    }
}

impl TryFrom<String> for Quota {
    type Error = QuotaError;

    fn try_from(text: String) -> Result<Self, QuotaError> {
        text.parse()
    }
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Guest list: 20", Some(("Guest list", 20)))]
    #[case(" VIP:0 ", Some(("VIP", 0)))]
    #[case("Door: late: 3", Some(("Door: late", 3)))]
    #[case("VIP", None)]
    #[case("VIP: many", None)]
    #[case(": 3", None)]
    #[case("VIP: -1", None)]
    fn a_quota_is_a_tier_and_a_number(#[case] text: &str, #[case] expected: Option<(&str, u32)>) {
        let read = text.parse::<Quota>().ok();
        assert_eq!(read.as_ref().map(|quota| (quota.tier.as_str(), quota.most)), expected);
    }

    #[test]
    fn what_was_issued_is_taken_from_what_may_be() {
        let rules = CompRules { quotas: vec!["guest LIST: 3".parse().unwrap()], ..CompRules::default() };
        let (mut comps, list) = (Comps::under(rules), AdmissionId::from_service("adm_list"));
        assert_eq!(comps.left(&list, "Guest list"), Some(3));
        comps.count(&list, 2);
        comps.count(&list, 2);
        assert_eq!((comps.left(&list, "Guest list"), comps.issued(&list)), (Some(0), 4));
        assert_eq!(comps.left(&AdmissionId::from_service("adm_vip"), "VIP"), None);
    }
}
