//! What a person sees while a large evening is made: a sentence that moves on, not a black screen.

use std::io::{self, Write};
use std::time::Duration;

use tokio::time::{Instant, interval_at};

use crate::server::demo::{DemoPlan, Written};

/// A small evening is there before anybody wonders.
const QUIET: Duration = Duration::from_millis(500);
/// How often the sentence moves on.
const EVERY: Duration = Duration::from_millis(250);
/// Back to the start of the line, with nothing on it.
const CLEAR: &str = "\r\x1b[K";

/// Tells on `out` how far the evening is until it is `made`, and takes the words away again.
pub(super) async fn meanwhile<T>(
    plan: DemoPlan,
    written: &Written,
    made: impl Future<Output = T>,
    out: &mut impl Write,
) -> io::Result<T> {
    let mut ticks = interval_at(Instant::now() + QUIET, EVERY);
    let mut has_told = false;
    tokio::pin!(made);
    let made = loop {
        tokio::select! {
            made = &mut made => break made,
            _ = ticks.tick() => {
                write!(out, "{CLEAR}{}", sentence(plan.tickets, written.tickets()))?;
                out.flush()?;
                has_told = true;
            }
        }
    };
    if has_told {
        write!(out, "{CLEAR}")?;
        out.flush()?;
    }
    Ok(made)
}

fn sentence(planned: usize, written: usize) -> String {
    let planned = planned.max(1);
    if written < planned {
        format!("Making an evening of {planned} tickets: {} % written.", written * 100 / planned)
    } else {
        format!("Making an evening of {planned} tickets: putting them in order.")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::small(QUIET / 2, "")]
    #[case::large(QUIET + EVERY / 2, "\r\x1b[KMaking an evening of 1000 tickets: 0 % written.\r\x1b[K")]
    #[tokio::test(start_paused = true)]
    async fn a_wait_is_told_once_it_is_one_and_leaves_no_word_behind(#[case] takes: Duration, #[case] seen: &str) {
        let (mut out, plan) = (Vec::new(), DemoPlan { tickets: 1_000, seed: 1 });
        let made = meanwhile(plan, &Written::default(), tokio::time::sleep(takes), &mut out).await;
        assert!(made.is_ok());
        assert_eq!(String::from_utf8(out).unwrap(), seen);
    }

    #[rstest]
    #[case(0, "0 % written")]
    #[case(500_001, "50 % written")]
    #[case(999_999, "99 % written")]
    #[case(1_000_000, "putting them in order")]
    #[case(1_000_040, "putting them in order")]
    fn the_sentence_moves_on(#[case] written: usize, #[case] told: &str) {
        let sentence = sentence(1_000_000, written);
        assert!(sentence.contains(told) && sentence.len() < 80, "{sentence}");
    }
}
