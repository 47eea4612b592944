//! The terminal goes away.

use crate::demo::Demo;

#[test]
fn without_its_terminal_it_ends() {
    let demo = Demo::start();
    assert_eq!(demo.session.loses_its_terminal(), 143);
}
