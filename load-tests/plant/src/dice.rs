//! The dice of a line: seeded, with the distributions that plants follow.

use std::f64::consts::TAU;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use crate::model::Spread;

/// No duration that is drawn is shorter.
const SHORTEST_MS: i64 = 1;
/// No duration that is drawn is longer: a year.
const LONGEST_MS: i64 = 366 * 86_400_000;

/// A sequence of chance.
#[derive(Clone, Debug)]
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// The dice of a name: lines of one seed do not depend on each other.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed ^ fnv1a(name)))
    }

    fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// Whether something of this probability happens.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// From the standard normal distribution (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (TAU * self.unit()).cos()
    }

    /// A time until the next of things that happen at random, in milliseconds.
    pub(crate) fn exponential_ms(&mut self, mean_s: f64) -> i64 {
        to_ms(-mean_s * (1.0 - self.unit()).ln())
    }

    /// A length with a long tail (log-normal), in milliseconds.
    pub(crate) fn spread_ms(&mut self, spread: Spread) -> i64 {
        to_ms(spread.median_s * (spread.sigma * self.normal()).exp())
    }

    /// A length between 0 and this, in milliseconds.
    pub(crate) fn up_to_ms(&mut self, longest_s: f64) -> i64 {
        to_ms(longest_s * self.unit())
    }
}

/// Milliseconds of seconds, within what a plant lives to see.
#[expect(clippy::cast_possible_truncation, reason = "held within a year; what is no number becomes 0")]
pub(crate) fn to_ms(seconds: f64) -> i64 {
    ((seconds * 1000.0).round() as i64).clamp(SHORTEST_MS, LONGEST_MS)
}

/// The hash FNV-1a: the same on every machine and in every version.
fn fnv1a(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(draws: impl Iterator<Item = i64>) -> f64 {
        let (sum, number) = draws.fold((0.0, 0.0), |(sum, number), draw| (sum + draw as f64, number + 1.0));
        sum / number
    }

    #[test]
    fn draws_have_the_mean_they_are_asked_for() {
        let mut dice = Dice::new(1, "dice");
        let exponential = mean((0..20_000).map(|_| dice.exponential_ms(60.0)));
        assert!((58_000.0..62_000.0).contains(&exponential), "{exponential}");
        let spread = Spread { median_s: 60.0, sigma: 0.5 };
        // The mean of a log-normal distribution is median · e^(σ²/2).
        let log_normal = mean((0..20_000).map(|_| dice.spread_ms(spread)));
        assert!((66_000.0..70_000.0).contains(&log_normal), "{log_normal}");
    }

    #[test]
    fn names_have_their_own_dice() {
        let draw = |seed, name| Dice::new(seed, name).exponential_ms(1000.0);
        assert_eq!(draw(7, "a"), draw(7, "a"));
        assert_ne!(draw(7, "a"), draw(7, "b"));
        assert_ne!(draw(7, "a"), draw(8, "a"));
    }
}
