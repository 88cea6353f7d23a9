//! Limits and times of live sessions.

use std::time::Duration;

use super::rate::RateLimit;

/// How live sessions are admitted and bounded.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// Origins beside the server's own that may open sessions, such as `https://erp.example`.
    pub allowed_origins: Vec<String>,
    /// Sessions at the same time; further ones are answered 503.
    pub max_sessions: usize,
    /// Frames that wait for a session whose socket is blocked; the next one makes its topic start afresh.
    pub mailbox_frames: usize,
    /// The largest message of a client.
    pub max_message_bytes: usize,
    /// Topics of a session.
    pub max_topics: usize,
    /// Until when the first frame must have come.
    pub auth_timeout: Duration,
    /// How long the verification of a token may take.
    pub verify_timeout: Duration,
    /// From one ping of the server to the next.
    pub ping_interval: Duration,
    /// How long a peer may be silent.
    pub idle_timeout: Duration,
    /// How many frames a client may send; `None` does not limit them (load tests).
    pub rate: Option<RateLimit>,
    /// The shortest wait that a `closing` frame or a 503 asks for; up to twice of it, at random.
    pub retry_after: Duration,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            max_sessions: 10_000,
            mailbox_frames: 64,
            max_message_bytes: 64 * 1024,
            max_topics: 128,
            auth_timeout: Duration::from_secs(10),
            verify_timeout: Duration::from_secs(10),
            ping_interval: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(60),
            rate: Some(RateLimit { per_second: 50, burst: 200 }),
            retry_after: Duration::from_secs(1),
        }
    }
}
