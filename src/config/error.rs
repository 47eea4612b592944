//! What can be wrong with the settings, in words for the person who wrote them.

use std::io;
use std::path::{Path, PathBuf};

/// Settings that cannot be used: says where, which key, and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file is there, or was asked for, and cannot be read.
    #[error("{}: cannot be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file is not TOML.
    #[error("{}: line {line}: {message}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What the parser says; never the line itself, which may hold a secret.
        message: String,
    },
    /// A section that does not exist.
    #[error("{origin}: there is no section [{section}]; the sections are {}", allowed.join(", "))]
    UnknownSection {
        /// The layer.
        origin: String,
        /// The section as written.
        section: String,
        /// The sections there are.
        allowed: Vec<&'static str>,
    },
    /// A section's name holds a single value.
    #[error("{origin}: `{section}` is {found}, but must be a section: [{section}]")]
    NotASection {
        /// The layer.
        origin: String,
        /// The section.
        section: String,
        /// What stands there as TOML writes it.
        found: String,
    },
    /// A key stands outside any section.
    #[error("{origin}: `{name}` stands in no section; the sections are {}", allowed.join(", "))]
    NoSection {
        /// The layer.
        origin: String,
        /// The name as written.
        name: String,
        /// The sections there are.
        allowed: Vec<&'static str>,
    },
    /// A key that does not exist.
    #[error("{origin}: there is no key `{key}`; [{section}] takes {}", allowed.join(", "))]
    UnknownKey {
        /// The layer.
        origin: String,
        /// The key as written, with its section.
        key: String,
        /// The section.
        section: String,
        /// The keys of the section.
        allowed: Vec<&'static str>,
    },
    /// The token itself was written into the settings.
    #[error(
        "{origin}: a token does not belong in the settings; put it into the variable DOORLIST_TOKEN, \
         a file named by `api.token_file` or a command named by `api.token_command`"
    )]
    TokenInSettings {
        /// The layer.
        origin: String,
    },
    /// A value of the wrong type or out of bounds.
    #[error("{origin}: `{key}` is {found}, but must be {expected}")]
    Value {
        /// The layer.
        origin: String,
        /// The key.
        key: &'static str,
        /// The value as TOML writes it.
        found: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// An environment variable whose value is no text.
    #[error("environment variable {variable}: its value is not UTF-8")]
    NotText {
        /// The variable.
        variable: String,
    },
    /// A path begins at home, and there is no home folder.
    #[error("{origin}: `{key}` begins with ~/, but there is no home folder: write the whole path")]
    NoHomeForPath {
        /// The layer.
        origin: String,
        /// The key.
        key: &'static str,
    },
    /// There is no home folder and no `state.dir`.
    #[error("there is no home folder to keep unsent scans in: set `state.dir` or the variable DOORLIST__STATE__DIR")]
    NoHome,
    /// Names and tokens would cross the network in the clear.
    #[error(
        "{origin}: `api.base_url` is \"{url}\", but must be https, or http to this machine, \
         unless `api.allow_insecure` is true"
    )]
    Insecure {
        /// The layer.
        origin: String,
        /// The address.
        url: String,
    },
    /// Two places for one token.
    #[error("`api.token_file` and `api.token_command` are both set: keep one (`doorlist config show` says where)")]
    TwoTokens,
    /// What a console cannot start without is missing.
    #[error("no ticket service is configured: {} not set.{}", list(missing), way_out(file.as_deref()))]
    NotConfigured {
        /// The keys that are missing.
        missing: Vec<&'static str>,
        /// The file that they belong in.
        file: Option<PathBuf>,
    },
    /// The layers fit one by one but not together; the table of keys would have to be wrong.
    #[error("the settings do not fit together: {0}")]
    Merge(#[from] config::ConfigError),
}

fn way_out(file: Option<&Path>) -> String {
    let demo = "To see doorlist at work without a service: `doorlist demo`.";
    match file {
        Some(file) => {
            format!("\nThey belong in {}; `doorlist config init` writes one to start from.\n{demo}", file.display())
        }
        None => format!("\n{demo}"),
    }
}

fn list(keys: &[&str]) -> String {
    match keys {
        [one] => format!("`{one}` is"),
        several => format!("`{}` are", several.join("` and `")),
    }
}
