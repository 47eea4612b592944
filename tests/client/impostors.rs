//! Whatever may answer in the service's place, or cut it short: none of it may count as a success.

use doorlist::api::{Client, Failure, Foreign};
use doorlist::domain::{DeviceId, ScanKind, TicketId, Trouble};
use doorlist::wire::{ScanInput, Ticket};
use rstest::rstest;
use serde_json::json;
use wiremock::{MockServer, ResponseTemplate};

use super::support::*;

async fn scan_at(client: &Client) -> Result<Ticket, doorlist::api::ApiError> {
    let input = ScanInput { kind: ScanKind::CheckIn, device_id: Some(DeviceId::from_service("north")) };
    client.scan(&TicketId::from_service(TICKET), &input).await
}

fn ticket_envelope() -> String {
    json!({"ticket": ticket("REDEEMED", &[])}).to_string()
}

#[rstest]
#[case::html(ResponseTemplate::new(200).set_body_raw("<html>Sign in</html>", "text/html"), Foreign::NotJson)]
#[case::json_called_html(ResponseTemplate::new(200).set_body_raw(ticket_envelope(), "text/html"), Foreign::NotJson)]
#[case::empty(ResponseTemplate::new(200), Foreign::Empty)]
#[case::no_content(ResponseTemplate::new(204), Foreign::Empty)]
#[case::other_json(json_body(200, &json!({"ok": true})), Foreign::OtherShape)]
#[case::half_the_json(
    ResponseTemplate::new(200).set_body_raw("{\"ticket\":{\"id\":", "application/json"), Foreign::Truncated
)]
#[tokio::test]
async fn a_success_of_another_kind_is_none(#[case] response: ResponseTemplate, #[case] expected: Foreign) {
    let server = service("POST", &format!("/tickets/{TICKET}/scan"), response).await;
    let error = scan_at(&client(&server.uri())).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::NotTheService { body, .. } if *body == expected), "{error:?}");
    assert!(error.outcome_unknown());
    assert!(matches!(Trouble::from(&error), Trouble::NotTheService { .. }));
}

#[rstest]
#[case(301)]
#[case(302)]
#[case(303)]
#[case(307)]
#[case(308)]
#[tokio::test]
async fn a_redirect_is_neither_followed_nor_a_success(#[case] status: u16) {
    let elsewhere = MockServer::start().await;
    for verb in ["GET", "POST"] {
        let trap = ResponseTemplate::new(200).set_body_raw(ticket_envelope(), "application/json");
        answer(&elsewhere, verb, "/trap", trap).await;
    }
    let target = format!("{}/trap", elsewhere.uri());
    let redirect = ResponseTemplate::new(status).insert_header("location", target.as_str());
    let server = service("POST", &format!("/tickets/{TICKET}/scan"), redirect).await;
    let error = scan_at(&client(&server.uri())).await.unwrap_err();
    assert_eq!(*error.failure(), Failure::NotTheService { status, body: Foreign::Empty });
    assert_eq!(elsewhere.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_body_that_ends_early_leaves_the_outcome_open() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n";
    let base = raw_service(vec![format!("{head}{}", ticket_envelope()).into_bytes()]).await;
    let error = scan_at(&client(&base)).await.unwrap_err();
    assert_eq!(*error.failure(), Failure::NotTheService { status: 200, body: Foreign::Truncated });
    assert!(error.outcome_unknown() && error.is_transient());
}

#[tokio::test]
async fn a_refusal_whose_body_ends_early_is_still_a_refusal() {
    let head = "HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{";
    let base = raw_service(vec![head.into()]).await;
    let error = scan_at(&client(&base)).await.unwrap_err();
    assert_eq!((Trouble::from(&error), error.outcome_unknown()), (Trouble::Forbidden, false));
}

#[rstest]
#[case::hung_up(b"".to_vec())]
#[case::half_a_status_line(b"HTTP/1.1 2".to_vec())]
#[case::no_http_at_all(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())]
#[tokio::test]
async fn a_connection_that_breaks_leaves_the_outcome_open(#[case] answer: Vec<u8>) {
    let base = raw_service(vec![answer]).await;
    let error = scan_at(&client(&base)).await.unwrap_err();
    assert_eq!(*error.failure(), Failure::Broken);
    assert_eq!((Trouble::from(&error), error.outcome_unknown()), (Trouble::Unreachable, true));
}

#[tokio::test]
async fn a_refused_connection_is_certainly_not_sent() {
    // Bound but not listening: the port is nobody else's, and connections to it are refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let base = format!("http://{}", socket.local_addr().unwrap());
    let error = scan_at(&client(&base)).await.unwrap_err();
    assert_eq!(*error.failure(), Failure::NotSent);
    assert_eq!((Trouble::from(&error), error.outcome_unknown()), (Trouble::Unreachable, false));
}

#[rstest]
#[case::announced(format!("content-length: {}\r\n\r\n", 1_u64 << 40), 0)]
#[case::unannounced("connection: close\r\n\r\n".to_owned(), 17 * 1024 * 1024)]
#[tokio::test]
async fn a_body_without_end_is_not_swallowed(#[case] rest: String, #[case] bytes: usize) {
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{rest}").into_bytes();
    answer.resize(answer.len() + bytes, b' ');
    let base = raw_service(vec![answer]).await;
    let error = scan_at(&client(&base)).await.unwrap_err();
    assert_eq!(*error.failure(), Failure::NotTheService { status: 200, body: Foreign::TooLarge });
}
