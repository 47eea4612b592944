//! A console at work, with hands on its keys and eyes on its screen.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossterm::event::{Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use doorlist::api::{Client, ScanMode};
use doorlist::config::StateFolder;
use doorlist::console::runtime::{self, Departure, Ending, Host, Keyboard, Ports, Stamped};
use doorlist::console::ui::{Theme, ThemeName};
use doorlist::console::{App, Bell, Door, Keymap};
use doorlist::domain::{DeviceId, EventId, OfflinePolicy, TenantId};
use doorlist::sync::{self, EngineSettings, LoadSettings, Shelf, TokenReader};
use futures::StreamExt;
use futures::stream::BoxStream;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, TestBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::evening::{Evening, Service};

/// Longest wait for the screen; costs nothing while the clock is paused.
const PATIENCE: Duration = Duration::from_secs(60);

type Keys = mpsc::UnboundedSender<Stamped>;

/// A console that runs.
pub struct Stage {
    keys: Keys,
    screen: watch::Receiver<String>,
    seen: Arc<Mutex<Seen>>,
    shutdown: oneshot::Sender<()>,
    console: JoinHandle<io::Result<(Departure, Keyboard)>>,
    clock: Evening,
    engine: JoinHandle<usize>,
    unsent: watch::Receiver<usize>,
    state: TempDir,
}

/// What the world outside was told.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Seen {
    pub bells: Vec<Bell>,
    pub suspended: usize,
}

/// How a console left, with the engine that it leaves behind.
pub struct Left {
    pub ending: Ending,
    pub engine: JoinHandle<usize>,
    /// How many scans the service has not answered so far.
    pub unsent: watch::Receiver<usize>,
    /// What is kept of the evening.
    state: TempDir,
    /// The terminal, which outlives the console.
    terminal: (Keys, Keyboard),
}

impl Stage {
    /// A console at the door of the fake service.
    pub fn at(service: &Arc<Service>) -> Self {
        Self::open(service.client(), "evt_1", service.clock())
    }

    /// A console on any service.
    pub fn open(client: Client, event: &str, clock: Evening) -> Self {
        Self::with(Door::default(), client, event, clock)
    }

    /// A console at a door with rules of its own.
    pub fn with(door: Door, client: Client, event: &str, clock: Evening) -> Self {
        Self::prepared(|app| app.door = door, client, event, clock)
    }

    /// A console that something was prepared in.
    pub fn prepared(prepare: impl FnOnce(&mut App), client: Client, event: &str, clock: Evening) -> Self {
        Self::started(tempfile::tempdir().unwrap(), None, None, prepare, client, Some(event), clock)
    }

    /// A console where another was before, at the same door.
    pub fn again(left: Left, service: &Arc<Service>) -> Self {
        Self::started(left.state, None, None, |_| (), service.client(), Some("evt_1"), service.clock())
    }

    /// The same at any event of any service.
    pub fn reopened(left: Left, client: Client, event: &str, clock: Evening) -> Self {
        Self::started(left.state, None, None, |_| (), client, Some(event), clock)
    }

    /// The same where the settings name no event, and the one before is only a guess.
    pub fn guessing(left: Left, service: &Arc<Service>) -> Self {
        Self::reopened_from_memory(left, service.client(), service.clock())
    }

    /// The same with another client.
    pub fn reopened_from_memory(left: Left, client: Client, clock: Evening) -> Self {
        Self::started(left.state, None, None, |_| (), client, None, clock)
    }

    /// The next console on the terminal that another one left.
    pub fn next(left: Left, service: &Arc<Service>) -> Self {
        Self::started(left.state, Some(left.terminal), None, |_| (), service.client(), Some("evt_1"), service.clock())
    }

    /// A console whose token is read anew from there.
    pub fn renewing(token: Arc<dyn TokenReader>, service: &Arc<Service>) -> Self {
        let state = tempfile::tempdir().unwrap();
        Self::started(state, None, Some(token), |_| (), service.client(), Some("evt_1"), service.clock())
    }

