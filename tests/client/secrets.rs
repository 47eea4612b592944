//! Nothing that an error, a client or a request shows of itself may name a guest or open a door.

use doorlist::api::TicketFilter;
use doorlist::domain::{OrderId, TicketId};
use serde_json::json;
use wiremock::ResponseTemplate;

use super::support::*;

const SIGNATURE: &str = "c2lnbmF0dXJlMTIz";

fn assert_harmless(shown: &str) {
    for hidden in [TOKEN, SIGNATURE, "Lovelace", "ada@example.com", "orderSignature"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

fn signed() -> TicketFilter {
    TicketFilter {
        signature: Some(SIGNATURE.into()),
        query: Some("Lovelace".into()),
        ..TicketFilter::of_order(OrderId::from_service("ord_1"))
    }
}

#[tokio::test]
async fn errors_of_the_network_show_no_address() {
    let hung_up = raw_service(vec![Vec::new()]).await;
    for base in [hung_up.as_str(), "http://127.0.0.1:1"] {
        let error = client(base).tickets(&signed()).await.unwrap_err();
        assert_harmless(&format!("{error} {error:?}"));
    }
}

#[tokio::test]
async fn errors_of_the_service_show_neither_its_words_nor_the_ticket() {
    let mut refusal = error_body(400, "BAD_REQUEST", true);
    refusal["message"] = json!("Lovelace is in already");
    refusal["data"] = json!({"reason": "ALREADY_CHECKED_IN", "kind": "CHECK_IN", "targetType": "ticket",
                             "ticket": ticket("REDEEMED", &[])});
    let wrong_shape = json!({"ticket": {"id": TICKET, "status": "Lovelace"}});
    for response in [json_body(400, &refusal), json_body(200, &wrong_shape)] {
        let server = service("GET", &format!("/tickets/{TICKET}"), response).await;
        let error = client(&server.uri()).ticket(&TicketId::from_service(TICKET)).await.unwrap_err();
        assert_harmless(&format!("{error} {error:?}"));
    }
}

#[tokio::test]
async fn a_client_shows_no_token() {
    let server = service("GET", "/users/me", ResponseTemplate::new(200)).await;
    assert_harmless(&format!("{:?} {:?}", client(&server.uri()), settings(&server.uri())));
    assert_harmless(&format!("{:?}", client(&server.uri()).all_tickets(signed())));
}

#[test]
fn a_filter_shows_no_signature() {
    assert!(!format!("{:?}", signed()).contains(SIGNATURE));
}
