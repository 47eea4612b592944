//! The roster and what an event adds up to: light reads for whoever wants the whole event soon.

use futures::FutureExt;

use super::client::Call;
use super::{ApiError, Client, Pages};
use crate::domain::EventId;
use crate::wire::{Attendance, RosterIndex, RosterList};

/// Rows a page: as many as the service gives.
const PAGE: &str = "100";

/// Where a page of the roster starts.
enum Place {
    /// At the row of an anchor, itself included.
    Anchor(String),
    /// Behind the page that gave this cursor.
    Cursor(String),
}

impl Client {
    /// The letters of the roster, how many guests each has, and where it starts.
    pub async fn roster_index(&self, event: &EventId) -> Result<RosterIndex, ApiError> {
        let call = Call::get("ticket.attendees.index", &["tickets", "attendees", "index"]);
        self.call(call.with("eventId", Some(event.as_str()))).await
    }

    /// The roster from `anchor` on, page by page, to its end.
    #[must_use]
    pub fn roster_from(&self, event: &EventId, anchor: &str) -> Pages<RosterList> {
        let (client, event, anchor) = (self.clone(), event.clone(), anchor.to_owned());
        Pages::new(None, move |cursor| {
            let (client, event) = (client.clone(), event.clone());
            let place = cursor.map_or_else(|| Place::Anchor(anchor.clone()), Place::Cursor);
            async move { client.roster(&event, place).await }.boxed()
        })
    }

    async fn roster(&self, event: &EventId, place: Place) -> Result<RosterList, ApiError> {
        let call = Call::get("ticket.attendees.list", &["tickets", "attendees"])
            .with("eventId", Some(event.as_str()))
            .with("limit", Some(PAGE));
        let call = match place {
            Place::Anchor(anchor) => call.with("anchor", Some(anchor)),
            Place::Cursor(cursor) => call.with("cursor", Some(cursor)),
        };
        self.call(call).await
    }

    /// How many tickets of the event are valid, and how many of these are in.
    pub async fn attendance(&self, event: &EventId) -> Result<Attendance, ApiError> {
        let path = ["events", event.as_str(), "performance", "attendance"];
        let call = Call::get("event.performance.attendance", &path);
        self.call(call.with("includeAdmission", Some("false")).with("includeSection", Some("false"))).await
    }
}
