//! Tickets and what hangs on them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::currency::CURRENCIES;
use super::event::{Images, Location};
use crate::domain::{
    AdmissionId, CustomerId, DeviceId, EventId, OrderId, PromoterId, ScanId, ScanKind, SectionId, TeamId, TicketId,
    TicketStatus, UserId,
};

/// `Ticket` of the contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    /// `tkt_…`
    pub id: TicketId,
    /// RFC 3339 in UTC.
    #[serde(default)]
    pub created_at: Timestamp,
    /// RFC 3339 in UTC; moves with every scan and change.
    #[serde(default)]
    pub updated_at: Timestamp,
    /// Oldest first.
    #[serde(default)]
    pub scans: Vec<Scan>,
    /// ACTIVE, REDEEMED or CANCELLED.
    pub status: TicketStatus,
    /// Whom it admits.
    pub attendee: Attendee,
    /// Who bought it.
    #[serde(default = "no_customer")]
    pub customer_id: CustomerId,
    /// The event.
    pub event_id: EventId,
    /// The event as it was when the ticket was last written.
    #[serde(default)]
    pub event: TicketEvent,
    /// The tier.
    pub admission_id: AdmissionId,
    /// The tier as it was when the ticket was last written.
    #[serde(default)]
    pub admission: TicketAdmission,
    /// The section, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<TicketSection>,
    /// The order it was bought with.
    pub order_id: OrderId,
    /// The line of that order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_item_id: Option<String>,
    /// The promoter's team.
    #[serde(default = "no_team")]
    pub team_id: TeamId,
    /// The promoter.
    #[serde(default = "no_promoter")]
    pub promoter_id: PromoterId,
}

fn no_customer() -> CustomerId {
    CustomerId::from_service("")
}

fn no_team() -> TeamId {
    TeamId::from_service("")
}

fn no_promoter() -> PromoterId {
    PromoterId::from_service("")
}

/// The person a ticket admits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attendee {
    /// Given name.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub first_name: String,
    /// Family name.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub last_name: String,
    /// Email address.
    #[serde(default)]
    pub email: String,
    /// In any format; an empty one is none.
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

fn filled<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::deserialize(from)?.filter(|text: &String| !text.is_empty()))
}

/// One accepted scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scan {
    /// The service's id of it.
    pub id: ScanId,
    /// When the service took it.
    pub scanned_at: Timestamp,
    /// The user who scanned.
    pub scanned_by_id: UserId,
    /// That user's name and email.
    #[serde(default)]
    pub scanned_by: ScannedBy,
    /// On which device.
    pub device_id: DeviceId,
    /// In or out.
    pub kind: ScanKind,
}

/// The user behind a scan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScannedBy {
    /// `usr_…`
    pub id: String,
    /// Given name.
    #[serde(default)]
    pub first_name: String,
    /// Family name.
    #[serde(default)]
    pub last_name: String,
    /// Email address.
    #[serde(default)]
    pub email: String,
}

/// What a ticket tells of its event.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketEvent {
    /// `evt_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// Where it is.
    pub location: Location,
    /// Doors open, wall-clock at the venue.
    pub entry_starts_at: DateTime,
    /// Last entry, wall-clock at the venue.
    pub entry_ends_at: DateTime,
    /// Its pictures.
    pub images: Images,
}

/// What a ticket tells of its tier.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketAdmission {
    /// `adm_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it costs.
    pub price: Price,
    /// From when it admits, wall-clock at the venue.
    pub entry_starts_at: DateTime,
    /// Until when it admits, wall-clock at the venue.
    pub entry_ends_at: DateTime,
}

/// A price in the smallest unit of its currency.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Price {
    /// The ticket.
    pub base: i64,
    /// The booking fee.
    pub booking: i64,
    /// ISO 4217.
    #[schemars(extend("enum" = CURRENCIES))]
    pub currency: String,
}

/// What a ticket tells of its section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TicketSection {
    /// `sct_…`
    pub id: SectionId,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Where in the venue.
    #[serde(default)]
    pub location: TicketSectionLocation,
}

/// Where a section is; only the name is certain.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketSectionLocation {
    /// The name of the place.
    pub name: String,
    /// IANA time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub time_zone: Option<String>,
}

/// Whether a key named a ticket or an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TargetType {
    /// A ticket id.
    Ticket,
    /// An order id.
    Order,
}

/// What a check-in or check-out by key answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransitionResult {
    /// The ticket, or all tickets of the order, changed or not.
    pub tickets: Vec<Ticket>,
    /// What the key named.
    pub target_type: TargetType,
    /// The order, where the key named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderReference>,
}

/// What an answer by key tells of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderReference {
    /// `ord_…`
    pub id: OrderId,
    /// How many of its tickets are in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_in_count: Option<u64>,
    /// Its lines.
    #[serde(default)]
    pub items: Vec<OrderItemReference>,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderItemReference {
    /// How many tickets.
    pub quantity: u64,
}

/// The event that a ticket is really for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventReference {
    /// `evt_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    #[serde(default)]
    pub slug: String,
    /// Doors open, wall-clock at its venue.
    #[serde(default)]
    pub entry_starts_at: DateTime,
    /// The promoter's team.
    #[serde(default)]
    pub team_id: String,
}
