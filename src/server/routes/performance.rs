//! `GET /events/{eventId}/performance/…`.

mod series;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::server::Core;
use crate::server::auth::{Allowed, ToWatch, User};
use crate::server::db::performance::{self, Absent, Work};
use crate::server::db::tallies::{self, Tally};
use crate::server::db::{Event, View};
use crate::server::fault::Fault;
use crate::server::input::{Default, Field, Input, Kind, Shape, TEXT};
use crate::wire::{
    AdmissionPart, Attendance, AttendanceCount, AttendanceSeries, DeviceActivity, Granularity, Pace, PacePoint,
    PeakWindow, ScannerActivity, Scanners, SectionPart, Turnout, TurnoutCount,
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttendanceInput {
    event_id: String,
    include_admission: bool,
    include_section: bool,
    granularity: Option<Granularity>,
}

impl Shape for AttendanceInput {
    const FIELDS: &'static [Field] = &[
        Field::required("eventId", TEXT),
        Field::optional("includeAdmission", Kind::Boolean).or(Default::Boolean(true)),
        Field::optional("includeSection", Kind::Boolean).or(Default::Boolean(true)),
        Field::optional("granularity", Kind::OneOf(&["HOUR", "MINUTE"])),
    ];
}

/// Who is in now, or who was in step by step.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum AttendanceAnswer {
    /// Without a granularity.
    Now(Attendance),
    /// With one.
    Series(AttendanceSeries),
}

pub(crate) async fn attendance(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToWatch>,
    Input(input): Input<AttendanceInput>,
) -> Result<Json<AttendanceAnswer>, Fault> {
    core.store
        .read(move |view| {
            let event = find(view, &user, &input.event_id)?;
            let tally = tallies::of_event(view, event.key)?;
            let parts = Parts { view, event, tally: &tally, absent: &[] };
            if let Some(granularity) = input.granularity {
                let asked = (input.include_admission, input.include_section);
                return series::attendance(&parts, granularity, asked).map(AttendanceAnswer::Series).map(Json);
            }
            Ok(Json(AttendanceAnswer::Now(Attendance {
                total: AttendanceCount::from(parts.whole()),
                by_admission: if input.include_admission { parts.by_admission() } else { Vec::new() },
                by_section: if input.include_section { parts.by_section() } else { Vec::new() },
            })))
        })
        .await
}

fn find<'a>(view: &View<'a>, user: &User, id: &str) -> Result<&'a Event, Fault> {
    view.catalogue.event(view.catalogue.tenant(&user.tenant), id).ok_or_else(|| Fault::missing("Event"))
}

/// Valid tickets, those that are in, and those that never were.
#[derive(Debug, Clone, Copy)]
struct Count {
    valid: u64,
    inside: u64,
    absent: u64,
}

impl From<Count> for AttendanceCount {
    fn from(count: Count) -> Self {
        Self {
            total_tickets: count.valid,
            checked_in: count.inside,
            not_checked_in: count.valid - count.inside,
            checkin_rate: share(count.inside, count.valid),
        }
    }
}

impl From<Count> for TurnoutCount {
    fn from(count: Count) -> Self {
        let used = count.valid - count.absent;
        Self {
            total_tickets: count.valid,
            checked_in: used,
            no_shows: count.absent,
            check_in_rate: share(used, count.valid),
            no_show_rate: share(count.absent, count.valid),
        }
    }
}

/// From 0 to 1, to four places; of nothing, 0.
fn share(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no event has 2^52 tickets")]
    let share = if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    (share * 10_000.0).round() / 10_000.0
}

/// An event's counts, by the parts that answers tell apart.
struct Parts<'a, 'v> {
    view: &'a View<'v>,
    event: &'a Event,
    tally: &'a Tally,
    /// Only of concern to a turnout.
    absent: &'a [Absent],
}

impl Parts<'_, '_> {
    fn count(&self, fits: impl Fn(i64, Option<i64>) -> bool + Copy) -> Count {
        let number = |count: i64| u64::try_from(count).unwrap_or(0);
        let valid = number(self.tally.sold(fits));
        let absent = self.absent.iter().filter(|absent| fits(absent.admission, absent.section));
        Count {
            valid,
            inside: number(self.tally.inside(fits)).min(valid),
            absent: absent.map(|absent| absent.tickets).sum::<u64>().min(valid),
        }
    }

    fn whole(&self) -> Count {
        self.count(|_, _| true)
    }

    fn by_admission<T: From<Count>>(&self) -> Vec<AdmissionPart<T>> {
        let part = |admission: &crate::server::db::Admission| AdmissionPart {
            count: self.count(|key, _| key == admission.key).into(),
            admission_id: admission.wire.id.clone(),
            admission_name: admission.wire.name.clone(),
        };
        self.view.catalogue.admissions_of(self.event).map(part).collect()
    }

