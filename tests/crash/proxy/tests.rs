//! Each fault does what it says: to the client, and to the service.

use std::time::{Duration, Instant};

use rstest::rstest;
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Fault, Proxy};

const ANSWER: &str = r#"{"ticket":{"id":"tkt_1"}}"#;
const LONG: Duration = Duration::from_millis(30);

/// A service that takes one kind of request, whole and as it was sent.
async fn service() -> MockServer {
    let service = MockServer::start().await;
    let check_in = Mock::given(method("PUT"))
        .and(path("/tickets/tkt_1/check-in"))
        .and(header("authorization", "Bearer t"))
        .and(body_json(serde_json::json!({"deviceId": "door-1"})));
    check_in.respond_with(ResponseTemplate::new(200).set_body_raw(ANSWER, "application/json")).mount(&service).await;
    service
}

/// What a client sees: the status, the wait that it is asked for, and the body, each as far as it comes.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Nothing,
    Refused,
    Answer { status: u16, retry_after: Option<String>, body: Option<String> },
}

fn answer(status: u16, body: &str) -> Seen {
    Seen::Answer { status, retry_after: None, body: Some(body.to_owned()) }
}

async fn check_in(proxy: &Proxy) -> Seen {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.put(format!("{}/tickets/tkt_1/check-in", proxy.url())).bearer_auth("t");
    match request.json(&serde_json::json!({"deviceId": "door-1"})).send().await {
        Ok(answer) => Seen::Answer {
            status: answer.status().as_u16(),
            retry_after: answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned()),
            body: answer.text().await.ok(),
        },
        Err(error) if error.is_connect() => Seen::Refused,
        Err(_) => Seen::Nothing,
    }
}

#[rstest]
#[case(Fault::None, 1, answer(200, ANSWER))]
#[case(Fault::CutBefore, 0, Seen::Nothing)]
#[case(Fault::CutDuring, 0, Seen::Nothing)]
#[case(Fault::CutAfter, 1, Seen::Nothing)]
#[case(Fault::Delayed(LONG), 1, answer(200, ANSWER))]
#[case(Fault::AnsweredLate(LONG), 1, answer(200, ANSWER))]
#[case(Fault::Twice, 2, answer(200, ANSWER))]
#[case(Fault::TooMany(7), 0, Seen::Answer { status: 429, retry_after: Some("7".to_owned()), body: Some(String::new()) })]
#[case(Fault::Failed, 0, answer(500, ""))]
#[case(Fault::FailedAfter, 1, answer(500, ""))]
#[case(Fault::Truncated, 1, Seen::Answer { status: 200, retry_after: None, body: None })]
#[tokio::test]
async fn a_fault_does_what_it_says(#[case] fault: Fault, #[case] reaches_the_service: usize, #[case] seen: Seen) {
    let service = service().await;
    let proxy = Proxy::start(*service.address());
    proxy.set_weather(move |_| fault);
    let started = Instant::now();
    assert_eq!(check_in(&proxy).await, seen);
    let is_slow = matches!(fault, Fault::Delayed(_) | Fault::AnsweredLate(_));
    assert!(!is_slow || started.elapsed() >= LONG);
    assert_eq!(service.received_requests().await.unwrap().len(), reaches_the_service);
}

#[tokio::test]
async fn a_portal_says_two_hundred_and_is_no_service() {
    let service = service().await;
    let proxy = Proxy::start(*service.address());
    proxy.set_weather(|_| Fault::Portal);
    let Seen::Answer { status: 200, body: Some(page), .. } = check_in(&proxy).await else { panic!("no page") };
    assert!(page.starts_with("<!doctype html>"), "{page}");
    assert!(service.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_weather_is_asked_for_each_request() {
    let service = service().await;
    let proxy = Proxy::start(*service.address());
    let mut asked = 0;
    proxy.set_weather(move |request| {
        assert_eq!(request.what, "PUT /tickets/tkt_1/check-in");
        asked += 1;
        if asked == 2 { Fault::Failed } else { Fault::None }
    });
    let statuses = [check_in(&proxy).await, check_in(&proxy).await, check_in(&proxy).await];
    assert_eq!(statuses, [answer(200, ANSWER), answer(500, ""), answer(200, ANSWER)]);
}

#[tokio::test]
async fn where_it_is_down_connections_are_refused_until_it_is_up_again() {
    let service = service().await;
    let proxy = Proxy::start(*service.address());
    for _ in 0..3 {
        proxy.set_up(false).await;
        assert_eq!(check_in(&proxy).await, Seen::Refused);
        proxy.set_up(true).await;
        assert_eq!(check_in(&proxy).await, answer(200, ANSWER));
    }
}
