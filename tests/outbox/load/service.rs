//! A ticket service without a network: many guests, lists, perhaps a roster, and what happens while a list is read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorlist::api::{Client, Clock, HttpRequest, HttpResponse, Outside, Transport, TransportError};
use futures::future::BoxFuture;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

/// Every answer takes this long; what it says is as old as its question.
pub const LATENCY: Duration = Duration::from_millis(50);
const PAGE: usize = 100;

/// What happens before the n-th page is answered.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    /// The page and all behind it stay out, until [`Service::recovers`].
    Fails,
    /// The page is refused: come back after so many seconds.
    Throttles(u32),
    /// Another door checks this guest in.
    ChecksIn(usize),
    /// The box office gives this guest another name.
    Renames(usize, &'static str),
}

/// What the service has besides lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roster {
    Has,
    /// Every question for it, and for attendance, gets this status.
    Refuses(u16),
    /// No roster, but it counts the valid tickets.
    Counts,
}

/// How the lists, or the roster's index, do not tell the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// The page behind the second is the second.
    GoesRound,
    /// The first page again and again, under ever new cursors.
    RepeatsItself,
    /// Page after page of guests that nobody has heard of.
    GoesOn,
    /// The list ends with its first page.
    EndsEarly,
    /// Every letter has so many guests more than it has.
    Counts(usize),
}

#[derive(Debug)]
struct State {
    lie: Option<Lie>,
    guests: Vec<Guest>,
    deeds: HashMap<usize, Deed>,
    pages: usize,
    is_down: bool,
    /// Cursors of another age are not known any more.
    age: usize,
    under_way: usize,
}

#[derive(Debug, Clone)]
struct Guest {
    id: String,
    name: String,
    /// Where the guest stands in the order of names; a cursor, too.
    place: String,
    status: &'static str,
    changes: usize,
}

/// A request, when it came, and how many were under way with it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub at: Instant,
    pub what: String,
    pub under_way: usize,
}

#[derive(Debug)]
pub struct Service {
    roster: Roster,
    state: Mutex<State>,
    asked: Mutex<Vec<Asked>>,
}

impl Service {
    /// So many guests, every third of them in, their names spread over the alphabet.
    pub fn open(guests: usize, roster: Roster) -> Arc<Self> {
        let guest = |number: usize| {
            let letter = char::from(b'A' + u8::try_from(number % 26).unwrap());
            let status = if number.is_multiple_of(3) { "REDEEMED" } else { "ACTIVE" };
            let (id, name, place) = (format!("tkt_{number:05}"), String::new(), String::new());
            let mut guest = Guest { id, name, place, status, changes: 0 };
            guest.is_called(&format!("{letter}ame{number:05}"));
            guest
        };
        let guests = (0..guests).map(guest).collect();
        let state = State { lie: None, guests, deeds: HashMap::new(), pages: 0, is_down: false, age: 0, under_way: 0 };
        Arc::new(Self { roster, state: Mutex::new(state), asked: Mutex::default() })
    }

    pub fn at_page(self: &Arc<Self>, page: usize, deed: Deed) -> &Arc<Self> {
        self.state.lock().unwrap().deeds.insert(page, deed);
        self
    }

    /// From now on the service lies so, or tells the truth again.
    pub fn lies(&self, lie: Option<Lie>) {
        self.state.lock().unwrap().lie = lie;
    }

    /// Another door checks this guest in, now.
    pub fn checks_in(&self, guest: usize) {
        self.state.lock().unwrap().guests[guest].changes_to("REDEEMED");
    }

    pub fn recovers(&self) {
        self.state.lock().unwrap().is_down = false;
    }

    /// Whatever cursor was given so far means nothing from now on.
    pub fn forgets_cursors(&self) {
        self.state.lock().unwrap().age += 1;
    }

