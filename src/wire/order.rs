//! Orders.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::currency::CURRENCIES;
use super::{Admission, Section};
use crate::domain::{CustomerId, EventId, OrderId, PromoterId, TeamId};

/// Everything that may happen to an order.
#[rustfmt::skip]
const HAPPENINGS: &[&str] = &[
    "ORDER_STATUS_UPDATED", "ORDER_EXPIRED", "ORDER_COMPLETED", "PAYMENT_INITIATED", "PAYMENT_PROCESSING",
    "PAYMENT_FAILED", "PAYMENT_SUCCEEDED", "REFUND_INITIATED", "REFUND_PROCESSING", "REFUND_SUCCEEDED",
    "REFUND_SETTLED", "REFUND_FAILED", "CHARGEBACK_INITIATED", "CHARGEBACK_EVIDENCE_SUBMITTED", "CHARGEBACK_WON",
    "CHARGEBACK_LOST", "CHARGEBACK_FUNDS_WITHDRAWN", "TICKETS_GENERATED", "TICKET_ADDED", "TICKETS_SCANNED",
    "TICKET_EDITED", "TICKET_STATUS_CHANGED", "EMAIL_SENT", "EMAIL_DELIVERED", "EMAIL_OPENED", "EMAIL_BOUNCED",
    "EMAIL_COMPLAINED", "EMAIL_FAILED", "SMS_SENT", "SMS_DELIVERED", "SMS_FAILED", "NOTE",
];

/// An order, as far as this product speaks of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// `ord_…`
    pub id: OrderId,
    /// RFC 3339 in UTC.
    #[serde(default)]
    pub created_at: Timestamp,
    /// RFC 3339 in UTC.
    #[serde(default)]
    pub updated_at: Timestamp,
    /// How far it has come.
    #[schemars(extend("enum" = ["PENDING", "PROCESSING", "SUCCESSFUL", "DISPUTED", "ABANDONED"]))]
    pub status: String,
    /// How it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// Its lines.
    #[serde(default)]
    pub items: Vec<OrderItem>,
    /// What others charged for it.
    #[serde(default)]
    pub fees: Vec<serde_json::Value>,
    /// What it came to.
    pub price: OrderPrice,
    /// Who bought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<OrderPerson>,
    /// What happened to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Vec<TimelineEntry>>,
    /// What was paid back.
    #[serde(default)]
    pub refunds: Vec<serde_json::Value>,
    /// What could still be bought with it.
    #[serde(default)]
    pub offers: Vec<serde_json::Value>,
    /// `cus_…`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    /// Who issued it, where staff did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<OrderPerson>,
    /// The promoter's team.
    pub team_id: TeamId,
    /// The promoter.
    pub promoter_id: PromoterId,
    /// The event.
    pub event: OrderEvent,
    /// With which payments the promoter got the money.
    #[serde(default)]
    pub payout_ids: Vec<String>,
    /// `evt_…`
    pub event_id: EventId,
}

/// How an order was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Payment {
    /// By whom, if anybody.
    #[schemars(extend("enum" = ["FREE", "AIRWALLEX", "STRIPE"]))]
    pub method: String,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderItem {
    /// Its id.
    pub id: String,
    /// What is sold.
    #[schemars(extend("enum" = ["ADMISSION", "ADDON"]))]
    pub kind: String,
    /// How many tickets.
    pub quantity: u64,
    /// `adm_…`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission_id: Option<String>,
    /// `sct_…`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section_id: Option<String>,
    /// The tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<Admission>,
    /// The section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// What the line came to.
    pub price: ItemPrice,
}

/// What a line came to, in the smallest unit of the currency.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the contract's own words for sums of money")]
pub struct ItemPrice {
    pub net: i64,
    pub total: i64,
    pub gross: i64,
    pub base: i64,
    pub booking: i64,
    pub refunded: i64,
    pub discount: i64,
    #[schemars(extend("enum" = CURRENCIES))]
    pub currency: String,
}

/// What an order came to, in the smallest unit of the currency.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the contract's own words for sums of money")]
pub struct OrderPrice {
    pub net: i64,
    pub total: i64,
    pub gross: i64,
    pub base: i64,
    pub booking: i64,
    #[serde(default)]
    pub shipping: i64,
    #[serde(default)]
    pub sms: i64,
    #[serde(default)]
    pub refunded: i64,
    #[serde(default)]
    pub discount: i64,
    #[serde(default)]
    pub gateway: i64,
    #[serde(default)]
    pub dispute: i64,
    #[schemars(extend("enum" = CURRENCIES))]
    pub currency: String,
}

/// A customer or a member of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderPerson {
    /// `cus_…` or `usr_…`
    pub id: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Email address.
    pub email: String,
    /// In any format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Something that happened to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntry {
    /// Its id.
    pub id: String,
    /// RFC 3339 in UTC.
    pub created_at: Timestamp,
    /// What happened.
    #[schemars(extend("enum" = HAPPENINGS))]
    pub kind: String,
    /// Whether staff may change it.
    pub editable: bool,
    /// Whether it stays on top.
    pub pinned: bool,
    /// In words.
    pub description: String,
    /// Who did it.
    pub author: String,
    /// `usr_…`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

/// What an order tells of its event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderEvent {
    /// `evt_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
}
