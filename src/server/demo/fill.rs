//! Writing the evening into the store: orders, tickets and what happened at the doors so far.

use jiff::{SignedDuration, Timestamp};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::evening::{self, STAFF, TIERS};
use super::{DemoPlan, Written, guests};
use crate::domain::{EventId, OrderId, ScanKind, TenantId, TicketStatus};
use crate::server::db::{Change, bulk, catalogue, orders, people, scans, tickets};
use crate::server::fault::Fault;
use crate::server::ulid::ulid;
use crate::wire::{self, Attendee};

/// Tickets of tomorrow's event.
const OTHER_TICKETS: usize = 40;
/// Of a hundred valid tickets, how many are in already.
const IN_ALREADY: u32 = 35;
/// Of a hundred tickets, how many are cancelled.
const CANCELLED: u32 = 3;
/// Minutes since the doors opened.
const DOORS_OPEN: i64 = 85;
/// Tickets of the order that the demo hands out a signature for.
const SHOWN_ORDER: std::ops::RangeInclusive<usize> = 2..=5;

/// What was written.
pub(super) struct Filled {
    pub tenant: TenantId,
    pub event: EventId,
    pub order: OrderId,
}

/// Writes everything in one change.
pub(super) fn write(change: &Change<'_>, plan: DemoPlan, written: &Written, now: Timestamp) -> Result<Filled, Fault> {
    let tenant_id = TenantId::from_service(evening::TENANT);
    let tenant = catalogue::ensure_tenant(change, &tenant_id)?;
    let main = evening::main_event(plan.tickets, now);
    // A second evening in the same file would be the first one doubled.
    if change.view.catalogue.event(Some(tenant), &main.id).is_some() {
        return Err(Fault::conflict("it holds one already; start it as it is, or name another file"));
    }
    let mut pen = Pen { change, tenant, staff: staff(change, tenant)?, written, now, rng: rng(plan.seed) };
    let event = EventId::from_service(main.id.as_str());
    let order = bulk::in_bulk(change, || {
        let order = pen.fill(main, plan.tickets, true)?;
        pen.fill(evening::other_event(now), OTHER_TICKETS.min(plan.tickets), false)?;
        Ok(order)
    })?;
    Ok(Filled { tenant: tenant_id, event, order })
}

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn staff(change: &Change<'_>, tenant: i64) -> Result<Vec<i64>, Fault> {
    let user = |&evening::Staff { id, first_name, last_name, email, .. }: &evening::Staff| {
        people::ensure_user(change, tenant, people::Worker { id, first_name, last_name, email })
    };
    STAFF.iter().map(user).collect()
}

/// One tier of the event that is being written.
struct Tier {
    key: i64,
    section: Option<i64>,
    price: wire::Price,
    share: u32,
}

/// Whoever writes the evening down.
struct Pen<'a, 'c> {
    change: &'a Change<'c>,
    tenant: i64,
    /// Keys of the staff, in their order.
    staff: Vec<i64>,
    written: &'a Written,
    now: Timestamp,
    rng: ChaCha8Rng,
}

impl Pen<'_, '_> {
    /// Writes an event with exactly as many tickets; gives the order that is shown to visitors.
    fn fill(&mut self, event: wire::Event, wanted: usize, is_tonight: bool) -> Result<OrderId, Fault> {
        let (key, tiers) = self.event(event)?;
        let mut shown = None;
        let mut last = None;
        let mut left = wanted;
        while left > 0 {
            let mut guests = guests::draw(&mut self.rng);
            guests.truncate(left);
            left -= guests.len();
            let id = self.order(key, &tiers, &guests, is_tonight)?;
            self.written.add(guests.len());
            if shown.is_none() && SHOWN_ORDER.contains(&guests.len()) {
                shown = Some(id.clone());
            }
            last = Some(id);
        }
        shown.or(last).ok_or_else(|| Fault::internal(&"a demo needs at least one ticket"))
    }

    fn event(&self, event: wire::Event) -> Result<(i64, Vec<Tier>), Fault> {
        let admissions = event.admissions.clone().unwrap_or_default();
        let keys = catalogue::ensure_event(self.change, self.tenant, event)?;
        let shares = TIERS.iter().map(|tier| tier.share);
        let tier = |(admission, share): (wire::Admission, u32)| Tier {
            key: keys.admissions.get(&admission.id).copied().unwrap_or_default(),
            section: admission.section_id.and_then(|id| keys.sections.get(&id).copied()),
            price: admission.price,
            share,
        };
        Ok((keys.event, admissions.into_iter().zip(shares).map(tier).collect()))
    }

