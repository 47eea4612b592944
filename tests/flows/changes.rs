//! Changes of the records on the real service: keys in, the screen and the service's own word out.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossterm::event::KeyCode;
use doorlist::api::{
    ApiSettings, Client, HttpRequest, HttpResponse, HttpTransport, Outside, RetryPolicy, TicketFilter, Transport,
    TransportError,
};
use doorlist::domain::{OrderId, TicketId, TicketStatus};
use doorlist::server::{self, DemoEvent, DemoPlan, Service, ServiceSettings};
use doorlist::wire::{AttendeePatch, Ticket, UpdateTicket};
use futures::future::BoxFuture;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use tokio::sync::watch;

use super::evening::Evening;
use super::stage::{Left, Stage};

/// What becomes of requests on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// No connection comes about.
    Closed,
    /// The next change is made, and its answer is lost.
    LosesOneAnswer,
    /// Every change is made, and its answer is lost; reads come through.
    LosesAnswers,
    /// Changes wait on their way until the way is another.
    Holds,
    /// Changes are refused with this status and this body.
    Refuses(u16, &'static str),
}

/// The way to the service, which a test can make worse.
#[derive(Debug)]
struct Line {
    http: HttpTransport,
    way: watch::Sender<Way>,
    /// Changes that went out.
    changes: Mutex<Vec<String>>,
    /// Single tickets that were read.
    reads: watch::Sender<usize>,
}

impl Line {
    /// Waits until so many tickets were read: what changes elsewhere from then on is not in what was read.
    async fn was_read(&self, times: usize) {
        let read = async { self.reads.subscribe().wait_for(|reads| *reads >= times).await.map(|_| ()) };
        tokio::time::timeout(Duration::from_secs(60), read).await.expect("the ticket was not read").unwrap();
    }

    fn becomes(&self, way: Way) {
        self.way.send_replace(way);
    }

    fn changes(&self) -> Vec<String> {
        self.changes.lock().unwrap().clone()
    }
}

/// The line as a client holds it.
#[derive(Debug)]
struct Wire(Arc<Line>);

impl Transport for Wire {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let is_change = request.method != Method::GET;
            let mut way = *self.0.way.borrow();
            if way == Way::Closed {
                return Err(TransportError::NotSent);
            }
            if is_change {
                let said = String::from_utf8(request.body.clone().unwrap_or_default()).unwrap();
                self.0.changes.lock().unwrap().push(format!("{} {said}", request.method));
                way = *self.0.way.subscribe().wait_for(|way| *way != Way::Holds).await.unwrap();
            }
            if let (Way::Refuses(status, body), true) = (way, is_change) {
                let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
                let status = StatusCode::from_u16(status).unwrap();
                return Ok(HttpResponse { status, headers, body: Ok(body.as_bytes().to_vec()) });
            }
            let is_ticket = !is_change && request.url.path().starts_with("/tickets/tkt_");
            let answer = self.0.http.send(request).await;
            self.0.reads.send_modify(|reads| *reads += usize::from(is_ticket));
            match way {
                Way::LosesOneAnswer if is_change => {
                    self.0.becomes(Way::Open);
                    Err(TransportError::Broken)
                }
                Way::LosesAnswers if is_change => Err(TransportError::Broken),
                _ => answer,
            }
        })
    }
}

/// A console on the embedded service, and a client beside it that nothing happens to.
struct Door {
    service: Service,
    demo: DemoEvent,
    line: Arc<Line>,
    /// How the console reaches the service.
    settings: ApiSettings,
    /// Another console's client.
    other: Client,
    stage: Stage,
}

impl Door {
    async fn open() -> Self {
        Self::open_with(|demo| demo.tokens.full.clone()).await
    }

    async fn open_with(token: impl FnOnce(&DemoEvent) -> String) -> Self {
        let plan = DemoPlan { tickets: 60, seed: 7 };
        let settings = ServiceSettings { demo: Some(plan), ..ServiceSettings::temporary() };
        let service = server::start(settings).await.unwrap();
        let demo = service.demo().unwrap().clone();
        let url = service.url();
        let settings = |token: String| ApiSettings {
            base_url: url.clone(),
            tenant: demo.tenant_id.clone(),
            token: Some(token.into()),
            timeout: Duration::from_secs(30),
            allow_insecure: false,
            retry: RetryPolicy::default(),
        };
        let http = HttpTransport::new(&url.parse().unwrap(), Duration::from_secs(30)).unwrap();
        let line = Arc::new(Line {
            http,
            way: watch::Sender::new(Way::Open),
            changes: Mutex::default(),
            reads: watch::Sender::new(0),
        });
        let outside = Outside::around(Wire(Arc::clone(&line)));
        let own = settings(token(&demo));
        let client = Client::with_outside(&own, outside).unwrap();
        let other = Client::new(&settings(demo.tokens.full.clone())).unwrap();
        let mut stage = Stage::open(client, demo.event_id.as_str(), Evening::starting(Timestamp::now()));
        stage.sees(&["Lanterns on the River", "ONLINE", "60 of 60"]).await;
        Self { service, demo, line, settings: own, other, stage }
    }

