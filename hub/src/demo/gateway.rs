//! The gateway of a simulated line: first it sends what it kept while nobody listened, then what happens.

use std::net::SocketAddr;
use std::time::Duration;

use actors::HubHandle;
use anyhow::Context;
use bytes::Bytes;
use connectors::feeds::mqtt_publisher::{MqttPublisher, MqttTarget};
use connectors::feeds::replay::{ClockPace, Pace, Publisher};
use domain::ids::{MachineCode, OrderCode};
use domain::message::{Content, DeviceMessage, OrderMessage};
use domain::receipt::Envelope;
use domain::vocabulary::OrderAction;
use domain::wire::payload::encode;
use domain::wire::topic::DeviceTopic;
use domain::{DurationMs, Timestamp};
use plant::{LineModel, Plant, PlantModel, Reporting, Sent};
use tokio::sync::watch;

use super::devices::Scope;
use super::orders::Job;
use super::plan::Misfit;
use crate::accounts::DeviceCredential;

const MAX_IN_FLIGHT: u16 = 16;
/// Messages of the past are sent so many at once.
const BATCH: usize = 500;
/// What is older than this when it can be sent was kept, and is said to be.
const KEPT_AFTER: DurationMs = DurationMs::from_secs(60);
/// A gateway that is further behind (the computer slept) has a past to tell.
const BEHIND: DurationMs = DurationMs::from_secs(5 * 60);
/// A gateway keeps no more than this.
pub(super) const LONGEST_PAST: DurationMs = DurationMs::from_secs(24 * 3600);
/// How long the line may take to learn of the order that its gateway started.
const ORDER_PATIENCE: Duration = Duration::from_secs(10);
const ORDER_POLL: Duration = Duration::from_millis(20);

/// What begins with a line that nobody has heard of.
#[derive(Clone, Debug)]
pub(super) struct Beginning {
    /// The order that was started, on which machine, and when.
    pub(super) order: OrderCode,
    pub(super) machine: MachineCode,
    pub(super) started: Timestamp,
    /// What the gateway says wrong.
    pub(super) misfits: Vec<Misfit>,
}

/// A gateway that has not told its past yet. Whoever waits for it waits no longer than it lives.
struct Untold(watch::Sender<usize>);

impl Drop for Untold {
    fn drop(&mut self) {
        self.0.send_modify(|gateways| *gateways = gateways.saturating_sub(1));
    }
}

/// A line and its gateway.
pub(super) struct Gateway {
    pub(super) hub: HubHandle,
    pub(super) model: LineModel,
    pub(super) seed: u64,
    /// From when on it has something to tell.
    pub(super) from: Timestamp,
    pub(super) beginning: Option<Beginning>,
    pub(super) job: watch::Receiver<Job>,
    /// Gateways that have not told their past yet.
    pub(super) untold: watch::Sender<usize>,
}

impl Gateway {
    /// What it speaks for.
    pub(super) fn scope(&self) -> Scope {
        Scope { line: self.model.address.clone(), machine: None }
    }

    /// Runs the line for ever.
    pub(super) async fn run(self, endpoint: SocketAddr, credential: DeviceCredential) -> anyhow::Result<()> {
        let publisher = MqttPublisher::start(MqttTarget {
            host: endpoint.ip().to_string(),
            port: endpoint.port(),
            client_id: self.scope().client_id(),
            credentials: Some((credential.username, credential.token)),
            max_in_flight: MAX_IN_FLIGHT,
        });
        let line = self.model.address.clone();
        self.play(&publisher).await.with_context(|| format!("the gateway of {line}"))
    }

