//! Commands of people: each is decided by the actor that owns the matter, and answered when it is durable.

use std::sync::Arc;

use actix::Addr;
use bytes::Bytes;
use domain::alert::Alert;
use domain::ids::{ArticleCode, LineAddress, LineCode, OrderCode, SiteAddress, SiteCode, TenantCode};
use domain::message::StockMessage;
use domain::order::{NewOrder, Order, OrderPatch};
use domain::origin::Origin;
use domain::receipt::Envelope;
use domain::site::{SiteCommand, SiteEvent, StockMove};
use domain::stock::Movement;
use domain::tenant::{Article, TenantCommand, TenantState};
use domain::vocabulary::{OrderAction, OrderState};
use domain::wire::topic::DeviceScope;
use domain::{Code, Receipt, Rejection, Timestamp};
use serde_json::Value;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::keys::movement_id;
use super::{By, CommandError, HubHandle, busy};
use crate::ingest::{ItemOutcome, Sender, Withheld};
use crate::line::LineActor;
use crate::mailbox;
use crate::messages::{
    AckAlert, CommandFailure, QuarantineItem, ReadLine, ReadQuarantine, ReleaseLine, SiteReply, SiteRequest,
    TenantRequest, line_quarantined,
};
use crate::ports::{Append, OrderFilter, PageRequest, Row};
use crate::registry::{LinePlace, TenantPlace};

pub(super) fn unknown(code: Code, field: &str, what: &dyn std::fmt::Display) -> CommandError {
    Rejection::new(code, Some(field), format!("there is no {field} {what}")).into()
}

