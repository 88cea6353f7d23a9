//! Statements with many rows of values, in a few sizes only, so that each is prepared once.

use actors::ports::StoreError;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments, AssertSqlSafe, Encode, Sqlite, Type};

use super::error::{corrupt, from_sqlx};

/// The numbers of rows that a statement is prepared for.
const SIZES: [usize; 5] = [500, 100, 20, 5, 1];

/// A statement around a list of rows of values.
pub(super) struct RowsStatement {
    /// Up to and with `VALUES`.
    pub(super) before: &'static str,
    /// The number of values in a row.
    pub(super) columns: usize,
    /// What to do where the key exists.
    pub(super) after: &'static str,
}

/// The values of a statement, in order.
#[derive(Default)]
pub(super) struct Values(SqliteArguments);

impl Values {
    /// Adds a value.
    pub(super) fn push<'t, T>(&mut self, value: T) -> Result<&mut Self, StoreError>
    where
        T: Encode<'t, Sqlite> + Type<Sqlite>,
    {
        self.0.add(value).map_err(|error| corrupt("a value", error))?;
        Ok(self)
    }
}

impl RowsStatement {
    fn sql(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns].join(","));
        format!("{} {} {}", self.before, vec![row.as_str(); rows].join(","), self.after)
    }

    /// Runs the statement for all rows, in their order.
    pub(super) async fn run<T: Sync>(
        &self,
        connection: &mut SqliteConnection,
        mut rows: &[T],
        bind: impl Fn(&mut Values, &T) -> Result<(), StoreError> + Send,
    ) -> Result<(), StoreError> {
        while !rows.is_empty() {
            let size = SIZES.into_iter().find(|size| *size <= rows.len()).unwrap_or(1);
            let (chunk, rest) = rows.split_at(size);
            let mut values = Values::default();
            for row in chunk {
                bind(&mut values, row)?;
            }
            sqlx::query_with(AssertSqlSafe(self.sql(size)), values.0)
                .execute(&mut *connection)
                .await
                .map_err(from_sqlx)?;
            rows = rest;
        }
        Ok(())
    }
}
