//! Who let how many in, and on which device.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::domain::{DeviceId, SafeText, Scan, ScanKind, UserId};

/// Scans by device and person, kept in step with the tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Staff {
    by_device: HashMap<DeviceId, HashMap<UserId, Work>>,
}

/// What one person did on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The person.
    pub name: SafeText,
    /// Guests let in.
    pub check_ins: u32,
    /// Guests let out.
    pub check_outs: u32,
}

impl Staff {
    /// Who let the most in comes first.
    #[must_use]
    pub fn ranked(&self) -> Vec<(&DeviceId, &Work)> {
        let people = self.by_device.iter().flat_map(|(device, people)| people.values().map(move |work| (device, work)));
        let mut ranked: Vec<_> = people.collect();
        ranked.sort_by(|(one_device, one), (device, other)| {
            let order = |work: &Work| (Reverse(work.check_ins), Reverse(work.check_outs));
            order(one).cmp(&order(other)).then_with(|| (&one.name, one_device).cmp(&(&other.name, device)))
        });
        ranked
    }

    pub(super) fn add(&mut self, scan: &Scan) {
        // Most scans are of somebody who is known: only new ones cost a copy.
        let people = match self.by_device.get_mut(&scan.device_id) {
            Some(people) => people,
            None => self.by_device.entry(scan.device_id.clone()).or_default(),
        };
        let person = &scan.scanned_by;
        let work = match people.get_mut(&person.id) {
            Some(work) => work,
            None => people.entry(person.id.clone()).or_insert_with(|| Work::of(person.name.clone())),
        };
        *work.count(scan.kind) += 1;
    }

    pub(super) fn subtract(&mut self, scan: &Scan) {
        let Some(people) = self.by_device.get_mut(&scan.device_id) else { return };
        let Some(work) = people.get_mut(&scan.scanned_by.id) else { return };
        let count = work.count(scan.kind);
        *count = count.saturating_sub(1);
        if (work.check_ins, work.check_outs) == (0, 0) {
            people.remove(&scan.scanned_by.id);
        }
    }
}

impl Work {
    const fn of(name: SafeText) -> Self {
        Self { name, check_ins: 0, check_outs: 0 }
    }

    const fn count(&mut self, kind: ScanKind) -> &mut u32 {
        match kind {
            ScanKind::CheckIn => &mut self.check_ins,
            ScanKind::CheckOut => &mut self.check_outs,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::domain::{Person, ScanId};

    fn scan(kind: ScanKind, name: &str, device: &str) -> Scan {
        Scan {
            id: ScanId::from_service("s"),
            kind,
            scanned_at: Timestamp::UNIX_EPOCH,
            scanned_by: Arc::new(Person { id: UserId::from_service(name), name: name.into() }),
            device_id: DeviceId::from_service(device),
        }
    }

    #[test]
    fn the_most_check_ins_come_first_and_what_is_taken_back_goes() {
        use ScanKind::{CheckIn, CheckOut};
        let mut staff = Staff::default();
        let scans = [
            scan(CheckIn, "Mo", "north"),
            scan(CheckIn, "Kim", "south"),
            scan(CheckIn, "Mo", "south"),
            scan(CheckIn, "Kim", "south"),
            scan(CheckOut, "Mo", "south"),
        ];
        for scan in &scans {
            staff.add(scan);
        }
        let told = |staff: &Staff| -> Vec<String> {
            let ranked = staff.ranked().into_iter();
            ranked.map(|(on, work)| format!("{} {on} {}/{}", work.name, work.check_ins, work.check_outs)).collect()
        };
        assert_eq!(told(&staff), ["Kim south 2/0", "Mo south 1/1", "Mo north 1/0"]);
        for scan in &scans[1..] {
            staff.subtract(scan);
        }
        assert_eq!(told(&staff), ["Mo north 1/0"]);
        staff.subtract(&scans[4]);
        assert_eq!(told(&staff), ["Mo north 1/0"], "nothing falls below none");
    }
}
