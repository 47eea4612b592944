//! Times as people read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `20:14` on the day of `now` at the venue, else `3 Mar 20:14`.
#[must_use]
pub fn clock_time(at: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let local = at.to_zoned(zone.clone());
    let today = now.to_zoned(zone.clone()).date();
    let form = if local.date() == today { "%H:%M" } else { "%-d %b %H:%M" };
    local.strftime(form).to_string()
}

/// `now`, `40 s ago`, `12 min ago`, `3 h ago`, `5 d ago`; a clock that runs ahead reads as `now`.
#[must_use]
pub fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(at).as_secs();
    match seconds {
        ..=4 => "now".to_owned(),
        5..=89 => format!("{seconds} s ago"),
        90..=5_399 => format!("{} min ago", rounded(seconds, 60)),
        5_400..=172_799 => format!("{} h ago", rounded(seconds, 3_600)),
        _ => format!("{} d ago", rounded(seconds, 86_400)),
    }
}

fn rounded(seconds: i64, unit: i64) -> i64 {
    (seconds + unit / 2) / unit
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(-30, "now")]
    #[case(4, "now")]
    #[case(5, "5 s ago")]
    #[case(89, "89 s ago")]
    #[case(90, "2 min ago")]
    #[case(720, "12 min ago")]
    #[case(5_400, "2 h ago")]
    #[case(172_800, "2 d ago")]
    fn ages_read_in_their_largest_unit(#[case] seconds: i64, #[case] expected: &str) {
        let now: Timestamp = "2026-03-03T09:00:00Z".parse().unwrap();
        assert_eq!(age(now - SignedDuration::from_secs(seconds), now), expected);
    }

    #[test]
    fn another_day_names_its_date() {
        let zone = TimeZone::get("Australia/Melbourne").unwrap();
        let now: Timestamp = "2026-03-03T09:00:00Z".parse().unwrap();
        assert_eq!(clock_time(now, &zone, now), "20:00");
        assert_eq!(clock_time("2026-03-02T09:30:00Z".parse().unwrap(), &zone, now), "2 Mar 20:30");
    }
}
