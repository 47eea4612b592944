//! A person at a console: who is scanned, and what the screen says of it.

use std::path::PathBuf;
use std::time::Duration;

use doorlist::domain::{ScanKind, TicketId};
use portable_pty::CommandBuilder;

use crate::session::{Session, doorlist};

const CLEAR_LINE: &str = "\x15";
const PASTE: [&str; 2] = ["\x1b[200~", "\x1b[201~"];
const QUIT: &str = "\x11";

/// One scan that a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    pub ticket: TicketId,
    pub name: String,
    pub kind: ScanKind,
    /// Whether the screen said that it is done: then the guest went through the door.
    pub acknowledged: bool,
}

impl Act {
    pub fn new(ticket: &TicketId, name: &str, kind: ScanKind) -> Self {
        Self { ticket: ticket.clone(), name: name.to_owned(), kind, acknowledged: false }
    }

    fn is_acknowledged_on(&self, screen: &str) -> bool {
        let words = match self.kind {
            ScanKind::CheckIn => ["CHECKED IN", "IN, NOT YET SENT"],
            ScanKind::CheckOut => ["CHECKED OUT", "OUT, NOT YET SENT"],
        };
        // The name stands behind the words: in the block of the banner, or in the line of the last result.
        let names = words.iter().flat_map(|words| ["   ", "  "].map(|gap| format!(" {words}{gap}{} ", self.name)));
        names.into_iter().any(|name| screen.lines().any(|line| format!("{line} ").contains(&name)))
    }
}

/// Where a console works.
pub struct Place {
    pub home: PathBuf,
    pub url: String,
    pub tenant: String,
    pub event: String,
    pub token: String,
    pub device: &'static str,
    pub scan: &'static str,
}

impl Place {
    pub fn command(&self) -> CommandBuilder {
        let mut command = doorlist(&self.home);
        command.env("DOORLIST_TOKEN", &self.token);
        for (key, value) in [
            ("API__BASE_URL", self.url.as_str()),
            ("API__TENANT_ID", &self.tenant),
            ("API__SCAN", self.scan),
            ("API__TIMEOUT_MS", "2000"),
            ("EVENT__ID", &self.event),
            ("DEVICE__ID", self.device),
        ] {
            command.env(format!("DOORLIST__{key}"), value);
        }
        command
    }
}

/// A console with a person at it.
pub struct Door {
    pub session: Session,
    acts: Vec<Act>,
}

impl Door {
    /// Opens the console, and waits until it knows all guests.
    pub fn open(place: &Place, tickets: usize) -> Self {
        Self::start(place.command(), tickets)
    }

    /// The same with a command of one's own.
    pub fn start(command: CommandBuilder, tickets: usize) -> Self {
        let mut session = Session::start(command);
        let all = format!("{tickets} of {tickets}");
        let is_up = |shown: &str| ["ONLINE", "SLOW"].iter().any(|word| shown.contains(word));
        session.waits_for("the whole list", |shown| is_up(shown) && shown.contains(&all));
        Self { session, acts: Vec::new() }
    }

    /// Finds the guest, and presses the key.
    pub fn scans(&mut self, act: Act) {
        let id = act.ticket.as_str();
        self.session.types(&format!("{CLEAR_LINE}{}{id}{}", PASTE[0], PASTE[1]));
        self.session.sees(&format!("Ticket   {id}"));
        self.session.types(match act.kind {
            ScanKind::CheckIn => "\r",
            ScanKind::CheckOut => "\x0f",
        });
        self.acts.push(act);
    }

    /// Looks at the screen for this long.
    pub fn looks(&mut self, long: Duration) {
        self.session.watches(long);
    }

    /// The console dies; gives what was asked of it, and whether it had said that it is done.
    pub fn dies(mut self) -> Vec<Act> {
        self.session.is_killed();
        for screen in self.session.takes_frames() {
            for act in &mut self.acts {
                act.acknowledged |= act.is_acknowledged_on(&screen);
            }
        }
        self.acts
    }

    /// Leaves once nothing is left to send; gives whether that was so.
    pub fn leaves(mut self) -> bool {
        self.session.waits_for("nothing left to send", |shown| !shown.contains(" unsent, "));
        self.session.types(QUIT);
        self.session.ends().code == 0
    }
}
