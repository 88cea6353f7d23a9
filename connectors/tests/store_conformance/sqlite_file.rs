//! What only a file can promise: it keeps everything, is private, is shared by processes, and migrates both ways.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use actors::ports::{AuditEntry, EventLog, Identities, Queries, Row, Store, StoreError, TenantRecord};
use connectors::store::{SqliteOptions, SqliteStore, migrate, undo_migrations};
use domain::history::ShiftKey;
use domain::ids::Seq;
use domain::message::MeasureValue;
use domain::vocabulary::OrderState;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::fixtures::*;

const SAW: &str = "line/acme/linz/saw";

/// A connection of somebody else to the same file.
async fn connect(directory: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(directory.join("hub.db")).connect().await.unwrap()
}

#[tokio::test]
async fn a_reopened_file_has_kept_everything() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).await;
    let mut written = append(SAW, 0, &["a"]);
    written.rows = vec![
        Row::Order(site("linz"), Box::new(order("o-1", "saw", OrderState::Created))),
        Row::Sample(line("saw"), Box::new(sample("s1", "load", 1, MeasureValue::Number(1.0)))),
    ];
    let committed = batch(vec![written]);
    store.commit(&committed).await.unwrap();
    assert_eq!(store.next_boot().await.unwrap(), 1);
    store.close().await;

    let store = open(directory.path()).await;
    assert_eq!(store.next_boot().await.unwrap(), 2);
    assert_eq!(store.heads().await.unwrap(), [(stream(SAW), Seq(1))]);
    assert!(store.order(&acme(), &code("o-1")).await.unwrap().is_some());
    store.commit(&committed).await.unwrap();
    assert_eq!(texts(&store, SAW).await.len(), 1);
    store.commit(&batch(vec![append(SAW, 1, &["b"])])).await.unwrap();
    assert_eq!(texts(&store, SAW).await.len(), 2);
}

#[tokio::test]
async fn the_files_are_private() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("a/data");
    let store = open(&data).await;
    store.next_boot().await.unwrap();
    for name in ["hub.db", "hub.db-wal", "hub.db-shm"] {
        let mode = std::fs::metadata(data.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn two_stores_on_one_file_share_it_and_collide_at_the_head() {
    let directory = tempfile::tempdir().unwrap();
    let (one, two) = tokio::join!(open(directory.path()), open(directory.path()));
    one.commit(&batch(vec![append(SAW, 0, &["a"])])).await.unwrap();
    assert!(two.commit(&batch(vec![append(SAW, 0, &["x"])])).await.is_err());
    two.commit(&batch(vec![append(SAW, 1, &["b"])])).await.unwrap();
    assert!(one.commit(&batch(vec![append(SAW, 1, &["y"])])).await.is_err());
    assert_eq!(texts(&one, SAW).await, texts(&two, SAW).await);
    let tenant = TenantRecord { code: acme(), name: "Acme".to_owned() };
    two.create_tenant(&tenant).await.unwrap();
    assert_eq!(one.tenants().await.unwrap(), [tenant]);
}

#[tokio::test]
async fn commits_from_all_sides_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let (one, two) = tokio::join!(open(directory.path()), open(directory.path()));
    let write = async |store: &SqliteStore, stream_name: &str| {
        for n in 0..40 {
            store.commit(&batch(vec![append(stream_name, n, &["e"])])).await.unwrap();
        }
    };
    tokio::join!(
        write(&one, "line/acme/linz/l1"),
        write(&two, "line/acme/linz/l2"),
        write(&one, "line/acme/linz/l3"),
    );
    let heads = one.heads().await.unwrap();
    assert_eq!(heads.iter().map(|(_, head)| head.0).collect::<Vec<_>>(), [40, 40, 40]);
}

#[tokio::test]
async fn a_writer_that_waits_too_long_is_told_so_and_recovers() {
    let directory = tempfile::tempdir().unwrap();
    let options = SqliteOptions { busy_timeout: Duration::from_millis(50), ..SqliteOptions::default() };
    let store = SqliteStore::open(directory.path(), &options).await.unwrap();
    let mut other = connect(directory.path()).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    assert!(matches!(store.next_boot().await, Err(StoreError::Unavailable(_))));
    assert!(store.tenants().await.unwrap().is_empty(), "reads go on");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(store.next_boot().await.unwrap(), 1);
}

#[tokio::test]
async fn a_commit_that_was_given_up_leaves_a_usable_store() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).await;
    let texts: Vec<String> = (0..2_000).map(|n| n.to_string()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for _ in 0..20 {
        let large = batch(vec![append(SAW, 0, &texts)]);
        // The commit is polled some of the way, then dropped.
        tokio::select! {
            biased;
            result = store.commit(&large) => { result.unwrap(); break; }
            () = tokio::task::yield_now() => {}
        }
    }
    let head = store.heads().await.unwrap().first().map_or(0, |(_, head)| head.0);
    assert!(head == 0 || head == 2_000, "a batch is all or nothing");
    store.commit(&batch(vec![append(SAW, head, &["a"])])).await.unwrap();
}

