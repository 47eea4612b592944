//! `doorlist demo` in a terminal, in a home of its own.

use tempfile::TempDir;

use crate::session::{Ended, Session, doorlist};

/// A small event, the same each time.
pub const ARGUMENTS: [&str; 5] = ["demo", "--tickets", "60", "--seed", "7"];

/// A demo at work.
pub struct Demo {
    pub session: Session,
    home: TempDir,
}

impl Demo {
    /// Starts it and waits until every guest is there.
    pub fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = doorlist(home.path());
        command.args(ARGUMENTS);
        let mut session = Session::start(command);
        session
            .waits_for("all sixty", |shown| ["ONLINE", "60 of 60", "VALID"].iter().all(|words| shown.contains(words)));
        Self { session, home }
    }

    /// Waits for its end, and checks that nothing is left: no mode, no process, no file.
    pub fn ends(self) -> Ended {
        let ended = self.session.ends();
        let left: Vec<_> = self.home.path().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(left.is_empty(), "a demo leaves nothing on the disk: {left:?}");
        ended
    }
}
