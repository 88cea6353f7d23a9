//! What handlers take from a request, read strictly: bodies, queries, path segments, preconditions.

mod body;
mod json;
mod path;
mod precondition;
mod query;

pub use body::{BodyTimeout, JsonBody, read_body};
pub use json::parse_strict;
pub use path::{location, segment, segment_text};
pub use precondition::{entity_tag, if_match};
pub use query::Query;
