//! The history of machines: changes of state, and slices of hours to which every commit adds.

use actors::ports::{HourQuery, HourRow, MAX_HISTORY_ROWS, StateQuery, StoreError};
use domain::history::{HourFigures, ShiftKey, SliceKey, StateChange};
use domain::ids::{LineAddress, MachineCode, Seq};
use domain::{DurationMs, Timestamp};
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::error::corrupt;
use super::insert::RowsStatement;
use super::select::Select;
use super::values::{get, instant, instant_if_any, parsed, quantity, signed, unsigned};
use crate::store::{LONGEST_SLICE, within_limit};

/// A statement that adds to figures where the key exists; the sums stay within the range of `HourFigures::plus`.
macro_rules! add_to {
    ($table:literal ($key0:ident $(, $key:ident)*) keep ($($kept:ident),+) add ($add0:ident $(, $add:ident)*)) => {
        RowsStatement {
            before: concat!(
                "INSERT INTO ", $table, " (", stringify!($key0), $(", ", stringify!($key),)*
                $(", ", stringify!($kept),)+ ", ", stringify!($add0), $(", ", stringify!($add),)* ") VALUES"
            ),
            columns: [
                stringify!($key0), $(stringify!($key),)* $(stringify!($kept),)+
                stringify!($add0), $(stringify!($add),)*
            ].len(),
            after: concat!(
                "ON CONFLICT (", stringify!($key0), $(", ", stringify!($key),)* ") DO UPDATE SET ",
                add_to!(@sum $add0), $(", ", add_to!(@sum $add),)*
            ),
        }
    };
    (@sum $column:ident) => {
        concat!(
            stringify!($column), " = min(max(", stringify!($column), " + excluded.", stringify!($column),
            ", -1000000000000000), 1000000000000000)"
        )
    };
}

const KPI_HOURS: RowsStatement = add_to!("kpi_hours" (tenant, site, line, from_ms, machine)
    keep (to_ms, day, shift, shift_from_ms)
    add (running_ms, idle_ms, setup_ms, down_ms, maintenance_ms, overtime_ms,
        good_thousandths, scrap_thousandths, planned_run_ms));

const MACHINE_STATES: RowsStatement = RowsStatement {
    before: "INSERT INTO machine_states (tenant, site, line, machine, from_ms, state, reason, seq) VALUES",
    columns: 8,
    after: "ON CONFLICT (tenant, site, line, machine, from_ms) DO UPDATE SET \
            state = excluded.state, reason = excluded.reason, seq = excluded.seq",
};

pub(super) async fn put_machine_states(
    connection: &mut SqliteConnection,
    rows: &[(&LineAddress, &StateChange)],
) -> Result<(), StoreError> {
    MACHINE_STATES
        .run(connection, rows, |values, (line, change)| {
            values.push(line.tenant.as_str())?.push(line.site.as_str())?.push(line.line.as_str())?;
            values.push(change.machine.as_str())?.push(change.from.as_millis())?;
            values.push(change.state.as_str())?;
            values.push(change.reason.as_ref().map(|reason| reason.as_str()))?;
            values.push(signed(change.seq.0)?)?;
            Ok(())
        })
        .await
}

pub(super) async fn add_kpi_hours(
    connection: &mut SqliteConnection,
    rows: &[(&LineAddress, &MachineCode, &SliceKey, HourFigures)],
) -> Result<(), StoreError> {
    KPI_HOURS
        .run(connection, rows, |values, (line, machine, slice, figures)| {
            values.push(line.tenant.as_str())?.push(line.site.as_str())?.push(line.line.as_str())?;
            values.push(slice.from.as_millis())?.push(machine.as_str())?;
            values.push(slice.to.as_millis())?.push(slice.day.to_string())?;
            values.push(slice.shift.as_ref().map(|shift| shift.name.as_str()))?;
            values.push(slice.shift.as_ref().map(|shift| shift.from.as_millis()))?;
            values.push(figures.running_ms.0)?.push(figures.idle_ms.0)?.push(figures.setup_ms.0)?;
            values.push(figures.down_ms.0)?.push(figures.maintenance_ms.0)?.push(figures.overtime_ms.0)?;
            values.push(figures.good.thousandths())?.push(figures.scrap.thousandths())?;
            values.push(figures.planned_run_ms.0)?;
            Ok(())
        })
        .await
}

/// Changes of state by machine. The names of the machines are found by one look-up each, not by a walk through
/// the line's whole history; the change in force at the start by another.
pub(super) fn machine_states(query: &StateQuery) -> Select {
    const NEXT: &str = "SELECT min(machine) AS machine FROM machine_states WHERE tenant = ";
    let line = |select: Select| {
        select
            .bind(query.line.tenant.as_str())
            .sql(" AND site = ")
            .bind(query.line.site.as_str())
            .sql(" AND line = ")
            .bind(query.line.line.as_str())
    };
    let machines = match &query.machine {
        Some(machine) => Select::new("WITH machines (machine) AS (SELECT ").bind(machine.as_str()).sql(")"),
        None => {
            let first = line(Select::new("WITH RECURSIVE machines (machine) AS (").sql(NEXT));
            let next = line(first.sql(" UNION ALL SELECT (").sql(NEXT));
            next.sql(" AND machine > machines.machine) FROM machines WHERE machine IS NOT NULL)")
        }
    };
    let rows = machines.sql(
        " SELECT s.machine, s.from_ms, s.state, s.reason, s.seq FROM machines CROSS JOIN machine_states AS s \
         ON s.machine = machines.machine WHERE s.tenant = ",
    );
    let rows = rows
        .bind(query.line.tenant.as_str())
        .sql(" AND s.site = ")
        .bind(query.line.site.as_str())
        .sql(" AND s.line = ")
        .bind(query.line.line.as_str())
        .sql(" AND s.from_ms >= coalesce((SELECT max(from_ms) FROM machine_states WHERE tenant = ");
    line(rows)
        .sql(" AND machine = machines.machine AND from_ms <= ")
        .bind(query.from.as_millis())
        .sql("), ")
        .bind(query.from.as_millis())
        .sql(") AND s.from_ms < ")
        // The change in force at the start is told also where the span is empty.
        .bind(query.to.max(query.from + DurationMs(1)).as_millis())
        .sql(" ORDER BY s.machine, s.from_ms LIMIT ")
        .bind(MAX_HISTORY_ROWS as i64 + 1)
}

