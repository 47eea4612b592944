//! Other matchers on the same keystrokes: each scans one text a ticket, as they are made to.

use std::time::Duration;

use doorlist::domain::Ticket;
use doorlist::index::{Filters, TicketIndex};
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Matcher, Utf32Str};
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::Query;
use super::measure::{beginnings, cpu, round, spread};

const SHOWN: usize = 10;

/// What the others search: name, email, phone and ids in one line.
pub struct Texts(Vec<String>);

impl Texts {
    pub fn new(tickets: &[Ticket]) -> Self {
        let text = |ticket: &Ticket| {
            let phone = ticket.attendee.phone.as_deref().unwrap_or_default();
            let (id, order) = (ticket.id.as_str(), ticket.order_id.as_str());
            format!("{} {} {phone} {id} {order}", ticket.attendee.full_name(), ticket.attendee.email)
        };
        Self(tickets.iter().map(text).collect())
    }

    pub fn compare(&self, index: &mut TicketIndex, queries: &[Query], count: usize, seed: u64) -> Value {
        let all: Vec<&str> = queries.iter().flat_map(|query| beginnings(&query.query)).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let typed: Vec<&str> = all.sample(&mut rng, count).copied().collect();
        let ours = time(&typed, |typed| index.search(typed, &Filters::default(), SHOWN).hits.len());
        let skim = SkimMatcherV2::default().ignore_case();
        let skim = time(&typed, |typed| best(self.0.iter().map(|text| skim.fuzzy_match(text, typed).unwrap_or(0))));
        let nucleo = time(&typed, |typed| self.nucleo(typed));
        let frizbee = time(&typed, |typed| {
            let config = frizbee::Config::default().max_typos(Some(1));
            frizbee::Matcher::new(typed, &config).match_list(&self.0).len().min(SHOWN)
        });
        let mut report = json!({"keystrokes": typed.len(), "doorlist": spread(ours.clone())});
        for (name, times) in [("skim", skim), ("nucleo", nucleo), ("frizbee", frizbee)] {
            let ratio = |pair: (&Duration, &Duration)| pair.0.as_secs_f64() / pair.1.as_secs_f64().max(1e-9);
            let mut ratios: Vec<f64> = times.iter().zip(&ours).map(ratio).collect();
            ratios.sort_by(f64::total_cmp);
            report[name] = json!({"cpu_ms": spread(times), "median_ratio": round(ratios[ratios.len() / 2], 1)});
        }
        report
    }

    fn nucleo(&self, typed: &str) -> usize {
        let mut matcher = Matcher::new(nucleo_matcher::Config::DEFAULT);
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        best(
            self.0
                .iter()
                .map(|text| i64::from(pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher).unwrap_or(0))),
        )
    }
}

fn time(typed: &[&str], mut search: impl FnMut(&str) -> usize) -> Vec<Duration> {
    let timed = |typed: &&str| {
        let start = cpu();
        std::hint::black_box(search(typed));
        cpu() - start
    };
    typed.iter().map(timed).collect()
}

fn best(scores: impl Iterator<Item = i64>) -> usize {
    let mut best: Vec<(i64, usize)> =
        scores.enumerate().filter(|(_, score)| *score > 0).map(|(at, score)| (score, at)).collect();
    let shown = best.len().min(SHOWN);
    if best.len() > SHOWN {
        best.select_nth_unstable_by(SHOWN, |a, b| b.cmp(a));
    }
    shown
}
