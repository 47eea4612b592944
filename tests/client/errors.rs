//! Every row of the contract's error table, with its body and without.

use std::time::Duration;

use doorlist::api::{ApiError, Failure, Foreign};
use doorlist::domain::{TicketId, Trouble};
use doorlist::wire::{ErrorCode, TransitionInput, TransitionRefusal};
use rstest::rstest;
use serde_json::json;
use wiremock::ResponseTemplate;

use super::support::*;

async fn get(response: ResponseTemplate) -> ApiError {
    let server = service("GET", &format!("/tickets/{TICKET}"), response).await;
    client(&server.uri()).ticket(&TicketId::from_service(TICKET)).await.unwrap_err()
}

fn rejected(message: &str) -> Trouble {
    Trouble::Rejected { message: message.into() }
}

#[rstest]
#[case(400, "BAD_REQUEST", ErrorCode::BadRequest, rejected("No."))]
#[case(401, "UNAUTHORIZED", ErrorCode::Unauthorized, Trouble::Unauthorized)]
#[case(403, "FORBIDDEN", ErrorCode::Forbidden, Trouble::Forbidden)]
#[case(404, "NOT_FOUND", ErrorCode::NotFound, Trouble::NotFound)]
#[case(409, "CONFLICT", ErrorCode::Conflict, Trouble::Conflict)]
#[case(413, "PAYLOAD_TOO_LARGE", ErrorCode::PayloadTooLarge, rejected("No."))]
#[case(418, "TEAPOT", ErrorCode::Other, rejected("No."))]
#[case(422, "INPUT_VALIDATION_FAILED", ErrorCode::InputValidationFailed, rejected("No."))]
#[case(429, "TOO_MANY_REQUESTS", ErrorCode::TooManyRequests, Trouble::RateLimited)]
#[case(500, "INTERNAL_SERVER_ERROR", ErrorCode::InternalServerError, Trouble::ServiceFault { status: 500 })]
#[case(502, "BAD_GATEWAY", ErrorCode::Other, Trouble::ServiceFault { status: 502 })]
#[case(503, "SERVICE_UNAVAILABLE", ErrorCode::Other, Trouble::ServiceFault { status: 503 })]
#[case(504, "GATEWAY_TIMEOUT", ErrorCode::Other, Trouble::ServiceFault { status: 504 })]
#[tokio::test]
async fn every_row_of_the_table(
    #[case] status: u16,
    #[case] name: &str,
    #[case] code: ErrorCode,
    #[case] trouble: Trouble,
) {
    let error = get(json_body(status, &error_body(status, name, true))).await;
    let service = error.service().unwrap();
    assert_eq!((service.status, service.code, service.defined), (status, code, true));
    assert_eq!(Trouble::from(&error), trouble);
    assert_eq!(error.is_transient(), status == 429 || status >= 500);
    assert_eq!(error.outcome_unknown(), status >= 500);
}

#[rstest]
#[case::empty(ResponseTemplate::new(503), Foreign::Empty)]
#[case::html(ResponseTemplate::new(503).set_body_raw("<html>busy</html>", "text/html"), Foreign::NotJson)]
#[case::other_shape(json_body(503, &json!({"error": "busy"})), Foreign::OtherShape)]
#[case::half_an_error(ResponseTemplate::new(503).set_body_raw("{\"defined\":tr", "application/json"), Foreign::OtherShape)]
#[tokio::test]
async fn without_the_contracts_body_the_status_decides(#[case] response: ResponseTemplate, #[case] body: Foreign) {
    let error = get(response.insert_header("retry-after", "7")).await;
    let retry_after = Some(Duration::from_secs(7));
    assert_eq!(*error.failure(), Failure::Status { status: 503, body, retry_after });
    assert_eq!(Trouble::from(&error), Trouble::ServiceFault { status: 503 });
}

#[tokio::test]
async fn validation_errors_name_their_fields() {
    let mut body = error_body(422, "INPUT_VALIDATION_FAILED", true);
    body["data"] = json!({"formErrors": ["too much"], "fieldErrors": {"email": ["not an address"]}});
    let error = get(json_body(422, &body)).await;
    let validation = error.service().unwrap().validation.clone().unwrap();
    assert_eq!(validation.field_errors["email"], ["not an address"]);
    assert_eq!(Trouble::from(&error), rejected("too much; email: not an address"));
}

#[tokio::test]
async fn a_refused_transition_brings_its_reason() {
    let mut body = error_body(400, "BAD_REQUEST", true);
    body["data"] = json!({"reason": "NOOP_TRANSITION", "kind": "CHECK_IN", "targetType": "ticket",
                          "ticket": ticket("REDEEMED", &[])});
    let server = service("PUT", &format!("/tickets/{TICKET}/check-in"), json_body(400, &body)).await;
    let error = client(&server.uri()).check_in_by_key(TICKET, &TransitionInput::default()).await.unwrap_err();
    let refusal = error.service().unwrap().refusal.clone();
    assert!(matches!(refusal, Some(TransitionRefusal::NoopTransition { ticket: Some(_), .. })), "{refusal:?}");
    assert!(!error.outcome_unknown());
}

#[rstest]
#[case("12", Some(12))]
#[case("Thu, 01 Jan 1970 00:00:00 GMT", Some(0))]
#[case("later", None)]
#[tokio::test]
async fn retry_after_is_kept_for_whoever_waits(#[case] value: &str, #[case] seconds: Option<u64>) {
    let response = json_body(429, &error_body(429, "TOO_MANY_REQUESTS", true)).insert_header("retry-after", value);
    assert_eq!(get(response).await.retry_after(), seconds.map(Duration::from_secs));
}
