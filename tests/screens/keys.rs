//! The footer, the help and the palette say what the keys do, whoever chose the keys.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyModifiers};
use doorlist::console::{Binding, Keymap, Mode};

use crate::scene::Scene;

const OWN: &str = r#"
    [[door]]
    on = ["f11"]
    run = "check-out"
    desc = "Let the guest out"
    hint = "let out"
    [[door]]
    on = []
    run = "reload"
    [[palette]]
    on = ["tab"]
    run = "confirm"
"#;

/// A console with keys of a person's own.
fn scene() -> Scene {
    let mut scene = Scene::loaded();
    scene.app.keymap = Arc::new(Keymap::built_in().unwrap().overridden("keymap.toml", OWN).unwrap());
    scene
}

/// Every row of the table as one line of the screen, in any order of key and words.
fn assert_shown(bindings: &[Binding], screen: &str) {
    for binding in bindings {
        let (keys, desc) = (binding.keys(), &binding.desc);
        let is_shown = screen.lines().any(|line| line.contains(desc.as_str()) && line.contains(&keys));
        assert!(is_shown, "{keys} {desc}:\n{screen}");
    }
}

#[test]
fn the_help_and_the_palette_show_every_row_of_the_door() {
    let mut scene = scene();
    let rows = scene.app.keymap.bindings(Mode::Door).to_vec();
    assert!(rows.iter().any(|row| row.keys() == "F11" && row.desc == "Let the guest out"));
    scene.key(KeyCode::F(1), KeyModifiers::NONE);
    assert_shown(&rows, &scene.text(120, 60));
    scene.key(KeyCode::Esc, KeyModifiers::NONE);
    for row in rows.iter().filter(|row| row.run != doorlist::console::Action::Palette) {
        scene.key(KeyCode::F(2), KeyModifiers::NONE);
        scene.type_text(&row.desc);
        assert_shown(std::slice::from_ref(row), &scene.text(120, 36));
        scene.key(KeyCode::Esc, KeyModifiers::NONE);
    }
}

#[test]
fn the_footer_and_the_edge_of_a_pop_up_show_the_hints() {
    let mut scene = scene();
    let hints = |mode, scene: &Scene| -> Vec<_> {
        let rows = scene.app.keymap.bindings(mode).to_vec();
        rows.iter().filter_map(|row| Some(format!("{} {}", row.on.first()?, row.hint.as_ref()?))).collect()
    };
    let footer = scene.text(300, 36).lines().last().unwrap().to_owned();
    // The way past the wrong door is shown there alone.
    let expected: Vec<_> =
        hints(Mode::Door, &scene).into_iter().filter(|hint| !hint.ends_with("let in all the same")).collect();
    assert!(expected.contains(&"F11 let out".to_owned()));
    assert!(expected.iter().all(|hint| footer.contains(hint)), "{expected:?}: {footer}");
    scene.key(KeyCode::F(2), KeyModifiers::NONE);
    let (expected, screen) = (hints(Mode::Palette, &scene), scene.text(120, 36));
    assert!(expected.contains(&"Tab run".to_owned()));
    assert!(expected.iter().all(|hint| screen.contains(hint)), "{expected:?}:\n{screen}");
}
