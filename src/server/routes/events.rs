//! Events, tiers and sections: public, and read from the catalogue.

mod words;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::server::Core;
use crate::server::auth::Caller;
use crate::server::db::tallies::{self, Tally};
use crate::server::db::{Admission, Catalogue, Event, Section, View};
use crate::server::fault::Fault;
use crate::server::fold::{self, Query};
use crate::server::input::{Default, Field, Input, Kind, PAGE, Shape, TEXT};
use crate::wire::{
    self, AdmissionEnvelope, AdmissionList, EventEnvelope, EventList, Price, SectionEnvelope, SectionList,
};
use words::{CATEGORIES, GENRES};

const CURSOR: Kind = Kind::Text { min: 0, max: 768 };
const QUERY: Kind = Kind::Text { min: 0, max: 120 };
const REFERENCE: Kind = Kind::Text { min: 0, max: 128 };

#[derive(Debug, Deserialize)]
pub(crate) struct GetInput {
    key: String,
}

impl Shape for GetInput {
    const FIELDS: &'static [Field] = &[
        Field::required("key", Kind::Text { min: 1, max: usize::MAX }),
        // The events of this service have neither passcodes nor coupons: any of them opens what is open.
        Field::optional("passcode", TEXT),
        Field::optional("couponCode", TEXT),
        Field::optional("teamId", TEXT),
    ];
}

pub(crate) async fn get(
    State(core): State<Arc<Core>>,
    caller: Caller,
    Input(input): Input<GetInput>,
) -> Result<Json<EventEnvelope>, Fault> {
    core.store.look_up(|view| {
        let event = find(view.catalogue, &caller, &input.key)?;
        let tally = tallies::of_event(view, event.key)?;
        let mut body = event.told_at(core.clock.now());
        body.sections = Some(view.catalogue.sections_of(event).map(|section| section_body(section, &tally)).collect());
        body.admissions =
            Some(view.catalogue.admissions_of(event).map(|admission| admission_body(admission, &tally)).collect());
        Ok(Json(EventEnvelope { event: body }))
    })
}

fn find<'a>(catalogue: &'a Catalogue, caller: &Caller, key: &str) -> Result<&'a Event, Fault> {
    catalogue.event(catalogue.tenant(&caller.tenant), key).ok_or_else(|| Fault::missing("Event"))
}

/// The tier with what was sold of it by now.
pub(super) fn admission_body(admission: &Admission, tally: &Tally) -> wire::Admission {
    let sold = tally.sold(|admission_key, _| admission_key == admission.key);
    let (capacity, reserved) = (admission.wire.capacity, admission.wire.reserved);
    wire::Admission { sold, available: available(capacity, sold, reserved), ..admission.wire.clone() }
}

/// The section with what was sold of it by now.
pub(super) fn section_body(section: &Section, tally: &Tally) -> wire::Section {
    let sold = tally.sold(|_, section_key| section_key == Some(section.key));
    let (capacity, reserved) = (section.wire.capacity, section.wire.reserved);
    wire::Section { sold, available: available(capacity, sold, reserved), ..section.wire.clone() }
}

/// −1 is unlimited; staff may oversell, and then nothing is left.
fn available(capacity: i64, sold: i64, reserved: i64) -> i64 {
    if capacity < 0 { -1 } else { (capacity - sold - reserved).max(0) }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListInput {
    status: Option<String>,
    approval: Option<String>,
    visibility: Option<String>,
    promoter_id: Option<String>,
    team_id: Option<String>,
    venue_id: Option<String>,
    limit: u32,
    cursor: Option<String>,
    query: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    radius: Option<f64>,
    country: Option<String>,
    state: Option<String>,
    city: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    sort: Option<String>,
    direction: Option<String>,
    #[serde(default)]
    genres: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    featured: Option<bool>,
}

impl Shape for ListInput {
    const FIELDS: &'static [Field] = &[
        Field::optional("status", Kind::OneOf(&["UPCOMING", "ENDED"])),
        Field::optional("approval", Kind::OneOf(&["PENDING", "APPROVED", "REJECTED"])),
        Field::optional("visibility", Kind::OneOf(&["PUBLIC", "PRIVATE", "SCHEDULED", "PASSCODE"])),
        Field::optional("promoterId", REFERENCE),
        Field::optional("teamId", REFERENCE),
        Field::optional("venueId", REFERENCE),
        Field::optional("limit", PAGE).or(Default::Integer(20)),
        Field::optional("cursor", CURSOR),
        Field::optional("query", QUERY),
        Field::optional("latitude", Kind::Number { min: -90.0, max: 90.0 }),
        Field::optional("longitude", Kind::Number { min: -180.0, max: 180.0 }),
        Field::optional("radius", Kind::Positive { max: 20_000.0 }),
        Field::optional("country", QUERY),
        Field::optional("state", QUERY),
        Field::optional("city", QUERY),
        Field::optional("from", Kind::Date),
        Field::optional("to", Kind::Date),
        Field::optional("sort", Kind::OneOf(&["entryStartsAt", "createdAt"])),
        Field::optional("direction", Kind::OneOf(&["asc", "desc"])),
        Field::optional("genres", Kind::List { of: &Kind::OneOf(GENRES), min: 0, max: 20 }),
        Field::optional("categories", Kind::List { of: &Kind::OneOf(CATEGORIES), min: 0, max: 10 }),
        Field::optional("featured", Kind::Boolean),
    ];
}

