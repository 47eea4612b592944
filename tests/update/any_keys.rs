//! Any keys at all, over every view: no panic, no way without a way back, and nothing that changes a record without the key for it.
//!
//! Ten thousand keys in the suite; a million by `DOORLIST_KEYS=1000000 cargo test --release --test update any_keys`. A walk
//! that fails names its seed, its step and its last keys, and goes the same way each time.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::console::ui::{self, Theme, ThemeName};
use doorlist::console::{Access, Action, App, Asks, Chord, Effect, Health, Keymap, Message, Mode, Popup, Role};
use doorlist::domain::{
    AdmissionId, AttendeeField, ChangeOutcome, Entry, EntryState, Faults, Gate, Made, OrderId, PinHash, Refusal,
    ScanRefusal, Ticket, Trouble, Why,
};
use jiff::{SignedDuration, Timestamp};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use strum::IntoEnumIterator;

use super::forms::door;
use super::stage::{guests, now, scan, ticket};
use crate::answers::{Answer, messages};

/// Keys of one walk; then another begins.
const WALK: usize = 1_000;
const KEYS: usize = 10_000;
/// Keys that lead from anywhere back to the panes.
const WAY_BACK: usize = 12;
const SIZES: [(u16, u16); 4] = [(80, 24), (120, 36), (60, 16), (31, 9)];
/// What keys alone do not lead to: these take a form filled in well, or a service that answers just so.
const FAR: [Mode; 3] = [Mode::Issued, Mode::Repeat, Mode::Settle];
/// What is typed: letters that find somebody, that are bound to something, and that are strange.
const LETTERS: &str = "adabenclo yr0123456789@.+-é\u{0301}漢\u{200b}\u{202e}🎫";

#[test]
fn whatever_is_pressed_nothing_breaks_and_nothing_is_changed_by_chance() {
    let keys = std::env::var("DOORLIST_KEYS").map_or(KEYS, |keys| keys.parse().unwrap());
    let mut modes = BTreeSet::new();
    let mut changes = 0;
    let walks = keys.div_ceil(WALK);
    for seed in 0..walks * 4 {
        // Chance may need a few walks more to come to every pop-up.
        if seed >= walks && modes.len() == Mode::iter().count() {
            break;
        }
        let mut walk = Walk::begin(seed as u64);
        for step in 0..WALK {
            walk.step(step);
        }
        modes.extend(walk.modes);
        changes += walk.changes;
    }
    // Walks that never get anywhere would prove nothing.
    let missed: Vec<_> =
        Mode::iter().filter(|mode| !FAR.contains(mode) && !modes.contains(&mode.to_string())).collect();
    assert!(missed.is_empty(), "{missed:?}");
    assert!(changes > keys / 1_000, "{changes}");
}

/// Whether pressing a key that means `action` in `mode`, with `word` typed where one is asked for, may have `effect`.
fn is_asked_for(effect: &Effect, mode: Mode, action: Option<Action>, word: &str) -> bool {
    // The palette runs what was picked in it.
    let picked = mode == Mode::Palette && action == Some(Action::Confirm);
    let means = |wanted: &[Action]| picked || action.is_some_and(|action| wanted.contains(&action));
    match effect {
        Effect::LoadEvent { .. }
        | Effect::FetchTicket { .. }
        | Effect::LookUp { .. }
        | Effect::ListEvents { .. }
        | Effect::Ring(_)
        | Effect::Record(_)
        | Effect::Resume => true,
        // Enter in an order lets in who is marked; Enter under a reason, a guest at the wrong door.
        Effect::Take(_) => {
            let confirmed = action == Some(Action::Confirm) && [Mode::Order, Mode::Override].contains(&mode);
            confirmed || means(&[Action::CheckIn, Action::CheckOut])
        }
        Effect::Undo { .. } => means(&[Action::Undo]),
        // The yes under what will be done, or the whole word for it.
        Effect::Change { .. } => {
            let is_certain = matches!(mode, Mode::Review | Mode::Repeat)
                || (mode == Mode::Form && ["cancel", "valid"].contains(&word.to_lowercase().as_str()));
            is_certain && action == Some(Action::Confirm)
        }
        Effect::SwitchEvent(_) => mode == Mode::Events && action == Some(Action::Confirm),
        Effect::VerifyPin { .. } => mode == Mode::Pin && action == Some(Action::Confirm),
        Effect::Settle { .. } => mode == Mode::Settle && action == Some(Action::Confirm),
        Effect::Suspend => means(&[Action::Suspend]),
        Effect::Quit => means(&[Action::Quit]),
    }
}