    async fn play(mut self, publisher: &MqttPublisher) -> anyhow::Result<()> {
        let untold = Untold(self.untold.clone());
        if let Some(beginning) = &self.beginning {
            self.start_order(beginning, publisher).await?;
        }
        let mut known = self.begin_with_job();
        let mut plant = self.plant_from(self.from, Reporting::PAST);
        self.tell_past(&mut plant, publisher).await?;
        for Misfit { topic, payload } in self.beginning.iter().flat_map(|beginning| &beginning.misfits) {
            let topic = format!("hub/v1/{}/{topic}", self.model.address);
            publisher.publish(topic, Bytes::from(payload.clone())).await?;
        }
        publisher.drain().await?;
        drop(untold);
        plant.report(Reporting::LIVE);
        let pace = ClockPace::new(self.hub.clock().clone());
        while let Some(due) = plant.due() {
            let behind = self.hub.clock().now() - due;
            if behind > LONGEST_PAST {
                plant = self.plant_from(self.hub.clock().now() - LONGEST_PAST, Reporting::PAST);
            }
            if behind > BEHIND {
                plant.report(Reporting::PAST);
                self.tell_past(&mut plant, publisher).await?;
                plant.report(Reporting::LIVE);
                continue;
            }
            tokio::select! {
                () = pace.wait_until(due.to_jiff()) => {
                    let Some(sent) = plant.next() else { break };
                    let (topic, payload) = self.written(sent);
                    publisher.publish(topic.to_string(), payload.into()).await?;
                }
                Ok(()) = self.job.changed() => {
                    if let Some((code, article)) = self.job.borrow_and_update().clone()
                        && known.as_ref() != Some(&code)
                    {
                        plant.take_order(&self.model.address, &article);
                        known = Some(code);
                    }
                }
            }
        }
        Ok(())
    }

    fn plant_from(&self, from: Timestamp, reporting: Reporting) -> Plant {
        Plant::new(PlantModel { lines: vec![self.model.clone()] }, self.seed, from, reporting)
    }

    /// The machines are set for what runs already; the order they are set for.
    fn begin_with_job(&mut self) -> Option<OrderCode> {
        let job = self.job.borrow_and_update().clone();
        let (code, article) = job.unzip();
        if let Some(article) = article {
            self.model.article = article;
        }
        code.or_else(|| self.beginning.as_ref().map(|beginning| beginning.order.clone()))
    }

    /// Somebody started the order some time ago; what is made from then on is the order's.
    async fn start_order(&self, beginning: &Beginning, publisher: &MqttPublisher) -> anyhow::Result<()> {
        let Beginning { order, machine, started, .. } = beginning;
        let envelope = Envelope { id: None, at: Some(*started), buffered: true };
        let content = OrderMessage { order: order.clone(), action: OrderAction::Start };
        let message = DeviceMessage { envelope, content: Content::Order(content) };
        let topic = format!("hub/v1/{}/{machine}/order", self.model.address);
        publisher.publish(topic, encode(&message).into()).await?;
        publisher.drain().await?;
        // The line learns of it from its site, a moment later.
        let line_knows = async {
            loop {
                let view = self.hub.line_view(&self.model.address).await?;
                if view["order"]["code"].as_str() == Some(order.as_str()) {
                    return anyhow::Ok(());
                }
                tokio::time::sleep(ORDER_POLL).await;
            }
        };
        tokio::time::timeout(ORDER_PATIENCE, line_knows).await.context("the first order did not start")?
    }

    /// Sends what happened until now, many messages at once.
    async fn tell_past(&self, plant: &mut Plant, publisher: &MqttPublisher) -> anyhow::Result<()> {
        let mut batch: Vec<(DeviceTopic, Vec<String>)> = Vec::new();
        let mut size = 0;
        while plant.due().is_some_and(|due| due <= self.hub.clock().now()) {
            let Some(sent) = plant.next() else { break };
            let (topic, payload) = self.written(sent);
            match batch.iter_mut().find(|(known, _)| *known == topic) {
                Some((_, payloads)) => payloads.push(payload),
                None => batch.push((topic, vec![payload])),
            }
            size += 1;
            if size == BATCH {
                send_batch(std::mem::take(&mut batch), publisher).await?;
                size = 0;
            }
        }
        send_batch(batch, publisher).await?;
        Ok(publisher.drain().await?)
    }

    fn written(&self, sent: Sent) -> (DeviceTopic, String) {
        let Sent { at, topic, mut message } = sent;
        message.envelope.buffered |= self.hub.clock().now() - at > KEPT_AFTER;
        (topic, encode(&message))
    }
}

/// Every topic's messages as an array, in their order.
async fn send_batch(batch: Vec<(DeviceTopic, Vec<String>)>, publisher: &MqttPublisher) -> anyhow::Result<()> {
    for (topic, payloads) in batch {
        publisher.publish(topic.to_string(), format!("[{}]", payloads.join(",")).into()).await?;
    }
    Ok(())
}
