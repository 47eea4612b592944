//! A console at a believable event, driven by keys and messages.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::ui::{Theme, ThemeName, draw, page_rows};
use doorlist::console::{App, Effect, Health, Keymap, Message};
use doorlist::domain::{
    Admission, AdmissionId, AdmissionSummary, Attendee, CustomerId, DeviceId, Event, EventId, EventSummary, Operator,
    OrderId, Person, Price, Scan, ScanId, ScanKind, SectionId, SectionSummary, Ticket, TicketId, TicketStatus, UserId,
};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

use crate::answers::{Answer, messages};

/// Twenty minutes past eight in the evening at the venue.
pub fn now() -> Timestamp {
    "2026-03-03T09:20:00Z".parse().unwrap()
}

pub fn zone() -> TimeZone {
    TimeZone::get("Australia/Melbourne").unwrap()
}

/// A console and the act number of its last scan.
pub struct Scene {
    pub app: App,
}

impl Scene {
    /// A console that has asked and heard nothing.
    pub fn silent() -> Self {
        let keymap = Arc::new(Keymap::built_in().unwrap());
        Self { app: App::new(DeviceId::from_service("north-door-7f3a"), keymap, zone()) }
    }

    /// The event is known and its list is coming.
    pub fn loading() -> Self {
        let mut scene = Self::silent();
        let sequence = scene.load();
        scene.tell(Message::OperatorIdentified(Operator { user: None, name: "Mo Diaz".into(), role: None }));
        scene.tell(Message::ConnectionChanged(Health::Online));
        scene.tell(Message::EventLoaded { sequence, event: Box::new(event()), zone: zone() });
        scene
    }

    /// Every guest of [`guests`] and `others` is on the list.
    pub fn loaded_with(others: Vec<Ticket>) -> Self {
        let mut scene = Self::loading();
        let sequence = 1;
        scene.tell(Message::TicketsLoaded { sequence, tickets: guests().into_iter().chain(others).collect() });
        scene.tell(Message::LoadFinished { sequence });
        scene.tell(Message::SearchTimed(Duration::from_micros(400)));
        scene
    }

    pub fn loaded() -> Self {
        Self::loaded_with(Vec::new())
    }

    /// Starts the load and gives the number of the question.
    pub fn load(&mut self) -> u64 {
        match self.app.start().as_slice() {
            [Effect::LoadEvent { sequence, .. }] => *sequence,
            effects => panic!("{effects:?}"),
        }
    }

    pub fn tell(&mut self, message: Message) -> Vec<Effect> {
        self.app.update(message, now())
    }

    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            self.key(KeyCode::Char(character), KeyModifiers::NONE);
        }
        self.tell(Message::SearchTimed(Duration::from_micros(400)));
        self
    }

    pub fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) -> Vec<Effect> {
        self.tell(Message::KeyPressed(KeyEvent::new(code, modifiers)))
    }

    /// Presses the key of a scan and lets the service answer so.
    pub fn scan(&mut self, kind: ScanKind, answer: impl FnOnce(Ticket) -> Answer) -> &mut Self {
        let ticket = self.app.selected_ticket().unwrap().clone();
        let effects = match kind {
            ScanKind::CheckIn => self.key(KeyCode::Enter, KeyModifiers::NONE),
            ScanKind::CheckOut => self.key(KeyCode::Char('o'), KeyModifiers::CONTROL),
        };
        let [Effect::Take(entry)] = effects.as_slice() else { panic!("{effects:?}") };
        for message in messages(entry, answer(ticket), now()) {
            self.tell(message);
        }
        self
    }

    /// The service takes the scan.
    pub fn scan_accepted(&mut self, kind: ScanKind) -> &mut Self {
        self.scan(kind, |ticket| Answer::Accepted(scanned(ticket, kind, now(), "Mo Diaz", "north-door-7f3a")))
    }

    pub fn buffer(&mut self, width: u16, height: u16) -> Buffer {
        self.drawn(&Theme::named(ThemeName::Dark), now(), width, height).0
    }

    pub fn drawn(&mut self, theme: &Theme, at: Timestamp, width: u16, height: u16) -> (Buffer, Position) {
        let area = Rect::new(0, 0, width, height);
        self.app.update(Message::PageMeasured(page_rows(area)), at);
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(&self.app, theme, at, frame)).unwrap();
        let cursor = terminal.get_cursor_position().unwrap();
        (terminal.backend().buffer().clone(), cursor)
    }

    pub fn text(&mut self, width: u16, height: u16) -> String {
        text(&self.buffer(width, height))
    }
}

/// The characters of the cells, a line a row; the right half of a wide character is not a cell of its own.
pub fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap();
        }
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    text
}

