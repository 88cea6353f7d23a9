//! The log: streams without gaps, one commit or none, snapshots, boots, rebuilt projections.

use actors::ports::{
    AlertFilter, Append, ArticleFilter, Batch, CommitError, DeadLetterFilter, LevelFilter, MovementFilter,
    OrderFilter, Row, SampleQuery, Snapshot, StopFilter, Store, StoreError, StreamMove,
};
use domain::ids::Seq;
use domain::message::MeasureValue;
use domain::vocabulary::OrderState;

use crate::fixtures::*;

const SAW: &str = "line/acme/linz/saw";

pub(crate) async fn events_are_read_in_order_without_gaps(store: &dyn Store) {
    assert!(store.read(&stream(SAW), Seq(0), 10).await.unwrap().is_empty());
    store.commit(&batch(vec![append(SAW, 0, &["a", "b"])])).await.unwrap();
    store.commit(&batch(vec![append(SAW, 2, &["c"])])).await.unwrap();
    let events = store.read(&stream(SAW), Seq(0), 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.seq.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(events[2].payload, event("c").payload);
    assert_eq!((events[2].kind.as_str(), events[2].at), ("noted", at(0)));
    let some = store.read(&stream(SAW), Seq(1), 1).await.unwrap();
    assert_eq!(some.iter().map(|event| event.seq.0).collect::<Vec<_>>(), [2]);
    assert!(store.read(&stream(SAW), Seq(3), 10).await.unwrap().is_empty());
    assert!(store.read(&stream(SAW), Seq(u64::MAX), 10).await.unwrap().is_empty());
}

pub(crate) async fn a_place_in_a_stream_is_found_by_its_time(store: &dyn Store) {
    let saw = stream(SAW);
    assert_eq!(store.last_before(&saw, at(0)).await.unwrap(), Seq(0));
    for n in 0..40_u64 {
        let mut append = append(SAW, n, &["a"]);
        // Two events at each instant.
        append.events[0].at = at(10 * (n / 2) as i64);
        store.commit(&batch(vec![append])).await.unwrap();
    }
    store.commit(&batch(vec![append("line/acme/linz/mill", 0, &["x"])])).await.unwrap();
    for n in 0..40_u64 {
        let instant = 10 * (n / 2) as i64;
        assert_eq!(store.last_before(&saw, at(instant)).await.unwrap(), Seq(n / 2 * 2), "{instant}");
        assert_eq!(store.last_before(&saw, at(instant + 1)).await.unwrap(), Seq(n / 2 * 2 + 2), "{instant}");
    }
    assert_eq!(store.last_before(&saw, at(1_000_000)).await.unwrap(), Seq(40));
    assert_eq!(store.last_before(&stream("line/acme/linz/mill"), at(1)).await.unwrap(), Seq(1));
}

pub(crate) async fn events_are_read_at_their_places(store: &dyn Store) {
    store.commit(&batch(vec![append(SAW, 0, &["a", "b", "c"])])).await.unwrap();
    store.commit(&batch(vec![append("line/acme/linz/mill", 0, &["x"])])).await.unwrap();
    let found = async |seqs: &[u64]| {
        let seqs: Vec<Seq> = seqs.iter().copied().map(Seq).collect();
        let events = store.read_at(&stream(SAW), &seqs).await.unwrap();
        events.into_iter().map(|event| (event.seq.0, event.payload)).collect::<Vec<_>>()
    };
    assert_eq!(found(&[3, 1, 9, 1]).await, [(1, event("a").payload), (3, event("c").payload)]);
    assert_eq!(found(&[]).await, []);
    assert!(store.read_at(&stream("site/acme/linz"), &[Seq(1)]).await.unwrap().is_empty());
}

pub(crate) async fn appends_of_one_batch_continue_each_other(store: &dyn Store) {
    let appends =
        vec![append(SAW, 0, &["a"]), append("site/acme/linz", 0, &["x"]), append(SAW, 1, &["b", "c"])];
    store.commit(&batch(appends)).await.unwrap();
    let expected: Vec<_> = (1..).zip(["a", "b", "c"].map(|text| event(text).payload)).collect();
    assert_eq!(texts(store, SAW).await, expected);
    assert_eq!(texts(store, "site/acme/linz").await.len(), 1);
}

pub(crate) async fn a_moved_head_writes_nothing(store: &dyn Store) {
    store.commit(&batch(vec![append(SAW, 0, &["a"])])).await.unwrap();
    let mut stale = append(SAW, 0, &["b", "c"]);
    stale.rows = vec![Row::Article(acme(), Box::new(article("bar", "Bar")))];
    let refused = batch(vec![append("tenant/acme", 0, &["x"]), stale]);
    for _ in 0..2 {
        match store.commit(&refused).await.unwrap_err() {
            CommitError::HeadMoved { stream: moved, expected, found } => {
                assert_eq!((moved, expected, found), (stream(SAW), Seq(0), Seq(1)));
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(texts(store, SAW).await.len(), 1);
    assert_eq!(texts(store, "tenant/acme").await.len(), 0);
    assert_eq!(store.heads().await.unwrap(), [(stream(SAW), Seq(1))]);
    assert!(store.articles(&acme(), &ArticleFilter::default(), &first()).await.unwrap().items.is_empty());
    let early = store.commit(&batch(vec![append("site/acme/graz", 4, &["a"])])).await.unwrap_err();
    assert!(matches!(early, CommitError::HeadMoved { found: Seq(0), .. }));
    // A move without events still checks the head: an owner may ask whether it is stale.
    let fence = |expected| Append {
        stream: Some(StreamMove { stream: stream(SAW), expected: Seq(expected) }),
        ..Append::default()
    };
    assert!(store.commit(&batch(vec![fence(0)])).await.is_err());
    store.commit(&batch(vec![fence(1)])).await.unwrap();
    store.commit(&batch(vec![append("tenant/acme", 0, &["x"]), append(SAW, 1, &["b"])])).await.unwrap();
}

pub(crate) async fn a_gap_within_a_batch_writes_nothing(store: &dyn Store) {
    let gap = batch(vec![append(SAW, 0, &["a"]), append(SAW, 2, &["c"])]);
    let moved = store.commit(&gap).await.unwrap_err();
    assert!(matches!(moved, CommitError::HeadMoved { expected: Seq(2), found: Seq(1), .. }));
    assert!(store.heads().await.unwrap().is_empty());
    let homeless = Append { stream: None, events: vec![event("a")], rows: Vec::new() };
    let refused = store.commit(&batch(vec![homeless])).await.unwrap_err();
    assert!(matches!(refused, CommitError::Store(StoreError::Corrupt(_))));
}

pub(crate) async fn the_same_batch_twice_is_one(store: &dyn Store) {
    let mut once = append(SAW, 0, &["a"]);
    once.rows = vec![Row::Movement(site("linz"), Box::new(movement(1, "bar", None, 5)))];
    let batch = batch(vec![once]);
    store.commit(&batch).await.unwrap();
    store.commit(&batch).await.unwrap();
    assert_eq!(texts(store, SAW).await.len(), 1);
    // Others commit in between, and the answer is lost for longer.
    store.commit(&crate::fixtures::batch(vec![append(SAW, 1, &["b"])])).await.unwrap();
    store.commit(&batch).await.unwrap();
    assert_eq!(texts(store, SAW).await.len(), 2);
}

pub(crate) async fn a_thousand_commits_later_a_batch_is_still_refused_by_its_heads(store: &dyn Store) {
    let old = batch(vec![append(SAW, 0, &["a"])]);
    store.commit(&old).await.unwrap();
    for _ in 0..1_001 {
        store.commit(&batch(Vec::new())).await.unwrap();
    }
    let forgotten = store.commit(&old).await.unwrap_err();
    assert!(matches!(forgotten, CommitError::HeadMoved { .. }));
    assert_eq!(texts(store, SAW).await.len(), 1);
}

pub(crate) async fn rows_without_a_stream_are_written(store: &dyn Store) {
    put(store, vec![Row::Order(site("linz"), Box::new(order("o-1", "saw", OrderState::Created)))]).await;
    assert!(store.order(&acme(), &code("o-1")).await.unwrap().is_some());
    assert!(store.heads().await.unwrap().is_empty());
}

pub(crate) async fn heads_name_every_stream(store: &dyn Store) {
    let appends = vec![
        append(SAW, 0, &["a", "b"]),
        append("site/acme/linz", 0, &["a"]),
        append("tenant/other", 0, &["a", "b", "c"]),
    ];
    store.commit(&batch(appends)).await.unwrap();
    let mut heads = store.heads().await.unwrap();
    heads.sort();
    let mut expected =
        vec![(stream(SAW), Seq(2)), (stream("site/acme/linz"), Seq(1)), (stream("tenant/other"), Seq(3))];
    expected.sort();
    assert_eq!(heads, expected);
}

pub(crate) async fn a_newer_snapshot_replaces_an_older_one(store: &dyn Store) {
    let saw = stream(SAW);
    let snapshot = |seq, version, state: &str| Snapshot { seq: Seq(seq), version, state: state.to_owned() };
    store.commit(&batch(vec![append(SAW, 0, &["a", "b"])])).await.unwrap();
    assert_eq!(store.snapshot(&saw).await.unwrap(), None);
    for saved in [snapshot(1, 1, "{}"), snapshot(2, 1, "{\"n\":2}"), snapshot(2, 7, "{\"v\":7}")] {
        store.save_snapshot(&saw, &saved).await.unwrap();
        assert_eq!(store.snapshot(&saw).await.unwrap(), Some(saved));
    }
    store.save_snapshot(&saw, &snapshot(1, 1, "{\"stale\":true}")).await.unwrap();
    assert_eq!(store.snapshot(&saw).await.unwrap(), Some(snapshot(2, 7, "{\"v\":7}")));
    assert_eq!(store.snapshot(&stream("tenant/acme")).await.unwrap(), None);
}

pub(crate) async fn boots_are_counted(store: &dyn Store) {
    store.ping().await.unwrap();
    for boot in 1..=3 {
        assert_eq!(store.next_boot().await.unwrap(), boot);
    }
}

pub(crate) async fn large_batches_are_whole(store: &dyn Store) {
    let rows = |from: usize| {
        let movement = move |n: usize| movement(n as u128, "bar", Some("yard"), 1);
        (from..from + 627).map(|n| Row::Movement(site("linz"), Box::new(movement(n)))).collect()
    };
    let texts: Vec<String> = (0..627).map(|n| n.to_string()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut large = append(SAW, 0, &texts);
    large.rows = rows(0);
    store.commit(&batch(vec![large])).await.unwrap();
    let events = store.read(&stream(SAW), Seq(0), 1_000).await.unwrap();
    assert_eq!(events.len(), 627);
    for (n, read) in events.iter().enumerate() {
        assert_eq!((read.seq.0, &read.payload), (n as u64 + 1, &event(&n.to_string()).payload));
    }
    assert_eq!(store.movement_sums(&site("linz")).await.unwrap()[0].1, units(627));
}

pub(crate) async fn replaced_projections_are_exactly_the_new_ones(store: &dyn Store) {
    let linz = site("linz");
    let old = vec![
        Row::Article(acme(), Box::new(article("old", "Old"))),
        Row::Order(linz.clone(), Box::new(order("old", "saw", OrderState::Created))),
        Row::Movement(linz.clone(), Box::new(movement(1, "old", None, 5))),
        Row::Level(linz.clone(), level("old", None, None), units(5)),
        Row::Alert(acme(), Box::new(alert(1, "linz", 0))),
        Row::Stop(line("saw"), Box::new(stop(1, "s1", 0, None))),
        Row::Sample(line("saw"), Box::new(sample("s1", "load", 0, MeasureValue::Number(1.0)))),
        Row::DeadLetter(Box::new(dead_letter(acme(), 1, "hub/v1/acme/linz/saw/s1/state", 0))),
    ];
    put(store, old).await;
    let new = vec![
        Row::Article(acme(), Box::new(article("new", "New"))),
        Row::Sample(line("saw"), Box::new(sample("s1", "load", 1, MeasureValue::Number(2.0)))),
        Row::Sample(line("saw"), Box::new(sample("s2", "load", 2, MeasureValue::Number(3.0)))),
    ];
    store.replace_projections(&new).await.unwrap();
    let articles = store.articles(&acme(), &ArticleFilter::default(), &first()).await.unwrap();
    assert_eq!(articles.items, [article("new", "New")]);
    assert!(store.orders(&acme(), &OrderFilter::default(), &first()).await.unwrap().items.is_empty());
    assert!(store.movements(&acme(), &MovementFilter::default(), &first()).await.unwrap().items.is_empty());
    assert!(store.levels(&acme(), &LevelFilter::default(), &first()).await.unwrap().items.is_empty());
    assert!(store.alerts(&acme(), &AlertFilter::default(), &first()).await.unwrap().items.is_empty());
    let stops = StopFilter::of(line("saw"));
    assert!(store.stops(&stops, &first()).await.unwrap().items.is_empty());
    let query = SampleQuery {
        line: line("saw"),
        machine: None,
        metric: code("load"),
        from: at(0),
        to: at(10),
        limit: 10,
    };
    assert_eq!(store.samples(&query).await.unwrap().len(), 2);
    let letters = store.dead_letters(&acme(), &DeadLetterFilter::default(), &first()).await.unwrap();
    assert_eq!(letters.items.len(), 1);
}

pub(crate) async fn a_closed_store_is_unavailable(store: &dyn Store) {
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.tenants().await, Err(StoreError::Unavailable(_))));
    let empty = Batch { commit_id: uuid(1), appends: Vec::new() };
    assert!(matches!(store.commit(&empty).await, Err(CommitError::Store(StoreError::Unavailable(_)))));
}
