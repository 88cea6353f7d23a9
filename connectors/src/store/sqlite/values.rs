//! How values of the domain are read from columns.

use actors::ports::StoreError;
use domain::message::MeasureValue;
use domain::{Quantity, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};
use uuid::Uuid;

use super::error::{corrupt, from_sqlx};

/// A column of a row.
pub(super) fn get<'r, T>(row: &'r SqliteRow, column: &'static str) -> Result<T, StoreError>
where
    T: Decode<'r, Sqlite> + Type<Sqlite>,
{
    row.try_get(column).map_err(from_sqlx)
}

/// A column whose text form is a type of the domain.
pub(super) fn parsed<T>(row: &SqliteRow, column: &'static str) -> Result<T, StoreError>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    get::<&str>(row, column)?.parse().map_err(|error| corrupt(column, error))
}

/// A column where '' stands for nothing.
pub(super) fn parsed_unless_empty<T>(row: &SqliteRow, column: &'static str) -> Result<Option<T>, StoreError>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    if get::<&str>(row, column)?.is_empty() { Ok(None) } else { parsed(row, column).map(Some) }
}

/// A JSON column.
pub(super) fn from_json<T: DeserializeOwned>(row: &SqliteRow, column: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(get(row, column)?).map_err(|error| corrupt(column, error))
}

/// The form of a JSON column.
pub(super) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| corrupt("a document", error))
}

/// An instant.
pub(super) fn instant(row: &SqliteRow, column: &'static str) -> Result<Timestamp, StoreError> {
    to_instant(get(row, column)?)
}

/// An instant that may be absent.
pub(super) fn instant_if_any(row: &SqliteRow, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
    get::<Option<i64>>(row, column)?.map(to_instant).transpose()
}

fn to_instant(ms: i64) -> Result<Timestamp, StoreError> {
    Timestamp::checked_from_millis(ms).ok_or_else(|| corrupt("an instant", ms))
}

/// A quantity.
pub(super) fn quantity(row: &SqliteRow, column: &'static str) -> Result<Quantity, StoreError> {
    let thousandths = get(row, column)?;
    Quantity::from_thousandths(thousandths).ok_or_else(|| corrupt(column, thousandths))
}

/// An id.
pub(super) fn id(row: &SqliteRow, column: &'static str) -> Result<Uuid, StoreError> {
    Uuid::try_parse(get(row, column)?).map_err(|error| corrupt(column, error))
}

/// A count that is never negative.
pub(super) fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|error| corrupt("a count", error))
}

/// A count as SQLite holds it.
pub(super) fn signed(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|error| corrupt("a count", error))
}

/// The value of a sample: exactly one of three columns is set.
pub(super) fn measure(row: &SqliteRow) -> Result<MeasureValue, StoreError> {
    if let Some(number) = get::<Option<f64>>(row, "number")? {
        return Ok(MeasureValue::Number(number));
    }
    if let Some(flag) = get::<Option<bool>>(row, "flag")? {
        return Ok(MeasureValue::Flag(flag));
    }
    Ok(MeasureValue::Text(get(row, "text")?))
}
