//! Whatever a guest is called, and however large the terminal.

use doorlist::console::ui::{Theme, ThemeName};
use doorlist::domain::{ScanKind, Ticket};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

use crate::scene::{Scene, now, scanned, ticket};

/// Text of every kind that a form lets through, with what breaks terminals more often than chance would.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[a-zA-Z ]{1,12}",
        Just("\u{1b}[2J".to_owned()),
        Just("\u{202E}".to_owned()),
        Just("\u{200D}".to_owned()),
        Just("\u{0301}\u{0301}".to_owned()),
        Just("👨‍👩‍👧".to_owned()),
        Just("🇦🇺🏳️‍🌈".to_owned()),
        Just("李小龍".to_owned()),
        Just("لا إله".to_owned()),
        Just("क्षि".to_owned()),
        Just("﷽".to_owned()),
        Just("\r\n".to_owned()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn guest(first: &str, last: &str, other: &str) -> Ticket {
    let mut guest = ticket(500, 1, first, last);
    guest.attendee.email = other.into();
    guest.attendee.phone = Some(other.into());
    scanned(guest, ScanKind::CheckIn, now(), other, first)
}

/// Every symbol ends inside the terminal, and nothing stands where a wide character has its right half.
fn assert_sound(buffer: &Buffer) -> Result<(), TestCaseError> {
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            prop_assert!(!symbol.chars().any(char::is_control), "{symbol:?}");
            let columns = u16::try_from(symbol.width()).unwrap();
            prop_assert!(columns > 0 && x + columns <= buffer.area.width, "{symbol:?} at {x}");
            for half in x + 1..x + columns {
                prop_assert_eq!(buffer[(half, y)].symbol(), " ");
            }
            x += columns;
        }
    }
    Ok(())
}

/// The columns that separate the list from the ticket stay empty, and the title lines stay lines.
fn assert_panes_hold(buffer: &Buffer) -> Result<(), TestCaseError> {
    let area = buffer.area;
    let titles: Vec<u16> = (0..area.height)
        .filter(|y| (0..area.width).map(|x| buffer[(x, *y)].symbol()).collect::<String>().contains("─ Ticket ─"))
        .collect();
    prop_assert_eq!(titles.len(), 1);
    if area.width < 110 {
        return Ok(());
    }
    let start = (0..area.width).find(|x| {
        (*x..area.width).map(|x| buffer[(x, titles[0])].symbol()).collect::<String>().starts_with("─ Ticket ─")
    });
    let start = start.unwrap();
    for y in titles[0]..area.height - 1 {
        for x in start - 2..start {
            prop_assert_eq!(buffer[(x, y)].symbol(), " ", "at {},{}", x, y);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_name_at_any_size_stays_in_its_pane(
        first in hostile(), last in hostile(), other in hostile(), typed in hostile(),
        width in 1_u16..=200, height in 1_u16..=60, act in 0..3,
    ) {
        let mut scene = Scene::loaded_with(vec![guest(&first, &last, &other), guest(&last, &first, &other)]);
        scene.tell(doorlist::console::Message::Pasted(typed));
        if scene.app.selected_ticket().is_none() {
            scene.key(crossterm::event::KeyCode::Esc, crossterm::event::KeyModifiers::NONE);
        }
        match act {
            0 if scene.app.selected_ticket().is_some() => _ = scene.scan_accepted(ScanKind::CheckIn),
            1 => _ = scene.key(crossterm::event::KeyCode::F(1), crossterm::event::KeyModifiers::NONE),
            _ => {}
        }
        let (buffer, cursor) = scene.drawn(&Theme::named(ThemeName::Dark), now(), width, height);
        assert_sound(&buffer)?;
        prop_assert!(cursor.x < width && cursor.y < height);
        if act != 1 && width >= 60 && height >= 16 {
            assert_panes_hold(&buffer)?;
        }
    }

    #[test]
    fn any_name_in_any_form_stays_in_its_frame(
        first in hostile(), last in hostile(), other in hostile(),
        opens in prop_oneof![Just('e'), Just('t'), Just('6'), Just('7'), Just('8')],
        keys in proptest::collection::vec(prop_oneof![Just('\n'), Just('\t'), Just('r'), Just('y'), Just('>')], 0..12),
        width in 60_u16..=200, height in 16_u16..=60,
    ) {
        use crossterm::event::{KeyCode, KeyModifiers};
        let mut scene = Scene::loaded_with(vec![guest(&first, &last, &other)]);
        let id = guest(&first, &last, &other).id;
        scene.tell(doorlist::console::Message::Pasted(id.as_str().into()));
        prop_assert!(scene.app.selected_ticket().is_some_and(|ticket| ticket.id == id));
        match opens.to_digit(10).and_then(|number| u8::try_from(number).ok()) {
            Some(number) => _ = scene.key(KeyCode::F(number), KeyModifiers::NONE),
            None => _ = scene.key(KeyCode::Char(opens), KeyModifiers::CONTROL),
        }
        for key in keys {
            let code = match key {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                '>' => KeyCode::Right,
                letter => KeyCode::Char(letter),
            };
            scene.key(code, KeyModifiers::NONE);
            let (buffer, cursor) = scene.drawn(&Theme::named(ThemeName::Dark), now(), width, height);
            assert_sound(&buffer)?;
            prop_assert!(cursor.x < width && cursor.y < height);
        }
    }
}
