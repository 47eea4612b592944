//! The README's pictures, drawn from the real program at work.
//!
//! `DOORLIST_PICTURES=assets cargo test --test terminal pictures` draws them anew; without the variable the scenes are
//! played and nothing is written.

use std::path::{Path, PathBuf};

use doorlist::domain::TicketStatus;

use crate::door::Door;
use crate::picture;
use crate::session::{Session, doorlist};

/// A file, and what is done for it.
type Scene = (&'static str, fn(&mut Session));

/// The scenes of one evening, one after another.
const SCENES: [Scene; 6] = [
    ("console", check_in),
    ("order", order),
    ("edit", edit),
    ("comp", comp),
    ("activity", activity),
    ("dashboard", dashboard),
];

#[test]
fn the_readme_shows_what_the_program_draws() {
    let home = tempfile::tempdir().unwrap();
    let mut command = doorlist(home.path());
    command.arg("demo");
    let mut session = Session::start(command);
    session.waits_for("every guest", |shown| ["ONLINE", "1,200 of 1,200"].iter().all(|words| shown.contains(words)));
    for (name, play) in SCENES {
        play(&mut session);
        takes_picture(name, &session);
    }
    escapes(&mut session, "How it goes");
    session.types("\x11");
    session.ends();
}

/// The service goes while the doors are open.
#[test]
fn the_readme_shows_the_console_without_its_service() {
    let mut door = Door::open();
    for guest in door.tickets().into_iter().filter(|ticket| ticket.status == TicketStatus::Active).take(1) {
        door.finds(&guest);
    }
    door.loses_its_service();
    door.presses("\r", &["IN, NOT YET SENT"]);
    door.session.waits_for("the line to be down", |shown| shown.contains("OFFLINE"));
    door.presses("\x18", &["Outbox and conflicts", "1 unsent"]);
    takes_picture("outbox", &door.session);
}

/// Draws the screen, and checks that the README shows the file.
fn takes_picture(name: &str, session: &Session) {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    assert!(readme.contains(&format!("assets/{name}.svg")), "README.md does not show {name}.svg");
    let drawn = picture::svg(session.screen());
    assert!(drawn.contains("Lanterns on the River"), "{name}: the picture shows nothing");
    if let Some(folder) = std::env::var_os("DOORLIST_PICTURES").map(PathBuf::from) {
        std::fs::write(folder.join(format!("{name}.svg")), drawn).unwrap();
    }
}

fn check_in(session: &mut Session) {
    fills_in(session, "smi");
    session.types("\r");
    session.sees("CHECKED IN");
}

fn order(session: &mut Session) {
    session.types("\t");
    session.sees("Space mark");
    session.types("2");
    session.sees("Enter checks in 2");
}

fn edit(session: &mut Session) {
    escapes(session, "Space mark");
    session.types("\x05");
    session.sees("Correct the guest");
    fills_in(session, "Charlie");
    session.types("\r");
    session.sees("this is what changes");
}

/// For a guest who has a ticket already.
fn comp(session: &mut Session) {
    escapes(session, "this is what changes");
    escapes(session, "Correct the guest");
    fills_in(session, "nobody of this name");
    session.sees("Nobody called");
    session.types("\x1b[17~");
    session.sees("▸ Tier");
    for (line, text) in [("Tickets", "2"), ("First name", "Jack"), ("Last name", "Hall"), ("Email", "jack@example.com")]
    {
        session.types("\t");
        session.sees(&format!("▸ {line}"));
        fills_in(session, text);
    }
    session.types("\r");
    session.sees("Y issues it");
}

/// Of an evening with refusals in it.
fn activity(session: &mut Session) {
    escapes(session, "Y issues it");
    escapes(session, "Issue a comp");
    for (name, key, words) in [
        ("jack hall", "\r", "CHECKED IN   Jack Hall"),
        ("emily hall", "\r", "ALREADY IN   Emily Hall"),
        ("sophie hall", "\r", "CHECKED IN   Sophie Hall"),
        ("sophie hall", "\x1b[20~", "CHECKED OUT   Sophie Hall"),
    ] {
        fills_in(session, name);
        session.types(key);
        session.sees(words);
    }
    session.types("\x04");
    session.sees("Door activity");
}

fn dashboard(session: &mut Session) {
    escapes(session, "Door activity");
    session.types("\x1bd");
    session.sees("How it goes");
}

/// Empties the line that has the focus, and pastes the text: typed at once it could be a scanner's.
fn fills_in(session: &mut Session, text: &str) {
    session.types(&format!("\x15\x1b[200~{text}\x1b[201~"));
    session.sees(text);
}

/// Closes what shows these words; an Esc that another key follows at once would be Alt with that key.
fn escapes(session: &mut Session, words: &str) {
    session.types("\x1b");
    session.waits_for(&format!("no {words}"), |shown| !shown.contains(words));
}
