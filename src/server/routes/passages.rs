//! Through the door: `POST /tickets/{id}/scan`, `PUT /tickets/{key}/check-in` and `…/check-out`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::tickets::{envelope, find};
use crate::domain::{Act, Refusal, ScanKind, TenantId, TicketStatus, Transition, transition};
use crate::server::Core;
use crate::server::answer::Kept;
use crate::server::auth::{Allowed, ToScan, User};
use crate::server::db::idempotency::{self, Ask, Given};
use crate::server::db::tickets::{self, Stored};
use crate::server::db::{Change, orders, people, scans};
use crate::server::fault::Fault;
use crate::server::input::{Field, Input, Kind, Shape, TEXT};
use crate::server::passage::{Candidate, Gate, Move, Refused, decide};
use crate::server::ulid;
use crate::wire::{
    EventReference, OrderReference, TargetType, Ticket, TicketEnvelope, TransitionInput, TransitionRefusal,
    TransitionResult,
};

/// What is recorded where a client names no device.
const NO_DEVICE: &str = "unknown";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScanInput {
    id: String,
    kind: ScanKind,
    device_id: Option<String>,
}

impl Shape for ScanInput {
    const FIELDS: &'static [Field] = &[
        Field::required("id", TEXT),
        Field::required("kind", Kind::OneOf(&["CHECK_IN", "CHECK_OUT"])),
        Field::optional("deviceId", TEXT),
    ];
}

pub(crate) async fn scan(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToScan>,
    Input(input): Input<ScanInput>,
) -> Result<Json<TicketEnvelope>, Fault> {
    core.store
        .write(move |change| {
            let mut ticket = find(&change.view, &user.tenant, &input.id)?;
            match transition(ticket.status, Act::from(input.kind)) {
                Transition::To(status) => {
                    let scanner = Scanner::new(change, &user, ticket.event, input.device_id.as_deref())?;
                    scanner.pass(change, &mut ticket, input.kind, status)?;
                }
                Transition::NoChange => {}
                Transition::Refused(refusal) => {
                    return Err(refused_scan(input.kind, refusal, ticket.to_wire(&change.view)?));
                }
            }
            envelope(&change.view, &ticket)
        })
        .await
}

fn refused_scan(kind: ScanKind, refusal: Refusal, ticket: Ticket) -> Fault {
    let (ticket, target_type) = (Box::new(ticket), TargetType::Ticket);
    Fault::bad_request(refusal.to_string()).with_data(&match refusal {
        Refusal::AlreadyCheckedIn | Refusal::CheckOutInstead => {
            TransitionRefusal::AlreadyCheckedIn { kind, target_type, ticket }
        }
        Refusal::NotCheckedIn => TransitionRefusal::NotCheckedIn { kind, target_type, ticket },
        Refusal::TicketCancelled => TransitionRefusal::TicketCancelled { kind, target_type, ticket },
    })
}

/// Who scans, and on what.
struct Scanner<'a> {
    user: i64,
    device: &'a str,
}

impl<'a> Scanner<'a> {
    fn new(change: &Change<'_>, user: &User, event: i64, device: Option<&'a str>) -> Result<Self, Fault> {
        let tenant = change.view.catalogue.event_by_key(event)?.tenant;
        let device = device.filter(|device| !device.is_empty()).unwrap_or(NO_DEVICE);
        Ok(Self { user: people::ensure_user(change, tenant, &user.claims)?, device })
    }