    /// The first ticket in this status that was never scanned.
    async fn guest(&self, status: TicketStatus) -> Ticket {
        let filter = TicketFilter { status: Some(status), ..TicketFilter::of_event(self.demo.event_id.clone()) };
        let tickets = self.other.tickets(&filter).await.unwrap().tickets;
        tickets.into_iter().find(|ticket| ticket.scans.is_empty()).unwrap()
    }

    /// Selects a ticket by its id.
    async fn select(&mut self, ticket: &Ticket) {
        self.stage.paste(ticket.id.as_str());
        self.stage.sees(&["1 of 60", &ticket.attendee.email]).await;
    }

    async fn now(&self, id: &TicketId) -> Ticket {
        self.other.ticket(id).await.unwrap()
    }

    async fn tickets_of(&self, order: &OrderId) -> Vec<Ticket> {
        self.other.tickets(&TicketFilter::of_order(order.clone())).await.unwrap().tickets
    }

    /// Opens the form on a ticket, and puts another last name into it.
    async fn correct(&mut self, ticket: &Ticket, last: &str) {
        self.select(ticket).await;
        self.rename(last).await;
    }

    /// The same on the selected ticket.
    async fn rename(&mut self, last: &str) {
        self.stage.control('e');
        self.stage.sees(&["Correct the guest"]).await;
        self.stage.press(KeyCode::Tab);
        self.stage.control('u');
        self.stage.type_text(last);
        self.stage.sees(&["was "]).await;
        self.stage.press(KeyCode::Enter);
        self.stage.sees(&["this is what changes", &format!("→ {last}")]).await;
    }

    async fn close(self) {
        self.stage.quit().await.whole().await;
        self.service.shutdown().await;
    }
}

#[tokio::test]
async fn only_the_corrected_field_reaches_the_service() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    door.correct(&guest, "Quillfeather").await;
    assert_eq!(door.line.changes(), Vec::<String>::new(), "nothing is sent before the yes");
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["SAVED", "Quillfeather"]).await;
    assert_eq!(door.line.changes(), [r#"PUT {"attendee":{"lastName":"Quillfeather"}}"#]);
    let after = door.now(&guest.id).await;
    assert_eq!(
        (after.attendee.last_name.as_str(), &after.attendee.first_name),
        ("Quillfeather", &guest.attendee.first_name)
    );
    door.close().await;
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    door.select(&guest).await;
    door.line.was_read(1).await;
    door.rename("Ours").await;
    // News that came now would take the question away before the yes.
    door.line.was_read(2).await;
    let patch = AttendeePatch { last_name: Some("Theirs".into()), ..AttendeePatch::default() };
    let theirs = UpdateTicket { attendee: Some(patch), ..UpdateTicket::default() };
    door.other.update_ticket(&guest.id, &theirs).await.unwrap();
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["Somebody else changed this guest meanwhile", "Ours", "theirs: Theirs"]).await;
    assert_eq!(door.line.changes(), Vec::<String>::new());
    door.stage.press(KeyCode::Enter);
    door.stage.sees(&["this is what changes", "Theirs → Ours"]).await;
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["SAVED"]).await;
    assert_eq!(door.now(&guest.id).await.attendee.last_name, "Ours");
    door.close().await;
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_reading() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    door.correct(&guest, "Quillfeather").await;
    door.line.becomes(Way::LosesOneAnswer);
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["SAVED", "Quillfeather"]).await;
    assert_eq!(door.line.changes().len(), 1, "a change without a key is never repeated by itself");
    door.close().await;
}

#[tokio::test]
async fn without_a_service_nothing_is_lost_of_what_was_typed() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    door.correct(&guest, "Quillfeather").await;
    door.line.becomes(Way::Closed);
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["Nothing was changed.", "The service cannot be reached.", "Quillfeather"]).await;
    door.line.becomes(Way::Open);
    door.stage.press(KeyCode::Enter);
    door.stage.sees(&["→ Quillfeather"]).await;
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["SAVED"]).await;
    door.close().await;
}

