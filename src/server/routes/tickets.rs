//! `GET /tickets`, `GET|PUT /tickets/{id}`, `POST /tickets`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Deserializer};

use crate::domain::{
    Act, AdmissionId, CustomerId, EventId, OrderId, PromoterId, TenantId, TicketStatus, Transition, transition,
};
use crate::server::Core;
use crate::server::auth::{Allowed, AllowedOrSigned, ToOrder, ToRead};
use crate::server::db::orders::{self, Joining};
use crate::server::db::tickets::{self, Cursor, Filter, Page, Place, Scope as Where, Stored};
use crate::server::db::{Change, View, people};
use crate::server::fault::Fault;
use crate::server::fold::Query;
use crate::server::input::{Default, FILLED, Field, Input, Kind, PAGE, SIGNATURE, Shape, TEXT};
use crate::server::routes::GetInput;
use crate::server::ulid;
use crate::wire::{Attendee, AttendeePatch, TicketEnvelope, TicketList};

const STATUSES: Kind = Kind::OneOf(&["ACTIVE", "REDEEMED", "CANCELLED"]);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListInput {
    promoter_id: Option<PromoterId>,
    event_id: Option<EventId>,
    customer_id: Option<CustomerId>,
    order_id: Option<OrderId>,
    status: Option<TicketStatus>,
    order_signature: Option<String>,
    query: Option<String>,
    limit: u32,
    cursor: Option<String>,
}

impl Shape for ListInput {
    const FIELDS: &'static [Field] = &[
        Field::optional("promoterId", Kind::Id("pmt")),
        Field::optional("eventId", Kind::Id("evt")),
        Field::optional("customerId", Kind::Id("cus")),
        Field::optional("orderId", Kind::Id("ord")),
        Field::optional("status", STATUSES),
        Field::optional("orderSignature", SIGNATURE),
        Field::optional("query", TEXT),
        Field::optional("limit", PAGE).or(Default::Integer(20)),
        Field::optional("cursor", TEXT),
    ];
}

pub(crate) async fn list(
    State(core): State<Arc<Core>>,
    guard: AllowedOrSigned<ToRead>,
    Input(input): Input<ListInput>,
) -> Result<Json<TicketList>, Fault> {
    let signed = match (&input.order_id, &input.order_signature) {
        (Some(order), Some(signature)) => Some((order, signature.as_str())),
        (None, Some(_)) => return Err(Fault::bad_request("orderSignature needs orderId")),
        (_, None) => None,
    };
    let tenant = guard.permitted(&core, signed)?;
    if input.order_id.is_none()
        && input.event_id.is_none()
        && input.customer_id.is_none()
        && input.promoter_id.is_none()
    {
        return Err(Fault::bad_request("One of orderId, eventId, customerId and promoterId is required"));
    }
    check_query(input.query.as_deref())?;
    let cursor = cursor(input.cursor.as_deref(), "cursor", Cursor::After)?;
    let limit = input.limit;
    core.store
        .read(move |view| {
            let page = match filter(view, &tenant, input)? {
                Some(filter) => tickets::list(view, &filter, &cursor, limit as usize)?,
                None => Page::default(),
            };
            let rows = page.tickets.iter().map(|ticket| ticket.to_wire(view)).collect::<Result<_, _>>()?;
            Ok(Json(TicketList { tickets: rows, before: None, cursor: page.after.clone(), after: page.after, limit }))
        })
        .await
}

/// Reads a cursor; an empty one is none.
pub(super) fn cursor(text: Option<&str>, field: &str, to: impl Fn(Place) -> Cursor) -> Result<Cursor, Fault> {
    match text {
        None | Some("") => Ok(Cursor::Start),
        Some(text) => Place::parse(text)
            .map(to)
            .ok_or_else(|| Fault::bad_request(format!("{field} is no cursor of this service"))),
    }
}

/// Every word costs a look at every row; nobody has so many names.
pub(super) fn check_query(text: Option<&str>) -> Result<(), Fault> {
    if text.is_none_or(Query::fits) {
        Ok(())
    } else {
        Err(Fault::bad_request(format!("query: at most {} different words are looked for", Query::MOST)))
    }
}