    /// Moves a ticket to where the transition table lets it, and records the scan: now, whenever the ticket was last
    /// changed, but not before the scan that is the last so far.
    fn pass(&self, change: &Change<'_>, ticket: &mut Stored, kind: ScanKind, to: TicketStatus) -> Result<(), Fault> {
        ticket.status = to;
        tickets::touch(change, ticket);
        tickets::set_status(change, ticket)?;
        let id = ulid::fresh("scn", change.now);
        let at = scans::last_at(&change.view, ticket.key)?.map_or(change.now, |last| last.max(change.now));
        let scan = scans::New { id: &id, kind, at, user: self.user, device: self.device };
        scans::insert(change, ticket, &scan)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct KeyInput {
    key: String,
    #[serde(flatten)]
    input: TransitionInput,
}

impl Shape for KeyInput {
    const FIELDS: &'static [Field] = &[
        Field::required("key", TEXT),
        Field::optional("eventId", Kind::Id("evt")),
        Field::optional("deviceId", TEXT),
        Field::optional("allowPartialOrderCheckIn", Kind::Boolean),
        Field::optional("admissionIds", Kind::List { of: &Kind::Id("adm"), min: 0, max: usize::MAX }),
        Field::optional("sectionIds", Kind::List { of: &Kind::Id("sct"), min: 0, max: usize::MAX }),
        Field::optional("idempotencyKey", Kind::Text { min: 1, max: 255 }),
    ];
}

pub(crate) async fn check_in(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToScan>,
    Input(input): Input<KeyInput>,
) -> Result<Kept<TransitionResult>, Fault> {
    by_key(&core, user, input, ScanKind::CheckIn).await
}

pub(crate) async fn check_out(
    State(core): State<Arc<Core>>,
    Allowed(user, _): Allowed<ToScan>,
    Input(input): Input<KeyInput>,
) -> Result<Kept<TransitionResult>, Fault> {
    by_key(&core, user, input, ScanKind::CheckOut).await
}

async fn by_key(core: &Core, user: User, input: KeyInput, kind: ScanKind) -> Result<Kept<TransitionResult>, Fault> {
    core.store.write(move |change| answer(change, &user, &input, kind)).await.map(Kept::from)
}

/// The first answer again, or a new one, which is kept if it came with a key.
fn answer(change: &Change<'_>, user: &User, input: &KeyInput, kind: ScanKind) -> Result<Given, Fault> {
    let target = Target::find(change, &user.tenant, &input.key)?;
    let request = serde_json::to_string(&input.input).map_err(|cause| Fault::internal(&cause))?;
    let ask = input.input.idempotency_key.as_deref().map(|key| Ask {
        tenant: target.tenant,
        key,
        kind: match kind {
            ScanKind::CheckIn => "CHECK_IN",
            ScanKind::CheckOut => "CHECK_OUT",
        },
        target: &input.key,
        request: &request,
    });
    if let Some(given) = ask.as_ref().map(|ask| idempotency::recall(change, ask)).transpose()?.flatten() {
        return Ok(given);
    }
    let given = match target.pass(change, user, &input.input, kind) {
        Ok(result) => Given { status: 200, body: json(&result)? },
        // A refusal is an answer too, and no reason to undo what is kept of it.
        Err(fault) if fault.status() == StatusCode::BAD_REQUEST => {
            Given { status: fault.status().as_u16(), body: json(&fault.into_body())? }
        }
        Err(fault) => return Err(fault),
    };
    if let Some(ask) = &ask {
        idempotency::keep(change, ask, &given)?;
    }
    Ok(given)
}

fn json(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|cause| Fault::internal(&cause))
}

/// What a key names: a ticket, or an order with all its tickets.
struct Target {
    tenant: i64,
    event: i64,
    order: Option<orders::Stored>,
    tickets: Vec<Stored>,
}

impl Target {
    fn find(change: &Change<'_>, tenant: &TenantId, key: &str) -> Result<Self, Fault> {
        let view = &change.view;
        let tenant = view.catalogue.tenant(tenant).ok_or_else(|| Fault::missing("Ticket or order"))?;
        if key.starts_with("ord_") {
            let order = orders::get(view, Some(tenant), key)?;
            let tickets = tickets::of_order(view, order.key)?;
            return Ok(Self { tenant, event: order.event, order: Some(order), tickets });
        }
        let ticket = tickets::get(view, Some(tenant), key)?;
        Ok(Self { tenant, event: ticket.event, order: None, tickets: vec![ticket] })
    }

    fn pass(
        mut self,
        change: &Change<'_>,
        user: &User,
        input: &TransitionInput,
        kind: ScanKind,
    ) -> Result<TransitionResult, Fault> {
        if input.event_id.as_ref().is_some_and(|id| !self.is_for(change, id.as_str())) {
            return Err(self.wrong_event(change, input, kind)?);
        }
        let gate = self.gate(change, input)?;
        let candidates: Vec<_> = self
            .tickets
            .iter()
            .map(|ticket| Candidate { status: ticket.status, admission: ticket.admission, section: ticket.section })
            .collect();
        let moving = match decide(kind, self.order.is_some(), &candidates, &gate) {
            Ok(moving) => moving,
            Err(refused) => return Err(self.refusal(change, refused, kind)?),
        };
        let device = input.device_id.as_ref().map(crate::domain::DeviceId::as_str);
        let scanner = Scanner::new(change, user, self.event, device)?;
        for Move { place, to } in moving {
            if let Some(ticket) = self.tickets.get_mut(place) {
                scanner.pass(change, ticket, kind, to)?;
            }
        }
        self.result(change)
    }

