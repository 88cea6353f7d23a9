//! Shifts: which part of the day counts together.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// One shift: an interval with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Its name.
    pub name: String,
    /// Its start.
    pub from: Timestamp,
    /// Its end (exclusive).
    pub to: Timestamp,
}

impl Shift {
    /// Whether the instant lies in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        (self.from..self.to).contains(&at)
    }
}

/// A shift of the pattern: a name and the local hour of its start and end.
const PATTERN: [(&str, i8, i8); 3] = [("early", 6, 14), ("late", 14, 22), ("night", 22, 6)];

/// The shift that an instant falls into: 06–14, 14–22 and 22–06 local time, also where daylight saving
/// makes one of them an hour shorter or longer.
pub fn shift_at(zone: &TimeZone, at: Timestamp) -> Shift {
    let local = at.to_jiff().to_zoned(zone.clone());
    let (name, from_hour, to_hour) =
        PATTERN.into_iter().find(|(_, from, to)| (*from..*to).contains(&local.hour())).unwrap_or(PATTERN[2]);
    let after_midnight = local.hour() < PATTERN[0].1;
    let today = local.date();
    let start_day = if after_midnight { today.yesterday() } else { Ok(today) };
    let from = start_day.and_then(|day| at_hour(zone, day, from_hour));
    let overnight = to_hour < from_hour && !after_midnight;
    let end_day = if overnight { today.tomorrow() } else { Ok(today) };
    let to = end_day.and_then(|day| at_hour(zone, day, to_hour));
    let eight_hours = crate::DurationMs::from_secs(8 * 3600);
    // Only the ends of the calendar (years -9999 and 9999) have no neighbouring day.
    Shift { name: name.to_owned(), from: from.unwrap_or(at), to: to.unwrap_or(at + eight_hours) }
}

/// The hour on the local clock, also on a day that has no midnight.
fn at_hour(zone: &TimeZone, day: Date, hour: i8) -> Result<Timestamp, jiff::Error> {
    let local = day.at(hour, 0, 0, 0).to_zoned(zone.clone())?;
    Ok(Timestamp::from_millis(local.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant::TimeZoneName;
    use proptest::prelude::*;

    fn time_zone(name: &str) -> Result<TimeZone, crate::Rejection> {
        TimeZoneName::parse(name).map(|name| name.zone())
    }

    fn shift(zone: &str, at: &str) -> (String, String, String) {
        let shift = shift_at(&time_zone(zone).unwrap(), Timestamp::parse(at).unwrap());
        (shift.name, shift.from.to_string(), shift.to.to_string())
    }

    fn expect(name: &str, from: &str, to: &str) -> (String, String, String) {
        (name.into(), format!("{from}:00:00.000Z"), format!("{to}:00:00.000Z"))
    }

    #[test]
    fn follows_the_local_clock() {
        let paris = "Europe/Paris";
        assert_eq!(shift(paris, "2026-11-22T05:00:00Z"), expect("early", "2026-11-22T05", "2026-11-22T13"));
        assert_eq!(shift(paris, "2026-11-22T04:59:59Z"), expect("night", "2026-11-21T21", "2026-11-22T05"));
        assert_eq!(shift(paris, "2026-11-22T23:30:00Z"), expect("night", "2026-11-22T21", "2026-11-23T05"));
    }

    #[test]
    fn night_shift_of_a_clock_change_is_longer_or_shorter() {
        let paris = "Europe/Paris";
        assert_eq!(shift(paris, "2026-03-29T00:30:00Z"), expect("night", "2026-03-28T21", "2026-03-29T04"));
        assert_eq!(shift(paris, "2026-10-25T00:30:00Z"), expect("night", "2026-10-24T20", "2026-10-25T05"));
    }

    #[test]
    fn a_day_without_midnight_has_its_shifts_by_the_clock() {
        let cairo = "Africa/Cairo";
        // On 2026-04-24 the clock goes from 00:00 to 01:00.
        assert_eq!(shift(cairo, "2026-04-24T03:30:00Z"), expect("early", "2026-04-24T03", "2026-04-24T11"));
        assert_eq!(shift(cairo, "2026-04-23T21:30:00Z"), expect("night", "2026-04-23T20", "2026-04-24T03"));
    }

    proptest! {
        #[test]
        fn shifts_cover_time_without_gaps(ms in 1_500_000_000_000_i64..2_000_000_000_000, zone in 0_usize..5) {
            let zones =
                ["Europe/Paris", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana"];
            let zone = time_zone(zones[zone]).unwrap();
            let at = Timestamp::from_millis(ms);
            let now = shift_at(&zone, at);
            prop_assert!(now.contains(at));
            prop_assert_eq!(shift_at(&zone, now.to).from, now.to);
        }
    }
}
