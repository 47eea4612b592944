//! What a client sends.

use serde::{Deserialize, Serialize};

use super::ticket::Attendee;
use crate::domain::{AdmissionId, CustomerId, DeviceId, EventId, OrderId, ScanKind, SectionId, TicketStatus};

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
