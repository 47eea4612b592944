//! What is asked of a scan.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{DeviceId, EventId, Gate, ScanId, ScanKind, TicketId, UserId};
use crate::wire::{ScanInput, TransitionInput};

/// Which form of the scan operation is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScanMode {
    /// By key, and the documented form for the rest of the session where a service has no other.
    #[default]
    Auto,
    /// `POST /tickets/{id}/scan`.
    Documented,
    /// `PUT /tickets/{key}/check-in` and `…/check-out`.
    ByKey,
}

/// One scan of one ticket, as the door means it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanRequest {
    /// The ticket.
    pub ticket: TicketId,
    /// In or out.
    pub kind: ScanKind,
    /// This console; unique per installation, so a scan that carries it is ours.
    pub device: DeviceId,
    /// The event that is on; a ticket of another one is refused.
    pub event: Option<EventId>,
    /// What this door admits; a check-out asks nobody.
    pub gate: Gate,
    /// Lets the service tell a repeat from a second scan.
    pub idempotency_key: Option<String>,
    /// The caller knows that the ticket is for this event and this door.
    ///
    /// The documented form checks neither: without this the ticket is read before it is scanned.
    pub vetted: bool,
    /// The token's user, where known: narrows down which scans are ours.
    pub operator: Option<UserId>,
    /// When this scan was first sent, if it may have been before: a refusal may then be of our own success.
    pub first_attempt: Option<Timestamp>,
    /// Scans that were there before, or that belong to others: never taken for this one.
    pub claimed: Vec<ScanId>,
}

impl ScanRequest {
    /// A first scan by `device`, without event, door or key.
    #[must_use]
    pub fn new(ticket: TicketId, kind: ScanKind, device: DeviceId) -> Self {
        Self {
            ticket,
            kind,
            device,
            event: None,
            gate: Gate::default(),
            idempotency_key: None,
            vetted: false,
            operator: None,
            first_attempt: None,
            claimed: Vec::new(),
        }
    }

    pub(super) fn documented(&self) -> ScanInput {
        ScanInput { kind: self.kind, device_id: Some(self.device.clone()) }
    }

    pub(super) fn by_key(&self) -> TransitionInput {
        let gate = if self.kind == ScanKind::CheckIn { self.gate.clone() } else { Gate::default() };
        TransitionInput {
            event_id: self.event.clone(),
            device_id: Some(self.device.clone()),
            admission_ids: Some(gate.admissions).filter(|ids| !ids.is_empty()),
            section_ids: Some(gate.sections).filter(|ids| !ids.is_empty()),
            allow_partial_order_check_in: None,
            idempotency_key: self.idempotency_key.clone(),
        }
    }
}
