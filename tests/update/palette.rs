//! The command palette, and what every pop-up with a field owes the panes below it.

use crossterm::event::KeyCode;
use doorlist::console::{Action, App, Effect, Message, Mode, Popup};
use rstest::rstest;

use super::stage::{control, loaded, now, press, selected, type_text};

/// The acts that the open palette shows.
fn shown(app: &App) -> Vec<Action> {
    let Some(Popup::Palette(palette)) = &app.popup else { panic!("{:?}", app.popup) };
    palette.picker.fitting().map(|choice| choice.item).collect()
}

#[test]
fn it_holds_every_act_of_the_door_but_itself() {
    let mut app = loaded();
    press(&mut app, KeyCode::F(2));
    let acts: Vec<_> = app.keymap.bindings(Mode::Door).iter().map(|binding| binding.run).collect();
    let mut with_itself = shown(&app);
    let at = acts.iter().position(|action| *action == Action::Palette).unwrap();
    with_itself.insert(at, Action::Palette);
    assert_eq!(with_itself, acts);
}

#[rstest]
#[case::words("guest in check", Action::CheckIn)]
#[case::key("^o", Action::CheckOut)]
#[case::capitals("WHOLE list", Action::Reload)]
fn words_and_keys_find_an_act(#[case] typed: &str, #[case] found: Action) {
    let mut app = loaded();
    press(&mut app, KeyCode::F(2));
    type_text(&mut app, typed);
    assert_eq!(shown(&app)[0], found);
}

#[test]
fn enter_runs_the_act_on_the_selected_guest() {
    let mut app = loaded();
    type_text(&mut app, "ada");
    control(&mut app, 'g');
    assert_eq!(app.mode(), Mode::Palette);
    type_text(&mut app, "guest in");
    let effects = press(&mut app, KeyCode::Enter);
    assert!(matches!(&effects[..], [Effect::Take(entry)] if entry.ticket.as_str() == "tkt_ada"), "{effects:?}");
    assert_eq!((&app.popup, app.search.input.value()), (&None, "ada"));
}

#[test]
fn what_is_typed_and_pasted_stays_in_the_field_that_has_the_focus() {
    let mut app = loaded();
    type_text(&mut app, "be");
    press(&mut app, KeyCode::F(2));
    type_text(&mut app, "rel");
    app.update(Message::Pasted("oad\n".into()), now());
    let Some(Popup::Palette(palette)) = &app.popup else { panic!("{:?}", app.popup) };
    assert_eq!(palette.picker.filter.value(), "reload");
    assert_eq!((app.search.input.value(), selected(&app)), ("be", Some("tkt_ben")));
    press(&mut app, KeyCode::Esc);
    type_text(&mut app, "n");
    assert_eq!((&app.popup, app.search.input.value()), (&None, "ben"));
}

#[test]
fn enter_on_nothing_runs_nothing_and_quitting_is_always_at_hand() {
    let mut app = loaded();
    type_text(&mut app, "ada");
    press(&mut app, KeyCode::F(2));
    type_text(&mut app, "xyzzy");
    assert!(press(&mut app, KeyCode::Enter).is_empty());
    assert_eq!(app.mode(), Mode::Palette);
    assert_eq!(control(&mut app, 'q'), [Effect::Quit]);
}