#[tokio::test]
async fn audit_entries_that_wait_together_are_all_written() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).await;
    let entry = |n: usize| AuditEntry {
        tenant: Some(acme()),
        at: at(0),
        actor: "anna@acme.example".to_owned(),
        action: "orders.create".to_owned(),
        object: n.to_string(),
        outcome: "ok".to_owned(),
        peer: "127.0.0.1".to_owned(),
    };
    let write = |n: usize| {
        let (entry, store) = (entry(n), &store);
        async move { store.audit(&entry).await }
    };
    let written = futures::future::join_all((0..150).map(write)).await;
    assert!(written.iter().all(Result::is_ok));
    let read = store.audit_entries(&acme(), 1_000).await.unwrap();
    let mut objects: Vec<usize> = read.iter().map(|entry| entry.object.parse().unwrap()).collect();
    objects.sort_unstable();
    assert_eq!(objects, (0..150).collect::<Vec<_>>());
    store.close().await;
    assert!(matches!(store.audit(&entry(0)).await, Err(StoreError::Unavailable(_))));
}

/// Other text than the types wrote, as another version might.
#[tokio::test]
async fn undecodable_rows_are_corrupt() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).await;
    put(&store, vec![Row::Order(site("linz"), Box::new(order("o-1", "saw", OrderState::Created)))]).await;
    let mut other = connect(directory.path()).await;
    sqlx::query("UPDATE orders SET doc = '{\"code\":7}'").execute(&mut other).await.unwrap();
    assert!(matches!(store.order(&acme(), &code("o-1")).await, Err(StoreError::Corrupt(_))));
    let no_database = tempfile::tempdir().unwrap();
    std::fs::write(no_database.path().join("hub.db"), "this is no database\n".repeat(100)).unwrap();
    let opened = SqliteStore::open(no_database.path(), &SqliteOptions::default()).await;
    assert!(matches!(opened.err(), Some(StoreError::Corrupt(_))));
}

#[tokio::test]
async fn migrations_run_on_request_and_can_be_undone() {
    let directory = tempfile::tempdir().unwrap();
    let as_is = SqliteOptions { migrate: false, ..SqliteOptions::default() };
    assert!(SqliteStore::open(directory.path(), &as_is).await.is_err());
    let store = open(directory.path()).await;
    put(&store, vec![Row::Sample(line("saw"), Box::new(sample("s1", "load", 1, MeasureValue::Number(1.0))))])
        .await;
    store.close().await;
    SqliteStore::open(directory.path(), &as_is).await.unwrap().close().await;
    undo_migrations(directory.path(), 0).await.unwrap();
    assert!(SqliteStore::open(directory.path(), &as_is).await.is_err());
    migrate(directory.path()).await.unwrap();
    let store = SqliteStore::open(directory.path(), &as_is).await.unwrap();
    assert_eq!(store.next_boot().await.unwrap(), 1);
}

#[tokio::test]
async fn views_sum_hours_to_shifts_and_days() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path()).await;
    // A night over midnight, with an hour before it in which no shift was on.
    let row = |hour: i64, day: i8, in_shift: bool| {
        let mut delta = hour_delta("s1", hour * 3_600_000, hour, 1);
        delta.slice.day = jiff::civil::date(2026, 11, day);
        delta.slice.shift = in_shift.then(|| ShiftKey { name: "night".to_owned(), from: at(3_600_000) });
        Row::KpiHour(line("saw"), Box::new(delta))
    };
    put(&store, vec![row(0, 21, false), row(1, 21, true), row(2, 22, true), row(3, 22, true)]).await;
    let mut other = connect(directory.path()).await;
    let shifts: Vec<(String, String, i64, i64)> =
        sqlx::query_as("SELECT day, shift, running_ms, good_thousandths FROM kpi_shifts")
            .fetch_all(&mut other)
            .await
            .unwrap();
    assert_eq!(shifts, [("2026-11-21".to_owned(), "night".to_owned(), 6, 3_000)]);
    let days: Vec<(String, i64, i64)> =
        sqlx::query_as("SELECT day, overtime_ms, scrap_thousandths FROM kpi_days ORDER BY day")
            .fetch_all(&mut other)
            .await
            .unwrap();
    assert_eq!(days, [("2026-11-21".to_owned(), 6, 4_000), ("2026-11-22".to_owned(), 30, 4_000)]);
}
