//! What a site answers to a command: events, a duplicate, or a refusal that changes nothing.

use std::collections::HashSet;

use uuid::Uuid;

use super::{LineFact, SiteCommand, SiteEvent, SiteState, StockMove};
use crate::alert::{Alert, NewAlert};
use crate::decision::Decision;
use crate::ids::{ArticleCode, LineCode, OrderCode, Seq};
use crate::order::{NewOrder, Order, OrderPatch};
use crate::origin::{Origin, OriginKey};
use crate::patch::check_version;
use crate::stock::{Ledger, Movement};
use crate::tenant::Article;
use crate::vocabulary::{OrderAction, OrderState};
use crate::{Code, Rejection, Timestamp};

type Outcome = Result<Decision<SiteEvent>, Rejection>;

/// Decides a command at this instant. A refusal changes nothing and uses up no message id.
pub fn decide(state: &SiteState, command: SiteCommand, now: Timestamp) -> Outcome {
    // A batch is judged movement by movement.
    if command.sender().is_some_and(|(by, receipt)| state.is_duplicate(by, receipt))
        && !matches!(command, SiteCommand::MoveStockBatch(_))
    {
        return Ok(Decision::Duplicate);
    }
    match command {
        SiteCommand::CreateOrder { order, article, line_exists, by, receipt } => {
            let order = create_order(state, order, article.as_deref(), line_exists, now)?;
            Ok(Decision::Accepted(vec![SiteEvent::OrderCreated { order, by, receipt }]))
        }
        SiteCommand::PatchOrder { code, patch, line_exists, expected_version, by, receipt } => {
            let order = find_order(state, &code)?;
            check_version(order.version, expected_version)?;
            let changes = check_patch(order, &patch, line_exists)?;
            Ok(unless(!changes, SiteEvent::OrderPatched { code, patch, by, at: now, receipt }))
        }
        SiteCommand::TransitionOrder { code, action, expected_version, by, receipt } => {
            let order = find_order(state, &code)?;
            check_version(order.version, expected_version)?;
            let (from, to) = transition_order(state, order, action, &by)?;
            let at = receipt.as_ref().map_or(now, |receipt| receipt.at);
            let event = SiteEvent::OrderTransitioned { code, action, from, to, by, at, receipt };
            Ok(Decision::Accepted(vec![event]))
        }
        SiteCommand::MoveStock(stock_move) => {
            Ok(Decision::Accepted(vec![move_stock(state, state.ledger(), stock_move)?]))
        }
        SiteCommand::MoveStockBatch(moves) => move_batch(state, moves),
        SiteCommand::TakeLineFacts { line, from, to, facts } => take_facts(state, &line, from, to, &facts),
        SiteCommand::RaiseAlert(alert) => Ok(raise_alert(state, alert, now)),
        SiteCommand::AckAlert { id, by } => {
            let known = find_alert(state, &id)?.acked_at.is_some();
            Ok(unless(known, SiteEvent::AlertAcknowledged { id, by, at: now }))
        }
        SiteCommand::ClearAlert { id } => {
            let known = !find_alert(state, &id)?.is_active();
            Ok(unless(known, SiteEvent::AlertCleared { id, at: now }))
        }
    }
}

/// The event, unless what it says is already so.
fn unless(already: bool, event: SiteEvent) -> Decision<SiteEvent> {
    Decision::Accepted(if already { Vec::new() } else { vec![event] })
}

fn unknown_order(code: &OrderCode) -> Rejection {
    Rejection::new(Code::UnknownOrder, Some("order"), format!("there is no order {code} here"))
}

fn unknown_article(code: &ArticleCode) -> Rejection {
    Rejection::new(Code::UnknownArticle, Some("article"), format!("there is no article {code}"))
}

fn unknown_line(line: &LineCode) -> Rejection {
    Rejection::new(Code::UnknownLine, Some("line"), format!("there is no line {line} in this site"))
}

fn find_order<'a>(state: &'a SiteState, code: &OrderCode) -> Result<&'a Order, Rejection> {
    state.order(code).ok_or_else(|| unknown_order(code))
}

fn find_alert<'a>(state: &'a SiteState, id: &Uuid) -> Result<&'a Alert, Rejection> {
    state
        .alert(id)
        .ok_or_else(|| Rejection::new(Code::UnknownAlert, Some("id"), format!("there is no open alert {id}")))
}

fn create_order(
    state: &SiteState,
    order: NewOrder,
    article: Option<&Article>,
    line_exists: bool,
    now: Timestamp,
) -> Result<Order, Rejection> {
    if article.is_none() {
        return Err(unknown_article(&order.article));
    }
    if !line_exists {
        return Err(unknown_line(&order.line));
    }
    if state.order(&order.code).is_some() {
        return Err(Rejection::new(
            Code::AlreadyExists,
            Some("code"),
            format!("order {} exists already", order.code),
        ));
    }
    order.into_order(now)
}

/// Whether the patch changes anything.
fn check_patch(order: &Order, patch: &OrderPatch, line_exists: bool) -> Result<bool, Rejection> {
    if let Some(line) = &patch.line
        && !line_exists
    {
        return Err(unknown_line(line));
    }
    order.check_patch(patch)
}