    fn started(
        state: TempDir,
        terminal: Option<(Keys, Keyboard)>,
        token: Option<Arc<dyn TokenReader>>,
        prepare: impl FnOnce(&mut App),
        client: Client,
        event: Option<&str>,
        clock: Evening,
    ) -> Self {
        let device = DeviceId::from_service("south-1");
        let shelf = Shelf {
            state_dir: state.path().to_owned(),
            tenant: TenantId::from_service("tnt_1"),
            device: device.clone(),
        };
        let engine = sync::start(EngineSettings {
            memory: Some(Arc::new(StateFolder::open(state.path()).unwrap())),
            client,
            token,
            scan: ScanMode::Auto,
            event: event.map(str::to_owned),
            opening: event.is_none().then(|| shelf.begin(EventId::from_service("evt_1")).unwrap()),
            shelf,
            offline: OfflinePolicy::Accept,
            slow_after: Duration::from_millis(1_500),
            load: LoadSettings::default(),
            seed: 7,
        });
        let (keys, mut keyboard) = terminal.unwrap_or_else(|| {
            let (keys, mut typed) = mpsc::unbounded_channel();
            (keys, Keyboard::open(futures::stream::poll_fn(move |context| typed.poll_recv(context))))
        });
        let (orders, reports) = (engine.orders, engine.reports);
        let (shown, screen) = watch::channel(String::new());
        let (shutdown, asked) = oneshot::channel();
        let seen = Arc::<Mutex<Seen>>::default();
        let mut host = TestHost { clock, seen: Arc::clone(&seen) };
        let mut app = App::new(device, Arc::new(Keymap::built_in().unwrap()), TimeZone::UTC);
        prepare(&mut app);
        let console = tokio::spawn(async move {
            let mut terminal = Terminal::new(Screen { cells: TestBackend::new(120, 36), shown }).unwrap();
            // A sender that is dropped has not asked for anything.
            let asked = async {
                if asked.await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            let theme = Theme::named(ThemeName::Dark);
            let ports = Ports { keyboard: &mut keyboard, orders, reports };
            let departure = Box::pin(runtime::run(&mut terminal, app, &theme, ports, asked, &mut host)).await?;
            Ok((departure, keyboard))
        });
        Self { keys, screen, seen, shutdown, console, clock, engine: engine.ended, unsent: engine.unsent, state }
    }

    /// Waits until all of `words` are on the screen at once; gives the screen.
    pub async fn sees(&mut self, words: &[&str]) -> String {
        let shows = |screen: &String| words.iter().all(|word| screen.contains(word));
        if let Ok(Ok(screen)) = tokio::time::timeout(PATIENCE, self.screen.wait_for(shows)).await {
            return screen.clone();
        }
        panic!("never on the screen: {words:?}\n{}", self.screen());
    }

    /// Waits until `word` is on the screen no more; gives the screen.
    pub async fn sees_no_more(&mut self, word: &str) -> String {
        let shows = |screen: &String| !screen.contains(word);
        if let Ok(Ok(screen)) = tokio::time::timeout(PATIENCE, self.screen.wait_for(shows)).await {
            return screen.clone();
        }
        panic!("for ever on the screen: {word}\n{}", self.screen());
    }

    /// What is on the screen now.
    pub fn screen(&self) -> String {
        self.screen.borrow().clone()
    }

    pub fn type_text(&self, text: &str) {
        text.chars().for_each(|letter| self.press(KeyCode::Char(letter)));
    }

    /// A scanner that sends a key each so many microseconds; `\r` is its Enter.
    pub async fn scan(&self, text: &str, gap: u64) {
        for character in text.chars() {
            self.press(if character == '\r' { KeyCode::Enter } else { KeyCode::Char(character) });
            // The clock is paused: this costs no time.
            tokio::time::sleep(Duration::from_micros(gap)).await;
        }
    }

    pub fn press(&self, code: KeyCode) {
        self.send(TerminalEvent::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    pub fn control(&self, letter: char) {
        self.send(TerminalEvent::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)));
    }

    pub fn alt(&self, letter: char) {
        self.send(TerminalEvent::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT)));
    }

    pub fn paste(&self, text: &str) {
        self.send(TerminalEvent::Paste(text.to_owned()));
    }

    /// Turns the wheel by a notch, towards the hand.
    pub fn wheel_down(&self) {
        let (kind, modifiers) = (MouseEventKind::ScrollDown, KeyModifiers::NONE);
        self.send(TerminalEvent::Mouse(MouseEvent { kind, column: 10, row: 10, modifiers }));
    }

    fn send(&self, event: TerminalEvent) {
        self.keys.send((Ok(event), Instant::now())).unwrap();
    }

    pub fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    /// Leaves by the key.
    pub async fn quit(self) -> Left {
        self.control('q');
        self.left().await
    }

    /// The system asks the console to end.
    pub async fn shut_down(mut self) -> Left {
        let (unused, _) = oneshot::channel();
        std::mem::replace(&mut self.shutdown, unused).send(()).unwrap();
        self.left().await
    }

    /// The terminal goes away: its input ends, or fails.
    pub async fn hang_up(mut self, last_words: Option<io::Error>) -> Left {
        if let Some(error) = last_words {
            self.keys.send((Err(error), Instant::now())).unwrap();
        }
        self.keys = mpsc::unbounded_channel().0;
        self.left().await
    }

    pub async fn left(self) -> Left {
        let departure = tokio::time::timeout(PATIENCE, self.console).await.expect("the console goes on");
        let (Departure { ending, remains }, keyboard) = departure.unwrap().unwrap();
        let terminal = (self.keys, keyboard);
        let (engine, clock) = (self.engine, self.clock);
        let engine = tokio::spawn(async move {
            remains.settle(|| clock.time()).await;
            engine.await.unwrap()
        });
        Left { ending, engine, unsent: self.unsent, state: self.state, terminal }
    }
}

