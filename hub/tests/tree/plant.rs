//! A small plant for tests: one tenant, one site, two lines, over any store.

use std::sync::Arc;
use std::time::Duration;

use actors::clock::{Clock, SystemClock};
use actors::ingest::{ItemOutcome, Pending, Sender};
use actors::ports::{DiscardOutbox, Store, TenantRecord};
use actors::supervision::RestartPolicy;
use actors::{CommandError, Hub, HubHandle, HubOptions};
use bytes::Bytes;
use domain::ids::{LineAddress, SiteAddress, TenantCode};
use domain::order::{NewOrder, Order};
use domain::tenant::{NewArticle, NewLine, NewMachine, NewSite, TenantCommand, TimeZoneName};
use domain::vocabulary::OrderAction;
use domain::wire::topic::DeviceScope;
use serde_json::Value;

/// The tenant of the tests.
pub fn tenant() -> TenantCode {
    TenantCode::parse("acme").unwrap()
}

/// The site of the tests.
pub fn site() -> SiteAddress {
    SiteAddress { tenant: tenant(), site: "lyon".parse().unwrap() }
}

/// A line of it.
pub fn line(code: &str) -> LineAddress {
    LineAddress { tenant: tenant(), site: site().site, line: code.parse().unwrap() }
}

/// A running plant.
pub struct Plant {
    /// The running hub.
    pub hub: Hub,
}

impl Plant {
    /// Starts a hub on the store; builds the plant if the store is empty.
    pub async fn start(store: Arc<dyn Store>) -> Self {
        let first_delay = Duration::from_millis(5);
        Self::start_with(store, RestartPolicy { first_delay, ..RestartPolicy::default() }).await
    }

    /// The same, with another policy of restarts.
    pub async fn start_with(store: Arc<dyn Store>, policy: RestartPolicy) -> Self {
        let fresh = store.tenants().await.unwrap().is_empty();
        if fresh {
            store.create_tenant(&TenantRecord { code: tenant(), name: "Acme".into() }).await.unwrap();
        }
        let options = HubOptions { policy, ..HubOptions::default() };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let hub = Hub::start(options, store, clock, Arc::new(DiscardOutbox)).await.unwrap();
        let plant = Self { hub };
        if fresh {
            plant.build().await;
        }
        plant
    }

    /// The door.
    pub fn handle(&self) -> &HubHandle {
        &self.hub.handle
    }

    async fn build(&self) {
        let site_code = site().site;
        let command = |command| self.handle().tenant_command_owned(command);
        command(TenantCommand::AddSite(NewSite {
            code: site_code.clone(),
            name: "Lyon".into(),
            time_zone: TimeZoneName::parse("Europe/Paris").unwrap(),
        }))
        .await;
        for code in ["press", "saw"] {
            let line = NewLine {
                code: code.parse().unwrap(),
                name: code.into(),
                reasons: Vec::new(),
                oee_target: None,
            };
            command(TenantCommand::AddLine { site: site_code.clone(), line }).await;
            for (machine, output) in [("m1", true), ("m2", false), ("m3", false)] {
                let machine = NewMachine {
                    code: machine.parse().unwrap(),
                    name: machine.into(),
                    output,
                    ideal_cycle_s: Some(2.0),
                    ideal_cycles: Default::default(),
                };
                let (site, line) = (site_code.clone(), code.parse().unwrap());
                command(TenantCommand::AddMachine { site, line, machine }).await;
            }
        }
        command(TenantCommand::AddArticle(NewArticle {
            code: "beam".parse().unwrap(),
            designation: "Beam".into(),
            unit: "pcs".parse().unwrap(),
            category: None,
            price: None,
            minimum: None,
            allow_negative: false,
            metadata: None,
        }))
        .await;
    }

    /// Sends one packet as a device of the tenant.
    pub async fn publish(&self, topic: &str, payload: &str) -> Vec<ItemOutcome> {
        self.send(topic, payload).await.outcome().await.unwrap()
    }

    /// Sends one packet and does not wait for what comes of it.
    pub async fn send(&self, topic: &str, payload: &str) -> Pending {
        let sender = Sender { name: "tester".into(), scope: DeviceScope::of_tenant(tenant()) };
        let topic = format!("hub/v1/acme/lyon/{topic}");
        let ingest = self.handle().ingest();
        ingest.send(&sender, &topic, Bytes::from(payload.to_owned())).await.unwrap()
    }

    /// Creates an order on a line and releases it.
    pub async fn released_order(&self, code: &str, line: &str) -> Order {
        let order = NewOrder {
            code: code.parse().unwrap(),
            article: "beam".parse().unwrap(),
            quantity: "1000".parse().unwrap(),
            line: line.parse().unwrap(),
            due: None,
            priority: None,
            customer: None,
        };
        self.handle().create_order(&site(), order, "planner").await.unwrap();
        self.step(code, OrderAction::Release).await.unwrap()
    }

    /// Moves an order along.
    pub async fn step(&self, code: &str, action: OrderAction) -> Result<Order, CommandError> {
        self.handle().transition_order(&site(), &code.parse().unwrap(), action, None, "planner").await
    }

    /// An order as the store has it.
    pub async fn order(&self, code: &str) -> Order {
        self.handle().store().order(&tenant(), &code.parse().unwrap()).await.unwrap().unwrap().order
    }

    /// The view of a line.
    pub async fn view(&self, code: &str) -> Value {
        self.handle().line_view(&line(code)).await.unwrap()
    }

    /// Stops the hub; everything is durable then.
    pub async fn stop(self) {
        assert!(self.hub.stop(Duration::from_secs(10)).await, "the hub stops in time");
    }
}

/// A command that must work.
trait MustWork {
    async fn tenant_command_owned(&self, command: TenantCommand);
}

impl MustWork for HubHandle {
    async fn tenant_command_owned(&self, command: TenantCommand) {
        self.tenant_command(&tenant(), command).await.unwrap();
    }
}

/// Waits until the condition gives something; fails after 10 s.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut condition: impl FnMut() -> F) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        assert!(tokio::time::Instant::now() < deadline, "{what}: not within 10 s");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
