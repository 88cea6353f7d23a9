//! When people pause: the same hours of every local day.

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use domain::Timestamp;
use domain::ids::ReasonCode;

/// One pause of every day; one that does not end after it begins goes over midnight.
#[derive(Clone, Debug)]
pub struct Pause {
    /// Its beginning on the local clock.
    pub from: Time,
    /// Its end on the local clock.
    pub to: Time,
}

/// The pauses of a site.
#[derive(Clone, Debug)]
pub struct Pauses {
    /// Whose clock.
    pub zone: TimeZone,
    /// Every day's.
    pub daily: Vec<Pause>,
    /// What machines say meanwhile.
    pub reason: ReasonCode,
}

impl Pauses {
    /// The first pause that is not over at this instant, in milliseconds since 1970.
    pub(crate) fn next(&self, at: Timestamp) -> Option<(i64, i64)> {
        let today = at.to_jiff().to_zoned(self.zone.clone()).date();
        // A pause over midnight may have begun yesterday; the next one is tomorrow's at the latest.
        let days = [today.yesterday(), Ok(today), today.tomorrow()].into_iter().flatten();
        let all = days.flat_map(|day| self.daily.iter().filter_map(move |pause| self.on(day, pause)));
        all.filter(|(_, to)| *to > at.as_millis()).min()
    }

    fn on(&self, day: Date, pause: &Pause) -> Option<(i64, i64)> {
        let end_day = if pause.to > pause.from { day } else { day.checked_add(1.day()).ok()? };
        let at = |day: Date, time: Time| {
            let local = day.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
            Some(local.timestamp().as_millisecond())
        };
        let (from, to) = (at(day, pause.from)?, at(end_day, pause.to)?);
        // A clock that is put forward may swallow a pause.
        (from < to).then_some((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(at: &str) -> (String, String) {
        let pause = |from: &str, to: &str| Pause { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let pauses = Pauses {
            zone: TimeZone::get("Europe/Paris").unwrap(),
            daily: vec![pause("09:00", "09:20"), pause("23:50", "00:20")],
            reason: "pause".parse().unwrap(),
        };
        let (from, to) = pauses.next(Timestamp::parse(at).unwrap()).unwrap();
        (Timestamp::from_millis(from).to_string(), Timestamp::from_millis(to).to_string())
    }

    fn expect(from: &str, to: &str) -> (String, String) {
        (format!("{from}:00.000Z"), format!("{to}:00.000Z"))
    }

    #[test]
    fn follow_the_local_clock_and_midnight() {
        let morning = expect("2026-11-24T08:00", "2026-11-24T08:20");
        assert_eq!(next("2026-11-24T01:00:00Z"), morning);
        assert_eq!(next("2026-11-24T08:19:59Z"), morning);
        let midnight = expect("2026-11-24T22:50", "2026-11-24T23:20");
        assert_eq!(next("2026-11-24T08:20:00Z"), midnight);
        assert_eq!(next("2026-11-24T23:10:00Z"), midnight);
        assert_eq!(next("2026-07-01T01:00:00Z"), expect("2026-07-01T07:00", "2026-07-01T07:20"));
    }
}
