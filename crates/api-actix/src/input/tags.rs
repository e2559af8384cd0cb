//! Entity tags (RFC 9110, 8.8.3): the versions that a client has seen.

use actix_web::http::header::{AsHeaderName, HeaderMap, HeaderValue};
use domain::version::{Precondition, Version};

/// The tags of an `If-Match` or `If-None-Match` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SeenTags {
    /// The header is not there.
    None,
    /// `*`: whatever there is.
    Any,
    /// The tags.
    Listed(Vec<Tag>),
}

/// One tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag {
    /// The version that it names; `None` for a tag that this service has never given.
    pub(crate) version: Option<Version>,
    /// Whether it is marked as weak.
    pub(crate) is_weak: bool,
}

impl SeenTags {
    /// Reads all headers of this name; `None` when one is malformed.
    pub(crate) fn read(headers: &HeaderMap, name: impl AsHeaderName) -> Option<Self> {
        let mut seen = Self::None;
        for value in headers.get_all(name) {
            let more = Self::parse(value.to_str().ok()?)?;
            seen = match (seen, more) {
                (Self::None, more) => more,
                (Self::Listed(mut tags), Self::Listed(more)) => {
                    tags.extend(more);
                    Self::Listed(tags)
                }
                _ => return None,
            };
        }
        Some(seen)
    }

    fn parse(raw: &str) -> Option<Self> {
        let raw = raw.trim_matches([' ', '\t']);
        if raw == "*" {
            return Some(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = raw;
        loop {
            let (tag, after) = parse_tag(rest)?;
            tags.push(tag);
            let after = after.trim_start_matches([' ', '\t']);
            match after.strip_prefix(',') {
                Some(more) => rest = more.trim_start_matches([' ', '\t']),
                None => return after.is_empty().then_some(Self::Listed(tags)),
            }
        }
    }

    /// What `If-Match` asks for. Tags are compared strongly, so a weak one matches nothing.
    pub(crate) fn as_precondition(&self) -> Precondition {
        match self {
            Self::None | Self::Any => Precondition::Any,
            Self::Listed(tags) => {
                let strong = tags.iter().filter(|tag| !tag.is_weak);
                Precondition::OneOf(strong.filter_map(|tag| tag.version).collect())
            }
        }
    }

    /// Whether the client of an `If-None-Match` has this version. Tags are compared weakly.
    pub(crate) fn include(&self, version: Version) -> bool {
        match self {
            Self::None => false,
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(|tag| tag.version == Some(version)),
        }
    }
}

fn parse_tag(raw: &str) -> Option<(Tag, &str)> {
    let (is_weak, rest) = match raw.strip_prefix("W/") {
        Some(rest) => (true, rest),
        None => (false, raw),
    };
    let (opaque, after) = rest.strip_prefix('"')?.split_once('"')?;
    let is_etagc = |byte: u8| byte == 0x21 || (0x23..=0x7e).contains(&byte) || byte >= 0x80;
    let is_spelt_like_ours = |version: &i64| version.to_string() == opaque;
    let version = opaque
        .parse()
        .ok()
        .filter(is_spelt_like_ours)
        .map(Version::new);
    let tag = Tag { version, is_weak };
    opaque.bytes().all(is_etagc).then_some((tag, after))
}

/// The strong tag of a version.
pub(crate) fn tag_of(version: Version) -> HeaderValue {
    // Digits in quotes are always a legal header value.
    HeaderValue::try_from(format!("\"{}\"", version.as_i64()))
        .unwrap_or(HeaderValue::from_static("\"\""))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{IF_MATCH, IF_NONE_MATCH};
    use rstest::rstest;

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[rstest]
    #[case::absent(&[], Precondition::Any)]
    #[case::star(&["*"], Precondition::Any)]
    #[case::one(&["\"3\""], Precondition::OneOf(vec![Version::new(3)]))]
    #[case::list(&["\"3\" ,\t\"4\""], Precondition::OneOf(vec![Version::new(3), Version::new(4)]))]
    #[case::two_headers(&["\"3\"", "\"4\""], Precondition::OneOf(vec![Version::new(3), Version::new(4)]))]
    #[case::weak_matches_nothing(&["W/\"3\""], Precondition::OneOf(vec![]))]
    #[case::foreign_matches_nothing(&["\"abc\""], Precondition::OneOf(vec![]))]
    #[case::spelt_otherwise(&["\"03\"", "\"+3\""], Precondition::OneOf(vec![]))]
    fn if_match_names_versions(#[case] values: &[&str], #[case] expected: Precondition) {
        let seen = SeenTags::read(&headers(values), IF_MATCH).unwrap();

        assert_eq!(seen.as_precondition(), expected);
    }

    #[rstest]
    #[case(&["3"])]
    #[case(&["\"3"])]
    #[case(&["\"3\" \"4\""])]
    #[case(&["\"3\","])]
    #[case(&["w/\"3\""])]
    #[case(&["\"a b\""])]
    #[case(&["*, \"3\""])]
    #[case(&["*", "\"3\""])]
    #[case(&[""])]
    fn malformed_tags_are_refused(#[case] values: &[&str]) {
        assert_eq!(SeenTags::read(&headers(values), IF_MATCH), None);
    }

    #[rstest]
    #[case("\"3\"", true)]
    #[case("W/\"3\"", true)]
    #[case("\"2\", \"3\"", true)]
    #[case("*", true)]
    #[case("\"2\"", false)]
    fn if_none_match_compares_weakly(#[case] value: &str, #[case] is_seen: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, HeaderValue::from_str(value).unwrap());

        let seen = SeenTags::read(&headers, IF_NONE_MATCH).unwrap();

        assert_eq!(seen.include(Version::new(3)), is_seen);
    }
}
