//! Tests: every list of a tenant is read along an index, and in the order of the list where that matters.

use actors::ports::{
    AlertFilter, ArticleFilter, DeadLetterFilter, HourQuery, LevelFilter, MovementFilter, OrderFilter,
    PageRequest, SampleQuery, StateQuery, StopFilter,
};
use domain::Timestamp;
use domain::ids::{LineAddress, Seq, StreamId, TenantCode};
use domain::vocabulary::OrderState;
use sqlx::{AssertSqlSafe, Row};

use super::select::{List, Select};
use super::{SqliteOptions, SqliteStore, catalog, history, log, movements, queries, stock};
use crate::store::cursor;

async fn plan(store: &SqliteStore, select: &Select) -> Vec<String> {
    let explain = format!("EXPLAIN QUERY PLAN {}", select.text());
    let rows = sqlx::query(AssertSqlSafe(explain)).fetch_all(&store.readers).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>("detail")).collect()
}

/// Whether a step of a plan walks a whole table; the rest are lists that the query itself brought along.
fn is_scan(step: &str) -> bool {
    let own = [
        "SCAN page",
        "SCAN sums",
        "SCAN k",
        "SCAN json_each",
        "SCAN CONSTANT ROW",
        "SCAN machines",
        "SCAN lines",
        "SCAN halves",
    ];
    step.starts_with("SCAN") && !own.iter().any(|own| step.starts_with(own))
}

async fn check(store: &SqliteStore, list: List<'_>, sorted: bool) {
    for select in [&list.page, &list.count] {
        let steps = plan(store, select).await;
        assert!(!steps.iter().any(|step| is_scan(step)), "{}: {steps:#?}", select.text());
    }
    let steps = plan(store, &list.page).await;
    let sorts = steps.iter().any(|step| step.contains("USE TEMP B-TREE FOR ORDER BY"));
    assert!(!(sorted && sorts), "{}: {steps:#?}", list.page.text());
}

