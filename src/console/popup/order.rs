//! Checking in an order: all of it, some by marking, or so many more.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::domain::{OrderId, TicketId};

/// The tickets of one order, and which of them are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderCheckIn {
    /// The order.
    pub order: OrderId,
    /// The row that a mark goes to.
    pub selected: usize,
    /// The tickets that are meant; none of them means all that can come in.
    pub marked: BTreeSet<TicketId>,
    /// So many more shall come in, the first ones that can.
    pub count: Option<usize>,
    /// It was said that some are in already, and asked whether the others shall come in.
    pub asked: bool,
    /// The tickets that a check-in was tried for from here, and when last.
    pub sent: BTreeMap<TicketId, Timestamp>,
}

impl OrderCheckIn {
    /// The whole order is meant until something else is said.
    #[must_use]
    pub const fn new(order: OrderId) -> Self {
        Self { order, selected: 0, marked: BTreeSet::new(), count: None, asked: false, sent: BTreeMap::new() }
    }
}