/// What the input means in this tenant; `None` where it names something that is not there.
fn filter(view: &View<'_>, tenant: &TenantId, input: ListInput) -> Result<Option<Filter>, Fault> {
    let Some(tenant) = view.catalogue.tenant(tenant) else { return Ok(None) };
    let mut filter = Filter { status: input.status, query: input.query, ..Filter::default() };
    let mut events: Vec<_> = view.catalogue.events(tenant).collect();
    events.sort_by_key(|event| event.key);
    if let Some(id) = &input.event_id {
        events.retain(|event| event.wire.id == id.as_str());
    }
    if let Some(id) = &input.promoter_id {
        events.retain(|event| event.wire.promoter_id == id.as_str());
    }
    if let Some(id) = &input.customer_id {
        let Some(customer) = people::customer_key(view, Some(tenant), id.as_str())? else { return Ok(None) };
        filter.customer = Some(customer);
        filter.scope = Where::Customer(customer);
    }
    if let Some(id) = &input.order_id {
        let Some(order) = orders::find(view, Some(tenant), id.as_str())? else { return Ok(None) };
        // An order is of one event: whether that one was asked for is known here.
        if !events.iter().any(|event| event.key == order.event) {
            return Ok(None);
        }
        filter.scope = Where::Order(order.key);
    } else if input.customer_id.is_none() {
        filter.scope = Where::Events(events.iter().map(|event| event.key).collect());
    } else if input.event_id.is_some() || input.promoter_id.is_some() {
        filter.events = Some(events.iter().map(|event| event.key).collect());
    }
    Ok(Some(filter))
}

pub(crate) async fn get(
    State(core): State<Arc<Core>>,
    guard: AllowedOrSigned<ToRead>,
    Input(input): Input<GetInput>,
) -> Result<Json<TicketEnvelope>, Fault> {
    let Some(signature) = input.signature else {
        let tenant = guard.permitted(&core, None)?;
        return core.store.look_up(|view| envelope(view, &find(view, &tenant, &input.id)?));
    };
    core.store.look_up(|view| {
        // To the public, a ticket that is not there and one of another order are the same.
        let wrong = |_| Fault::forbidden("The signature does not fit the order");
        let ticket = find(view, guard.tenant(), &input.id).map_err(wrong)?;
        guard.permitted(&core, Some((&ticket.order_id, &signature)))?;
        envelope(view, &ticket)
    })
}

pub(super) fn find(view: &View<'_>, tenant: &TenantId, id: &str) -> Result<Stored, Fault> {
    tickets::get(view, view.catalogue.tenant(tenant), id)
}

pub(super) fn envelope(view: &View<'_>, ticket: &Stored) -> Result<Json<TicketEnvelope>, Fault> {
    Ok(Json(TicketEnvelope { ticket: ticket.to_wire(view)? }))
}

const PATCH: &[Field] = &[
    Field::optional("firstName", FILLED),
    Field::optional("lastName", FILLED),
    Field::optional("email", Kind::Email),
    Field::optional("phone", TEXT),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UpdateInput {
    id: String,
    status: Option<TicketStatus>,
    #[serde(default, deserialize_with = "present")]
    #[expect(clippy::option_option, reason = "absent, null and a value are three things on the wire")]
    attendee: Option<Option<AttendeePatch>>,
    admission_id: Option<AdmissionId>,
}

/// Tells `null`, which clears, from nothing, which leaves alone.
#[expect(clippy::option_option, reason = "absent, null and a value are three things on the wire")]
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<AttendeePatch>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl Shape for UpdateInput {
    const FIELDS: &'static [Field] = &[
        Field::required("id", TEXT),
        Field::optional("status", Kind::OneOf(&["ACTIVE", "CANCELLED"])),
        Field::optional("attendee", Kind::Nullable(&Kind::Object(PATCH))),
        Field::optional("admissionId", Kind::Id("adm")),
    ];
}

pub(crate) async fn update(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToOrder>,
    Input(input): Input<UpdateInput>,
) -> Result<Json<TicketEnvelope>, Fault> {
    core.store
        .write(move |change| {
            let before = find(&change.view, &user.tenant, &input.id)?;
            let mut ticket = before.clone();
            apply(change, &mut ticket, &input)?;
            if ticket.differs(&before) {
                tickets::touch(change, &mut ticket);
                tickets::save(change, &ticket)?;
            }
            envelope(&change.view, &ticket)
        })
        .await
}

fn apply(change: &Change<'_>, ticket: &mut Stored, input: &UpdateInput) -> Result<(), Fault> {
    if let Some(status) = input.status {
        let act = if status == TicketStatus::Cancelled { Act::Cancel } else { Act::Reactivate };
        match transition(ticket.status, act) {
            Transition::To(status) => ticket.status = status,
            Transition::NoChange => {}
            Transition::Refused(refusal) => return Err(Fault::bad_request(refusal.to_string())),
        }
    }
    match &input.attendee {
        None => {}
        Some(Some(patch)) => merge(&mut ticket.attendee, patch),
        Some(None) => {
            let order = orders::by_key(&change.view, ticket.order)?;
            ticket.attendee = people::customer(&change.view, order.customer)?.attendee;
        }
    }
    if let Some(id) = &input.admission_id {
        let event = change.view.catalogue.event_by_key(ticket.event)?;
        let admission = change
            .view
            .catalogue
            .admission(event, id.as_str())
            .ok_or_else(|| Fault::bad_request("The event has no such admission"))?;
        if ticket.admission != admission.key {
            ticket.admission = admission.key;
            ticket.section = admission.section;
        }
    }
    Ok(())
}

