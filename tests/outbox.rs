//! The outbox: nothing lost, nothing twice.

#[cfg(test)]
#[path = "support/offline.rs"]
mod offline;

#[cfg(test)]
mod outbox {
    mod corruption;
    mod engine;
    mod load;
    mod log_damage;
    mod make;
    mod rules;
    mod simulation;
    mod store;
    mod wiping;
}