pub(crate) async fn list(
    State(core): State<Arc<Core>>,
    caller: Caller,
    Input(input): Input<ListInput>,
) -> Result<Json<EventList>, Fault> {
    let (catalogue, now) = (core.store.catalogue(), core.clock.now());
    let mut events: Vec<_> = catalogue
        .tenant(&caller.tenant)
        .map(|tenant| catalogue.events(tenant).filter(|event| input.admits(event, now)).collect())
        .unwrap_or_default();
    events.sort_by(|a, b| a.wire.id.cmp(&b.wire.id));
    match input.sort.as_deref() {
        Some("createdAt") => events.sort_by_key(|event| event.wire.created_at),
        _ => events.sort_by_key(|event| event.wire.entry_starts_at),
    }
    if input.direction.as_deref() == Some("desc") {
        events.reverse();
    }
    let page = page(events, input.cursor.as_deref(), input.limit, |event| &event.wire.id)?;
    let rows = page.rows.into_iter().map(|event| row(&catalogue, event, now)).collect();
    Ok(Json(EventList {
        events: rows,
        before: None,
        cursor: page.after.clone(),
        after: page.after,
        limit: input.limit,
    }))
}

fn row(catalogue: &Catalogue, event: &Event, now: Timestamp) -> wire::Event {
    let lowest: Option<Price> = catalogue
        .admissions_of(event)
        .filter(|admission| admission.wire.visibility == "ALWAYS")
        .map(|admission| &admission.wire.price)
        .min_by_key(|price| price.base.saturating_add(price.booking))
        .cloned();
    wire::Event { price: Some(lowest), ..event.told_at(now) }
}

impl ListInput {
    fn admits(&self, event: &Event, now: Timestamp) -> bool {
        let is = |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|wanted| wanted == own);
        let (status, event) = (event.status_at(now), &event.wire);
        let place = &event.location;
        let day = event.entry_starts_at.date();
        is(&self.status, status)
            && is(&self.approval, &event.approval)
            && is(&self.visibility, &event.visibility)
            && is(&self.promoter_id, &event.promoter_id)
            && is(&self.team_id, &event.team_id)
            && is(&self.country, &place.country)
            && is_place(self.city.as_deref(), place.city.as_deref())
            && is_place(self.state.as_deref(), place.state.as_deref())
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && self.is_near(place)
            && self.asks_only_what_is_known()
            && matches(self.query.as_deref(), &format!("{} {} {}", event.name, event.slug, place.name))
    }

    fn is_near(&self, place: &wire::Location) -> bool {
        match (self.latitude, self.longitude, self.radius) {
            (Some(latitude), Some(longitude), Some(radius)) => {
                kilometres((latitude, longitude), (place.latitude, place.longitude)) <= radius
            }
            _ => true,
        }
    }

    /// The events of this service have no venue, genre or category, and none is featured.
    fn asks_only_what_is_known(&self) -> bool {
        self.venue_id.is_none() && self.genres.is_empty() && self.categories.is_empty() && self.featured != Some(true)
    }
}

/// A place's name, however it is written.
fn is_place(wanted: Option<&str>, own: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| own.is_some_and(|own| fold::fold(wanted) == fold::fold(own)))
}

/// Along the great circle.
fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    const EARTH_RADIUS: f64 = 6_371.0;
    let (latitude, longitude) = ((b.0 - a.0).to_radians(), (b.1 - a.1).to_radians());
    let chord = (latitude / 2.0).sin().powi(2)
        + a.0.to_radians().cos() * b.0.to_radians().cos() * (longitude / 2.0).sin().powi(2);
    2.0 * EARTH_RADIUS * chord.sqrt().min(1.0).asin()
}

fn matches(query: Option<&str>, text: &str) -> bool {
    query.is_none_or(|query| Query::new(query).matches(fold::fold(text).as_bytes()))
}

/// Part of a list that is whole in memory.
struct Part<T> {
    rows: Vec<T>,
    after: Option<String>,
}

