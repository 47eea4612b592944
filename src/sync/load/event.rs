//! Which event it is, and whose token.

use tokio::time::Instant;

use crate::api::{EventFilter, EventStatus};
use crate::domain::{Event, EventId, Operator, SafeText, Trouble, UserId};
use crate::sync::Report;
use crate::sync::line::Line;
use crate::sync::shelf::zone_of;
use crate::wire;

/// Most events that a message names.
const MAX_NAMED: usize = 5;

/// Loads the event with its tiers and sections, and says which one it is.
pub(super) async fn load(line: &Line, sequence: u64) -> Result<Event, Trouble> {
    let key = match &line.settings().event {
        Some(key) => key.clone(),
        None => named_event(line).await?.as_str().to_owned(),
    };
    let asked = Instant::now();
    let event = line.judged(asked, line.client().event(&key).await).await?;
    let event = Event::from(event);
    line.event_known(event.summary.id.clone()).await;
    let zone = zone_of(&event);
    line.report(Report::Event { sequence, event: Box::new(event.clone()), zone }).await;
    Ok(event)
}

/// The only event that is coming up; where there are more, the last one, or the operator has to say which.
///
/// It is asked for once in a run: what is coming up later in the evening changes nothing at this door.
async fn named_event(line: &Line) -> Result<EventId, Trouble> {
    if let Some(event) = line.named_event() {
        return Ok(event);
    }
    let filter = EventFilter { status: Some(EventStatus::Upcoming), ..EventFilter::default() };
    let asked = Instant::now();
    let list = line.judged(asked, line.client().events(&filter).await).await?;
    let is_listed = |event: &EventId| list.events.iter().any(|listed| listed.id == event.as_str());
    let named = match (list.events.as_slice(), line.open_event()) {
        ([], Some(open)) => open,
        ([], None) => {
            return Err(Trouble::EventUnclear { message: "the service has no upcoming event".into() });
        }
        ([event], Some(open)) if event.id != open.as_str() => {
            line.report(Report::OtherEvent(EventId::from_service(event.id.as_str()))).await;
            return Ok(open);
        }
        ([event], _) => EventId::from_service(event.id.as_str()),
        (events, open) => match open.or_else(|| line.settings().memory.as_ref()?.last_event()) {
            Some(chosen) if is_listed(&chosen) => chosen,
            _ => return Err(Trouble::EventUnclear { message: name_some(events) }),
        },
    };
    line.name_event(&named);
    Ok(named)
}

fn name_some(events: &[wire::Event]) -> SafeText {
    let named: Vec<_> = events.iter().take(MAX_NAMED).map(|event| format!("{} ({})", event.name, event.id)).collect();
    let more = if events.len() > MAX_NAMED { ", …" } else { "" };
    SafeText::from(format!("several events are coming up: {}{more}", named.join(", ")))
}

/// Learns whose token it is, and whether that is known now; the console works without knowing.
pub(in crate::sync) async fn identify(line: &Line) -> bool {
    let token = line.token();
    match line.client().me().await {
        Ok(wire::Me { user: Some(user), .. }) => {
            let name = format!("{} {}", user.first_name, user.last_name);
            let operator = Operator { user: Some(UserId::from_service(user.id)), name: name.trim().into(), role: None };
            // An answer to a question that was asked with the token before tells nothing of this one.
            line.identified(token, operator).await
        }
        Ok(wire::Me { user: None, .. }) => false,
        Err(error) => {
            tracing::info!(trouble = Trouble::from(&error).name(), "operator unknown");
            false
        }
    }
}
