//! Asks the service for the ticket of a code that the list does not have.

use tokio::time::Instant;

use super::Report;
use super::line::Line;
use crate::api::ApiError;
use crate::domain::{Ticket, TicketId, Trouble};

/// Asks once, so that the person at the door has an answer soon, and reports it whatever it is.
pub(super) async fn run(line: Line, sequence: u64, id: TicketId) {
    let asked = Instant::now();
    let found = line.client().once().ticket(&id).await;
    let found = found.map(|ticket| Box::new(line.decode(|decoder| decoder.ticket(ticket))));
    let found = found.map_err(|error: ApiError| Trouble::from(&error)).and_then(|ticket| same(ticket, &id));
    line.judge(asked, found.as_ref().err()).await;
    line.report(Report::LookedUp { sequence, found }).await;
}

/// Another ticket than the one asked for lets nobody in.
fn same(ticket: Box<Ticket>, id: &TicketId) -> Result<Box<Ticket>, Trouble> {
    if ticket.id == *id { Ok(ticket) } else { Err(Trouble::NotTheService { detail: "it sent another ticket.".into() }) }
}
