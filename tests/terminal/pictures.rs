//! The README's pictures, drawn from the real program at work.
//!
//! `DOORLIST_PICTURES=assets cargo test --test terminal pictures` draws them anew; without the variable the scenes are
//! played and nothing is written.

use std::path::{Path, PathBuf};

use crate::picture;
use crate::session::{Session, doorlist};

/// One scene: its file, what is typed, and the words that say it is there.
const SCENES: [(&str, &str, &str); 1] = [("console", "smi\r", "CHECKED IN")];

#[test]
fn the_readme_shows_what_the_program_draws() {
    let home = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("DOORLIST_PICTURES").map(PathBuf::from);
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let mut command = doorlist(home.path());
    command.arg("demo");
    let mut session = Session::start(command);
    session.waits_for("every guest", |shown| ["ONLINE", "1,200 of 1,200"].iter().all(|words| shown.contains(words)));
    for (name, keys, words) in SCENES {
        session.types(keys);
        session.sees(words);
        let drawn = picture::svg(session.screen());
        assert!(drawn.contains(words), "{name}: the picture does not say {words}");
        assert!(readme.contains(&format!("assets/{name}.svg")), "README.md does not show {name}.svg");
        if let Some(folder) = &folder {
            std::fs::write(folder.join(format!("{name}.svg")), drawn).unwrap();
        }
    }
    session.types("\x11");
    session.ends();
}
