//! One live topic: its data, its place (epoch, seq), its encoded frames, and what a late comer missed.

use std::collections::VecDeque;

use bytestring::ByteString;
use domain::Timestamp;
use domain::wire::frame::{Data, Position, Reset, ServerFrame};
use domain::wire::merge_patch;
use domain::wire::topic::LiveTopic;
use serde_json::{Map, Value};

/// How many deltas are kept for those who come back.
const MAX_KEPT: usize = 256;
/// How many bytes of deltas are kept at most.
const MAX_KEPT_BYTES: usize = 512 * 1024;

struct Kept {
    prev: u64,
    frame: ByteString,
}

/// A topic that somebody looks at.
pub(super) struct Topic {
    name: LiveTopic,
    epoch: u64,
    seq: u64,
    at: Timestamp,
    data: Option<Value>,
    kept: VecDeque<Kept>,
    kept_bytes: usize,
    snapshot: Option<ByteString>,
}

impl Topic {
    /// A topic without data. Its seqs go on from `seq`, so that they never go back within an epoch.
    pub(super) fn new(name: LiveTopic, epoch: u64, seq: u64) -> Self {
        Self {
            name,
            epoch,
            seq,
            at: Timestamp::default(),
            data: None,
            kept: VecDeque::new(),
            kept_bytes: 0,
            snapshot: None,
        }
    }

    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    pub(super) fn has_data(&self) -> bool {
        self.data.is_some()
    }

    /// Sets the data at a path (the whole of it at the empty path; `None` removes), and gives the frame that
    /// says so to those who have the topic. No frame if nothing changed, or nobody can have it yet.
    pub(super) fn set(
        &mut self,
        path: &[String],
        value: Option<Value>,
        now: Timestamp,
    ) -> Option<ByteString> {
        let Some(data) = &mut self.data else {
            if let (true, Some(value)) = (path.is_empty(), value) {
                self.data = Some(value);
                self.at = now;
                self.seq += 1;
            }
            return None;
        };
        let patch = change(data, path, value)?;
        Some(self.delta(&patch, now))
    }

    /// Merges a patch into the data, and gives the frame that says so to those who have the topic.
    pub(super) fn merge(&mut self, patch: &Value, now: Timestamp) -> Option<ByteString> {
        merge_patch::apply(self.data.as_mut()?, patch);
        Some(self.delta(patch, now))
    }

    fn delta(&mut self, patch: &Value, now: Timestamp) -> ByteString {
        let prev = self.seq;
        self.seq += 1;
        self.at = now;
        self.snapshot = None;
        let position = Position { epoch: self.epoch, seq: self.seq };
        let delta =
            ServerFrame::Delta { topic: &self.name, position, prev, at: now, data: Data::Value(patch) };
        let frame = ByteString::from(delta.encode());
        self.keep(prev, frame.clone());
        frame
    }

    fn keep(&mut self, prev: u64, frame: ByteString) {
        self.kept_bytes += frame.len();
        self.kept.push_back(Kept { prev, frame });
        while self.kept.len() > MAX_KEPT || self.kept_bytes > MAX_KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.kept_bytes -= oldest.frame.len();
        }
    }

    /// The frame with the whole of the data, if there is any yet.
    pub(super) fn snapshot(&mut self, reset: Option<Reset>) -> Option<ByteString> {
        let encode = |data: &Value| {
            let position = Position { epoch: self.epoch, seq: self.seq };
            let frame = ServerFrame::Snapshot {
                topic: &self.name,
                position,
                at: self.at,
                reset,
                data: Data::Value(data),
            };
            ByteString::from(frame.encode())
        };
        if reset.is_some() {
            return self.data.as_ref().map(encode);
        }
        if self.snapshot.is_none() {
            self.snapshot = self.data.as_ref().map(encode);
        }
        self.snapshot.clone()
    }

    /// The frames that bring a client from its position to now, if that is possible.
    pub(super) fn resume(&self, since: Position) -> Option<Vec<ByteString>> {
        if since.epoch != self.epoch || self.data.is_none() {
            return None;
        }
        let missed = if since.seq == self.seq {
            self.kept.len()
        } else {
            self.kept.iter().position(|kept| kept.prev == since.seq)?
        };
        let resumed = ServerFrame::Resumed { topic: &self.name, position: since };
        let deltas = self.kept.iter().skip(missed).map(|kept| kept.frame.clone());
        Some(std::iter::once(ByteString::from(resumed.encode())).chain(deltas).collect())
    }

    /// The frame that says that the topic is no more.
    pub(super) fn gone(&self, code: &str, detail: &str) -> ByteString {
        let topic = self.name.to_string();
        ByteString::from(ServerFrame::Error { topic: Some(&topic), code, detail }.encode())
    }
}

