//! The system ends it.

use rstest::rstest;
use rustix::process::{Signal, kill_process};

use crate::demo::Demo;

#[rstest]
#[case::asked(Signal::TERM)]
#[case::interrupted(Signal::INT)]
#[case::hung_up(Signal::HUP)]
fn a_signal_ends_it_and_the_terminal_is_left_as_it_was(#[case] signal: Signal) {
    let demo = Demo::start();
    kill_process(demo.session.process(), signal).unwrap();
    let ended = demo.ends();
    assert_eq!(ended.code, 143);
    ended.is_clean();
}
