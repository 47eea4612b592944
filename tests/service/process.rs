//! A service in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;

/// The tenant that the commands' settings name.
pub const TENANT: &str = "tnt_44444444444444444444444444";

/// `doorlist` with nothing of this machine's settings but what the test says.
pub fn doorlist(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorlist"));
    command.env("DOORLIST__STATE__DIR", folder.join("state")).env("DOORLIST__API__TENANT_ID", TENANT);
    command.env("HOME", folder).env_remove("XDG_CONFIG_HOME").env_remove("DOORLIST_TOKEN");
    command
}

/// A running `doorlist serve` on a database in `folder`; killed when dropped.
pub struct Process {
    child: Child,
    /// What it said when it was ready.
    pub ready: Value,
}

impl Process {
    pub fn start(folder: &Path, more: &[&str]) -> Self {
        let mut child = doorlist(folder)
            .args(["serve", "--listen", "127.0.0.1:0", "--ready-json", "--database"])
            .arg(folder.join("tickets.db"))
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { ready: serde_json::from_str(&line).unwrap(), child }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        self.ready["url"].as_str().unwrap().to_owned()
    }

    /// `SIGKILL`: no handler runs, nothing is flushed.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `SIGTERM`: asks it to end, and waits until it has.
    pub fn end(mut self) -> ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
