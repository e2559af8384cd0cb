//! Pages far from the first, reached as a client reaches them: by following `next_cursor`.

use anyhow::Context as _;
use serde_json::Value;

use super::Variant;
use crate::http::Client;

/// Filters to walk through, and how many pages of 100 at most; the list without filters is walked to its end.
const WALKS: [(&str, &str, usize); 5] = [
    ("no filter", "", usize::MAX),
    ("status common (paid)", "status=paid", 200),
    ("two statuses", "status=sent&status=overdue", 200),
    ("client common", "client=gmbh", 200),
    ("currency common", "currency=EUR", 200),
];
/// Where of a walk pages are measured again, in percent of its length.
const PLACES: [usize; 3] = [10, 50, 98];
/// How many pages in a row are measured there.
const PAGES: usize = 5;

/// Walks, and comes back with pages to measure.
pub(super) async fn variants(client: &mut Client) -> anyhow::Result<Vec<Variant>> {
    let mut variants = Vec::new();
    for (name, filter, pages_max) in WALKS {
        let cursors = walk(client, filter, pages_max).await?;
        let places: &[usize] = if filter.is_empty() { &PLACES } else { &[98] };
        for percent in places {
            let first = cursors.len() * percent / 100;
            let queries = cursors.iter().skip(first).take(PAGES);
            let queries = queries.map(|cursor| format!("{filter}&cursor={cursor}"));
            let queries = queries.map(|query| query.trim_start_matches('&').to_owned());
            let name = format!("{name}, {} rows deep", first * 100);
            variants.push(Variant::new(&name, queries));
        }
    }
    Ok(variants)
}

/// The cursors of all pages but the first.
async fn walk(client: &mut Client, filter: &str, pages_max: usize) -> anyhow::Result<Vec<String>> {
    let mut cursors = Vec::new();
    let mut path = format!("/api/v1/invoices?limit=100&{filter}");
    path = path.trim_end_matches('&').to_owned();
    while cursors.len() < pages_max {
        let following = match cursors.last() {
            Some(cursor) => format!("{path}&cursor={cursor}"),
            None => path.clone(),
        };
        let page = client.get_json(&following).await?;
        let next = page
            .get("next_cursor")
            .context("a list has no next_cursor")?;
        match next {
            Value::String(cursor) => cursors.push(cursor.clone()),
            _ => break,
        }
    }
    Ok(cursors)
}
