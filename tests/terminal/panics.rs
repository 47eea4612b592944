//! A panic in the console, or beside it: the terminal is given back first, and what happened stands on the shell's screen.
//!
//! doorlist has no key for a panic, so the console runs in a child of this very test program, with a host that falls over.

use std::io;
use std::sync::Arc;

use doorlist::console::runtime::{Host, Keyboard, Ports, run};
use doorlist::console::ui::{Theme, ThemeName};
use doorlist::console::{App, Bell, Chance, Keymap};
use doorlist::domain::DeviceId;
use doorlist::terminal::{self, Mouse, RealHost, Reason};
use futures::stream::BoxStream;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use portable_pty::CommandBuilder;
use rstest::rstest;
use tokio::sync::mpsc;

use crate::session::Session;

const PLACE: &str = "DOORLIST_PLACE_OF_PANIC";
const WORDS: &str = "the host fell over";

#[rstest]
#[case::in_a_handler("handler")]
#[case::in_another_thread("thread")]
fn a_panic_gives_the_terminal_back_and_says_what_happened(#[case] place: &str) {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", "panics::child", "--ignored", "--nocapture"]);
    command.env(PLACE, place);
    let mut session = Session::start(command);
    session.sees("F1 help");
    session.types("\x1a");
    let shown = session.sees(WORDS);
    assert!(!shown.contains("F1 help"), "the console still stands over it:\n{shown}");
    assert_ne!(session.ends().code, 0);
}

/// The console, with a host that panics at the key for the shell.
#[test]
#[ignore = "the child of the tests above"]
fn child() {
    if std::env::var_os(PLACE).is_none() {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let reason = runtime.block_on(async {
        let shutdown = terminal::shutdown_requested().unwrap();
        let app = App::new(DeviceId::from_service("south-1"), Arc::new(Keymap::built_in().unwrap()), TimeZone::UTC);
        let (orders, _engine) = mpsc::channel(64);
        let (_reports, reports) = mpsc::channel(64);
        let (mut tui, _guard) = terminal::enter(Mouse::Terminals).unwrap();
        let mut reason = None;
        let shutdown = async { reason = Some(shutdown.await) };
        let mut keyboard = Keyboard::open(terminal::typed().unwrap());
        let ports = Ports { keyboard: &mut keyboard, orders, reports };
        let mut host = Falling(RealHost::new());
        Box::pin(run(&mut tui, app, &Theme::named(ThemeName::Dark), ports, shutdown, &mut host)).await.unwrap();
        reason
    });
    runtime.shutdown_background();
    let Some(Reason::Panicked(words)) = reason else { panic!("{reason:?}") };
    panic!("{words}");
}

struct Falling(RealHost);

impl Host for Falling {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn ring(&mut self, bell: Bell) -> io::Result<()> {
        self.0.ring(bell)
    }

    fn suspend(&mut self) -> io::Result<()> {
        match std::env::var(PLACE).unwrap().as_str() {
            "thread" => drop(std::thread::spawn(|| panic!("{WORDS}"))),
            _ => panic!("{WORDS}"),
        }
        Ok(())
    }

    fn stop_requests(&mut self) -> io::Result<BoxStream<'static, ()>> {
        self.0.stop_requests()
    }

    fn is_gone(&self) -> bool {
        self.0.is_gone()
    }

    fn chance(&mut self) -> Chance {
        self.0.chance()
    }
}
