//! The terminal changes its size, again and again.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::demo::Demo;
use crate::session::{COLUMNS, ROWS};

#[test]
fn a_storm_of_sizes_leaves_the_screen_whole() {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut demo = Demo::start();
    for number in 0..120 {
        demo.session.resizes(random.random_range(1..70), random.random_range(1..250));
        match number % 4 {
            0 => demo.session.types("s"),
            // Backspace.
            2 => demo.session.types("\x7f"),
            _ => {}
        }
    }
    demo.session.resizes(ROWS, COLUMNS);
    demo.session.waits_for("a whole screen", |shown| {
        let lines: Vec<&str> = shown.lines().collect();
        lines.len() == usize::from(ROWS) && lines[0].contains("ONLINE") && lines[35].contains("F1 help")
    });
    demo.session.types("\x15smi");
    demo.session.sees("› smi");
    demo.session.types("\x11");
    let ended = demo.ends();
    assert_eq!(ended.code, 0);
    ended.is_clean();
}
