//! The event loop: the only place of the console that waits, draws and hands out orders.
//!
//! It waits for whatever comes first (a key, a report, a second of the clock, the order to end), takes in
//! all that has come, and then draws once.

mod departure;
mod keyboard;
mod redraw;
mod seam;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use crossterm::event::{Event as TerminalEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use futures::StreamExt;
use futures::stream::BoxStream;
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior};

pub use self::departure::{Departure, Remains};
pub use self::keyboard::{Keyboard, Stamped};
use self::redraw::Redraw;
use self::seam::Seam;
use super::effect::Effect;
use super::message::Message;
use super::scanner::Wedge;
use super::ui::{self, Theme};
use super::{Access, App, Bell, Chance, Comps};
use crate::domain::{EventId, Gate};
use crate::sync::{Order, Report};

/// Most keys taken in before the screen is drawn.
const BATCH: usize = 32;
/// Tickets taken in before it is looked whether a key has come: about as long as a frame takes to draw.
const TICKETS_AT_ONCE: usize = 25;

/// What the loop needs of the world outside, besides a place to draw.
pub trait Host {
    /// The time.
    fn now(&self) -> Timestamp;
    /// Sounds the bell.
    fn ring(&mut self, bell: Bell) -> io::Result<()>;
    /// Hands the terminal to the shell, and comes back when the shell continues us.
    fn suspend(&mut self) -> io::Result<()>;
    /// Wishes from outside that we stop for a while, as the shell's `kill -TSTP` has them.
    fn stop_requests(&mut self) -> io::Result<BoxStream<'static, ()>>;
    /// Whether the terminal went away without a word.
    fn is_gone(&self) -> bool;
    /// Draws random bytes.
    fn chance(&mut self) -> Chance;
}

/// Where facts come from and orders go.
#[derive(Debug)]
pub struct Ports<'a> {
    /// Keys, pastes and sizes from the terminal, whichever console is open on it.
    pub keyboard: &'a mut Keyboard,
    /// Orders to the engine.
    pub orders: mpsc::Sender<Order>,
    /// Reports of the engine.
    pub reports: mpsc::Receiver<Report>,
}

/// Why the console ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The operator left.
    Quit,
    /// The operator chose another event.
    Switch(Box<Handover>),
    /// The system asked for it.
    Shutdown,
    /// The terminal went away.
    TerminalGone,
}

/// What goes on at another event: the console is a new one, the shift and its people are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The chosen event.
    pub event: EventId,
    /// Lent rights, and the lock after wrong PINs.
    pub access: Access,
    /// What was issued in this shift.
    pub comps: Comps,
    /// What was chosen at the door, by event: another one has other tiers and sections.
    pub gates: HashMap<EventId, Gate>,
}