fn merge(attendee: &mut Attendee, patch: &AttendeePatch) {
    let replace = |field: &mut String, value: &Option<String>| {
        if let Some(value) = value {
            field.clone_from(value);
        }
    };
    replace(&mut attendee.first_name, &patch.first_name);
    replace(&mut attendee.last_name, &patch.last_name);
    replace(&mut attendee.email, &patch.email);
    if let Some(phone) = &patch.phone {
        attendee.phone = Some(phone.clone()).filter(|phone| !phone.is_empty());
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateInput {
    status: TicketStatus,
    admission_id: AdmissionId,
    order_item_id: Option<String>,
    order_id: OrderId,
    customer_id: CustomerId,
    attendee: Option<Attendee>,
}

impl Shape for CreateInput {
    const FIELDS: &'static [Field] = &[
        Field::required("status", STATUSES),
        Field::required("admissionId", Kind::Id("adm")),
        Field::optional("orderItemId", TEXT),
        Field::required("orderId", Kind::Id("ord")),
        Field::required("customerId", Kind::Id("cus")),
        Field::optional(
            "attendee",
            Kind::Object(&[
                Field::required("firstName", FILLED),
                Field::required("lastName", FILLED),
                Field::required("email", Kind::Email),
                Field::optional("phone", TEXT),
            ]),
        ),
    ];
}

pub(crate) async fn create(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToOrder>,
    Input(input): Input<CreateInput>,
) -> Result<Json<TicketEnvelope>, Fault> {
    core.store
        .write(move |change| {
            let tenant = change.view.catalogue.tenant(&user.tenant);
            let id = issue(change, tenant, &input)?;
            let ticket = tickets::get(&change.view, tenant, &id)?;
            envelope(&change.view, &ticket)
        })
        .await
}

fn issue(change: &Change<'_>, tenant: Option<i64>, input: &CreateInput) -> Result<String, Fault> {
    let view = &change.view;
    let mut order = orders::get(view, tenant, input.order_id.as_str())?;
    let customer = people::customer(view, order.customer)?;
    if customer.id != input.customer_id.as_str() {
        return Err(Fault::bad_request("The order belongs to another customer"));
    }
    // A ticket is in because somebody scanned it; none is born so.
    if input.status == TicketStatus::Redeemed {
        return Err(Fault::bad_request("A ticket is redeemed by a check-in: create it ACTIVE"));
    }
    let event = view.catalogue.event_by_key(order.event)?;
    let admission = view
        .catalogue
        .admission(event, input.admission_id.as_str())
        .ok_or_else(|| Fault::bad_request("The event has no such admission"))?;
    let line = input.order_item_id.as_deref();
    if line.is_some_and(|id| !order.lines.iter().any(|line| line.id == id)) {
        return Err(Fault::bad_request("The order has no such item"));
    }
    // Nothing is paid here: what joins no line of its tier is free.
    let joining = Joining { line, admission: admission.key, section: admission.section, base: 0, booking: 0 };
    let line = order.join(&joining, change.now);
    orders::touch(change, &mut order);
    orders::save(change, &order)?;
    let id = ulid::fresh("tkt", change.now);
    let ticket = tickets::New {
        tenant: event.tenant,
        id: &id,
        event: event.key,
        order: order.key,
        admission: admission.key,
        section: admission.section,
        status: input.status,
        attendee: input.attendee.as_ref().unwrap_or(&customer.attendee),
        line: Some(&line),
        created_at: change.now,
        updated_at: change.now,
    };
    tickets::insert(change, &ticket)?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::domain::AttendeeField;
    use crate::server::input::{Source, read};

    #[test]
    fn forms_and_the_service_take_the_same_texts() {
        let texts = ["", " ", "Ada", "ada@example.com", "ada@example", ".a@x.org", "Zoë", "+61 412", "a@b@c.org"];
        for field in AttendeeField::ALL {
            for text in texts {
                let attendee = json!({ field.as_str(): text });
                let input = Map::from_iter([("id".to_owned(), "tkt_1".into()), ("attendee".to_owned(), attendee)]);
                let taken = read::<UpdateInput>(input, Source::Body).is_ok();
                assert_eq!(field.check(text).is_ok(), taken, "{field}: {text:?}");
            }
        }
        assert!(read::<UpdateInput>(Map::from_iter([("id".to_owned(), Value::Null)]), Source::Body).is_err());
    }
}
