//! What a provider says of a charge, a payout or a refund.

use std::{borrow::Cow, fmt};

use crate::values::InvalidValue;

/// What is known of the money, as far as a provider's answer tells. What has to be done follows from it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The money has moved.
    Succeeded,
    /// The provider has taken it on, and will tell later what came of it.
    Pending,
    /// The money has not moved, and will not, however often it is tried.
    Declined,
    /// The money has certainly not moved, and another try may be answered otherwise.
    Retryable,
    /// The money may have moved or not: there was no answer, or one that does not tell. Never tried again before the
    /// provider was asked.
    Unknown,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Succeeded,
        Self::Pending,
        Self::Declined,
        Self::Retryable,
        Self::Unknown,
    ];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Pending => "pending",
            Self::Declined => "declined",
            Self::Retryable => "retryable",
            Self::Unknown => "unknown",
        }
    }

    /// Reads its word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// The reason of an answer in a word, such as `card_declined`: 1 to 64 of `a-z`, `0-9`, `_`, `.` and `-`. Never personal
/// data: what else a provider says stays with the provider.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AnswerCode(Cow<'static, str>);

impl AnswerCode {
    /// The most characters it may have.
    pub const LENGTH_MAX: usize = 64;

    /// The provider says that money moves, and not as much as was ordered: a matter for a person.
    pub const WRONG_AMOUNT: Self = Self::known("wrong_amount");

    /// A word of our own. It is taken as it is, so it has to be one.
    pub const fn known(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    /// Makes one of whatever a provider calls it: lower case, `_` for what cannot be in it, cut to its length.
    pub fn from_provider(raw: &str) -> Self {
        let word: String = raw.chars().take(Self::LENGTH_MAX).map(welcome).collect();
        if word.is_empty() {
            Self::known("unspecified")
        } else {
            Self(Cow::Owned(word))
        }
    }

    /// Rebuilds a stored one. For storage adapters only.
    pub const fn restore(stored: String) -> Self {
        Self(Cow::Owned(stored))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AnswerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const fn welcome(raw: char) -> char {
    match raw.to_ascii_lowercase() {
        it @ ('a'..='z' | '0'..='9' | '_' | '.' | '-') => it,
        _ => '_',
    }
}

/// What a provider calls what it did: `pi_3N…`. 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProviderReference(String);

impl ProviderReference {
    /// The most characters it may have.
    pub const LENGTH_MAX: usize = 255;

    /// Reads one.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let is_visible = raw.bytes().all(|byte| byte.is_ascii_graphic());
        if is_visible && (1..=Self::LENGTH_MAX).contains(&raw.len()) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(InvalidValue::Malformed {
                expected: "a provider's reference: 1 to 255 visible ASCII characters",
            })
        }
    }

    /// The reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A provider's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderAnswer {
    /// What it means.
    pub outcome: Outcome,
    /// The provider's reason, or ours.
    pub code: AnswerCode,
    /// What the provider calls it. Always there when it succeeded or is pending.
    pub reference: Option<ProviderReference>,
}

impl ProviderAnswer {
    /// An answer for a reason of ours, about nothing that the provider has a name for.
    pub const fn of(outcome: Outcome, code: &'static str) -> Self {
        Self {
            outcome,
            code: AnswerCode::known(code),
            reference: None,
        }
    }

    /// The same, about something that the provider has a name for.
    #[must_use]
    pub fn with_reference(self, reference: ProviderReference) -> Self {
        Self {
            reference: Some(reference),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn words_of_outcomes_read_back() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.code()), Some(outcome));
        }
        assert_eq!(Outcome::parse("Succeeded"), None);
    }

    #[rstest]
    #[case::as_it_is("card_declined", "card_declined")]
    #[case::shouted("INSTRUMENT_DECLINED", "instrument_declined")]
    #[case::a_sentence("No such customer: 'ü'", "no_such_customer_____")]
    #[case::nothing("", "unspecified")]
    fn whatever_a_provider_says_becomes_a_word(#[case] raw: &str, #[case] word: &str) {
        assert_eq!(AnswerCode::from_provider(raw).as_str(), word);
    }

    #[test]
    fn words_are_cut() {
        let code = AnswerCode::from_provider(&"x".repeat(1_000));

        assert_eq!(code.as_str().len(), AnswerCode::LENGTH_MAX);
    }

    #[rstest]
    #[case::an_ordinary_one("pi_3NqW", true)]
    #[case::nothing("", false)]
    #[case::blanks("a b", false)]
    #[case::control_characters("a\n", false)]
    #[case::not_ascii("é", false)]
    fn references_are_visible_ascii(#[case] raw: &str, #[case] is_one: bool) {
        assert_eq!(ProviderReference::parse(raw).is_ok(), is_one);
    }

    #[test]
    fn references_have_an_end() {
        assert!(ProviderReference::parse(&"x".repeat(255)).is_ok());
        assert!(ProviderReference::parse(&"x".repeat(256)).is_err());
    }
}
