//! An event that is served, a proxy before it, and who looks at both from outside.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use doorlist::api::{ApiSettings, Client, RetryPolicy, TicketFilter};
use doorlist::domain::{DeviceId, EventId, ScanKind, TenantId, TicketId, TicketStatus};
use doorlist::wire::{self, TransitionInput};
use tokio::runtime::Runtime;

use super::door::{Act, Place};
use super::judge::Record;
use super::proxy::Proxy;
use crate::serving::Serving;

pub const TICKETS: usize = 90;
const DEVICE: &str = "crash-door";

/// Everything but the console.
pub struct House<'a> {
    folder: &'a Path,
    serving: Serving,
    runtime: Runtime,
    pub proxy: Proxy,
    /// Past the proxy, for the judge.
    client: Client,
}

impl<'a> House<'a> {
    /// Opens it, with the event of a seed.
    pub fn open(folder: &'a Path, seed: u64) -> Self {
        let serving = Serving::start(folder, TICKETS, seed);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let proxy = {
            let _inside = runtime.enter();
            Proxy::start(serving.address())
        };
        let client = Client::new(&ApiSettings {
            base_url: serving.ready.url.clone(),
            tenant: TenantId::from_service(serving.ready.tenant_id.as_str()),
            token: Some(serving.ready.tokens.full.clone().into()),
            timeout: Duration::from_secs(30),
            allow_insecure: false,
            retry: RetryPolicy::default(),
        })
        .unwrap();
        Self { folder, serving, runtime, proxy, client }
    }

    /// Where a console of it works.
    pub fn place(&self, scan: &'static str) -> Place {
        let ready = &self.serving.ready;
        Place {
            home: self.folder.to_owned(),
            url: self.proxy.url(),
            tenant: ready.tenant_id.clone(),
            event: ready.event_id.clone(),
            token: ready.tokens.full.clone(),
            device: DEVICE,
            scan,
        }
    }

    /// Takes connections, or refuses them.
    pub fn set_up(&self, is_up: bool) {
        self.runtime.block_on(self.proxy.set_up(is_up));
    }

    pub fn tickets(&self) -> Vec<wire::Ticket> {
        let event = EventId::from_service(self.serving.ready.event_id.as_str());
        self.runtime.block_on(self.client.all_tickets(TicketFilter::of_event(event)).collect()).unwrap()
    }

    /// Guests who have not come yet, each with a name of its own that any terminal shows.
    pub fn guests(&self) -> Vec<Act> {
        let name = |ticket: &wire::Ticket| format!("{} {}", ticket.attendee.first_name, ticket.attendee.last_name);
        let mut seen = BTreeSet::new();
        self.tickets()
            .iter()
            .filter(|ticket| ticket.status == TicketStatus::Active && ticket.scans.is_empty())
            .map(|ticket| Act::new(&ticket.id, &name(ticket), ScanKind::CheckIn))
            .filter(|act| act.name.is_ascii() && !act.name.contains('.') && seen.insert(act.name.clone()))
            .collect()
    }

    /// Checks somebody out at another door.
    pub fn check_out_elsewhere(&self, ticket: &TicketId) {
        let device = Some(DeviceId::from_service("other-door"));
        let input = TransitionInput { device_id: device, ..TransitionInput::default() };
        self.runtime.block_on(self.client.check_out_by_key(ticket.as_str(), &input)).unwrap();
    }

    /// What the service has of the console's scans.
    pub fn record(&self) -> Record {
        let mut record = Record::new();
        for ticket in self.tickets() {
            let ours = ticket.scans.iter().filter(|scan| scan.device_id.as_str() == DEVICE);
            let kinds: Vec<_> = ours.map(|scan| scan.kind).collect();
            if !kinds.is_empty() {
                record.insert(ticket.id, kinds);
            }
        }
        record
    }
}