pub fn event() -> Event {
    let tier = |tier: Arc<AdmissionSummary>, capacity, sold| Admission {
        summary: AdmissionSummary::clone(&tier),
        capacity,
        sold,
        section_id: None,
    };
    Event {
        summary: summary(),
        admissions: vec![tier(general(), None, 9), tier(vip(), Some(40), 3)],
        sections: Vec::new(),
    }
}

fn summary() -> EventSummary {
    EventSummary {
        id: EventId::from_service("evt_01jq0000000000000000000000"),
        name: "Harbour Lights 2026".into(),
        venue: "Carriageworks".into(),
        time_zone: "Australia/Melbourne".into(),
        entry_starts_at: "2026-03-03T18:00:00".parse().unwrap(),
        entry_ends_at: "2026-03-03T23:30:00".parse().unwrap(),
    }
}

fn admission(id: &str, name: &str, base: i64) -> Arc<AdmissionSummary> {
    Arc::new(AdmissionSummary {
        id: AdmissionId::from_service(id),
        name: name.into(),
        price: Price { base, booking: 250, currency: "AUD".into() },
        entry_starts_at: "2026-03-03T18:00:00".parse().unwrap(),
        entry_ends_at: "2026-03-03T23:30:00".parse().unwrap(),
    })
}

fn general() -> Arc<AdmissionSummary> {
    admission("adm_01jqgeneral000000000000000", "General", 4_500)
}

fn vip() -> Arc<AdmissionSummary> {
    admission("adm_01jqvip0000000000000000000", "VIP", 12_000)
}

/// A ticket of General that nobody has used.
pub fn ticket(number: u32, order: u32, first: &str, last: &str) -> Ticket {
    let mail = format!("{}.{}@example.org", first.to_lowercase(), last.to_lowercase()).replace(' ', "");
    Ticket {
        id: TicketId::from_service(format!("tkt_01jq8zv5k3m9x2c7b4n6{number:06}")),
        status: TicketStatus::Active,
        attendee: Attendee {
            first_name: first.into(),
            last_name: last.into(),
            email: mail.into(),
            phone: Some(format!("+61 412 345 {number:03}").into()),
        },
        order_id: OrderId::from_service(format!("ord_01jq8zv5k3m9x2c7b4n6{order:06}")),
        customer_id: CustomerId::from_service("cus_01jq0000000000000000000000"),
        event: Arc::new(summary()),
        admission: general(),
        section: None,
        scans: Vec::new(),
        created_at: "2026-01-10T02:00:00Z".parse().unwrap(),
        updated_at: "2026-01-10T02:00:00Z".parse().unwrap(),
    }
}

/// The ticket as the service has it after a scan that it took.
pub fn scanned(mut ticket: Ticket, kind: ScanKind, at: Timestamp, by: &str, device: &str) -> Ticket {
    ticket.scans.push(Scan {
        id: ScanId::from_service(format!("scn_{}", ticket.scans.len())),
        kind,
        scanned_at: at,
        scanned_by: Arc::new(Person { id: UserId::from_service("usr_1"), name: by.into() }),
        device_id: DeviceId::from_service(device),
    });
    ticket.status = if kind == ScanKind::CheckIn { TicketStatus::Redeemed } else { TicketStatus::Active };
    ticket.updated_at = at;
    ticket
}

fn minutes_ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

/// A family of four in one order, namesakes, a cancelled ticket, one that went in and out.
pub fn guests() -> Vec<Ticket> {
    let section = Arc::new(SectionSummary { id: SectionId::from_service("sct_1"), name: "Balcony".into() });
    let balcony = |ticket: Ticket| Ticket { admission: vip(), section: Some(Arc::clone(&section)), ..ticket };
    let in_at =
        |ticket: Ticket, minutes| scanned(ticket, ScanKind::CheckIn, minutes_ago(minutes), "Mo Diaz", "south-door-2");
    let out_at = |ticket: Ticket, minutes| {
        scanned(ticket, ScanKind::CheckOut, minutes_ago(minutes), "Kim Osei", "north-door-7f3a")
    };
    let mut second_john = ticket(6, 3, "John", "Smith");
    second_john.attendee.email = "j.smith@work.example".into();
    vec![
        balcony(ticket(1, 1, "Ada", "Lovelace")),
        balcony(in_at(ticket(2, 1, "Charles", "Babbage"), 12)),
        balcony(in_at(ticket(3, 1, "Mary", "Somerville"), 4)),
        ticket(4, 1, "Ada", "Byron"),
        ticket(5, 2, "John", "Smith"),
        second_john,
        Ticket { status: TicketStatus::Cancelled, ..ticket(7, 4, "Zoë", "Đặng") },
        out_at(in_at(ticket(8, 5, "李", "小龍"), 90), 30),
        ticket(9, 6, "محمد", "العربي"),
        in_at(out_at(in_at(ticket(10, 7, "Renée", "O’Brien-Smith"), 140), 70), 3),
    ]
}
