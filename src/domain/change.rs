//! Changes of the service's records that are no scans, and what came of them.

use super::TicketStatus::{Active, Cancelled};
use super::{
    AdmissionId, Attendee, AttendeeField, CustomerId, EventId, OrderId, SafeText, Ticket, TicketId, TicketStatus,
    Trouble,
};

/// What a person wants changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Something of a ticket that is there.
    Ticket {
        /// Which ticket.
        ticket: TicketId,
        /// What of it.
        change: TicketChange,
    },
    /// A free order with its tickets.
    FreeOrder(FreeOrder),
    /// One more ticket on an order.
    ExtraTicket(ExtraTicket),
}

/// What changes of a ticket, together with what it was when the person saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketChange {
    /// Other texts in some fields of its attendee.
    Correct(Vec<FieldChange>),
    /// Another tier.
    Move {
        /// The tier that was shown.
        from: AdmissionId,
        /// The tier that it shall have.
        to: AdmissionId,
    },
    /// It is no longer valid.
    Cancel {
        /// The status that was shown.
        from: TicketStatus,
    },
    /// It is valid again.
    Reactivate,
}

/// Another text in one field of an attendee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Which field.
    pub field: AttendeeField,
    /// What was shown.
    pub from: SafeText,
    /// What shall stand there.
    pub to: SafeText,
}

/// A complimentary order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeOrder {
    /// Tells a repeat from another order; 1–255 characters.
    pub key: String,
    /// For which event.
    pub event: EventId,
    /// Of which tier.
    pub admission: AdmissionId,
    /// How many tickets.
    pub quantity: u16,
    /// Whose; the service takes no phone number with an order.
    pub guest: Attendee,
    /// Why it is free.
    pub reason: SafeText,
    /// Whether the service mails the tickets.
    pub notify: bool,
}

/// One more ticket on an order that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraTicket {
    /// Which order.
    pub order: OrderId,
    /// That order's customer.
    pub customer: CustomerId,
    /// Of which tier.
    pub admission: AdmissionId,
    /// Whom it admits.
    pub guest: Attendee,
    /// The order's tickets before the first attempt, where an attempt had no answer: ours is none of them.
    pub before: Option<Vec<TicketId>>,
}

/// How a change ended, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// The service has it.
    Made(Made),
    /// The ticket is not what was shown, so nothing was sent.
    Differs(Box<Ticket>),
    /// The service refused; nothing changed.
    Refused(Faults),
    /// It was sent, and no answer came: neither a success nor a failure.
    Unknown {
        /// What kept the answer away.
        trouble: Trouble,
        /// For [`ExtraTicket::before`] of a repeat.
        before: Option<Vec<TicketId>>,
    },
    /// It did not happen.
    Failed(Trouble),
}

/// What the service has after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The tickets that were changed or issued; none where an order was issued and its tickets could not be read.
    pub tickets: Vec<Ticket>,
    /// The order that was issued, or that a ticket was added to.
    pub order: Option<OrderId>,
}

/// What the service finds wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults {
    /// With one field.
    pub fields: Vec<(AttendeeField, SafeText)>,
    /// With the whole.
    pub form: Vec<SafeText>,
}

impl FieldChange {
    /// The fields in which `wanted` is another than `shown`.
    #[must_use]
    pub fn between(shown: &Attendee, wanted: &Attendee) -> Vec<Self> {
        let change = |field| {
            let (from, to) = (shown.field(field), wanted.field(field));
            (from != to).then(|| Self { field, from: from.into(), to: to.into() })
        };
        AttendeeField::ALL.into_iter().filter_map(change).collect()
    }
}

impl TicketChange {
    /// Whether the ticket already is as it shall be.
    #[must_use]
    pub fn is_made_in(&self, ticket: &Ticket) -> bool {
        match self {
            Self::Correct(fields) => fields.iter().all(|change| ticket.attendee.field(change.field) == &*change.to),
            Self::Move { to, .. } => ticket.admission.id == *to,
            Self::Cancel { .. } => ticket.status == Cancelled,
            Self::Reactivate => ticket.status == Active,
        }
    }

    /// Whether the ticket, where the change would touch it, still is as it was shown.
    #[must_use]
    pub fn fits(&self, ticket: &Ticket) -> bool {
        match self {
            Self::Correct(fields) => fields.iter().all(|change| ticket.attendee.field(change.field) == &*change.from),
            Self::Move { from, .. } => ticket.admission.id == *from,
            Self::Cancel { from } => ticket.status == *from,
            Self::Reactivate => ticket.status == Cancelled,
        }
    }
}

