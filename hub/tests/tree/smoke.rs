//! The main job, once through: a message becomes state, progress and stock, and survives a restart.

use std::sync::Arc;

use actors::CommandError;
use actors::ingest::ItemOutcome;
use actors::ports::{AlertFilter, DeadLetterFilter, PageRequest, Store};
use connectors::store::MemoryStore;
use domain::Code;
use domain::tenant::TenantCommand;
use domain::vocabulary::OrderAction;

use crate::plant::{Plant, eventually, line, site, tenant};

fn refused_code(outcome: &ItemOutcome) -> Code {
    match outcome {
        ItemOutcome::Refused { rejection, .. } => rejection.code,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[actix_rt::test]
async fn a_message_becomes_state_progress_and_stock() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let plant = Plant::start(store.clone()).await;
    plant.released_order("o-1", "press").await;
    plant.step("o-1", OrderAction::Start).await.unwrap();
    plant.publish("press/m1/state", r#"{"state":"running"}"#).await;
    let outcomes =
        plant.publish("press/m1/count", r#"[{"id":"a","good":5},{"id":"a","good":5},{"good":-1}]"#).await;
    assert_eq!(outcomes[0], ItemOutcome::Accepted { id: Some("a".into()) });
    assert_eq!(outcomes[1], ItemOutcome::Duplicate { id: Some("a".into()) });
    assert_eq!(refused_code(&outcomes[2]), Code::InvalidField);
    let view = plant.view("press").await;
    assert_eq!(view["line"]["status"], "running");
    assert_eq!(view["order"]["good"], "5");
    eventually("progress reaches the order", async || {
        (plant.order("o-1").await.good.to_string() == "5").then_some(())
    })
    .await;
    plant.publish("stock", r#"{"kind":"receive","article":"beam","quantity":"10.5","id":"s1"}"#).await;
    let outcomes =
        plant.publish("press/m1/stock", r#"{"kind":"consume","article":"beam","quantity":11}"#).await;
    assert_eq!(refused_code(&outcomes[0]), Code::InsufficientStock);
    let letters =
        store.dead_letters(&tenant(), &DeadLetterFilter::default(), &PageRequest::default()).await.unwrap();
    assert_eq!(letters.items.len(), 2);
    plant.stop().await;

    let plant = Plant::start(store.clone()).await;
    assert_eq!(plant.view("press").await["order"]["good"], "5");
    let outcomes = plant.publish("press/m1/count", r#"{"id":"a","good":5}"#).await;
    assert_eq!(outcomes[0], ItemOutcome::Duplicate { id: Some("a".into()) });
    assert_eq!(store.all_levels(&site()).await.unwrap()[0].1.to_string(), "10.5");
    plant.stop().await;
    let report = actors::verify::run(&*store).await.unwrap();
    assert_eq!(report.findings, vec![]);
}

#[actix_rt::test]
async fn a_line_that_is_removed_leaves_nothing_open() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let plant = Plant::start(store.clone()).await;
    plant.released_order("o-1", "press").await;
    plant.publish("press/m1/alarm", r#"{"code":"E1","active":true,"severity":"high"}"#).await;
    let open = AlertFilter { open: true, ..AlertFilter::default() };
    let alerts = async || store.alerts(&tenant(), &open, &PageRequest::default()).await.unwrap().items;
    assert_eq!(alerts().await.len(), 1);
    let (site_code, press) = (site().site, line("press").line);
    let remove = TenantCommand::RemoveLine { site: site_code, line: press, expected_version: None };
    let refused = plant.handle().tenant_command(&tenant(), remove.clone()).await;
    assert!(matches!(refused, Err(CommandError::Rejected(rejection)) if rejection.code == Code::InUse));
    plant.step("o-1", OrderAction::Cancel).await.unwrap();
    plant.handle().tenant_command(&tenant(), remove).await.unwrap();
    eventually("the alert is closed", async || alerts().await.is_empty().then_some(())).await;
    let outcomes = plant.publish("press/m1/state", r#"{"state":"running"}"#).await;
    assert_eq!(refused_code(&outcomes[0]), Code::UnknownLine);
    plant.stop().await;
    assert_eq!(actors::verify::run(&*store).await.unwrap().findings, vec![]);
}
