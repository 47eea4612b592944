//! The table of keys: what can be set, and what each may hold.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use config::{Value, ValueKind};
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::ServiceUrl;
use super::section::LogLevel;
use crate::api::ScanMode;
use crate::console::ui::ThemeName;
use crate::console::{Quota, Role, ScanAction};
use crate::domain::{EventId, OfflinePolicy};

/// Longest name of a device: it stands in every row of the scan history.
const MAX_NAME: usize = 64;

/// One key of the settings.
#[derive(Debug)]
pub(super) struct Key {
    /// `section.name`.
    pub(super) name: &'static str,
    /// What it may hold, to follow "must be".
    pub(super) expected: &'static str,
    rule: Rule,
}

#[derive(Debug)]
enum Rule {
    Text(fn(&str) -> bool),
    /// Text that is shown nowhere.
    Secret(fn(&str) -> bool),
    Path,
    Whole(RangeInclusive<i64>),
    Switch,
    /// So many texts, at least.
    List(usize, fn(&str) -> bool),
}

/// Every key there is, in the order of the documentation.
pub(super) const KEYS: &[Key] = &[
    Key {
        name: "api.base_url",
        expected: "an address such as https://api.session.services, without user, query and fragment",
        rule: Rule::Text(|text| ServiceUrl::parse(text).is_ok()),
    },
    Key {
        name: "api.tenant_id",
        // Older tenants carry `ten_…`; the service alone knows its tenants.
        expected: "the tenant's id, such as tnt_ and 26 of 0-9 and a-z",
        rule: Rule::Text(|text| is_name(text) && text.is_ascii() && !text.contains(' ')),
    },
    Key { name: "api.scan", expected: "one of auto, documented, by-key", rule: Rule::Text(is_variant::<ScanMode>) },
    Key {
        name: "api.timeout_ms",
        expected: "a whole number of milliseconds from 100 to 120000",
        rule: Rule::Whole(100..=120_000),
    },
    Key { name: "api.allow_insecure", expected: "true or false", rule: Rule::Switch },
    Key { name: "api.token_file", expected: "the path of a file", rule: Rule::Path },
    Key {
        name: "api.token_command",
        expected: "a shell command that prints the token",
        rule: Rule::Text(|text| !text.trim().is_empty()),
    },
    Key {
        name: "event.id",
        expected: "an event's id: evt_ and 26 of 0-9 and a-z",
        rule: Rule::Text(|text| EventId::parse(text).is_ok()),
    },
    Key {
        name: "device.id",
        expected: "a name of 1 to 64 characters, no control characters, no space at its ends",
        rule: Rule::Text(is_name),
    },
    Key { name: "gate.admissions", expected: "a list of the names or ids of tiers", rule: Rule::List(0, is_name) },
    Key { name: "gate.sections", expected: "a list of the names or ids of sections", rule: Rule::List(0, is_name) },
    Key {
        name: "scanner.action",
        expected: "one of check-in, check-out, toggle, show",
        rule: Rule::Text(is_variant::<ScanAction>),
    },
    Key { name: "undo.within_s", expected: "a whole number of seconds from 0 to 86400", rule: Rule::Whole(0..=86_400) },
    Key { name: "comps.reasons", expected: "a list of at least one reason", rule: Rule::List(1, is_name) },
    Key {
        name: "comps.quotas",
        expected: "a list of tiers with a number each, such as [\"Guest list: 20\"]",
        rule: Rule::List(0, |text| text.parse::<Quota>().is_ok()),
    },
    Key { name: "state.dir", expected: "the path of a folder", rule: Rule::Path },
    Key { name: "state.keep_days", expected: "a whole number of days from 0 to 3650", rule: Rule::Whole(0..=3_650) },
    Key {
        name: "role.default",
        expected: "one of steward, box-office, supervisor",
        rule: Rule::Text(is_variant::<Role>),
    },
    Key {
        name: "role.pin_hash",
        expected: "an argon2id hash, as `doorlist pin` prints it",
        rule: Rule::Secret(crate::pin::is_hash),
    },
    Key {
        name: "role.step_up_minutes",
        expected: "a whole number of minutes from 1 to 720",
        rule: Rule::Whole(1..=720),
    },
    Key { name: "mouse.enabled", expected: "true or false", rule: Rule::Switch },
    Key { name: "load.concurrency", expected: "a whole number of pages from 1 to 64", rule: Rule::Whole(1..=64) },
    Key {
        name: "load.rate",
        expected: "a whole number of pages by second from 1 to 1000",
        rule: Rule::Whole(1..=1_000),
    },
    Key { name: "offline.policy", expected: "one of accept, refuse", rule: Rule::Text(is_variant::<OfflinePolicy>) },
    Key {
        name: "offline.slow_ms",
        expected: "a whole number of milliseconds from 100 to 60000",
        rule: Rule::Whole(100..=60_000),
    },
    Key { name: "keys.file", expected: "the path of a file", rule: Rule::Path },
    Key {
        name: "theme.name",
        expected: "one of dark, light, high-contrast, colour-blind",
        rule: Rule::Text(is_variant::<ThemeName>),
    },
    Key {
        name: "log.level",
        expected: "one of off, error, warn, info, debug, trace",
        rule: Rule::Text(is_variant::<LogLevel>),
    },
    Key {
        name: "serve.rate_limit",
        expected: "a whole number of requests by second from 1 to 100000",
        rule: Rule::Whole(1..=100_000),
    },
    Key { name: "serve.signing_key_file", expected: "the path of a file", rule: Rule::Path },
];

