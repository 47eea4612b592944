//! What ARCHITECTURE.md and README.md promise of the whole house.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use doorlist::console::{Keymap, Mode};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of a room: `src/NAME.rs` and what is below `src/NAME/`.
fn files(room: &str) -> Vec<PathBuf> {
    let own = root().join("src").join(format!("{room}.rs"));
    let mut found: Vec<_> = own.exists().then_some(own).into_iter().collect();
    let mut folders = vec![root().join("src").join(room)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The file without its tests, which may do what the code may not.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

#[test]
fn the_core_touches_no_runtime_no_disk_no_clock_and_no_chance() {
    const FORBIDDEN: [&str; 9] = [
        "tokio",
        "reqwest",
        "rusqlite",
        "std::fs",
        "std::net",
        "Timestamp::now",
        "Instant::now",
        "SystemTime::now",
        "rand::",
    ];
    let mut seen = 0;
    let console =
        ["app", "field", "keymap", "picker", "popup", "search", "update", "ui"].map(|room| format!("console/{room}"));
    for room in ["domain", "index"].map(str::to_owned).iter().chain(&console) {
        for file in files(room) {
            seen += 1;
            let code = code(&file);
            let found: Vec<_> = FORBIDDEN.iter().filter(|word| code.contains(**word)).collect();
            assert!(found.is_empty(), "{} names {found:?}", file.display());
        }
    }
    assert!(seen > 30, "the rooms moved: only {seen} files were read");
}

#[test]
fn rooms_use_only_what_the_map_allows() {
    let rules: [(&str, &[&str]); 6] = [
        ("domain", &["wire", "api", "index", "sync", "console", "server", "config", "commands"]),
        ("wire", &["api", "index", "sync", "console", "server", "config", "commands"]),
        ("api", &["index", "sync", "console", "server", "config", "commands"]),
        ("index", &["wire", "api", "sync", "console", "server", "config", "commands"]),
        ("sync", &["console", "server", "config", "commands"]),
        ("server", &["api", "index", "sync", "console", "config", "commands"]),
    ];
    for (room, forbidden) in rules {
        let files = files(room);
        assert!(!files.is_empty(), "there is no room {room}");
        for file in files {
            let code = code(&file);
            for other in forbidden {
                assert!(!code.contains(&format!("crate::{other}::")), "{} reaches into {other}", file.display());
            }
        }
    }
}

#[test]
fn the_readme_shows_the_key_table() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let keymap = Keymap::built_in().unwrap();
    let row = |binding: &doorlist::console::Binding| {
        let keys: Vec<_> = binding.on.iter().map(|chord| format!("`{chord}`")).collect();
        format!("| {} | {} |", keys.join(" "), binding.desc)
    };
    let rows: Vec<_> = keymap.bindings(Mode::Door).iter().map(row).collect();
    assert!(readme.contains(&rows.join("\n")), "README.md should have these rows:\n{}", rows.join("\n"));
}
