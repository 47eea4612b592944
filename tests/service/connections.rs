//! Whoever dawdles does not hold the service: neither a connection nor, at the end, the database.

use std::time::Duration;

use doorlist::server::{Database, Service, ServiceSettings, start};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::support::World;

/// Longer than the service waits for anything; the tests' clock goes there by itself.
const LONG: Duration = Duration::from_secs(3_600);

async fn said_to(service: &Service, request: &str) -> TcpStream {
    let mut connection = TcpStream::connect(service.local_addr()).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    connection
}

async fn answer(mut connection: TcpStream) -> String {
    let mut answer = String::new();
    timeout(LONG, connection.read_to_string(&mut answer)).await.expect("held for ever").unwrap();
    answer
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_given_up() {
    let service = start(ServiceSettings::temporary()).await.unwrap();
    let dawdling = said_to(&service, "GET /healthz HTTP/1.1\r\nHost: door").await;
    let prompt = said_to(&service, "GET /healthz HTTP/1.1\r\nHost: door\r\nConnection: close\r\n\r\n").await;
    assert!(answer(prompt).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(answer(dawdling).await, "");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_refused() {
    let world = World::new().await;
    let (tenant, token) = (&world.demo.tenant_id, &world.demo.tokens.full);
    let head = format!(
        "POST /orders/complimentary HTTP/1.1\r\nHost: door\r\nx-tenant-id: {tenant}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"eventId\":"
    );
    let dawdling = said_to(&world.service, &head).await;
    let answer = answer(dawdling).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("The body did not arrive whole"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn at_the_end_nobody_who_dawdles_keeps_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::File(folder.path().join("tickets.db"));
    let settings = || ServiceSettings { database: database.clone(), ..ServiceSettings::temporary() };
    let service = start(settings()).await.unwrap();
    let dawdling = said_to(&service, "GET /healthz HTTP/1.1\r\nHost: door").await;
    service.shutdown().await;
    start(settings()).await.expect("the database is free again").shutdown().await;
    drop(dawdling);
}
