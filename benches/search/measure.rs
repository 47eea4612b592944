//! The numbers.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use doorlist::domain::{Ticket, TicketStatus};
use doorlist::index::{Filters, TicketIndex};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use super::{ALLOCATOR, Options, Query};

const SHOWN: usize = 10;
const UPSERTS: usize = 20_000;
/// Tickets of one page of the service: so many come at once.
const PAGE: usize = 100;

/// What asking for the CPU time costs by itself: taken off what is shorter than a few of it.
fn clock_cost() -> Duration {
    let mut costs: Vec<_> = (0..1_001)
        .map(|_| {
            let start = cpu();
            cpu() - start
        })
        .collect();
    costs.sort_unstable();
    costs[costs.len() / 2]
}

/// CPU time of this process.
pub fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

pub fn measure(tickets: Vec<Ticket>, queries: &[Query], options: &Options) -> (Value, TicketIndex) {
    let count = tickets.len();
    let sample = sample(&tickets);
    let held = || {
        let stats = ALLOCATOR.stats();
        stats.bytes_allocated as i64 - stats.bytes_deallocated as i64
    };
    let before = held();
    let (start, wall) = (cpu(), Instant::now());
    let mut index = TicketIndex::build(tickets);
    let (build, build_cpu) = (wall.elapsed(), cpu() - start);
    let bytes = held() - before;
    let (cpu_times, wall_times) = keystrokes(&mut index, queries, options.slow);
    let recall = recall(&mut index, queries, options.misses.as_deref());
    let (upserts, after_page) = upserts(&mut index, sample, queries);
    let report = json!({
        "tickets": count,
        "build_s": round(build.as_secs_f64(), 3),
        "build_cpu_s": round(build_cpu.as_secs_f64(), 3),
        "index_bytes_per_ticket": round(bytes as f64 / count as f64, 1),
        "keystroke_cpu_ms": spread(cpu_times),
        "keystroke_wall_ms": spread(wall_times),
        "upsert_us": upserts,
        "keystroke_after_page_cpu_ms": after_page,
        "recall": recall,
    });
    (report, index)
}

/// Every beginning of every query, typed one after the other.
pub fn beginnings(query: &str) -> impl Iterator<Item = &str> {
    query.char_indices().map(|(at, letter)| &query[..at + letter.len_utf8()])
}

