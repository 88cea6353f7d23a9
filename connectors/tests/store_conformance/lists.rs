//! Lists: order, filters, pages, and that no tenant sees another's rows.

use actors::ports::{
    AlertFilter, ArticleFilter, DeadLetterFilter, LevelFilter, MovementFilter, OrderFilter, PageRequest, Row,
    SampleQuery, StopFilter, Store, StoreError,
};
use domain::ids::Seq;
use domain::message::MeasureValue;
use domain::stop::Stop;
use domain::vocabulary::{AlertState, OrderState, Severity};

use crate::fixtures::*;

/// Rows of every kind, so many of each, in an order that no list has; several share an instant.
fn many_rows(count: u128) -> Vec<Row> {
    let mut rows = Vec::new();
    for n in (0..count).map(|n| (n * 7) % count) {
        let text = format!("{n:04}");
        let instant = (n / 3) as i64;
        rows.push(Row::Article(acme(), Box::new(article(&text, "Bar"))));
        rows.push(Row::Order(site("linz"), Box::new(order(&text, "saw", OrderState::Released))));
        rows.push(Row::Order(site("graz"), Box::new(order(&text, "saw", OrderState::Created))));
        rows.push(Row::Movement(site("linz"), Box::new(movement(n, &text, Some("yard"), 1))));
        rows.push(Row::Level(site("linz"), level(&text, Some("yard"), None), units(1)));
        rows.push(Row::Level(site("graz"), level("bar", None, Some(&text)), units(1)));
        rows.push(Row::Alert(acme(), Box::new(alert(n, "linz", instant))));
        rows.push(Row::Stop(line("saw"), Box::new(stop(n, "s1", instant, None))));
        rows.push(Row::DeadLetter(Box::new(dead_letter(acme(), n, "hub/v1/acme", instant))));
    }
    rows
}

pub(crate) async fn pages_are_stable_and_complete(store: &dyn Store) {
    const COUNT: u128 = 230;
    put(store, many_rows(COUNT)).await;
    let numbers: Vec<String> = (0..COUNT).map(|n| format!("{n:04}")).collect();
    for limit in [7, 100, 200] {
        let articles = all_pages(limit, async |page| {
            store.articles(&acme(), &ArticleFilter::default(), &page).await.unwrap()
        })
        .await;
        assert_eq!(articles.iter().map(|article| article.code.as_str()).collect::<Vec<_>>(), numbers);
        let orders = all_pages(limit, async |page| {
            store.orders(&acme(), &OrderFilter::default(), &page).await.unwrap()
        })
        .await;
        assert_eq!(orders.len() as u128, 2 * COUNT);
        assert!(orders.is_sorted_by_key(|item| (item.order.code.clone(), item.site.clone())));
        let movements = all_pages(limit, async |page| {
            store.movements(&acme(), &MovementFilter::default(), &page).await.unwrap()
        })
        .await;
        let ids: Vec<_> = movements.iter().map(|item| item.movement.id.as_u128()).collect();
        assert_eq!(ids, (0..COUNT).rev().map(|n| (n * 7) % COUNT).collect::<Vec<_>>());
        let levels = all_pages(limit, async |page| {
            store.levels(&acme(), &LevelFilter::default(), &page).await.unwrap()
        })
        .await;
        assert_eq!(levels.len() as u128, 2 * COUNT);
        assert!(levels.is_sorted_by_key(|item| (item.site.clone(), item.key.clone())));
        let alerts = all_pages(limit, async |page| {
            store.alerts(&acme(), &AlertFilter::default(), &page).await.unwrap()
        })
        .await;
        let newest_first: Vec<u128> = (0..COUNT).rev().collect();
        assert_eq!(alerts.iter().map(|alert| alert.id.as_u128()).collect::<Vec<_>>(), newest_first);
        let filter = StopFilter::of(line("saw"));
        let stops = all_pages(limit, async |page| store.stops(&filter, &page).await.unwrap()).await;
        assert_eq!(stops.iter().map(|stop| stop.id.as_u128()).collect::<Vec<_>>(), newest_first);
        let letters = all_pages(limit, async |page| {
            store.dead_letters(&acme(), &DeadLetterFilter::default(), &page).await.unwrap()
        })
        .await;
        assert_eq!(letters.iter().map(|letter| letter.id.as_u128()).collect::<Vec<_>>(), newest_first);
    }
}

