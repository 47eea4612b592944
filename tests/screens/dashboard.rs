//! How the evening goes.

use crossterm::event::{KeyCode, KeyModifiers};
use doorlist::domain::{ScanKind, Ticket};
use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::scene::{Scene, now, scanned, ticket};

/// Three hundred guests: a trickle, a rush at half past seven, and those who are still to come.
fn crowd(inside: u32) -> Vec<Ticket> {
    (0..300).map(|number| guest(number, number < inside)).collect()
}

fn guest(number: u32, is_in: bool) -> Ticket {
    let guest = ticket(1_000 + number, 100 + number, "Guest", &number.to_string());
    if !is_in {
        return guest;
    }
    // The square piles most of them up around the middle of the last hour and a half.
    let away = i64::from(number % 21) - 10;
    let minutes = 48 + away * away.abs() * 4 / 10 + i64::from(number % 7);
    let (by, device) = [("Mo Diaz", "north-door-7f3a"), ("Kim Osei", "south-door-2"), ("Robin Marsh", "south-door-2")]
        [usize::try_from(number % 5).unwrap() / 2];
    scanned(guest, ScanKind::CheckIn, now() - SignedDuration::from_mins(minutes.max(0)), by, device)
}

fn opened(others: Vec<Ticket>) -> Scene {
    let mut scene = Scene::loaded_with(others);
    scene.key(KeyCode::Char('d'), KeyModifiers::ALT);
    scene
}

#[test]
fn arrivals_forecast_tiers_and_who_scanned() {
    let mut scene = opened(crowd(210));
    for (width, height) in [(120, 36), (80, 24), (60, 16)] {
        assert_snapshot!(format!("dashboard_{width}x{height}"), scene.text(width, height));
    }
}

#[test]
fn nobody_came_and_everybody_is_in() {
    let mut scene = Scene::loading();
    scene.key(KeyCode::Char('d'), KeyModifiers::ALT);
    assert_snapshot!("dashboard_silent_80x24", scene.text(80, 24));
    let mut scene = opened(Vec::new());
    assert_snapshot!("dashboard_few_80x24", scene.text(80, 24));
}

#[test]
fn who_comes_too_late_at_this_pace_is_told() {
    let mut late = crowd(12);
    let soon = scanned(guest(500, false), ScanKind::CheckIn, now(), "Mo Diaz", "north-door-7f3a");
    late.push(soon);
    let mut scene = opened(late);
    assert_snapshot!("dashboard_late_80x24", scene.text(80, 24));
    assert_snapshot!("dashboard_late_60x16", scene.text(60, 16));
}
