//! One evening on the real service: HTTP, its store and its rules, in real time.

use std::time::Duration;

use crossterm::event::KeyCode;
use doorlist::api::{ApiSettings, Client, RetryPolicy, TicketFilter};
use doorlist::console::runtime::Ending;
use doorlist::domain::{ScanKind, TicketStatus};
use doorlist::server::{self, DemoEvent, DemoPlan, ServiceSettings};
use jiff::Timestamp;

use super::evening::Evening;
use super::stage::Stage;

fn client(url: String, demo: &DemoEvent) -> Client {
    let settings = ApiSettings {
        base_url: url,
        tenant: demo.tenant_id.clone(),
        token: Some(demo.tokens.full.clone().into()),
        timeout: Duration::from_secs(30),
        allow_insecure: false,
        retry: RetryPolicy::default(),
    };
    Client::new(&settings).unwrap()
}

#[tokio::test]
async fn a_guest_of_the_embedded_service_comes_in_and_goes_out() {
    let plan = DemoPlan { tickets: 120, seed: 7 };
    let service = server::start(ServiceSettings { demo: Some(plan), ..ServiceSettings::temporary() }).await.unwrap();
    let demo = service.demo().unwrap().clone();
    let client = client(service.url(), &demo);
    let filter = TicketFilter { status: Some(TicketStatus::Active), ..TicketFilter::of_event(demo.event_id.clone()) };
    let guest = client.tickets(&filter).await.unwrap().tickets.into_iter().find(|ticket| ticket.scans.is_empty());
    let guest = guest.unwrap();
    let name = format!("{} {}", guest.attendee.first_name, guest.attendee.last_name);

    let mut stage = Stage::open(client.clone(), demo.event_id.as_str(), Evening::starting(Timestamp::now()));
    stage.sees(&["Lanterns on the River", "ONLINE", "Robin Marsh", "120 of 120"]).await;
    stage.paste(guest.id.as_str());
    stage.sees(&[&format!("Enter checks in {name}")]).await;
    stage.press(KeyCode::Enter);
    stage.sees(&[&format!("CHECKED IN   {name}")]).await;
    // Meant, and no bounce of the Enter before: the guest is searched for again.
    stage.paste(guest.id.as_str());
    stage.press(KeyCode::Enter);
    stage.sees(&[&format!("ALREADY IN   {name}"), "by Robin Marsh on south-1"]).await;
    stage.control('o');
    stage.sees(&[&format!("CHECKED OUT   {name}")]).await;
    assert_eq!(stage.quit().await.whole().await, Ending::Quit);

    let after = client.ticket(&guest.id).await.unwrap();
    let kinds: Vec<_> = after.scans.iter().map(|scan| scan.kind).collect();
    assert_eq!((after.status, kinds), (TicketStatus::Active, vec![ScanKind::CheckIn, ScanKind::CheckOut]));
    service.shutdown().await;
}
