//! The console stops for the shell, and comes back.

use std::fs;
use std::path::Path;

use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::demo::ARGUMENTS;
use crate::session::{Session, doorlist};

/// A shell with job control, in which the console is a job.
const SHELL: &str = r#"
set -m
sh -c 'echo $$ >job; exec "$0" "$@"' "$@"
code=$?
times=0
while [ $code -gt 144 ]; do
    times=$((times + 1))
    echo "stopped, time $times"
    read -r _
    fg >/dev/null
    code=$?
done
echo "ended with $code"
"#;

fn job(home: &Path) -> Pid {
    let id: i32 = fs::read_to_string(home.join("job")).unwrap().trim().parse().unwrap();
    Pid::from_raw(id).unwrap()
}

#[rstest]
#[case::by_its_key(None)]
#[case::from_outside(Some(Signal::TSTP))]
fn it_stops_with_the_terminal_given_back_and_goes_on_where_it_was(#[case] signal: Option<Signal>) {
    let home = tempfile::tempdir().unwrap();
    let console = doorlist(home.path());
    let mut shell = console.clone();
    *shell.get_argv_mut() = ["sh", "-c", SHELL, "sh"].map(Into::into).to_vec();
    shell.args(console.get_argv());
    shell.args(ARGUMENTS);
    shell.env("PATH", std::env::var_os("PATH").unwrap());
    let mut session = Session::start(shell);
    session.sees("60 of 60");
    session.types("smi");
    session.sees("› smi");
    let job = job(home.path());
    for times in 1..=2 {
        match signal {
            Some(signal) => kill_process(job, signal).unwrap(),
            None => session.types("\x1a"),
        }
        session.sees(&format!("stopped, time {times}"));
        session.is_given_back();
        session.types("\r");
        session.sees("› smi");
    }
    session.types("\x11");
    session.sees("ended with 0");
    assert_eq!(session.ends().code, 0);
    assert!(test_kill_process(job).is_err(), "the console is left behind");
}

/// Over a connection without a shell nobody could bring it back: the key does nothing.
#[test]
fn without_job_control_it_does_not_stop() {
    let mut demo = crate::demo::Demo::start();
    demo.session.types("smi\x1at");
    demo.session.sees("› smit");
    demo.session.types("\x11");
    demo.ends().is_clean();
}