fn keystrokes(index: &mut TicketIndex, queries: &[Query], slow: usize) -> (Vec<Duration>, Vec<Duration>) {
    let (mut cpu_times, mut wall_times, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let filters = Filters::default();
    for query in queries {
        for typed in beginnings(&query.query) {
            let (start, wall) = (cpu(), Instant::now());
            std::hint::black_box(index.search(typed, &filters, SHOWN));
            wall_times.push(wall.elapsed());
            cpu_times.push(cpu() - start);
            all.push((query.class.as_str(), typed));
        }
    }
    let mut slowest: Vec<_> = cpu_times.iter().zip(all).collect();
    slowest.sort_by_key(|(time, _)| std::cmp::Reverse(**time));
    for (time, (class, typed)) in slowest.into_iter().take(slow) {
        eprintln!("{:.3} ms {class} {typed:?}", time.as_secs_f64() * 1e3);
    }
    (cpu_times, wall_times)
}

fn recall(index: &mut TicketIndex, queries: &[Query], misses: Option<&str>) -> Value {
    let mut classes: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for query in queries {
        let targets: HashSet<_> = query.targets.iter().collect();
        let answer = index.search(&query.query, &Filters::default(), SHOWN);
        let place = answer.hits.iter().position(|hit| targets.contains(&hit.id));
        let class = classes.entry(&query.class).or_default();
        class[0] += 1;
        class[1] += usize::from(place == Some(0));
        class[2] += usize::from(place.is_some());
        if place != Some(0) && misses.is_some_and(|class| class == "all" || class == query.class) {
            let name = |id| index.get(id).map(|t| format!("{}|{}", t.attendee.full_name(), t.attendee.email));
            let target = query.targets.first().and_then(name);
            let shown: Vec<_> = answer.hits.iter().take(4).filter_map(|hit| name(&hit.id)).collect();
            eprintln!("{} {place:?} {:?} -> {target:?} not {shown:?}", query.class, query.query);
        }
    }
    let rate = |hits: usize, of: usize| round(hits as f64 / of.max(1) as f64, 4);
    let sum = |at: usize| classes.values().map(|class| class[at]).sum::<usize>();
    let per_class: serde_json::Map<String, Value> = classes
        .iter()
        .map(|(name, [n, at1, at10])| {
            ((*name).to_owned(), json!({"n": n, "at1": rate(*at1, *n), "at10": rate(*at10, *n)}))
        })
        .collect();
    json!({"overall": {"at1": rate(sum(1), sum(0)), "at10": rate(sum(2), sum(0))}, "classes": per_class})
}

/// What becomes of a ticket in the mix of upserts: most are scanned, some corrected, some new.
///
/// Harder than an evening, where nearly all that comes is a scan or says what was known already.
const KINDS: [&str; 10] =
    ["new", "first_name", "phone", "email", "status", "status", "status", "status", "status", "status"];

/// Some tickets as they will change, each with the kind of its change.
fn sample(tickets: &[Ticket]) -> Vec<(&'static str, Ticket)> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut changed = Vec::with_capacity(UPSERTS);
    for (number, kind) in (0..UPSERTS).zip(KINDS.into_iter().cycle()) {
        let mut ticket = tickets[rng.random_range(0..tickets.len())].clone();
        let other = &tickets[rng.random_range(0..tickets.len())];
        match kind {
            "new" => {
                ticket.id = doorlist::domain::TicketId::from_service(format!("tkt_new{number:023}"));
                ticket.attendee.last_name = other.attendee.last_name.clone();
            }
            "first_name" => ticket.attendee.first_name = other.attendee.first_name.clone(),
            "phone" => ticket.attendee.phone.clone_from(&other.attendee.phone),
            "email" => ticket.attendee.email = other.attendee.email.clone(),
            _ if ticket.status == TicketStatus::Active => ticket.status = TicketStatus::Redeemed,
            _ => ticket.status = TicketStatus::Active,
        }
        ticket.updated_at = jiff::Timestamp::from_second(1_900_000_000 + number as i64).unwrap();
        changed.push((kind, ticket));
    }
    changed
}

/// What an upsert takes, by kind; and a keystroke for which a page of upserts waits to be entered into the lists.
fn upserts(index: &mut TicketIndex, sample: Vec<(&'static str, Ticket)>, queries: &[Query]) -> (Value, Value) {
    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    let mut after_page = Vec::new();
    let mut typed = queries.iter().cycle();
    let clock = clock_cost();
    for (number, (kind, ticket)) in sample.into_iter().enumerate() {
        let start = cpu();
        std::hint::black_box(index.upsert(ticket));
        times.entry(kind).or_default().push((cpu() - start).saturating_sub(clock));
        if number % PAGE == PAGE - 1
            && let Some(query) = typed.next()
        {
            let start = cpu();
            std::hint::black_box(index.search(&query.query, &Filters::default(), SHOWN));
            after_page.push(cpu() - start);
        }
    }
    let us = |time: Duration| round(time.as_secs_f64() * 1e6, 2);
    let spread_us = |mut times: Vec<Duration>| {
        times.sort_unstable();
        json!({"p50": us(quantile(&times, 0.5)), "p99": us(quantile(&times, 0.99))})
    };
    let mut report = spread_us(times.values().flatten().copied().collect());
    let kinds = times.into_iter().map(|(kind, times)| (kind.to_owned(), spread_us(times)));
    report["kinds"] = Value::Object(kinds.collect());
    (report, spread(after_page))
}

fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

pub fn spread(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let at = |share: f64| round(quantile(&times, share).as_secs_f64() * 1e3, 4);
    json!({"p50": at(0.5), "p99": at(0.99), "p999": at(0.999), "max": at(1.0)})
}

pub fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}
