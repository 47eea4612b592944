//! Which layer wins, what a layer may say, and what is missing without any.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::time::Duration;

use doorlist::api::ScanMode;
use doorlist::config::section::LogLevel;
use doorlist::config::{ConfigError, ConfigFile, Flag, Loaded, Sources};
use doorlist::console::ui::ThemeName;
use rstest::rstest;
use tempfile::TempDir;

use super::corpora::sections;

fn variables(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn only_environment(pairs: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    Loaded::from_sources(Sources {
        environment: variables(pairs),
        state_dir: Some("/state".into()),
        ..Sources::default()
    })
}

fn origin<'a>(loaded: &'a Loaded, key: &str) -> &'a str {
    let entry = loaded.entries.iter().find(|entry| entry.key == key).unwrap();
    &entry.value.as_ref().unwrap().1
}

struct Machine {
    folder: TempDir,
    sources: Sources,
}

impl Machine {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |(name, text): &(&str, &str)| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            ConfigFile { path, required: false }
        };
        let files = files.iter().map(write).collect();
        let sources = Sources { files, state_dir: Some("/state".into()), ..Sources::default() };
        Self { folder, sources }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

#[test]
fn without_any_layer_the_defaults_hold() {
    let settings = only_environment(&[]).unwrap().settings;
    assert_eq!(settings.api.base_url, None);
    assert_eq!(settings.api.tenant_id, None);
    assert_eq!(settings.api.scan, ScanMode::Auto);
    assert_eq!(settings.api.timeout, Duration::from_secs(10));
    assert!(!settings.api.allow_insecure);
    assert_eq!(settings.event.id, None);
    assert_eq!(settings.device.id, None);
    assert_eq!(settings.state.dir, Path::new("/state"));
    assert_eq!(settings.theme.name, ThemeName::Dark);
    assert!(settings.theme.colour);
    assert_eq!(settings.log.level, LogLevel::Info);
}

#[test]
fn later_layers_win_key_by_key() {
    let every =
        "[theme]\nname = \"light\"\n[log]\nlevel = \"WHICH\"\n[device]\nid = \"WHICH\"\n[api]\ntimeout_ms = 1000\n";
    let mut machine = Machine::new(&[
        ("system.toml", &every.replace("WHICH", "warn")),
        ("user.toml", "[log]\nlevel = \"error\"\n[device]\nid = \"user\"\n[api]\ntimeout_ms = 2000\n"),
        ("named.toml", "[device]\nid = \"named\"\n[api]\ntimeout_ms = 3000\n"),
    ]);
    machine.sources.environment = variables(&[("DOORLIST__DEVICE__ID", "42"), ("DOORLIST__API__TIMEOUT_MS", "4000")]);
    machine.sources.flags = vec![Flag { flag: "--device", key: "device.id", value: "flag".into() }];
    let loaded = Loaded::from_sources(machine.sources.clone()).unwrap();

    assert_eq!(loaded.settings.api.scan, ScanMode::Auto);
    assert_eq!(origin(&loaded, "api.scan"), "built-in");
    assert_eq!(loaded.settings.theme.name, ThemeName::Light);
    assert_eq!(origin(&loaded, "theme.name"), machine.path("system.toml"));
    assert_eq!(loaded.settings.log.level, LogLevel::Error);
    assert_eq!(origin(&loaded, "log.level"), machine.path("user.toml"));
    assert_eq!(loaded.settings.api.timeout, Duration::from_secs(4));
    assert_eq!(origin(&loaded, "api.timeout_ms"), "environment variable DOORLIST__API__TIMEOUT_MS");
    assert_eq!(loaded.settings.device.id.as_ref().unwrap().as_str(), "flag");
    assert_eq!(origin(&loaded, "device.id"), "flag --device");
}

