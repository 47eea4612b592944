//! Loading the event and every one of its tickets.

use std::time::Duration;

use futures::future::try_join_all;
use tokio::time::Instant;

use super::Report;
use super::line::Line;
use super::shelf::zone_of;
use crate::api::{ApiError, EventFilter, EventStatus, PageRequest, TicketFilter};
use crate::domain::{Event, Operator, SafeText, Ticket, TicketStatus, Trouble, UserId};
use crate::store::Snapshot;
use crate::wire;

/// Most rows that the service puts on a page.
const PAGE: u16 = 100;
/// Between two pages of a polite load.
const REST: Duration = Duration::from_millis(100);
/// Most events that a message names.
const MAX_NAMED: usize = 5;

/// Loads everything and reports each step; what came whole is saved for the next start.
pub(super) async fn run(line: Line, sequence: u64, politely: bool) {
    let taken_at = line.client().now();
    match load(&line, sequence, politely).await {
        Ok((event, tickets)) => {
            line.report(Report::Loaded { sequence }).await;
            save(&line, Snapshot { taken_at, event, tickets }).await;
        }
        Err(trouble) => {
            tracing::warn!(trouble = trouble.name(), "load ended early");
            line.report(Report::NotLoaded { sequence, trouble }).await;
        }
    }
}

async fn save(line: &Line, snapshot: Snapshot) {
    let Some(store) = line.store().await else { return };
    if let Err(error) = store.write_snapshot(snapshot).await {
        tracing::warn!(%error, "the guest list was not saved");
    }
}

async fn load(line: &Line, sequence: u64, politely: bool) -> Result<(Event, Vec<Ticket>), Trouble> {
    // Whose token it is may come late; the list does not wait for it.
    let (loaded, ()) = tokio::join!(load_list(line, sequence, politely), identify(line));
    loaded
}

async fn load_list(line: &Line, sequence: u64, politely: bool) -> Result<(Event, Vec<Ticket>), Trouble> {
    let event = load_event(line, sequence).await?;
    let id = event.summary.id.clone();
    let whole = TicketFilter { page: PageRequest { cursor: None, limit: Some(PAGE) }, ..TicketFilter::of_event(id) };
    if politely {
        // One list in the order of names: no scan moves a ticket in it, so nobody slips through.
        let tickets = load_tickets(line, sequence, whole, Some(REST)).await?;
        return Ok((event, tickets));
    }
    // A list knows its next page only from the one before; three lists side by side are three times as fast. Who
    // goes in or out meanwhile may slip from one list to another: the next polite load finds them.
    let by_status = TicketStatus::ALL.map(|status| TicketFilter { status: Some(status), ..whole.clone() });
    let lists = try_join_all(by_status.map(|filter| load_tickets(line, sequence, filter, None))).await?;
    Ok((event, lists.concat()))
}

async fn load_tickets(
    line: &Line,
    sequence: u64,
    filter: TicketFilter,
    rest: Option<Duration>,
) -> Result<Vec<Ticket>, Trouble> {
    let mut pages = line.client().all_tickets(filter);
    let mut all = Vec::new();
    loop {
        let asked = Instant::now();
        let Some(page) = pages.next_page().await else { return Ok(all) };
        let page = judged(line, asked, page).await?;
        let tickets: Vec<Ticket> =
            line.decode(|decoder| page.into_iter().map(|ticket| decoder.ticket(ticket)).collect());
        all.extend_from_slice(&tickets);
        line.report(Report::Tickets { sequence, tickets }).await;
        if let Some(rest) = rest {
            tokio::time::sleep(rest).await;
        }
    }
}

/// Loads the event with its tiers and sections, and says which one it is.
async fn load_event(line: &Line, sequence: u64) -> Result<Event, Trouble> {
    let key = match &line.settings().event {
        Some(key) => key.clone(),
        None => only_event(line).await?,
    };
    let asked = Instant::now();
    let event = judged(line, asked, line.client().event(&key).await).await?;
    let event = Event::from(event);
    line.event_known(event.summary.id.clone()).await;
    let zone = zone_of(&event);
    line.report(Report::Event { sequence, event: Box::new(event.clone()), zone }).await;
    Ok(event)
}

/// The id of the only upcoming event; where there are more, the operator has to say which, once.
async fn only_event(line: &Line) -> Result<String, Trouble> {
    let filter = EventFilter { status: Some(EventStatus::Upcoming), ..EventFilter::default() };
    let asked = Instant::now();
    let list = judged(line, asked, line.client().events(&filter).await).await?;
    match list.events.as_slice() {
        [event] => Ok(event.id.clone()),
        [] => Err(Trouble::EventUnclear { message: "the service has no upcoming event".into() }),
        events => match &line.settings().last_event {
            Some(chosen) if events.iter().any(|event| event.id == chosen.as_str()) => Ok(chosen.as_str().to_owned()),
            _ => Err(Trouble::EventUnclear { message: name_some(events) }),
        },
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
