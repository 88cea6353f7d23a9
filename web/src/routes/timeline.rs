//! `/sites/{site}/lines/{line}/timeline`: what each machine did, which shift was on and which orders ran.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use actors::clock::Clock;
use actors::hub::HubHandle;
use actors::ports::{StateQuery, Store};
use domain::history::{StateInterval, intervals};
use domain::ids::{ArticleCode, MachineCode, OrderCode, ReasonCode};
use domain::order::Order;
use domain::vocabulary::MachineState;
use domain::{DurationMs, Timestamp};
use serde::Serialize;

use super::calendar::{ShiftView, shift_view};
use super::directory::{find_line, find_site};
use super::history::{check_span, newest_states};
use crate::auth::Caller;
use crate::extract::Query;
use crate::problem::Problem;

const LONGEST_SPAN: DurationMs = DurationMs::from_secs(7 * 86_400);
const DEFAULT_SPAN: DurationMs = DurationMs::from_secs(8 * 3600);

#[derive(Serialize)]
struct TimelineView<'a> {
    from: Timestamp,
    to: Timestamp,
    machines: BTreeMap<&'a MachineCode, MachineView<'a>>,
    shifts: Vec<ShiftView<'a>>,
    orders: Vec<OrderView>,
}

#[derive(Serialize)]
struct MachineView<'a> {
    name: &'a str,
    states: Vec<StateView>,
}

#[derive(Serialize)]
struct StateView {
    from: Timestamp,
    /// Null: it lasts.
    to: Option<Timestamp>,
    state: MachineState,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonCode>,
}

#[derive(Serialize)]
struct OrderView {
    code: OrderCode,
    article: ArticleCode,
    from: Option<Timestamp>,
    /// Null: it is not completed.
    to: Option<Timestamp>,
}

pub(super) async fn timeline(
    req: HttpRequest,
    caller: Caller,
    hub: web::Data<HubHandle>,
    store: web::Data<Arc<dyn Store>>,
    clock: web::Data<Arc<dyn Clock>>,
) -> Result<HttpResponse, Problem> {
    let now = clock.now();
    let mut query = Query::of(&req)?;
    let asked = (query.time("from")?, query.time("to")?);
    query.finish()?;
    let line = caller.line_in(&req)?;
    let directory = hub.directory(&caller.tenant).await?;
    let plan = find_site(&directory, &line.site)?.plan();
    let entry = find_line(&directory, &line.site, &line.line)?;
    let (from, to) = match asked {
        (None, None) => {
            let shift = plan.shift_at(&line.line, now);
            (shift.from, shift.to)
        }
        (from, to) => {
            let to = to.unwrap_or(now);
            (from.unwrap_or(to - DEFAULT_SPAN), to)
        }
    };
    check_span(from, to, LONGEST_SPAN)?;
    let changes = store.machine_states(&StateQuery { line: line.clone(), machine: None, from, to }).await?;
    let newest = newest_states(store.as_ref().as_ref(), &line).await?;
    let machines = entry.machines.values().map(|machine| {
        let of_machine = || changes.iter().filter(|change| change.machine == machine.code);
        let last = of_machine().next_back();
        let lasts = to > now && newest.iter().any(|change| Some(change) == last);
        let states = intervals(of_machine(), lasts, from, to).into_iter().map(state_view).collect();
        (&machine.code, MachineView { name: &machine.name, states })
    });
    let shifts = plan.shifts(&line.line, from, to);
    let orders = store.orders_between(&line, from, to).await?;
    Ok(HttpResponse::Ok().json(TimelineView {
        from,
        to,
        machines: machines.collect(),
        shifts: shifts.iter().map(|shift| shift_view(shift, &plan)).collect(),
        orders: orders.into_iter().map(order_view).collect(),
    }))
}

fn state_view(interval: StateInterval) -> StateView {
    let StateInterval { from, to, state, reason } = interval;
    StateView { from, to, state, reason }
}

fn order_view(order: Order) -> OrderView {
    let to = order.closed_at();
    OrderView { code: order.code, article: order.article, from: order.started_at, to }
}