#[test]
fn a_mistake_is_reported_even_where_a_later_layer_would_hide_it() {
    let mut machine = Machine::new(&[("system.toml", "[theme]\nname = \"pink\"\n")]);
    machine.sources.environment = variables(&[("DOORLIST__THEME__NAME", "dark")]);
    let error = Loaded::from_sources(machine.sources.clone()).unwrap_err();
    assert!(error.to_string().starts_with(&machine.path("system.toml")), "{error}");
}

#[rstest]
#[case(
    "DOORLIST__THEME__NAME",
    "pink",
    "environment variable DOORLIST__THEME__NAME: `theme.name` is \"pink\", but must be one of dark, light, high-contrast, colour-blind"
)]
#[case(
    "DOORLIST__API__TIMEOUT_MS",
    "soon",
    "environment variable DOORLIST__API__TIMEOUT_MS: `api.timeout_ms` is \"soon\", but must be a whole number of milliseconds from 100 to 120000"
)]
#[case(
    "DOORLIST__API__BASE_ULR",
    "x",
    "environment variable DOORLIST__API__BASE_ULR: there is no key `api.base_ulr`; [api] takes base_url, tenant_id, scan, timeout_ms, allow_insecure, token_file, token_command"
)]
#[case(
    "DOORLIST__DOOR__ID",
    "x",
    "environment variable DOORLIST__DOOR__ID: there is no section [door]; the sections are {sections}"
)]
#[case(
    "DOORLIST__THEME",
    "x",
    "environment variable DOORLIST__THEME: `THEME` stands in no section; the sections are {sections}"
)]
#[case(
    "DOORLIST__API__TOKEN",
    "s3cr3t",
    "environment variable DOORLIST__API__TOKEN: a token does not belong in the settings; put it into the variable DOORLIST_TOKEN, a file named by `api.token_file` or a command named by `api.token_command`"
)]
fn a_bad_variable_is_named(#[case] name: &str, #[case] value: &str, #[case] expected: &str) {
    let expected = expected.replace("{sections}", &sections());
    assert_eq!(only_environment(&[(name, value)]).unwrap_err().to_string(), expected);
}

#[test]
fn a_variable_that_is_no_text_is_named() {
    let sources = Sources {
        environment: vec![("DOORLIST__EVENT__ID".into(), OsString::from_vec(vec![0xFF]))],
        state_dir: Some("/state".into()),
        ..Sources::default()
    };
    let error = Loaded::from_sources(sources).unwrap_err();
    assert_eq!(error.to_string(), "environment variable DOORLIST__EVENT__ID: its value is not UTF-8");
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let loaded = only_environment(&[("DOORLIST__EVENT__ID", ""), ("DOORLIST__THEME__NAME", "light")]).unwrap();
    assert_eq!(loaded.settings.event.id, None);
    assert_eq!(loaded.settings.theme.name, ThemeName::Light);
}

#[test]
fn text_that_looks_like_a_number_stays_text() {
    let loaded = only_environment(&[("DOORLIST__DEVICE__ID", "7"), ("DOORLIST__API__TENANT_ID", "true")]).unwrap();
    assert_eq!(loaded.settings.device.id.unwrap().as_str(), "7");
    assert_eq!(loaded.settings.api.tenant_id.unwrap().as_str(), "true");
}

#[rstest]
#[case("1", false)]
#[case("0", false)]
#[case("", true)]
fn no_color_counts_when_it_is_not_empty(#[case] value: &str, #[case] colour: bool) {
    assert_eq!(only_environment(&[("NO_COLOR", value)]).unwrap().settings.theme.colour, colour);
}

#[test]
fn paths_begin_at_home_or_at_their_file() {
    let mut machine = Machine::new(&[("user.toml", "[api]\ntoken_file = \"~/token\"\n[state]\ndir = \"kept\"\n")]);
    machine.sources.home = Some("/home/ada".into());
    let loaded = Loaded::from_sources(machine.sources.clone()).unwrap();
    assert_eq!(loaded.settings.state.dir, machine.folder.path().join("kept"));
    let token = loaded.entries.iter().find(|entry| entry.key == "api.token_file").unwrap();
    assert_eq!(token.value.as_ref().unwrap().0, "\"/home/ada/token\"");
}

