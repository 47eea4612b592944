//! What is taken in first where much comes at once.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyModifiers};
use futures::stream;

use super::*;
use crate::console::Keymap;
use crate::domain::DeviceId;

/// A world in which somebody presses a key while the first report is taken in.
struct Hasty(Option<mpsc::Sender<Stamped>>);

impl Host for Hasty {
    fn now(&self) -> Timestamp {
        if let Some(keys) = &self.0 {
            let key = crossterm::event::KeyEvent::new(KeyCode::Char('z'), KeyModifiers::NONE);
            // One at a time: the channel holds no more.
            let _ = keys.try_send((Ok(TerminalEvent::Key(key)), Instant::now()));
        }
        Timestamp::UNIX_EPOCH
    }

    fn ring(&mut self, _: Bell) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn stop_requests(&mut self) -> io::Result<BoxStream<'static, ()>> {
        Ok(stream::pending().boxed())
    }

    fn is_gone(&self) -> bool {
        false
    }

    fn chance(&mut self) -> Chance {
        [0; 10]
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_goes_before_the_rest_of_a_big_list() {
    let (keys, mut events) = mpsc::channel(1);
    let mut keyboard = Keyboard::open(stream::poll_fn(move |context| events.poll_recv(context)));
    let (told, reports) = mpsc::channel(64);
    for _ in 0..10 {
        told.send(Report::Tickets { sequence: 0, tickets: Vec::new() }).await.unwrap();
    }
    let mut desk = Desk {
        app: App::new(DeviceId::from_service("north"), Arc::new(Keymap::built_in().unwrap()), jiff::tz::TimeZone::UTC),
        host: &mut Hasty(Some(keys)),
        seam: Seam::new(mpsc::channel(1).0, reports),
        area: Rect::ZERO,
        wedge: Wedge::default(),
        unheard: Vec::new(),
        opened: Instant::now(),
        redraw: Redraw::first(),
        wants_clear: false,
    };
    assert!(desk.redraw.take());
    assert_eq!(desk.catch_up(&mut keyboard).await.unwrap(), None);
    assert_eq!(desk.seam.len(), 9, "the key was heard before the second report");
    assert!(desk.redraw.is_due());
    assert_eq!(desk.catch_up(&mut keyboard).await.unwrap(), None);
    assert_eq!(desk.seam.len(), 9, "and is shown before it");
}

#[tokio::test]
async fn a_key_that_has_come_is_there_however_often_one_looked_before() {
    let (keys, mut events) = mpsc::unbounded_channel();
    let mut keyboard = Keyboard::open(stream::poll_fn(move |context| events.poll_recv(context)));
    // Far more than the runtime lets a task take in at once.
    for _ in 0..1_000 {
        keys.send((Ok(TerminalEvent::FocusGained), Instant::now())).unwrap();
        assert!(keyboard.came().is_some());
    }
}
