//! Many doors at once.

use doorlist::server::{Database, ServiceSettings, start};
use futures::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::support::{World, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_check_ins_of_one_ticket_one_succeeds() {
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let before = ticket["scans"].as_array().unwrap().len();
    let path = format!("/tickets/{}", id(&ticket));
    let answers = join_all((0..200).map(|at| {
        let scan = at % 2 == 0;
        let (method, form) = if scan { (Method::POST, "scan") } else { (Method::PUT, "check-in") };
        let body = if scan { json!({"kind": "CHECK_IN"}) } else { json!({}) };
        world.request(method, &format!("{path}/{form}")).json(&body).send()
    }))
    .await;
    let count =
        |status: StatusCode| answers.iter().filter(|answer| answer.as_ref().unwrap().status() == status).count();
    assert_eq!((count(StatusCode::OK), count(StatusCode::BAD_REQUEST)), (1, 199));
    let after = world.get("ticket.get", &path).await;
    assert_eq!(after["ticket"]["scans"].as_array().unwrap().len(), before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        ServiceSettings { database: Database::File(folder.path().join("tickets.db")), ..ServiceSettings::temporary() };
    let world = World::with(settings.clone()).await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}/check-in", id(&ticket));
    let key = json!({"idempotencyKey": "kept"});
    let first = world.put("ticket.checkInByKey", &path, key.clone()).await;
    assert!(start(settings.clone()).await.is_err(), "a second service on the same database is refused");
    let World { service, demo, http } = world;
    service.shutdown().await;
    let world = World { service: start(settings).await.unwrap(), demo, http };
    let again = world.put("ticket.checkInByKey", &path, key).await;
    assert_eq!((again.status, again.body), (StatusCode::OK, first.body));
}
