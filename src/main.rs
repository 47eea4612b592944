//! The `doorlist` program.

fn main() {}