impl ExtraTicket {
    /// Whether `ticket`, of the order as it is now, is the one that an earlier attempt issued.
    #[must_use]
    pub fn is_issued_as(&self, ticket: &Ticket, before: &[TicketId]) -> bool {
        let same = |field| ticket.attendee.field(field) == self.guest.field(field);
        !before.contains(&ticket.id)
            && ticket.admission.id == self.admission
            && [AttendeeField::FirstName, AttendeeField::LastName, AttendeeField::Email].into_iter().all(same)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rstest::rstest;

    use super::super::{AdmissionSummary, EventSummary, Price};
    use super::TicketStatus::Redeemed;
    use super::*;

    fn ticket(status: TicketStatus) -> Ticket {
        let at = "2026-03-03T18:00:00".parse().unwrap();
        Ticket {
            id: TicketId::from_service("tkt_1"),
            status,
            attendee: ada(),
            order_id: OrderId::from_service("ord_1"),
            customer_id: CustomerId::from_service("cus_1"),
            event: Arc::new(EventSummary {
                id: EventId::from_service("evt_1"),
                name: "Night".into(),
                venue: "Pier".into(),
                time_zone: "UTC".into(),
                entry_starts_at: at,
                entry_ends_at: at,
            }),
            admission: Arc::new(AdmissionSummary {
                id: AdmissionId::from_service("adm_floor"),
                name: "Floor".into(),
                price: Price::default(),
                entry_starts_at: at,
                entry_ends_at: at,
            }),
            section: None,
            scans: Vec::new(),
            created_at: jiff::Timestamp::UNIX_EPOCH,
            updated_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn ada() -> Attendee {
        Attendee { first_name: "Ada".into(), last_name: "Lovelace".into(), email: "ada@x.org".into(), phone: None }
    }

    fn change(field: AttendeeField, from: &str, to: &str) -> FieldChange {
        FieldChange { field, from: from.into(), to: to.into() }
    }

    #[test]
    fn only_what_is_another_changes() {
        let mut wanted = ada();
        assert_eq!(FieldChange::between(&ada(), &wanted), []);
        wanted.email = "ada@y.org".into();
        wanted.phone = Some("0412".into());
        let expected =
            [change(AttendeeField::Email, "ada@x.org", "ada@y.org"), change(AttendeeField::Phone, "", "0412")];
        assert_eq!(FieldChange::between(&ada(), &wanted), expected);
    }

    #[rstest]
    #[case::correct(TicketChange::Correct(vec![change(AttendeeField::Email, "ada@x.org", "a@y.org")]), Active, (false, true))]
    #[case::corrected(TicketChange::Correct(vec![change(AttendeeField::Email, "ada@z.org", "ada@x.org")]), Active, (true, false))]
    #[case::elsewhere(TicketChange::Correct(vec![change(AttendeeField::LastName, "Byron", "King")]), Active, (false, false))]
    #[case::move_(TicketChange::Move { from: floor(), to: vip() }, Active, (false, true))]
    #[case::moved(TicketChange::Move { from: vip(), to: floor() }, Active, (true, false))]
    #[case::cancel(TicketChange::Cancel { from: Active }, Active, (false, true))]
    #[case::came_in(TicketChange::Cancel { from: Active }, Redeemed, (false, false))]
    #[case::cancelled(TicketChange::Cancel { from: Active }, Cancelled, (true, false))]
    #[case::reactivate(TicketChange::Reactivate, Cancelled, (false, true))]
    #[case::reactivated(TicketChange::Reactivate, Active, (true, false))]
    #[case::came_in_since(TicketChange::Reactivate, Redeemed, (false, false))]
    fn a_ticket_tells_whether_a_change_is_made_or_still_fits(
        #[case] change: TicketChange,
        #[case] status: TicketStatus,
        #[case] expected: (bool, bool),
    ) {
        let ticket = ticket(status);
        assert_eq!((change.is_made_in(&ticket), change.fits(&ticket)), expected);
    }

    fn floor() -> AdmissionId {
        AdmissionId::from_service("adm_floor")
    }

    fn vip() -> AdmissionId {
        AdmissionId::from_service("adm_vip")
    }

    #[test]
    fn a_ticket_of_the_order_is_ours_only_if_it_was_not_there_before() {
        let ours = ExtraTicket {
            order: OrderId::from_service("ord_1"),
            customer: CustomerId::from_service("cus_1"),
            admission: floor(),
            guest: ada(),
            before: None,
        };
        let found = ticket(Active);
        assert!(ours.is_issued_as(&found, &[TicketId::from_service("tkt_0")]));
        assert!(!ours.is_issued_as(&found, std::slice::from_ref(&found.id)));
        assert!(!ExtraTicket { admission: vip(), ..ours.clone() }.is_issued_as(&found, &[]));
        let guest = Attendee { first_name: "Byron".into(), ..ada() };
        assert!(!ExtraTicket { guest, ..ours }.is_issued_as(&found, &[]));
    }
}