/// Sets the value at the path and gives the merge patch that does the same; `None` if nothing changes.
fn change(data: &mut Value, path: &[String], value: Option<Value>) -> Option<Value> {
    let Some((last, parents)) = path.split_last() else {
        let new = value?;
        let patch = merge_patch::diff(data, &new)?;
        *data = new;
        return Some(patch);
    };
    let mut place = data;
    for name in parents {
        let object = place.as_object_mut()?;
        if value.is_none() && !object.contains_key(name) {
            return None;
        }
        place = object.entry(name.as_str()).or_insert_with(|| Value::Object(Map::new()));
    }
    let object = place.as_object_mut()?;
    let patch = match (object.get(last), value) {
        (None, None) => return None,
        (Some(_), None) => {
            object.remove(last);
            Value::Null
        }
        (Some(old), Some(new)) => {
            let patch = merge_patch::diff(old, &new)?;
            object.insert(last.clone(), new);
            patch
        }
        (None, Some(new)) => {
            object.insert(last.clone(), new.clone());
            new
        }
    };
    Some(path.iter().rev().fold(patch, |inner, name| Value::Object(Map::from_iter([(name.clone(), inner)]))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn topic() -> Topic {
        let mut topic = Topic::new("alerts".parse().unwrap(), 3, 10);
        topic.set(&[], Some(json!({"a": {}})), Timestamp::default());
        topic
    }

    fn data_of(frame: &ByteString) -> (u64, Option<u64>, Value) {
        let frame: Value = serde_json::from_str(frame).unwrap();
        (frame["seq"].as_u64().unwrap(), frame["prev"].as_u64(), frame["data"].clone())
    }

    #[test]
    fn resumes_where_it_can() {
        let mut topic = topic();
        let start = Position { epoch: 3, seq: topic.seq() };
        let path = |name: &str| vec!["a".to_owned(), name.to_owned()];
        topic.set(&path("x"), Some(json!(1)), Timestamp::default()).unwrap();
        topic.set(&path("x"), None, Timestamp::default()).unwrap();
        assert!(topic.set(&path("x"), None, Timestamp::default()).is_none(), "nothing changed");
        assert_eq!(topic.resume(start).unwrap().len(), 3);
        assert_eq!(topic.resume(Position { seq: topic.seq(), ..start }).unwrap().len(), 1);
        assert!(topic.resume(Position { epoch: 2, ..start }).is_none());
        assert!(topic.resume(Position { seq: 5, ..start }).is_none());
    }

    proptest! {
        #[test]
        fn snapshot_and_deltas_make_the_snapshot(
            changes in prop::collection::vec((0_u8..4, 0_u8..4, prop::option::of(0_i32..3)), 1..60),
        ) {
            let mut topic = topic();
            let (mut seq, _, mut copy) = data_of(&topic.snapshot(None).unwrap());
            for (outer, inner, value) in changes {
                let path = [format!("k{outer}"), format!("k{inner}")];
                if let Some(frame) = topic.set(&path, value.map(|v| json!({"v": v})), Timestamp::default()) {
                    let (new_seq, prev, patch) = data_of(&frame);
                    prop_assert_eq!(prev, Some(seq));
                    merge_patch::apply(&mut copy, &patch);
                    seq = new_seq;
                }
                let (now, _, whole) = data_of(&topic.snapshot(None).unwrap());
                prop_assert_eq!(now, seq);
                prop_assert_eq!(&copy, &whole);
            }
        }
    }
}
