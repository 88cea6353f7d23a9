//! What the lines counted reaches the order book exactly once: by cursor, and by reading the log after a gap.

use actix::{ActorFutureExt, AsyncContext, Context, Handler, WrapFuture};
use domain::Decision;
use domain::ids::{LineAddress, LineCode, Seq, StreamId};
use domain::line::{LineFact, LineState};
use domain::site::{SiteCommand, decide};

use super::{Effect, SiteActor};
use crate::messages::LineFacts;
use crate::stream::{LoadError, decode};

/// How many events of a line are read at once.
const PAGE: usize = 2_000;

impl Handler<LineFacts> for SiteActor {
    type Result = ();

    fn handle(&mut self, news: LineFacts, ctx: &mut Context<Self>) {
        let LineFacts { line, from, to, facts } = news;
        let Some(stream) = &self.stream else { return };
        let cursor = stream.speculative().cursor(&line);
        let taken = match facts.filter(|_| from <= cursor.plus(1)) {
            Some(facts) => self.take(&line, from, to, facts),
            None => to <= cursor,
        };
        if !taken {
            if let Some(child) = self.children.get_mut(&line) {
                child.told_to = child.told_to.max(to);
            }
            self.catch_up(&line, ctx);
        }
    }
}

impl SiteActor {
    /// Takes facts in. False if they cannot be written now: they are read in the log later.
    fn take(&mut self, line: &LineCode, from: Seq, to: Seq, facts: Vec<LineFact>) -> bool {
        let now = self.shared.clock.now();
        let Some(stream) = &mut self.stream else { return true };
        let Ok(mut turn) = stream.begin() else { return false };
        let command = SiteCommand::TakeLineFacts { line: line.clone(), from, to, facts };
        match decide(stream.speculative(), command, now) {
            Ok(Decision::Accepted(events)) => {
                stream.stage(&mut turn, events, now);
                let ready = stream.finish(turn, Effect::News);
                self.perform(ready);
                true
            }
            Ok(Decision::Duplicate) => true,
            Err(rejection) => {
                tracing::debug!(site = %self.address, %line, %rejection, "facts of a line have a gap");
                false
            }
        }
    }

    /// Reads what the line's stream says after the site's cursor.
    pub(super) fn catch_up(&mut self, line: &LineCode, ctx: &mut Context<Self>) {
        let (Some(stream), Some(child)) = (&self.stream, self.children.get_mut(line)) else { return };
        if std::mem::replace(&mut child.catching_up, true) {
            return;
        }
        let after = stream.speculative().cursor(line);
        let id = StreamId::Line(LineAddress {
            tenant: self.address.tenant.clone(),
            site: self.address.site.clone(),
            line: line.clone(),
        });
        let (shared, line) = (self.shared.clone(), line.clone());
        let reading = async move {
            let events = shared.store.read(&id, after, PAGE).await?;
            let mut facts = Vec::new();
            for logged in &events {
                facts.extend(decode::<LineState>(&id, logged)?.fact(logged.seq));
            }
            let to = events.last().map(|event| event.seq);
            Ok::<_, LoadError>((to, facts, events.len() == PAGE))
        };
        ctx.spawn(reading.into_actor(self).map(move |read, site, ctx| {
            if let Some(child) = site.children.get_mut(&line) {
                child.catching_up = false;
            }
            match read {
                Ok((Some(to), facts, more)) => {
                    let taken = site.take(&line, after.plus(1), to, facts);
                    if taken && (more || site.is_behind(&line)) {
                        site.catch_up(&line, ctx);
                    } else if !taken {
                        site.catch_up_later(line, ctx);
                    }
                }
                Ok((None, ..)) if site.is_behind(&line) => site.catch_up_later(line, ctx),
                Ok((None, ..)) => {}
                Err(error) => {
                    tracing::error!(site = %site.address, %line, %error, "facts of a line cannot be read");
                    site.catch_up_later(line, ctx);
                }
            }
        }));
    }

    /// Whether the line spoke, while its stream was being read, of more than was there to read.
    fn is_behind(&self, line: &LineCode) -> bool {
        let taken = self.stream.as_ref().map(|stream| stream.speculative().cursor(line));
        let told_to = self.children.get(line).map(|child| child.told_to);
        taken < told_to
    }

    fn catch_up_later(&mut self, line: LineCode, ctx: &mut Context<Self>) {
        ctx.run_later(std::time::Duration::from_millis(200), move |site, ctx| site.catch_up(&line, ctx));
    }
}
