//! `tests/valid_keymaps` lie over the built-in keys; `tests/invalid_keymaps` give exactly the message in their first line.

use std::fs;
use std::path::Path;

use doorlist::config::{ConfigFile, Keys, KeysError, Loaded, Sources};
use doorlist::console::{Action, Keymap, Mode};
use strum::IntoEnumIterator;

use super::corpora::folder;

/// The keys of settings that name this table.
fn keys(table: &Path) -> Keys {
    let settings = tempfile::tempdir().unwrap();
    let file = settings.path().join("config.toml");
    fs::write(&file, format!("[keys]\nfile = '{}'\n", table.display())).unwrap();
    load(&file, None).settings.keys
}

fn load(settings: &Path, user_file: Option<&Path>) -> Loaded {
    Loaded::from_sources(Sources {
        files: vec![ConfigFile { path: settings.to_owned(), required: user_file.is_none() }],
        user_file: user_file.map(Path::to_owned),
        state_dir: Some("/state".into()),
        ..Sources::default()
    })
    .unwrap()
}

/// What a message says of every action and every mode, so that a new one changes no file.
fn written_out(message: &str) -> String {
    let list = |names: Vec<String>| names.join(", ");
    let door = Keymap::built_in().unwrap();
    let actions = door.bindings(Mode::Door).iter().map(|binding| binding.run.to_string()).collect();
    message.replace("ALL", &list(actions)).replace("MODES", &list(Mode::iter().map(|mode| mode.to_string()).collect()))
}

#[test]
fn good_tables_lie_over_the_built_in_keys() {
    for path in folder("valid_keymaps") {
        let keymap = keys(&path).keymap();
        assert!(keymap.is_ok(), "{}", keymap.unwrap_err());
    }
}

#[test]
fn bad_tables_give_the_message_in_their_first_line() {
    for path in folder("invalid_keymaps") {
        let text = fs::read_to_string(&path).unwrap();
        let expected = text.lines().next().unwrap().strip_prefix("# ").unwrap();
        let expected = written_out(expected).replace("{file}", &path.display().to_string());
        let error = keys(&path).keymap().expect_err(&path.display().to_string());
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_table_beside_the_settings_needs_no_setting_and_need_not_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("config.toml");
    let keymap = || load(&settings, Some(&settings)).settings.keys.keymap().unwrap();
    assert_eq!(keymap(), Keymap::built_in().unwrap());
    fs::write(folder.path().join("keymap.toml"), "[[door]]\non = [\"f12\"]\nrun = \"check-out\"").unwrap();
    let binding = keymap().bindings(Mode::Door).iter().find(|row| row.run == Action::CheckOut).cloned().unwrap();
    assert_eq!(binding.keys(), "F12");
}

#[test]
fn a_table_that_the_settings_name_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.toml");
    let error = keys(&file).keymap().unwrap_err();
    assert!(matches!(&error, KeysError::Unreadable { file: named, .. } if *named == file), "{error}");
}
