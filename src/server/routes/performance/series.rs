//! Attendance step by step.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Count, Parts, share};
use crate::server::db::performance::{self, Step};
use crate::server::fault::Fault;
use crate::wire::{AdmissionPart, AttendancePoint, AttendanceSeries, Granularity, PartPoint, PointList, SectionPart};

/// Most steps that are told; where more lie between the first and the last, quiet ones are left out.
const MOST_STEPS: i64 = 3_000;

/// How long a step is.
pub(super) const fn length(granularity: Granularity) -> SignedDuration {
    SignedDuration::from_mins(match granularity {
        Granularity::Minute => 1,
        Granularity::FifteenMinute => 15,
        Granularity::Hour => 60,
    })
}

pub(super) fn milliseconds(step: SignedDuration) -> i64 {
    i64::try_from(step.as_millis()).unwrap_or(60_000)
}

/// The steps with those between them in which nothing happened.
pub(super) fn without_gaps<T: Copy + Default>(known: &[(Timestamp, T)], step: SignedDuration) -> Vec<(Timestamp, T)> {
    let (Some((first, _)), Some((last, _))) = (known.first(), known.last()) else { return Vec::new() };
    let steps = (last.as_millisecond() - first.as_millisecond()) / milliseconds(step);
    if steps > MOST_STEPS {
        return known.to_vec();
    }
    let known: BTreeMap<_, _> = known.iter().copied().collect();
    let times = std::iter::successors(Some(*first), |time| Some(*time + step)).take_while(|time| time <= last);
    times.map(|time| (time, known.get(&time).copied().unwrap_or_default())).collect()
}

pub(super) fn attendance(
    parts: &Parts<'_, '_>,
    granularity: Granularity,
    (admissions, sections): (bool, bool),
) -> Result<AttendanceSeries, Fault> {
    let step = length(granularity);
    let steps = performance::steps(parts.view, parts.event.key, milliseconds(step))?;
    let whole = parts.whole();
    let catalogue = parts.view.catalogue;
    let part = |count: Count, fits: &dyn Fn(&Step) -> bool| PointList {
        data: running(&steps, step, fits)
            .into_iter()
            .map(|point| PartPoint {
                timestamp: point.start,
                checked_in: point.inside,
                rate: share(point.inside, count.valid),
            })
            .collect(),
    };
    let by_admission = || {
        let admission = |row: &crate::server::db::Admission| AdmissionPart {
            count: part(parts.count(|key, _| key == row.key), &|step| step.admission == row.key),
            admission_id: row.wire.id.clone(),
            admission_name: row.wire.name.clone(),
        };
        catalogue.admissions_of(parts.event).map(admission).collect()
    };
    let by_section = || {
        let section = |row: &crate::server::db::Section| SectionPart {
            count: part(parts.count(|_, key| key == Some(row.key)), &|step| step.section == Some(row.key)),
            section_id: row.wire.id.clone(),
            section_name: row.wire.name.clone(),
        };
        catalogue.sections_of(parts.event).map(section).collect()
    };
    Ok(AttendanceSeries {
        granularity,
        total_tickets: whole.valid,
        data: running(&steps, step, &|_| true)
            .into_iter()
            .map(|point| AttendancePoint {
                timestamp: point.start,
                checked_in: point.inside,
                rate: share(point.inside, whole.valid),
                checkins_this_period: point.check_ins,
            })
            .collect(),
        by_admission: admissions.then(by_admission),
        by_section: sections.then(by_section),
    })
}

/// Who was in at the end of a step.
struct Point {
    start: Timestamp,
    inside: u64,
    check_ins: u64,
}

/// Every part has the same steps, so that they can be laid over each other.
fn running(steps: &[Step], length: SignedDuration, fits: &dyn Fn(&Step) -> bool) -> Vec<Point> {
    let mut moves: BTreeMap<Timestamp, (u64, u64, u64)> = BTreeMap::new();
    for step in steps {
        let (check_ins, entries, leaves) = moves.entry(step.start).or_default();
        if fits(step) {
            *check_ins += step.check_ins;
            *entries += step.entries;
            *leaves += step.leaves;
        }
    }
    let known: Vec<_> = moves.into_iter().collect();
    let mut inside = 0_u64;
    without_gaps(&known, length)
        .into_iter()
        .map(|(start, (check_ins, entries, leaves))| {
            inside = (inside + entries).saturating_sub(leaves);
            Point { start, inside, check_ins }
        })
        .collect()
}
