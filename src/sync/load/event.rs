//! Which event it is, and whose token.

use tokio::time::Instant;

use crate::api::{EventFilter, EventStatus};
use crate::domain::{Event, Operator, SafeText, Trouble, UserId};
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
        None => only_event(line).await?,
    };
    let asked = Instant::now();
    let event = line.judged(asked, line.client().event(&key).await).await?;
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
    let list = line.judged(asked, line.client().events(&filter).await).await?;
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
pub(in crate::sync) async fn identify(line: &Line) {
    match line.client().me().await {
        Ok(wire::Me { user: Some(user), .. }) => {
            let name = format!("{} {}", user.first_name, user.last_name);
            line.identified(Operator {
                user: Some(UserId::from_service(user.id)),
                name: name.trim().into(),
                role: None,
            })
            .await;
        }
        Ok(wire::Me { user: None, .. }) => {}
        Err(error) => tracing::info!(trouble = Trouble::from(&error).name(), "operator unknown"),
    }
}
