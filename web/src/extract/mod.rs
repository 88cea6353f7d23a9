//! What handlers take from a request, read strictly: bodies, queries, path segments, preconditions.

mod body;
mod json;
mod path;
mod precondition;
mod query;

pub(crate) use body::media_type;
pub(crate) use body::{BodyTimeout, JsonBody, read_body};
pub(crate) use json::parse_strict;
pub(crate) use path::{location, segment, segment_text};
pub(crate) use precondition::{entity_tag, if_match};
pub(crate) use query::{MAX_PAGE_ITEMS, Query};
