//! What was issued.

use crate::domain::{OrderId, TicketId};

/// The tickets that have just been issued; Enter lets the first guest in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The guest.
    pub name: String,
    /// The tier.
    pub tier: String,
    /// The order that they are in.
    pub order: Option<OrderId>,
    /// The tickets; none where they could not be read yet.
    pub tickets: Vec<TicketId>,
}
