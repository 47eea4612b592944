//! The body of every failure.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ticket::{EventReference, OrderReference, TargetType, Ticket};
use crate::domain::ScanKind;

/// `{"defined", "code", "status", "message", "data"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorBody {
    /// Whether the operation declares this error; an unknown route is 404 with `false`.
    pub defined: bool,
    /// The error's name.
    pub code: ErrorCode,
    /// The HTTP status again.
    pub status: u16,
    /// For people, in English.
    pub message: String,
    /// What the code promises, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<serde_json::Value>,
}

/// The codes of the contract's error table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// 400: bad input or a refused transition.
    BadRequest,
    /// 401: no token, or one that is expired or false.
    Unauthorized,
    /// 403: the token lacks the permission.
    Forbidden,
    /// 404: no such resource in this tenant, or no such route.
    NotFound,
    /// 405: the route has no such method.
    MethodNotSupported,
    /// 409: a concurrent change won.
    Conflict,
    /// 413: the body is too large.
    PayloadTooLarge,
    /// 422: the input does not fit the schema.
    InputValidationFailed,
    /// 429: rate limited.
    TooManyRequests,
    /// 500: the service's own fault.
    InternalServerError,
    /// Any other code: the HTTP status decides.
    #[serde(other)]
    Other,
}

/// `data` of a 422.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidationErrors {
    /// What is wrong with the input as a whole.
    pub form_errors: Vec<String>,
    /// What is wrong by field.
    pub field_errors: BTreeMap<String, Vec<String>>,
}

/// `data` of a refused transition, by key or by `scan`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "reason", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum TransitionRefusal {
    /// By key: already in, or not in.
    NoopTransition {
        /// What was asked.
        kind: ScanKind,
        /// What the key named.
        target_type: TargetType,
        /// The order's state, where the key named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderReference>,
        /// The ticket's state, where the key named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<Box<Ticket>>,
    },
    /// By key: the ticket is for another event.
    EventMismatch {
        /// What was asked.
        kind: ScanKind,
        /// What the key named.
        target_type: TargetType,
        /// The event that was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        requested_event_id: Option<String>,
        /// The event that the ticket is for.
        event: EventReference,
        /// The order's state, where the key named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderReference>,
        /// The ticket's state, where the key named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<Box<Ticket>>,
    },
    /// By key, orders only: some are in, some are not; ask, then repeat with `allowPartialOrderCheckIn`.
    PartialOrderConfirmationRequired {
        /// What was asked.
        kind: ScanKind,
        /// Always the order.
        target_type: TargetType,
        /// The order's state.
        order: OrderReference,
    },
    /// By key: not a tier or section of this gate.
    FilteredOut {
        /// What was asked.
        kind: ScanKind,
        /// What the key named.
        target_type: TargetType,
        /// The order's state, where the key named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderReference>,
        /// The ticket's state, where the key named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<Box<Ticket>>,
    },
    /// By `scan`, embedded service only.
    AlreadyCheckedIn {
        /// What was asked.
        kind: ScanKind,
        /// Always the ticket.
        target_type: TargetType,
        /// The ticket's state.
        ticket: Box<Ticket>,
    },
    /// By `scan`, embedded service only.
    NotCheckedIn {
        /// What was asked.
        kind: ScanKind,
        /// Always the ticket.
        target_type: TargetType,
        /// The ticket's state.
        ticket: Box<Ticket>,
    },
    /// By `scan`, embedded service only.
    TicketCancelled {
        /// What was asked.
        kind: ScanKind,
        /// Always the ticket.
        target_type: TargetType,
        /// The ticket's state.
        ticket: Box<Ticket>,
    },
}
