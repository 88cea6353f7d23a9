//! The shapes that answers share: lists, objects with a version, created objects; and refusals of commands.

use actix_web::HttpResponse;
use actix_web::http::header;
use actors::hub::CommandError;
use actors::ports::{Page, PageRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::extract::entity_tag;
use crate::problem::Problem;

#[derive(Serialize)]
struct List<V> {
    items: Vec<V>,
    next_cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

/// A page of a list, each item as it is shown.
pub(super) fn list<T, V: Serialize>(page: Page<T>, view: impl Fn(T) -> V) -> HttpResponse {
    let items = page.items.into_iter().map(view).collect();
    HttpResponse::Ok().json(List { items, next_cursor: page.next_cursor, total: page.total })
}

/// A page of what is in memory, sorted by its key; the cursor is the last key of the page before.
pub(super) fn page_of<T>(
    items: impl Iterator<Item = T>,
    key: impl Fn(&T) -> &str,
    request: &PageRequest,
) -> Result<Page<T>, Problem> {
    let after = match &request.cursor {
        None => None,
        Some(cursor) => {
            let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            Some(text.ok_or_else(|| Problem::invalid("cursor", "was not made by this list"))?)
        }
    };
    let limit = request.limit as usize;
    let mut total = 0;
    let mut page = Vec::new();
    let mut more = false;
    for item in items {
        total += 1;
        if after.as_deref().is_some_and(|after| key(&item) <= after) {
            continue;
        }
        if page.len() < limit {
            page.push(item);
        } else {
            more = true;
        }
    }
    let next_cursor = page.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(key(last)));
    Ok(Page { items: page, next_cursor, total: request.total.then_some(total) })
}

/// An object and its entity tag.
pub(super) fn object(view: &impl Serialize, version: u64) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, entity_tag(version))).json(view)
}

/// A created object: 201 with its place and entity tag.
pub(super) fn created(view: &impl Serialize, location: String, version: Option<u64>) -> HttpResponse {
    let mut answer = HttpResponse::Created();
    answer.insert_header((header::LOCATION, location));
    if let Some(version) = version {
        answer.insert_header((header::ETAG, entity_tag(version)));
    }
    answer.json(view)
}

/// A refused or postponed command; `references` are the fields of the body that refer to other objects.
pub(super) fn refused(references: &'static [&'static str]) -> impl Fn(CommandError) -> Problem {
    move |error| match error {
        CommandError::Rejected(rejection) => Problem::rejected(&rejection, references),
        CommandError::Unavailable { code, retry_after_ms } => Problem::unavailable(code, retry_after_ms),
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        refused(&[])(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other() {
        let codes: Vec<String> = (0..7).map(|n| format!("c{n}")).collect();
        let mut request = PageRequest { limit: 3, cursor: None, total: true };
        let mut seen = Vec::new();
        loop {
            let page = page_of(codes.iter(), |code| code.as_str(), &request).unwrap();
            assert_eq!(page.total, Some(7));
            seen.extend(page.items.into_iter().cloned());
            request.cursor = page.next_cursor;
            if request.cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, codes);
        request.cursor = Some("%%%".to_owned());
        assert_eq!(page_of(codes.iter(), |code| code.as_str(), &request).unwrap_err().status(), 422);
    }
}