    /// A client that thinks it there, and whose clock shows so much more than it is.
    pub fn client(self: &Arc<Self>, base_url: &str, later: Duration) -> Client {
        let outside = Outside { clock: Arc::new(Later(later)), ..Outside::around(Wire(Arc::clone(self))) };
        crate::offline::client(base_url, outside)
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The requests for pages of lists, by what was asked; and forgets them.
    pub fn takes_pages(&self) -> Vec<String> {
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked
            .into_iter()
            .map(|asked| asked.what)
            .filter(|what| what.contains("/tickets?") || what.contains("attendees?"))
            .collect()
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        let query: HashMap<_, _> = request.url.query_pairs().into_owned().collect();
        let path = request.url.path();
        let parts: Vec<_> = path.trim_start_matches('/').split('/').collect();
        let mut state = self.state.lock().unwrap();
        state.under_way += 1;
        let what = format!("{path}?{}", request.url.query().unwrap_or_default());
        self.asked.lock().unwrap().push(Asked { at: Instant::now(), what, under_way: state.under_way });
        let is_page = matches!(parts[..], ["tickets"] | ["tickets", "attendees"]);
        if is_page && let Some(refusal) = state.turn_page()? {
            return Ok(refusal);
        }
        if is_page && !state.knows_cursor(&query) {
            let body = json!({"defined": true, "code": "BAD_REQUEST", "status": 400, "message": "No such cursor."});
            return Ok(response(400, &body, None));
        }
        let answer = match parts[..] {
            ["users", "me"] => json!({"user": {"id": "usr_1", "firstName": "Robin", "lastName": "Marsh"}}),
            ["events", "evt_1"] => json!({"event": event(state.guests.len())}),
            ["tickets"] => state.list(&query),
            ["tickets", "attendees", ..] | ["events", _, "performance", _] if self.refuses(&parts).is_some() => {
                let status = self.refuses(&parts).unwrap();
                return Ok(response(
                    status,
                    &json!({"defined": true, "code": "NO", "status": status, "message": "No."}),
                    None,
                ));
            }
            ["tickets", "attendees"] => state.roster(&query),
            ["tickets", "attendees", "index"] => state.index(),
            ["events", _, "performance", "attendance"] => attendance(state.guests.len()),
            ["tickets", id] => json!({"ticket": state.guests.iter().find(|guest| guest.id == id).unwrap().whole()}),
            _ => panic!("{parts:?}"),
        };
        Ok(response(200, &answer, None))
    }

    fn refuses(&self, parts: &[&str]) -> Option<u16> {
        match self.roster {
            Roster::Has => None,
            Roster::Refuses(status) => Some(status),
            Roster::Counts => (parts[0] == "tickets").then_some(404),
        }
    }
}

#[derive(Debug)]
struct Later(Duration);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        Timestamp::now() + self.0
    }
}

#[derive(Debug)]
struct Wire(Arc<Service>);

impl Transport for Wire {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let answer = self.0.answer(&request);
            sleep(LATENCY).await;
            self.0.state.lock().unwrap().under_way -= 1;
            answer
        })
    }
}

impl State {
    fn turn_page(&mut self) -> Result<Option<HttpResponse>, TransportError> {
        self.pages += 1;
        match self.deeds.get(&self.pages).copied() {
            Some(Deed::Fails) => self.is_down = true,
            Some(Deed::Throttles(seconds)) => {
                let body =
                    json!({"defined": true, "code": "TOO_MANY_REQUESTS", "status": 429, "message": "Slow down."});
                return Ok(Some(response(429, &body, Some(seconds))));
            }
            Some(Deed::ChecksIn(guest)) => self.guests[guest].changes_to("REDEEMED"),
            Some(Deed::Renames(guest, name)) => self.guests[guest].is_called(name),
            None => {}
        }
        if self.is_down { Err(TransportError::NotSent) } else { Ok(None) }
    }

    fn knows_cursor(&self, query: &HashMap<String, String>) -> bool {
        query.get("cursor").is_none_or(|cursor| cursor.starts_with(&self.cursor("")))
    }

    fn cursor(&self, place: &str) -> String {
        format!("{} {place}", self.age)
    }

    /// In the order of names.
    fn sorted(&self) -> Vec<&Guest> {
        let mut sorted: Vec<_> = self.guests.iter().collect();
        sorted.sort_unstable_by(|a, b| a.place.cmp(&b.place));
        sorted
    }

    fn list(&self, query: &HashMap<String, String>) -> Value {
        if self.lie == Some(Lie::GoesOn) {
            return self.made_up();
        }
        let status = query.get("status");
        let wanted = |guest: &&Guest| status.is_none_or(|status| guest.status == status);
        let rows: Vec<_> = self.sorted().into_iter().filter(wanted).collect();
        let mut query = query.clone();
        if self.lie == Some(Lie::RepeatsItself) {
            query.remove("cursor");
        }
        let mut page = self.page(&rows, &query, Guest::whole);
        match self.lie {
            Some(Lie::GoesRound) => {
                page["after"] = rows.get(PAGE - 1).map_or(Value::Null, |row| json!(self.cursor(&row.place)));
            }
            Some(Lie::RepeatsItself) => page["after"] = json!(self.cursor(&self.pages.to_string())),
            Some(Lie::EndsEarly) => page["after"] = Value::Null,
            Some(Lie::GoesOn | Lie::Counts(_)) | None => {}
        }
        page
    }

