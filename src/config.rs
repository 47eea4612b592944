//! Settings, layered: built-in, system, user, `--config`, environment, flags; later wins.
//!
//! Every layer is checked by itself against one table of keys before it is merged, so that a mistake is
//! reported where it was made and never coerced into something else. The built-in layer *is*
//! `config.example.toml`: what that file documents and what the program does cannot come apart.

mod error;
mod key;
mod keys;
mod layer;
pub mod section;
mod source;
mod state;
mod token;
mod url;

use std::path::PathBuf;

use ::config::Config;
use serde::Deserialize;

use crate::console::GateNames;
use crate::domain::TenantId;

pub use error::ConfigError;
pub use keys::{Keys, KeysError};
pub use layer::{BUILT_IN, ConfigFile};
pub use source::{Flag, Sources, user_file_template};
pub use state::{StateError, StateFolder};
pub use token::{TokenError, TokenSource};
pub use url::{ServiceUrl, UrlError};

use layer::Layer;

/// The settings in force, every one checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The ticket service and how to reach it.
    pub api: section::Api,
    /// The event at this door.
    #[serde(default)]
    pub event: section::Event,
    /// This console.
    #[serde(default)]
    pub device: section::Device,
    /// What enters at this door.
    pub gate: GateNames,
    /// The barcode scanner.
    pub scanner: section::Scanner,
    /// Taking back.
    pub undo: section::Undo,
    /// Complimentary tickets.
    pub comps: section::Comps,
    /// What is kept on disk.
    pub state: section::State,
    /// Who may do what.
    pub role: section::Role,
    /// What the mouse does.
    pub mouse: section::Mouse,
    /// Loading the guest list.
    pub load: section::Load,
    /// What happens while the service is away.
    pub offline: section::Offline,
    /// What the keys do.
    #[serde(default)]
    pub keys: Keys,
    /// How the console looks.
    pub theme: section::Theme,
    /// What is logged.
    pub log: section::Log,
    /// The embedded ticket service.
    #[serde(default)]
    pub serve: section::Serve,
    /// Where the access token comes from.
    #[serde(skip)]
    pub token: TokenSource,
}

/// The service that the settings name: what a console cannot start without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The service's address.
    pub base_url: ServiceUrl,
    /// The tenant whose events these are.
    pub tenant_id: TenantId,
}

/// Settings together with where each came from.
#[derive(Debug)]
pub struct Loaded {
    /// The settings in force.
    pub settings: Settings,
    /// Every key there is, in the order of the documentation.
    pub entries: Vec<Entry>,
    /// Every file that was looked at, in the order of their layers.
    pub files: Vec<ConfigFile>,
    /// The user's own file, where a first configuration belongs; none where there is no home folder.
    pub user_file: Option<PathBuf>,
}

/// One key, as it came out of the layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key, `section.name`.
    pub key: &'static str,
    /// Its value as TOML writes it, and the layer that it came from; none where no layer sets it.
    pub value: Option<(String, String)>,
}

impl Loaded {
    /// Reads every layer, checks it, merges them and checks what they come to together.
    pub fn from_sources(sources: Sources) -> Result<Self, ConfigError> {
        let mut builder = Config::builder();
        for layer in layers(&sources)? {
            builder = builder.add_source(layer);
        }
        let merged = builder.build()?;
        let entries: Vec<Entry> = key::KEYS.iter().map(|key| entry(key, &merged)).collect();
        let mut settings: Settings = merged.try_deserialize()?;
        settings.theme.colour = !sources.no_color();
        settings.keys.beside(sources.user_file.as_deref());
        settings.token = token_source(&settings.api, &sources)?;
        let loaded = Self { settings, entries, files: sources.files, user_file: sources.user_file };
        loaded.check_privacy()?;
        Ok(loaded)
    }

    /// The service to talk to, or an error that says what is missing and where it belongs.
    pub fn connection(&self) -> Result<Connection, ConfigError> {
        let api = &self.settings.api;
        let (Some(base_url), Some(tenant_id)) = (&api.base_url, &api.tenant_id) else {
            return Err(ConfigError::NotConfigured {
                missing: [("api.base_url", api.base_url.is_none()), ("api.tenant_id", api.tenant_id.is_none())]
                    .into_iter()
                    .filter_map(|(key, missing)| missing.then_some(key))
                    .collect(),
                file: self.user_file.clone(),
            });
        };
        Ok(Connection { base_url: base_url.clone(), tenant_id: tenant_id.clone() })
    }

    /// Refuses to send names and tokens in the clear unless that was asked for.
    fn check_privacy(&self) -> Result<(), ConfigError> {
        let api = &self.settings.api;
        match &api.base_url {
            Some(url) if !url.is_private() && !api.allow_insecure => {
                Err(ConfigError::Insecure { origin: self.origin_of("api.base_url"), url: url.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// The layer that the key's value came from; empty where none sets it.
    #[must_use]
    pub fn origin_of(&self, key: &str) -> String {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        entry.and_then(|entry| entry.value.as_ref()).map(|(_, origin)| origin.clone()).unwrap_or_default()
    }
}

/// All layers, the weakest first.
fn layers(sources: &Sources) -> Result<Vec<Layer>, ConfigError> {
    let mut layers = vec![Layer::built_in()?];
    layers.extend(sources.state_dir.as_deref().map(Layer::platform));
    for file in &sources.files {
        layers.extend(Layer::from_file(file, sources.home.as_deref())?);
    }
    layers.push(Layer::from_environment(&sources.environment, sources.home.as_deref())?);
    layers.push(Layer::from_flags(&sources.flags, sources.home.as_deref())?);
    if !layers.iter().any(|layer| layer.sets("state.dir")) {
        return Err(ConfigError::NoHome);
    }
    Ok(layers)
}

fn entry(key: &key::Key, merged: &Config) -> Entry {
    let value = key::find_value(&merged.cache, key.name);
    let value = value.map(|value| (key.shown(&value.kind), value.origin().unwrap_or_default().to_owned()));
    Entry { key: key.name, value }
}

fn token_source(api: &section::Api, sources: &Sources) -> Result<TokenSource, ConfigError> {
    match (sources.token(), &api.token_file, &api.token_command) {
        (Some(token), _, _) => Ok(TokenSource::Environment(token)),
        (None, Some(_), Some(_)) => Err(ConfigError::TwoTokens),
        (None, Some(file), None) => Ok(TokenSource::File(file.clone())),
        (None, None, Some(command)) => Ok(TokenSource::Command(command.clone())),
        (None, None, None) => Ok(TokenSource::Absent),
    }
}