/// The rows after the one that the cursor names; where that one is gone, there is nothing to go on from.
fn page<T>(rows: Vec<T>, cursor: Option<&str>, limit: u32, id: impl Fn(&T) -> &String) -> Result<Part<T>, Fault> {
    let start = match cursor.filter(|cursor| !cursor.is_empty()) {
        None => 0,
        Some(cursor) => {
            let stale = || Fault::bad_request("cursor is no cursor of this list");
            let last = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let last = last.ok_or_else(stale)?;
            1 + rows.iter().position(|row| *id(row) == last).ok_or_else(stale)?
        }
    };
    let limit = limit as usize;
    let more = rows.len() > start.saturating_add(limit);
    let rows: Vec<T> = rows.into_iter().skip(start).take(limit).collect();
    let after = rows.last().filter(|_| more).map(|row| URL_SAFE_NO_PAD.encode(id(row)));
    Ok(Part { rows, after })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartsInput {
    event_id: String,
    section_id: Option<String>,
    query: Option<String>,
    limit: u32,
    cursor: Option<String>,
}

impl Shape for PartsInput {
    const FIELDS: &'static [Field] = &[
        Field::required("eventId", REFERENCE),
        Field::optional("sectionId", REFERENCE),
        Field::optional("query", QUERY),
        Field::optional("limit", PAGE).or(Default::Integer(20)),
        Field::optional("cursor", CURSOR),
    ];
}

pub(crate) async fn admissions(
    State(core): State<Arc<Core>>,
    caller: Caller,
    Input(input): Input<PartsInput>,
) -> Result<Json<AdmissionList>, Fault> {
    core.store.look_up(|view| {
        let (event, tally) = event_and_tally(view, &caller, &input.event_id)?;
        let rows = view
            .catalogue
            .admissions_of(event)
            .filter(|row| input.section_id.is_none() || row.wire.section_id == input.section_id)
            .filter(|row| matches(input.query.as_deref(), &row.wire.name))
            .collect();
        let page = page(rows, input.cursor.as_deref(), input.limit, |row: &&Admission| &row.wire.id)?;
        let admissions = page.rows.into_iter().map(|row| admission_body(row, &tally)).collect();
        Ok(Json(AdmissionList {
            admissions,
            before: None,
            cursor: page.after.clone(),
            after: page.after,
            limit: input.limit,
        }))
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SectionsInput {
    event_id: String,
    query: Option<String>,
    limit: u32,
    cursor: Option<String>,
}

impl Shape for SectionsInput {
    const FIELDS: &'static [Field] = &[
        Field::required("eventId", TEXT),
        Field::optional("query", QUERY),
        Field::optional("limit", PAGE).or(Default::Integer(20)),
        Field::optional("cursor", CURSOR),
    ];
}

pub(crate) async fn sections(
    State(core): State<Arc<Core>>,
    caller: Caller,
    Input(input): Input<SectionsInput>,
) -> Result<Json<SectionList>, Fault> {
    core.store.look_up(|view| {
        let (event, tally) = event_and_tally(view, &caller, &input.event_id)?;
        let rows =
            view.catalogue.sections_of(event).filter(|row| matches(input.query.as_deref(), &row.wire.name)).collect();
        let page = page(rows, input.cursor.as_deref(), input.limit, |row: &&Section| &row.wire.id)?;
        let sections = page.rows.into_iter().map(|row| section_body(row, &tally)).collect();
        Ok(Json(SectionList {
            sections,
            before: None,
            cursor: page.after.clone(),
            after: page.after,
            limit: input.limit,
        }))
    })
}

fn event_and_tally<'a>(view: &View<'a>, caller: &Caller, key: &str) -> Result<(&'a Event, Tally), Fault> {
    let event = find(view.catalogue, caller, key)?;
    Ok((event, tallies::of_event(view, event.key)?))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdmissionInput {
    event_id: String,
    id: String,
}

impl Shape for AdmissionInput {
    const FIELDS: &'static [Field] =
        &[Field::required("eventId", Kind::Id("evt")), Field::required("id", Kind::Id("adm"))];
}

pub(crate) async fn admission(
    State(core): State<Arc<Core>>,
    caller: Caller,
    Input(input): Input<AdmissionInput>,
) -> Result<Json<AdmissionEnvelope>, Fault> {
    core.store.look_up(|view| {
        let (event, tally) = event_and_tally(view, &caller, &input.event_id)?;
        let admission = view.catalogue.admission(event, &input.id).ok_or_else(|| Fault::missing("Admission"))?;
        Ok(Json(AdmissionEnvelope { admission: admission_body(admission, &tally) }))
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SectionInput {
    event_id: String,
    id: String,
}

impl Shape for SectionInput {
    const FIELDS: &'static [Field] = &[Field::required("eventId", TEXT), Field::required("id", TEXT)];
}

pub(crate) async fn section(
    State(core): State<Arc<Core>>,
    caller: Caller,
    Input(input): Input<SectionInput>,
) -> Result<Json<SectionEnvelope>, Fault> {
    core.store.look_up(|view| {
        let (event, tally) = event_and_tally(view, &caller, &input.event_id)?;
        let section = view.catalogue.section(event, &input.id).ok_or_else(|| Fault::missing("Section"))?;
        Ok(Json(SectionEnvelope { section: section_body(section, &tally) }))
    })
}