#[test]
fn without_a_home_paths_and_state_must_be_given_whole() {
    let machine = Machine::new(&[("user.toml", "[api]\ntoken_file = \"~/token\"\n")]);
    let error = Loaded::from_sources(machine.sources.clone()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("`api.token_file` begins with ~/, but there is no home folder: write the whole path")
    );

    let error = Loaded::from_sources(Sources::default()).unwrap_err();
    assert!(matches!(error, ConfigError::NoHome), "{error}");
    let environment = variables(&[("DOORLIST__STATE__DIR", "/var/lib/doorlist")]);
    let loaded = Loaded::from_sources(Sources { environment, ..Sources::default() }).unwrap();
    assert_eq!(loaded.settings.state.dir, Path::new("/var/lib/doorlist"));
}

#[test]
fn a_file_that_was_named_must_be_there_the_others_need_not() {
    let absent = ConfigFile { path: "/nowhere/config.toml".into(), required: false };
    let sources =
        |file: ConfigFile| Sources { files: vec![file], state_dir: Some("/state".into()), ..Sources::default() };
    assert!(Loaded::from_sources(sources(absent.clone())).is_ok());
    let error = Loaded::from_sources(sources(ConfigFile { required: true, ..absent })).unwrap_err();
    assert!(error.to_string().starts_with("/nowhere/config.toml: cannot be read: No such file"), "{error}");
}

#[test]
fn a_file_that_is_there_but_unreadable_is_an_error() {
    let machine = Machine::new(&[]);
    let sources = Sources {
        // A folder in the file's place: even root cannot read it as a file.
        files: vec![ConfigFile { path: machine.folder.path().to_owned(), required: false }],
        ..machine.sources.clone()
    };
    assert!(matches!(Loaded::from_sources(sources), Err(ConfigError::Unreadable { .. })));
}

#[test]
fn what_is_missing_for_a_connection_is_said() {
    let missing = |pairs: &[(&str, &str)]| only_environment(pairs).unwrap().connection().map_err(|e| e.to_string());
    let url = ("DOORLIST__API__BASE_URL", "https://example.org/");
    let tenant = ("DOORLIST__API__TENANT_ID", "ten_7");
    let said = |keys: &str| {
        format!(
            "no ticket service is configured: {keys} not set.\nTo see doorlist at work without a service: `doorlist demo`."
        )
    };
    assert_eq!(missing(&[]).unwrap_err(), said("`api.base_url` and `api.tenant_id` are"));
    assert_eq!(missing(&[url]).unwrap_err(), said("`api.tenant_id` is"));
    assert_eq!(missing(&[tenant]).unwrap_err(), said("`api.base_url` is"));
    let file = Path::new("/home/mo/.config/doorlist/config.toml");
    let sources = Sources { user_file: Some(file.to_owned()), state_dir: Some("/state".into()), ..Sources::default() };
    let at_home = Loaded::from_sources(sources).unwrap().connection().unwrap_err().to_string();
    assert!(at_home.contains("/home/mo/.config/doorlist/config.toml; `doorlist config init`"), "{at_home}");
    let connection = missing(&[url, tenant]).unwrap();
    assert_eq!(connection.base_url.to_string(), "https://example.org");
    assert_eq!(connection.tenant_id.as_str(), "ten_7");
}

#[test]
fn insecure_addresses_are_judged_after_the_layers_are_merged() {
    let plain = ("DOORLIST__API__BASE_URL", "http://10.0.0.7");
    let error = only_environment(&[plain]).unwrap_err();
    assert!(error.to_string().starts_with("environment variable DOORLIST__API__BASE_URL: `api.base_url`"), "{error}");
    assert!(only_environment(&[plain, ("DOORLIST__API__ALLOW_INSECURE", "true")]).is_ok());
}
