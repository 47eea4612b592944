//! Whole lists, page by page, over HTTP.

use doorlist::api::{Failure, TicketFilter};
use doorlist::domain::EventId;
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer};

use super::support::*;

async fn page(server: &MockServer, cursor: Option<&str>, body: Value) {
    let mock = Mock::given(method("GET")).and(path("/tickets")).and(query_param("limit", "100"));
    let mock = match cursor {
        Some(cursor) => mock.and(query_param("cursor", cursor)),
        None => mock.and(query_param_is_missing("cursor")),
    };
    mock.respond_with(json_body(200, &body)).expect(1).mount(server).await;
}

fn row(id: &str) -> Value {
    let mut row = ticket("ACTIVE", &[]);
    row["id"] = json!(id);
    row
}

fn everything() -> TicketFilter {
    TicketFilter::of_event(EventId::from_service("evt_1"))
}

async fn ids(server: &MockServer, filter: TicketFilter) -> Vec<String> {
    let rows = client(&server.uri()).all_tickets(filter).collect().await.unwrap();
    rows.into_iter().map(|ticket| ticket.id.as_str().to_owned()).collect()
}

#[tokio::test]
async fn the_current_form_is_walked() {
    let server = MockServer::start().await;
    page(&server, None, json!({"tickets": [row("a")], "after": "one/+=", "before": null, "limit": 100})).await;
    page(&server, Some("one/+="), json!({"tickets": [], "after": "two", "before": "zero", "limit": 100})).await;
    page(&server, Some("two"), json!({"tickets": [row("b"), row("c")], "after": null, "limit": 100})).await;
    assert_eq!(ids(&server, everything()).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn the_documented_form_is_walked() {
    let server = MockServer::start().await;
    page(&server, None, json!({"tickets": [row("a")], "cursor": "one"})).await;
    page(&server, Some("one"), json!({"tickets": [row("b")], "cursor": ""})).await;
    assert_eq!(ids(&server, everything()).await, ["a", "b"]);
}

#[tokio::test]
async fn a_walk_goes_on_from_a_cursor() {
    let server = MockServer::start().await;
    page(&server, Some("one"), json!({"tickets": [row("b")]})).await;
    let mut filter = everything();
    filter.page.cursor = Some("one".into());
    assert_eq!(ids(&server, filter).await, ["b"]);
}

#[tokio::test]
async fn a_service_that_repeats_its_cursor_is_left() {
    let server = MockServer::start().await;
    page(&server, None, json!({"tickets": [row("a")], "after": "one"})).await;
    page(&server, Some("one"), json!({"tickets": [row("b")], "after": "one"})).await;
    let mut walk = client(&server.uri()).all_tickets(everything());
    assert_eq!(walk.next_page().await.unwrap().unwrap().len(), 1);
    // It fails for good: whoever asks again must not take what came for the whole list.
    for _ in 0..2 {
        let error = walk.next_page().await.unwrap().unwrap_err();
        assert_eq!(*error.failure(), Failure::RepeatedCursor);
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}
