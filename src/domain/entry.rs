//! One scan of this console, from the key press to its end.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    DeviceId, EventId, Gate, OrderId, Role, SafeText, Scan, ScanId, ScanKind, ScanRefusal, TicketId, TicketStatus,
    UserId,
};

/// An entry's id, a UUID v7; by key it is also the idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EntryId(Uuid);

impl EntryId {
    /// The id of a scan taken at `now`; the random part comes in, so that a test can choose it.
    #[must_use]
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
    }

    /// Reads an id that a person typed or a file holds.
    pub fn parse(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for EntryId {
    type Error = uuid::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

/// Who works the console.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Operator {
    /// The token's user, where the service told it.
    pub user: Option<UserId>,
    /// For people.
    pub name: SafeText,
    /// The role in force at the console when something was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// A scan of this console and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Unique, and the idempotency key.
    pub id: EntryId,
    /// In or out.
    pub kind: ScanKind,
    /// Whose.
    pub ticket: TicketId,
    /// The order that was checked in as a whole, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The event that was on.
    pub event: EventId,
    /// This console's name in scans.
    pub device: DeviceId,
    /// Who pressed the key.
    pub operator: Operator,
    /// What the door admitted then.
    pub gate: Gate,
    /// When the key was pressed, by this console's clock.
    pub taken_at: Timestamp,
    /// The entry that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<EntryId>,
    /// The rule that forbids it by what this console knows: then it needs the service's own word, at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<ScanRefusal>,
    /// Why a person let it happen against a rule of this door, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<SafeText>,
    /// The guest was let in (or out) on our word, before the service had a say.
    pub promised: bool,
    /// What was sent so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<Attempts>,
    /// Where it stands.
    pub state: EntryState,
}

/// What was sent of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempts {
    /// How many times.
    pub count: u32,
    /// When first, by this console's clock.
    pub first: Timestamp,
    /// When last, by this console's clock.
    pub last: Timestamp,
    /// Users of the tokens that it was sent with; nobody where of one of these the user is not known.
    #[serde(default)]
    pub users: Vec<UserId>,
    /// How far the service's clock was ahead of this console's at the first attempt, where that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_offset: Option<SignedDuration>,
    /// One of them may have reached the service, and none had an answer that settles it.
    pub unsettled: bool,
}

impl Attempts {
    /// Notes whose token it is sent with; from one on of which nobody knows that, a scan by anybody may be ours.
    pub fn note_user(&mut self, user: Option<&UserId>) {
        match user {
            Some(user) if self.users.contains(user) => {}
            Some(user) if self.count == 0 || !self.users.is_empty() => self.users.push(user.clone()),
            Some(_) => {}
            None => self.users.clear(),
        }
    }
}

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum EntryState {
    /// Kept, and certainly not applied.
    Queued,
    /// On its way; found after a crash it is as good as [`EntryState::Unknown`].
    Sending,
    /// Sent, and no answer came: neither a success nor a failure.
    Unknown,
    /// The service has it.
    #[serde(rename_all = "camelCase")]
    Accepted {
        /// Its scan in the ticket's history, where it could be told.
        scan: Option<ScanId>,
        /// When we learnt of it.
        at: Timestamp,
    },
    /// The service, or the ticket as it is, forbids it.
    #[serde(rename_all = "camelCase")]
    Refused {
        /// Why.
        why: Why,
        /// The scan that stands in its way, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        theirs: Option<Box<Scan>>,
        /// When we learnt of it.
        at: Timestamp,
        /// How it was put to rest; without it the refusal is a conflict that waits for a person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        settled: Option<Settlement>,
    },
    /// Taken back before anything was sent.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
}

/// Why an entry was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// A rule of the door.
    Rule(ScanRefusal),
    /// It was to undo a scan that is no longer the ticket's last.
    Overtaken,
}

/// How a refused entry was put to rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Why that is all right.
    pub reason: SettleReason,
    /// A word more, where the person gave one.
    #[serde(default)]
    pub note: SafeText,
    /// Who settled it.
    pub by: Operator,
    /// When.
    pub at: Timestamp,
}

/// Why a conflict can rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettleReason {
    /// The refusal was the direct answer at the door: nobody was let in on our word.
    ToldAtOnce,
    /// The same person was scanned twice.
    SamePerson,
    /// The guest was let in by mistake.
    LetInByMistake,
    /// The other device was wrong.
    OtherDeviceWrong,
    /// Something else; the note says what.
    Other,
}

impl SettleReason {
    /// What a person may choose from.
    pub const CHOICES: [Self; 4] = [Self::SamePerson, Self::LetInByMistake, Self::OtherDeviceWrong, Self::Other];
}

impl fmt::Display for SettleReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ToldAtOnce => "refused at the door",
            Self::SamePerson => "same person scanned twice",
            Self::LetInByMistake => "let in by mistake",
            Self::OtherDeviceWrong => "other device was wrong",
            Self::Other => "other",
        })
    }
}

impl Entry {
    /// Whether the service still has to hear of it, or we of the service's answer.
    #[must_use]
    pub const fn is_unsent(&self) -> bool {
        matches!(self.state, EntryState::Queued | EntryState::Sending | EntryState::Unknown)
    }

    /// Whether it waits for a person.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(self.state, EntryState::Refused { settled: None, .. })
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        !self.is_unsent() && !self.is_conflict()
    }

    /// The status that the ticket has here while the service has not answered.
    #[must_use]
    pub const fn leads_to(&self) -> TicketStatus {
        match self.kind {
            ScanKind::CheckIn => TicketStatus::Redeemed,
            ScanKind::CheckOut => TicketStatus::Active,
        }
    }

    /// Whether an attempt may have reached the service without an answer that settles it.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        self.attempts.as_ref().is_some_and(|attempts| attempts.unsettled)
    }

    /// Whether nobody knows at this moment if the service has it.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        match self.state {
            EntryState::Unknown => true,
            EntryState::Sending => self.is_unsettled(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_survive_text() {
        let at = |ms| Timestamp::from_millisecond(ms).unwrap();
        let (a, b) = (EntryId::new(at(1_000), [0xff; 10]), EntryId::new(at(1_001), [0; 10]));
        assert!(a < b);
        assert_eq!(EntryId::parse(&a.to_string()).unwrap(), a);
        assert_eq!(a.to_string().as_bytes()[14], b'7');
    }
}
