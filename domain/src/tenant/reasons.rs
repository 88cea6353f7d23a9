//! The reasons that a line offers to people who say why a machine stood.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Rejection;
use crate::ids::{self, ReasonCode};

const MAX_REASONS: usize = 20;
const MAX_NAME_CHARS: usize = 100;

/// A reason why machines of a line stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its code, unique in the line.
    pub code: ReasonCode,
    /// What people call it.
    pub name: String,
}

/// Refuses too many reasons, a code that comes twice, and a name that is empty or too long.
pub(super) fn check_reasons(reasons: &[Reason]) -> Result<(), Rejection> {
    if reasons.len() > MAX_REASONS {
        return Err(Rejection::invalid("reasons", format!("must have at most {MAX_REASONS} reasons")));
    }
    let mut seen = BTreeSet::new();
    for reason in reasons {
        ids::name("reasons", &reason.name, MAX_NAME_CHARS)?;
        if !seen.insert(&reason.code) {
            return Err(Rejection::invalid("reasons", format!("must not have {} twice", reason.code)));
        }
    }
    Ok(())
}
