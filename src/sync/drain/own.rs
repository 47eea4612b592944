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
/// tell; and it is claimed by no other entry. Each of the two times is told by how far the clocks were apart *then*: ours
/// may have been put right in between.
pub fn own_scan<'a>(
    entry: &Entry,
    ticket: &'a Ticket,
    claimed: &HashSet<ScanId>,
    offset: Option<SignedDuration>,
    now: Timestamp,
) -> Option<&'a Scan> {
    let attempts = entry.attempts.as_ref()?;
    let then = attempts.clock_offset.or(offset);
    let until = shifted(by_the_service(now, offset), slack(offset));
    let first = by_the_service(attempts.first, then);
    // An attempt in the future: the clock was put back, by what nobody has measured.
    let from = if first > until { Timestamp::MIN } else { shifted(first, -slack(then)) };
    let window = from..=until;
    ticket.scans.iter().find(|scan| {
        scan.kind == entry.kind
            && scan.device_id == entry.device
            && (attempts.users.is_empty() || attempts.users.contains(&scan.scanned_by.id))
            && window.contains(&scan.scanned_at)
            && !claimed.contains(&scan.id)
    })
}

/// A time of this console's clock by the service's, which is ahead by `offset`, as far as that was measured.
pub fn by_the_service(time: Timestamp, offset: Option<SignedDuration>) -> Timestamp {
    shifted(time, offset.unwrap_or_default())
}

fn shifted(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.saturating_add(by).unwrap_or(time)
}

const fn slack(offset: Option<SignedDuration>) -> SignedDuration {
    if offset.is_some() { MEASURED_SLACK } else { UNMEASURED_SLACK }
}