/// Slices of a line, or of each line that a site has any of, that overlap a span.
pub(super) fn kpi_hours(query: &HourQuery) -> Select {
    const NEXT: &str = "SELECT min(line) AS line FROM kpi_hours WHERE tenant = ";
    let site = |select: Select| {
        select.bind(query.site.tenant.as_str()).sql(" AND site = ").bind(query.site.site.as_str())
    };
    let lines = match &query.line {
        Some(line) => Select::new("WITH lines (line) AS (SELECT ").bind(line.as_str()).sql(")"),
        None => {
            let first = site(Select::new("WITH RECURSIVE lines (line) AS (").sql(NEXT));
            let next = site(first.sql(" UNION ALL SELECT (").sql(NEXT));
            next.sql(" AND line > lines.line) FROM lines WHERE line IS NOT NULL)")
        }
    };
    lines
        .sql(
            " SELECT h.line, h.machine, h.from_ms, h.to_ms, h.day, h.shift, h.shift_from_ms, h.running_ms, \
             h.idle_ms, h.setup_ms, h.down_ms, h.maintenance_ms, h.overtime_ms, h.good_thousandths, \
             h.scrap_thousandths, h.planned_run_ms FROM lines CROSS JOIN kpi_hours AS h \
             ON h.line = lines.line WHERE h.tenant = ",
        )
        .bind(query.site.tenant.as_str())
        .sql(" AND h.site = ")
        .bind(query.site.site.as_str())
        .sql(" AND h.from_ms > ")
        .bind((query.from - LONGEST_SLICE).as_millis())
        .sql(" AND h.from_ms < ")
        .bind(query.to.as_millis())
        .sql(" AND h.to_ms > ")
        .bind(query.from.as_millis())
        .sql(" ORDER BY h.line, h.from_ms, h.machine LIMIT ")
        .bind(MAX_HISTORY_ROWS as i64 + 1)
}

/// Orders of a line that ran in a span, by their start.
pub(super) fn orders_between(line: &LineAddress, from: Timestamp, to: Timestamp) -> Select {
    Select::of("doc", "orders", &line.tenant)
        .sql(" AND site = ")
        .bind(line.site.as_str())
        .sql(" AND line = ")
        .bind(line.line.as_str())
        .sql(" AND started_at_ms < ")
        .bind(to.as_millis())
        .sql(" AND (completed_at_ms IS NULL OR completed_at_ms > ")
        .bind(from.as_millis())
        .sql(") ORDER BY started_at_ms, code LIMIT ")
        .bind(MAX_HISTORY_ROWS as i64 + 1)
}

pub(super) fn read_machine_states(rows: &[SqliteRow]) -> Result<Vec<StateChange>, StoreError> {
    let changes = within_limit(rows)?.iter().map(|row| {
        let reason: Option<&str> = get(row, "reason")?;
        Ok(StateChange {
            machine: parsed(row, "machine")?,
            from: instant(row, "from_ms")?,
            state: parsed(row, "state")?,
            reason: reason.map(str::parse).transpose().map_err(|error| corrupt("reason", error))?,
            seq: Seq(unsigned(get(row, "seq")?)?),
        })
    });
    changes.collect()
}

pub(super) fn read_kpi_hours(rows: &[SqliteRow]) -> Result<Vec<HourRow>, StoreError> {
    let hours = within_limit(rows)?.iter().map(|row| {
        Ok(HourRow {
            line: parsed(row, "line")?,
            machine: parsed(row, "machine")?,
            slice: SliceKey {
                from: instant(row, "from_ms")?,
                to: instant(row, "to_ms")?,
                day: parsed(row, "day")?,
                shift: shift(get(row, "shift")?, instant_if_any(row, "shift_from_ms")?),
            },
            figures: figures(row)?,
        })
    });
    hours.collect()
}

fn shift(name: Option<String>, from: Option<Timestamp>) -> Option<ShiftKey> {
    name.zip(from).map(|(name, from)| ShiftKey { name, from })
}

fn figures(row: &SqliteRow) -> Result<HourFigures, StoreError> {
    let span = |column| get(row, column).map(DurationMs);
    Ok(HourFigures {
        running_ms: span("running_ms")?,
        idle_ms: span("idle_ms")?,
        setup_ms: span("setup_ms")?,
        down_ms: span("down_ms")?,
        maintenance_ms: span("maintenance_ms")?,
        overtime_ms: span("overtime_ms")?,
        good: quantity(row, "good_thousandths")?,
        scrap: quantity(row, "scrap_thousandths")?,
        planned_run_ms: span("planned_run_ms")?,
    })
}