#[tokio::test]
async fn a_token_that_may_not_says_so_in_words() {
    let mut door = Door::open_with(|demo| demo.tokens.scanning.clone()).await;
    let guest = door.guest(TicketStatus::Active).await;
    door.correct(&guest, "Quillfeather").await;
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["The token may not do this (403).", "Ask a supervisor", "Quillfeather"]).await;
    assert_eq!(door.now(&guest.id).await.attendee.last_name, guest.attendee.last_name);
    door.close().await;
}

#[tokio::test]
async fn the_services_own_words_stand_beside_the_field() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    door.correct(&guest, "Quillfeather").await;
    door.line.becomes(Way::Refuses(
        422,
        r#"{"defined":true,"code":"INPUT_VALIDATION_FAILED","status":422,"message":"Input validation failed",
            "data":{"formErrors":[],"fieldErrors":{"attendee":["lastName: Too long a quill"]}}}"#,
    ));
    door.stage.press(KeyCode::Char('y'));
    let screen = door.stage.sees(&["nothing was changed", "✗ Too long a quill"]).await;
    let line = screen.lines().find(|line| line.contains("Too long a quill")).unwrap();
    assert!(line.contains("Last name") && line.contains("Quillfeather"), "{line}");
    door.close().await;
}

#[tokio::test]
async fn a_concurrent_change_that_won_is_read_and_shown() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    door.correct(&guest, "Quillfeather").await;
    let conflict = r#"{"defined":true,"code":"CONFLICT","status":409,"message":"A concurrent change won"}"#;
    door.line.becomes(Way::Refuses(409, conflict));
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["Somebody else changed this ticket meanwhile; yours was not taken", "Quillfeather"]).await;
    door.line.becomes(Way::Open);
    door.stage.press(KeyCode::Enter);
    door.stage.sees(&["→ Quillfeather"]).await;
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["SAVED"]).await;
    door.close().await;
}

#[tokio::test]
async fn a_ticket_moves_is_cancelled_and_is_made_valid_again() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    door.select(&guest).await;
    door.stage.control('t');
    door.stage.sees(&["Move ", "Guest List", "no limit"]).await;
    door.stage.type_text("guest list");
    door.stage.press(KeyCode::Enter);
    door.stage.sees(&["Move to another tier", "→ Guest List", "moves the ticket"]).await;
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["MOVED", "→ Guest List"]).await;
    assert_eq!(door.now(&guest.id).await.admission.name, "Guest List");

    door.stage.press(KeyCode::F(8));
    door.stage.sees(&["Cancel the ticket"]).await;
    door.stage.press(KeyCode::Enter);
    door.stage.sees(&["Type cancel to go on."]).await;
    door.stage.type_text("cancel");
    door.stage.press(KeyCode::Enter);
    door.stage.sees(&["TICKET CANCELLED", "no longer valid for entry"]).await;
    assert_eq!(door.now(&guest.id).await.status, TicketStatus::Cancelled);

    door.stage.press(KeyCode::F(7));
    door.stage.sees(&["Make the ticket valid again"]).await;
    door.stage.type_text("valid");
    door.stage.press(KeyCode::Enter);
    door.stage.sees(&["REACTIVATED", "valid for entry again"]).await;
    assert_eq!(door.now(&guest.id).await.status, TicketStatus::Active);
    door.close().await;
}

/// The next console at the door, once the one before has seen through what was on its way; then all comes through.
async fn start_again(mut left: Left, line: &Arc<Line>, settings: &ApiSettings, demo: &DemoEvent) -> Stage {
    left.is_over().await;
    line.becomes(Way::Open);
    let client = Client::with_outside(settings, Outside::around(Wire(Arc::clone(line)))).unwrap();
    Stage::reopened(left, client, demo.event_id.as_str(), Evening::starting(Timestamp::now()))
}

/// Fills in Grace Hopper from the first name on, and goes on to the review.
async fn fill_in_grace(door: &mut Door) {
    for text in ["Grace", "Hopper", "grace@example.com"] {
        door.stage.type_text(text);
        door.stage.press(KeyCode::Tab);
    }
    door.stage.press(KeyCode::Enter);
    door.stage.sees(&["Grace Hopper", "grace@example.com", "issues it"]).await;
}