struct Walk {
    seed: u64,
    app: App,
    keymap: Arc<Keymap>,
    random: ChaCha8Rng,
    now: Timestamp,
    all_keys: Vec<KeyEvent>,
    last_keys: VecDeque<KeyEvent>,
    /// What was asked of the world and has not been answered.
    asked: Vec<Effect>,
    modes: BTreeSet<String>,
    changes: usize,
    scans: i64,
}

impl Walk {
    fn begin(seed: u64) -> Self {
        let mut app = door();
        if seed.is_multiple_of(3) {
            app.access = Access::new(Role::Steward, Some(PinHash::new("$argon2id$")), Duration::from_secs(60));
        }
        // Every other door admits nobody, so that walks come to the override.
        if seed % 2 == 1 {
            app.door.gate = Gate { admissions: vec![AdmissionId::from_service("adm_elsewhere")], sections: Vec::new() };
        }
        Self {
            seed,
            app,
            keymap: Arc::new(Keymap::built_in().unwrap()),
            random: ChaCha8Rng::seed_from_u64(seed),
            now: now(),
            all_keys: all_keys(),
            last_keys: VecDeque::new(),
            asked: Vec::new(),
            modes: BTreeSet::new(),
            changes: 0,
            scans: 0,
        }
    }

    fn step(&mut self, step: usize) {
        self.now += SignedDuration::from_millis(self.random.random_range(1..4_000));
        if self.app.mode() == Mode::Form && self.random.random_bool(0.1) {
            self.fills_in();
        }
        if self.app.mode() == Mode::Door && self.random.random_bool(0.02) {
            self.press(KeyEvent::new(KeyCode::F(6), KeyModifiers::NONE));
        }
        let key = self.choose();
        self.press(key);
        if self.random.random_bool(0.3) {
            self.world_answers();
        }
        if self.random.random_bool(0.1) {
            self.something_happens();
        }
        if step.is_multiple_of(20) {
            self.draw();
        }
        if step % 100 == 99 {
            self.finds_back(step);
        }
    }

    /// Half of the keys mean something where they are pressed.
    fn choose(&mut self) -> KeyEvent {
        let mode = self.app.mode();
        match self.random.random_range(0..10) {
            0..5 => {
                let bound: Vec<&KeyEvent> =
                    self.all_keys.iter().filter(|key| self.keymap.action(mode, **key).is_some()).collect();
                **bound.choose(&mut self.random).unwrap()
            }
            5..9 => {
                let letters: Vec<char> = LETTERS.chars().collect();
                KeyEvent::new(KeyCode::Char(*letters.choose(&mut self.random).unwrap()), KeyModifiers::NONE)
            }
            _ => *self.all_keys.choose(&mut self.random).unwrap(),
        }
    }

