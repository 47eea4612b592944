//! What goes out: routes, headers, parameters and bodies, as the contract has them.

use doorlist::api::{EventFilter, EventStatus, PageRequest, TicketFilter};
use doorlist::domain::{
    AdmissionId, Attendee, CustomerId, DeviceId, EventId, FreeOrder, OrderId, PromoterId, ScanKind, SectionId,
    TicketId, TicketStatus,
};
use doorlist::wire::{ComplimentaryOrder, CreateTicket, ScanInput, TransitionInput, UpdateTicket};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::support::*;

/// A service that refuses everything and remembers it.
async fn listening() -> MockServer {
    let server = MockServer::start().await;
    let no = json_body(403, &error_body(403, "FORBIDDEN", true));
    Mock::given(any()).respond_with(no).mount(&server).await;
    server
}

async fn last(server: &MockServer) -> Request {
    server.received_requests().await.unwrap().pop().unwrap()
}

fn line(request: &Request) -> String {
    let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{} {}{query}", request.method, request.url.path())
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_request_says_who_asks() {
    let server = listening().await;
    client(&server.uri()).me().await.unwrap_err();
    let request = last(&server).await;
    assert_eq!(header(&request, "x-tenant-id"), Some("tnt_01jq8zv5k3m9x2c7b4n6d8f0ga"));
    assert_eq!(header(&request, "x-api-version"), Some("2025-09-22"));
    assert_eq!(header(&request, "authorization"), Some("Bearer s3cret-t0ken"));
    assert_eq!(header(&request, "accept"), Some("application/json"));
    assert_eq!(header(&request, "user-agent"), Some(concat!("doorlist/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(header(&request, "content-type"), None);
}

#[tokio::test]
async fn without_a_token_none_is_sent() {
    let server = listening().await;
    let settings = doorlist::api::ApiSettings { token: None, ..settings(&server.uri()) };
    doorlist::api::Client::new(&settings).unwrap().event("night").await.unwrap_err();
    assert_eq!(header(&last(&server).await, "authorization"), None);
}

#[tokio::test]
async fn reads_go_to_their_routes() {
    let server = listening().await;
    let client = client(&format!("{}/base/", server.uri()));
    let (event, page) = (EventId::from_service("evt_1"), PageRequest { cursor: Some("a/b=".into()), limit: Some(50) });
    let mut lines = Vec::new();
    macro_rules! note {
        ($call:expr) => {
            $call.await.unwrap_err();
            lines.push(line(&last(&server).await));
        };
    }
    note!(client.ticket(&TicketId::from_service("tkt_1")));
    note!(client.order(&OrderId::from_service("ord_1")));
    note!(client.event("a slug/../with ? and #"));
    note!(client.events(&EventFilter {
        status: Some(EventStatus::Upcoming),
        promoter: Some(PromoterId::from_service("pmt_1")),
        query: Some("né e&f".into()),
        page: page.clone(),
    }));
    note!(client.admission(&event, &AdmissionId::from_service("adm_1")));
    note!(client.admissions(&event, &page));
    note!(client.section(&event, &SectionId::from_service("sct_1")));
    note!(client.sections(&event, &PageRequest::default()));
    note!(client.me());
    assert_eq!(
        lines,
        [
            "GET /base/tickets/tkt_1",
            "GET /base/orders/ord_1",
            "GET /base/events/a%20slug%2F..%2Fwith%20%3F%20and%20%23",
            "GET /base/events?status=UPCOMING&promoterId=pmt_1&query=n%C3%A9+e%26f&limit=50&cursor=a%2Fb%3D",
            "GET /base/events/evt_1/admissions/adm_1",
            "GET /base/events/evt_1/admissions?limit=50&cursor=a%2Fb%3D",
            "GET /base/events/evt_1/sections/sct_1",
            "GET /base/events/evt_1/sections",
            "GET /base/users/me",
        ]
    );
}

#[tokio::test]
async fn tickets_are_listed_by_every_filter() {
    let server = listening().await;
    let filter = TicketFilter {
        order: Some(OrderId::from_service("ord_1")),
        event: Some(EventId::from_service("evt_1")),
        customer: Some(CustomerId::from_service("cus_1")),
        promoter: Some(PromoterId::from_service("pmt_1")),
        status: Some(TicketStatus::Redeemed),
        query: Some("ada".into()),
        signature: None,
        page: PageRequest { cursor: Some("c".into()), limit: Some(7) },
    };
    client(&server.uri()).tickets(&filter).await.unwrap_err();
    let expected = "GET /tickets?orderId=ord_1&eventId=evt_1&customerId=cus_1&promoterId=pmt_1\
                    &status=REDEEMED&query=ada&limit=7&cursor=c";
    assert_eq!(line(&last(&server).await), expected);
}

#[tokio::test]
async fn a_signature_stands_in_the_tokens_place() {
    let server = listening().await;
    let client = client(&server.uri());
    let signed = TicketFilter {
        signature: Some("c2lnbmF0dXJlMTIz".into()),
        ..TicketFilter::of_order(OrderId::from_service("ord_1"))
    };
    client.tickets(&signed).await.unwrap_err();
    let request = last(&server).await;
    assert_eq!(line(&request), "GET /tickets?orderId=ord_1&orderSignature=c2lnbmF0dXJlMTIz");
    assert_eq!(header(&request, "authorization"), None);
    let signature = "c2lnbmF0dXJlMTIz".into();
    client.ticket_by_signature(&TicketId::from_service("tkt_1"), &signature).await.unwrap_err();
    let request = last(&server).await;
    assert_eq!(line(&request), "GET /tickets/tkt_1?signature=c2lnbmF0dXJlMTIz");
    assert_eq!(header(&request, "authorization"), None);
}

#[tokio::test]
async fn changes_carry_their_input() {
    let server = listening().await;
    let client = client(&server.uri());
    let id = TicketId::from_service("tkt_1");
    let mut sent: Vec<(String, Value)> = Vec::new();
    macro_rules! note {
        ($call:expr) => {
            $call.await.unwrap_err();
            let request = last(&server).await;
            assert_eq!(header(&request, "content-type"), Some("application/json"));
            sent.push((line(&request), request.body_json().unwrap()));
        };
    }
    let device_id = Some(DeviceId::from_service("north"));
    note!(client.scan(&id, &ScanInput { kind: ScanKind::CheckOut, device_id: device_id.clone() }));
    let by_key = TransitionInput { device_id, idempotency_key: Some("k".into()), ..TransitionInput::default() };
    note!(client.check_in_by_key("ord_1", &by_key));
    note!(client.check_out_by_key("tkt_1", &TransitionInput::default()));
    note!(client.update_ticket(&id, &UpdateTicket { status: Some(TicketStatus::Cancelled), ..Default::default() }));
    note!(client.create_ticket(&CreateTicket {
        order_id: OrderId::from_service("ord_1"),
        customer_id: CustomerId::from_service("cus_1"),
        admission_id: AdmissionId::from_service("adm_1"),
        status: TicketStatus::Active,
        attendee: None,
        order_item_id: None,
    }));
    note!(client.issue_complimentary(&ComplimentaryOrder::from(&FreeOrder {
        key: "k".into(),
        event: EventId::from_service("evt_1"),
        admission: AdmissionId::from_service("adm_1"),
        quantity: 2,
        guest: Attendee { first_name: "Ada".into(), last_name: "King".into(), email: "ada@x.org".into(), phone: None },
        reason: "Press".into(),
        notify: false,
    })));
    let comp = json!({"orderId": "ord_1", "customerId": "cus_1", "admissionId": "adm_1", "status": "ACTIVE"});
    let free = json!({
        "eventId": "evt_1", "items": [{"quantity": 2, "admissionId": "adm_1"}], "reason": "Press",
        "customer": {"firstName": "Ada", "lastName": "King", "email": "ada@x.org"},
        "notifyCustomer": false, "idempotencyKey": "k",
    });
    assert_eq!(
        sent,
        [
            ("POST /tickets/tkt_1/scan".to_owned(), json!({"kind": "CHECK_OUT", "deviceId": "north"})),
            ("PUT /tickets/ord_1/check-in".to_owned(), json!({"deviceId": "north", "idempotencyKey": "k"})),
            ("PUT /tickets/tkt_1/check-out".to_owned(), json!({})),
            ("PUT /tickets/tkt_1".to_owned(), json!({"status": "CANCELLED"})),
            ("POST /tickets".to_owned(), comp),
            ("POST /orders/complimentary".to_owned(), free),
        ]
    );
}

#[tokio::test]
async fn answers_of_every_operation_are_read() {
    let server = MockServer::start().await;
    let one = json!({"ticket": ticket("ACTIVE", &[])});
    answer(&server, "GET", "/tickets/tkt_1", json_body(200, &one)).await;
    answer(&server, "PUT", "/tickets/tkt_1", json_body(200, &one)).await;
    let all =
        json!({"tickets": [ticket("REDEEMED", &[])], "targetType": "order", "order": {"id": "ord_1", "items": []}});
    answer(&server, "PUT", "/tickets/ord_1/check-in", json_body(200, &all)).await;
    answer(&server, "GET", "/events/night", json_body(200, &json!({"event": {"id": "evt_1", "name": "Night"}}))).await;
    answer(&server, "GET", "/users/me", json_body(200, &json!({"user": null, "members": []}))).await;
    answer(&server, "POST", "/tickets", ResponseTemplate::new(201).set_body_json(&one)).await;
    let client = client(&server.uri());
    let id = TicketId::from_service("tkt_1");
    assert_eq!(client.ticket(&id).await.unwrap().id.as_str(), TICKET);
    assert_eq!(client.update_ticket(&id, &UpdateTicket::default()).await.unwrap().status, TicketStatus::Active);
    let order = client.check_in_by_key("ord_1", &TransitionInput::default()).await.unwrap();
    assert_eq!(order.tickets[0].status, TicketStatus::Redeemed);
    assert_eq!(client.event("night").await.unwrap().name, "Night");
    assert_eq!(client.me().await.unwrap().user, None);
}
