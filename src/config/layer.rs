//! One layer of the settings, checked by itself before it is merged.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use config::{ConfigError as LibraryError, File, FileFormat, Map, Source, Value, ValueKind};

use super::ConfigError;
use super::key::{self, Key};
use super::source::{EXAMPLE, Flag};
use crate::domain::SafeText;

/// The variables that hold settings begin with this; `__` also parts section and key.
const PREFIX: &str = "DOORLIST__";

/// Where defaults come from, as origins say it.
pub const BUILT_IN: &str = "built-in";

/// A file of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// Where it is, or would be.
    pub path: PathBuf,
    /// Whether somebody named it, so that its absence is an error.
    pub required: bool,
}

/// Checked values, and where each came from.
#[derive(Debug, Clone)]
pub(super) struct Layer(Vec<(&'static Key, Value)>);

impl Layer {
    /// The defaults: the documented example, taken at its word.
    pub(super) fn built_in() -> Result<Self, ConfigError> {
        Self::from_toml(EXAMPLE, Path::new("config.example.toml"), BUILT_IN, None)
    }

    /// The defaults that depend on the machine.
    pub(super) fn platform(state_dir: &Path) -> Self {
        let value = Value::new(Some(&BUILT_IN.to_owned()), state_dir.to_string_lossy().as_ref());
        Self(Key::find("state.dir").map(|key| (key, value)).into_iter().collect())
    }

    /// What stands in `file`; none where it need not be there and is not.
    pub(super) fn from_file(file: &ConfigFile, home: Option<&Path>) -> Result<Option<Self>, ConfigError> {
        let text = match fs::read_to_string(&file.path) {
            Ok(text) => text,
            Err(error) if !file.required && is_absent(error.kind()) => return Ok(None),
            Err(source) => return Err(ConfigError::Unreadable { file: file.path.clone(), source }),
        };
        Self::from_toml(&text, &file.path, &file.path.display().to_string(), home).map(Some)
    }

    /// What the environment says. An empty variable counts as not set.
    pub(super) fn from_environment(
        environment: &[(OsString, OsString)],
        home: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let ours = environment.iter().filter_map(|(name, value)| Some((setting_name(name)?, value)));
        let mut values = Vec::new();
        for (name, value) in ours.filter(|(_, value)| !value.is_empty()) {
            let variable = format!("{PREFIX}{name}");
            let value = value.to_str().ok_or_else(|| ConfigError::NotText { variable: variable.clone() })?;
            let place = Place { origin: format!("environment variable {variable}"), base: None, home };
            let (section, key) = name.split_once("__").ok_or_else(|| place.no_section(name))?;
            let key = place.key(&section.to_lowercase(), &key.to_lowercase())?;
            values.push((key, place.value(key, key.read(value))?));
        }
        Ok(Self(values))
    }

    /// What the command line says.
    pub(super) fn from_flags(flags: &[Flag], home: Option<&Path>) -> Result<Self, ConfigError> {
        let mut values = Vec::new();
        for Flag { flag, key, value } in flags {
            let place = Place { origin: format!("flag {flag}"), base: None, home };
            let (section, key) = key.split_once('.').ok_or_else(|| place.no_section(key))?;
            let key = place.key(section, key)?;
            values.push((key, place.value(key, key.read(value))?));
        }
        Ok(Self(values))
    }

    /// Whether this layer sets the key of this name.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key.name == name)
    }

    fn from_toml(text: &str, file: &Path, origin: &str, home: Option<&Path>) -> Result<Self, ConfigError> {
        let tree = File::from_str(text, FileFormat::Toml).collect().map_err(|error| syntax(error, text, file))?;
        let place = Place { origin: origin.to_owned(), base: file.parent(), home };
        let mut values = Vec::new();
        for (section, value) in sorted(tree) {
            let table = place.section(&section, value.kind)?;
            for (name, value) in sorted(table) {
                let key = place.key(&section, &name)?;
                values.push((key, place.value(key, value.kind)?));
            }
        }
        Ok(Self(values))
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, LibraryError> {
        Ok(self.0.iter().map(|(key, value)| (key.name.to_owned(), value.clone())).collect())
    }
}

/// Where values stand, for what is said of them and for paths that are relative.
struct Place<'a> {
    origin: String,
    base: Option<&'a Path>,
    home: Option<&'a Path>,
}

impl Place<'_> {
    /// The keys and values of a section of a file.
    fn section(&self, name: &str, kind: ValueKind) -> Result<Map<String, Value>, ConfigError> {
        match kind {
            ValueKind::Table(table) if key::sections().contains(&name) => Ok(table),
            ValueKind::Table(_) => Err(self.unknown_section(name)),
            other if key::sections().contains(&name) => Err(ConfigError::NotASection {
                origin: self.origin.clone(),
                section: safe(name),
                found: key::shown(&other),
            }),
            _ => Err(self.no_section(name)),
        }
    }

    fn key(&self, section: &str, name: &str) -> Result<&'static Key, ConfigError> {
        let origin = self.origin.clone();
        if section == "api" && name == "token" {
            return Err(ConfigError::TokenInSettings { origin });
        }
        let allowed = key::names_in(section);
        if allowed.is_empty() {
            return Err(self.unknown_section(section));
        }
        let full = format!("{section}.{name}");
        Key::find(&full).ok_or_else(|| ConfigError::UnknownKey {
            origin,
            key: safe(&full),
            section: safe(section),
            allowed,
        })
    }

    fn value(&self, key: &'static Key, kind: ValueKind) -> Result<Value, ConfigError> {
        if !key.accepts(&kind) {
            let found = key.shown(&kind);
            return Err(ConfigError::Value {
                origin: self.origin.clone(),
                key: key.name,
                found,
                expected: key.expected,
            });
        }
        let kind = match kind {
            ValueKind::String(text) if key.is_path() => self.resolve(key, &text)?.into(),
            other => other,
        };
        Ok(Value::new(Some(&self.origin), kind))
    }

    /// A path as meant: `~/` begins at home, a relative one at the folder of the file that it stands in.
    fn resolve(&self, key: &'static Key, text: &str) -> Result<String, ConfigError> {
        let path = match (text.strip_prefix("~/"), self.home, self.base) {
            (Some(rest), Some(home), _) => home.join(rest),
            (Some(_), None, _) => {
                return Err(ConfigError::NoHomeForPath { origin: self.origin.clone(), key: key.name });
            }
            (None, _, Some(base)) => base.join(text),
            (None, _, None) => PathBuf::from(text),
        };
        Ok(path.to_string_lossy().into_owned())
    }

    fn unknown_section(&self, section: &str) -> ConfigError {
        ConfigError::UnknownSection { origin: self.origin.clone(), section: safe(section), allowed: key::sections() }
    }

    fn no_section(&self, name: &str) -> ConfigError {
        let origin = self.origin.clone();
        if name.eq_ignore_ascii_case("token") {
            return ConfigError::TokenInSettings { origin };
        }
        ConfigError::NoSection { origin, name: safe(name), allowed: key::sections() }
    }
}

/// What follows the prefix, where `name` names a setting.
fn setting_name(name: &OsStr) -> Option<&str> {
    name.to_str()?.strip_prefix(PREFIX)
}

/// A name as somebody wrote it: TOML's quoted keys may hold anything, and it will be shown on a terminal.
fn safe(name: &str) -> String {
    SafeText::from_outside(name).to_string()
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// In alphabetical order, so that of several mistakes always the same one is reported.
fn sorted(map: Map<String, Value>) -> Vec<(String, Value)> {
    let mut entries: Vec<_> = map.into_iter().collect();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    entries
}

/// The parser's complaint without its picture of the line, in which a secret may stand.
fn syntax(error: LibraryError, text: &str, file: &Path) -> ConfigError {
    let LibraryError::FileParse { cause, .. } = error else { return error.into() };
    let (message, offset) = match cause.downcast_ref::<toml::de::Error>() {
        Some(error) => (error.message().to_owned(), error.span().map_or(0, |span| span.start)),
        None => ("a number is out of bounds".to_owned(), 0),
    };
    let before = text.get(..offset).unwrap_or(text);
    ConfigError::Syntax { file: file.to_owned(), line: before.matches('\n').count() + 1, message }
}
