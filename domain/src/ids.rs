//! Codes and addresses: checked once where they enter, then cheap to clone and impossible to mix up.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Code, Rejection};

/// The rule of a slug, as errors state it.
pub const SLUG_RULE: &str = "must match ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

fn is_slug(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_text(text: &str, max_chars: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max_chars && !text.chars().any(char::is_control)
}

fn is_metric(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=64).contains(&bytes.len())
        && bytes[0].is_ascii_lowercase()
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_')
}

fn is_message_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| (0x20..0x7f).contains(&b))
}

/// A code that is checked when it is made: `parse` is the only way in, also from JSON.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $field:literal, $check:expr, $rule:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the text against the rule of this kind of code.
            pub fn parse(text: &str) -> Result<Self, Rejection> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(Rejection::invalid($field, $rule))
                }
            }

            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = Rejection;
            fn from_str(text: &str) -> Result<Self, Rejection> {
                Self::parse(text)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    };
}

code!(/// A company.
    TenantCode, "tenant", is_slug, SLUG_RULE);
code!(/// A plant of a tenant.
    SiteCode, "site", is_slug, SLUG_RULE);
code!(/// A production line (ISA-95 work centre) of a site.
    LineCode, "line", is_slug, SLUG_RULE);
code!(/// A piece of equipment (ISA-95 work unit) of a line.
    MachineCode, "machine", is_slug, SLUG_RULE);
code!(/// An alert rule of a tenant.
    RuleCode, "code", is_slug, SLUG_RULE);
code!(/// What is made or stocked.
    ArticleCode, "article", |t| is_text(t, 50), "must be 1 to 50 characters without control characters");
code!(/// A production order.
    OrderCode, "order", |t| is_text(t, 64), "must be 1 to 64 characters without control characters");
code!(/// A traceable quantity: heat, coil, bundle.
    LotCode, "lot", |t| is_text(t, 64), "must be 1 to 64 characters without control characters");
code!(/// A place where stock lies.
    LocationCode, "location", |t| is_text(t, 64), "must be 1 to 64 characters without control characters");
code!(/// Why a machine is in its state.
    ReasonCode, "reason", |t| is_text(t, 64), "must be 1 to 64 characters without control characters");
code!(/// A code of a device's own alarm.
    AlarmCode, "code", |t| is_text(t, 64), "must be 1 to 64 characters without control characters");
code!(/// A unit of measure, such as `kg` or `pcs`.
    UnitCode, "unit", |t| is_text(t, 16), "must be 1 to 16 characters without control characters");
code!(/// The name of a measured value.
    MetricName, "values", is_metric, "names must match ^[a-z][a-z0-9_]{0,63}$");
code!(/// A device's own id of a message.
    MessageId, "id", is_message_id, "must be 1 to 64 printable ASCII characters");

/// A free text of a bounded length without control characters, such as a name.
pub fn name(field: &'static str, text: &str, max_chars: usize) -> Result<String, Rejection> {
    if is_text(text, max_chars) {
        Ok(text.to_owned())
    } else {
        Err(Rejection::new(
            Code::InvalidField,
            Some(field),
            format!("must be 1 to {max_chars} characters without control characters"),
        ))
    }
}

/// The address of a site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SiteAddress {
    /// The company.
    pub tenant: TenantCode,
    /// The plant.
    pub site: SiteCode,
}

/// The address of a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LineAddress {
    /// The company.
    pub tenant: TenantCode,
    /// The plant.
    pub site: SiteCode,
    /// The line.
    pub line: LineCode,
}

impl LineAddress {
    /// The site this line belongs to.
    pub fn site_address(&self) -> SiteAddress {
        SiteAddress { tenant: self.tenant.clone(), site: self.site.clone() }
    }
}

impl fmt::Display for SiteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tenant, self.site)
    }
}

impl fmt::Display for LineAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.tenant, self.site, self.line)
    }
}

/// A stream of the event log: one per tenant, per site and per line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamId {
    /// Directory, articles and rules of a tenant.
    Tenant(TenantCode),
    /// Order book and stock ledger of a site.
    Site(SiteAddress),
    /// Machines and counts of a line.
    Line(LineAddress),
}

impl StreamId {
    /// The tenant that owns the stream.
    pub fn tenant(&self) -> &TenantCode {
        match self {
            Self::Tenant(tenant) => tenant,
            Self::Site(site) => &site.tenant,
            Self::Line(line) => &line.tenant,
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant(tenant) => write!(f, "tenant/{tenant}"),
            Self::Site(site) => write!(f, "site/{site}"),
            Self::Line(line) => write!(f, "line/{line}"),
        }
    }
}

impl FromStr for StreamId {
    type Err = Rejection;

    fn from_str(text: &str) -> Result<Self, Rejection> {
        let parts: Vec<&str> = text.split('/').collect();
        Ok(match parts.as_slice() {
            ["tenant", tenant] => Self::Tenant(tenant.parse()?),
            ["site", tenant, site] => {
                Self::Site(SiteAddress { tenant: tenant.parse()?, site: site.parse()? })
            }
            ["line", tenant, site, line] => {
                Self::Line(LineAddress { tenant: tenant.parse()?, site: site.parse()?, line: line.parse()? })
            }
            _ => return Err(Rejection::invalid("stream", "must be tenant/T, site/T/S or line/T/S/L")),
        })
    }
}

/// The place of an event in its stream: 1, 2, 3 … without gaps; 0 is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The place `n` events further.
    #[must_use]
    pub fn plus(self, n: usize) -> Self {
        Self(self.0 + n as u64)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
