//! Query strings: every parameter is known, given once, and checked.

use std::collections::BTreeMap;
use std::str::FromStr;

use actix_web::HttpRequest;
use actors::ports::PageRequest;
use domain::{Code, Rejection, Timestamp};

use crate::problem::Problem;

/// The most items of a page.
pub(crate) const MAX_PAGE_ITEMS: u32 = 200;
const MAX_TEXT_CHARS: usize = 200;
const MAX_CURSOR_BYTES: usize = 1024;

/// The parameters that were not taken yet. What is left at [`Query::finish`] is unknown.
#[derive(Debug)]
pub(crate) struct Query {
    left: BTreeMap<String, String>,
    taken: Vec<&'static str>,
}

impl Query {
    /// Reads the query string; a parameter given twice is refused.
    pub(crate) fn of(req: &HttpRequest) -> Result<Self, Problem> {
        let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(req.query_string())
            .map_err(|_| Problem::invalid("query", "cannot be read"))?;
        let mut left = BTreeMap::new();
        for (name, value) in pairs.into_inner() {
            if left.contains_key(&name) {
                return Err(Problem::invalid(name, "is given twice"));
            }
            left.insert(name, value);
        }
        Ok(Self { left, taken: Vec::new() })
    }

    /// A query of a resource that has no parameters.
    pub(crate) fn none(req: &HttpRequest) -> Result<(), Problem> {
        Self::of(req)?.finish()
    }

    fn raw(&mut self, name: &'static str) -> Option<String> {
        self.taken.push(name);
        self.left.remove(name)
    }

    /// A parameter of a type of the domain.
    pub(crate) fn value<T: FromStr<Err = Rejection>>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, Problem> {
        let parse = |text: String| {
            text.parse().map_err(|rejection: Rejection| Problem::invalid(name, rejection.detail))
        };
        self.raw(name).map(parse).transpose()
    }

    /// A parameter that must be there.
    pub(crate) fn required<T: FromStr<Err = Rejection>>(&mut self, name: &'static str) -> Result<T, Problem> {
        self.value(name)?.ok_or_else(|| Problem::invalid(name, "is required"))
    }

    /// An instant: RFC 3339, or milliseconds since 1970.
    pub(crate) fn time(&mut self, name: &'static str) -> Result<Option<Timestamp>, Problem> {
        let parse = |text: String| match text.parse::<i64>() {
            Ok(ms) => Timestamp::checked_from_millis(ms)
                .ok_or_else(|| Problem::invalid(name, "is outside the years 0 to 9999")),
            // A `+` of a zone arrives as a space when it was not encoded.
            Err(_) => Timestamp::parse(&text.replace(' ', "+"))
                .map_err(|rejection| Problem::invalid(name, rejection.detail)),
        };
        self.raw(name).map(parse).transpose()
    }

    /// A whole number within bounds.
    pub(crate) fn number(&mut self, name: &'static str, min: u32, max: u32) -> Result<Option<u32>, Problem> {
        let parse = |text: String| {
            text.parse::<u32>()
                .ok()
                .filter(|number| (min..=max).contains(number))
                .ok_or_else(|| Problem::invalid(name, format!("must be a number from {min} to {max}")))
        };
        self.raw(name).map(parse).transpose()
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Problem> {
        let parse =
            |text: String| text.parse::<bool>().map_err(|_| Problem::invalid(name, "must be true or false"));
        self.raw(name).map(parse).transpose()
    }

    /// Text of a bounded length.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        let check = |text: String| {
            if text.chars().count() > MAX_TEXT_CHARS || text.chars().any(char::is_control) {
                let rule = format!("must be at most {MAX_TEXT_CHARS} characters without control characters");
                Err(Problem::invalid(name, rule))
            } else {
                Ok(text)
            }
        };
        self.raw(name).map(check).transpose()
    }

    /// `limit`, `cursor` and `total` of a list.
    pub(crate) fn page(&mut self) -> Result<PageRequest, Problem> {
        let limit = self.number("limit", 1, MAX_PAGE_ITEMS)?;
        let cursor = self.raw("cursor");
        if cursor.as_ref().is_some_and(|cursor| cursor.len() > MAX_CURSOR_BYTES) {
            return Err(Problem::invalid("cursor", "was not made by this list"));
        }
        let total = self.flag("total")?.unwrap_or(false);
        let defaults = PageRequest::default();
        Ok(PageRequest { limit: limit.unwrap_or(defaults.limit), cursor, total })
    }

    /// Refuses what is left.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        let Some(name) = self.left.into_keys().next() else { return Ok(()) };
        let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
        let detail = match self.taken.as_slice() {
            [] => "is not a parameter; there are none here".to_owned(),
            known => format!("is not a parameter; there are {}", known.join(", ")),
        };
        Err(Problem::field(Code::UnknownField.as_str(), name, detail))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use domain::ids::SiteCode;

    use super::*;

    fn query(text: &str) -> Query {
        Query::of(&TestRequest::with_uri(&format!("/x?{text}")).to_http_request()).unwrap()
    }

    #[test]
    fn pages_have_bounds() {
        let page = query("limit=200&cursor=abc&total=true").page().unwrap();
        assert_eq!((page.limit, page.cursor.as_deref(), page.total), (200, Some("abc"), true));
        assert_eq!(query("").page().unwrap().limit, 50);
        for bad in ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "total=yes"] {
            assert_eq!(query(bad).page().unwrap_err().status(), 422, "{bad}");
        }
    }

    #[test]
    fn names_what_it_does_not_know() {
        let mut unknown = query("site=linz&sort=code");
        assert_eq!(unknown.value::<SiteCode>("site").unwrap().unwrap().as_str(), "linz");
        let problem = unknown.finish().unwrap_err();
        assert_eq!((problem.code(), problem.errors()[0].field.as_str()), ("unknown_field", "sort"));
        assert!(problem.detail().contains("there are site"));
        assert_eq!(query("site=NO").value::<SiteCode>("site").unwrap_err().errors()[0].field, "site");
        let twice = TestRequest::with_uri("/x?a=1&a=2").to_http_request();
        assert_eq!(Query::of(&twice).unwrap_err().errors()[0].field, "a");
    }

    #[test]
    fn times_have_two_forms() {
        let expected = Timestamp::from_millis(1_700_000_000_000);
        assert_eq!(query("from=1700000000000").time("from").unwrap(), Some(expected));
        assert_eq!(query("from=2023-11-14T22:13:20Z").time("from").unwrap(), Some(expected));
        assert_eq!(query("from=2023-11-14T23:13:20%2B01:00").time("from").unwrap(), Some(expected));
        assert_eq!(query("from=2023-11-14T23:13:20+01:00").time("from").unwrap(), Some(expected));
        assert!(query("from=yesterday").time("from").is_err());
    }
}
