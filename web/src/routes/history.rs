//! What the routes of indicators and timelines share: spans that are asked for, and the history of a line in the store.

use actors::ports::{HourQuery, PageRequest, StateQuery, StopFilter, Store};
use domain::calendar::Plan;
use domain::history::{HourDelta, StateChange};
use domain::ids::{LineAddress, LineCode, SiteCode};
use domain::kpi::Aim;
use domain::kpi::history::{Piece, Pieces, Subject};
use domain::shift::Shift;
use domain::stop::Stop;
use domain::tenant::{LineEntry, Reason, TenantState};
use domain::vocabulary::KpiBucket;
use domain::{DurationMs, Timestamp};

use super::directory::{find_line, find_site};
use crate::auth::Caller;
use crate::extract::{MAX_PAGE_ITEMS, Query};
use crate::problem::Problem;

const DAY: DurationMs = DurationMs::from_secs(86_400);
/// The most stops that are read for one answer.
const MAX_STOPS: usize = 20_000;
/// Later than every change of state: what is in force then is the newest.
const END_OF_TIME: i64 = i64::MAX;

/// `from` and `to`: the last 24 hours unless they say otherwise.
pub(super) fn day_span(query: &mut Query, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
    let to = query.time("to")?.unwrap_or(now);
    Ok((query.time("from")?.unwrap_or(to - DAY), to))
}

/// Refuses a span that is empty or too long.
pub(super) fn check_span(from: Timestamp, to: Timestamp, longest: DurationMs) -> Result<(), Problem> {
    if from >= to {
        return Err(Problem::invalid("from", "must be before to"));
    }
    if to - from > longest {
        let days = longest.0 / DAY.0;
        return Err(Problem::invalid("from", format!("must be at most {days} days before to")));
    }
    Ok(())
}

/// A line whose history is read.
pub(super) struct LineHistory<'a> {
    address: LineAddress,
    entry: &'a LineEntry,
    plan: Plan,
}

impl<'a> LineHistory<'a> {
    /// The line that a query names, or every line of the site.
    pub(super) fn of_query(
        directory: &'a TenantState,
        caller: &Caller,
        site: &SiteCode,
        line: Option<&LineCode>,
    ) -> Result<Vec<Self>, Problem> {
        let address = caller.site(site)?;
        let site = find_site(directory, site)?;
        if let Some(line) = line {
            find_line(directory, &address.site, line)?;
        }
        let asked = site.lines.iter().filter(|(code, _)| line.is_none_or(|line| line == *code));
        let history = |(code, entry): (&LineCode, &'a LineEntry)| Self {
            address: LineAddress {
                tenant: address.tenant.clone(),
                site: address.site.clone(),
                line: code.clone(),
            },
            entry,
            plan: site.plan(),
        };
        Ok(asked.map(history).collect())
    }

    pub(super) fn code(&self) -> &LineCode {
        &self.address.line
    }

    pub(super) fn reasons(&self) -> &[Reason] {
        &self.entry.line.reasons
    }

    pub(super) fn shifts(&self, span: (Timestamp, Timestamp)) -> Vec<Shift> {
        self.plan.shifts(self.code(), span.0, span.1)
    }

    fn subject(&self) -> Subject<'_> {
        let output = self.entry.output_machine();
        Subject {
            plan: &self.plan,
            line: &self.address.line,
            output: output.map(|machine| &machine.code),
            machines: self.entry.machines.len(),
            aim: Aim {
                ideal_cycle_s: output.and_then(|machine| machine.ideal_cycle_s),
                oee_target: self.entry.line.oee_target,
            },
        }
    }

    /// The span in pieces, before anything is read.
    pub(super) fn pieces(
        &self,
        bucket: KpiBucket,
        from: Timestamp,
        to: Timestamp,
        now: Timestamp,
    ) -> Pieces<'_> {
        Pieces::of(self.subject(), bucket, from, to, now)
    }

    /// Reads what the pieces are made of and adds it up.
    pub(super) async fn sum(&self, store: &dyn Store, pieces: Pieces<'_>) -> Result<Vec<Piece>, Problem> {
        let Some((from, to)) = pieces.span() else { return Ok(Vec::new()) };
        let site = self.address.site_address();
        let query = HourQuery { site, line: Some(self.code().clone()), from, to };
        let rows = store.kpi_hours(&query).await?.into_iter();
        let hours: Vec<HourDelta> = rows
            .map(|row| HourDelta { machine: row.machine, slice: row.slice, figures: row.figures })
            .collect();
        Ok(pieces.sum(&hours, &newest_states(store, &self.address).await?))
    }

    /// The stops of the machines whose times are the line's, as far as they reach into a span.
    pub(super) async fn stops(
        &self,
        store: &dyn Store,
        span: (Timestamp, Timestamp),
    ) -> Result<Vec<Stop>, Problem> {
        let machine = self.entry.output_machine().map(|machine| machine.code.clone());
        let of = StopFilter::of(self.address.clone());
        let filter = StopFilter { machine, from: Some(span.0), to: Some(span.1), ..of };
        let mut page = PageRequest { limit: MAX_PAGE_ITEMS, cursor: None, total: false };
        let mut stops = Vec::new();
        loop {
            let read = store.stops(&filter, &page).await?;
            stops.extend(read.items);
            if stops.len() > MAX_STOPS {
                let rule = format!("the span holds more than {MAX_STOPS} stops; ask for less at a time");
                return Err(Problem::invalid("from", rule));
            }
            page.cursor = read.next_cursor;
            if page.cursor.is_none() {
                return Ok(stops);
            }
        }
    }
}

/// The newest change of state of each machine of a line.
pub(super) async fn newest_states(
    store: &dyn Store,
    line: &LineAddress,
) -> Result<Vec<StateChange>, Problem> {
    let at = Timestamp::from_millis(END_OF_TIME);
    Ok(store.machine_states(&StateQuery { line: line.clone(), machine: None, from: at, to: at }).await?)
}
