//! A token that is not accepted is read again, so that a renewed one lets the scans go on without a restart.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::line::Line;
use super::{Report, load};
use crate::domain::Operator;

/// While the token is not accepted it is read again this often.
const EVERY: Duration = Duration::from_secs(15);
/// A command that takes longer is given up on: it may be asking somebody who cannot see it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest that the end waits for a reading that was given up on.
const HURRY: Duration = Duration::from_secs(1);

/// Where the token came from, and where a fresh one will be.
pub trait TokenReader: fmt::Debug + Send + Sync + 'static {
    /// Reads it anew, without a word on the screen; `None` where there is none, or it cannot be had.
    ///
    /// Blocks. Soon after `given_up` says so it ends, and leaves nothing at work that it started.
    fn read(&self, given_up: &dyn Fn() -> bool) -> Option<SecretString>;
}

/// Reads the token again as long as the service does not accept it, and goes on once it is another one.
pub(super) async fn watch(line: Line) {
    loop {
        line.wait_until_paused().await;
        sleep(EVERY).await;
        if line.is_paused() && renew(&line).await {
            go_on(&line).await;
        }
    }
}

/// A person says that the token is good now, renewed or not.
pub(super) async fn resume(line: Line) {
    renew(&line).await;
    go_on(&line).await;
}

/// Waits until whoever was given up on has ended what it started.
pub(super) async fn let_go(line: &Line) {
    if timeout(HURRY, line.turn_to_read_token()).await.is_err() {
        tracing::warn!("the token is still being read");
    }
}

/// Reads the token and works with it from now on; whether it is another one than before.
async fn renew(line: &Line) -> bool {
    let Some(token) = read(line).await else { return false };
    let is_another = line.client().renew(&token).unwrap_or(false);
    if is_another {
        tracing::info!("the token was renewed");
        line.token_changed(token);
    }
    is_another
}

/// Lets scans go on. Whose token it is decides which of them are our own, so that it is asked before anything is sent;
/// where nobody can tell, a scan by anybody may be ours.
async fn go_on(line: &Line) {
    if line.operator().user.is_none() && !load::identify(line).await {
        line.report(Report::Operator(Operator::default())).await;
    }
    line.resume().await;
}

/// One reads at a time: a command that hangs is not joined by another every quarter of a minute.
async fn read(line: &Line) -> Option<SecretString> {
    let reader = line.settings().token.clone()?;
    let reading = async {
        let turn = line.turn_to_read_token().await;
        let (answer, told) = oneshot::channel();
        // A file that hangs holds the end back no longer than `let_go`: the program does not wait for such threads.
        drop(tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let token = reader.read(&|| answer.is_closed());
            drop(answer.send(token));
        }));
        told.await.ok().flatten()
    };
    timeout(PATIENCE, reading).await.ok().flatten()
}

#[cfg(test)]
mod tests;
