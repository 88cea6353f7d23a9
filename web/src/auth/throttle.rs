//! The throttle of failed attempts: per account and per source, in a table of bounded size.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{DurationMs, Timestamp};

use crate::options::WebLimits;
use crate::problem::Problem;

/// How many accounts and sources are remembered; beyond that the oldest is forgotten.
const MAX_ENTRIES: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Account(String),
    Source(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    since: Timestamp,
}

/// Counts failed attempts. An attempt counts from its start until it succeeds, so that parallel ones count too.
#[derive(Clone)]
pub struct Throttle {
    table: Arc<Mutex<HashMap<Subject, Failures>>>,
    enabled: bool,
    per_account: u32,
    per_source: u32,
    window: DurationMs,
}

/// An attempt that was let through. Dropped, it counts as failed.
#[must_use]
pub struct Ticket {
    throttle: Throttle,
    account: Subject,
    source: Subject,
}

impl Throttle {
    /// A throttle with these limits.
    pub fn new(limits: &WebLimits) -> Self {
        Self {
            table: Arc::default(),
            enabled: limits.enabled,
            per_account: limits.login_failures_per_account,
            per_source: limits.login_failures_per_source,
            window: duration_ms(limits.login_window),
        }
    }

    /// Lets an attempt through, or says when to come again (429).
    pub fn admit(&self, account: &str, source: Option<IpAddr>, now: Timestamp) -> Result<Ticket, Problem> {
        let account = Subject::Account(account.to_owned());
        let source = Subject::Source(network(source));
        if self.enabled {
            let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
            for (subject, limit) in [(&account, self.per_account), (&source, self.per_source)] {
                let failures = table.get(subject).filter(|failures| now - failures.since < self.window);
                if let Some(failures) = failures.filter(|failures| failures.count >= limit) {
                    let wait = (failures.since + self.window) - now;
                    return Err(Problem::throttled(u64::try_from(wait.0).unwrap_or(0).div_ceil(1000)));
                }
            }
            for subject in [&account, &source] {
                self.make_room(&mut table, now);
                let entry = table.entry(subject.clone()).or_insert(Failures { count: 0, since: now });
                if now - entry.since >= self.window {
                    *entry = Failures { count: 0, since: now };
                }
                entry.count += 1;
            }
        }
        Ok(Ticket { throttle: self.clone(), account, source })
    }

    fn make_room(&self, table: &mut HashMap<Subject, Failures>, now: Timestamp) {
        if table.len() < MAX_ENTRIES {
            return;
        }
        table.retain(|_, failures| now - failures.since < self.window);
        if table.len() >= MAX_ENTRIES {
            let oldest = table.iter().min_by_key(|(_, failures)| failures.since).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                table.remove(&oldest);
            }
        }
    }
}

impl Ticket {
    /// The attempt succeeded: the account starts afresh, the source gets this attempt back. A source keeps its
    /// failures with other accounts, so that one known password does not buy a spray of guesses.
    pub fn succeeded(self) {
        let mut table = self.throttle.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.remove(&self.account);
        if let Some(failures) = table.get_mut(&self.source) {
            failures.count = failures.count.saturating_sub(1);
        }
    }
}

/// The source that counts: an IPv6 caller has a whole /64 at hand.
fn network(source: Option<IpAddr>) -> IpAddr {
    match source.unwrap_or(IpAddr::from([0, 0, 0, 0])).to_canonical() {
        IpAddr::V6(address) => {
            let mut segments = address.segments();
            segments[4..].fill(0);
            IpAddr::from(segments)
        }
        v4 => v4,
    }
}

fn duration_ms(duration: Duration) -> DurationMs {
    DurationMs(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    fn limits() -> WebLimits {
        WebLimits { login_failures_per_account: 3, login_failures_per_source: 5, ..WebLimits::default() }
    }

    fn fail(throttle: &Throttle, account: &str, at_s: i64) -> bool {
        throttle.admit(account, SOURCE, Timestamp::from_millis(at_s * 1000)).is_ok()
    }

    #[test]
    fn counts_by_account_and_by_source() {
        let throttle = Throttle::new(&limits());
        assert!((0..3).all(|_| fail(&throttle, "a", 0)));
        assert!(!fail(&throttle, "a", 1), "the account is at its limit");
        assert!(fail(&throttle, "b", 1) && fail(&throttle, "c", 1));
        assert!(!fail(&throttle, "d", 1), "the source is at its limit");
        assert!(fail(&throttle, "a", 901), "the window is over");
    }

    #[test]
    fn says_when_to_come_again() {
        use actix_web::ResponseError;
        let throttle = Throttle::new(&limits());
        assert!((0..3).all(|_| fail(&throttle, "a", 0)));
        let refused = throttle.admit("a", SOURCE, Timestamp::from_millis(300_000)).err().unwrap();
        assert_eq!(refused.error_response().headers().get("retry-after").unwrap(), "600");
    }

    #[test]
    fn a_success_clears_the_account_and_gives_its_own_attempt_back() {
        let throttle = Throttle::new(&limits());
        for n in 0..5 {
            assert!(fail(&throttle, &format!("guess {n}"), 0));
            throttle.admit("good", SOURCE, Timestamp::default()).map(Ticket::succeeded).unwrap_or_default();
        }
        assert!(!fail(&throttle, "guess 5", 0), "successes in between do not hide a spray");
        let one = Throttle::new(&limits());
        assert!((0..2).all(|_| fail(&one, "a", 0)));
        one.admit("a", SOURCE, Timestamp::default()).map(Ticket::succeeded).unwrap();
        assert!((0..3).all(|_| fail(&one, "a", 0)), "the account starts afresh");
    }

    #[test]
    fn parallel_attempts_count_before_they_end() {
        let throttle = Throttle::new(&limits());
        let open: Vec<_> =
            (0..10).filter_map(|_| throttle.admit("a", SOURCE, Timestamp::default()).ok()).collect();
        assert_eq!(open.len(), 3);
    }

    #[test]
    fn the_table_is_bounded_and_can_be_off() {
        let roomy = WebLimits { login_failures_per_source: u32::MAX, ..limits() };
        let throttle = Throttle::new(&roomy);
        for n in 0..MAX_ENTRIES + 100 {
            assert!(fail(&throttle, &format!("account {n}"), 0));
        }
        assert!(throttle.table.lock().unwrap().len() <= MAX_ENTRIES);
        let off = Throttle::new(&WebLimits { enabled: false, ..limits() });
        assert!((0..100).all(|_| fail(&off, "a", 0)));
    }

    #[test]
    fn one_network_of_ipv6_is_one_source() {
        let at = |text: &str| network(Some(text.parse().unwrap()));
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:10.0.0.1"), at("10.0.0.1"));
    }
}
