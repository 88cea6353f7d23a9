//! Messages to devices: the newest retained values, who subscribes to what, and a bounded queue for each session.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use actors::ports::{DeviceOutbox, OutgoingTopic};
use bytes::Bytes;
use domain::ids::TenantCode;
use domain::wire::topic::TopicFilter;
use tokio::sync::Notify;

use super::registry::Registry;
use super::stats::Stats;

/// Messages of one session that may wait to be sent; retained values do not count, each topic has one at most.
const QUEUE_CAPACITY: usize = 256;

/// Guards short critical sections; what they protect stays whole if a thread panics between them.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The quality of service of a delivery; devices get nothing with QoS 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DeliveryQos {
    AtMostOnce,
    AtLeastOnce,
}

/// When a new subscription gets the retained values (MQTT 5, section 3.8.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetainedOnSubscribe {
    Always,
    IfNew,
    Never,
}

/// A subscription of one session.
#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub(super) filter: TopicFilter,
    pub(super) qos: DeliveryQos,
    pub(super) retain_as_published: bool,
    pub(super) id: Option<NonZeroU32>,
}

/// A message on its way to one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delivery {
    pub(super) topic: String,
    pub(super) payload: Bytes,
    pub(super) qos: DeliveryQos,
    pub(super) retain: bool,
    pub(super) subscription_ids: Vec<NonZeroU32>,
    /// Only the newest value of the topic matters.
    coalesces: bool,
}

/// What waits to be sent to one session.
pub(super) struct DeliveryQueue {
    waiting: Mutex<VecDeque<Delivery>>,
    changed: Notify,
    stats: Arc<Stats>,
}

impl DeliveryQueue {
    fn push(&self, delivery: Delivery) {
        let mut waiting = lock(&self.waiting);
        let older =
            waiting.iter_mut().find(|d| delivery.coalesces && d.coalesces && d.topic == delivery.topic);
        if let Some(older) = older {
            *older = delivery;
        } else if !delivery.coalesces && waiting.iter().filter(|d| !d.coalesces).count() >= QUEUE_CAPACITY {
            self.stats.count_delivery_dropped();
            return;
        } else {
            waiting.push_back(delivery);
        }
        self.changed.notify_one();
    }

    /// Takes the oldest.
    pub(super) fn pop(&self) -> Option<Delivery> {
        lock(&self.waiting).pop_front()
    }

    /// Waits until there is one.
    pub(super) async fn filled(&self) {
        while lock(&self.waiting).is_empty() {
            self.changed.notified().await;
        }
    }
}

struct Subscriber {
    queue: Arc<DeliveryQueue>,
    subscriptions: Vec<Subscription>,
}

#[derive(Default)]
struct Tenant {
    retained: BTreeMap<String, Bytes>,
    subscribers: HashMap<u64, Subscriber>,
}

/// Takes messages for devices from the actors and keeps the newest retained value of every topic.
/// The values live in memory: the actors publish them again after a start.
#[derive(Default)]
pub struct MqttOutbox {
    tenants: Mutex<HashMap<TenantCode, Tenant>>,
    stats: Arc<Stats>,
    sessions: OnceLock<Weak<Registry>>,
}

impl MqttOutbox {
    /// An outbox without values or subscribers.
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// The counters, shared with the endpoint.
    pub fn stats(&self) -> &Arc<Stats> {
        &self.stats
    }

    /// The endpoint tells where its sessions are.
    pub(super) fn end_sessions_in(&self, sessions: &Arc<Registry>) {
        // An outbox belongs to one endpoint: a second one would find the place taken.
        let _taken = self.sessions.set(Arc::downgrade(sessions));
    }

    pub(super) fn attach(&self, tenant: &TenantCode, connection: u64) -> Arc<DeliveryQueue> {
        let queue = Arc::new(DeliveryQueue {
            waiting: Mutex::default(),
            changed: Notify::new(),
            stats: Arc::clone(&self.stats),
        });
        let subscriber = Subscriber { queue: Arc::clone(&queue), subscriptions: Vec::new() };
        lock(&self.tenants).entry(tenant.clone()).or_default().subscribers.insert(connection, subscriber);
        queue
    }

