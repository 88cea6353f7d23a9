//! The actor of one tenant: owns the directory and the list of open alerts, and looks after its sites.

mod alerts;
mod children;
mod handlers;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actix::{Actor, ActorContext, ActorFutureExt, Addr, AsyncContext, Context, StreamHandler, WrapFuture};
use domain::alert::Alert;
use domain::ids::{SiteCode, StreamId, TenantCode};
use domain::tenant::TenantState;
use tokio::sync::{oneshot, watch};
use tokio_stream::wrappers::WatchStream;
use uuid::Uuid;

use crate::journal::{Progress, Writer};
use crate::mailbox;
use crate::messages::{CommandFailure, SiteSpec};
use crate::ports::{AlertFilter, PageRequest, Queries, Store, StoreError};
use crate::registry::TenantPlace;
use crate::shared::Shared;
use crate::site::SiteActor;
use crate::stream::{self, Stream};
use crate::supervision::{ChildRecord, ExitGuard, ExitReason};

/// How often is looked whether something has to be published again.
const RETRY: Duration = Duration::from_millis(20);

type TenantReply = oneshot::Sender<Result<Arc<TenantState>, CommandFailure>>;

/// What a tenant does once an append is durable: bring the sites in step, then answer.
struct Effect(Option<TenantReply>);

/// A site as its tenant sees it.
struct Child {
    record: ChildRecord,
    address: Option<Addr<SiteActor>>,
    spec: Arc<SiteSpec>,
}

/// The actor of one tenant.
pub struct TenantActor {
    shared: Arc<Shared>,
    code: TenantCode,
    stream_id: StreamId,
    guard: ExitGuard,
    stream: Option<Stream<TenantState, Effect>>,
    directory: watch::Sender<Arc<TenantState>>,
    children: BTreeMap<SiteCode, Child>,
    alerts: BTreeMap<Uuid, Alert>,
    started: Option<oneshot::Sender<()>>,
    /// The fan-out had no room for a change: everything is published again.
    republish: bool,
}

impl TenantActor {
    pub(crate) fn new(
        shared: Arc<Shared>,
        code: TenantCode,
        guard: ExitGuard,
        started: oneshot::Sender<()>,
    ) -> Self {
        Self {
            stream_id: StreamId::Tenant(code.clone()),
            shared,
            code,
            guard,
            stream: None,
            directory: watch::Sender::default(),
            children: BTreeMap::new(),
            alerts: BTreeMap::new(),
            started: Some(started),
            republish: false,
        }
    }

    fn stop(&self, ctx: &mut Context<Self>, reason: ExitReason) {
        self.guard.black_box().stopping(reason);
        ctx.stop();
    }

    fn load(&mut self, ctx: &mut Context<Self>) {
        let (shared, id, code) = (self.shared.clone(), self.stream_id.clone(), self.code.clone());
        let loading = async move {
            Writer::barrier(&shared.journal).await;
            let loaded = stream::load::<TenantState>(&*shared.store, &id).await?;
            let alerts = open_alerts(&*shared.store, &code).await?;
            Ok::<_, stream::LoadError>((loaded, alerts))
        };
        let begin = loading.into_actor(self).map(|loaded, tenant, ctx| match loaded {
            Ok((loaded, alerts)) => {
                let stream = Stream::new(tenant.stream_id.clone(), loaded, &tenant.shared.journal);
                ctx.add_stream(WatchStream::from_changes(stream.progress()));
                tenant.directory.send_replace(Arc::new(stream.committed().clone()));
                tenant.stream = Some(stream);
                tenant.alerts = alerts.into_iter().map(|alert| (alert.id, alert)).collect();
                let place = TenantPlace { address: ctx.address(), directory: tenant.directory.subscribe() };
                tenant.shared.registry.put_tenant(tenant.code.clone(), place);
                tenant.follow_directory(None, ctx);
                tenant.publish_alerts();
            }
            Err(error) => {
                tracing::error!(tenant = %tenant.code, %error, "tenant cannot be loaded");
                tenant.stop(ctx, ExitReason::LoadFailed(error.to_string()));
            }
        });
        ctx.wait(begin);
    }
}

async fn open_alerts(store: &dyn Store, tenant: &TenantCode) -> Result<Vec<Alert>, StoreError> {
    let filter = AlertFilter { open: true, ..AlertFilter::default() };
    let mut page = PageRequest { limit: 200, cursor: None, total: false };
    let mut alerts = Vec::new();
    loop {
        let read = Queries::alerts(store, tenant, &filter, &page).await?;
        alerts.extend(read.items);
        page.cursor = read.next_cursor;
        if page.cursor.is_none() {
            return Ok(alerts);
        }
    }
}

impl Actor for TenantActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(mailbox::CAPACITY);
        ctx.run_interval(RETRY, |tenant, _| {
            if std::mem::take(&mut tenant.republish) {
                tenant.publish_alerts();
            }
        });
        self.load(ctx);
    }
}

impl StreamHandler<Progress> for TenantActor {
    fn handle(&mut self, progress: Progress, ctx: &mut Self::Context) {
        self.release(progress, ctx);
    }

    fn finished(&mut self, _: &mut Self::Context) {}
}

/// However a tenant ends, its sites end with it: the next one starts its own.
impl Drop for TenantActor {
    fn drop(&mut self) {
        for site in self.children.values().filter_map(|child| child.address.as_ref()) {
            mailbox::terminate(site);
        }
    }
}
