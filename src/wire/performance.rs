//! How an event goes: who is in, who came when, who scanned.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Steps of time, and how fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Granularity {
    /// One minute.
    Minute,
    /// A quarter of an hour.
    FifteenMinute,
    /// One hour.
    Hour,
}

/// Who is in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attendance {
    /// All of the event.
    #[serde(flatten)]
    pub total: AttendanceCount,
    /// By tier.
    pub by_admission: Vec<AdmissionPart<AttendanceCount>>,
    /// By section.
    pub by_section: Vec<SectionPart<AttendanceCount>>,
}

/// Tickets that are valid, and those of them that are in.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceCount {
    /// Valid tickets.
    pub total_tickets: u64,
    /// Of these, in.
    pub checked_in: u64,
    /// Of these, not in.
    pub not_checked_in: u64,
    /// The share that is in, from 0 to 1.
    pub checkin_rate: f64,
}

/// Who never came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Turnout {
    /// All of the event.
    #[serde(flatten)]
    pub total: TurnoutCount,
    /// By tier.
    pub by_admission: Vec<AdmissionPart<TurnoutCount>>,
    /// By section.
    pub by_section: Vec<SectionPart<TurnoutCount>>,
}

/// Tickets that were used, and those that were not.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TurnoutCount {
    /// Valid tickets.
    pub total_tickets: u64,
    /// Of these, those that somebody came with, whether in now or gone.
    pub checked_in: u64,
    /// Of these, those that nobody came with.
    pub no_shows: u64,
    /// From 0 to 1.
    pub check_in_rate: f64,
    /// From 0 to 1.
    pub no_show_rate: f64,
}

/// One tier's part of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdmissionPart<T> {
    /// The figure.
    #[serde(flatten)]
    pub count: T,
    /// `adm_…`
    pub admission_id: String,
    /// Its name.
    pub admission_name: String,
}

/// One section's part of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SectionPart<T> {
    /// The figure.
    #[serde(flatten)]
    pub count: T,
    /// `sct_…`
    pub section_id: String,
    /// Its name.
    pub section_name: String,
}

/// Who was in, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceSeries {
    /// How long a step is.
    pub granularity: Granularity,
    /// Valid tickets.
    pub total_tickets: u64,
    /// All of the event.
    pub data: Vec<AttendancePoint>,
    /// By tier, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_admission: Option<Vec<AdmissionPart<PointList>>>,
    /// By section, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_section: Option<Vec<SectionPart<PointList>>>,
}

/// One step of the whole event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendancePoint {
    /// When the step starts.
    pub timestamp: Timestamp,
    /// In at its end.
    pub checked_in: u64,
    /// The share of valid tickets, from 0 to 1.
    pub rate: f64,
    /// Check-ins in it.
    pub checkins_this_period: u64,
}

/// The steps of one part.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PointList {
    /// Oldest first.
    pub data: Vec<PartPoint>,
}

/// One step of one part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartPoint {
    /// When the step starts.
    pub timestamp: Timestamp,
    /// In at its end.
    pub checked_in: u64,
    /// The share of the part's valid tickets, from 0 to 1.
    pub rate: f64,
}

/// Arrivals, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// How long a step is.
    pub granularity: Granularity,
    /// All check-ins.
    pub total_check_ins: u64,
    /// The busiest step.
    pub peak_window: PeakWindow,
    /// Oldest first, quiet steps between them included.
    pub data: Vec<PacePoint>,
}

/// The busiest step; without times where nobody came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PeakWindow {
    /// Its start.
    pub start: Option<Timestamp>,
    /// Its end.
    pub end: Option<Timestamp>,
    /// Check-ins in it.
    pub check_ins: u64,
}

/// Arrivals of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PacePoint {
    /// When the step starts.
    pub timestamp: Timestamp,
    /// Check-ins in it.
    pub check_ins: u64,
    /// Check-ins until its end.
    pub cumulative_check_ins: u64,
    /// The share of all check-ins, from 0 to 1.
    pub cumulative_rate: f64,
}

/// Who let how many in, the busiest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scanners {
    /// All check-ins.
    pub total_check_ins: u64,
    /// The busiest first.
    pub scanners: Vec<ScannerActivity>,
}

/// One user's work at the doors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScannerActivity {
    /// `usr_…`
    pub user_id: String,
    /// First and last name.
    pub name: String,
    /// Email address.
    pub email: String,
    /// Guests let in.
    pub check_ins: u64,
    /// Of all check-ins, from 0 to 100.
    pub share_percent: f64,
    /// The first check-in.
    pub first_scan_at: Option<Timestamp>,
    /// The last check-in.
    pub last_scan_at: Option<Timestamp>,
    /// From the first to the last, begun minutes counted whole.
    pub active_minutes: u64,
    /// Check-ins by hour of that time.
    pub scans_per_hour: f64,
    /// The busiest first.
    pub devices: Vec<DeviceActivity>,
}

/// One device's part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceActivity {
    /// The device.
    pub device_id: String,
    /// Guests let in.
    pub check_ins: u64,
}
