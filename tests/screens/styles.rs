//! What text cannot show: where the cursor stands, what is lit, and what is left without colours.

use crossterm::event::{KeyCode, KeyModifiers};
use doorlist::console::ui::{Theme, ThemeName};
use doorlist::domain::ScanKind;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::scene::{Scene, now, text};

/// The cells that draw `needle`, place by place.
fn places(buffer: &Buffer, needle: &str) -> Vec<Vec<(u16, u16)>> {
    let length = u16::try_from(needle.chars().count()).unwrap();
    let mut places = Vec::new();
    for y in 0..buffer.area.height {
        for x in 0..=buffer.area.width - length {
            let cells: Vec<(u16, u16)> = (x..x + length).map(|x| (x, y)).collect();
            if cells.iter().map(|cell| buffer[*cell].symbol()).eq(needle.split("").filter(|symbol| !symbol.is_empty()))
            {
                places.push(cells);
            }
        }
    }
    assert!(!places.is_empty(), "{needle:?} is not on the screen:\n{}", text(buffer));
    places
}

#[test]
fn the_cursor_follows_what_is_typed() {
    let dark = Theme::named(ThemeName::Dark);
    let mut scene = Scene::loaded();
    for (width, height) in [(120, 36), (80, 24)] {
        scene.key(KeyCode::Esc, KeyModifiers::NONE);
        let (_, empty) = scene.drawn(&dark, now(), width, height);
        scene.type_text("李a");
        let (_, typed) = scene.drawn(&dark, now(), width, height);
        assert_eq!((typed.x, typed.y), (empty.x + 3, empty.y));
        scene.key(KeyCode::Left, KeyModifiers::NONE);
        let (_, back) = scene.drawn(&dark, now(), width, height);
        assert_eq!(back.x, empty.x + 2);
    }
}

#[test]
fn a_text_longer_than_the_box_keeps_its_cursor_inside() {
    let mut scene = Scene::loaded();
    scene.type_text(&"long ".repeat(40));
    let (buffer, cursor) = scene.drawn(&Theme::named(ThemeName::Dark), now(), 80, 24);
    assert!(cursor.x < 80);
    assert_eq!(buffer[(cursor.x - 2, cursor.y)].symbol(), "g", "{}", text(&buffer));
}

#[test]
fn matched_letters_are_lit_in_the_list_and_in_the_ticket() {
    let mut scene = Scene::loaded();
    let buffer = scene.type_text("somer").buffer(120, 36);
    let lit = |cell: &(u16, u16)| buffer[*cell].modifier.contains(Modifier::UNDERLINED);
    let lit_in_part = places(&buffer, "Somerville")
        .into_iter()
        .filter(|name| name[..5].iter().all(lit) && !name[5..].iter().any(lit))
        .count();
    assert_eq!(lit_in_part, 2, "{}", text(&buffer));
}

#[test]
fn without_colours_the_selected_row_and_the_verdict_still_stand_out() {
    let monochrome = Theme::monochrome();
    let mut scene = Scene::loaded();
    scene.type_text("lovelace").scan_accepted(ScanKind::CheckIn);
    let (buffer, _) = scene.drawn(&monochrome, now(), 80, 24);
    assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    for needle in ["▸ ● IN", "✓ CHECKED IN"] {
        for cell in places(&buffer, needle).concat() {
            assert!(buffer[cell].modifier.contains(Modifier::REVERSED), "{needle}");
        }
    }
}

#[test]
fn the_colour_of_the_last_guest_does_not_stand_over_the_next() {
    let mut scene = Scene::loaded();
    scene.type_text("lovelace").scan_accepted(ScanKind::CheckIn);
    let before = scene.buffer(120, 36);
    let block = before[places(&before, "✓ CHECKED IN")[0][0]].bg;
    let after = scene.type_text("zo").buffer(120, 36);
    assert_ne!(after[places(&after, "✓ CHECKED IN")[0][0]].bg, block);
}
