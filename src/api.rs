//! The client of the ticket API.
//!
//! [`Client`] speaks the contract's operations and returns [`crate::wire`] shapes; it retries what may be
//! repeated and reports what went wrong as an [`ApiError`], which knows above all whether the request
//! may have been applied. [`Scanner`] sits on top of it and hides which of the two scan forms a service
//! has. Everything outside (network, clock, chance) comes through [`Outside`], so that a simulation can
//! take its place.

mod answer;
mod client;
mod error;
mod hold;
mod operations;
mod outside;
mod pages;
mod retry;
mod roster;
mod scan;
mod settings;
mod transport;

pub use client::Client;
pub use error::{ApiError, Failure, Foreign, ServiceError};
pub use operations::{EventFilter, EventStatus, PageRequest, TicketFilter};
pub use outside::{Clock, Jitter, Outside, SystemClock, ThreadJitter};
pub use pages::Pages;
pub use retry::{Decision, RetryPolicy};
pub use scan::{ScanAnswer, ScanMode, ScanRequest, Scanner};
pub use settings::{ApiSettings, SettingsError};
pub use transport::{BodyFault, HttpRequest, HttpResponse, HttpTransport, Transport, TransportError};
