//! The log: a file a day in the state folder, never the terminal.
//!
//! What is logged names acts, outcomes and ids of requests; never tokens, and never guests.

use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{InitError, Rotation};
use tracing_subscriber::EnvFilter;

/// How many days are kept.
const KEPT_FILES: usize = 7;

/// Why nothing can be logged.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The folder cannot be written to.
    #[error("the log cannot be written: {0}")]
    Folder(#[from] InitError),
    /// Something logs already.
    #[error("the log was started twice")]
    Twice(#[source] tracing_subscriber::util::TryInitError),
}

/// Logs to a daily file in `folder` from now on; what is buffered is written when the guard drops.
///
/// `level` is one of off, error, warn, info, debug and trace, for this program's own words; the libraries below
/// it may carry addresses with guests' names in them and are heard from `warn` on only.
pub fn start(folder: &Path, level: &str) -> Result<WorkerGuard, TelemetryError> {
    use tracing_subscriber::util::SubscriberInitExt;

    let files = tracing_appender::rolling::Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("doorlist")
        .filename_suffix("log")
        .max_log_files(KEPT_FILES)
        .build(folder)?;
    let (writer, guard) = tracing_appender::non_blocking(files);
    tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .with_env_filter(EnvFilter::new(filter(level)))
        .finish()
        .try_init()
        .map_err(TelemetryError::Twice)?;
    Ok(guard)
}

fn filter(level: &str) -> String {
    let libraries = if matches!(level, "off" | "error") { level } else { "warn" };
    format!("{libraries},doorlist={level}")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("off", "off,doorlist=off")]
    #[case("error", "error,doorlist=error")]
    #[case("trace", "warn,doorlist=trace")]
    fn libraries_are_never_heard_below_warn(#[case] level: &str, #[case] expected: &str) {
        assert_eq!(filter(level), expected);
    }
}
