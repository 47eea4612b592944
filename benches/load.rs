//! How long a guest list takes: `cargo bench --bench load [-- TICKETS]` (50,000 unless told); one JSON line a way.
//!
//! The embedded service stands behind a network of 50 ms: every answer is that much later. Once it has the roster, and
//! once it has none. `findable` is when everybody can be found and let in, `lightThen` how many of these by the roster
//! alone; `whole` is when scan histories, buyers and dates are known too. `largest` is how many pages the largest status
//! has: the contract parts whole tickets by nothing else, so that these pages, one behind the other, are the least that
//! `whole` takes.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench tells its figures, and stops where it cannot go on"
)]

use std::time::{Duration, Instant};

use doorlist::api::{
    ApiSettings, Client, HttpRequest, HttpResponse, HttpTransport, Outside, RetryPolicy, ScanMode, Transport,
    TransportError,
};
use doorlist::domain::{DeviceId, OfflinePolicy, TicketStatus};
use doorlist::index::TicketIndex;
use doorlist::server::{self, DemoEvent, DemoPlan, ServiceSettings};
use doorlist::sync::{self, Engine, EngineSettings, LoadSettings, Order, Report, Shelf};
use futures::future::BoxFuture;
use reqwest::Url;
use serde_json::{Value, json};

const LATENCY: Duration = Duration::from_millis(50);

fn main() {
    let tickets = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(50_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let demo = Some(DemoPlan { tickets, seed: 1 });
        let service = server::start(ServiceSettings { demo, ..ServiceSettings::temporary() }).await.unwrap();
        let demo = service.demo().unwrap().clone();
        for has_roster in [true, false] {
            println!("{}", load(&client(&service.url(), &demo, has_roster), &demo, has_roster).await);
        }
        service.shutdown().await;
    });
}

/// Where the service is to be thought: one on this machine is asked in another order.
const AWAY: &str = "https://tickets.example.com";

/// A network that takes its time, before a service that may have no roster.
#[derive(Debug)]
struct Far {
    inner: HttpTransport,
    /// Where the service really is.
    service: Url,
    has_roster: bool,
}

impl Transport for Far {
    fn send(&self, mut request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            if !self.has_roster && request.url.path().starts_with("/tickets/attendees") {
                request.url.set_path("/none");
            }
            request.url.set_scheme(self.service.scheme()).unwrap();
            request.url.set_host(self.service.host_str()).unwrap();
            request.url.set_port(self.service.port()).unwrap();
            tokio::time::sleep(LATENCY).await;
            self.inner.send(request).await
        })
    }
}

fn client(url: &str, demo: &DemoEvent, has_roster: bool) -> Client {
    let settings = ApiSettings {
        base_url: AWAY.to_owned(),
        tenant: demo.tenant_id.clone(),
        token: Some(demo.tokens.full.clone().into()),
        timeout: Duration::from_secs(10),
        allow_insecure: false,
        retry: RetryPolicy::default(),
    };
    let service: Url = url.parse().unwrap();
    let inner = HttpTransport::new(&service, settings.timeout).unwrap();
    Client::with_outside(&settings, Outside::around(Far { inner, service, has_roster })).unwrap()
}

async fn load(client: &Client, demo: &DemoEvent, has_roster: bool) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let Engine { orders, mut reports, ended, .. } = sync::start(EngineSettings {
        client: client.clone(),
        token: None,
        scan: ScanMode::Auto,
        event: Some(demo.event_id.as_str().to_owned()),
        memory: None,
        shelf: Shelf {
            state_dir: folder.path().to_owned(),
            tenant: demo.tenant_id.clone(),
            device: DeviceId::from_service("bench"),
        },
        opening: None,
        offline: OfflinePolicy::Accept,
        slow_after: Duration::from_millis(1_500),
        load: LoadSettings::default(),
        seed: 1,
    });
    let begun = Instant::now();
    orders.send(Order::LoadEvent { sequence: 1, politely: false }).await.unwrap();
    let (mut index, mut findable, mut light) = (TicketIndex::new(), None, 0);
    loop {
        match reports.recv().await.unwrap() {
            Report::Tickets { tickets, .. } => {
                for ticket in tickets {
                    index.upsert(ticket);
                }
            }
            Report::Listed { .. } if findable.is_none() => {
                findable = Some(begun.elapsed());
                light = index.tickets().filter(|ticket| ticket.is_light()).count();
            }
            Report::Loaded { .. } => break,
            Report::NotLoaded { trouble, .. } => panic!("{trouble}"),
            _ => {}
        }
    }
    let whole = begun.elapsed();
    drop((orders, reports));
    ended.await.unwrap();
    figures(&index, has_roster, findable.unwrap(), light, whole)
}

fn figures(index: &TicketIndex, has_roster: bool, findable: Duration, light: usize, whole: Duration) -> Value {
    let tally = index.counts().overall();
    let largest = TicketStatus::ALL.map(|status| tally.of(status).div_ceil(100)).into_iter().max().unwrap_or(0);
    let least = LATENCY.as_secs_f64() * f64::from(u32::try_from(largest).unwrap());
    json!({
        "bench": "load", "tickets": index.len(), "roster": has_roster, "latencyMs": LATENCY.as_millis(),
        "findableS": findable.as_secs_f64(), "lightThen": light, "wholeS": whole.as_secs_f64(),
        "largest": largest, "leastByStatusS": least, "findableByLeast": findable.as_secs_f64() / least,
    })
}