impl Key {
    /// The key of this name, where there is one.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// Whether the key may hold `value`: the type must fit, nothing is converted.
    pub(super) fn accepts(&self, value: &ValueKind) -> bool {
        match (&self.rule, value) {
            (Rule::Text(fits) | Rule::Secret(fits), ValueKind::String(text)) => fits(text),
            (Rule::Path, ValueKind::String(text)) => !text.is_empty() && !text.contains('\0'),
            (Rule::Whole(range), ValueKind::I64(number)) => range.contains(number),
            (Rule::Switch, ValueKind::Boolean(_)) => true,
            (Rule::List(least, fits), ValueKind::Array(values)) => {
                values.len() >= *least && texts(values).is_some_and(|texts| texts.into_iter().all(fits))
            }
            _ => false,
        }
    }

    /// What `text` stands for where everything is text: in the environment and in flags.
    pub(super) fn read(&self, text: &str) -> ValueKind {
        let read = match self.rule {
            Rule::Whole(_) => text.parse().map(ValueKind::I64).ok(),
            Rule::Switch => text.parse().map(ValueKind::Boolean).ok(),
            Rule::List(..) => {
                Some(text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().into())
            }
            Rule::Text(_) | Rule::Secret(_) | Rule::Path => None,
        };
        read.unwrap_or_else(|| text.into())
    }

    /// A value as TOML writes it, on one line and safe to show; of a secret only what kind of thing it is.
    pub(super) fn shown(&self, value: &ValueKind) -> String {
        match (&self.rule, value) {
            (Rule::Secret(fits), ValueKind::String(text)) if fits(text) => "a hash".into(),
            (Rule::Secret(_), ValueKind::String(_)) => "another text".into(),
            _ => shown(value),
        }
    }

    /// Whether the key holds a path, which may be relative or begin at home.
    pub(super) fn is_path(&self) -> bool {
        matches!(self.rule, Rule::Path)
    }
}

/// The sections there are.
pub(super) fn sections() -> Vec<&'static str> {
    let mut sections: Vec<_> = KEYS.iter().filter_map(|key| key.name.split('.').next()).collect();
    sections.dedup();
    sections
}

/// The names of the keys in `section`.
pub(super) fn names_in(section: &str) -> Vec<&'static str> {
    KEYS.iter().filter_map(|key| key.name.strip_prefix(section)?.strip_prefix('.')).collect()
}

/// The value that stands under `section.name` in the merged tree.
pub(super) fn find_value<'a>(tree: &'a Value, name: &str) -> Option<&'a Value> {
    name.split('.').try_fold(tree, |value, part| match &value.kind {
        ValueKind::Table(table) => table.get(part),
        _ => None,
    })
}

/// A value as TOML writes it, on one line and safe to show.
pub(super) fn shown(value: &ValueKind) -> String {
    match value {
        // A password may stand in an address.
        ValueKind::String(text) if text.contains("://") && text.contains('@') => "an address with a user in it".into(),
        ValueKind::String(text) => quoted(text),
        ValueKind::Table(_) => "a table".into(),
        ValueKind::Array(values) => match texts(values) {
            Some(texts) => format!("[{}]", texts.into_iter().map(quoted).collect::<Vec<_>>().join(", ")),
            None => "an array".into(),
        },
        ValueKind::Nil => "nothing".into(),
        other => config::Value::new(None, other.clone()).to_string(),
    }
}

/// The elements of a list, where each of them is a text.
fn texts(values: &[Value]) -> Option<Vec<&str>> {
    values.iter().map(text).collect()
}

fn text(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::String(text) => Some(text),
        _ => None,
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            // Not only controls: direction marks and their like would garble the line that they are shown in.
            other if other.escape_debug().len() > 1 => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn is_variant<T: DeserializeOwned>(text: &str) -> bool {
    let variant: StrDeserializer<'_, Error> = text.into_deserializer();
    T::deserialize(variant).is_ok()
}

pub(super) fn is_name(text: &str) -> bool {
    let length = text.chars().count();
    (1..=MAX_NAME).contains(&length) && text.trim() == text && !text.chars().any(char::is_control)
}