    /// A form that makes sense, line by line, which chance alone would hardly ever come to.
    fn fills_in(&mut self) {
        let Some(form) = self.app.popup.as_ref().and_then(Popup::form) else { return };
        let (before, after) = form.lines.split_at(form.focus());
        let round = after.iter().chain(before).filter(|line| line.is_asked);
        let lines: Vec<Asks> = round.map(|line| line.asks).collect();
        for asks in lines {
            let text = match asks {
                Asks::Attendee(AttendeeField::Email) => "grace@example.com",
                Asks::Attendee(AttendeeField::Phone) => "+61 412 345 678",
                Asks::Attendee(_) => *["Grace", "Hopper"].choose(&mut self.random).unwrap(),
                Asks::Word => *["cancel", "valid"].choose(&mut self.random).unwrap(),
                Asks::Quantity => "1",
                _ => "",
            };
            self.press(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
            for letter in text.chars() {
                self.press(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE));
            }
            self.press(KeyEvent::new(KeyCode::Tab, KeyModifiers::NONE));
        }
        self.press(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
    }

    fn press(&mut self, key: KeyEvent) {
        self.last_keys.push_back(key);
        if self.last_keys.len() > 30 {
            self.last_keys.pop_front();
        }
        let mode = self.app.mode();
        self.modes.insert(mode.to_string());
        let action = self.keymap.action(mode, key);
        let word = self.app.popup.as_ref().and_then(Popup::form).map(|form| form.value(Asks::Word).to_owned());
        let effects = self.app.update(Message::KeyPressed(key), self.now);
        for effect in effects {
            self.changes += usize::from(matches!(effect, Effect::Take(_) | Effect::Change { .. }));
            if !is_asked_for(&effect, mode, action, word.as_deref().unwrap_or_default()) {
                self.fails(&format!("{action:?} in {mode} led to {effect:?}"));
            }
            self.asked.push(effect);
        }
    }

    /// One thing that was asked is answered, well or badly.
    fn world_answers(&mut self) {
        if self.asked.is_empty() {
            return;
        }
        let asked = self.asked.remove(self.random.random_range(0..self.asked.len()));
        let failed = self.random.random_bool(0.3);
        let trouble = Trouble::TimedOut;
        let told = match asked {
            Effect::LoadEvent { sequence, .. } if failed => vec![Message::LoadFailed { sequence, trouble }],
            Effect::LoadEvent { sequence, .. } => {
                vec![Message::TicketsLoaded { sequence, tickets: guests() }, Message::LoadFinished { sequence }]
            }
            Effect::FetchTicket { sequence, id } if failed => vec![Message::TicketNotLoaded { sequence, id, trouble }],
            Effect::FetchTicket { sequence, .. } => {
                vec![Message::TicketLoaded { sequence, ticket: Box::new(self.some_guest()) }]
            }
            Effect::LookUp { sequence, .. } if failed => {
                vec![Message::CodeLookedUp { sequence, found: Err(Trouble::NotFound) }]
            }
            Effect::LookUp { sequence, .. } => {
                vec![Message::CodeLookedUp { sequence, found: Ok(Box::new(self.some_guest())) }]
            }
            Effect::ListEvents { sequence, .. } => {
                let here = Ok(vec![guests()[0].event.as_ref().clone()]);
                vec![Message::EventsListed { sequence, listed: if failed { Err(trouble) } else { here } }]
            }
            Effect::VerifyPin { sequence, .. } => vec![Message::PinVerified { sequence, is_right: !failed }],
            Effect::Take(entry) if failed => conflict(&entry, self.now),
            Effect::Take(entry) => messages(&entry, self.some_answer(), self.now),
            Effect::Change { sequence, .. } => {
                vec![Message::ChangeAnswered { sequence, outcome: Box::new(self.some_outcome()) }]
            }
            _ => Vec::new(),
        };
        for message in told {
            let effects = self.app.update(message, self.now);
            self.asked.extend(effects);
        }
    }

    fn some_answer(&mut self) -> Answer {
        match self.random.random_range(0..5) {
            0 => Answer::Accepted(self.some_guest()),
            1 => Answer::Refused(ScanRefusal::Rule(Refusal::AlreadyCheckedIn), Some(self.some_guest())),
            2 => Answer::Unknown,
            3 => Answer::Promised,
            _ => Answer::NotKept("The disk is full."),
        }
    }

    fn some_outcome(&mut self) -> ChangeOutcome {
        let trouble = Trouble::TimedOut;
        match self.random.random_range(0..6) {
            0 | 1 => {
                let order = Some(OrderId::from_service("ord_1"));
                ChangeOutcome::Made(Made { tickets: vec![self.some_guest()], order })
            }
            2 => ChangeOutcome::Differs(Box::new(self.some_guest())),
            3 => ChangeOutcome::Refused(Faults { form: vec!["No.".into()], ..Faults::default() }),
            4 => ChangeOutcome::Unknown { trouble, before: None },
            _ => ChangeOutcome::Failed(trouble),
        }
    }

    /// A guest as the service may have them by now.
    fn some_guest(&mut self) -> Ticket {
        self.scans += 1;
        let (id, first, last) =
            *[("tkt_ada", "Ada", "Lovelace"), ("tkt_ben", "Ben", "Okafor"), ("tkt_cleo", "Cleo", "Müller")]
                .choose(&mut self.random)
                .unwrap();
        let status = *["ACTIVE", "REDEEMED", "CANCELLED"].choose(&mut self.random).unwrap();
        let kind = if status == "REDEEMED" { "CHECK_IN" } else { "CHECK_OUT" };
        ticket(id, first, last, status, self.scans, &[scan(&format!("s{}", self.scans), kind, self.scans)])
    }

    /// What nobody at this console did.
    fn something_happens(&mut self) {
        let message = match self.random.random_range(0..5) {
            0 => Message::ConnectionChanged(Health::Offline(Trouble::Unreachable)),
            1 => Message::ConnectionChanged(Health::Online),
            2 => Message::TicketLearnt(Box::new(self.some_guest())),
            3 => Message::Pasted("ada\n".repeat(self.random.random_range(0..40))),
            _ => Message::Ticked,
        };
        let effects = self.app.update(message, self.now);
        self.asked.extend(effects);
    }

    fn draw(&mut self) {
        let (width, height) = *SIZES.choose(&mut self.random).unwrap();
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| ui::draw(&self.app, &Theme::named(ThemeName::Dark), self.now, frame)).unwrap();
    }

