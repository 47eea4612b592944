//! A token that is not accepted is read again, so that a renewed one lets the scans go on without a restart.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::line::Line;
use super::load;

/// While the token is not accepted it is read again this often.
const EVERY: Duration = Duration::from_secs(15);
/// A command that takes longer is given up on: it may be asking somebody who cannot see it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the token came from, and where a fresh one will be.
pub trait TokenReader: fmt::Debug + Send + Sync + 'static {
    /// Reads it anew, without a word on the screen. Blocks. `None` where there is none, or it cannot be had.
    fn read(&self) -> Option<SecretString>;
}

/// Reads the token again as long as the service does not accept it, and goes on once it is another one.
pub(super) async fn watch(line: Line) {
    loop {
        line.wait_until_paused().await;
        sleep(EVERY).await;
        if line.is_paused() && renew(&line).await {
            line.resume().await;
        }
    }
}

/// A person says that the token is good now, renewed or not.
pub(super) async fn resume(line: Line) {
    renew(&line).await;
    line.resume().await;
}

/// Reads the token and works with it from now on; whether it is another one than before.
async fn renew(line: &Line) -> bool {
    let Some(token) = read(line).await else { return false };
    let is_another = line.client().renew(&token).unwrap_or(false);
    if is_another {
        tracing::info!("the token was renewed");
        // Whose it is decides which scans are our own: nothing is sent with it before that is known.
        load::identify(line).await;
    }
    is_another
}

async fn read(line: &Line) -> Option<SecretString> {
    let reader = line.settings().token.clone()?;
    let (answer, told) = oneshot::channel();
    // Not a thread of the runtime: it would hold back the end of the program for as long as a command hangs.
    std::thread::spawn(move || drop(answer.send(reader.read())));
    timeout(PATIENCE, told).await.ok()?.ok()?
}