impl Left {
    /// Waits for the engine, and says why the console ended.
    pub async fn whole(mut self) -> Ending {
        self.is_over().await;
        self.ending
    }

    /// Waits for the engine, and for whatever it is seen through for: another console can be opened then.
    pub async fn is_over(&mut self) {
        tokio::time::timeout(PATIENCE, &mut self.engine).await.expect("the engine goes on").unwrap();
    }
}

struct TestHost {
    clock: Evening,
    seen: Arc<Mutex<Seen>>,
}

impl Host for TestHost {
    fn now(&self) -> Timestamp {
        self.clock.time()
    }

    fn ring(&mut self, bell: Bell) -> io::Result<()> {
        self.seen.lock().unwrap().bells.push(bell);
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.seen.lock().unwrap().suspended += 1;
        Ok(())
    }

    fn stop_requests(&mut self) -> io::Result<BoxStream<'static, ()>> {
        Ok(futures::stream::pending().boxed())
    }

    fn is_gone(&self) -> bool {
        false
    }

    fn chance(&mut self) -> doorlist::console::Chance {
        [7; 10]
    }
}

/// ratatui's test backend, whose every finished frame is told to whoever watches.
struct Screen {
    cells: TestBackend,
    shown: watch::Sender<String>,
}

impl Backend for Screen {
    type Error = Infallible;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Infallible>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.cells.draw(content)
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.cells.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        self.cells.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        self.cells.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.cells.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        self.cells.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), Infallible> {
        self.cells.clear_region(region)
    }

    fn size(&self) -> Result<Size, Infallible> {
        self.cells.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        self.cells.window_size()
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        self.cells.flush()?;
        self.shown.send_replace(text(self.cells.buffer()));
        Ok(())
    }
}

fn text(buffer: &Buffer) -> String {
    let line = |y| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..buffer.area.height).map(|y| line(y).trim_end().to_owned() + "\n").collect()
}
