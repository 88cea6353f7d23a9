//! What an error of SQLite means to whoever asked: try again, a defect, or a key that is taken.

use actors::ports::StoreError;

const SQLITE_CORRUPT: i32 = 11;
const SQLITE_CONSTRAINT: i32 = 19;
const SQLITE_MISMATCH: i32 = 20;
const SQLITE_NOTADB: i32 = 26;

/// Maps an error. What is busy, full, unreadable for the moment or closed is `Unavailable`.
pub(super) fn from_sqlx(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(cause) => {
            let extended: i32 = cause.code().and_then(|code| code.parse().ok()).unwrap_or_default();
            match extended & 0xff {
                SQLITE_CONSTRAINT => StoreError::Conflict(cause.message().to_owned()),
                SQLITE_CORRUPT | SQLITE_MISMATCH | SQLITE_NOTADB => StoreError::Corrupt(error.to_string()),
                _ => StoreError::Unavailable(error.to_string()),
            }
        }
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::RowNotFound
        | sqlx::Error::TypeNotFound { .. } => StoreError::Corrupt(error.to_string()),
        _ => StoreError::Unavailable(error.to_string()),
    }
}

/// What is stored does not have the form that it was written with.
pub(super) fn corrupt(what: &str, error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("{what}: {error}"))
}

/// The store was closed.
pub(super) fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".to_owned())
}
