//! Lists on the wire.

use api_shared::{
    cursor::Cursor,
    input::{ListQuery, Parameters},
};
use app::paging::{Limit, Listing, PageNumber, Position, Total, Window};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{answer::Answer, input::Request};

#[expect(
    clippy::option_option,
    reason = "a page has no cursor, the last piece has the cursor `null`"
)]
/// A piece of a list. With `limit` and `cursor` it has `next_cursor` and `has_more`; with `page` and `page_size` it has
/// `page`, `page_size`, `total` and `total_is_exact`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListOf<T> {
    /// The rows, newest first.
    data: Vec<T>,
    /// What to send as `cursor` for the next piece; `null` when this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    next_cursor: Option<Option<String>>,
    /// Whether there is a next piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    has_more: Option<bool>,
    /// Which page this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    page: Option<u32>,
    /// How many rows a page has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 100)]
    page_size: Option<u16>,
    /// How many rows there are in all; counted up to 10,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 10_000)]
    total: Option<u32>,
    /// Whether there are no more than that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    total_is_exact: Option<bool>,
}

impl<T> ListOf<T> {
    fn piece(data: Vec<T>, next_cursor: Option<String>) -> Self {
        Self {
            data,
            has_more: Some(next_cursor.is_some()),
            next_cursor: Some(next_cursor),
            page: None,
            page_size: None,
            total: None,
            total_is_exact: None,
        }
    }

    fn page(data: Vec<T>, (number, size): (PageNumber, Limit), total: Total) -> Self {
        Self {
            data,
            next_cursor: None,
            has_more: None,
            page: Some(number.get()),
            page_size: Some(size.rows()),
            total: Some(total.rows),
            total_is_exact: Some(total.is_exact),
        }
    }
}

impl Request {
    /// Answers with a piece of a list, its cursor and its links.
    pub fn list<R, T: Serialize>(
        &self,
        window: Window,
        listing: Listing<R>,
        show: impl FnMut(R) -> T,
    ) -> Answer {
        let query = ListQuery::of(&Parameters::of(self.http().query_string()));
        let data = listing.rows.into_iter().map(show).collect();
        match window {
            Window::After { limit, .. } => {
                let write =
                    |position: Position| Cursor::write(position, &self.cursors(), query.pairs());
                let next = listing.next.map(write);
                let link = next.as_ref().map(|cursor| {
                    self.link(
                        &query,
                        &[("limit", &limit.rows().to_string()), ("cursor", cursor)],
                    )
                });
                Answer::ok(&ListOf::piece(data, next)).with_links(&[("next", link)])
            }
            Window::Page { number, size } => {
                let total = listing.total.unwrap_or(Total {
                    rows: 0,
                    is_exact: true,
                });
                let link = |page: u32| {
                    let place = [
                        ("page", page.to_string()),
                        ("page_size", size.rows().to_string()),
                    ];
                    let [page, size] = &place;
                    self.link(&query, &[(page.0, &page.1), (size.0, &size.1)])
                };
                let current = number.get();
                // Totals end where pages do, so there is a page for every row that is counted.
                let has_next = number.offset(size) + u32::from(size.rows()) < total.rows;
                let next = has_next.then(|| link(current + 1));
                let prev = (current > 1).then(|| link(current - 1));
                Answer::ok(&ListOf::page(data, (number, size), total))
                    .with_links(&[("next", next), ("prev", prev)])
            }
        }
    }

    fn link(&self, query: &ListQuery, place: &[(&str, &String)]) -> String {
        let mut uri = self.http().uri().path().to_owned();
        let place = place.iter().map(|(name, value)| (*name, value.as_str()));
        for (index, (name, value)) in query.pairs().chain(place).enumerate() {
            uri.push(if index == 0 { '?' } else { '&' });
            encode(name, &mut uri);
            uri.push('=');
            encode(value, &mut uri);
        }
        uri
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn encode(text: &str, into: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.push(char::from(HEX[usize::from(byte >> 4)]));
            into.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn links_are_percent_encoded() {
        let mut encoded = String::new();

        encode("a b&c=ä~", &mut encoded);

        assert_eq!(encoded, "a%20b%26c%3D%C3%A4~");
    }
}
