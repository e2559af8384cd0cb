//! Metadata: a client's own notes on a resource.

use std::collections::BTreeMap;

use super::{InvalidValue, LengthLimits, clean_line};

/// At most 20 pairs of a key (1–40 characters) and a value (at most 500), each of one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// The most pairs.
    pub const ENTRIES_MAX: usize = 20;
    /// The most characters of a key.
    pub const KEY_LENGTH_MAX: usize = 40;
    /// The most characters of a value.
    pub const VALUE_LENGTH_MAX: usize = 500;

    /// Adds a pair. A key that is there already, after normalising, is refused.
    pub fn insert(&mut self, key: &str, value: &str) -> Result<(), InvalidValue> {
        let key = Self::clean_key(key)?;
        let limits = LengthLimits {
            min: 0,
            max: Self::VALUE_LENGTH_MAX,
        };
        let value = clean_line(value, limits)?;
        if self.0.contains_key(&key) {
            return Err(InvalidValue::Malformed {
                expected: "an object whose keys differ after Unicode normalisation",
            });
        }
        if self.0.len() == Self::ENTRIES_MAX {
            return Err(InvalidValue::TooLong {
                max: Self::ENTRIES_MAX,
                unit: "entries",
            });
        }
        self.0.insert(key, value);
        Ok(())
    }

    /// Metadata that was stored, and so checked, before.
    pub const fn restore(pairs: BTreeMap<String, String>) -> Self {
        Self(pairs)
    }

    /// The pairs.
    pub const fn pairs(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    fn clean_key(raw: &str) -> Result<String, InvalidValue> {
        let limits = LengthLimits {
            min: 1,
            max: Self::KEY_LENGTH_MAX,
        };
        clean_line(raw, limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twenty_first_pair_is_refused() {
        let mut metadata = Metadata::default();
        for n in 0..Metadata::ENTRIES_MAX {
            metadata.insert(&format!("key{n}"), "v").unwrap();
        }

        let refused = metadata.insert("one more", "v").unwrap_err();

        assert_eq!(refused.code(), "too_long");
    }

    #[test]
    fn keys_that_are_equal_after_normalising_are_one_key() {
        let mut metadata = Metadata::default();
        metadata.insert("caf\u{e9}", "1").unwrap();

        assert!(metadata.insert("cafe\u{301}", "2").is_err());
    }

    #[test]
    fn lengths_are_limited() {
        let mut metadata = Metadata::default();

        assert!(metadata.insert(&"k".repeat(40), &"v".repeat(500)).is_ok());
        assert!(metadata.insert(&"k".repeat(41), "").is_err());
        assert!(metadata.insert("", "").is_err());
        assert!(metadata.insert("v", &"v".repeat(501)).is_err());
    }

    #[test]
    fn keys_and_values_are_lines() {
        for (key, value) in [("a\nb", "v"), ("k", "a\nb"), ("k", "a\tb")] {
            let refused = Metadata::default().insert(key, value).unwrap_err();

            assert_eq!(refused, InvalidValue::ForbiddenCharacter);
        }
    }
}
