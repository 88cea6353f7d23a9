//! Stock: movements in the order of recording, levels as they were set, and what is below its minimum.

use actors::ports::{LevelFilter, MovementFilter, Row, Store};
use domain::Quantity;
use domain::ids::SiteCode;
use domain::stock::{Delta, Movement};
use domain::vocabulary::MovementKind;

use crate::fixtures::*;

fn transfer(id: u128, article: &str, from: &str, to: &str, quantity: i64) -> Movement {
    let mut transfer = movement(id, article, Some(from), quantity);
    transfer.kind = MovementKind::Transfer;
    transfer.to_location = Some(code(to));
    transfer.deltas = vec![
        Delta { location: Some(code(from)), quantity: units(-quantity) },
        Delta { location: Some(code(to)), quantity: units(quantity) },
    ];
    transfer
}

pub(crate) async fn movements_are_listed_newest_recording_first(store: &dyn Store) {
    let mut traced = movement(3, "bar", Some("yard"), 3);
    (traced.lot, traced.order, traced.at) = (Some(code("heat-7")), Some(code("o-1")), at(-5_000));
    let rows = vec![
        Row::Movement(site("linz"), Box::new(movement(9, "bar", Some("yard"), 1))),
        Row::Movement(site("graz"), Box::new(movement(1, "tube", None, 2))),
        Row::Movement(site("linz"), Box::new(traced.clone())),
        Row::Movement(site("linz"), Box::new(transfer(2, "bar", "yard", "saw in", 1))),
    ];
    put(store, rows).await;
    let ids = async |filter: MovementFilter| {
        let page = store.movements(&acme(), &filter, &first()).await.unwrap();
        assert_eq!(page.total, Some(page.items.len() as u64));
        page.items.into_iter().map(|item| item.movement.id.as_u128()).collect::<Vec<_>>()
    };
    let all = MovementFilter::default();
    assert_eq!(ids(all.clone()).await, [2, 3, 1, 9]);
    assert_eq!(ids(MovementFilter { sites: Some(vec![code("linz")]), ..all.clone() }).await, [2, 3, 9]);
    let both: Vec<SiteCode> = vec![code("graz"), code("linz")];
    assert_eq!(ids(MovementFilter { sites: Some(both), ..all.clone() }).await, [2, 3, 1, 9]);
    assert!(ids(MovementFilter { sites: Some(Vec::new()), ..all.clone() }).await.is_empty());
    assert_eq!(ids(MovementFilter { article: Some(code("tube")), ..all.clone() }).await, [1]);
    assert_eq!(ids(MovementFilter { lot: Some(code("heat-7")), ..all.clone() }).await, [3]);
    assert_eq!(ids(MovementFilter { location: Some(code("saw in")), ..all.clone() }).await, [2]);
    assert_eq!(ids(MovementFilter { location: Some(code("yard")), ..all.clone() }).await, [2, 3, 9]);
    assert_eq!(ids(MovementFilter { order: Some(code("o-1")), ..all.clone() }).await, [3]);
    assert_eq!(ids(MovementFilter { kind: Some(MovementKind::Transfer), ..all.clone() }).await, [2]);
    let page = store.movements(&acme(), &all, &first()).await.unwrap();
    assert_eq!((page.items[1].site.as_str(), &page.items[1].movement), ("linz", &traced));
    assert!(store.article_has_movements(&acme(), &code("tube")).await.unwrap());
    assert!(!store.article_has_movements(&acme(), &code("none")).await.unwrap());
}

pub(crate) async fn a_movement_is_booked_once(store: &dyn Store) {
    let row = |quantity| Row::Movement(site("linz"), Box::new(movement(1, "bar", None, quantity)));
    put(store, vec![row(5), row(6)]).await;
    put(store, vec![row(7)]).await;
    let page = store.movements(&acme(), &MovementFilter::default(), &first()).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].movement.quantity, units(5));
}

pub(crate) async fn movements_are_found_by_id(store: &dyn Store) {
    let put_one = |number: u128, at_site: &str| {
        Row::Movement(site(at_site), Box::new(movement(number, "bar", None, number as i64)))
    };
    let mut foreign = site("linz");
    foreign.tenant = code("other");
    let theirs = Row::Movement(foreign, Box::new(movement(4, "bar", None, 4)));
    put(store, vec![put_one(1, "linz"), put_one(2, "graz"), put_one(3, "linz"), theirs]).await;
    let ids: Vec<_> = [3, 9, 4, 2].map(uuid).into();
    let found = store.movements_by_id(&acme(), &ids).await.unwrap();
    let found: Vec<_> = found.iter().map(|item| (item.site.as_str(), item.movement.id.as_u128())).collect();
    assert_eq!(found, [("linz", 3), ("graz", 2)]);
    assert!(store.movements_by_id(&acme(), &[]).await.unwrap().is_empty());
    // As many as a batch has, and more.
    let many: Vec<_> = (1..2_000).map(uuid).collect();
    assert_eq!(store.movements_by_id(&acme(), &many).await.unwrap().len(), 3);
}

