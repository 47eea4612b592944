//! The API's JSON shapes, once, for the client, the embedded service and whatever prints or keeps JSON.
//!
//! The shapes are those of the contract's schemas. What the service must send is always written; on
//! the way in only what the console cannot do without is required, so that an older service or a file
//! with fewer fields still reads. [`Decoder`] turns these shapes into the [`crate::domain`], with every
//! text sanitised.

mod currency;
mod decode;
mod error;
mod event;
mod input;
mod order;
mod page;
mod performance;
mod roster;
mod schema;
mod ticket;
mod user;

pub use currency::CURRENCIES;
pub use decode::Decoder;
pub use error::{ErrorBody, ErrorCode, TransitionRefusal, ValidationErrors};
pub use event::{Admission, Event, Image, Images, Location, Section};
pub use input::{
    AttendeePatch, ComplimentaryCustomer, ComplimentaryItem, ComplimentaryOrder, CreateTicket, ScanInput,
    TransitionInput, UpdateTicket,
};
pub use order::{ItemPrice, Order, OrderEvent, OrderItem, OrderPerson, OrderPrice, Payment, TimelineEntry};
pub use page::{
    AdmissionEnvelope, AdmissionList, EventEnvelope, EventList, OrderEnvelope, OrderList, Paged, RosterList,
    SectionEnvelope, SectionList, TicketEnvelope, TicketList,
};
pub use performance::{
    AdmissionPart, Attendance, AttendanceCount, AttendancePoint, AttendanceSeries, DeviceActivity, Granularity, Pace,
    PacePoint, PartPoint, PeakWindow, PointList, ScannerActivity, Scanners, SectionPart, Turnout, TurnoutCount,
};
pub use roster::{RosterAdmission, RosterBucket, RosterIndex, RosterRow, RosterScan, RosterSection};
pub use ticket::{
    Attendee, EventReference, OrderItemReference, OrderReference, Price, Scan, ScannedBy, TargetType, Ticket,
    TicketAdmission, TicketEvent, TicketSection, TicketSectionLocation, TransitionResult,
};
pub use user::{Me, Member, MemberUser, User};
