//! The messages of a site or line as somebody watches them: bounded in number and pace, what is left out is counted.
//!
//! The gateway puts entries in, the fan-out of the topic takes them out on its tick. A tail exists only while its
//! topic does, so a packet that nobody watches costs the gateway one relaxed load ([`Registry::is_tailed`]).
//!
//! [`Registry::is_tailed`]: crate::registry::Registry::is_tailed

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::Timestamp;
use serde_json::{Map, Value};

/// How many messages a topic holds.
pub(crate) const KEPT: usize = 200;
/// How many messages are shown in one period at most.
pub(crate) const PER_PERIOD: u32 = 50;
/// So many of these places are for refused messages alone: they are what one looks for.
const FOR_REFUSED: u32 = 10;
const PERIOD: Duration = Duration::from_secs(1);

/// What waits to be shown.
#[derive(Debug)]
pub(crate) struct Tail(Mutex<State>);

#[derive(Debug)]
struct State {
    period_began: Instant,
    shown_in_period: u32,
    next_key: u64,
    waiting: VecDeque<(String, Value)>,
    /// Left out since the newest entry, and what was told of it.
    skipped: u64,
    announced: u64,
}

impl Tail {
    /// Its keys begin above those of every earlier tail of the topic, unless the clock was set back.
    pub(crate) fn new(now: Timestamp) -> Self {
        Self(Mutex::new(State {
            period_began: Instant::now(),
            shown_in_period: 0,
            next_key: u64::try_from(now.as_millis()).unwrap_or(0) * 1_000,
            waiting: VecDeque::new(),
            skipped: 0,
            announced: 0,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // What is protected stays whole if a thread panics between.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether another message is shown in detail; if not, it is counted.
    pub(crate) fn admits(&self, refused: bool, now: Instant) -> bool {
        let mut state = self.lock();
        if now.saturating_duration_since(state.period_began) >= PERIOD {
            (state.period_began, state.shown_in_period) = (now, 0);
        }
        let places = if refused { PER_PERIOD } else { PER_PERIOD - FOR_REFUSED };
        let admitted = state.shown_in_period < places;
        if admitted {
            state.shown_in_period += 1;
        } else {
            state.skipped += 1;
        }
        admitted
    }

    /// Takes an entry that was admitted; it says how many were left out before it.
    pub(crate) fn push(&self, mut entry: Value) {
        let mut state = self.lock();
        let skipped = std::mem::take(&mut state.skipped);
        add_skipped(&mut entry, skipped);
        let key = format!("{:016}", state.next_key);
        state.next_key += 1;
        state.waiting.push_back((key, entry));
        if state.waiting.len() > KEPT
            && let Some((_, oldest)) = state.waiting.pop_front()
            && let Some((_, next)) = state.waiting.front_mut()
        {
            add_skipped(next, oldest["skipped"].as_u64().unwrap_or(0) + 1);
        }
    }
}

/// Says that so many more messages were left out before this one.
fn add_skipped(entry: &mut Value, more: u64) {
    if more > 0 {
        entry["skipped"] = (entry["skipped"].as_u64().unwrap_or(0) + more).into();
    }
}

/// The fan-out's end of a tail.
pub(super) struct Tailing {
    tail: Arc<Tail>,
    shown: VecDeque<String>,
}

impl Tailing {
    pub(super) fn new(tail: Arc<Tail>) -> Self {
        Self { tail, shown: VecDeque::new() }
    }

    /// The data of the topic before anything has come.
    pub(super) fn empty() -> Value {
        Value::Object(Map::from_iter([("messages".to_owned(), Value::Object(Map::new()))]))
    }

    /// The merge patch that shows what has come, and takes away what has become too old; nothing if nothing came.
    pub(super) fn patch(&mut self) -> Option<Value> {
        let (entries, skipped) = {
            let mut state = self.tail.lock();
            let news = state.skipped != state.announced;
            state.announced = state.skipped;
            (std::mem::take(&mut state.waiting), news.then_some(state.skipped))
        };
        let mut patch = Map::new();
        if let Some(skipped) = skipped {
            // Once an entry has come it says so itself.
            let value = if skipped > 0 { skipped.into() } else { Value::Null };
            patch.insert("skipped".to_owned(), value);
        }
        if !entries.is_empty() {
            let mut messages = Map::new();
            for (key, entry) in entries {
                self.shown.push_back(key.clone());
                messages.insert(key, entry);
            }
            let too_many = self.shown.len().saturating_sub(KEPT);
            messages.extend(self.shown.drain(..too_many).map(|key| (key, Value::Null)));
            patch.insert("messages".to_owned(), Value::Object(messages));
        }
        (!patch.is_empty()).then_some(Value::Object(patch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::wire::merge_patch;
    use serde_json::json;

    fn tailing() -> (Arc<Tail>, Tailing) {
        let tail = Arc::new(Tail::new(Timestamp::from_millis(1_795_000_000_000)));
        (tail.clone(), Tailing::new(tail))
    }

    #[test]
    fn keys_are_padded_and_grow_and_the_newest_are_kept() {
        let (tail, mut tailing) = tailing();
        let mut data = Tailing::empty();
        assert_eq!(tailing.patch(), None);
        for n in 0..KEPT + 70 {
            tail.push(json!({"n": n}));
            if n % 7 == 0 {
                merge_patch::apply(&mut data, &tailing.patch().unwrap());
            }
        }
        merge_patch::apply(&mut data, &tailing.patch().unwrap());
        let messages = data["messages"].as_object().unwrap();
        let mut keys: Vec<_> = messages.keys().cloned().collect();
        keys.sort();
        assert!(keys.iter().all(|key| key.len() == 16), "{keys:?}");
        let order: Vec<_> = keys.iter().map(|key| messages[key]["n"].as_u64().unwrap()).collect();
        assert_eq!(order, (70..KEPT as u64 + 70).collect::<Vec<_>>());
        assert!(data.get("skipped").is_none());
    }

    #[test]
    fn a_flood_is_counted_not_shown_and_refusals_keep_their_places() {
        let (tail, mut tailing) = tailing();
        let now = Instant::now();
        let accepted = (0..1_000).filter(|_| tail.admits(false, now)).count();
        assert_eq!(accepted as u32, PER_PERIOD - FOR_REFUSED);
        assert_eq!(tailing.patch(), Some(json!({"skipped": 960})), "told though no entry comes after it");
        assert_eq!(tailing.patch(), None, "told once");
        let refused = (0..20).filter(|_| tail.admits(true, now)).count();
        assert_eq!(refused as u32, FOR_REFUSED);
        tail.push(json!({}));
        tail.push(json!({}));
        let patch = tailing.patch().unwrap();
        assert_eq!(patch.get("skipped"), Some(&Value::Null), "the next entry takes it over");
        let before: Vec<_> = patch["messages"].as_object().unwrap().values().map(|e| &e["skipped"]).collect();
        assert_eq!(before, [&json!(970), &Value::Null], "the gap is where the messages are missing");
        assert!(tail.admits(false, now + PERIOD), "the next period has room again");
    }

    #[test]
    fn a_fan_out_that_stands_still_makes_no_crowd() {
        let (tail, mut tailing) = tailing();
        (0..KEPT + 5).for_each(|n| tail.push(json!({"n": n})));
        let patch = tailing.patch().unwrap();
        let messages = patch["messages"].as_object().unwrap();
        assert_eq!(messages.len(), KEPT);
        let (_, oldest) = messages.iter().min_by_key(|(key, _)| key.as_str()).unwrap();
        assert_eq!(oldest, &json!({"n": 5, "skipped": 5}));
        assert_eq!(patch.get("skipped"), None);
    }
}
