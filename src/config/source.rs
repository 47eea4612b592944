//! Where settings are looked for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::app_strategy::{AppStrategy, AppStrategyArgs};
use secrecy::SecretString;

use super::ConfigFile;

/// The documented example, which is also the built-in layer.
pub(super) const EXAMPLE: &str = include_str!("../../config.example.toml");
/// The file for all users of this machine.
const SYSTEM_FILE: &str = "/etc/doorlist/config.toml";

/// One flag of the command line that stands for a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The flag as typed, such as `--event`.
    pub flag: &'static str,
    /// The key that it sets.
    pub key: &'static str,
    /// Its value.
    pub value: String,
}

/// Everything that settings are read from; plain data, so that a test can say what there is.
#[derive(Clone, Default)]
pub struct Sources {
    /// Files, the weakest first.
    pub files: Vec<ConfigFile>,
    /// The user's own file, whether or not it exists.
    pub user_file: Option<PathBuf>,
    /// The home folder, for paths that begin with `~/`.
    pub home: Option<PathBuf>,
    /// Where state is kept unless `state.dir` says otherwise.
    pub state_dir: Option<PathBuf>,
    /// The environment's variables; others than ours are passed over.
    pub environment: Vec<(OsString, OsString)>,
    /// The command line's flags.
    pub flags: Vec<Flag>,
}

impl Sources {
    /// This machine, this user and this process.
    #[must_use]
    pub fn of_this_process(config: Option<&Path>, flags: Vec<Flag>) -> Self {
        let home = etcetera::home_dir().ok();
        let folders = etcetera::choose_app_strategy(AppStrategyArgs {
            app_name: "doorlist".to_owned(),
            ..AppStrategyArgs::default()
        })
        .ok();
        let user_file = folders.as_ref().map(|folders| folders.in_config_dir("config.toml"));
        let state_dir = folders.as_ref().map(|folders| folders.state_dir().unwrap_or_else(|| folders.data_dir()));
        let named = config.map(|path| ConfigFile { path: path.to_owned(), required: true });
        let standing = [Some(PathBuf::from(SYSTEM_FILE)), user_file.clone()];
        let standing = standing.into_iter().flatten().map(|path| ConfigFile { path, required: false });
        Self {
            files: standing.chain(named).collect(),
            user_file,
            home,
            state_dir,
            environment: std::env::vars_os().collect(),
            flags,
        }
    }

    /// The token of the environment, where there is one.
    pub(super) fn token(&self) -> Option<SecretString> {
        let token = self.variable("DOORLIST_TOKEN")?.to_string_lossy().trim().to_owned();
        (!token.is_empty()).then(|| token.into())
    }

    /// Whether colour is unwanted: <https://no-color.org>, set and not empty.
    pub(super) fn no_color(&self) -> bool {
        self.variable("NO_COLOR").is_some_and(|value| !value.is_empty())
    }

    fn variable(&self, name: &str) -> Option<&OsString> {
        self.environment.iter().find(|(variable, _)| variable == name).map(|(_, value)| value)
    }
}

/// The example with every setting commented out: a file to start from that does not freeze today's defaults.
#[must_use]
pub fn user_file_template() -> String {
    let line = |line: &str| match line.chars().next() {
        Some(first) if first.is_ascii_lowercase() => format!("# {line}\n"),
        _ => format!("{line}\n"),
    };
    EXAMPLE.lines().map(line).collect()
}
