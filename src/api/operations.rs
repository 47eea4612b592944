//! The contract's operations, one method each.

use futures::FutureExt;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};

use super::client::{Access, Call};
use super::{ApiError, Client, Pages};
use crate::domain::{AdmissionId, CustomerId, EventId, OrderId, PromoterId, SectionId, TicketId, TicketStatus};
use crate::wire::{
    Admission, AdmissionEnvelope, AdmissionList, ComplimentaryOrder, CreateTicket, Event, EventEnvelope, EventList, Me,
    Order, OrderEnvelope, ScanInput, Section, SectionEnvelope, SectionList, Ticket, TicketEnvelope, TicketList,
    TransitionInput, TransitionResult, UpdateTicket,
};

/// Rows a page where a whole list is walked: as many as the service gives.
const WHOLE_LIST_PAGE: u16 = 100;

/// Which tickets to list; the service wants an order, an event, a customer or a promoter.
#[derive(Debug, Clone, Default)]
pub struct TicketFilter {
    /// Of this order.
    pub order: Option<OrderId>,
    /// For this event.
    pub event: Option<EventId>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// Of this promoter.
    pub promoter: Option<PromoterId>,
    /// In this status.
    pub status: Option<TicketStatus>,
    /// In the attendee's name, email or phone.
    pub query: Option<String>,
    /// Opens the order without a token.
    pub signature: Option<SecretString>,
    /// Where to start, and how many rows a page.
    pub page: PageRequest,
}

impl TicketFilter {
    /// Every ticket of an event.
    #[must_use]
    pub fn of_event(event: EventId) -> Self {
        Self { event: Some(event), ..Self::default() }
    }

    /// Every ticket of an order.
    #[must_use]
    pub fn of_order(order: OrderId) -> Self {
        Self { order: Some(order), ..Self::default() }
    }
}

/// Which events to list.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Still to come, or over.
    pub status: Option<EventStatus>,
    /// Of this promoter.
    pub promoter: Option<PromoterId>,
    /// In the name.
    pub query: Option<String>,
    /// Where to start, and how many rows a page.
    pub page: PageRequest,
}

/// Whether an event is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventStatus {
    /// Still to come, or on.
    Upcoming,
    /// Over.
    Ended,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageRequest {
    /// The cursor that the page before gave; none is the first page.
    pub cursor: Option<String>,
    /// Rows, 1 to 100; none is the service's default of 20, or 100 where a whole list is walked.
    pub limit: Option<u16>,
}

impl Client {
    /// One page of tickets.
    pub async fn tickets(&self, filter: &TicketFilter) -> Result<TicketList, ApiError> {
        let access = if filter.signature.is_some() { Access::Signature } else { Access::Token };
        let call = Call::get("ticket.list", &["tickets"])
            .with("orderId", filter.order.as_ref().map(OrderId::as_str))
            .with("eventId", filter.event.as_ref().map(EventId::as_str))
            .with("customerId", filter.customer.as_ref().map(CustomerId::as_str))
            .with("promoterId", filter.promoter.as_ref().map(PromoterId::as_str))
            .with("status", filter.status.map(TicketStatus::as_str))
            .with("query", filter.query.as_deref())
            .with("orderSignature", filter.signature.as_ref().map(ExposeSecret::expose_secret));
        self.call(Call { access, ..paged(call, &filter.page) }).await
    }

    /// All pages of tickets, from the filter's cursor on.
    #[must_use]
    pub fn all_tickets(&self, filter: TicketFilter) -> Pages<TicketList> {
        let client = self.clone();
        Pages::new(filter.page.cursor.clone(), move |cursor| {
            let (client, mut filter) = (client.clone(), filter.clone());
            filter.page = whole_list(&filter.page, cursor);
            async move { client.tickets(&filter).await }.boxed()
        })
    }

    /// One ticket.
    pub async fn ticket(&self, id: &TicketId) -> Result<Ticket, ApiError> {
        let call = Call::get("ticket.get", &["tickets", id.as_str()]);
        Ok(self.call::<TicketEnvelope>(call).await?.ticket)
    }

    /// One ticket, by the signature that its order's customer was sent, without a token.
    pub async fn ticket_by_signature(&self, id: &TicketId, signature: &SecretString) -> Result<Ticket, ApiError> {
        let call =
            Call::get("ticket.get", &["tickets", id.as_str()]).with("signature", Some(signature.expose_secret()));
        Ok(self.call::<TicketEnvelope>(Call { access: Access::Signature, ..call }).await?.ticket)
    }

    /// Checks a ticket in or out by the documented form; never repeated where it may have been applied.
    pub async fn scan(&self, id: &TicketId, input: &ScanInput) -> Result<Ticket, ApiError> {
        let call = Call::change("ticket.scan", Method::POST, &["tickets", id.as_str(), "scan"], input);
        Ok(self.call::<TicketEnvelope>(call).await?.ticket)
    }

    /// Checks in a ticket or an order; repeated at will where the input has an idempotency key.
    pub async fn check_in_by_key(&self, key: &str, input: &TransitionInput) -> Result<TransitionResult, ApiError> {
        let call = Call::change("ticket.checkInByKey", Method::PUT, &["tickets", key, "check-in"], input);
        self.call(Call { repeatable: input.idempotency_key.is_some(), ..call }).await
    }

