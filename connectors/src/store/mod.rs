//! The store behind the port: SQLite for real, memory for tests; one conformance suite holds for both.

mod cursor;
mod memory;
mod plan;
mod sqlite;

pub use memory::MemoryStore;
pub use sqlite::{SqliteOptions, SqliteStore, migrate, undo_migrations};

use actors::ports::{MAX_HISTORY_ROWS, StoreError};
use domain::DurationMs;
use domain::receipt::KEY_LIFE;
use domain::tenant::Article;

/// How long an answer to an `Idempotency-Key` is kept.
const ANSWER_LIFE: DurationMs = KEY_LIFE;

/// How many commits are remembered, so that one whose answer was lost is recognised when it comes again.
const REMEMBERED_COMMITS: usize = 1_000;

/// A slice lies in one local hour, which a change of clocks makes longer, but never as long as this.
const LONGEST_SLICE: DurationMs = DurationMs::from_secs(2 * 3600);

/// The rows of a history, unless one more was read than an answer may have.
fn within_limit<T>(rows: &[T]) -> Result<&[T], StoreError> {
    if rows.len() > MAX_HISTORY_ROWS {
        Err(StoreError::TooMany { limit: MAX_HISTORY_ROWS })
    } else {
        Ok(rows)
    }
}

/// What a search for articles looks into: lower case, because SQLite folds the case of ASCII only.
fn search_text(article: &Article) -> String {
    format!("{}\n{}", article.code, article.designation).to_lowercase()
}

/// Whether a level is worth a row: a lot that is used up is gone for good, as in the ledger of the site.
fn is_kept(key: &domain::stock::LevelKey, quantity: domain::Quantity) -> bool {
    key.lot.is_none() || !quantity.is_zero()
}
