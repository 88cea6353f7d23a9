//! Who caused a change: a user, a machine, or a gateway on the site's own stock topic.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Rejection;
use crate::ids::{LineCode, MachineCode};

const SITE: &str = "site";
const ORIGIN_RULE: &str = "must be user:EMAIL, device:LINE/MACHINE or device:site";

/// A sender of messages, within which message ids are unique. Text form: `line/machine` or `site`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum OriginKey {
    /// The scanners and gateways that publish on the site's own stock topic.
    Site,
    /// One machine.
    Machine {
        /// Its line.
        line: LineCode,
        /// The machine.
        machine: MachineCode,
    },
}

/// Who caused a change. Text form: `user:EMAIL`, `device:LINE/MACHINE` or `device:site`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Origin {
    /// A person, by e-mail address.
    User(String),
    /// A device.
    Device(OriginKey),
}

impl Origin {
    /// The machine with this address.
    pub fn machine(line: LineCode, machine: MachineCode) -> Self {
        Self::Device(OriginKey::Machine { line, machine })
    }

    /// The window that ids of this origin are checked against; people have none.
    pub fn key(&self) -> Option<&OriginKey> {
        match self {
            Self::User(_) => None,
            Self::Device(key) => Some(key),
        }
    }
}

impl fmt::Display for OriginKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site => f.write_str(SITE),
            Self::Machine { line, machine } => write!(f, "{line}/{machine}"),
        }
    }
}

impl FromStr for OriginKey {
    type Err = Rejection;

    fn from_str(text: &str) -> Result<Self, Rejection> {
        match text.split_once('/') {
            Some((line, machine)) => Ok(Self::Machine { line: line.parse()?, machine: machine.parse()? }),
            None if text == SITE => Ok(Self::Site),
            None => Err(Rejection::invalid("origin", ORIGIN_RULE)),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(email) => write!(f, "user:{email}"),
            Self::Device(key) => write!(f, "device:{key}"),
        }
    }
}

impl FromStr for Origin {
    type Err = Rejection;

    fn from_str(text: &str) -> Result<Self, Rejection> {
        match text.split_once(':') {
            Some(("user", email)) => Ok(Self::User(email.to_owned())),
            Some(("device", key)) => Ok(Self::Device(key.parse()?)),
            _ => Err(Rejection::invalid("origin", ORIGIN_RULE)),
        }
    }
}

/// Both directions between a type and its text form, as serde wants them.
macro_rules! as_text {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = Rejection;
            fn try_from(text: String) -> Result<Self, Rejection> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    };
}

as_text!(OriginKey);
as_text!(Origin);
