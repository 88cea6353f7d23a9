//! Cursors of lists: the key of the last item of a page, opaque to whoever carries it to the next one.

use actors::ports::{Page, PageRequest, StoreError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

const MAX_PAGE: u32 = 200;

/// How many items a page holds.
pub(super) fn page_size(request: &PageRequest) -> usize {
    request.limit.clamp(1, MAX_PAGE) as usize
}

/// The key after which the page starts; `InvalidCursor` for one that was not made for this list.
pub(super) fn key_of<K: DeserializeOwned>(
    list: &str,
    request: &PageRequest,
) -> Result<Option<K>, StoreError> {
    let Some(cursor) = &request.cursor else {
        return Ok(None);
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| StoreError::InvalidCursor)?;
    let (name, key): (String, K) = serde_json::from_slice(&bytes).map_err(|_| StoreError::InvalidCursor)?;
    if name == list { Ok(Some(key)) } else { Err(StoreError::InvalidCursor) }
}

/// Makes a page of the items that were read: at most one more than it holds, which tells that there is a next.
pub(super) fn page<T, K: Serialize>(
    list: &str,
    request: &PageRequest,
    mut items: Vec<T>,
    total: Option<u64>,
    key: impl Fn(&T) -> K,
) -> Result<Page<T>, StoreError> {
    let size = page_size(request);
    let has_next = items.len() > size;
    items.truncate(size);
    let next_cursor = match items.last() {
        Some(last) if has_next => {
            let json = serde_json::to_vec(&(list, key(last)))
                .map_err(|error| StoreError::Corrupt(format!("a key of {list}: {error}")))?;
            Some(URL_SAFE_NO_PAD.encode(json))
        }
        _ => None,
    };
    Ok(Page { items, next_cursor, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cursor: Option<String>) -> PageRequest {
        PageRequest { limit: 2, cursor, total: false }
    }

    #[test]
    fn a_cursor_is_read_by_its_own_list_only() {
        let page = page("numbers", &request(None), vec![1, 2, 3], None, |n| *n).unwrap();
        assert_eq!(page.items, [1, 2]);
        let next = request(page.next_cursor);
        assert_eq!(key_of::<i32>("numbers", &next).unwrap(), Some(2));
        assert!(matches!(key_of::<i32>("letters", &next), Err(StoreError::InvalidCursor)));
        assert!(matches!(key_of::<String>("numbers", &next), Err(StoreError::InvalidCursor)));
        for text in ["", "x", "%%%", "bnVsbA"] {
            assert!(key_of::<i32>("numbers", &request(Some(text.to_owned()))).is_err(), "{text}");
        }
    }

    #[test]
    fn a_page_that_is_just_full_has_no_next() {
        assert_eq!(page("numbers", &request(None), vec![1, 2], None, |n| *n).unwrap().next_cursor, None);
    }
}
