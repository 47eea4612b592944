//! A guest comes in.

use crate::demo::Demo;

/// The name in the first row of a guest who may come in.
fn first_valid_guest(screen: &str) -> Option<String> {
    let row = screen.lines().find_map(|line| line.split_once("○ VALID"))?.1;
    row.trim_start().split("  ").next().map(|name| name.trim().to_owned())
}

#[test]
fn a_guest_is_checked_in_and_the_terminal_is_left_as_it_was() {
    let mut demo = Demo::start();
    let shown = demo.session.sees("VALID");
    let name = first_valid_guest(&shown).unwrap();
    let mut part = name.clone();
    part.pop();
    demo.session.types(&part);
    demo.session.sees(&format!("Enter checks in {name}"));
    demo.session.types("\r");
    demo.session.sees("CHECKED IN");
    demo.session.types("\x11");
    let ended = demo.ends();
    assert_eq!(ended.code, 0);
    ended.is_clean();
}
