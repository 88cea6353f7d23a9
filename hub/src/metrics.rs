//! The figures behind `/metrics`: every queue has a gauge, every refusal and drop a counter.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use actors::HubHandle;
use connectors::mqtt::{RefusalKind, Stats};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use web::live::LiveSessions;

/// The instruments and the registry they are read through. They keep nothing alive that they look at.
pub(crate) struct Metrics {
    /// What `/metrics` shows.
    pub(crate) registry: prometheus::Registry,
    provider: SdkMeterProvider,
}

impl Metrics {
    /// No instruments yet.
    pub(crate) fn new() -> Result<Self, OTelSdkError> {
        let registry = prometheus::Registry::new();
        let exporter = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .with_namespace("hub")
            .without_target_info()
            .scope_info_enabled(false)
            .build()?;
        let provider = SdkMeterProvider::builder().with_reader(exporter).build();
        Ok(Self { registry, provider })
    }

    /// The journal, the tree, the ways in and the live topics.
    pub(crate) fn watch_hub(&self, hub: &Arc<HubHandle>) {
        let meter = self.provider.meter("hub");
        watch_journal(&meter, hub);
        watch_tree(&meter, hub);
        watch_ingest(&meter, hub);
        watch_live_topics(&meter, hub);
    }

    /// The live sessions of the web server.
    pub(crate) fn watch_sessions(&self, sessions: &Arc<LiveSessions>) {
        let meter = self.provider.meter("live");
        gauge(&meter, "ws_sessions", "live sessions that are open", sessions, |s| {
            count(s.figures().sessions)
        });
        counter(&meter, "ws_opened", "live sessions ever opened", sessions, |s| s.figures().opened);
        counter(
            &meter,
            "ws_turned_away",
            "handshakes refused for want of room or a restart",
            sessions,
            |s| s.figures().turned_away,
        );
        counter(&meter, "ws_frames_written", "text frames written", sessions, |s| s.figures().frames_written);
        counter(&meter, "ws_left", "live sessions that the client closed", sessions, |s| s.figures().left);
        counter(&meter, "ws_lost", "live sessions whose connection broke", sessions, |s| s.figures().lost);
        let sessions = Arc::downgrade(sessions);
        meter
            .u64_observable_counter("ws_closed")
            .with_description("live sessions that the hub closed, by reason")
            .with_callback(move |observer| {
                let Some(sessions) = sessions.upgrade() else { return };
                for (code, closed) in sessions.figures().closed {
                    observer.observe(closed, &[KeyValue::new("code", code.as_str())]);
                }
            })
            .build();
    }

    /// The MQTT endpoint.
    pub(crate) fn watch_mqtt(&self, stats: &Arc<Stats>, unaudited: &Arc<AtomicU64>) {
        let meter = self.provider.meter("mqtt");
        gauge(&meter, "mqtt_connections", "sessions of devices", stats, |s| s.connections());
        gauge(&meter, "mqtt_in_flight", "messages received and not yet finished", stats, |s| s.in_flight());
        counter(&meter, "mqtt_received", "messages received", stats, |s| s.received());
        counter(&meter, "mqtt_acknowledged", "messages acknowledged", stats, |s| s.acknowledged());
        counter(&meter, "mqtt_delivered", "messages sent to devices", stats, |s| s.delivered());
        counter(&meter, "mqtt_deliveries_dropped", "messages to devices dropped", stats, |s| {
            s.deliveries_dropped()
        });
        counter(&meter, "mqtt_placements_retried", "placements that were tried again", stats, |s| {
            s.placements_retried()
        });
        counter(&meter, "mqtt_unfinished", "messages given up with their connection", stats, |s| {
            s.unfinished()
        });
        counter(&meter, "mqtt_taken_over", "sessions ended by a new one of their client id", stats, |s| {
            s.taken_over()
        });
        counter(&meter, "mqtt_lost", "sessions that ended without DISCONNECT", stats, |s| s.lost());
        counter(
            &meter,
            "mqtt_refusals_unaudited",
            "refusals the audit trail does not have",
            unaudited,
            |count| count.load(Ordering::Relaxed),
        );
        let stats = Arc::clone(stats);
        meter
            .u64_observable_counter("mqtt_refused")
            .with_description("refusals by kind")
            .with_callback(move |observer| {
                for kind in RefusalKind::ALL {
                    observer.observe(stats.refused(kind), &[KeyValue::new("kind", kind.as_str())]);
                }
            })
            .build();
    }
}

