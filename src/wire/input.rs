//! What a client sends.

use serde::{Deserialize, Serialize};

use super::ticket::Attendee;
use crate::domain::{
    AdmissionId, AttendeeField, CustomerId, DeviceId, EventId, ExtraTicket, FieldChange, FreeOrder, OrderId, ScanKind,
    SectionId, TicketChange, TicketStatus,
};

/// Body of `POST /tickets/{id}/scan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScanInput {
    /// In or out.
    pub kind: ScanKind,
    /// This device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
}

/// Body of `PUT /tickets/{key}/check-in` and `…/check-out`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransitionInput {
    /// The event that is on; another one's ticket is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// This device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
    /// The tiers of this gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admission_ids: Option<Vec<AdmissionId>>,
    /// The sections of this gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_ids: Option<Vec<SectionId>>,
    /// The operator was asked about an order that is partly in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_partial_order_check_in: Option<bool>,
    /// 1–255 characters; a repeat within 24 hours gets the first answer again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

/// Body of `PUT /tickets/{id}`: only what changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateTicket {
    /// ACTIVE or CANCELLED.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<TicketStatus>,
    /// Merged into the attendee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendee: Option<AttendeePatch>,
    /// Another tier of the same event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admission_id: Option<AdmissionId>,
}

/// The fields of an attendee that change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttendeePatch {
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// In any format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Body of `POST /tickets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateTicket {
    /// The order that the ticket joins.
    pub order_id: OrderId,
    /// That order's customer.
    pub customer_id: CustomerId,
    /// The tier.
    pub admission_id: AdmissionId,
    /// Usually ACTIVE.
    pub status: TicketStatus,
    /// Without one the order's customer is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendee: Option<Attendee>,
    /// The line of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_item_id: Option<String>,
}

/// Body of `POST /orders/complimentary`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComplimentaryOrder {
    /// The event.
    pub event_id: EventId,
    /// Its lines, at least one.
    pub items: Vec<ComplimentaryItem>,
    /// Whose order it is.
    pub customer: ComplimentaryCustomer,
    /// Why it is free; never empty.
    pub reason: String,
    /// Whether the tickets are mailed; the service does where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_customer: Option<bool>,
    /// 1–255 characters; a repeat within 24 hours gets the first answer again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

/// One line of a complimentary order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComplimentaryItem {
    /// How many tickets.
    pub quantity: u64,
    /// The tier.
    pub admission_id: AdmissionId,
    /// Another section than the tier's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_id: Option<SectionId>,
}

/// The customer of a complimentary order; a phone number is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComplimentaryCustomer {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Email address.
    pub email: String,
}

impl From<&TicketChange> for UpdateTicket {
    fn from(change: &TicketChange) -> Self {
        match change {
            TicketChange::Correct(fields) => Self { attendee: Some(patch(fields)), ..Self::default() },
            TicketChange::Move { to, .. } => Self { admission_id: Some(to.clone()), ..Self::default() },
            TicketChange::Cancel { .. } => Self { status: Some(TicketStatus::Cancelled), ..Self::default() },
            TicketChange::Reactivate => Self { status: Some(TicketStatus::Active), ..Self::default() },
        }
    }
}

fn patch(fields: &[FieldChange]) -> AttendeePatch {
    let mut patch = AttendeePatch::default();
    for change in fields {
        let place = match change.field {
            AttendeeField::FirstName => &mut patch.first_name,
            AttendeeField::LastName => &mut patch.last_name,
            AttendeeField::Email => &mut patch.email,
            AttendeeField::Phone => &mut patch.phone,
        };
        *place = Some(change.to.to_string());
    }
    patch
}

impl From<&FreeOrder> for ComplimentaryOrder {
    fn from(order: &FreeOrder) -> Self {
        let admission_id = order.admission.clone();
        let item = ComplimentaryItem { quantity: order.quantity.into(), admission_id, section_id: None };
        Self {
            event_id: order.event.clone(),
            items: vec![item],
            customer: ComplimentaryCustomer {
                first_name: order.guest.first_name.to_string(),
                last_name: order.guest.last_name.to_string(),
                email: order.guest.email.to_string(),
            },
            reason: order.reason.to_string(),
            notify_customer: Some(order.notify),
            idempotency_key: Some(order.key.clone()),
        }
    }
}

impl From<&ExtraTicket> for CreateTicket {
    fn from(extra: &ExtraTicket) -> Self {
        Self {
            order_id: extra.order.clone(),
            customer_id: extra.customer.clone(),
            admission_id: extra.admission.clone(),
            status: TicketStatus::Active,
            attendee: Some(Attendee {
                first_name: extra.guest.first_name.to_string(),
                last_name: extra.guest.last_name.to_string(),
                email: extra.guest.email.to_string(),
                phone: extra.guest.phone.as_ref().map(ToString::to_string),
            }),
            order_item_id: None,
        }
    }
}