    /// Checks out a ticket or an order; repeated at will where the input has an idempotency key.
    pub async fn check_out_by_key(&self, key: &str, input: &TransitionInput) -> Result<TransitionResult, ApiError> {
        let call = Call::change("ticket.checkOutByKey", Method::PUT, &["tickets", key, "check-out"], input);
        self.call(Call { repeatable: input.idempotency_key.is_some(), ..call }).await
    }

    /// Changes what `input` names of a ticket; never repeated where it may have been applied.
    pub async fn update_ticket(&self, id: &TicketId, input: &UpdateTicket) -> Result<Ticket, ApiError> {
        let call = Call::change("ticket.update", Method::PUT, &["tickets", id.as_str()], input);
        Ok(self.call::<TicketEnvelope>(call).await?.ticket)
    }

    /// Adds a ticket to an order; never repeated where it may have been applied.
    pub async fn create_ticket(&self, input: &CreateTicket) -> Result<Ticket, ApiError> {
        let call = Call::change("ticket.create", Method::POST, &["tickets"], input);
        Ok(self.call::<TicketEnvelope>(call).await?.ticket)
    }

    /// One order, with its lines and what happened to it.
    pub async fn order(&self, id: &OrderId) -> Result<Order, ApiError> {
        let call = Call::get("order.get", &["orders", id.as_str()]);
        Ok(self.call::<OrderEnvelope>(call).await?.order)
    }

    /// Makes a free order with its tickets; repeated at will where the input has an idempotency key.
    pub async fn issue_complimentary(&self, input: &ComplimentaryOrder) -> Result<Order, ApiError> {
        let call = Call::change("order.createComplimentary", Method::POST, &["orders", "complimentary"], input);
        let repeatable = input.idempotency_key.is_some();
        Ok(self.call::<OrderEnvelope>(Call { repeatable, ..call }).await?.order)
    }

    /// One event with its tiers and sections, by id or by slug.
    pub async fn event(&self, key: &str) -> Result<Event, ApiError> {
        Ok(self.call::<EventEnvelope>(Call::get("event.get", &["events", key])).await?.event)
    }

    /// One page of events.
    pub async fn events(&self, filter: &EventFilter) -> Result<EventList, ApiError> {
        let status = filter.status.map(|status| match status {
            EventStatus::Upcoming => "UPCOMING",
            EventStatus::Ended => "ENDED",
        });
        let call = Call::get("event.list", &["events"])
            .with("status", status)
            .with("promoterId", filter.promoter.as_ref().map(PromoterId::as_str))
            .with("query", filter.query.as_deref());
        self.call(paged(call, &filter.page)).await
    }

    /// All pages of events, from the filter's cursor on.
    #[must_use]
    pub fn all_events(&self, filter: EventFilter) -> Pages<EventList> {
        let client = self.clone();
        Pages::new(filter.page.cursor.clone(), move |cursor| {
            let (client, mut filter) = (client.clone(), filter.clone());
            filter.page = whole_list(&filter.page, cursor);
            async move { client.events(&filter).await }.boxed()
        })
    }

    /// One tier of an event.
    pub async fn admission(&self, event: &EventId, id: &AdmissionId) -> Result<Admission, ApiError> {
        let call = Call::get("admission.get", &["events", event.as_str(), "admissions", id.as_str()]);
        Ok(self.call::<AdmissionEnvelope>(call).await?.admission)
    }

    /// One page of an event's tiers.
    pub async fn admissions(&self, event: &EventId, page: &PageRequest) -> Result<AdmissionList, ApiError> {
        let call = Call::get("admission.list", &["events", event.as_str(), "admissions"]);
        self.call(paged(call, page)).await
    }

    /// All pages of an event's tiers.
    #[must_use]
    pub fn all_admissions(&self, event: EventId) -> Pages<AdmissionList> {
        let client = self.clone();
        Pages::new(None, move |cursor| {
            let (client, event) = (client.clone(), event.clone());
            async move { client.admissions(&event, &whole_list(&PageRequest::default(), cursor)).await }.boxed()
        })
    }

    /// One section of an event.
    pub async fn section(&self, event: &EventId, id: &SectionId) -> Result<Section, ApiError> {
        let call = Call::get("section.get", &["events", event.as_str(), "sections", id.as_str()]);
        Ok(self.call::<SectionEnvelope>(call).await?.section)
    }

    /// One page of an event's sections.
    pub async fn sections(&self, event: &EventId, page: &PageRequest) -> Result<SectionList, ApiError> {
        let call = Call::get("section.list", &["events", event.as_str(), "sections"]);
        self.call(paged(call, page)).await
    }

    /// All pages of an event's sections.
    #[must_use]
    pub fn all_sections(&self, event: EventId) -> Pages<SectionList> {
        let client = self.clone();
        Pages::new(None, move |cursor| {
            let (client, event) = (client.clone(), event.clone());
            async move { client.sections(&event, &whole_list(&PageRequest::default(), cursor)).await }.boxed()
        })
    }

    /// Who the token is, and what it may do.
    pub async fn me(&self) -> Result<Me, ApiError> {
        self.call(Call::get("user.me", &["users", "me"])).await
    }
}

fn paged(call: Call, page: &PageRequest) -> Call {
    call.with("limit", page.limit.map(|limit| limit.to_string())).with("cursor", page.cursor.as_deref())
}

fn whole_list(page: &PageRequest, cursor: Option<String>) -> PageRequest {
    PageRequest { cursor, limit: page.limit.or(Some(WHOLE_LIST_PAGE)) }
}