    fn by_section<T: From<Count>>(&self) -> Vec<SectionPart<T>> {
        let part = |section: &crate::server::db::Section| SectionPart {
            count: self.count(|_, key| key == Some(section.key)).into(),
            section_id: section.wire.id.clone(),
            section_name: section.wire.name.clone(),
        };
        self.view.catalogue.sections_of(self.event).map(part).collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TurnoutInput {
    event_id: String,
    include_admission: bool,
    include_section: bool,
}

impl Shape for TurnoutInput {
    const FIELDS: &'static [Field] = &[
        Field::required("eventId", TEXT),
        Field::optional("includeAdmission", Kind::Boolean).or(Default::Boolean(true)),
        Field::optional("includeSection", Kind::Boolean).or(Default::Boolean(true)),
    ];
}

pub(crate) async fn turnout(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToWatch>,
    Input(input): Input<TurnoutInput>,
) -> Result<Json<Turnout>, Fault> {
    core.store
        .read(move |view| {
            let event = find(view, &user, &input.event_id)?;
            let tally = tallies::of_event(view, event.key)?;
            let absent = performance::absent(view, event.key)?;
            let parts = Parts { view, event, tally: &tally, absent: &absent };
            Ok(Json(Turnout {
                total: TurnoutCount::from(parts.whole()),
                by_admission: if input.include_admission { parts.by_admission() } else { Vec::new() },
                by_section: if input.include_section { parts.by_section() } else { Vec::new() },
            }))
        })
        .await
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaceInput {
    event_id: String,
    granularity: Granularity,
}

impl Shape for PaceInput {
    const FIELDS: &'static [Field] = &[
        Field::required("eventId", TEXT),
        Field::optional("granularity", Kind::OneOf(&["MINUTE", "FIFTEEN_MINUTE", "HOUR"]))
            .or(Default::Word("FIFTEEN_MINUTE")),
    ];
}

pub(crate) async fn pace(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToWatch>,
    Input(input): Input<PaceInput>,
) -> Result<Json<Pace>, Fault> {
    let granularity = input.granularity;
    core.store
        .read(move |view| {
            let event = find(view, &user, &input.event_id)?;
            let step = series::length(granularity);
            let arrivals = performance::arrivals(view, event.key, series::milliseconds(step))?;
            Ok(Json(told(granularity, step, &arrivals)))
        })
        .await
}

fn told(granularity: Granularity, step: SignedDuration, arrivals: &[(Timestamp, u64)]) -> Pace {
    let total: u64 = arrivals.iter().map(|(_, count)| count).sum();
    // Of steps that are equally busy, the first.
    let peak = arrivals.iter().rev().max_by_key(|(_, count)| *count);
    let mut so_far = 0;
    let data = series::without_gaps(arrivals, step)
        .into_iter()
        .map(|(timestamp, check_ins)| {
            so_far += check_ins;
            PacePoint { timestamp, check_ins, cumulative_check_ins: so_far, cumulative_rate: share(so_far, total) }
        })
        .collect();
    Pace {
        granularity,
        total_check_ins: total,
        peak_window: PeakWindow {
            start: peak.map(|(start, _)| *start),
            end: peak.map(|(start, _)| *start + step),
            check_ins: peak.map_or(0, |(_, count)| *count),
        },
        data,
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScannersInput {
    event_id: String,
    limit: usize,
}

impl Shape for ScannersInput {
    const FIELDS: &'static [Field] = &[
        Field::required("eventId", TEXT),
        Field::optional("limit", Kind::Integer { min: 1, max: 50 }).or(Default::Integer(10)),
    ];
}

pub(crate) async fn scanners(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToWatch>,
    Input(input): Input<ScannersInput>,
) -> Result<Json<Scanners>, Fault> {
    core.store
        .read(move |view| {
            let event = find(view, &user, &input.event_id)?;
            let work = performance::work(view, event.key)?;
            let total = work.iter().map(|work| work.check_ins).sum();
            let mut scanners = by_user(&work, total);
            scanners.truncate(input.limit);
            Ok(Json(Scanners { total_check_ins: total, scanners }))
        })
        .await
}

fn by_user(work: &[Work], total: u64) -> Vec<ScannerActivity> {
    let mut users: Vec<Vec<&Work>> = Vec::new();
    for one in work {
        match users.iter_mut().find(|user| user.first().is_some_and(|other| other.user == one.user)) {
            Some(user) => user.push(one),
            None => users.push(vec![one]),
        }
    }
    let mut scanners: Vec<_> = users.iter().filter_map(|user| activity(user, total)).collect();
    scanners.sort_by(|a, b| b.check_ins.cmp(&a.check_ins).then_with(|| a.name.cmp(&b.name)));
    scanners
}

fn activity(devices: &[&Work], total: u64) -> Option<ScannerActivity> {
    let user = devices.first()?;
    let check_ins = devices.iter().map(|work| work.check_ins).sum();
    let first = devices.iter().map(|work| work.first).min()?;
    let last = devices.iter().map(|work| work.last).max()?;
    let minutes = u64::try_from((last - first).total(jiff::Unit::Second).map_or(0, whole_minutes)).unwrap_or(1).max(1);
    Some(ScannerActivity {
        user_id: user.user.clone(),
        name: format!("{} {}", user.first_name, user.last_name).trim().to_owned(),
        email: user.email.clone(),
        check_ins,
        share_percent: share(check_ins, total) * 100.0,
        first_scan_at: Some(first),
        last_scan_at: Some(last),
        active_minutes: minutes,
        scans_per_hour: share(check_ins * 60, minutes),
        devices: devices
            .iter()
            .map(|work| DeviceActivity { device_id: work.device.clone(), check_ins: work.check_ins })
            .collect(),
    })
}

fn whole_minutes(seconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "an evening has few minutes")]
    let minutes = (seconds / 60.0).ceil() as i64;
    minutes
}
