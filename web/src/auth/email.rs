//! E-mail addresses: what users log in with.

use crate::problem::Problem;

const MAX_EMAIL_CHARS: usize = 254;

/// Lower case, one `@` with text around it, nothing that an address cannot hold unquoted.
pub fn checked_email(text: &str) -> Result<String, Problem> {
    let email = text.trim().to_lowercase();
    let parts = email.split_once('@');
    let valid = parts.is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with('.')
    });
    let unusual = |c: char| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"".contains(c);
    if !valid || email.chars().any(unusual) || email.chars().count() > MAX_EMAIL_CHARS {
        return Err(Problem::invalid("email", "must be an e-mail address"));
    }
    Ok(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_lower_case() {
        assert_eq!(checked_email(" Eva.Stahl@Demo.Local ").unwrap(), "eva.stahl@demo.local");
        for bad in ["", "eva", "@demo", "eva@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>"] {
            assert!(checked_email(bad).is_err(), "{bad}");
        }
    }
}
