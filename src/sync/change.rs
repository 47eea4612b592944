//! A change of the service's records: read first, sent once, and settled by reading.
//!
//! The service has no version to compare and, but for complimentary orders, no key that makes a repeat harmless.
//! So a ticket is read before it is changed, and nothing is sent where it is not what the person saw; and where
//! no answer came, the records tell whether the change was made.

mod faults;

use std::time::Duration;

use futures::TryFutureExt as _;
use tokio::time::Instant;

use self::faults::refused_or_failed;
use super::Report;
use super::line::Line;
use crate::api::{ApiError, Client, RetryPolicy, TicketFilter};
use crate::domain::{
    Change, ChangeOutcome, CustomerId, ExtraTicket, FreeOrder, Made, OrderId, Ticket, TicketChange, TicketId, Trouble,
};
use crate::wire::{self, ComplimentaryOrder, CreateTicket, UpdateTicket};

/// Makes the change and reports how it ended.
pub(super) async fn run(line: Line, sequence: u64, change: Change) {
    let desk = Desk { line: &line, client: line.client().with_retry(PATIENCE) };
    let (what, outcome) = match &change {
        Change::Ticket { ticket, change } => (change_name(change), desk.change_ticket(ticket, change).await),
        Change::FreeOrder(order) => ("free order", desk.issue_order(order).await),
        Change::ExtraTicket(extra) => ("extra ticket", desk.add_ticket(extra).await),
    };
    tracing::info!(sequence, what, outcome = outcome_name(&outcome), "change ended");
    line.report(Report::Changed { sequence, outcome: Box::new(outcome) }).await;
}

/// A person waits for the answer, with a form open: the patience of a list that loads would be too much.
const PATIENCE: RetryPolicy = RetryPolicy {
    attempts: 3,
    base: Duration::from_millis(200),
    cap: Duration::from_secs(2),
    deadline: Duration::from_secs(15),
};

/// Where changes are made.
struct Desk<'a> {
    line: &'a Line,
    client: Client,
}