    fn order(&mut self, event: i64, tiers: &[Tier], guests: &[Attendee], is_tonight: bool) -> Result<OrderId, Fault> {
        let bought_at = self.before(self.now, 60, 60 * 24 * 70);
        let customer = people::insert_customer(self.change, self.tenant, &self.id("cus", bought_at), &guests[0])?;
        let tier = tiers.choose_weighted(&mut self.rng, |tier| tier.share).unwrap_or(&tiers[0]);
        let line = self.id("itm", bought_at);
        let id = OrderId::from_service(self.id("ord", bought_at));
        let order = orders::Stored {
            key: 0,
            id: id.clone(),
            event,
            customer,
            status: "SUCCESSFUL".to_owned(),
            method: if tier.price.base == 0 { "FREE" } else { "STRIPE" }.to_owned(),
            lines: vec![orders::Line {
                id: line.clone(),
                admission: tier.key,
                section: tier.section,
                quantity: guests.len() as u64,
                base: tier.price.base,
                booking: tier.price.booking,
            }],
            issuer: None,
            created_at: bought_at,
            updated_at: bought_at,
        };
        let order = orders::insert(self.change, self.tenant, &order)?;
        let came_at = self.before(self.now, 1, DOORS_OPEN);
        let came = is_tonight && self.chance(IN_ALREADY);
        for guest in guests {
            // Most of an order come together; some friends are late.
            let past = if is_tonight { self.past(came, came_at) } else { Vec::new() };
            self.ticket(&Place { event, order, tier, line: &line, bought_at }, guest, &past)?;
        }
        Ok(id)
    }

    fn ticket(&mut self, place: &Place<'_>, guest: &Attendee, past: &[Passage]) -> Result<(), Fault> {
        let cancelled = past.is_empty() && self.chance(CANCELLED);
        let status = match past.last() {
            _ if cancelled => TicketStatus::Cancelled,
            Some(passage) if passage.kind == ScanKind::CheckIn => TicketStatus::Redeemed,
            _ => TicketStatus::Active,
        };
        let updated_at = match past.last() {
            Some(passage) => passage.at,
            None if cancelled => self.before(self.now, 120, 60 * 24 * 5).max(place.bought_at),
            None => place.bought_at,
        };
        let id = self.id("tkt", place.bought_at);
        let ticket = tickets::New {
            tenant: self.tenant,
            id: &id,
            event: place.event,
            order: place.order,
            admission: place.tier.key,
            section: place.tier.section,
            status,
            attendee: guest,
            line: Some(place.line),
            created_at: place.bought_at,
            updated_at,
        };
        let key = tickets::insert(self.change, &ticket)?;
        for passage in past {
            let id = self.id("scn", passage.at);
            let scan = scans::New {
                id: &id,
                kind: passage.kind,
                at: passage.at,
                user: self.staff[passage.staff],
                device: STAFF[passage.staff].device,
            };
            scans::insert_for(self.change, key, place.event, &scan)?;
        }
        Ok(())
    }

    /// What a ticket went through tonight: nothing, in, in and out, or in, out and in again.
    fn past(&mut self, came: bool, came_at: Timestamp) -> Vec<Passage> {
        if !came || self.chance(6) {
            return Vec::new();
        }
        let steps = if self.chance(92) { 1 } else { self.rng.random_range(2..=3) };
        let mut past = Vec::with_capacity(steps);
        let mut at = came_at;
        for step in 0..steps {
            let kind = if step % 2 == 0 { ScanKind::CheckIn } else { ScanKind::CheckOut };
            past.push(Passage { kind, at, staff: self.rng.random_range(0..STAFF.len()) });
            at = (at + SignedDuration::from_mins(self.rng.random_range(2..12))).min(self.now);
        }
        past
    }

    fn chance(&mut self, of_hundred: u32) -> bool {
        self.rng.random_ratio(of_hundred, 100)
    }

    /// Some time before, between as many minutes, to the second.
    fn before(&mut self, at: Timestamp, least: i64, most: i64) -> Timestamp {
        at - SignedDuration::from_secs(self.rng.random_range(least * 60..=most * 60))
    }

    fn id(&mut self, prefix: &str, at: Timestamp) -> String {
        ulid(prefix, at, self.rng.random())
    }
}

/// Where a ticket belongs.
struct Place<'a> {
    event: i64,
    order: i64,
    tier: &'a Tier,
    line: &'a str,
    bought_at: Timestamp,
}

/// One way through a door.
struct Passage {
    kind: ScanKind,
    at: Timestamp,
    staff: usize,
}
