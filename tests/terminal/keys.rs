//! A key is seen at once.

use std::time::{Duration, Instant};

use crate::demo::Demo;

/// What no guest of the demo is called: with nothing found nothing is fetched, and only the key can wake the console.
const NOBODY: &str = "qxqxqxqx";
const KEYS: usize = 12;
/// A person's rhythm: a key that comes sooner may find the console still awake from the one before.
const RHYTHM: Duration = Duration::from_millis(60);
/// Far more than a key takes on a busy machine, and far less than the second until the next tick of the clock.
const AT_ONCE: Duration = Duration::from_millis(500);

/// With the fault that this is here for (`Desk::catch_up` polling without the task's own waker, so that a key waited for the next
/// second of the clock) every key takes about a second; the machine would have to stall for most of them to look alike.
#[test]
fn a_key_does_not_wait_for_the_clock() {
    let mut demo = Demo::start();
    let session = &mut demo.session;
    session.types(NOBODY);
    session.sees(NOBODY);
    let mut typed = NOBODY.to_owned();
    let mut took = Vec::new();
    for number in 0..KEYS {
        let letter = if number % 2 == 0 { 'q' } else { 'x' };
        typed.push(letter);
        session.rests(RHYTHM);
        let pressed = Instant::now();
        session.types(letter.encode_utf8(&mut [0; 4]));
        session.sees(&typed);
        took.push(pressed.elapsed());
    }
    took.sort();
    assert!(took[KEYS / 2] < AT_ONCE, "most keys had to wait: {took:?}");
}
