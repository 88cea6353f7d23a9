//! No tenant sees another's rows, of whatever kind.

use actors::ports::{
    AlertFilter, ArticleFilter, DeadLetterFilter, HourQuery, LevelFilter, MovementFilter, OrderFilter, Row,
    SampleQuery, StateQuery, StopFilter, Store,
};
use domain::ids::{LineAddress, SiteAddress, TenantCode};
use domain::message::MeasureValue;
use domain::vocabulary::{MachineState, OrderState};

use crate::fixtures::*;

/// One row of every kind for a tenant; the keys are the same for all tenants.
fn rows_of(tenant: &TenantCode) -> Vec<Row> {
    let site = SiteAddress { tenant: tenant.clone(), site: code("linz") };
    let line = LineAddress { tenant: tenant.clone(), site: code("linz"), line: code("saw") };
    let mut named = article("bar", tenant.as_str());
    named.minimum = Some(units(10));
    vec![
        Row::Article(tenant.clone(), Box::new(named)),
        Row::Order(site.clone(), Box::new(order("o-1", "saw", OrderState::Created))),
        Row::Movement(site.clone(), Box::new(movement(1, "bar", Some("yard"), 1))),
        Row::Level(site, level("bar", Some("yard"), None), units(1)),
        Row::Alert(tenant.clone(), Box::new(alert(1, "linz", 0))),
        Row::Stop(line.clone(), Box::new(stop(1, "s1", 0, None))),
        Row::Sample(line.clone(), Box::new(sample("s1", "load", 0, MeasureValue::Number(1.0)))),
        Row::MachineState(line.clone(), Box::new(state_change("s1", 0, MachineState::Down))),
        Row::KpiHour(line, Box::new(hour_delta("s1", 0, 1, 1))),
        Row::DeadLetter(Box::new(dead_letter(tenant.clone(), 1, "hub/v1", 0))),
    ]
}

async fn count_of_everything(store: &dyn Store, tenant: &TenantCode) -> Vec<usize> {
    let site = SiteAddress { tenant: tenant.clone(), site: code("linz") };
    let line = LineAddress { tenant: tenant.clone(), site: code("linz"), line: code("saw") };
    let samples = SampleQuery {
        line: line.clone(),
        machine: None,
        metric: code("load"),
        from: at(0),
        to: at(1),
        limit: 10,
    };
    let states = StateQuery { line: line.clone(), machine: None, from: at(0), to: at(1) };
    let hours = HourQuery { site: site.clone(), line: None, from: at(0), to: at(1) };
    let stops = StopFilter::of(line);
    let below = LevelFilter { below_minimum: Some(true), ..LevelFilter::default() };
    vec![
        store.articles(tenant, &ArticleFilter::default(), &first()).await.unwrap().items.len(),
        store.orders(tenant, &OrderFilter::default(), &first()).await.unwrap().items.len(),
        store.order(tenant, &code("o-1")).await.unwrap().into_iter().count(),
        store.movements(tenant, &MovementFilter::default(), &first()).await.unwrap().items.len(),
        usize::from(store.article_has_movements(tenant, &code("bar")).await.unwrap()),
        store.movement_sums(&site).await.unwrap().len(),
        store.levels(tenant, &LevelFilter::default(), &first()).await.unwrap().items.len(),
        store.levels(tenant, &below, &first()).await.unwrap().items.len(),
        store.all_levels(&site).await.unwrap().len(),
        store.alerts(tenant, &AlertFilter::default(), &first()).await.unwrap().items.len(),
        store.alert(tenant, uuid(1)).await.unwrap().into_iter().count(),
        store.stops(&stops, &first()).await.unwrap().items.len(),
        store.samples(&samples).await.unwrap().len(),
        store.machine_states(&states).await.unwrap().len(),
        store.kpi_hours(&hours).await.unwrap().len(),
        store.dead_letters(tenant, &DeadLetterFilter::default(), &first()).await.unwrap().items.len(),
        store.dead_letter(tenant, uuid(1)).await.unwrap().into_iter().count(),
    ]
}

pub(crate) async fn tenants_do_not_see_each_other(store: &dyn Store) {
    let (other, none): (TenantCode, TenantCode) = (code("other"), code("none"));
    put(store, rows_of(&acme())).await;
    assert!(count_of_everything(store, &other).await.iter().all(|count| *count == 0));
    put(store, rows_of(&other)).await;
    for tenant in [acme(), other.clone()] {
        let counts = count_of_everything(store, &tenant).await;
        assert!(counts.iter().all(|count| *count == 1), "{counts:?}");
        let page = store.articles(&tenant, &ArticleFilter::default(), &first()).await.unwrap();
        assert_eq!((page.items[0].designation.as_str(), page.total), (tenant.as_str(), Some(1)));
    }
    assert!(count_of_everything(store, &none).await.iter().all(|count| *count == 0));
    // What one tenant removes stays with the other.
    let removed =
        vec![Row::ArticleRemoved(other.clone(), code("bar")), Row::DeadLetterResolved(other, uuid(1))];
    put(store, removed).await;
    assert!(count_of_everything(store, &acme()).await.iter().all(|count| *count == 1));
}
