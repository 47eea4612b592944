//! The terminal goes away.

use crate::demo::Demo;

#[test]
fn without_its_terminal_it_ends() {
    let demo = Demo::start();
    assert_eq!(demo.session.is_cut_off(), 143);
}