pub(crate) async fn foreign_cursors_are_refused(store: &dyn Store) {
    put(store, many_rows(3)).await;
    let one = PageRequest { limit: 1, cursor: None, total: false };
    let page = store.alerts(&acme(), &AlertFilter::default(), &one).await.unwrap();
    assert_eq!((page.items.len(), page.total), (1, None));
    for cursor in [page.next_cursor.unwrap(), "WyJhcnRpY2xlcyJd".to_owned(), "' OR 1=1".to_owned()] {
        let request = PageRequest { limit: 1, cursor: Some(cursor), total: false };
        let refused = store.articles(&acme(), &ArticleFilter::default(), &request).await;
        assert!(matches!(refused, Err(StoreError::InvalidCursor)));
    }
}

pub(crate) async fn limits_are_held(store: &dyn Store) {
    put(store, many_rows(230)).await;
    for (limit, items) in [(0, 1), (1, 1), (200, 200), (5_000, 200)] {
        let request = PageRequest { limit, cursor: None, total: true };
        let page = store.articles(&acme(), &ArticleFilter::default(), &request).await.unwrap();
        assert_eq!((page.items.len(), page.total), (items, Some(230)));
    }
}

pub(crate) async fn articles_are_found_whatever_the_case(store: &dyn Store) {
    let mut steel = article("RND-20", "Rundstahl Ø 20");
    steel.category = Some("long".to_owned());
    let mut oil = article("oil_5%", "Schneidöl");
    oil.metadata = Some(serde_json::json!({"supplier": {"nr": 7, "share": 0.25}}));
    oil.price = Some(units(3));
    let rows = [steel.clone(), oil.clone()].map(|article| Row::Article(acme(), Box::new(article)));
    put(store, rows.to_vec()).await;
    let found = async |search: &str, category: Option<&str>| {
        let filter = ArticleFilter { search: Some(search.to_owned()), category: category.map(str::to_owned) };
        store.articles(&acme(), &filter, &first()).await.unwrap().items
    };
    for text in ["rnd", "RUNDSTAHL", "ø 20", "-20", "AHL Ø"] {
        assert_eq!(found(text, None).await, [steel.clone()], "{text}");
    }
    for text in ["SCHNEIDÖL", "_5", "5%", "L_5"] {
        assert_eq!(found(text, None).await, [oil.clone()], "{text}");
    }
    for text in ["%", "_"] {
        assert_eq!(found(text, None).await, [oil.clone()], "{text} stands for itself");
    }
    for text in ["20 rund", "' OR '1'='1", "\\", "x%"] {
        assert!(found(text, None).await.is_empty(), "{text}");
    }
    assert_eq!(found("", None).await.len(), 2);
    assert_eq!(found("r", Some("long")).await, [steel.clone()]);
    assert!(found("öl", Some("long")).await.is_empty());
    let long = ArticleFilter { search: None, category: Some("long".to_owned()) };
    assert_eq!(store.articles(&acme(), &long, &first()).await.unwrap().items, [steel]);
}

pub(crate) async fn articles_are_replaced_and_removed(store: &dyn Store) {
    let row = |designation| Row::Article(acme(), Box::new(article("bar", designation)));
    let removed = Row::ArticleRemoved(acme(), code("bar"));
    let designations = async || {
        let page = store.articles(&acme(), &ArticleFilter::default(), &first()).await.unwrap();
        page.items.into_iter().map(|article| article.designation).collect::<Vec<_>>()
    };
    put(store, vec![row("one"), removed.clone(), row("two")]).await;
    assert_eq!(designations().await, ["two"]);
    put(store, vec![row("three")]).await;
    assert_eq!(designations().await, ["three"]);
    put(store, vec![row("four"), removed.clone()]).await;
    assert!(designations().await.is_empty());
    put(store, vec![removed]).await;
}

