//! The history of the machines of a line, as it is stored, against what its events say.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::history::{HourFigures, SliceKey, StateChange};
use domain::ids::{LineAddress, MachineCode};

use super::{Report, compare};
use crate::ports::{HourQuery, Row, StateQuery, Store, StoreError};

/// How many rows of the replay lie in the span of one read: far fewer than a read may give.
const WINDOW_ROWS: usize = 20_000;

type Key = (Timestamp, MachineCode);

pub(super) async fn check(
    store: &dyn Store,
    line: &LineAddress,
    rows: &[Row],
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut changes: BTreeMap<Key, StateChange> = BTreeMap::new();
    let mut hours: BTreeMap<Key, (SliceKey, HourFigures)> = BTreeMap::new();
    for row in rows {
        match row {
            Row::MachineState(_, change) => {
                changes.insert((change.from, change.machine.clone()), change.as_ref().clone());
            }
            Row::KpiHour(_, delta) => {
                let key = (delta.slice.from, delta.machine.clone());
                let (_, sum) =
                    hours.entry(key).or_insert_with(|| (delta.slice.clone(), HourFigures::default()));
                *sum = sum.plus(delta.figures);
            }
            _ => {}
        }
    }
    let place = format!("changes of state of {line}");
    match stored_changes(store, line, &windows(changes.keys())).await {
        Ok(stored) => compare(&place, &stored, &changes, report),
        Err(StoreError::TooMany { limit }) => too_many(&place, limit, report),
        Err(other) => return Err(other),
    }
    let place = format!("figures of hours of {line}");
    match stored_hours(store, line, &windows(hours.keys())).await {
        Ok(stored) => compare(&place, &stored, &hours, report),
        Err(StoreError::TooMany { limit }) => too_many(&place, limit, report),
        Err(other) => return Err(other),
    }
    Ok(())
}

fn too_many(place: &str, limit: usize, report: &mut Report) {
    let what = format!("more than {limit} rows, where the log has at most {WINDOW_ROWS}");
    report.add(&place, what);
}

/// All time, in spans that hold a bounded number of the replay's rows each.
fn windows<'a>(keys: impl Iterator<Item = &'a Key>) -> Vec<(Timestamp, Timestamp)> {
    let mut bounds = vec![Timestamp::from_millis(i64::MIN)];
    bounds.extend(keys.map(|(from, _)| *from).step_by(WINDOW_ROWS).skip(1));
    bounds.push(Timestamp::from_millis(i64::MAX));
    bounds.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

async fn stored_changes(
    store: &dyn Store,
    line: &LineAddress,
    windows: &[(Timestamp, Timestamp)],
) -> Result<BTreeMap<Key, StateChange>, StoreError> {
    let mut stored = BTreeMap::new();
    for (from, to) in windows {
        let query = StateQuery { line: line.clone(), machine: None, from: *from, to: *to };
        let read = store.machine_states(&query).await?;
        stored.extend(read.into_iter().map(|change| ((change.from, change.machine.clone()), change)));
    }
    Ok(stored)
}

async fn stored_hours(
    store: &dyn Store,
    line: &LineAddress,
    windows: &[(Timestamp, Timestamp)],
) -> Result<BTreeMap<Key, (SliceKey, HourFigures)>, StoreError> {
    let mut stored = BTreeMap::new();
    for (from, to) in windows {
        let query =
            HourQuery { site: line.site_address(), line: Some(line.line.clone()), from: *from, to: *to };
        let read = store.kpi_hours(&query).await?;
        stored.extend(read.into_iter().map(|row| ((row.slice.from, row.machine), (row.slice, row.figures))));
    }
    Ok(stored)
}
