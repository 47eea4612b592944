//! Measures the ticket index: build, memory, keystrokes, upserts, recall.
//!
//! `cargo bench --bench search` makes its own corpora of 100,000 and 1,000,000 tickets;
//! `-- --corpus FILE.jsonl --queries FILE.jsonl` reads them; `-- --size N` makes one corpus of N;
//! `-- --peers N` also runs other matchers on N of the keystrokes. One JSON object a corpus, on stdout;
//! `--misses CLASS` (or `all`) and `--slow N` tell on stderr which queries missed and which keystrokes took longest.

#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what it prints is what it is for")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::unchecked_time_subtraction,
    reason = "numbers that are only reported"
)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may stop at anything unexpected")]

#[path = "search/corpus.rs"]
mod corpus;
#[path = "search/measure.rs"]
mod measure;
#[path = "search/names.rs"]
mod names;
#[path = "search/nearness.rs"]
mod nearness;
#[path = "search/peers.rs"]
mod peers;
#[path = "search/queries.rs"]
mod queries;
#[path = "search/slips.rs"]
mod slips;

use std::alloc::System;
use std::fs::File;
use std::io::{BufRead, BufReader};

use doorlist::domain::{Ticket, TicketId};
use doorlist::wire;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const SEED: u64 = 20_260_923;
const EACH_CLASS: usize = 170;

/// Typed text, and the tickets any of which is a right answer.
pub struct Query {
    pub class: String,
    pub query: String,
    pub targets: Vec<TicketId>,
}

#[derive(serde::Deserialize)]
struct QueryLine {
    class: String,
    query: String,
    target_ids: Vec<TicketId>,
}

/// What was asked for.
#[derive(Default)]
pub struct Options {
    corpus: Option<String>,
    queries: Option<String>,
    sizes: Vec<usize>,
    peers: usize,
    seed: u64,
    misses: Option<String>,
    slow: usize,
}

fn main() {
    let options = options();
    if let (Some(corpus), Some(queries)) = (&options.corpus, &options.queries) {
        report(read_corpus(corpus), &read_queries(queries), &options);
        return;
    }
    for size in &options.sizes {
        let tickets = corpus::tickets(*size, options.seed);
        let queries = queries::queries(&tickets, EACH_CLASS, options.seed + 1);
        report(tickets, &queries, &options);
    }
}

fn report(tickets: Vec<Ticket>, queries: &[Query], options: &Options) {
    let peers = (options.peers > 0).then(|| peers::Texts::new(&tickets));
    let (mut report, mut index) = measure::measure(tickets, queries, options);
    if let Some(texts) = peers {
        report["peers"] = texts.compare(&mut index, queries, options.peers, options.seed);
    }
    println!("{report}");
}

fn options() -> Options {
    let mut options = Options { seed: SEED, ..Options::default() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("the option needs a value");
        match word.as_str() {
            "--corpus" => options.corpus = Some(value()),
            "--queries" => options.queries = Some(value()),
            "--size" => options.sizes.push(value().parse().expect("a number of tickets")),
            "--peers" => options.peers = value().parse().expect("a number of keystrokes"),
            "--seed" => options.seed = value().parse().expect("a number"),
            "--misses" => options.misses = Some(value()),
            "--slow" => options.slow = value().parse().expect("a number of keystrokes"),
            "--bench" => {}
            other => panic!("unknown option {other}"),
        }
    }
    if options.sizes.is_empty() {
        options.sizes = vec![100_000, 1_000_000];
    }
    options
}

fn lines(path: &str) -> impl Iterator<Item = String> {
    let file = File::open(path).expect("the file can be read");
    BufReader::new(file).lines().map(|line| line.expect("a line of text")).filter(|line| !line.trim().is_empty())
}

fn read_corpus(path: &str) -> Vec<Ticket> {
    let mut decoder = wire::Decoder::new();
    lines(path).map(|line| decoder.ticket(serde_json::from_str(&line).expect("a ticket as the API sends it"))).collect()
}

fn read_queries(path: &str) -> Vec<Query> {
    lines(path)
        .map(|line| serde_json::from_str::<QueryLine>(&line).expect("a query with class, query and target_ids"))
        .map(|line| Query { class: line.class, query: line.query, targets: line.target_ids })
        .collect()
}