    fn is_for(&self, change: &Change<'_>, event: &str) -> bool {
        change.view.catalogue.event_by_key(self.event).is_ok_and(|own| own.wire.id == event)
    }

    /// An empty list of tiers or sections is no filter.
    fn gate(&self, change: &Change<'_>, input: &TransitionInput) -> Result<Gate, Fault> {
        let catalogue = change.view.catalogue;
        let event = catalogue.event_by_key(self.event)?;
        let admissions = input.admission_ids.as_ref().filter(|ids| !ids.is_empty()).map(|ids| {
            ids.iter().filter_map(|id| catalogue.admission(event, id.as_str())).map(|admission| admission.key).collect()
        });
        let sections = input.section_ids.as_ref().filter(|ids| !ids.is_empty()).map(|ids| {
            ids.iter().filter_map(|id| catalogue.section(event, id.as_str())).map(|section| section.key).collect()
        });
        Ok(Gate { admissions, sections, allow_partial: input.allow_partial_order_check_in == Some(true) })
    }

    fn result(&self, change: &Change<'_>) -> Result<TransitionResult, Fault> {
        let tickets = self.tickets.iter().map(|ticket| ticket.to_wire(&change.view)).collect::<Result<_, _>>()?;
        Ok(TransitionResult { tickets, target_type: self.kind(), order: self.order_reference() })
    }

    fn kind(&self) -> TargetType {
        if self.order.is_some() { TargetType::Order } else { TargetType::Ticket }
    }

    fn order_reference(&self) -> Option<OrderReference> {
        let inside = self.tickets.iter().filter(|ticket| ticket.status == TicketStatus::Redeemed).count();
        self.order.as_ref().map(|order| order.reference(inside))
    }

    /// The ticket's state, where the key named one.
    fn ticket(&self, change: &Change<'_>) -> Result<Option<Box<Ticket>>, Fault> {
        match (&self.order, self.tickets.first()) {
            (None, Some(ticket)) => ticket.to_wire(&change.view).map(Box::new).map(Some),
            _ => Ok(None),
        }
    }

    fn wrong_event(&self, change: &Change<'_>, input: &TransitionInput, kind: ScanKind) -> Result<Fault, Fault> {
        let event = &change.view.catalogue.event_by_key(self.event)?.wire;
        let data = TransitionRefusal::EventMismatch {
            kind,
            target_type: self.kind(),
            requested_event_id: input.event_id.as_ref().map(|id| id.as_str().to_owned()),
            event: EventReference {
                id: event.id.clone(),
                name: event.name.clone(),
                slug: event.slug.clone(),
                entry_starts_at: event.entry_starts_at,
                team_id: event.team_id.clone(),
            },
            order: self.order_reference(),
            ticket: self.ticket(change)?,
        };
        Ok(Fault::bad_request(format!("Valid for another event: {}", event.name)).with_data(&data))
    }

    fn refusal(&self, change: &Change<'_>, refused: Refused, kind: ScanKind) -> Result<Fault, Fault> {
        let (target_type, order, ticket) = (self.kind(), self.order_reference(), self.ticket(change)?);
        let what = if order.is_some() { "Order" } else { "Ticket" };
        Ok(match (refused, order) {
            (Refused::Cancelled, _) => Fault::bad_request(format!("{what} cancelled")),
            (Refused::FilteredOut, order) => Fault::bad_request(format!("{what} not admitted at this door"))
                .with_data(&TransitionRefusal::FilteredOut { kind, target_type, order, ticket }),
            (Refused::Partial, Some(order)) => {
                Fault::bad_request("Some of the order's tickets are checked in already: confirm to admit the rest")
                    .with_data(&TransitionRefusal::PartialOrderConfirmationRequired { kind, target_type, order })
            }
            (Refused::Noop | Refused::Partial, order) => {
                let state = match kind {
                    ScanKind::CheckIn => "already checked in",
                    ScanKind::CheckOut => "not checked in",
                };
                Fault::bad_request(format!("{what} {state}")).with_data(&TransitionRefusal::NoopTransition {
                    kind,
                    target_type,
                    order,
                    ticket,
                })
            }
        })
    }
}