impl HubHandle {
    pub(super) async fn answer<T>(
        &self,
        waiting: oneshot::Receiver<Result<T, CommandFailure>>,
    ) -> Result<T, CommandError> {
        match tokio::time::timeout(self.command_patience, waiting).await {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(CommandFailure::Rejected(rejection)))) => Err(rejection.into()),
            Ok(Ok(Err(CommandFailure::Saturated)) | Err(_)) => Err(busy()),
            Err(_) => Err(CommandError::Unavailable { code: "store_unavailable", retry_after_ms: 2_000 }),
        }
    }

    /// How a person's command about an order comes in, if it has a key.
    fn receipt(&self, by: &By<'_>) -> Result<Option<Receipt>, CommandError> {
        let Some(key) = &by.key else { return Ok(None) };
        let envelope = Envelope { id: Some(key.request.clone()), ..Envelope::default() };
        Ok(Some(Receipt::new(&envelope, self.shared.clock.now())?))
    }

    /// The actor of a line, if it takes messages now.
    pub(super) fn line(&self, line: &LineAddress) -> Result<Addr<LineActor>, CommandError> {
        match self.shared.registry.line(line) {
            Some(LinePlace::Up(address)) => Ok(address),
            Some(LinePlace::Restarting) => Err(busy()),
            Some(LinePlace::Quarantined) => Err(quarantined(line)),
            None => Err(unknown(Code::UnknownLine, "line", &line.line)),
        }
    }

    fn tenant(&self, tenant: &TenantCode) -> Result<TenantPlace, CommandError> {
        self.shared.registry.tenant(tenant).ok_or_else(|| unknown(Code::UnknownTenant, "tenant", tenant))
    }

    /// The directory of a tenant, as far as it is committed.
    pub async fn directory(&self, tenant: &TenantCode) -> Result<Arc<TenantState>, CommandError> {
        if !self.ensure_tenant(tenant).await? {
            return Err(unknown(Code::UnknownTenant, "tenant", tenant));
        }
        Ok(self.tenant(tenant)?.directory.borrow().clone())
    }

    /// Changes the directory. The answer is the directory after it, and every line knows of it by then.
    pub async fn tenant_command(
        &self,
        tenant: &TenantCode,
        command: TenantCommand,
    ) -> Result<Arc<TenantState>, CommandError> {
        if let TenantCommand::RemoveLine { site, line, .. } = &command {
            self.check_no_open_orders(tenant, site, line).await?;
        }
        let (reply, waiting) = oneshot::channel();
        let place = self.tenant(tenant)?;
        mailbox::post(&place.address, TenantRequest { command, reply }).map_err(|_| busy())?;
        self.answer(waiting).await
    }

    async fn check_no_open_orders(
        &self,
        tenant: &TenantCode,
        site: &SiteCode,
        line: &LineCode,
    ) -> Result<(), CommandError> {
        for state in [OrderState::Running, OrderState::Paused, OrderState::Released, OrderState::Created] {
            let filter = OrderFilter {
                sites: Some(vec![site.clone()]),
                line: Some(line.clone()),
                state: Some(state),
                article: None,
            };
            let first = PageRequest { limit: 1, ..PageRequest::default() };
            if let Some(item) = self.shared.store.orders(tenant, &filter, &first).await?.items.first() {
                let detail = format!("order {} of line {line} is {state}", item.order.code);
                return Err(Rejection::new(Code::InUse, Some("line"), detail).into());
            }
        }
        Ok(())
    }

    /// An article, as far as it is committed.
    pub async fn article(
        &self,
        tenant: &TenantCode,
        code: &ArticleCode,
    ) -> Result<Option<Arc<Article>>, CommandError> {
        Ok(self.directory(tenant).await?.article(code).cloned())
    }

    async fn site_command(
        &self,
        site: &SiteAddress,
        command: SiteCommand,
    ) -> Result<SiteReply, CommandError> {
        let address =
            self.shared.registry.site(site).ok_or_else(|| unknown(Code::UnknownSite, "site", &site.site))?;
        let (reply, waiting) = oneshot::channel();
        mailbox::post(&address, SiteRequest { command, reply }).map_err(|_| busy())?;
        self.answer(waiting).await
    }

    async fn order_command(&self, site: &SiteAddress, command: SiteCommand) -> Result<Order, CommandError> {
        // A site that accepts a command about an order has the order.
        self.site_command(site, command).await?.order.ok_or_else(busy)
    }

    /// Creates an order. Its code must be free in the whole tenant. The same command again gives the order as it
    /// is then, and so do those below.
    pub async fn create_order(
        &self,
        site: &SiteAddress,
        order: NewOrder,
        by: impl Into<By<'_>>,
    ) -> Result<Order, CommandError> {
        let key = (site.tenant.clone(), order.code.clone());
        if self.creating.pin().try_insert(key.clone(), ()).is_err() {
            return Err(busy());
        }
        let result = self.create_free_order(site, order, by.into()).await;
        self.creating.pin().remove(&key);
        result
    }

    async fn create_free_order(
        &self,
        site: &SiteAddress,
        order: NewOrder,
        by: By<'_>,
    ) -> Result<Order, CommandError> {
        let receipt = self.receipt(&by)?;
        let existing = self.shared.store.order(&site.tenant, &order.code).await?;
        // Whether an order of the site itself comes from the same command, the site knows.
        if existing.is_some_and(|existing| receipt.is_none() || existing.site != site.site) {
            let detail = format!("order {} exists already", order.code);
            return Err(Rejection::new(Code::AlreadyExists, Some("code"), detail).into());
        }
        let directory = self.directory(&site.tenant).await?;
        let command = SiteCommand::CreateOrder {
            article: directory.article(&order.article).cloned(),
            line_exists: directory.line(&site.site, &order.line).is_some(),
            order,
            by: Origin::User(by.email.to_owned()),
            receipt,
        };
        self.order_command(site, command).await
    }

    /// Changes an order's plan.
    pub async fn patch_order(
        &self,
        site: &SiteAddress,
        code: &OrderCode,
        patch: OrderPatch,
        expected_version: Option<u64>,
        by: impl Into<By<'_>>,
    ) -> Result<Order, CommandError> {
        let by = by.into();
        let receipt = self.receipt(&by)?;
        let directory = self.directory(&site.tenant).await?;
        let line_exists = patch.line.as_ref().is_none_or(|line| directory.line(&site.site, line).is_some());
        let by = Origin::User(by.email.to_owned());
        let code = code.clone();
        let command = SiteCommand::PatchOrder { code, patch, line_exists, expected_version, by, receipt };
        self.order_command(site, command).await
    }

    /// Moves an order along.
    pub async fn transition_order(
        &self,
        site: &SiteAddress,
        code: &OrderCode,
        action: OrderAction,
        expected_version: Option<u64>,
        by: impl Into<By<'_>>,
    ) -> Result<Order, CommandError> {
        let by = by.into();
        let receipt = self.receipt(&by)?;
        let by = Origin::User(by.email.to_owned());
        let code = code.clone();
        let command = SiteCommand::TransitionOrder { code, action, expected_version, by, receipt };
        self.order_command(site, command).await
    }

    /// Books movements of stock, all of them or none. The same command again gives the same movements.
    pub async fn move_stock(
        &self,
        site: &SiteAddress,
        movements: Vec<(StockMessage, Option<Timestamp>)>,
        by: impl Into<By<'_>>,
    ) -> Result<Vec<Movement>, CommandError> {
        let By { email, key } = by.into();
        let key = key.map(|key| key.name);
        let directory = self.directory(&site.tenant).await?;
        let now = self.shared.clock.now();
        let messages: Vec<_> = movements.iter().map(|(message, _)| message.clone()).collect();
        let moves = movements.into_iter().enumerate().map(|(index, (message, at))| {
            // A person may book what happened earlier: that is what `buffered` says of a device.
            let envelope = Envelope { id: key.clone(), at, buffered: true };
            Ok(StockMove {
                id: key.as_ref().map_or_else(Uuid::now_v7, |key| movement_id(site, key, now, index)),
                article: directory.article(&message.article).cloned(),
                message,
                by: Origin::User(email.to_owned()),
                receipt: Receipt::new(&envelope, now)?,
            })
        });
        let mut moves = moves.collect::<Result<Vec<_>, Rejection>>()?;
        let command = match moves.len() {
            1 => SiteCommand::MoveStock(moves.remove(0)),
            _ => SiteCommand::MoveStockBatch(moves),
        };
        let reply = self.site_command(site, command).await?;
        if let (Some(first_at), Some(key)) = (reply.first_at, &key) {
            return self.booked_before(site, key, first_at, &messages).await;
        }
        let booked = reply.events.into_iter().filter_map(|event| match event {
            SiteEvent::StockMoved { movement, .. } => Some(movement),
            _ => None,
        });
        Ok(booked.collect())
    }

    /// The view of a line: the shape of the topic `line/{site}/{line}`.
    pub async fn line_view(&self, line: &LineAddress) -> Result<Value, CommandError> {
        let (reply, waiting) = oneshot::channel();
        mailbox::post(&self.line(line)?, ReadLine(reply)).map_err(|_| busy())?;
        tokio::time::timeout(self.command_patience, waiting).await.ok().and_then(Result::ok).ok_or_else(busy)
    }

    /// Acknowledges an alert.
    pub async fn ack_alert(&self, tenant: &TenantCode, id: Uuid, by: &str) -> Result<Alert, CommandError> {
        let Some(alert) = self.shared.store.alert(tenant, id).await? else {
            return Err(unknown(Code::UnknownAlert, "alert", &id));
        };
        if alert.acked_at.is_some() {
            return Ok(alert);
        }
        let site = SiteAddress { tenant: tenant.clone(), site: alert.site.clone() };
        let Some(line) = alert.owning_line().cloned() else {
            let reply = self.site_command(&site, SiteCommand::AckAlert { id, by: by.to_owned() }).await?;
            return reply.alert.ok_or_else(|| unknown(Code::UnknownAlert, "alert", &id));
        };
        let line = LineAddress { tenant: site.tenant, site: site.site, line };
        let (reply, waiting) = oneshot::channel();
        let message = AckAlert { id, by: by.to_owned(), reply };
        mailbox::post(&self.line(&line)?, message).map_err(|_| busy())?;
        self.answer(waiting).await
    }

    /// The quarantined lines of a tenant.
    pub async fn quarantine(&self, tenant: &TenantCode) -> Vec<QuarantineItem> {
        let mut items = Vec::new();
        for site in self.shared.registry.sites_of(tenant) {
            let (reply, waiting) = oneshot::channel();
            if mailbox::post(&site, ReadQuarantine(reply)).is_ok()
                && let Ok(Ok(of_site)) = tokio::time::timeout(self.command_patience, waiting).await
            {
                items.extend(of_site);
            }
        }
        items.sort_by(|a, b| (&a.site, &a.line).cmp(&(&b.site, &b.line)));
        items
    }

    /// Lets a quarantined line go on.
    pub async fn release(&self, line: &LineAddress, by: &str) -> Result<(), CommandError> {
        let site = line.site_address();
        let address =
            self.shared.registry.site(&site).ok_or_else(|| unknown(Code::UnknownSite, "site", &site.site))?;
        let (reply, waiting) = oneshot::channel();
        let message = ReleaseLine { line: line.line.clone(), reply };
        mailbox::post(&address, message).map_err(|_| busy())?;
        match tokio::time::timeout(self.command_patience, waiting).await {
            Ok(Ok(released)) => {
                released?;
                tracing::info!(%line, by, "line is released from quarantine");
                Ok(())
            }
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }

    /// Sends a message that was set aside once more; it is gone from there unless it is refused again.
    pub async fn retry_dead_letter(
        &self,
        tenant: &TenantCode,
        id: Uuid,
        by: &str,
    ) -> Result<ItemOutcome, CommandError> {
        let letter = self.shared.store.dead_letter(tenant, id).await?;
        let letter = letter.ok_or_else(|| unknown(Code::UnknownDeadLetter, "dead letter", &id))?;
        if !letter.retryable {
            let detail = "only the beginning of this message was kept, it cannot be sent again";
            return Err(Rejection::invalid("id", detail).into());
        }
        let sender = Sender { name: by.to_owned(), scope: DeviceScope::of_tenant(tenant.clone()) };
        let payload = Bytes::from(letter.payload.clone());
        let outcome = match self.ingest.retry(&sender, &letter.topic, payload).await {
            Ok(outcome) => outcome,
            Err(Withheld::Unavailable { code, retry_after_ms }) => {
                return Err(CommandError::Unavailable { code, retry_after_ms });
            }
            Err(Withheld::Quarantined(_)) => {
                return Err(CommandError::Unavailable { code: "line_quarantined", retry_after_ms: 60_000 });
            }
        };
        if !matches!(outcome, ItemOutcome::Refused { .. }) {
            self.resolve_dead_letter(tenant, id).await?;
        }
        Ok(outcome)
    }

    /// Throws a message that was set aside away.
    pub async fn discard_dead_letter(
        &self,
        tenant: &TenantCode,
        id: Uuid,
        by: &str,
    ) -> Result<(), CommandError> {
        if self.shared.store.dead_letter(tenant, id).await?.is_none() {
            return Err(unknown(Code::UnknownDeadLetter, "dead letter", &id));
        }
        tracing::info!(%tenant, %id, by, "dead letter is discarded");
        self.resolve_dead_letter(tenant, id).await
    }

    async fn resolve_dead_letter(&self, tenant: &TenantCode, id: Uuid) -> Result<(), CommandError> {
        let rows = vec![Row::DeadLetterResolved(tenant.clone(), id)];
        let append = Append { rows, ..Append::default() };
        self.shared.journal.write_rows(append).await.map_err(|_| busy())
    }
}

fn quarantined(line: &LineAddress) -> CommandError {
    tracing::debug!(reason = %line_quarantined(line), "request to a quarantined line");
    CommandError::Unavailable { code: "line_quarantined", retry_after_ms: 60_000 }
}