/// The states before and after a step.
fn transition_order(
    state: &SiteState,
    order: &Order,
    action: OrderAction,
    by: &Origin,
) -> Result<(OrderState, OrderState), Rejection> {
    if let Some(key) = by.key() {
        check_device_step(order, action, key)?;
    }
    let to = order.step(action)?;
    if to == OrderState::Running
        && let Some(other) = state.running_on(&order.line)
    {
        return Err(Rejection::new(
            Code::LineBusy,
            Some("order"),
            format!("order {} runs on line {}", other.code, order.line),
        ));
    }
    Ok((order.state, to))
}

fn check_device_step(order: &Order, action: OrderAction, key: &OriginKey) -> Result<(), Rejection> {
    let OriginKey::Machine { line, machine: _ } = key else {
        return Err(unknown_order(&order.code));
    };
    if *line != order.line {
        return Err(unknown_order(&order.code));
    }
    match action {
        OrderAction::Start | OrderAction::Pause | OrderAction::Resume | OrderAction::Complete => Ok(()),
        OrderAction::Release | OrderAction::Cancel => {
            Err(Rejection::invalid("action", "must be one of start pause resume complete"))
        }
    }
}

/// Judges a change of stock against `ledger`: the site's own, or that of a batch so far.
fn move_stock(state: &SiteState, ledger: &Ledger, stock_move: StockMove) -> Result<SiteEvent, Rejection> {
    let StockMove { id, message, article, by, receipt } = stock_move;
    let article = article.ok_or_else(|| unknown_article(&message.article))?;
    if let Some(code) = &message.order {
        find_order(state, code)?;
    }
    let deltas = ledger.plan(&message, &article)?;
    let movement = Movement {
        id,
        kind: message.kind,
        article: message.article,
        quantity: message.quantity,
        deltas,
        unit: article.unit.clone(),
        lot: message.lot,
        location: message.location,
        to_location: message.to_location,
        order: message.order,
        at: receipt.at,
        origin: by,
    };
    Ok(SiteEvent::StockMoved { movement, receipt })
}

fn move_batch(state: &SiteState, moves: Vec<StockMove>) -> Outcome {
    let mut ahead = state.ledger().part(moves.iter().map(|stock_move| &stock_move.message));
    let mut ids = HashSet::new();
    let mut events = Vec::with_capacity(moves.len());
    let empty = moves.is_empty();
    for (index, stock_move) in moves.into_iter().enumerate() {
        let id = stock_move.by.key().cloned().zip(stock_move.receipt.id.clone());
        if state.is_duplicate(&stock_move.by, &stock_move.receipt) || id.is_some_and(|id| !ids.insert(id)) {
            continue;
        }
        let event = move_stock(state, &ahead, stock_move).map_err(|mut refusal| {
            let field = refusal.field.take().map(|field| format!(".{field}")).unwrap_or_default();
            refusal.field = Some(format!("movements[{index}]{field}"));
            refusal
        })?;
        if let SiteEvent::StockMoved { movement, .. } = &event {
            ahead.apply(movement);
        }
        events.push(event);
    }
    Ok(if events.is_empty() && !empty { Decision::Duplicate } else { Decision::Accepted(events) })
}

/// Takes what is new. Facts of one order that follow each other become one event, and the last event's place is
/// `to`, so that the site's cursor stands where the line has spoken to.
fn take_facts(state: &SiteState, line: &LineCode, from: Seq, to: Seq, facts: &[LineFact]) -> Outcome {
    let cursor = state.cursor(line);
    if from > cursor.plus(1) {
        return Err(Rejection::new(
            Code::PreconditionFailed,
            Some("from"),
            format!("the site has taken line {line} up to {cursor}, so {} is next", cursor.plus(1)),
        ));
    }
    if to <= cursor {
        return Ok(Decision::Duplicate);
    }
    let mut events: Vec<SiteEvent> = Vec::new();
    for fact in facts.iter().filter(|fact| fact.seq() > cursor && fact.seq() <= to) {
        let LineFact::Produced { seq, order, good, scrap, at } = fact;
        match events.last_mut() {
            Some(SiteEvent::ProgressTaken { line_seq, order: same, good: g, scrap: s, at: last, .. })
                if same == order =>
            {
                *line_seq = *seq;
                *g = g.saturating_add(*good);
                *s = s.saturating_add(*scrap);
                *last = (*last).max(*at);
            }
            _ => events.push(SiteEvent::ProgressTaken {
                line: line.clone(),
                line_seq: *seq,
                order: order.clone(),
                good: *good,
                scrap: *scrap,
                at: *at,
            }),
        }
    }
    match events.last_mut() {
        Some(SiteEvent::ProgressTaken { line_seq, .. }) => *line_seq = to,
        _ => events.push(SiteEvent::LineFollowed { line: line.clone(), line_seq: to }),
    }
    Ok(Decision::Accepted(events))
}

fn raise_alert(state: &SiteState, alert: NewAlert, now: Timestamp) -> Decision<SiteEvent> {
    let already = state.alert(&alert.id).is_some() || alert.is_active_in(state.alerts());
    unless(already, SiteEvent::AlertRaised { alert: alert.raise(now) })
}
