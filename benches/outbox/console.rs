//! The real console on a big event, in a terminal: what it takes at its peak, and how soon it can be used.

#[path = "../../tests/support/serving.rs"]
mod serving;
#[path = "../../tests/support/session.rs"]
mod session;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use doorlist::domain::{DeviceId, EventId, TenantId};
use doorlist::store::Place;
use portable_pty::CommandBuilder;
use serde_json::json;

use self::serving::Serving;
use self::session::{Session, doorlist};
use super::{TICKETS, spread};

const DEVICE: &str = "bench-door";
const QUIT: &str = "\x11";
/// What the search says of a list that is there, before anybody types.
const LIST: &str = "100,000 of 100,000";
/// How often the program is started on what was kept.
const STARTS: usize = 25;
/// How often the snapshot is looked for.
const LOOK: Duration = Duration::from_millis(100);

/// Loads the event once with nothing on disk, and then starts again on what was kept.
pub fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut serving = Serving::start(folder.path(), TICKETS as usize, 1);
    let snapshot = snapshot(folder.path(), &serving);
    let command = command(folder.path(), &serving);
    let cold = evening(&command, &snapshot);
    let warm = evening(&command, &snapshot);
    // On its own machine the service takes nothing from the console: here it is away, as in an outage.
    serving.ends();
    let (mut drawn, mut usable): (Vec<_>, Vec<_>) = (0..STARTS).map(|_| start(&command)).unzip();
    println!(
        "{}",
        json!({
            "bench": "console", "tickets": TICKETS, "cold_peak_mb": cold, "warm_peak_mb": warm,
            "first_frame_ms": spread(&mut drawn), "start_ms": spread(&mut usable),
        })
    );
}

/// From the start of the program to its first frame, and to the one that shows the whole list searched.
fn start(command: &CommandBuilder) -> (Duration, Duration) {
    let begun = Instant::now();
    let mut session = Session::start(command.clone());
    session.waits_for("anything", |shown| !shown.trim().is_empty());
    let drawn = begun.elapsed();
    session.waits_for("the whole list", |shown| shown.contains(LIST));
    let usable = begun.elapsed();
    session.types(QUIT);
    assert_eq!(session.ends().code, 0);
    (drawn, usable)
}

/// Starts a console, and ends it when the whole list was read and kept; gives the most memory that it had.
fn evening(command: &CommandBuilder, snapshot: &Path) -> f64 {
    let before = written_at(snapshot);
    let mut session = Session::start(command.clone());
    session.waits_for("the whole list", |shown| shown.contains(LIST));
    while written_at(snapshot) == before {
        session.watches(LOOK);
    }
    let peak = peak(session.process().as_raw_nonzero().get());
    session.types(QUIT);
    assert_eq!(session.ends().code, 0);
    peak
}

fn command(home: &Path, serving: &Serving) -> CommandBuilder {
    let mut command = doorlist(home);
    command.env("DOORLIST_TOKEN", &serving.ready.tokens.full);
    for (key, value) in [
        ("API__BASE_URL", serving.ready.url.as_str()),
        ("API__TENANT_ID", &serving.ready.tenant_id),
        ("EVENT__ID", &serving.ready.event_id),
        ("DEVICE__ID", DEVICE),
    ] {
        command.env(format!("DOORLIST__{key}"), value);
    }
    command
}

fn snapshot(home: &Path, serving: &Serving) -> PathBuf {
    let place = Place {
        tenant: TenantId::from_service(serving.ready.tenant_id.as_str()),
        event: EventId::from_service(serving.ready.event_id.as_str()),
        device: DeviceId::from_service(DEVICE),
    };
    place.folder(&home.join("state")).join("snapshot")
}

fn written_at(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|file| file.modified()).ok()
}

/// The most memory that a process has had at once, in megabytes of a million bytes.
fn peak(process: i32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    (kibibytes * 1.024).round() / 1_000.0
}
