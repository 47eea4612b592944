//! One passage through the door, as the service recorded it.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DeviceId, SafeText, ScanId, UserId};

/// Which way the guest went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScanKind {
    /// In.
    CheckIn,
    /// Out.
    CheckOut,
}

impl ScanKind {
    /// The scan that takes this one back.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::CheckIn => Self::CheckOut,
            Self::CheckOut => Self::CheckIn,
        }
    }
}

impl fmt::Display for ScanKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::CheckIn => "check-in",
            Self::CheckOut => "check-out",
        })
    }
}

/// Who held the scanner.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Person {
    /// The user of the token that the scan came with.
    pub id: UserId,
    /// First and last name, or the email where there is no name.
    pub name: SafeText,
}

/// A scan that the service accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scan {
    /// The service's id of the scan.
    pub id: ScanId,
    /// In or out.
    pub kind: ScanKind,
    /// When the service took it, in UTC.
    pub scanned_at: Timestamp,
    /// Who scanned.
    pub scanned_by: Arc<Person>,
    /// On which device.
    pub device_id: DeviceId,
}
