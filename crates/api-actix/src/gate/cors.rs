//! Cross-origin requests (the Fetch standard's CORS protocol). Off unless origins are configured.

use actix_web::{
    HttpResponse,
    dev::ServiceRequest,
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};

/// The origins whose pages may call the API from a browser.
#[derive(Debug, Clone, Default)]
pub struct AllowedOrigins {
    origins: Vec<HeaderValue>,
    is_any: bool,
}

/// It does not read as an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an origin such as https://shop.example, or *")]
pub struct NotAnOrigin(String);

impl AllowedOrigins {
    /// Reads origins: a scheme, a host and perhaps a port; `*` for all of them.
    pub fn parse<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, NotAnOrigin> {
        let mut allowed = Self::default();
        for raw in origins {
            let (scheme, host) = raw.split_once("://").unwrap_or_default();
            let is_origin = matches!(scheme, "http" | "https")
                && !host.is_empty()
                && !host.contains(['/', '?', '#', ' ', '@']);
            match HeaderValue::from_str(raw) {
                _ if raw == "*" => allowed.is_any = true,
                Ok(origin) if is_origin => allowed.origins.push(origin),
                Ok(_) | Err(_) => return Err(NotAnOrigin(raw.to_owned())),
            }
        }
        Ok(allowed)
    }

    /// The origin of a request, if its pages may call.
    pub(super) fn admitted(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        if self.is_off() {
            return None;
        }
        let origin = headers.get(header::ORIGIN)?;
        (self.is_any || self.origins.contains(origin)).then(|| origin.clone())
    }

    pub(super) fn is_off(&self) -> bool {
        !self.is_any && self.origins.is_empty()
    }
}

const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, x-request-id",
);
const ANSWER_HEADERS: HeaderValue = HeaderValue::from_static(
    "etag, idempotency-replayed, link, location, ratelimit, ratelimit-policy, retry-after, x-request-id",
);
const CACHED_SECONDS: HeaderValue = HeaderValue::from_static("600");

/// Whether a browser asks what it may ask.
pub(super) fn is_preflight(request: &ServiceRequest, allowed: &AllowedOrigins) -> bool {
    *request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        && allowed.admitted(request.headers()).is_some()
}

/// What it may ask: these methods, with our headers.
pub(super) fn preflight(methods: HeaderValue) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, methods))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, CACHED_SECONDS))
        .finish()
}

/// Marks an answer as readable for the page that asked. The key is in a header, so cookies are never sent.
pub(super) fn mark(headers: &mut HeaderMap, origin: Option<&HeaderValue>) {
    headers.append(
        header::VARY,
        HeaderValue::from_name(HeaderName::from_static("origin")),
    );
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    fn what_is_not_an_origin_is_refused(
        #[values(
            "",
            "shop.example",
            "https://",
            "https://a/b",
            "ftp://a",
            "https://a b"
        )]
        raw: &str,
    ) {
        assert!(AllowedOrigins::parse([raw]).is_err());
    }

    #[rstest]
    #[case::off(&[], false)]
    #[case::listed(&["https://shop.example"], true)]
    #[case::another(&["https://other.example"], false)]
    #[case::any(&["*"], true)]
    fn listed_origins_are_admitted(#[case] allowed: &[&str], #[case] is_admitted: bool) {
        let allowed = AllowedOrigins::parse(allowed.iter().copied()).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ORIGIN,
            HeaderValue::from_static("https://shop.example"),
        );

        assert_eq!(allowed.admitted(&headers).is_some(), is_admitted);
    }
}
