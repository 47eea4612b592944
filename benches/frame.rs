//! Measures from the key to the painted frame: `App::update`, then the whole screen.
//!
//! `cargo bench --bench frame` prints one JSON object for each number of tickets and size of the terminal:
//! milliseconds of wall time for a typed letter, a move of the selection and an Enter.

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
#[path = "search/names.rs"]
mod names;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::ui::{Theme, ThemeName, draw, page_rows};
use doorlist::console::{App, Effect, Keymap, Message};
use doorlist::domain::{DeviceId, Entry, EntryState, Ticket, TicketStatus};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use serde_json::{Value, json};

const SEED: u64 = 20_261_123;
const TICKETS: [usize; 2] = [1_200, 50_000];
const SIZES: [(u16, u16); 2] = [(120, 36), (80, 24)];
/// Guests that are looked up; each is about ten keys.
const GUESTS: usize = 400;
/// Guests before them, that are not measured.
const WARM_UP: usize = 20;

fn main() {
    for count in TICKETS {
        let tickets = corpus::tickets(count, SEED);
        for (columns, rows) in SIZES {
            println!("{}", Desk::new(tickets.clone(), columns, rows).measure(&tickets));
        }
    }
}

/// The console as the runtime drives it, without the waiting.
struct Desk {
    app: App,
    theme: Theme,
    terminal: Terminal<TestBackend>,
    now: Timestamp,
    times: Vec<Duration>,
}

impl Desk {
    fn new(tickets: Vec<Ticket>, columns: u16, rows: u16) -> Self {
        let keymap = Arc::new(Keymap::built_in().unwrap());
        let mut app = App::new(DeviceId::from_service("bench-door-1"), keymap, TimeZone::UTC);
        let now = "2026-11-23T19:00:00Z".parse().unwrap();
        let [Effect::LoadEvent { sequence, .. }] = app.start()[..] else { panic!("the console asks for its list") };
        app.update(Message::TicketsLoaded { sequence, tickets }, now);
        app.update(Message::LoadFinished { sequence }, now);
        app.update(Message::PageMeasured(page_rows(Rect::new(0, 0, columns, rows))), now);
        let terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        Self { app, theme: Theme::named(ThemeName::Dark), terminal, now, times: Vec::new() }
    }

    fn measure(mut self, tickets: &[Ticket]) -> Value {
        let stride = (tickets.len() / (GUESTS + WARM_UP)).max(1);
        for (number, ticket) in tickets.iter().step_by(stride).take(GUESTS + WARM_UP).enumerate() {
            if number == WARM_UP {
                self.times.clear();
            }
            self.admit(ticket);
        }
        let size = *self.terminal.backend().buffer().area();
        json!({
            "tickets": tickets.len(),
            "terminal": format!("{}x{}", size.width, size.height),
            "keys": self.times.len(),
            "key_to_frame_ms": spread(self.times),
        })
    }

    /// Looks a guest up by pieces of the name, looks around, and lets the guest in.
    fn admit(&mut self, ticket: &Ticket) {
        let piece = |name: &str, letters: usize| name.chars().take(letters).collect::<String>();
        let attendee = &ticket.attendee;
        for letter in format!("{} {}", piece(&attendee.last_name, 4), piece(&attendee.first_name, 2)).chars() {
            self.key(KeyCode::Char(letter));
        }
        self.key(KeyCode::Down);
        self.key(KeyCode::Up);
        for effect in self.key(KeyCode::Enter) {
            if let Effect::Take(entry) = effect {
                self.accept(*entry);
            }
        }
        // What is not accepted leaves its text behind: the next guest starts with an empty box.
        self.key(KeyCode::Esc);
        self.key(KeyCode::Esc);
    }

    fn accept(&mut self, entry: Entry) {
        self.now += SignedDuration::from_secs(3);
        let mut ticket = self.app.selected_ticket().unwrap().clone();
        ticket.status = TicketStatus::Redeemed;
        ticket.updated_at = self.now;
        let state = EntryState::Accepted { scan: None, at: self.now };
        self.app.update(Message::TicketLearnt(Box::new(ticket)), self.now);
        self.app.update(Message::EntryKept(Box::new(Entry { state, ..entry })), self.now);
        self.paint();
    }

    fn key(&mut self, code: KeyCode) -> Vec<Effect> {
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        let started = Instant::now();
        let effects = self.app.update(Message::KeyPressed(key), self.now);
        self.app.update(Message::SearchTimed(started.elapsed()), self.now);
        self.paint();
        self.times.push(started.elapsed());
        effects
    }

    fn paint(&mut self) {
        let Self { app, theme, terminal, now, .. } = self;
        black_box(terminal.draw(|frame| draw(app, theme, *now, frame)).unwrap());
    }
}

fn spread(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let millis = |time: Duration| (time.as_secs_f64() * 1e6).round() / 1e3;
    let at = |percent: usize| millis(times[(times.len() * percent / 100).min(times.len() - 1)]);
    json!({"p50": at(50), "p99": at(99), "max": at(100)})
}
