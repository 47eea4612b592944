//! `GET /orders`, `GET /orders/{id}`, `POST /orders/complimentary`, `POST /orders/{id}/resend`.

mod complimentary;
mod list;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use crate::domain::{CustomerId, EventId, OrderId, PromoterId, TeamId, TenantId};
use crate::server::Core;
use crate::server::auth::{Allowed, AllowedOrSigned, ToOrder};
use crate::server::db::orders::{self, Line, Stored};
use crate::server::db::tallies;
use crate::server::db::{Event, View, people};
use crate::server::fault::Fault;
use crate::server::input::{Field, Input, Kind, Shape, TEXT};
use crate::server::routes::GetInput;
use crate::server::routes::events::{admission_body, section_body};
use crate::wire::{ItemPrice, Order, OrderEnvelope, OrderEvent, OrderItem, OrderPerson, OrderPrice, Payment};

pub(crate) use complimentary::create as complimentary;
pub(crate) use list::list;

pub(crate) async fn get(
    State(core): State<Arc<Core>>,
    guard: AllowedOrSigned<ToOrder>,
    Input(input): Input<GetInput>,
) -> Result<Json<OrderEnvelope>, Fault> {
    let id = OrderId::from_service(input.id.as_str());
    let signed = input.signature.as_deref().map(|signature| (&id, signature));
    let tenant = guard.permitted(&core, signed)?;
    core.store.look_up(|view| {
        let order = orders::get(view, view.catalogue.tenant(&tenant), id.as_str())?;
        envelope(view, &order)
    })
}

fn envelope(view: &View<'_>, order: &Stored) -> Result<Json<OrderEnvelope>, Fault> {
    Ok(Json(OrderEnvelope { order: told(view, order)? }))
}

/// The order as the API tells it.
fn told(view: &View<'_>, order: &Stored) -> Result<Order, Fault> {
    let event = view.catalogue.event_by_key(order.event)?;
    let customer = people::customer(view, order.customer)?;
    let issuer = order.issuer.map(|key| people::user(view, key)).transpose()?;
    let timeline = orders::notes(view, order.key)?;
    Ok(Order {
        id: order.id.clone(),
        created_at: order.created_at,
        updated_at: order.updated_at,
        status: order.status.clone(),
        payment: Some(Payment { method: order.method.clone() }),
        items: order.lines.iter().map(|line| item(view, event, line)).collect::<Result<_, _>>()?,
        fees: Vec::new(),
        price: price(order, &event.wire.currency),
        customer_id: Some(CustomerId::from_service(customer.id.as_str())),
        customer: Some(OrderPerson {
            id: customer.id,
            first_name: customer.attendee.first_name,
            last_name: customer.attendee.last_name,
            email: customer.attendee.email,
            phone: customer.attendee.phone,
        }),
        timeline: Some(timeline),
        refunds: Vec::new(),
        offers: Vec::new(),
        created_by: issuer,
        team_id: TeamId::from_service(event.wire.team_id.as_str()),
        promoter_id: PromoterId::from_service(event.wire.promoter_id.as_str()),
        event: OrderEvent { id: event.wire.id.clone(), name: event.wire.name.clone(), slug: event.wire.slug.clone() },
        payout_ids: Vec::new(),
        event_id: EventId::from_service(event.wire.id.as_str()),
    })
}

fn item(view: &View<'_>, event: &Event, line: &Line) -> Result<OrderItem, Fault> {
    let tally = tallies::of_event(view, event.key)?;
    let admission = view.catalogue.admission_by_key(line.admission)?;
    let section = line.section.map(|key| view.catalogue.section_by_key(key)).transpose()?;
    let quantity = i64::try_from(line.quantity).unwrap_or(i64::MAX);
    let (base, booking) = (line.base.saturating_mul(quantity), line.booking.saturating_mul(quantity));
    let total = base.saturating_add(booking);
    Ok(OrderItem {
        id: line.id.clone(),
        kind: "ADMISSION".to_owned(),
        quantity: line.quantity,
        admission_id: Some(admission.wire.id.clone()),
        section_id: section.map(|section| section.wire.id.clone()),
        admission: Some(admission_body(admission, &tally)),
        section: section.map(|section| section_body(section, &tally)),
        price: ItemPrice {
            net: base,
            total,
            gross: total,
            base,
            booking,
            currency: event.wire.currency.clone(),
            ..ItemPrice::default()
        },
    })
}

fn price(order: &Stored, currency: &str) -> OrderPrice {
    let sum = |each: fn(&Line) -> i64| {
        order.lines.iter().fold(0_i64, |sum, line| {
            sum.saturating_add(each(line).saturating_mul(i64::try_from(line.quantity).unwrap_or(i64::MAX)))
        })
    };
    let (base, booking) = (sum(|line| line.base), sum(|line| line.booking));
    let total = base.saturating_add(booking);
    OrderPrice { net: base, total, gross: total, base, booking, currency: currency.to_owned(), ..OrderPrice::default() }
}

#[derive(Debug, Deserialize)]
pub(crate) struct ResendInput {
    id: String,
    email: Option<String>,
}

impl Shape for ResendInput {
    const FIELDS: &'static [Field] = &[Field::required("id", TEXT), Field::optional("email", Kind::Email)];
}

/// Records that the tickets were to be sent again. This service mails nothing, and the order says so.
pub(crate) async fn resend(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToOrder>,
    Input(input): Input<ResendInput>,
) -> Result<Json<OrderEnvelope>, Fault> {
    core.store
        .write(move |change| {
            let view = &change.view;
            let mut order = find(view, &user.tenant, &input.id)?;
            let event = view.catalogue.event_by_key(order.event)?;
            let by = people::ensure_user(change, event.tenant, &user.claims)?;
            let customer = people::customer(view, order.customer)?;
            let address = input.email.unwrap_or(customer.attendee.email);
            let words = format!("Tickets were to be sent again to {address}; this service sends no mail");
            orders::note(change, order.key, by, &words)?;
            orders::touch(change, &mut order);
            orders::save(change, &order)?;
            tracing::info!(order = %order.id, "a resend was recorded; nothing is mailed");
            envelope(view, &order)
        })
        .await
}

fn find(view: &View<'_>, tenant: &TenantId, id: &str) -> Result<Stored, Fault> {
    orders::get(view, view.catalogue.tenant(tenant), id)
}
