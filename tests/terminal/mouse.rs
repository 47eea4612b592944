//! The mouse selects, and never acts.

use crate::door::{Door, own_scans};

/// The line of the results' first row at 120x36, counted from one as terminals do.
const FIRST_ROW: usize = 13;

#[test]
fn a_click_and_the_wheel_select_and_nobody_is_let_in() {
    let mut door = Door::with(|_, _| vec![("MOUSE__ENABLED", "true".to_owned())]);
    let row = |shown: &str, row: usize| shown.lines().nth(FIRST_ROW - 1 + row).unwrap_or_default().to_owned();
    let is_selected = |shown: &str, at: usize| row(shown, at).starts_with('▸');
    let click = |row: usize| format!("\x1b[<0;10;{}M\x1b[<0;10;{}m", FIRST_ROW + row, FIRST_ROW + row);
    // A click where no row is yet says nothing.
    door.session.waits_for("the rows", |shown| row(shown, 3).contains("VALID"));
    door.session.types(&click(2));
    door.session.waits_for("the third row", |shown| is_selected(shown, 2));
    door.session.types("\x1b[<65;10;20M");
    door.session.waits_for("the row below", |shown| is_selected(shown, 3));
    door.session.types("\x1b[<64;10;20M\x1b[<64;10;20M");
    door.session.waits_for("two rows above", |shown| is_selected(shown, 1));
    // Twice at once, as an impatient hand clicks.
    door.session.types(&click(1).repeat(2));
    door.session.types(&click(0));
    door.session.waits_for("the first row", |shown| is_selected(shown, 0));
    let before = door.tickets();
    assert!(before.iter().all(|ticket| own_scans(ticket).is_empty()));
    door.closes();
}
