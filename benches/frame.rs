//! Measures from the key to the painted frame, in every view: `App::update`, the whole screen, and what goes down the line.
//!
//! `cargo bench --bench frame` prints one JSON object for each number of tickets, size of the terminal and view: milliseconds of
//! wall time from a key to the last byte of its frame, and the bytes that the terminal is sent for it. `-- 50000` takes that
//! number of tickets alone.

#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "what it prints is what it is for")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may stop at anything unexpected")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the corpus draws places by chance"
)]

#[path = "search/corpus.rs"]
mod corpus;
#[path = "frame/desk.rs"]
mod desk;
#[path = "search/names.rs"]
mod names;
#[path = "frame/views.rs"]
mod views;

use std::time::Duration;

use doorlist::domain::Ticket;
use serde_json::{Value, json};

use self::desk::{Desk, Sample};
use self::views::{ROUNDS, VIEWS, View};

const SEED: u64 = 20_261_123;
const TICKETS: [usize; 2] = [50_000, 1_000_000];
const SIZES: [(u16, u16); 2] = [(120, 36), (80, 24)];
/// Guests of whom there is something in the outbox and on the list of acts.
const BUSY: usize = 1_050;
/// Rounds before those that count.
const WARM_UP: usize = 3;

fn main() {
    let wanted = std::env::args().find_map(|argument| argument.parse().ok());
    for count in wanted.map_or_else(|| TICKETS.to_vec(), |count| vec![count]) {
        let tickets = corpus::tickets(count, SEED);
        let stride = (count / (BUSY + VIEWS.len() * (ROUNDS + WARM_UP))).max(1);
        let mut guests: Vec<Ticket> = tickets.iter().step_by(stride).cloned().collect();
        let mut desk = Desk::new(tickets);
        desk.fill(&guests.split_off(guests.len().saturating_sub(BUSY)));
        for size in SIZES {
            desk.resize(size);
            let mut guests = guests.iter().cycle();
            for view in &VIEWS {
                for guest in guests.by_ref().take(WARM_UP) {
                    view.play(&mut desk, guest);
                }
                desk.samples.clear();
                for guest in guests.by_ref().take(ROUNDS) {
                    view.play(&mut desk, guest);
                }
                println!("{}", report(count, size, view, &desk.samples));
            }
        }
    }
}

fn report(tickets: usize, (columns, rows): (u16, u16), view: &View, samples: &[Sample]) -> Value {
    let millis = |time: Duration| (time.as_secs_f64() * 1e6).round() / 1e3;
    let times = samples.iter().map(|sample| sample.took).collect();
    let bytes = samples.iter().map(|sample| sample.bytes).collect();
    json!({
        "tickets": tickets,
        "terminal": format!("{columns}x{rows}"),
        "view": view.name,
        "keys": samples.len(),
        "key_to_frame_ms": spread(times, millis),
        "bytes": spread(bytes, |bytes| bytes),
    })
}

fn spread<T: Ord + Copy, U: Into<Value>>(mut all: Vec<T>, shown: impl Fn(T) -> U) -> Value {
    all.sort_unstable();
    let at = |percent: usize| shown(all[(all.len() * percent / 100).min(all.len() - 1)]).into();
    let [p50, p99, max]: [Value; 3] = [at(50), at(99), at(100)];
    json!({"p50": p50, "p99": p99, "max": max})
}
