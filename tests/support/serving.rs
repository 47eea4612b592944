//! `doorlist serve` in a process of its own, on a generated event.

#![allow(dead_code, reason = "each suite uses its part of it")]

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde::Deserialize;

/// The service at work; killed when dropped.
pub struct Serving {
    child: Child,
    pub ready: Ready,
}

/// The line that the service prints once it listens.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ready {
    pub url: String,
    pub tenant_id: String,
    pub event_id: String,
    pub tokens: Tokens,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Tokens {
    pub full: String,
}

impl Serving {
    /// Starts it on a database in `folder`.
    pub fn start(folder: &Path, tickets: usize, seed: u64) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_doorlist"))
            .args(["serve", "--listen", "127.0.0.1:0", "--ready-json", "--database"])
            .arg(folder.join("tickets.db"))
            .args(["--demo", &tickets.to_string(), "--seed", &seed.to_string()])
            .env("DOORLIST__STATE__DIR", folder.join("service"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { ready: serde_json::from_str(&line).unwrap(), child }
    }

    pub fn address(&self) -> SocketAddr {
        self.ready.url.trim_start_matches("http://").parse().unwrap()
    }
}

impl Serving {
    /// Ends it without a word.
    pub fn ends(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.ends();
    }
}