/// Runs the console until the operator leaves, `shutdown` completes, or the terminal goes away.
///
/// The engine works on for as long as what is left of the console [lives](Remains).
pub async fn run<B, S, H>(
    terminal: &mut Terminal<B>,
    mut app: App,
    theme: &Theme,
    ports: Ports<'_>,
    shutdown: S,
    host: &mut H,
) -> io::Result<Departure>
where
    B: Backend,
    S: Future<Output = ()>,
    H: Host,
{
    app.seed(host.chance());
    let mut stops = host.stop_requests()?;
    let effects = app.start();
    let Ports { keyboard, orders, reports } = ports;
    let (seam, unheard) = (Seam::new(orders, reports), Vec::new());
    let (wedge, opened) = (Wedge::default(), keyboard.opened);
    let (area, redraw, wants_clear) = (Rect::ZERO, Redraw::first(), false);
    let mut desk = Desk { app, host, seam, area, wedge, unheard, opened, redraw, wants_clear };
    let mut seconds = every_second();
    tokio::pin!(shutdown);
    if let Some(ending) = desk.perform(effects).await? {
        return Ok(desk.leave(ending));
    }
    if let Some(ending) = desk.take_all(keyboard.left()).await? {
        return desk.close(ending, keyboard).await;
    }
    loop {
        // A terminal that cannot be drawn on has gone: nobody is there to be told.
        if desk.draw(terminal, theme).is_err() {
            return Ok(desk.leave(Ending::TerminalGone));
        }
        let ending = tokio::select! {
            biased;
            () = &mut shutdown => Some(Ending::Shutdown),
            event = keyboard.next() => desk.heard(event).await?,
            Some(()) = stops.next() => desk.perform(vec![Effect::Suspend]).await?,
            () = until(desk.deadline()) => desk.woke().await?,
            () = until(desk.redraw.due()) => None,
            _ = seconds.tick() => desk.second().await?,
            Some(report) = desk.seam.report() => desk.told(report).await?,
        };
        let ending = match ending {
            Some(ending) => Some(ending),
            None => desk.catch_up(keyboard).await?,
        };
        if let Some(ending) = ending {
            return desk.close(ending, keyboard).await;
        }
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

fn every_second() -> Interval {
    let second = Duration::from_secs(1);
    let mut seconds = tokio::time::interval_at(tokio::time::Instant::now() + second, second);
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    seconds
}

/// The console at work: state, orders and the world outside.
struct Desk<'a, H> {
    app: App,
    host: &'a mut H,
    seam: Seam,
    /// The screen as it was last drawn, for whoever points at it.
    area: Rect,
    wedge: Wedge,
    /// What was heard behind the key that ends this console.
    unheard: Vec<Message>,
    /// The moment from which the wedge's time is counted.
    opened: Instant,
    redraw: Redraw,
    wants_clear: bool,
}

impl<H: Host> Desk<'_, H> {
    /// Draws the screen, and tells the app how many rows it shows.
    fn draw<B: Backend>(&mut self, terminal: &mut Terminal<B>, theme: &Theme) -> Result<(), B::Error> {
        if !self.redraw.take() {
            return Ok(());
        }
        if std::mem::take(&mut self.wants_clear) {
            // Not by `clear`, which asks the terminal where its cursor is: keys are read at the same time, and a terminal
            // that does not answer would end the console.
            terminal.resize(terminal.size()?.into())?;
        }
        let now = self.host.now();
        self.area = terminal.size()?.into();
        let rows = ui::page_rows(self.area);
        if rows != self.app.view.page {
            self.app.update(Message::PageMeasured(rows), now);
        }
        terminal.draw(|frame| ui::draw(&self.app, theme, now, frame))?;
        Ok(())
    }

    /// Takes in what came in the meantime, without waiting; a key that comes between two reports goes before the rest,
    /// and so does the frame that shows it.
    ///
    /// A big list brings reports faster than they are taken in: nobody who types waits for thousands of guests.
    async fn catch_up(&mut self, keyboard: &mut Keyboard) -> io::Result<Option<Ending>> {
        for _ in 0..BATCH {
            let Some(event) = keyboard.came() else { break };
            if let Some(ending) = self.heard(Some(event)).await? {
                return Ok(Some(ending));
            }
        }
        while !self.redraw.is_due() {
            let Some(report) = self.seam.came() else { break };
            if let Some(ending) = self.told(report).await? {
                return Ok(Some(ending));
            }
            if let Some(event) = keyboard.came() {
                return self.heard(Some(event)).await;
            }
        }
        Ok(None)
    }

    /// Something came from the terminal; its end or an error means that it is gone.
    async fn heard(&mut self, event: Option<Stamped>) -> io::Result<Option<Ending>> {
        match event {
            Some((Ok(TerminalEvent::Key(key)), at)) if key.kind != KeyEventKind::Release => {
                let acts = self.app.acts_on(key);
                let heard = self.wedge.key(key, acts, at.duration_since(self.opened));
                self.take_all(heard).await
            }
            Some((Ok(TerminalEvent::Paste(text)), _)) => {
                let mut heard = self.flush();
                heard.push(Message::Pasted(text));
                self.take_all(heard).await
            }
            Some((Ok(TerminalEvent::Mouse(mouse)), _)) => match self.pointed(mouse) {
                // A key that is held back was pressed first, and meant the row that was selected then.
                Some(message) => {
                    let mut heard = self.flush();
                    heard.push(message);
                    self.take_all(heard).await
                }
                None => Ok(None),
            },
            // Also where the size is what it was before: what was on the screen has been cut in between.
            Some((Ok(TerminalEvent::Resize(..)), _)) => {
                self.draw_anew();
                Ok(None)
            }
            Some((Ok(_), _)) => Ok(None),
            Some((Err(_), _)) | None => Ok(Some(Ending::TerminalGone)),
        }
    }

    /// The whole screen, whatever the terminal has left of it.
    fn draw_anew(&mut self) {
        self.redraw.now();
        self.wants_clear = true;
    }

    /// What the mouse means; its other buttons and its way over the screen mean nothing.
    fn pointed(&self, mouse: MouseEvent) -> Option<Message> {
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                let place = Position::new(mouse.column, mouse.row);
                ui::row_at(&self.app, self.area, place).map(Message::RowClicked)
            }
            MouseEventKind::ScrollUp => Some(Message::WheelTurned(-1)),
            MouseEventKind::ScrollDown => Some(Message::WheelTurned(1)),
            _ => None,
        }
    }

    /// When the scanner's keys have to be looked at again.
    fn deadline(&self) -> Option<Instant> {
        self.wedge.deadline().map(|deadline| self.opened + deadline)
    }

    async fn woke(&mut self) -> io::Result<Option<Ending>> {
        let heard = self.wedge.wake(self.opened.elapsed());
        self.take_all(heard).await
    }

    /// What came before something that is no key.
    fn flush(&mut self) -> Vec<Message> {
        self.wedge.flush(self.opened.elapsed())
    }

    async fn take_all(&mut self, messages: Vec<Message>) -> io::Result<Option<Ending>> {
        let mut messages = messages.into_iter();
        while let Some(message) = messages.next() {
            if let Some(ending) = self.take(message).await? {
                self.unheard.extend(messages);
                return Ok(Some(ending));
            }
        }
        Ok(None)
    }

    /// Sees to the keys that are held back: an Enter that waited for a code behind it was pressed all the same. Where
    /// another console follows, they are for that one.
    async fn close(mut self, ending: Ending, keyboard: &mut Keyboard) -> io::Result<Departure> {
        let held = self.flush();
        if matches!(ending, Ending::Switch(_)) {
            self.unheard.extend(held);
            keyboard.leave(std::mem::take(&mut self.unheard));
        } else {
            self.take_all(held).await?;
        }
        Ok(self.leave(ending))
    }

    fn leave(self, ending: Ending) -> Departure {
        Departure { ending, remains: Remains::new(self.app, self.seam) }
    }

    async fn second(&mut self) -> io::Result<Option<Ending>> {
        if self.host.is_gone() {
            return Ok(Some(Ending::TerminalGone));
        }
        self.take(Message::Ticked).await
    }

    /// Takes in what the engine tells.
    async fn told(&mut self, mut report: Report) -> io::Result<Option<Ending>> {
        if let Report::Tickets { sequence, tickets } = &mut report {
            self.redraw.for_a_page();
            if tickets.len() > TICKETS_AT_ONCE {
                let rest = Report::Tickets { sequence: *sequence, tickets: tickets.split_off(TICKETS_AT_ONCE) };
                self.seam.put_back(rest);
            }
        } else {
            self.redraw.for_a_word();
        }
        self.hear(seam::message(report)).await
    }

    /// Takes in what a person does, or the clock.
    async fn take(&mut self, message: Message) -> io::Result<Option<Ending>> {
        self.redraw.now();
        self.hear(message).await
    }

    /// Takes in one fact and does what follows from it.
    async fn hear(&mut self, message: Message) -> io::Result<Option<Ending>> {
        let (before, started) = (self.app.search.runs, std::time::Instant::now());
        let effects = self.app.update(message, self.host.now());
        if self.app.search.runs != before {
            self.app.update(Message::SearchTimed(started.elapsed()), self.host.now());
        }
        self.perform(effects).await
    }

    async fn perform(&mut self, effects: Vec<Effect>) -> io::Result<Option<Ending>> {
        for effect in effects {
            match seam::order(effect) {
                Ok(order) => {
                    if !self.seam.order(order).await {
                        return Ok(Some(Ending::Shutdown));
                    }
                }
                Err(Effect::Ring(bell)) => self.host.ring(bell)?,
                Err(Effect::Suspend) => {
                    self.host.suspend()?;
                    self.draw_anew();
                }
                Err(Effect::SwitchEvent(event)) => {
                    let (access, comps) = (self.app.access.clone(), self.app.changes.comps.clone());
                    let gates = self.app.door.chosen.clone();
                    return Ok(Some(Ending::Switch(Box::new(Handover { event, access, comps, gates }))));
                }
                Err(_) => return Ok(Some(Ending::Quit)),
            }
        }
        Ok(None)
    }
}