    pub(super) fn detach(&self, tenant: &TenantCode, connection: u64) {
        let mut tenants = lock(&self.tenants);
        if let Some(entry) = tenants.get_mut(tenant) {
            entry.subscribers.remove(&connection);
            if entry.subscribers.is_empty() && entry.retained.is_empty() {
                tenants.remove(tenant);
            }
        }
    }

    /// Adds or replaces a subscription and queues the retained values it selects; `false`: `limit` is reached.
    pub(super) fn subscribe(
        &self,
        tenant: &TenantCode,
        connection: u64,
        subscription: Subscription,
        on_subscribe: RetainedOnSubscribe,
        limit: usize,
    ) -> bool {
        let mut tenants = lock(&self.tenants);
        let Some(Tenant { retained, subscribers }) = tenants.get_mut(tenant) else { return false };
        let Some(subscriber) = subscribers.get_mut(&connection) else { return false };
        let known = subscriber.subscriptions.iter().position(|s| s.filter == subscription.filter);
        let is_new = known.is_none();
        match known {
            Some(index) => subscriber.subscriptions[index] = subscription.clone(),
            None if subscriber.subscriptions.len() >= limit => return false,
            None => subscriber.subscriptions.push(subscription.clone()),
        }
        let wanted = match on_subscribe {
            RetainedOnSubscribe::Always => true,
            RetainedOnSubscribe::IfNew => is_new,
            RetainedOnSubscribe::Never => false,
        };
        let selected = retained.iter().filter(|(topic, _)| wanted && subscription.filter.matches(topic));
        for (topic, payload) in selected {
            subscriber.queue.push(Delivery {
                topic: topic.clone(),
                payload: payload.clone(),
                qos: subscription.qos,
                retain: true,
                subscription_ids: subscription.id.into_iter().collect(),
                coalesces: true,
            });
        }
        true
    }

    /// Removes a subscription; `false`: there was none.
    pub(super) fn unsubscribe(&self, tenant: &TenantCode, connection: u64, filter: &str) -> bool {
        let mut tenants = lock(&self.tenants);
        let Some(subscriber) = tenants.get_mut(tenant).and_then(|t| t.subscribers.get_mut(&connection))
        else {
            return false;
        };
        let before = subscriber.subscriptions.len();
        subscriber.subscriptions.retain(|s| s.filter.as_str() != filter);
        subscriber.subscriptions.len() < before
    }
}

impl DeviceOutbox for MqttOutbox {
    fn end_sessions(&self, username: &str) {
        if let Some(sessions) = self.sessions.get().and_then(Weak::upgrade) {
            sessions.revoke(username);
        }
    }

