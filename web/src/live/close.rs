//! Why the server closes a live session: the close codes of `topsteel.v1` and the stable codes of `closing` frames.

use std::fmt;

/// A reason for which the server closes a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseCode {
    /// The peer has been silent for too long, pings included.
    Idle,
    /// The hub restarts: come back after a while.
    Restart,
    /// The hub cannot serve the session now.
    Overloaded,
    /// Not JSON, not text, or an unknown type.
    BadFrame,
    /// No valid token, or it has expired.
    Unauthenticated,
    /// A valid token that may not be used here.
    Forbidden,
    /// No token came in time.
    AuthTimeout,
    /// The login was ended elsewhere.
    Revoked,
    /// A frame above the limit.
    TooLarge,
    /// More frames than the limit.
    TooMany,
}

impl CloseCode {
    /// Every reason, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::Idle,
        Self::Restart,
        Self::Overloaded,
        Self::BadFrame,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::AuthTimeout,
        Self::Revoked,
        Self::TooLarge,
        Self::TooMany,
    ];

    /// The status code of the WebSocket close frame (RFC 6455 section 7.4; 4000 and above are our own).
    pub fn number(self) -> u16 {
        match self {
            Self::Idle => 1001,
            Self::Restart => 1012,
            Self::Overloaded => 1013,
            Self::BadFrame => 4400,
            Self::Unauthenticated => 4401,
            Self::Forbidden => 4403,
            Self::AuthTimeout => 4408,
            Self::Revoked => 4409,
            Self::TooLarge => 4413,
            Self::TooMany => 4429,
        }
    }

    /// The stable code in the `closing` frame and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Restart => "restart",
            Self::Overloaded => "overloaded",
            Self::BadFrame => "bad_frame",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::AuthTimeout => "auth_timeout",
            Self::Revoked => "session_revoked",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
        }
    }

    /// Whether coming back at once would only repeat the trouble, so that the client is asked to wait.
    pub fn asks_to_wait(self) -> bool {
        matches!(self, Self::Restart | Self::Overloaded | Self::BadFrame | Self::TooLarge | Self::TooMany)
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
