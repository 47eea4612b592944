//! The mouse selects, and never acts.

use crossterm::event::KeyCode;
use doorlist::console::ui::row_at;
use doorlist::console::{App, Effect, Message, Popup};
use ratatui::layout::{Position, Rect};

use super::stage::{loaded, now, press, selected};

const SCREEN: Rect = Rect::new(0, 0, 120, 36);

/// Clicks at every place of the screen: the row that each of them hits, and how many places hit it.
fn rows(app: &App) -> Vec<(usize, usize)> {
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for y in 0..SCREEN.height {
        for x in 0..SCREEN.width {
            let Some(row) = row_at(app, SCREEN, Position::new(x, y)) else { continue };
            match rows.last_mut() {
                Some((last, places)) if *last == row => *places += 1,
                _ => rows.push((row, 1)),
            }
        }
    }
    rows
}

#[test]
fn every_row_of_guests_is_hit_by_its_own_line_alone() {
    let mut app = loaded();
    let hit = rows(&app);
    assert_eq!(hit.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(hit.iter().all(|(_, places)| *places == hit[0].1), "{hit:?}");
    press(&mut app, KeyCode::F(2));
    assert!(rows(&app).iter().all(|(row, places)| *row < 30 && *places < 120), "the palette lies over them");
}

#[test]
fn a_click_selects_the_guest_and_reads_the_ticket_again() {
    let mut app = loaded();
    let second = app.search.hits[1].id.clone();
    let effects = app.update(Message::RowClicked(1), now());
    assert!(matches!(&effects[..], [Effect::FetchTicket { id, .. }] if *id == second), "{effects:?}");
    assert_eq!(selected(&app), Some(second.as_str()));
    assert!(app.update(Message::RowClicked(1), now()).is_empty(), "a second click acts no more than the first");
    assert!(app.update(Message::RowClicked(99), now()).is_empty());
}

#[test]
fn the_wheel_moves_the_selection_of_whatever_has_the_focus() {
    let mut app = loaded();
    press(&mut app, KeyCode::Down);
    let first = selected(&app).map(str::to_owned);
    app.update(Message::WheelTurned(1), now());
    assert_ne!(selected(&app).map(str::to_owned), first);
    app.update(Message::WheelTurned(-1), now());
    assert_eq!(selected(&app).map(str::to_owned), first);
    press(&mut app, KeyCode::F(2));
    app.update(Message::WheelTurned(1), now());
    app.update(Message::RowClicked(3), now());
    let Some(Popup::Palette(palette)) = &app.popup else { panic!("{:?}", app.popup) };
    assert_eq!((palette.picker.position(), selected(&app).map(str::to_owned)), (3, first));
}
