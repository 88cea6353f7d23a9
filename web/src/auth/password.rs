//! Passwords: argon2id, hashed off the request threads, a few at a time, and the floor for new ones.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// The shortest password of a new user, in characters.
pub(crate) const MIN_PASSWORD_CHARS: usize = 12;
/// The longest: more would only cost time.
pub(crate) const MAX_PASSWORD_CHARS: usize = 256;
/// How many hashes are computed at a time: each takes 19 MiB and tens of milliseconds of one core.
const CONCURRENT_HASHES: usize = 2;
/// How long a request waits for its turn.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);

/// Passwords of at least the shortest length that lists of leaked passwords start with.
const COMMON: &[&str] = &[
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789012345",
    "1234567890123456",
    "012345678910",
    "0123456789012",
    "111111111111",
    "000000000000",
    "123123123123",
    "121212121212",
    "112233445566",
    "123456123456",
    "1234567891011",
    "987654321098",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "abcdefghijkl",
    "abcdefghijklm",
    "abcd12345678",
    "abc123abc123",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopas",
    "qwertyuiopasdf",
    "qwertyuiop[]",
    "qwerty123456",
    "qwerty12345678",
    "qwertyqwerty",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "zaq12wsxcde3",
    "q1w2e3r4t5y6",
    "asdfghjkl123",
    "asdfghjklqwe",
    "zxcvbnm12345",
    "password1234",
    "password12345",
    "password123456",
    "password12345678",
    "passwordpassword",
    "password2024",
    "password2025",
    "password2026",
    "passw0rd1234",
    "p@ssw0rd1234",
    "p@ssword1234",
    "p@ssw0rd123!",
    "password123!",
    "password1234!",
    "mypassword12",
    "mypassword123",
    "changeme1234",
    "changemeplease",
    "changeme2026",
    "letmein12345",
    "letmeinplease",
    "letmeinletmein",
    "welcome12345",
    "welcome123456",
    "welcome2026!",
    "iloveyou1234",
    "iloveyouforever",
    "iloveyousomuch",
    "administrator",
    "administrator1",
    "admin1234567",
    "adminadmin12",
    "adminadminadmin",
    "superadmin123",
    "default12345",
    "test12345678",
    "testtesttest",
    "testpassword",
    "secret123456",
    "secretpassword",
    "monkey123456",
    "dragon123456",
    "football1234",
    "baseball1234",
    "princess1234",
    "sunshine1234",
    "correcthorsebatterystaple",
    "trustno1trustno1",
    "topsteel1234",
    "topsteel2026",
    "topsteelhub1",
];

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Stands in for the hash of an account that does not exist, so that the answer takes as long.
    stand_in: Arc<str>,
}

impl Passwords {
    /// Makes the stand-in hash, which takes as long as any other.
    pub fn new() -> Result<Self, Problem> {
        Ok(Self {
            turns: Arc::new(Semaphore::new(CONCURRENT_HASHES)),
            stand_in: hash_now("stand-in")?.into(),
        })
    }

    /// The PHC string of a new password (argon2id, the parameters OWASP recommends, a random salt).
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        let _turn = self.turn().await?;
        web::block(move || hash_now(&password)).await.map_err(|_| Problem::internal())?
    }

    /// Whether the password is the account's; takes as long where there is no account.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        let _turn = self.turn().await?;
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.stand_in.to_string());
        let matches = move || {
            let usable = password.chars().count() <= MAX_PASSWORD_CHARS;
            let password = if usable { password.as_str() } else { "" };
            let parsed = PasswordHash::new(&hash)
                .inspect_err(|error| tracing::error!(%error, "a stored password hash cannot be read"));
            let matched = parsed
                .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
            matched && usable
        };
        let matched = web::block(matches).await.map_err(|_| Problem::internal())?;
        Ok(matched && exists)
    }

    async fn turn(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Problem> {
        match tokio::time::timeout(TURN_TIMEOUT, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Problem::unavailable("overloaded", 5000)),
        }
    }
}

fn hash_now(password: &str) -> Result<String, Problem> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| {
        tracing::error!(%error, "a password could not be hashed");
        Problem::internal()
    })?;
    Ok(hash.to_string())
}

/// Whether a new user may have this password.
pub fn check_new(password: &str, email: &str) -> Result<(), Problem> {
    let refuse = |rule: String| Err(Problem::invalid("password", rule));
    let chars = password.chars().count();
    if chars < MIN_PASSWORD_CHARS {
        return refuse(format!("must have at least {MIN_PASSWORD_CHARS} characters"));
    }
    if chars > MAX_PASSWORD_CHARS {
        return refuse(format!("must have at most {MAX_PASSWORD_CHARS} characters"));
    }
    let lower = password.to_lowercase();
    if COMMON.contains(&lower.as_str()) || lower == email {
        return refuse("is too easy to guess".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn knows_the_password_and_no_other() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("coil after coil".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(passwords.verify("coil after coil".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("coil after coils".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("stand-in".to_owned(), None).await.unwrap());
        assert!(!passwords.verify("x".repeat(100_000), Some(hash)).await.unwrap());
        assert!(!passwords.verify("anything".to_owned(), Some("not a hash".to_owned())).await.unwrap());
    }

    #[test]
    fn new_passwords_have_a_floor() {
        assert!(check_new("elevenchars", "a@b.c").is_err());
        assert!(check_new("Password1234", "a@b.c").is_err());
        assert!(check_new("someone@example.com", "someone@example.com").is_err());
        assert!(check_new(&"x".repeat(257), "a@b.c").is_err());
        assert!(check_new("grün-blau-walzwerk", "a@b.c").is_ok());
    }
}