    /// A page of guests of whom there is no end.
    fn made_up(&self) -> Value {
        let guest = |number| Guest { id: format!("tkt_{}_{number}", self.pages), ..self.guests[0].clone() };
        let rows: Vec<_> = (0..PAGE).map(|number| guest(number).whole()).collect();
        json!({"tickets": rows, "after": self.cursor(&self.pages.to_string()), "limit": 100})
    }

    fn roster(&self, query: &HashMap<String, String>) -> Value {
        self.page(&self.sorted(), query, Guest::light)
    }

    fn page(&self, rows: &[&Guest], query: &HashMap<String, String>, show: impl Fn(&Guest) -> Value) -> Value {
        assert_eq!(query.get("limit").map(String::as_str), Some("100"));
        let cursor = query.get("cursor").and_then(|cursor| cursor.split_once(' '));
        let start = match (cursor, query.get("anchor")) {
            (Some((_, after)), _) => rows.partition_point(|guest| *guest.place <= *after),
            (None, Some(from)) => rows.partition_point(|guest| guest.place < *from),
            (None, None) => 0,
        };
        let rows = &rows[start..];
        let after = (rows.len() > PAGE).then(|| self.cursor(&rows[PAGE - 1].place));
        json!({"tickets": rows.iter().take(PAGE).map(|guest| show(guest)).collect::<Vec<_>>(), "after": after, "limit": 100})
    }

    fn index(&self) -> Value {
        let sorted = self.sorted();
        let letters = sorted.chunk_by(|a, b| a.name.as_bytes()[0] == b.name.as_bytes()[0]);
        let more = if let Some(Lie::Counts(more)) = self.lie { more } else { 0 };
        let bucket = |letter: &[&Guest]| json!({"key": &letter[0].name[..1], "count": letter.len() + more, "anchor": letter[0].place});
        json!({"buckets": letters.map(bucket).collect::<Vec<_>>()})
    }
}

impl Guest {
    fn is_called(&mut self, name: &str) {
        (self.name, self.place) = (name.to_owned(), format!("{name} {}", self.id));
        self.changes += 1;
    }

    fn changes_to(&mut self, status: &'static str) {
        (self.status, self.changes) = (status, self.changes + 1);
    }

    fn attendee(&self) -> Value {
        json!({"firstName": self.name, "lastName": "Guest", "email": "g@example.com"})
    }

    fn light(&self) -> Value {
        let admission = json!({"id": "adm_1", "name": "Floor", "entryEndsAt": "2026-03-03T12:00:00"});
        json!({"id": self.id, "orderId": "ord_1", "status": self.status, "attendee": self.attendee(), "admission": admission})
    }

    fn whole(&self) -> Value {
        json!({
            "id": self.id, "status": self.status, "orderId": "ord_1", "eventId": "evt_1", "admissionId": "adm_1",
            "attendee": self.attendee(), "event": {"name": "Night"}, "admission": {"name": "Floor"}, "scans": [],
            "customerId": "cus_1", "createdAt": "2026-01-01T00:00:00Z",
            "updatedAt": format!("2026-03-03T08:{:02}:00Z", self.changes),
        })
    }
}

fn attendance(valid: usize) -> Value {
    json!({"totalTickets": valid, "checkedIn": 0, "notCheckedIn": valid, "checkinRate": 0.0, "byAdmission": [], "bySection": []})
}

fn event(sold: usize) -> Value {
    json!({
        "id": "evt_1", "name": "Night", "location": {"name": "Pier 2", "timeZone": "UTC"},
        "entryStartsAt": "2026-03-03T08:00:00", "entryEndsAt": "2026-03-03T12:00:00", "sections": [],
        "admissions": [{"id": "adm_1", "name": "Floor", "capacity": -1, "sold": sold,
                        "entryStartsAt": "2026-03-03T08:00:00", "entryEndsAt": "2026-03-03T12:00:00",
                        "price": {"base": 4500, "booking": 0, "currency": "AUD"}}],
    })
}

fn response(status: u16, body: &Value, retry_after: Option<u32>) -> HttpResponse {
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    headers.extend(retry_after.map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds))));
    HttpResponse { status: StatusCode::from_u16(status).unwrap(), headers, body: Ok(body.to_string().into_bytes()) }
}
