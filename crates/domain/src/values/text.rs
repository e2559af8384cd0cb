//! Text: normalised, trimmed, free of characters that deceive a reader.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::InvalidValue;

/// How many characters a text may have, after normalising and trimming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LengthLimits {
    /// The least.
    pub min: usize,
    /// The most.
    pub max: usize,
}

/// Cleans a text of one line: NFC, trimmed, no control characters at all.
pub fn clean_line(raw: &str, limits: LengthLimits) -> Result<String, InvalidValue> {
    clean(raw, limits, |_| false)
}

/// Cleans a text that may have line breaks and tabs.
pub fn clean_text(raw: &str, limits: LengthLimits) -> Result<String, InvalidValue> {
    clean(raw, limits, |c| matches!(c, '\n' | '\t'))
}

fn clean(
    raw: &str,
    limits: LengthLimits,
    is_welcome_control: fn(char) -> bool,
) -> Result<String, InvalidValue> {
    let is_forbidden =
        |c: char| (c.is_control() && !is_welcome_control(c)) || is_bidirectional_override(c);
    if raw.chars().any(is_forbidden) {
        return Err(InvalidValue::ForbiddenCharacter);
    }
    let trimmed = raw.trim();
    let text: String = if is_nfc(trimmed) {
        trimmed.to_owned()
    } else {
        trimmed.nfc().collect()
    };
    let length = text.chars().count();
    if length == 0 && limits.min > 0 {
        Err(InvalidValue::Empty)
    } else if length < limits.min {
        let min = limits.min;
        Err(InvalidValue::TooShort {
            min,
            unit: "characters",
        })
    } else if length > limits.max {
        let max = limits.max;
        Err(InvalidValue::TooLong {
            max,
            unit: "characters",
        })
    } else {
        Ok(text)
    }
}

/// Unicode UAX #9: the embeddings, overrides and isolates that let a text read other than it is stored.
const fn is_bidirectional_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $clean:ident, $min:literal ..= $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const LENGTH_MAX: usize = $max;

            /// Reads one.
            pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
                $clean(raw, LengthLimits { min: $min, max: $max }).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}
pub(crate) use text_type;

text_type!(
    /// What a person or company is called.
    Name, clean_line, 1..=255
);
text_type!(
    /// Free remarks of several lines.
    Notes, clean_text, 0..=2000
);
text_type!(
    /// What a line of an invoice is for.
    Description, clean_text, 1..=500
);

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::trims("  Ada \u{a0}", "Ada")]
    #[case::composes("Cafe\u{301}", "Caf\u{e9}")]
    #[case::keeps_emoji("🧾", "🧾")]
    fn text_is_normalised(#[case] raw: &str, #[case] expected: &str) {
        assert_eq!(Name::parse(raw).unwrap().as_str(), expected);
    }

    #[rstest]
    #[case::nul("a\0b")]
    #[case::escape("a\u{1b}b")]
    #[case::c1("a\u{85}b")]
    #[case::newline("a\nb")]
    #[case::leading_newline("\nab")]
    #[case::right_to_left_override("a\u{202e}b")]
    #[case::isolate("a\u{2066}b")]
    fn deceiving_characters_are_refused(#[case] raw: &str) {
        assert_eq!(Name::parse(raw), Err(InvalidValue::ForbiddenCharacter));
    }

    #[rstest]
    #[case::at_the_limit(255, true)]
    #[case::over_it(256, false)]
    fn length_counts_characters_after_composing(#[case] count: usize, #[case] fits: bool) {
        assert_eq!(Name::parse(&"🧾".repeat(count)).is_ok(), fits);
        assert_eq!(Name::parse(&"e\u{301}".repeat(count)).is_ok(), fits);
    }

    #[test]
    fn white_space_alone_is_empty() {
        assert_eq!(Name::parse(" \u{2003} "), Err(InvalidValue::Empty));
    }

    #[test]
    fn notes_may_have_lines_and_may_be_empty() {
        assert_eq!(Notes::parse("a\n\tb").unwrap().as_str(), "a\n\tb");
        assert_eq!(Notes::parse("").unwrap().as_str(), "");
        assert_eq!(Notes::parse("a\rb"), Err(InvalidValue::ForbiddenCharacter));
    }
}
