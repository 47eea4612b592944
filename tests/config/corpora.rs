//! `tests/valid_configs` load; `tests/invalid_configs` give exactly the message in their first line.

use std::fs;
use std::path::{Path, PathBuf};

use doorlist::config::{ConfigError, ConfigFile, Loaded, Sources, user_file_template};

pub fn folder(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Every section there is, so that a new one changes no expected message.
pub fn sections() -> String {
    let defaults = Loaded::from_sources(Sources { state_dir: Some("/state".into()), ..Sources::default() }).unwrap();
    let mut sections: Vec<_> = defaults.entries.iter().filter_map(|entry| entry.key.split('.').next()).collect();
    sections.dedup();
    sections.join(", ")
}

fn load(path: &Path) -> Result<Loaded, ConfigError> {
    Loaded::from_sources(Sources {
        files: vec![ConfigFile { path: path.to_owned(), required: true }],
        home: Some("/home/ada".into()),
        state_dir: Some("/home/ada/.local/state/doorlist".into()),
        ..Sources::default()
    })
}

#[test]
fn good_files_load() {
    for path in folder("valid_configs") {
        let loaded = load(&path);
        assert!(loaded.is_ok(), "{}: {}", path.display(), loaded.unwrap_err());
    }
}

#[test]
fn bad_files_give_the_message_in_their_first_line() {
    for path in folder("invalid_configs") {
        let text = fs::read_to_string(&path).unwrap();
        let expected = text.lines().next().unwrap().strip_prefix("# ").unwrap();
        let expected = expected.replace("{file}", &path.display().to_string()).replace("{sections}", &sections());
        let error = load(&path).expect_err(&path.display().to_string());
        assert_eq!(error.to_string(), expected, "{}", path.display());
        assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{}: a secret is shown", path.display());
    }
}

#[test]
fn the_example_documents_every_key_and_says_the_defaults() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml");
    let defaults = Loaded::from_sources(Sources { state_dir: Some("/state".into()), ..Sources::default() }).unwrap();
    let from_example = load(&example).unwrap();
    let text = fs::read_to_string(&example).unwrap();
    let documented = documented_keys(&text);
    let keys: Vec<_> = defaults.entries.iter().map(|entry| entry.key.to_owned()).collect();
    assert_eq!(documented.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>(), keys);
    for ((key, set), (default, read)) in documented.iter().zip(defaults.entries.iter().zip(&from_example.entries)) {
        if key == "state.dir" {
            continue;
        }
        let value = |entry: &doorlist::config::Entry| entry.value.as_ref().map(|(value, _)| value.clone());
        assert_eq!(value(default), value(read), "{key}");
        assert_eq!(value(default).is_some(), *set, "{key}: set in the example where it has a default, and only there");
    }
}

#[test]
fn every_line_of_the_example_that_is_commented_out_is_a_good_setting() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let all: String = user_file_template()
        .lines()
        .filter(|line| !line.contains("token_command"))
        .map(|line| setting(line).map_or(line.to_owned(), |(_, line)| line.to_owned()) + "\n")
        .collect();
    fs::write(&file, all).unwrap();
    let loaded = load(&file).unwrap();
    let unset = loaded.entries.iter().filter(|entry| entry.value.is_none()).map(|entry| entry.key);
    assert_eq!(unset.collect::<Vec<_>>(), ["api.token_command"]);
    let origin = file.display().to_string();
    let elsewhere = loaded.entries.iter().filter_map(|entry| entry.value.as_ref()).filter(|(_, from)| *from != origin);
    assert_eq!(elsewhere.count(), 0);
}

#[test]
fn the_file_to_start_from_sets_nothing() {
    let set: Vec<_> = documented_keys(&user_file_template()).into_iter().filter(|(_, set)| *set).collect();
    assert_eq!(set, []);
}

/// Every `key = value` line in order: the full key, and whether it is set or commented out.
fn documented_keys(text: &str) -> Vec<(String, bool)> {
    let mut section = String::new();
    let mut keys = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            name.trim_end_matches(']').clone_into(&mut section);
        } else if let Some((key, _)) = setting(line) {
            keys.push((format!("{section}.{key}"), !line.starts_with('#')));
        }
    }
    keys
}

/// The key, and the line without its comment mark, where a line holds a setting.
fn setting(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("# ").unwrap_or(line);
    let (key, _) = line.split_once(" = ")?;
    key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_').then_some((key, line))
}