    fn publish(&self, outgoing: OutgoingTopic) {
        let OutgoingTopic { tenant, topic, payload, retain } = outgoing;
        let mut tenants = lock(&self.tenants);
        let entry = tenants.entry(tenant).or_default();
        for subscriber in entry.subscribers.values() {
            let matching: Vec<_> =
                subscriber.subscriptions.iter().filter(|s| s.filter.matches(&topic)).collect();
            let Some(qos) = matching.iter().map(|s| s.qos).max() else { continue };
            subscriber.queue.push(Delivery {
                topic: topic.clone(),
                payload: payload.clone(),
                qos,
                retain: retain && matching.iter().any(|s| s.retain_as_published),
                subscription_ids: matching.iter().filter_map(|s| s.id).collect(),
                coalesces: retain,
            });
        }
        if retain && payload.is_empty() {
            entry.retained.remove(&topic);
        } else if retain {
            entry.retained.insert(topic, payload);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant() -> TenantCode {
        TenantCode::parse("acme").unwrap()
    }

    fn subscription(filter: &str, qos: DeliveryQos) -> Subscription {
        let filter = TopicFilter::parse(filter).unwrap();
        Subscription { filter, qos, retain_as_published: false, id: None }
    }

    fn publish(outbox: &MqttOutbox, topic: &str, payload: &'static str, retain: bool) {
        let payload = Bytes::from_static(payload.as_bytes());
        outbox.publish(OutgoingTopic { tenant: tenant(), topic: topic.to_owned(), payload, retain });
    }

    fn drain(queue: &DeliveryQueue) -> Vec<(String, String, bool)> {
        std::iter::from_fn(|| queue.pop())
            .map(|d| (d.topic, String::from_utf8(d.payload.to_vec()).unwrap(), d.retain))
            .collect()
    }

    fn row(topic: &str, payload: &str, retain: bool) -> (String, String, bool) {
        (topic.to_owned(), payload.to_owned(), retain)
    }

    #[test]
    fn a_new_subscription_gets_the_newest_retained_value() {
        let outbox = MqttOutbox::new();
        publish(&outbox, "hub/v1/acme/linz/saw/andon", "old", true);
        publish(&outbox, "hub/v1/acme/linz/saw/andon", "new", true);
        publish(&outbox, "hub/v1/acme/linz/mill/andon", "gone", true);
        publish(&outbox, "hub/v1/acme/linz/mill/andon", "", true);
        let queue = outbox.attach(&tenant(), 1);
        let wanted = subscription("hub/v1/acme/linz/+/andon", DeliveryQos::AtLeastOnce);
        assert!(outbox.subscribe(&tenant(), 1, wanted.clone(), RetainedOnSubscribe::IfNew, 4));
        assert_eq!(drain(&queue), [row("hub/v1/acme/linz/saw/andon", "new", true)]);
        assert!(outbox.subscribe(&tenant(), 1, wanted.clone(), RetainedOnSubscribe::IfNew, 4));
        assert_eq!(drain(&queue), []);
        assert!(outbox.subscribe(&tenant(), 1, wanted, RetainedOnSubscribe::Always, 4));
        assert_eq!(drain(&queue).len(), 1);
    }

    #[test]
    fn retained_values_coalesce_and_others_are_dropped_and_counted_when_the_queue_is_full() {
        let outbox = MqttOutbox::new();
        let queue = outbox.attach(&tenant(), 1);
        let all = subscription("hub/v1/acme/#", DeliveryQos::AtMostOnce);
        assert!(outbox.subscribe(&tenant(), 1, all, RetainedOnSubscribe::Always, 4));
        for _ in 0..3 {
            publish(&outbox, "hub/v1/acme/linz/saw/andon", "old", true);
        }
        for _ in 0..QUEUE_CAPACITY + 5 {
            publish(&outbox, "hub/v1/acme/linz/saw/s1/refused", "{}", false);
        }
        publish(&outbox, "hub/v1/acme/linz/saw/andon", "new", true);
        let drained = drain(&queue);
        assert_eq!(drained.len(), QUEUE_CAPACITY + 1);
        assert_eq!(drained[0], row("hub/v1/acme/linz/saw/andon", "new", false));
        assert_eq!(outbox.stats().deliveries_dropped(), 5);
    }

    #[test]
    fn another_tenant_sees_nothing_and_limits_hold() {
        let outbox = MqttOutbox::new();
        let other = TenantCode::parse("other").unwrap();
        let queue = outbox.attach(&other, 1);
        let all = subscription("#", DeliveryQos::AtMostOnce);
        assert!(outbox.subscribe(&other, 1, all, RetainedOnSubscribe::Always, 1));
        let second = subscription("hub/#", DeliveryQos::AtMostOnce);
        assert!(!outbox.subscribe(&other, 1, second, RetainedOnSubscribe::Always, 1));
        publish(&outbox, "hub/v1/acme/linz/saw/andon", "secret", true);
        assert_eq!(drain(&queue), []);
        assert!(outbox.unsubscribe(&other, 1, "#"));
        assert!(!outbox.unsubscribe(&other, 1, "#"));
    }
}
