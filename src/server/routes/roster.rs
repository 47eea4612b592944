//! `GET /tickets/attendees` and its index.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::tickets::{check_query, cursor};
use crate::domain::{AdmissionId, EventId, SectionId, TenantId};
use crate::server::Core;
use crate::server::auth::{Allowed, ToRead};
use crate::server::db::tickets::{self, Cursor, Filter, Page, Scope};
use crate::server::db::{View, roster};
use crate::server::fault::Fault;
use crate::server::input::{Default, Field, Input, Kind, PAGE, Shape, TEXT};
use crate::wire::{RosterIndex, RosterList};

const ADMISSIONS: Kind = Kind::List { of: &Kind::Id("adm"), min: 0, max: usize::MAX };
const SECTIONS: Kind = Kind::List { of: &Kind::Id("sct"), min: 0, max: usize::MAX };

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListInput {
    event_id: EventId,
    admission_ids: Option<Vec<AdmissionId>>,
    section_ids: Option<Vec<SectionId>>,
    query: Option<String>,
    cursor: Option<String>,
    before: Option<String>,
    anchor: Option<String>,
    limit: u32,
}

impl Shape for ListInput {
    const FIELDS: &'static [Field] = &[
        Field::required("eventId", Kind::Id("evt")),
        Field::optional("admissionIds", ADMISSIONS),
        Field::optional("sectionIds", SECTIONS),
        Field::optional("query", TEXT),
        Field::optional("cursor", TEXT),
        Field::optional("before", TEXT),
        Field::optional("anchor", TEXT),
        Field::optional("limit", PAGE).or(Default::Integer(100)),
    ];
}

pub(crate) async fn list(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToRead>,
    Input(input): Input<ListInput>,
) -> Result<Json<RosterList>, Fault> {
    check_query(input.query.as_deref())?;
    let from = place(&input)?;
    let limit = input.limit;
    core.store
        .read(move |view| {
            let filter = filter(view, &user.tenant, &input.event_id, input.admission_ids, input.section_ids);
            let page = match filter {
                Some((_, filter)) => {
                    tickets::list(view, &Filter { query: input.query, ..filter }, &from, limit as usize)?
                }
                None => Page::default(),
            };
            let rows = page.tickets.iter().map(|ticket| roster::row(view, ticket)).collect::<Result<_, _>>()?;
            Ok(Json(RosterList {
                tickets: rows,
                before: page.before,
                cursor: page.after.clone(),
                after: page.after,
                limit,
            }))
        })
        .await
}

/// Where the page starts; at most one of the three may say so.
fn place(input: &ListInput) -> Result<Cursor, Fault> {
    match (input.cursor.as_deref(), input.before.as_deref(), input.anchor.as_deref()) {
        (after, None, None) => cursor(after, "cursor", Cursor::After),
        (None, before, None) => cursor(before, "before", Cursor::Before),
        (None, None, anchor) => cursor(anchor, "anchor", Cursor::From),
        _ => Err(Fault::bad_request("At most one of cursor, before and anchor can be given")),
    }
}

/// The event's key and what of it is asked for; `None` where the tenant has no such event.
fn filter(
    view: &View<'_>,
    tenant: &TenantId,
    event: &EventId,
    admissions: Option<Vec<AdmissionId>>,
    sections: Option<Vec<SectionId>>,
) -> Option<(i64, Filter)> {
    let event = view.catalogue.event(view.catalogue.tenant(tenant), event.as_str())?;
    let admissions = admissions.filter(|ids| !ids.is_empty()).map(|ids| {
        ids.iter().filter_map(|id| view.catalogue.admission(event, id.as_str())).map(|row| row.key).collect()
    });
    let sections = sections
        .filter(|ids| !ids.is_empty())
        .map(|ids| ids.iter().filter_map(|id| view.catalogue.section(event, id.as_str())).map(|row| row.key).collect());
    Some((event.key, Filter { scope: Scope::Events(vec![event.key]), admissions, sections, ..Filter::default() }))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IndexInput {
    event_id: EventId,
    admission_ids: Option<Vec<AdmissionId>>,
    section_ids: Option<Vec<SectionId>>,
}

impl Shape for IndexInput {
    const FIELDS: &'static [Field] = &[
        Field::required("eventId", Kind::Id("evt")),
        Field::optional("admissionIds", ADMISSIONS),
        Field::optional("sectionIds", SECTIONS),
    ];
}

pub(crate) async fn index(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToRead>,
    Input(input): Input<IndexInput>,
) -> Result<Json<RosterIndex>, Fault> {
    core.store
        .read(move |view| {
            let buckets = match filter(view, &user.tenant, &input.event_id, input.admission_ids, input.section_ids) {
                Some((event, filter)) => roster::index(view, event, &filter)?,
                None => Vec::new(),
            };
            Ok(Json(RosterIndex { buckets }))
        })
        .await
}