impl Desk<'_> {
    async fn change_ticket(&self, id: &TicketId, change: &TicketChange) -> ChangeOutcome {
        let ticket = match self.read(id).await {
            Ok(ticket) => ticket,
            Err(error) => return ChangeOutcome::Failed(Trouble::from(&error)),
        };
        // Made already: by an earlier attempt of ours whose answer was lost, or by somebody who wanted the same.
        if change.is_made_in(&ticket) {
            return made(vec![ticket], None);
        }
        if !change.fits(&ticket) {
            return ChangeOutcome::Differs(Box::new(ticket));
        }
        let input = UpdateTicket::from(change);
        match self.ask(self.client.update_ticket(id, &input)).await {
            Ok(answer) => self.updated(id, change, answer).await,
            Err(error) => self.not_updated(id, change, &error).await,
        }
    }

    /// The service says that it has the change: the ticket as it is now.
    async fn updated(&self, id: &TicketId, change: &TicketChange, answer: wire::Ticket) -> ChangeOutcome {
        let answered = self.decode(answer);
        let is_made = answered.id == *id && change.is_made_in(&answered);
        let ticket = match self.read(id).await {
            Ok(ticket) if answered.id != *id || ticket.supersedes(&answered) => ticket,
            _ => answered,
        };
        if is_made { made(vec![ticket], None) } else { ChangeOutcome::Differs(Box::new(ticket)) }
    }

    async fn not_updated(&self, id: &TicketId, change: &TicketChange, error: &ApiError) -> ChangeOutcome {
        let is_conflict = error.status() == Some(409);
        if !is_conflict && !error.outcome_unknown() {
            return refused_or_failed(error);
        }
        match self.read(id).await {
            Ok(ticket) if change.is_made_in(&ticket) => made(vec![ticket], None),
            Ok(ticket) if is_conflict => ChangeOutcome::Differs(Box::new(ticket)),
            _ if is_conflict => ChangeOutcome::Failed(Trouble::Conflict),
            _ => ChangeOutcome::Unknown { trouble: Trouble::from(error), before: None },
        }
    }

    /// The key makes a repeat harmless, so the client repeats it by itself.
    async fn issue_order(&self, order: &FreeOrder) -> ChangeOutcome {
        let input = ComplimentaryOrder::from(order);
        match self.ask(self.client.issue_complimentary(&input)).await {
            Ok(issued) => {
                // Without its tickets an order is issued all the same; they come with the next refresh.
                let tickets = self.tickets_of(&issued.id).await.unwrap_or_default();
                made(tickets, Some(issued.id))
            }
            Err(error) if error.outcome_unknown() => {
                ChangeOutcome::Unknown { trouble: Trouble::from(&error), before: None }
            }
            Err(error) => refused_or_failed(&error),
        }
    }

    /// Without a key, only the order itself tells whether the ticket was added: it is read before and after.
    async fn add_ticket(&self, extra: &ExtraTicket) -> ChangeOutcome {
        let listed = match self.tickets_of(&extra.order).await {
            Ok(listed) => listed,
            Err(error) => return unsettled(extra.before.clone(), &error),
        };
        let before = extra.before.clone().unwrap_or_else(|| listed.iter().map(|ticket| ticket.id.clone()).collect());
        if let Some(ticket) = listed.into_iter().find(|ticket| extra.is_issued_as(ticket, &before)) {
            return made(vec![ticket], Some(extra.order.clone()));
        }
        let mut input = CreateTicket::from(extra);
        match self.customer(extra).await {
            Ok(customer) => input.customer_id = customer,
            Err(error) => return unsettled(extra.before.clone(), &error),
        }
        match self.ask(self.client.create_ticket(&input)).await {
            Ok(ticket) => made(vec![self.decode(ticket)], Some(extra.order.clone())),
            Err(error) if error.outcome_unknown() => self.look_for(extra, before, &error).await,
            Err(error) => refused_or_failed(&error),
        }
    }

    /// The create had no answer: the ticket may be there.
    async fn look_for(&self, extra: &ExtraTicket, before: Vec<TicketId>, error: &ApiError) -> ChangeOutcome {
        let listed = self.tickets_of(&extra.order).await.unwrap_or_default();
        match listed.into_iter().find(|ticket| extra.is_issued_as(ticket, &before)) {
            Some(ticket) => made(vec![ticket], Some(extra.order.clone())),
            None => ChangeOutcome::Unknown { trouble: Trouble::from(error), before: Some(before) },
        }
    }

    /// The order's customer; older services do not tell it with the ticket.
    async fn customer(&self, extra: &ExtraTicket) -> Result<CustomerId, ApiError> {
        if !extra.customer.as_str().is_empty() {
            return Ok(extra.customer.clone());
        }
        let order = self.ask(self.client.order(&extra.order)).await?;
        Ok(order.customer_id.unwrap_or_else(|| extra.customer.clone()))
    }

    async fn read(&self, id: &TicketId) -> Result<Ticket, ApiError> {
        self.ask(self.client.ticket(id)).map_ok(|ticket| self.decode(ticket)).await
    }

    async fn tickets_of(&self, order: &OrderId) -> Result<Vec<Ticket>, ApiError> {
        let mut pages = self.client.all_tickets(TicketFilter::of_order(order.clone()));
        let mut tickets = Vec::new();
        loop {
            let asked = Instant::now();
            let Some(page) = pages.next_page().await else { return Ok(tickets) };
            self.judge(asked, page.as_ref().err()).await;
            tickets.extend(page?.into_iter().map(|ticket| self.decode(ticket)));
        }
    }

    /// Waits for an answer, which also tells how the service does.
    async fn ask<T>(&self, answer: impl Future<Output = Result<T, ApiError>>) -> Result<T, ApiError> {
        let asked = Instant::now();
        let answer = answer.await;
        self.judge(asked, answer.as_ref().err()).await;
        answer
    }

    async fn judge(&self, asked: Instant, error: Option<&ApiError>) {
        self.line.judge(asked, error.map(Trouble::from).as_ref()).await;
    }

    fn decode(&self, ticket: wire::Ticket) -> Ticket {
        self.line.decode(|decoder| decoder.ticket(ticket))
    }
}

const fn made(tickets: Vec<Ticket>, order: Option<OrderId>) -> ChangeOutcome {
    ChangeOutcome::Made(Made { tickets, order })
}

/// Nothing was sent this time; an earlier attempt is as unknown as it was.
fn unsettled(before: Option<Vec<TicketId>>, error: &ApiError) -> ChangeOutcome {
    let trouble = Trouble::from(error);
    if before.is_some() { ChangeOutcome::Unknown { trouble, before } } else { ChangeOutcome::Failed(trouble) }
}

const fn change_name(change: &TicketChange) -> &'static str {
    match change {
        TicketChange::Correct(_) => "correct",
        TicketChange::Move { .. } => "move",
        TicketChange::Cancel { .. } => "cancel",
        TicketChange::Reactivate => "reactivate",
    }
}

const fn outcome_name(outcome: &ChangeOutcome) -> &'static str {
    match outcome {
        ChangeOutcome::Made(_) => "made",
        ChangeOutcome::Differs(_) => "differs",
        ChangeOutcome::Refused(_) => "refused",
        ChangeOutcome::Unknown { .. } => "unknown",
        ChangeOutcome::Failed(_) => "failed",
    }
}
