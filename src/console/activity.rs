//! What was done and refused at this console, one deed after another.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::banner::Verdict;
use super::role::Role;
use crate::domain::{AuditAct, EntryId, SafeText, TicketId};

/// Deeds that are held in memory; older ones stay in the store's record.
pub const MOST_DEEDS: usize = 1_000;

/// One act at this console, or a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// When it was done.
    pub at: Timestamp,
    /// What was done, or tried.
    pub act: AuditAct,
    /// Who did it, where the token tells.
    pub by: SafeText,
    /// The role in force, where it is known.
    pub role: Option<Role>,
    /// The guest's name at the time.
    pub name: String,
    /// The ticket, or whatever else it was done to.
    pub target: TicketId,
    /// The scan it is, where it was kept.
    pub entry: Option<EntryId>,
    /// What tells a change of the service's records from every other; none where it is no change.
    pub change: Option<String>,
    /// What came of it, as the banner has it; none of an act that the banner has no word for.
    pub verdict: Option<Verdict>,
    /// Who, when, where or why, as it was said.
    pub words: SafeText,
}

impl Deed {
    /// Whether `other` is a word on the same scan or the same change.
    fn is_same_as(&self, other: &Self) -> bool {
        (self.entry.is_some() && self.entry == other.entry) || (self.change.is_some() && self.change == other.change)
    }
}

/// Tells a deed from every other of this run.
pub type DeedNumber = u64;

/// The last deeds of this console, by their time.
#[derive(Debug, Default)]
pub struct Activity {
    deeds: VecDeque<(DeedNumber, Deed)>,
    noted: DeedNumber,
}

impl Activity {
    /// The deeds with their numbers, the newest first.
    #[must_use]
    pub fn newest_first(&self) -> impl ExactSizeIterator<Item = (DeedNumber, &Deed)> {
        self.deeds.iter().rev().map(|(number, deed)| (*number, deed))
    }

    /// The deed of this number, if it is still held.
    #[must_use]
    pub fn deed(&self, number: DeedNumber) -> Option<&Deed> {
        self.deeds.iter().find(|(known, _)| *known == number).map(|(_, deed)| deed)
    }

    /// Takes a deed in; of a scan or a change only the last word is held, in the place of the first.
    pub(super) fn note(&mut self, deed: Deed) {
        if let Some((_, known)) = self.deeds.iter_mut().rev().find(|(_, known)| known.is_same_as(&deed)) {
            *known = Deed { at: known.at, ..deed };
            return;
        }
        if self.deeds.len() == MOST_DEEDS {
            self.deeds.pop_front();
        }
        self.noted += 1;
        let place = self.deeds.partition_point(|(_, known)| known.at <= deed.at);
        self.deeds.insert(place, (self.noted, deed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deed(second: i64, name: &str) -> Deed {
        Deed {
            at: Timestamp::from_second(second).unwrap(),
            act: AuditAct::CheckIn,
            by: "Mo Diaz".into(),
            role: None,
            name: name.to_owned(),
            target: TicketId::from_service("tkt_1"),
            entry: None,
            change: None,
            verdict: Some(Verdict::CheckedIn),
            words: "Floor".into(),
        }
    }

    #[test]
    fn deeds_stand_by_their_time_and_the_oldest_go() {
        let mut activity = Activity::default();
        for second in [2, 1, 3, 3] {
            activity.note(deed(second, &second.to_string()));
        }
        let names =
            |activity: &Activity| activity.newest_first().map(|(_, deed)| deed.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&activity), ["3", "3", "2", "1"]);
        for second in 4..=i64::try_from(MOST_DEEDS).unwrap() {
            activity.note(deed(second, "later"));
        }
        assert_eq!(activity.newest_first().len(), MOST_DEEDS);
        assert!(!names(&activity).contains(&"1".to_owned()));
        assert!(names(&activity).contains(&"2".to_owned()));
    }

    #[test]
    fn a_scan_is_one_deed_with_the_last_word_on_it() {
        let mut activity = Activity::default();
        let entry = Some(EntryId::new(Timestamp::from_second(1).unwrap(), [1; 10]));
        activity.note(Deed { entry, verdict: Some(Verdict::InNotYetSent), ..deed(1, "Ada") });
        activity.note(deed(2, "Ben"));
        activity.note(Deed { entry, verdict: Some(Verdict::AlreadyIn), words: "in before".into(), ..deed(3, "Ada") });
        let told: Vec<_> = activity.newest_first().map(|(number, deed)| (number, deed.name.as_str())).collect();
        assert_eq!(told, [(2, "Ben"), (1, "Ada")]);
        let ada = activity.deed(1).unwrap();
        assert_eq!((ada.verdict, ada.words.as_str()), (Some(Verdict::AlreadyIn), "in before"));
    }
}