    /// With nothing under way, Esc leads back to the panes, a few times pressed.
    fn finds_back(&mut self, step: usize) {
        while !self.asked.is_empty() {
            self.world_answers();
        }
        for _ in 0..WAY_BACK {
            if self.app.mode() == Mode::Door {
                return;
            }
            self.press(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
        }
        self.fails(&format!("step {step}: no way back from {}", self.app.mode()));
    }

    fn fails(&self, what: &str) {
        let keys: Vec<_> = self.last_keys.iter().map(|key| Chord::from(*key).to_string()).collect();
        panic!("seed {}: {what}\nlast keys: {}", self.seed, keys.join(" "));
    }
}

/// It happened on our word, and the service refused it later.
fn conflict(entry: &Entry, at: Timestamp) -> Vec<Message> {
    let why = Why::Rule(ScanRefusal::Rule(Refusal::AlreadyCheckedIn));
    let state = EntryState::Refused { why, theirs: None, at, settled: None };
    let refused = Entry { state, promised: true, ..entry.clone() };
    let mut told = messages(entry, Answer::Promised, at);
    told.push(Message::EntryKept(Box::new(refused)));
    told
}

/// Every key that a table can name.
fn all_keys() -> Vec<KeyEvent> {
    use KeyCode::{
        BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, F, Home, Insert, Left, PageDown, PageUp, Right, Tab,
        Up,
    };
    let named = [
        Enter,
        Esc,
        Tab,
        BackTab,
        Up,
        Down,
        Left,
        Right,
        Home,
        End,
        PageUp,
        PageDown,
        Insert,
        Delete,
        Backspace,
        Char(' '),
    ];
    let plain = named.into_iter().chain((1..=12).map(F)).chain(('!'..='~').map(Char));
    let plain = plain.map(|code| KeyEvent::new(code, KeyModifiers::NONE));
    let held = [KeyModifiers::CONTROL, KeyModifiers::ALT];
    let held = held.into_iter().flat_map(|held| ('a'..='z').map(move |letter| KeyEvent::new(Char(letter), held)));
    plain.chain(held).collect()
}