fn watch_journal(meter: &Meter, hub: &Arc<HubHandle>) {
    gauge(meter, "journal_depth", "appends that wait for a commit", hub, |hub| count(hub.journal_depth()));
    gauge(meter, "journal_capacity", "appends that may wait", hub, |_| {
        count(actors::journal::QUEUE_CAPACITY)
    });
    gauge(meter, "journal_stalled", "1 while commits fail and nothing is acknowledged", hub, |hub| {
        u64::from(flag(&hub.journal_stats().stalled))
    });
    gauge(meter, "journal_wait_microseconds", "longest wait in the last batch", hub, |hub| {
        read(&hub.journal_stats().last_wait_us)
    });
    gauge(meter, "journal_commit_microseconds", "time of the last transaction", hub, |hub| {
        read(&hub.journal_stats().last_commit_us)
    });
    counter(meter, "journal_commits", "transactions committed", hub, |hub| {
        read(&hub.journal_stats().commits)
    });
    counter(meter, "journal_appends", "appends committed", hub, |hub| read(&hub.journal_stats().appends));
    counter(meter, "journal_events", "events committed", hub, |hub| read(&hub.journal_stats().events));
    counter(meter, "journal_failures", "tries that failed because the store was away", hub, |hub| {
        read(&hub.journal_stats().failures)
    });
}

fn watch_tree(meter: &Meter, hub: &Arc<HubHandle>) {
    let hub_or_gone = Arc::downgrade(hub);
    meter
        .u64_observable_gauge("lines")
        .with_description("lines by condition")
        .with_callback(move |observer| {
            let Some(hub) = hub_or_gone.upgrade() else { return };
            let (up, restarting, quarantined) = hub.count_lines();
            for (condition, lines) in [("up", up), ("restarting", restarting), ("quarantined", quarantined)] {
                observer.observe(count(lines), &[KeyValue::new("condition", condition)]);
            }
        })
        .build();
    counter(meter, "mailbox_full", "messages that found a mailbox full", hub, |_| {
        actors::mailbox_times_full()
    });
    counter(meter, "actor_restarts", "actors started again", hub, |hub| read(&hub.tree_stats().restarts));
    counter(meter, "quarantines", "lines quarantined", hub, |hub| read(&hub.tree_stats().quarantines));
    counter(meter, "poison_messages", "messages that made an actor panic twice", hub, |hub| {
        read(&hub.tree_stats().poisoned)
    });
    counter(meter, "snapshots", "snapshots saved", hub, |hub| read(&hub.tree_stats().snapshots));
}

fn watch_ingest(meter: &Meter, hub: &Arc<HubHandle>) {
    let hub_or_gone = Arc::downgrade(hub);
    meter
        .u64_observable_counter("messages")
        .with_description("messages of devices by outcome")
        .with_callback(move |observer| {
            let Some(hub) = hub_or_gone.upgrade() else { return };
            let stats = hub.ingest().stats();
            let outcomes = [
                ("accepted", &stats.accepted),
                ("duplicate", &stats.duplicate),
                ("refused", &stats.refused),
                ("withheld", &stats.withheld),
            ];
            for (outcome, messages) in outcomes {
                observer.observe(read(messages), &[KeyValue::new("outcome", outcome)]);
            }
        })
        .build();
}

fn watch_live_topics(meter: &Meter, hub: &Arc<HubHandle>) {
    gauge(meter, "live_topics", "live topics that are kept", hub, |hub| read(&hub.fanout_stats().topics));
    gauge(meter, "live_subscriptions", "subscriptions of live topics", hub, |hub| {
        read(&hub.fanout_stats().subscriptions)
    });
    counter(meter, "live_frames", "frames handed to sessions", hub, |hub| read(&hub.fanout_stats().frames));
    counter(meter, "live_lagged", "times that a session had no room", hub, |hub| {
        read(&hub.fanout_stats().lagged)
    });
    counter(meter, "live_resets", "snapshots in place of missed deltas", hub, |hub| {
        read(&hub.fanout_stats().resets)
    });
}

fn gauge<S: Send + Sync + 'static>(
    meter: &Meter,
    name: &'static str,
    description: &'static str,
    source: &Arc<S>,
    reading: impl Fn(&S) -> u64 + Send + Sync + 'static,
) {
    let source = Arc::downgrade(source);
    let instrument = meter.u64_observable_gauge(name).with_description(description);
    instrument
        .with_callback(move |observer| {
            if let Some(source) = source.upgrade() {
                observer.observe(reading(&source), &[]);
            }
        })
        .build();
}

fn counter<S: Send + Sync + 'static>(
    meter: &Meter,
    name: &'static str,
    description: &'static str,
    source: &Arc<S>,
    reading: impl Fn(&S) -> u64 + Send + Sync + 'static,
) {
    let source = Arc::downgrade(source);
    let instrument = meter.u64_observable_counter(name).with_description(description);
    instrument
        .with_callback(move |observer| {
            if let Some(source) = source.upgrade() {
                observer.observe(reading(&source), &[]);
            }
        })
        .build();
}

fn read(value: &AtomicU64) -> u64 {
    value.load(Ordering::Relaxed)
}

fn flag(value: &AtomicBool) -> bool {
    value.load(Ordering::Relaxed)
}

fn count(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
