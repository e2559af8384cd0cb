//! Patterns of event types: `invoice.sent`, `invoice.*`, `*`.

use std::fmt;

/// Fits one type, or all types of a resource, or all.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TypePattern(String);

/// The text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a type of event such as invoice.sent, all of a resource such as invoice.*, or *")]
pub struct NotATypePattern;

impl TypePattern {
    /// The longest one, in characters.
    pub const LENGTH_MAX: usize = 100;

    /// `*`, or lower-case words joined by a point, of which the last may be `*`.
    pub fn parse(text: &str) -> Result<Self, NotATypePattern> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        let fits = match text.split_once('.') {
            Some((resource, what)) => is_word(resource) && (what == "*" || is_word(what)),
            None => text == "*",
        };
        if fits && text.len() <= Self::LENGTH_MAX {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotATypePattern)
        }
    }

    /// Whether a type fits.
    pub fn fits(&self, event_type: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(start) => event_type.starts_with(start),
            None => event_type == self.0,
        }
    }

    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TypePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("invoice.sent", "invoice.sent", true)]
    #[case("invoice.sent", "invoice.sent_again", false)]
    #[case("invoice.*", "invoice.sent", true)]
    #[case("invoice.*", "invoices.sent", false)]
    #[case("*", "api_key.revoked", true)]
    fn a_pattern_fits_its_types_only(
        #[case] pattern: &str,
        #[case] event_type: &str,
        #[case] fits: bool,
    ) {
        let pattern = TypePattern::parse(pattern).unwrap();

        assert_eq!(pattern.fits(event_type), fits);
    }

    #[rstest]
    #[case("")]
    #[case("invoice")]
    #[case("invoice.")]
    #[case(".sent")]
    #[case("*.sent")]
    #[case("invoice.s*")]
    #[case("Invoice.sent")]
    #[case("invoice.sent.twice")]
    #[case("invoice.sent ")]
    #[case("invоice.sent")]
    fn anything_else_is_refused(#[case] text: &str) {
        let parsed = TypePattern::parse(text);

        assert_eq!(parsed, Err(NotATypePattern));
    }
}