#[tokio::test]
async fn a_comp_is_issued_once_whatever_is_lost_and_enter_lets_the_guest_in() {
    let mut door = Door::open().await;
    door.stage.press(KeyCode::F(6));
    door.stage.sees(&["Issue a comp"]).await;
    door.stage.press(KeyCode::Tab);
    door.stage.control('u');
    door.stage.type_text("2");
    door.stage.press(KeyCode::Tab);
    fill_in_grace(&mut door).await;
    door.line.becomes(Way::LosesAnswers);
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["BEING VERIFIED", "asks again for the very same"]).await;
    door.line.becomes(Way::LosesOneAnswer);
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["Comp issued", "Grace Hopper", "ord_", "tkt_"]).await;
    let filter =
        TicketFilter { query: Some("grace@example.com".into()), ..TicketFilter::of_event(door.demo.event_id.clone()) };
    let issued = door.other.tickets(&filter).await.unwrap().tickets;
    assert_eq!(issued.len(), 2, "one order of two tickets, however often it was asked for");
    door.stage.press(KeyCode::Enter);
    door.stage.sees(&["CHECKED IN", "Grace Hopper"]).await;
    let after = door.tickets_of(&issued[0].order_id).await;
    assert_eq!(after.iter().filter(|ticket| ticket.status == TicketStatus::Redeemed).count(), 1);
    door.close().await;
}

#[tokio::test]
async fn who_leaves_before_a_comp_is_answered_is_asked_and_reads_of_it_at_the_next_start() {
    let mut door = Door::open().await;
    door.stage.press(KeyCode::F(6));
    door.stage.sees(&["Issue a comp"]).await;
    door.stage.press(KeyCode::Tab);
    door.stage.press(KeyCode::Tab);
    fill_in_grace(&mut door).await;
    door.line.becomes(Way::Holds);
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["asking the service"]).await;
    door.stage.control('q');
    door.stage.sees(&["An answer is still to come", "comp, Grace Hopper", "quit anyway"]).await;
    let left = door.stage.quit().await;
    door.line.becomes(Way::LosesAnswers);
    let mut stage = start_again(left, &door.line, &door.settings, &door.demo).await;
    stage.sees(&["A comp for Grace Hopper had no answer before the restart"]).await;
    stage.quit().await.whole().await;
    door.service.shutdown().await;
}

#[tokio::test]
async fn who_leaves_before_an_answer_that_still_comes_reads_of_it_at_the_next_start() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    door.correct(&guest, "Quillfeather").await;
    door.line.becomes(Way::Holds);
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["asking the service"]).await;
    door.stage.control('q');
    door.stage.sees(&["An answer is still to come", "quit anyway"]).await;
    let left = door.stage.quit().await;
    assert!(!left.engine.is_finished(), "nobody waits for the answer");
    door.line.becomes(Way::Open);
    let mut stage = start_again(left, &door.line, &door.settings, &door.demo).await;
    let screen = stage.sees(&["ONLINE", "60 of 60"]).await;
    assert!(!screen.contains("had no answer"), "{screen}");
    stage.control('d');
    stage.sees(&["Door activity", "SAVED", "Quillfeather"]).await;
    stage.quit().await.whole().await;
    door.service.shutdown().await;
}

#[tokio::test]
async fn one_more_ticket_joins_an_order_once_whatever_is_lost() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    let before = door.tickets_of(&guest.order_id).await.len();
    door.select(&guest).await;
    door.stage.press(KeyCode::F(6));
    door.stage.sees(&["Issue a comp"]).await;
    door.stage.press(KeyCode::Right);
    door.stage.press(KeyCode::Tab);
    door.stage.press(KeyCode::Tab);
    fill_in_grace(&mut door).await;
    door.line.becomes(Way::LosesOneAnswer);
    door.stage.press(KeyCode::Char('y'));
    door.stage.sees(&["Comp issued", "Grace Hopper", guest.order_id.as_str()]).await;
    assert_eq!(door.tickets_of(&guest.order_id).await.len(), before + 1);
    door.stage.press(KeyCode::Esc);
    door.stage.sees(&["COMP ISSUED   Grace Hopper", "1 of 61"]).await;
    assert_eq!(door.line.changes().len(), 1, "to close lets nobody in");
    door.close().await;
}

#[tokio::test]
async fn a_guest_who_has_a_ticket_already_is_named_before_the_yes() {
    let mut door = Door::open().await;
    let guest = door.guest(TicketStatus::Active).await;
    door.stage.press(KeyCode::F(6));
    door.stage.sees(&["Issue a comp"]).await;
    door.stage.press(KeyCode::Tab);
    door.stage.press(KeyCode::Tab);
    for text in ["Somebody", "Else", &guest.attendee.email.to_uppercase()] {
        door.stage.type_text(text);
        door.stage.press(KeyCode::Tab);
    }
    door.stage.press(KeyCode::Enter);
    let name = format!("{} {}", guest.attendee.first_name, guest.attendee.last_name);
    door.stage.sees(&["This guest seems to have", &name]).await;
    assert_eq!(door.line.changes(), Vec::<String>::new());
    door.close().await;
}
