//! `POST /orders/complimentary`: a free order with its tickets, in one call.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::told;
use crate::domain::{EventId, OrderId, TicketStatus};
use crate::server::Core;
use crate::server::answer::Kept;
use crate::server::auth::{Allowed, ToOrder, User};
use crate::server::db::idempotency::{self, Ask, Given};
use crate::server::db::orders::{self, Line, Stored};
use crate::server::db::{Change, Event, people, tickets};
use crate::server::fault::Fault;
use crate::server::input::{Default, FILLED, Field, Input, Kind, Shape, TEXT};
use crate::server::ulid;
use crate::wire::{Attendee, OrderEnvelope};

/// Most tickets of one free order: a coach party, not a typing error.
const MOST_TICKETS: u64 = 500;

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComplimentaryInput {
    event_id: EventId,
    items: Vec<Item>,
    customer: Attendee,
    reason: String,
    notify_customer: bool,
    idempotency_key: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    quantity: u64,
    admission_id: Option<String>,
    section_id: Option<String>,
}

impl Shape for ComplimentaryInput {
    const FIELDS: &'static [Field] = &[
        Field::required("eventId", Kind::Id("evt")),
        Field::required(
            "items",
            Kind::List {
                of: &Kind::Object(&[
                    Field::required("quantity", Kind::Integer { min: 1, max: 9_007_199_254_740_991 }),
                    Field::optional("admissionId", Kind::Id("adm")),
                    Field::optional("sectionId", Kind::Id("sct")),
                    // Copies of what the ids name; the service has its own.
                    Field::optional("admission", Kind::Ignored),
                    Field::optional("section", Kind::Ignored),
                    Field::optional("id", TEXT),
                ]),
                min: 1,
                max: usize::MAX,
            },
        ),
        Field::required(
            "customer",
            Kind::Object(&[
                Field::required("firstName", FILLED),
                Field::required("lastName", FILLED),
                Field::required("email", Kind::Email),
            ]),
        ),
        Field::required("reason", FILLED),
        Field::optional("notifyCustomer", Kind::Boolean).or(Default::Boolean(true)),
        Field::optional("idempotencyKey", Kind::Text { min: 1, max: 255 }),
    ];
}

pub(crate) async fn create(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToOrder>,
    Input(input): Input<ComplimentaryInput>,
) -> Result<Kept<OrderEnvelope>, Fault> {
    core.store.write(move |change| answer(change, &user, &input)).await.map(Kept::from)
}

fn answer(change: &Change<'_>, user: &User, input: &ComplimentaryInput) -> Result<Given, Fault> {
    let catalogue = change.view.catalogue;
    let event = catalogue
        .event(catalogue.tenant(&user.tenant), input.event_id.as_str())
        .ok_or_else(|| Fault::missing("Event"))?;
    let request = serde_json::to_string(input).map_err(|cause| Fault::internal(&cause))?;
    let ask = input.idempotency_key.as_deref().map(|key| Ask {
        tenant: event.tenant,
        key,
        kind: "COMPLIMENTARY",
        target: input.event_id.as_str(),
        request: &request,
    });
    if let Some(given) = ask.as_ref().map(|ask| idempotency::recall(change, ask)).transpose()?.flatten() {
        return Ok(given);
    }
    let order = issue(change, user, event, input)?;
    let body = OrderEnvelope { order: told(&change.view, &order)? };
    let body = serde_json::to_string(&body).map_err(|cause| Fault::internal(&cause))?;
    let given = Given { status: 200, body };
    if let Some(ask) = &ask {
        idempotency::keep(change, ask, &given)?;
    }
    Ok(given)
}

fn issue(change: &Change<'_>, user: &User, event: &Event, input: &ComplimentaryInput) -> Result<Stored, Fault> {
    let lines = input.items.iter().map(|item| line(change, event, item)).collect::<Result<Vec<_>, _>>()?;
    let wanted = lines.iter().fold(0_u64, |sum, line| sum.saturating_add(line.quantity));
    if wanted > MOST_TICKETS {
        return Err(Fault::bad_request(format!("One order holds at most {MOST_TICKETS} tickets")));
    }
    let tenant = event.tenant;
    let issuer = people::ensure_user(change, tenant, &user.claims)?;
    let customer = people::insert_customer(change, tenant, &ulid::fresh("cus", change.now), &input.customer)?;
    let mut order = Stored {
        key: 0,
        id: OrderId::from_service(ulid::fresh("ord", change.now)),
        event: event.key,
        customer,
        status: "SUCCESSFUL".to_owned(),
        method: "FREE".to_owned(),
        lines,
        issuer: Some(issuer),
        created_at: change.now,
        updated_at: change.now,
    };
    order.key = orders::insert(change, tenant, &order)?;
    for line in &order.lines {
        for _ in 0..line.quantity {
            let id = ulid::fresh("tkt", change.now);
            let ticket = tickets::New {
                tenant,
                id: &id,
                event: event.key,
                order: order.key,
                admission: line.admission,
                section: line.section,
                status: TicketStatus::Active,
                attendee: &input.customer,
                line: Some(&line.id),
                created_at: change.now,
                updated_at: change.now,
            };
            tickets::insert(change, &ticket)?;
        }
    }
    orders::note(change, order.key, issuer, &format!("Complimentary: {}", input.reason))?;
    if input.notify_customer {
        tracing::info!(order = %order.id, "the customer was to be notified; nothing is mailed");
    }
    Ok(order)
}

/// A line is of a tier, in its own section or in another of the event.
fn line(change: &Change<'_>, event: &Event, item: &Item) -> Result<Line, Fault> {
    let catalogue = change.view.catalogue;
    let id = item.admission_id.as_deref().ok_or_else(|| Fault::bad_request("Every item needs an admissionId"))?;
    let admission =
        catalogue.admission(event, id).ok_or_else(|| Fault::bad_request("The event has no such admission"))?;
    let section = match item.section_id.as_deref() {
        None => admission.section,
        Some(id) => {
            let section = catalogue.section(event, id);
            Some(section.ok_or_else(|| Fault::bad_request("The event has no such section"))?.key)
        }
    };
    let id = ulid::fresh("itm", change.now);
    Ok(Line { id, admission: admission.key, section, quantity: item.quantity, base: 0, booking: 0 })
}
