//! The service's events, for whoever chooses one.

use std::time::Duration;

use tokio::time::Instant;

use super::Report;
use super::line::Line;
use crate::api::{EventFilter, EventStatus, PageRequest};
use crate::domain::{Event, Trouble};

/// Most events that one question brings; more than that are found by their names.
const MOST: u16 = 100;
/// A name is searched for once the typing rests this long.
const TYPING: Duration = Duration::from_millis(150);

/// Lists what is coming up; or, where a name is given, whatever has it, over or not.
pub(super) async fn list(line: Line, sequence: u64, query: String) {
    let page = PageRequest { cursor: None, limit: Some(MOST) };
    let filter = if query.is_empty() {
        EventFilter { status: Some(EventStatus::Upcoming), page, ..EventFilter::default() }
    } else {
        tokio::time::sleep(TYPING).await;
        EventFilter { query: Some(query), page, ..EventFilter::default() }
    };
    let asked = Instant::now();
    let listed = line.client().events(&filter).await.map_err(|error| Trouble::from(&error));
    line.judge(asked, listed.as_ref().err()).await;
    let listed = listed.map(|list| list.events.into_iter().map(|event| Event::from(event).summary).collect());
    line.report(Report::Events { sequence, listed }).await;
}
