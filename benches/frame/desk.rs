//! The console as the runtime drives it, without the waiting, on a terminal that counts what it is sent.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::KeyEvent;
use doorlist::console::ui::{Theme, ThemeName, draw, page_rows};
use doorlist::console::{App, Effect, Health, Keymap, Message};
use doorlist::domain::{
    Admission, AdmissionSummary, DeviceId, Entry, EntryState, Event, EventId, EventSummary, Person, Refusal, Scan,
    ScanId, ScanRefusal, Ticket, TicketStatus, UserId, Why,
};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

/// Events that the service tells of.
const EVENTS: usize = 300;
/// Of the scans that were made on our word, so many were refused.
const CONFLICTS: usize = 50;

pub struct Desk {
    pub samples: Vec<Sample>,
    app: App,
    theme: Theme,
    terminal: Terminal<CrosstermBackend<Counting>>,
    sent: Rc<Cell<usize>>,
    operator: Arc<Person>,
    now: Timestamp,
}

/// What one key cost.
pub struct Sample {
    pub took: Duration,
    pub bytes: usize,
}

/// Takes everything and counts it.
struct Counting(Rc<Cell<usize>>);

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Desk {
    pub fn new(tickets: Vec<Ticket>) -> Self {
        let keymap = Arc::new(Keymap::built_in().unwrap());
        let mut app = App::new(DeviceId::from_service("bench-door-1"), keymap, TimeZone::UTC);
        let now = "2026-11-23T19:00:00Z".parse().unwrap();
        let [Effect::LoadEvent { sequence, .. }] = app.start()[..] else { panic!("the console asks for its list") };
        let event = Box::new(event(&tickets[0]));
        app.update(Message::EventLoaded { sequence, event, zone: TimeZone::UTC }, now);
        app.update(Message::TicketsLoaded { sequence, tickets }, now);
        app.update(Message::LoadFinished { sequence }, now);
        app.update(Message::ConnectionChanged(Health::Online), now);
        let sent = Rc::default();
        let terminal = terminal(&sent, (120, 36));
        let theme = Theme::named(ThemeName::Dark);
        let operator = Arc::new(Person { id: UserId::from_service("usr_1"), name: "Mo Diaz".into() });
        Self { samples: Vec::new(), app, theme, terminal, sent, operator, now }
    }

    /// The console begins anew on a terminal of another size.
    pub fn resize(&mut self, size: (u16, u16)) {
        self.terminal = terminal(&self.sent, size);
        let rows = page_rows(Rect::new(0, 0, size.0, size.1));
        self.app.update(Message::PageMeasured(rows), self.now);
        self.paint();
    }

    /// These guests were let in on our word, and the service refused the first of them.
    pub fn fill(&mut self, guests: &[Ticket]) {
        for (number, guest) in guests.iter().enumerate() {
            self.app.update(Message::Pasted(guest.id.as_str().to_owned()), self.now);
            let enter = KeyEvent::from(crossterm::event::KeyCode::Enter);
            let effects = self.app.update(Message::KeyPressed(enter), self.now);
            let Some(entry) = effects.into_iter().find_map(taken) else { continue };
            self.keep(Entry { promised: true, ..entry.clone() });
            if number < CONFLICTS {
                let why = Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
                let state = EntryState::Refused { why, theirs: None, at: self.now, settled: None };
                self.keep(Entry { promised: true, state, ..entry });
            }
        }
    }

    /// Presses a key, and paints what came of it.
    pub fn press(&mut self, key: KeyEvent) {
        let before = self.sent.get();
        let started = Instant::now();
        let runs = self.app.search.runs;
        let effects = self.app.update(Message::KeyPressed(key), self.now);
        if self.app.search.runs != runs {
            self.app.update(Message::SearchTimed(started.elapsed()), self.now);
        }
        self.paint();
        self.samples.push(Sample { took: started.elapsed(), bytes: self.sent.get() - before });
        self.answer(effects);
    }

    /// The world answers at once, and what came of that is painted before the next key.
    fn answer(&mut self, effects: Vec<Effect>) {
        self.now += SignedDuration::from_millis(300);
        for effect in effects {
            match effect {
                Effect::Take(entry) => self.accept(*entry),
                Effect::ListEvents { sequence, .. } => {
                    let listed = Ok(events());
                    self.app.update(Message::EventsListed { sequence, listed }, self.now);
                }
                _ => {}
            }
        }
        self.paint();
    }

    fn accept(&mut self, entry: Entry) {
        let mut ticket = self.app.index.get(&entry.ticket).unwrap().clone();
        let id = ScanId::from_service(format!("scn_{}", entry.id));
        ticket.scans.push(Scan {
            id: id.clone(),
            kind: entry.kind,
            scanned_at: self.now,
            scanned_by: Arc::clone(&self.operator),
            device_id: entry.device.clone(),
        });
        ticket.status = TicketStatus::Redeemed;
        ticket.updated_at = self.now;
        let state = EntryState::Accepted { scan: Some(id), at: self.now };
        self.app.update(Message::TicketLearnt(Box::new(ticket)), self.now);
        self.keep(Entry { state, ..entry });
    }

    fn keep(&mut self, entry: Entry) {
        self.app.update(Message::EntryKept(Box::new(entry)), self.now);
    }

    fn paint(&mut self) {
        let Self { app, theme, terminal, now, .. } = self;
        terminal.draw(|frame| draw(app, theme, *now, frame)).unwrap();
    }
}

fn terminal(sent: &Rc<Cell<usize>>, (columns, rows): (u16, u16)) -> Terminal<CrosstermBackend<Counting>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
    Terminal::with_options(CrosstermBackend::new(Counting(Rc::clone(sent))), TerminalOptions { viewport }).unwrap()
}

fn taken(effect: Effect) -> Option<Entry> {
    if let Effect::Take(entry) = effect { Some(*entry) } else { None }
}

/// The event of the tickets, with tiers to move to and to issue comps of.
fn event(any: &Ticket) -> Event {
    let tier = |number: usize| Admission {
        summary: AdmissionSummary {
            id: doorlist::domain::AdmissionId::from_service(format!("adm_01jq8zv5k3m9x2c7b4n6d8f0g{number}")),
            name: format!("Tier {number}").into(),
            ..AdmissionSummary::clone(&any.admission)
        },
        capacity: None,
        sold: 0,
        section_id: None,
    };
    Event { summary: EventSummary::clone(&any.event), admissions: (0..8).map(tier).collect(), sections: Vec::new() }
}

fn events() -> Vec<EventSummary> {
    let event = |number: usize| EventSummary {
        id: EventId::from_service(format!("evt_{number}")),
        name: format!("Night number {number}").into(),
        venue: "Hall".into(),
        time_zone: "UTC".into(),
        entry_starts_at: "2026-11-23T18:00:00".parse().unwrap(),
        entry_ends_at: "2026-11-23T23:00:00".parse().unwrap(),
    };
    (0..EVENTS).map(event).collect()
}