pub(crate) async fn levels_are_set_and_listed(store: &dyn Store) {
    let set = |site_code: &str, article, location, lot, quantity| {
        Row::Level(site(site_code), level(article, location, lot), quantity)
    };
    let rows = vec![
        set("linz", "bar", Some("yard"), None, units(1)),
        set("linz", "bar", Some("yard"), None, Quantity::from_thousandths(-2_500).unwrap()),
        set("linz", "bar", None, None, Quantity::ZERO),
        set("linz", "bar", Some("yard"), Some("heat-7"), units(4)),
        set("linz", "bar", Some("yard"), Some("heat-8"), units(4)),
        set("graz", "tube", None, Some("heat-7"), units(9)),
        Row::Article(acme(), Box::new(article("bar", "Bar"))),
    ];
    put(store, rows).await;
    put(store, vec![set("linz", "bar", Some("yard"), Some("heat-8"), Quantity::ZERO)]).await;
    let quantities = async |filter: LevelFilter| {
        let page = store.levels(&acme(), &filter, &first()).await.unwrap();
        assert_eq!(page.total, Some(page.items.len() as u64));
        page.items.into_iter().map(|item| item.quantity.to_string()).collect::<Vec<_>>()
    };
    let all = LevelFilter::default();
    // A level of nothing is still one, but a lot that is used up is gone.
    assert_eq!(quantities(all.clone()).await, ["9", "0", "-2.5", "4"]);
    assert_eq!(
        quantities(LevelFilter { article: Some(code("bar")), ..all.clone() }).await,
        ["0", "-2.5", "4"]
    );
    assert_eq!(quantities(LevelFilter { lot: Some(code("heat-7")), ..all.clone() }).await, ["9", "4"]);
    assert_eq!(quantities(LevelFilter { location: Some(code("yard")), ..all.clone() }).await, ["-2.5", "4"]);
    assert_eq!(quantities(LevelFilter { sites: Some(vec![code("graz")]), ..all.clone() }).await, ["9"]);
    let page = store.levels(&acme(), &all, &first()).await.unwrap();
    assert_eq!(page.items[0].unit, None);
    assert_eq!(page.items[0].key, level("tube", None, Some("heat-7")));
    assert_eq!(page.items[1].unit.as_deref(), Some("kg"));
    let levels = store.all_levels(&site("linz")).await.unwrap();
    let expected = [
        (level("bar", None, None), Quantity::ZERO),
        (level("bar", Some("yard"), None), Quantity::from_thousandths(-2_500).unwrap()),
        (level("bar", Some("yard"), Some("heat-7")), units(4)),
    ];
    assert_eq!(levels, expected);
}

pub(crate) async fn below_minimum_is_by_the_sum_of_a_site(store: &dyn Store) {
    let with_minimum = |name: &str, minimum| {
        let mut article = article(name, "Bar");
        article.minimum = Some(units(minimum));
        Row::Article(acme(), Box::new(article))
    };
    let set = |site_code: &str, article, location, quantity| {
        Row::Level(site(site_code), level(article, Some(location), None), units(quantity))
    };
    let rows = vec![
        with_minimum("bar", 10),
        with_minimum("tube", 10),
        set("linz", "bar", "yard", 5),
        set("linz", "bar", "hall", 5),
        set("graz", "bar", "yard", 9),
        set("linz", "tube", "yard", 1),
        set("linz", "tube", "hall", 2),
        set("linz", "wire", "yard", 0),
    ];
    put(store, rows).await;
    let keys = async |below_minimum: Option<bool>, sites: Option<Vec<SiteCode>>| {
        let filter = LevelFilter { below_minimum, sites, ..LevelFilter::default() };
        let page = store.levels(&acme(), &filter, &first()).await.unwrap();
        assert_eq!(page.total, Some(page.items.len() as u64));
        assert!(page.items.iter().all(|item| below_minimum.is_none_or(|below| item.below_minimum == below)));
        page.items.iter().map(|item| format!("{}/{}", item.site, item.key.article)).collect::<Vec<_>>()
    };
    assert_eq!(keys(Some(true), None).await, ["graz/bar", "linz/tube", "linz/tube"]);
    assert_eq!(keys(Some(false), None).await, ["linz/bar", "linz/bar", "linz/wire"]);
    assert_eq!(keys(Some(true), Some(vec![code("graz")])).await, ["graz/bar"]);
    assert_eq!(keys(None, None).await.len(), 6);
    // A page of one item still knows of the levels on other pages.
    let filter = LevelFilter { article: Some(code("bar")), ..LevelFilter::default() };
    let items = all_pages(1, async |page| store.levels(&acme(), &filter, &page).await.unwrap()).await;
    assert_eq!(items.iter().map(|item| item.below_minimum).collect::<Vec<_>>(), [true, false, false]);
}

pub(crate) async fn sums_of_movements_are_the_levels(store: &dyn Store) {
    let mut issue = movement(2, "bar", Some("yard"), 3);
    issue.kind = MovementKind::Issue;
    issue.deltas[0].quantity = units(-3);
    let mut traced = movement(4, "bar", Some("yard"), 8);
    traced.lot = Some(code("heat-7"));
    let rows = vec![
        Row::Movement(site("linz"), Box::new(movement(1, "bar", Some("yard"), 10))),
        Row::Movement(site("linz"), Box::new(issue)),
        Row::Movement(site("linz"), Box::new(transfer(3, "bar", "yard", "hall", 2))),
        Row::Movement(site("linz"), Box::new(traced)),
        Row::Movement(site("graz"), Box::new(movement(5, "bar", Some("yard"), 100))),
    ];
    put(store, rows).await;
    let expected = [
        (level("bar", Some("hall"), None), units(2)),
        (level("bar", Some("yard"), None), units(5)),
        (level("bar", Some("yard"), Some("heat-7")), units(8)),
    ];
    assert_eq!(store.movement_sums(&site("linz")).await.unwrap(), expected);
}
