//! What a client is ready to read (RFC 9110, 12.5.1).

use actix_web::http::header::{self, HeaderMap};

/// Whether JSON is among what the client reads.
pub(crate) fn is_answerable(headers: &HeaderMap) -> bool {
    quality(headers, "application", "json") > 0
}

/// Whether the client would rather have a page than JSON.
pub(crate) fn prefers_html(headers: &HeaderMap) -> bool {
    quality(headers, "text", "html") > quality(headers, "application", "json")
}

/// How welcome a media type is, in thousandths. The most specific range that fits it decides; without any `Accept` header
/// everything is welcome.
fn quality(headers: &HeaderMap, kind: &str, subtype: &str) -> u16 {
    let mut best: Option<(u8, u16)> = None;
    let mut is_asked = false;
    for value in headers.get_all(header::ACCEPT) {
        let ranges = value.to_str().unwrap_or_default().split(',').map(str::trim);
        for range in ranges.filter(|range| !range.is_empty()) {
            is_asked = true;
            let found = fit(range, kind, subtype);
            best = best.max(found);
        }
    }
    match best {
        Some((_, quality)) => quality,
        None if is_asked => 0,
        None => 1_000,
    }
}

/// How specific a range is, and how welcome what it stands for, if the media type is part of it.
fn fit(range: &str, kind: &str, subtype: &str) -> Option<(u8, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let (range_kind, range_subtype) = parts.next()?.split_once('/')?;
    let is_kind = range_kind.eq_ignore_ascii_case(kind);
    let specificity = match (range_kind, range_subtype) {
        ("*", "*") => 0,
        (_, "*") if is_kind => 1,
        (_, named) if is_kind && named.eq_ignore_ascii_case(subtype) => 2,
        _ => return None,
    };
    let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    Some((specificity, weight.map_or(1_000, thousandths)))
}

/// `0.5` is 500. What is not a weight counts as none given.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = format!("{whole}{fraction:0<3}");
    match digits.parse::<u16>() {
        Ok(thousandths) if thousandths <= 1_000 && fraction.len() <= 3 => thousandths,
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::absent(&[], true, false)]
    #[case::empty(&[""], true, false)]
    #[case::anything(&["*/*"], true, false)]
    #[case::json(&["application/json"], true, false)]
    #[case::json_in_capitals(&["Application/JSON"], true, false)]
    #[case::any_application(&["application/*;q=0.2"], true, false)]
    #[case::browser(&["text/html,application/xhtml+xml,*/*;q=0.8"], true, true)]
    #[case::html_only(&["text/html"], false, true)]
    #[case::xml_only(&["application/xml"], false, false)]
    #[case::json_refused(&["application/json;q=0, */*"], false, true)]
    #[case::json_at_second(&["text/html;q=0.5", "application/json; q=0.6"], true, false)]
    #[case::nonsense(&["nonsense"], false, false)]
    fn the_accept_header_decides(
        #[case] values: &[&str],
        #[case] is_json: bool,
        #[case] is_html: bool,
    ) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT, HeaderValue::from_str(value).unwrap());
        }

        assert_eq!(is_answerable(&headers), is_json);
        assert_eq!(prefers_html(&headers), is_html);
    }
}
