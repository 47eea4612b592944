//! Loading the event and every one of its tickets.

use std::time::Duration;

use futures::future::try_join_all;
use tokio::time::Instant;

use super::Report;
use super::line::Line;
use super::shelf::zone_of;
use crate::api::{ApiError, EventFilter, EventStatus, PageRequest, TicketFilter};
use crate::domain::{Event, EventId, Operator, SafeText, TicketStatus, Trouble, UserId};
use crate::wire;

/// Most rows that the service puts on a page.
const PAGE: u16 = 100;
/// Between two pages of a polite load.
const REST: Duration = Duration::from_millis(100);
/// Most events that a message names.
const MAX_NAMED: usize = 5;

/// Loads everything and reports each step.
pub(super) async fn run(line: Line, sequence: u64, politely: bool) {
    let ended = match load(&line, sequence, politely).await {
        Ok(()) => Report::Loaded { sequence },
        Err(trouble) => {
            tracing::warn!(trouble = trouble.name(), "load ended early");
            Report::NotLoaded { sequence, trouble }
        }
    };
    line.report(ended).await;
}

async fn load(line: &Line, sequence: u64, politely: bool) -> Result<(), Trouble> {
    // Whose token it is may come late; the list does not wait for it.
    let (loaded, ()) = tokio::join!(load_list(line, sequence, politely), identify(line));
    loaded
}

async fn load_list(line: &Line, sequence: u64, politely: bool) -> Result<(), Trouble> {
    let event = load_event(line, sequence).await?;
    let whole = TicketFilter { page: PageRequest { cursor: None, limit: Some(PAGE) }, ..TicketFilter::of_event(event) };
    if politely {
        // One list in the order of names: no scan moves a ticket in it, so nobody slips through.
        return load_tickets(line, sequence, whole, Some(REST)).await;
    }
    // A list knows its next page only from the one before; three lists side by side are three times as fast. Who
    // goes in or out meanwhile may slip from one list to another: the next polite load finds them.
    let by_status = TicketStatus::ALL.map(|status| TicketFilter { status: Some(status), ..whole.clone() });
    try_join_all(by_status.map(|filter| load_tickets(line, sequence, filter, None))).await?;
    Ok(())
}

async fn load_tickets(line: &Line, sequence: u64, filter: TicketFilter, rest: Option<Duration>) -> Result<(), Trouble> {
    let mut pages = line.client().all_tickets(filter);
    loop {
        let asked = Instant::now();
        let Some(page) = pages.next_page().await else { return Ok(()) };
        let page = judged(line, asked, page).await?;
        let tickets = line.decode(|decoder| page.into_iter().map(|ticket| decoder.ticket(ticket)).collect());
        line.report(Report::Tickets { sequence, tickets }).await;
        if let Some(rest) = rest {
            tokio::time::sleep(rest).await;
        }
    }
}

/// Loads the event with its tiers and sections, and says which one it is.
async fn load_event(line: &Line, sequence: u64) -> Result<EventId, Trouble> {
    let key = match &line.settings().event {
        Some(key) => key.clone(),
        None => only_event(line).await?,
    };
    let asked = Instant::now();
    let event = judged(line, asked, line.client().event(&key).await).await?;
    let event = Event::from(event);
    let id = event.summary.id.clone();
    line.event_known(id.clone()).await;
    let zone = zone_of(&event);
    line.report(Report::Event { sequence, event: Box::new(event), zone }).await;
    Ok(id)
}

/// The id of the only upcoming event; where there are more, the operator has to say which.
async fn only_event(line: &Line) -> Result<String, Trouble> {
    let filter = EventFilter { status: Some(EventStatus::Upcoming), ..EventFilter::default() };
    let asked = Instant::now();
    let list = judged(line, asked, line.client().events(&filter).await).await?;
    match list.events.as_slice() {
        [event] => Ok(event.id.clone()),
        [] => Err(Trouble::EventUnclear { message: "the service has no upcoming event".into() }),
        events => Err(Trouble::EventUnclear { message: name_some(events) }),
    }
}

fn name_some(events: &[wire::Event]) -> SafeText {
    let named: Vec<_> = events.iter().take(MAX_NAMED).map(|event| format!("{} ({})", event.name, event.id)).collect();
    let more = if events.len() > MAX_NAMED { ", …" } else { "" };
    SafeText::from(format!("several events are coming up: {}{more}", named.join(", ")))
}

/// Learns whose token it is; the console works without knowing.
async fn identify(line: &Line) {
    match line.client().me().await {
        Ok(wire::Me { user: Some(user), .. }) => {
            let name = format!("{} {}", user.first_name, user.last_name);
            line.identified(Operator { user: Some(UserId::from_service(user.id)), name: name.trim().into() }).await;
        }
        Ok(wire::Me { user: None, .. }) => {}
        Err(error) => tracing::info!(trouble = Trouble::from(&error).name(), "operator unknown"),
    }
}

async fn judged<T>(line: &Line, asked: Instant, answer: Result<T, ApiError>) -> Result<T, Trouble> {
    let answer = answer.map_err(|error| Trouble::from(&error));
    line.judge(asked, answer.as_ref().err()).await;
    answer
}
