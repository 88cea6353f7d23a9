//! Wire types, version 1: topics, payloads and frames as they travel, and their conversion to and from the domain.

pub mod element;
pub mod frame;
pub mod merge_patch;
pub mod outbound;
pub mod payload;
pub mod scope;
pub mod tail;
pub mod topic;

mod json;
