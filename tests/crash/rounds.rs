//! Many rounds, side by side.

use std::collections::VecDeque;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

use super::proxy::Fault;
use super::round::{self, Tally};

/// Rounds in the suite.
const ROUNDS: u64 = 20;
/// Rounds side by side: they mostly wait.
const SIDE_BY_SIDE: usize = 3;

#[test]
fn what_the_screen_said_is_what_the_service_has() {
    let (tally, faults) = play(seeds());
    tell(&tally);
    assert!(faults.is_empty(), "{} rounds failed:\n{}", faults.len(), faults.join("\n"));
    // Rounds in which nothing happens would prove nothing.
    if tally.rounds >= ROUNDS {
        assert_eq!(tally.faults.len(), Fault::ALL.len(), "not every fault struck");
        assert!(tally.outages > 0 && tally.acknowledged > tally.acts / 3 && tally.acknowledged < tally.acts);
    }
}

#[expect(clippy::print_stdout, reason = "what many rounds met is worth reading")]
fn tell(tally: &Tally) {
    println!("{tally:?}");
}

/// The one seed that is asked for, or as many as are asked for.
fn seeds() -> Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    match number("DOORLIST_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("DOORLIST_CRASH_ROUNDS").unwrap_or(ROUNDS),
    }
}

fn play(seeds: Range<u64>) -> (Tally, Vec<String>) {
    let (seeds, ends) = (Mutex::new(seeds.collect::<VecDeque<_>>()), Mutex::new((Tally::default(), Vec::new())));
    thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while let Some(seed) = next(&seeds) {
                    // A console that does not come up, or never shows what it should, fails its own round only.
                    let end = catch_unwind(AssertUnwindSafe(|| round::play(seed)));
                    let (tally, faults) = end.unwrap_or_else(|_| (Tally::default(), vec!["see above".to_owned()]));
                    let mut ends = ends.lock().unwrap();
                    ends.0.add(tally);
                    ends.1.extend(faults.into_iter().map(|fault| format!("DOORLIST_SEED={seed}: {fault}")));
                }
            });
        }
    });
    ends.into_inner().unwrap()
}

fn next(seeds: &Mutex<VecDeque<u64>>) -> Option<u64> {
    seeds.lock().unwrap().pop_front()
}