pub(crate) async fn orders_are_filtered(store: &dyn Store) {
    let mut other_article = order("o-3", "saw", OrderState::Released);
    other_article.article = code("tube");
    let rows = vec![
        Row::Order(site("linz"), Box::new(order("o-1", "saw", OrderState::Created))),
        Row::Order(site("linz"), Box::new(order("o-1", "saw", OrderState::Running))),
        Row::Order(site("linz"), Box::new(order("o-2", "mill", OrderState::Running))),
        Row::Order(site("graz"), Box::new(other_article)),
    ];
    put(store, rows).await;
    let codes = async |filter: OrderFilter| {
        let page = store.orders(&acme(), &filter, &first()).await.unwrap();
        assert_eq!(page.total, Some(page.items.len() as u64));
        page.items.into_iter().map(|item| item.order.code.to_string()).collect::<Vec<_>>()
    };
    let all = OrderFilter::default();
    assert_eq!(codes(all.clone()).await, ["o-1", "o-2", "o-3"]);
    assert_eq!(codes(OrderFilter { state: Some(OrderState::Running), ..all.clone() }).await, ["o-1", "o-2"]);
    assert_eq!(codes(OrderFilter { line: Some(code("saw")), ..all.clone() }).await, ["o-1", "o-3"]);
    assert_eq!(codes(OrderFilter { article: Some(code("tube")), ..all.clone() }).await, ["o-3"]);
    assert_eq!(codes(OrderFilter { sites: Some(vec![code("linz")]), ..all.clone() }).await, ["o-1", "o-2"]);
    let both = OrderFilter { sites: Some(vec![code("graz"), code("linz")]), ..all.clone() };
    assert_eq!(codes(both).await, ["o-1", "o-2", "o-3"]);
    assert!(codes(OrderFilter { sites: Some(Vec::new()), ..all }).await.is_empty());
    let found = store.order(&acme(), &code("o-3")).await.unwrap().unwrap();
    assert_eq!((found.site.as_str(), found.order.article.as_str()), ("graz", "tube"));
    assert_eq!(store.order(&acme(), &code("o-4")).await.unwrap(), None);
    let written = store.order(&acme(), &code("o-1")).await.unwrap().unwrap().order;
    assert_eq!(written, order("o-1", "saw", OrderState::Running));
}

pub(crate) async fn alerts_are_filtered(store: &dyn Store) {
    let mut closed = alert(2, "linz", 20);
    assert!(closed.clear(at(21)) && closed.ack("anna", at(22)));
    let mut cleared = alert(3, "graz", 30);
    assert!(cleared.clear(at(31)));
    cleared.severity = Severity::Low;
    cleared.line = None;
    let rows = [alert(1, "linz", 10), closed.clone(), cleared]
        .map(|alert| Row::Alert(acme(), Box::new(alert)))
        .to_vec();
    put(store, rows).await;
    let ids = async |filter: AlertFilter| {
        let page = store.alerts(&acme(), &filter, &first()).await.unwrap();
        page.items.into_iter().map(|alert| alert.id.as_u128()).collect::<Vec<_>>()
    };
    let all = AlertFilter::default();
    assert_eq!(ids(all.clone()).await, [3, 2, 1]);
    assert_eq!(ids(AlertFilter { open: true, ..all.clone() }).await, [3, 1]);
    assert_eq!(ids(AlertFilter { state: Some(AlertState::Cleared), ..all.clone() }).await, [3, 2]);
    assert_eq!(ids(AlertFilter { severity: Some(Severity::Low), ..all.clone() }).await, [3]);
    assert_eq!(ids(AlertFilter { line: Some(code("saw")), ..all.clone() }).await, [2, 1]);
    assert_eq!(ids(AlertFilter { sites: Some(vec![code("graz")]), ..all }).await, [3]);
    assert_eq!(store.alert(&acme(), closed.id).await.unwrap(), Some(closed));
    assert_eq!(store.alert(&acme(), uuid(9)).await.unwrap(), None);
}