#[tokio::test]
async fn lists_of_a_tenant_walk_an_index() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path(), &SqliteOptions::default()).await.unwrap();
    let tenant: TenantCode = "acme".parse().unwrap();
    let site = || "linz".parse().unwrap();
    let line = LineAddress { tenant: tenant.clone(), site: site(), line: "saw".parse().unwrap() };
    for sites in [None, Some(vec![site()]), Some(vec![site(), site()])] {
        let first = PageRequest::default();
        let second = |list: &str, key: serde_json::Value| {
            let one = PageRequest { limit: 1, ..PageRequest::default() };
            let page = cursor::page(list, &one, vec![(), ()], None, |()| key.clone()).unwrap();
            PageRequest { cursor: page.next_cursor, ..PageRequest::default() }
        };
        let instant = || serde_json::json!([5, "00000000-0000-0000-0000-000000000001"]);

        let next = second("articles", serde_json::json!("a"));
        for search in [None, Some("bar".to_owned())] {
            for category in [None, Some("long".to_owned())] {
                let filter = ArticleFilter { search: search.clone(), category };
                check(&store, catalog::articles(&tenant, &filter, &first).unwrap(), true).await;
                check(&store, catalog::articles(&tenant, &filter, &next).unwrap(), true).await;
            }
        }
        let next = second("orders", serde_json::json!(["a", "linz"]));
        for state in [None, Some(OrderState::Running)] {
            for (line, article) in [(None, None), (Some("saw"), None), (None, Some("bar"))] {
                let filter = OrderFilter {
                    sites: sites.clone(),
                    state,
                    line: line.map(|line| line.parse().unwrap()),
                    article: article.map(|article| article.parse().unwrap()),
                };
                check(&store, catalog::orders(&tenant, &filter, &first).unwrap(), true).await;
                check(&store, catalog::orders(&tenant, &filter, &next).unwrap(), true).await;
            }
        }
        let next = second("movements", serde_json::json!(5));
        let all = MovementFilter { sites: sites.clone(), ..MovementFilter::default() };
        for filter in [
            all.clone(),
            MovementFilter { article: Some("bar".parse().unwrap()), ..all.clone() },
            MovementFilter { lot: Some("heat".parse().unwrap()), ..all.clone() },
            MovementFilter { location: Some("yard".parse().unwrap()), ..all.clone() },
            MovementFilter { order: Some("o-1".parse().unwrap()), ..all },
        ] {
            check(&store, movements::movements(&tenant, &filter, &first).unwrap(), true).await;
            check(&store, movements::movements(&tenant, &filter, &next).unwrap(), true).await;
        }
        let next = second("levels", serde_json::json!(["linz", "bar", "", ""]));
        for below_minimum in [None, Some(true), Some(false)] {
            for (article, lot) in [(None, None), (Some("bar"), None), (None, Some("heat"))] {
                let filter = LevelFilter {
                    sites: sites.clone(),
                    article: article.map(|article| article.parse().unwrap()),
                    lot: lot.map(|lot| lot.parse().unwrap()),
                    location: None,
                    below_minimum,
                };
                check(&store, stock::levels(&tenant, &filter, &first).unwrap(), false).await;
                check(&store, stock::levels(&tenant, &filter, &next).unwrap(), false).await;
            }
        }
        let next = second("alerts", instant());
        for open in [false, true] {
            let filter = AlertFilter { sites: sites.clone(), open, ..AlertFilter::default() };
            check(&store, queries::alerts(&tenant, &filter, &first).unwrap(), true).await;
            check(&store, queries::alerts(&tenant, &filter, &next).unwrap(), true).await;
        }
        let next = second("stops", instant());
        let from = Some(Timestamp::from_millis(0));
        let all = StopFilter { from, to: from, ..StopFilter::of(line.clone()) };
        for filter in [
            StopFilter { unclassified: true, ..all.clone() },
            StopFilter { reason: Some("jam".parse().unwrap()), ..all.clone() },
            all,
        ] {
            check(&store, queries::stops(&filter, &next).unwrap(), true).await;
        }
        let next = second("dead_letters", instant());
        let filter = DeadLetterFilter { topic_prefix: Some("hub".to_owned()), code: None };
        check(&store, queries::dead_letters(&tenant, &filter, &next).unwrap(), true).await;
    }
    let stream = StreamId::Line(line.clone());
    for select in [
        queries::stop(&line, uuid::Uuid::nil()),
        log::read_at(&stream, &[Seq(1)]).unwrap(),
        log::last_before(&stream, Timestamp::from_millis(0)),
    ] {
        let steps = plan(&store, &select).await;
        assert!(!steps.iter().any(|step| is_scan(step)), "{steps:#?}");
    }
    for machine in [None, Some("s1")] {
        let query = SampleQuery {
            line: line.clone(),
            machine: machine.map(|machine| machine.parse().unwrap()),
            metric: "load".parse().unwrap(),
            from: Timestamp::from_millis(0),
            to: Timestamp::from_millis(1),
            limit: 1,
        };
        let steps = plan(&store, &queries::samples(&query)).await;
        assert!(!steps.iter().any(|step| is_scan(step)), "{steps:#?}");
    }
}

#[tokio::test]
async fn histories_are_looked_up() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path(), &SqliteOptions::default()).await.unwrap();
    let line: LineAddress = LineAddress {
        tenant: "acme".parse().unwrap(),
        site: "linz".parse().unwrap(),
        line: "saw".parse().unwrap(),
    };
    let (from, to) = (Timestamp::from_millis(0), Timestamp::from_millis(1));
    for machine in [None, Some("s1".parse().unwrap())] {
        let steps =
            plan(&store, &history::machine_states(&StateQuery { line: line.clone(), machine, from, to }))
                .await;
        let bounded = "tenant=? AND site=? AND line=? AND machine=? AND from_ms>? AND from_ms<?";
        assert!(!steps.iter().any(|step| is_scan(step)), "{steps:#?}");
        assert!(steps.iter().any(|step| step.contains(bounded)), "{steps:#?}");
    }
    for of in [None, Some(line.line.clone())] {
        let query = HourQuery { site: line.site_address(), line: of, from, to };
        let steps = plan(&store, &history::kpi_hours(&query)).await;
        let bounded = "tenant=? AND site=? AND line=? AND from_ms>? AND from_ms<?";
        assert!(!steps.iter().any(|step| is_scan(step)), "{steps:#?}");
        assert!(steps.iter().any(|step| step.contains(bounded)), "{steps:#?}");
    }
    let steps = plan(&store, &history::orders_between(&line, from, to)).await;
    let bounded = "orders_by_start (tenant=? AND site=? AND line=? AND started_at_ms<?)";
    assert!(steps.iter().any(|step| step.contains(bounded)), "{steps:#?}");
}
