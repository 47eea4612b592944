//! Whether a scan in a ticket's history is the one that we sent.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use crate::domain::Entry;
use crate::domain::{Scan, ScanId, Ticket};

/// How far a measured offset may be off: `Date` counts whole seconds, and networks are slow.
const MEASURED_SLACK: SignedDuration = SignedDuration::from_secs(10);
/// How far two clocks may be apart where nothing was measured.
const UNMEASURED_SLACK: SignedDuration = SignedDuration::from_mins(2);

/// Our scan of `entry` in the history of `ticket`, if it is there.
///
/// It has our device, which no other installation has, our kind and, where both are known, a user whose token
/// we sent it with; it was taken after our first attempt and before now, by the service's clock as far as we can
/// tell; and it is claimed by no other entry.
pub fn own_scan<'a>(
    entry: &Entry,
    ticket: &'a Ticket,
    claimed: &HashSet<ScanId>,
    offset: Option<SignedDuration>,
    now: Timestamp,
) -> Option<&'a Scan> {
    let attempts = entry.attempts.as_ref()?;
    let slack = if offset.is_some() { MEASURED_SLACK } else { UNMEASURED_SLACK };
    let offset = offset.unwrap_or_default();
    let shift = |time: Timestamp, by| time.saturating_add::<SignedDuration>(by).unwrap_or(time);
    // A clock that was put back in the meantime leaves no attempt in the future, and no window that is empty.
    let window = shift(attempts.first.min(now), offset - slack)..=shift(now, offset + slack);
    ticket.scans.iter().find(|scan| {
        scan.kind == entry.kind
            && scan.device_id == entry.device
            && (attempts.users.is_empty() || attempts.users.contains(&scan.scanned_by.id))
            && window.contains(&scan.scanned_at)
            && !claimed.contains(&scan.id)
    })
}