pub(crate) async fn stops_are_those_that_overlap(store: &dyn Store) {
    let rows = vec![
        Row::Stop(line("saw"), Box::new(stop(1, "s1", 10, None))),
        Row::Stop(line("saw"), Box::new(stop(1, "s1", 10, Some(20)))),
        Row::Stop(line("saw"), Box::new(stop(2, "s2", 15, Some(30)))),
        Row::Stop(line("saw"), Box::new(stop(3, "s1", 40, None))),
        Row::Stop(line("mill"), Box::new(stop(4, "s1", 15, None))),
    ];
    put(store, rows).await;
    let ids = async |machine: Option<&str>, from: Option<i64>, to: Option<i64>| {
        let filter = StopFilter {
            machine: machine.map(code),
            from: from.map(at),
            to: to.map(at),
            ..StopFilter::of(line("saw"))
        };
        let page = store.stops(&filter, &first()).await.unwrap();
        page.items.into_iter().map(|stop| stop.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(ids(None, None, None).await, [3, 2, 1]);
    assert_eq!(ids(Some("s1"), None, None).await, [3, 1]);
    assert_eq!(ids(None, Some(20), None).await, [3, 2]);
    assert_eq!(ids(None, None, Some(15)).await, [1]);
    assert_eq!(ids(None, Some(19), Some(40)).await, [2, 1]);
    assert_eq!(ids(None, Some(1_000), None).await, [3]);
}

pub(crate) async fn stops_are_found_by_reason_and_by_id(store: &dyn Store) {
    let unclassified = Stop { reason: None, ..stop(2, "s1", 20, Some(30)) };
    let classified = Stop {
        reason: Some(code("no-material")),
        comment: Some("coil was late".to_owned()),
        classified_by: Some("anna@acme.example".to_owned()),
        classified_at: Some(at(50)),
        machine_reason: Some(code("blade")),
        split_from: Some(uuid(1)),
        seqs: vec![Seq(1), Seq(2)],
        ..stop(3, "s2", 25, None)
    };
    put(
        store,
        [stop(1, "s1", 10, Some(20)), unclassified.clone(), classified.clone()]
            .map(|stop| Row::Stop(line("saw"), Box::new(stop)))
            .into(),
    )
    .await;
    let all = StopFilter::of(line("saw"));
    let ids = async |filter: &StopFilter| {
        let page = store.stops(filter, &first()).await.unwrap();
        assert_eq!(page.total, Some(page.items.len() as u64));
        page.items.into_iter().map(|stop| stop.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&StopFilter { reason: Some(code("blade")), ..all.clone() }).await, [1]);
    let empty = StopFilter { unclassified: true, ..all.clone() };
    assert_eq!(ids(&empty).await, [2]);
    assert_eq!(ids(&StopFilter { machine: Some(code("s2")), ..empty.clone() }).await, Vec::<u128>::new());
    assert_eq!(store.stop(&line("saw"), uuid(3)).await.unwrap(), Some((classified.clone(), Seq(0))));
    for (elsewhere, id) in [("saw", 9), ("mill", 3)] {
        assert_eq!(store.stop(&line(elsewhere), uuid(id)).await.unwrap(), None);
    }
    // A stop that is classified is no longer among those that are not, and the head comes with it.
    let mut append = append("line/acme/linz/saw", 0, &["a", "b"]);
    append.rows = vec![Row::Stop(line("saw"), Box::new(Stop { reason: Some(code("jam")), ..unclassified }))];
    store.commit(&batch(vec![append])).await.unwrap();
    assert_eq!(ids(&empty).await, Vec::<u128>::new());
    let (stop, head) = store.stop(&line("saw"), uuid(2)).await.unwrap().unwrap();
    assert_eq!((stop.reason, head), (Some(code("jam")), Seq(2)));
}

pub(crate) async fn samples_are_kept_once_in_time_order(store: &dyn Store) {
    let row = |line_code: &str, machine: &str, at_ms, value| {
        Row::Sample(line(line_code), Box::new(sample(machine, "load", at_ms, value)))
    };
    let (number, text) = (MeasureValue::Number, |text: &str| MeasureValue::Text(text.to_owned()));
    let rows = vec![
        row("saw", "s2", 5, MeasureValue::Flag(true)),
        row("saw", "s1", 5, number(0.1)),
        row("saw", "s1", 5, number(9.9)),
        row("saw", "s1", 3, text("hot")),
        row("mill", "s1", 4, number(7.0)),
        Row::Sample(line("saw"), Box::new(sample("s1", "speed", 4, number(-1.5)))),
    ];
    put(store, rows).await;
    put(store, vec![row("saw", "s1", 3, number(1.0)), row("saw", "s1", 9, number(3.0))]).await;
    let read = async |machine: Option<&str>, from: i64, to: i64, limit: u32| {
        let query = SampleQuery {
            line: line("saw"),
            machine: machine.map(code),
            metric: code("load"),
            from: at(from),
            to: at(to),
            limit,
        };
        store.samples(&query).await.unwrap()
    };
    let expected = [
        sample("s1", "load", 3, text("hot")),
        sample("s1", "load", 5, number(0.1)),
        sample("s2", "load", 5, MeasureValue::Flag(true)),
        sample("s1", "load", 9, number(3.0)),
    ];
    assert_eq!(read(None, 0, 100, 100).await, expected);
    assert_eq!(read(None, 3, 9, 100).await, expected[..3]);
    assert_eq!(read(None, 0, 100, 2).await, expected[..2]);
    assert_eq!(read(Some("s2"), 0, 100, 100).await, expected[2..3]);
}

pub(crate) async fn dead_letters_leave_when_resolved(store: &dyn Store) {
    let mut other_code = dead_letter(acme(), 3, "hub/v1/acme/graz/stock", 30);
    other_code.code = "too_old".to_owned();
    other_code.message_id = None;
    let letters = [
        dead_letter(acme(), 1, "hub/v1/acme/linz/saw/s1/state", 10),
        dead_letter(acme(), 2, "hub/v1/acme/linz/saw/s1/count", 20),
        other_code.clone(),
    ];
    put(store, letters.map(|letter| Row::DeadLetter(Box::new(letter))).to_vec()).await;
    let ids = async |topic_prefix: Option<&str>, code: Option<&str>| {
        let filter =
            DeadLetterFilter { topic_prefix: topic_prefix.map(str::to_owned), code: code.map(str::to_owned) };
        let page = store.dead_letters(&acme(), &filter, &first()).await.unwrap();
        page.items.into_iter().map(|letter| letter.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(ids(None, None).await, [3, 2, 1]);
    assert_eq!(ids(Some(""), None).await, [3, 2, 1]);
    assert_eq!(ids(Some("hub/v1/acme/linz/"), None).await, [2, 1]);
    assert!(ids(Some("v1/acme"), None).await.is_empty());
    assert!(ids(Some("hub/v1/%"), None).await.is_empty());
    assert_eq!(ids(None, Some("too_old")).await, [3]);
    assert_eq!(store.dead_letter(&acme(), uuid(3)).await.unwrap(), Some(other_code));
    let resolved = |id| Row::DeadLetterResolved(acme(), uuid(id));
    let late = Row::DeadLetter(Box::new(dead_letter(acme(), 4, "hub", 40)));
    put(store, vec![resolved(2), late, resolved(4)]).await;
    assert_eq!(ids(None, None).await, [3, 1]);
    assert_eq!(store.dead_letter(&acme(), uuid(2)).await.unwrap(), None);
}
