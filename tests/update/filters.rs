//! Filters: set by a picker, shown as chips, taken away by a key or by Esc at last.

use crossterm::event::KeyCode;
use doorlist::console::{App, Mode, Popup};
use doorlist::domain::TicketStatus;
use doorlist::index::Filters;
use rstest::rstest;

use super::stage::{control, loaded, press, selected, type_text};

fn guests(app: &App) -> Vec<&str> {
    app.search.hits.iter().map(|hit| hit.id.as_str()).collect()
}

/// What the open picker has marked.
fn marked(app: &App) -> usize {
    let Some(Popup::Filters(filters)) = &app.popup else { panic!("{:?}", app.popup) };
    filters.picker.marked().count()
}

#[rstest]
#[case::status("cancelled", &["tkt_cleo"])]
#[case::status_in("in status", &["tkt_ben"])]
#[case::tier("floor", &["tkt_ada", "tkt_ben", "tkt_cleo"])]
fn enter_filters_by_the_selected_row(#[case] typed: &str, #[case] expected: &[&str]) {
    let mut app = loaded();
    press(&mut app, KeyCode::F(3));
    type_text(&mut app, typed);
    press(&mut app, KeyCode::Enter);
    assert_eq!((app.popup.as_ref(), guests(&app)), (None, expected.to_vec()));
    assert_ne!(app.search.filters, Filters::default());
}

#[test]
fn a_mark_counts_at_once_and_one_status_takes_the_place_of_another() {
    let mut app = loaded();
    press(&mut app, KeyCode::F(3));
    press(&mut app, KeyCode::Tab);
    assert_eq!((app.mode(), guests(&app)), (Mode::Filters, vec!["tkt_ada"]));
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Tab);
    assert_eq!((app.search.filters.status, marked(&app)), (Some(TicketStatus::Redeemed), 1));
    press(&mut app, KeyCode::Enter);
    assert_eq!((guests(&app), app.mode()), (vec!["tkt_ben"], Mode::Door), "after marks Enter only closes");
}

#[test]
fn what_is_on_is_marked_when_the_picker_opens_again() {
    let mut app = loaded();
    press(&mut app, KeyCode::F(3));
    press(&mut app, KeyCode::Enter);
    press(&mut app, KeyCode::F(3));
    assert_eq!(marked(&app), 1);
    press(&mut app, KeyCode::Tab);
    assert_eq!((marked(&app), app.search.filters.clone()), (0, Filters::default()));
}

#[test]
fn the_order_of_the_selected_guest_can_be_filtered_by() {
    let mut app = loaded();
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::F(3));
    type_text(&mut app, "order");
    press(&mut app, KeyCode::Enter);
    control(&mut app, 'u');
    assert_eq!(
        (app.search.filters.order.as_ref().map(doorlist::domain::OrderId::as_str), guests(&app).len()),
        (Some("ord_1"), 3)
    );
}

#[test]
fn the_selection_holds_on_to_its_guest_while_the_guest_is_on_the_list() {
    let mut app = loaded();
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Down);
    let held = selected(&app).unwrap().to_owned();
    press(&mut app, KeyCode::F(3));
    type_text(&mut app, "floor");
    press(&mut app, KeyCode::Enter);
    assert_eq!(selected(&app), Some(held.as_str()));
    press(&mut app, KeyCode::F(3));
    type_text(&mut app, "cancelled");
    press(&mut app, KeyCode::Enter);
    assert_eq!(selected(&app), None, "Enter must act on nobody who was not chosen");
}

#[test]
fn escape_takes_the_filters_away_after_the_banner_and_the_text() {
    let mut app = loaded();
    press(&mut app, KeyCode::F(3));
    press(&mut app, KeyCode::Enter);
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::Enter);
    let state = |app: &App| {
        (app.banner.is_some(), app.search.input.value().is_empty(), app.search.filters == Filters::default())
    };
    let mut seen = vec![state(&app)];
    for _ in 0..3 {
        press(&mut app, KeyCode::Esc);
        seen.push(state(&app));
    }
    assert_eq!(seen, [(true, false, false), (false, false, false), (false, true, false), (false, true, true)]);
}

#[test]
fn one_key_takes_them_all_away_at_the_door_and_in_the_picker() {
    let mut app = loaded();
    press(&mut app, KeyCode::F(3));
    press(&mut app, KeyCode::Enter);
    control(&mut app, 'v');
    assert_eq!((app.search.filters.clone(), guests(&app).len()), (Filters::default(), 3));
    press(&mut app, KeyCode::F(3));
    press(&mut app, KeyCode::Tab);
    control(&mut app, 'v');
    assert_eq!((app.search.filters.clone(), app.mode()), (Filters::default(), Mode::Door));
}
