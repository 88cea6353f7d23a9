//! Quantities: integer thousandths, so that sums are exact in memory, in SQLite and in PostgreSQL.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Code, Rejection};

/// The largest magnitude of a quantity: 10^12 units. It leaves room to sum a billion of them.
const MAX_THOUSANDTHS: i64 = 1_000_000_000_000_000;
const QUANTITY_RULE: &str = "must be a decimal number with at most 3 decimals, within ±1000000000000";

/// A quantity of an article, or a count of parts, in thousandths. Text form: `"1250.5"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i64);

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A quantity of so many thousandths, if it is in range.
    pub fn from_thousandths(thousandths: i64) -> Option<Self> {
        (-MAX_THOUSANDTHS..=MAX_THOUSANDTHS).contains(&thousandths).then_some(Self(thousandths))
    }

    /// A whole number of units (clamped to the range).
    pub fn from_units(units: i64) -> Self {
        Self(units.saturating_mul(1000).clamp(-MAX_THOUSANDTHS, MAX_THOUSANDTHS))
    }

    /// The quantity in thousandths.
    pub fn thousandths(self) -> i64 {
        self.0
    }

    /// The quantity as a floating-point number, for ratios only.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The sum, refused when it leaves the range.
    pub fn checked_add(self, other: Self) -> Result<Self, Rejection> {
        self.0.checked_add(other.0).and_then(Self::from_thousandths).ok_or_else(Self::out_of_range)
    }

    /// The difference, refused when it leaves the range.
    pub fn checked_sub(self, other: Self) -> Result<Self, Rejection> {
        self.0.checked_sub(other.0).and_then(Self::from_thousandths).ok_or_else(Self::out_of_range)
    }

    /// The sum, held at the end of the range: for totals whose parts were already accepted.
    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0).clamp(-MAX_THOUSANDTHS, MAX_THOUSANDTHS))
    }

    /// The same amount with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(-self.0)
    }

    /// Whether this is less than nothing.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether this is more than nothing.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether this is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    fn out_of_range() -> Rejection {
        Rejection::new(Code::OutOfRange, Some("quantity"), "the sum leaves the range of ±1000000000000")
    }

    fn invalid() -> Rejection {
        Rejection::invalid("quantity", QUANTITY_RULE)
    }
}

impl FromStr for Quantity {
    type Err = Rejection;

    fn from_str(text: &str) -> Result<Self, Rejection> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let significant = fraction.trim_end_matches('0');
        if !all_digits(whole) || !all_digits(fraction) || whole.len() > 13 || significant.len() > 3 {
            return Err(Self::invalid());
        }
        let whole: i64 = whole.parse().map_err(|_| Self::invalid())?;
        let fraction: i64 = format!("{significant:0<3}").parse().map_err(|_| Self::invalid())?;
        let thousandths = whole * 1000 + fraction;
        Self::from_thousandths(if negative { -thousandths } else { thousandths }).ok_or_else(Self::invalid)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) = (magnitude / 1000, magnitude % 1000);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        if fraction > 0 {
            write!(f, ".{}", format!("{fraction:03}").trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Quantity;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number, or one as text, with at most 3 decimals")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
                text.parse().map_err(|_| E::custom(QUANTITY_RULE))
            }
            fn visit_i64<E: de::Error>(self, units: i64) -> Result<Quantity, E> {
                units
                    .checked_mul(1000)
                    .and_then(Quantity::from_thousandths)
                    .ok_or_else(|| E::custom(QUANTITY_RULE))
            }
            fn visit_u64<E: de::Error>(self, units: u64) -> Result<Quantity, E> {
                i64::try_from(units).map_err(|_| E::custom(QUANTITY_RULE)).and_then(|v| self.visit_i64(v))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Quantity, E> {
                // The shortest text of the number is what the sender wrote: 0.1 stays 0.1.
                format!("{value}").parse().map_err(|_| E::custom(QUANTITY_RULE))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_refuses() {
        for (text, expected) in [("1250.5", "1250.5"), ("0", "0"), ("-0.125", "-0.125"), ("7.1000", "7.1")] {
            assert_eq!(text.parse::<Quantity>().unwrap().to_string(), expected);
        }
        for text in
            ["", "-", ".5", "5.", "1.2345", "1e3", "NaN", " 1", "+1", "99999999999999", "1000000000000.001"]
        {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
        for json in ["0.1", "3", "\"2.50\"", "-7.25"] {
            assert!(serde_json::from_str::<Quantity>(json).is_ok(), "{json}");
        }
        for json in ["0.0001", "1e400", "9223372036854775807", "true", "\"x\"", "null"] {
            assert!(serde_json::from_str::<Quantity>(json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn text_form_is_exact(thousandths in -MAX_THOUSANDTHS..=MAX_THOUSANDTHS) {
            let quantity = Quantity::from_thousandths(thousandths).unwrap();
            prop_assert_eq!(quantity.to_string().parse::<Quantity>().unwrap(), quantity);
        }
    }
}
