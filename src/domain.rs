//! The words and rules of the door: tickets, attendees, scans, and what may follow what.
//!
//! Plain data and pure functions. Nothing here knows of JSON shapes, the network, the disk or the
//! clock: time comes in as an argument, text from outside comes in as [`SafeText`].

mod attendee;
mod audit;
mod change;
mod code;
mod email;
mod entry;
mod event;
mod gate;
mod id;
mod money;
mod outcome;
mod phone;
mod pin;
mod role;
mod rules;
mod scan;
mod text;
mod ticket;
mod transition;

pub use attendee::{Attendee, AttendeeField, FieldFault};
pub use audit::{AuditAct, AuditRecord};
pub use change::{Change, ChangeOutcome, ExtraTicket, Faults, FieldChange, FreeOrder, Made, TicketChange};
pub use code::{Code, Hint};
pub use email::is_email;
pub use entry::{Attempts, Entry, EntryId, EntryState, Operator, SettleReason, Settlement, Why};
pub use event::{Admission, AdmissionSummary, Event, EventSummary, Section, SectionSummary};
pub use gate::{Gate, OfflinePolicy};
pub use id::{
    AdmissionId, CustomerId, DeviceId, EventId, IdError, OrderId, PromoterId, ScanId, SectionId, TeamId, TenantId,
    TicketId, UserId,
};
pub use money::Price;
pub use outcome::{ScanRefusal, Trouble};
pub use phone::digits;
pub use pin::{LONGEST_PIN, Pin, PinHash, SHORTEST_PIN};
pub use role::Role;
pub use rules::Rules;
pub use scan::{Person, Scan, ScanKind};
pub use text::SafeText;
pub use ticket::{Ticket, TicketStatus};
pub use transition::{Act, Refusal, Transition, transition};
