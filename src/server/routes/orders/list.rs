//! `GET /orders`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use serde::Deserialize;

use super::told;
use crate::domain::EventId;
use crate::server::Core;
use crate::server::auth::{Allowed, ToOrder, User};
use crate::server::db::View;
use crate::server::db::orders::{self, Column, Filter, Page};
use crate::server::fault::Fault;
use crate::server::input::{Default, Field, Input, Kind, PAGE, Shape, TEXT};
use crate::server::routes::tickets::check_query;
use crate::wire::OrderList;

const FILTER: &[Field] = &[
    Field::required(
        "field",
        Kind::OneOf(&[
            "STATUS",
            "DELIVERY_METHOD",
            "CUSTOMER_EMAIL",
            "CUSTOMER_PHONE",
            "COUPON_CODE",
            "PAYMENT_SOURCE",
            "PAYMENT_METHOD",
            "CURRENCY",
            "CREATED_AT",
            "UPDATED_AT",
            "RESERVED_AT",
            "TOTAL",
            "TICKETS",
            "ORDER_ID",
            "CUSTOMER_ID",
            "EVENT_ID",
            "PROMOTER_ID",
            "PAYOUT_ID",
        ]),
    ),
    Field::required(
        "operator",
        Kind::OneOf(&["IS", "IS_NOT", "IS_ANY_OF", "CONTAINS", "IS_EMPTY", "IS_NOT_EMPTY", "BETWEEN", "GTE", "LTE"]),
    ),
    Field::required("values", Kind::List { of: &TEXT, min: 0, max: 20 }),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListInput {
    mine: Option<bool>,
    team_id: Option<String>,
    event_id: Option<EventId>,
    status: Option<String>,
    query: Option<String>,
    #[serde(default)]
    filters: Vec<Comparison>,
    sort: Option<String>,
    direction: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    limit: u32,
    cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Comparison {
    field: String,
    operator: String,
    values: Vec<String>,
}

impl Shape for ListInput {
    const FIELDS: &'static [Field] = &[
        Field::optional("mine", Kind::Boolean),
        Field::optional("teamId", TEXT),
        Field::optional("eventId", Kind::Id("evt")),
        Field::optional("status", Kind::OneOf(&["PENDING", "PROCESSING", "SUCCESSFUL", "DISPUTED", "ABANDONED"])),
        Field::optional("query", TEXT),
        // The events of this service have no terms to include.
        Field::optional("includeEventTerms", Kind::Boolean),
        Field::optional("filters", Kind::List { of: &Kind::Object(FILTER), min: 0, max: 10 }),
        Field::optional(
            "sort",
            Kind::OneOf(&[
                "UPDATED_AT",
                "CREATED_AT",
                "EVENT_NAME",
                "TOTAL",
                "STATUS",
                "CUSTOMER_NAME",
                "PAYMENT_SOURCE",
                "COUPON_CODE",
                "TICKETS",
                "DELIVERY_METHOD",
                "CUSTOMER_EMAIL",
                "CUSTOMER_PHONE",
                "ORDER_ID",
            ]),
        ),
        Field::optional("direction", Kind::OneOf(&["asc", "desc"])),
        Field::optional("from", Kind::Date),
        Field::optional("to", Kind::Date),
        Field::optional("limit", PAGE).or(Default::Integer(20)),
        Field::optional("cursor", TEXT),
    ];
}

pub(crate) async fn list(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToOrder>,
    Input(input): Input<ListInput>,
) -> Result<Json<OrderList>, Fault> {
    check_query(input.query.as_deref())?;
    let limit = input.limit;
    core.store
        .read(move |view| {
            let cursor = input.cursor.as_deref().filter(|cursor| !cursor.is_empty());
            let page = match filter(view, &user, &input)? {
                Some(filter) => orders::list(view, &filter, cursor, limit as usize)?
                    .ok_or_else(|| Fault::bad_request("cursor is no cursor of this list"))?,
                None => Page::default(),
            };
            let orders = page.orders.iter().map(|order| told(view, order)).collect::<Result<_, _>>()?;
            Ok(Json(OrderList { orders, before: None, cursor: page.after.clone(), after: page.after, limit }))
        })
        .await
}

/// What the input means; `None` where the tenant has nothing.
fn filter(view: &View<'_>, user: &User, input: &ListInput) -> Result<Option<Filter>, Fault> {
    let Some(tenant) = view.catalogue.tenant(&user.tenant) else { return Ok(None) };
    let mut filter = Filter::new(tenant);
    if input.mine == Some(true) {
        filter.issued_by(user.claims.user.as_str());
    }
    if let Some(team) = &input.team_id {
        filter.of_team(team);
    }
    if let Some(event) = &input.event_id {
        filter.is("EVENT_ID", event.as_str());
    }
    if let Some(status) = &input.status {
        filter.is("STATUS", status);
    }
    if let Some(query) = &input.query {
        filter.query(query);
    }
    if let Some(start) = input.from.and_then(orders::day_start) {
        filter.made(">=", start);
    }
    if let Some(end) = input.to.and_then(|day| day.tomorrow().ok()).and_then(orders::day_start) {
        filter.made("<", end);
    }
    for comparison in &input.filters {
        filter
            .compare(Column::named(&comparison.field), &comparison.operator, &comparison.values)
            .map_err(Fault::bad_request)?;
    }
    if let Some(sort) = &input.sort {
        filter.sort = Column::named(sort);
    }
    filter.descending = input.direction.as_deref() != Some("asc");
    Ok(Some(filter))
}
