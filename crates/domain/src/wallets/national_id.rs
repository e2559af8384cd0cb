//! The national id of a person, which nobody gets to see.

use std::fmt;

use crate::values::InvalidValue;

/// The national id (`dni`) of a person: exactly eight digits. It does not show itself; whoever needs it has to say so.
#[derive(Clone, PartialEq, Eq)]
pub struct NationalId(String);

impl NationalId {
    /// How many digits it has.
    pub const LENGTH: usize = 8;

    /// Reads one.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        if raw.len() == Self::LENGTH && raw.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(raw.to_owned()))
        } else {
            let expected = "exactly 8 digits";
            Err(InvalidValue::Malformed { expected })
        }
    }

    /// The digits: to be sealed, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown of it.
    pub fn masked(&self) -> MaskedNationalId {
        let shown = self.0.get(Self::LENGTH / 2..).unwrap_or_default();
        MaskedNationalId(format!("****{shown}"))
    }
}

impl fmt::Debug for NationalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NationalId(********)")
    }
}

/// A national id without its first digits: `****5678`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedNationalId(String);

impl MaskedNationalId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Equal for equal national ids of an organization, and of no use to anybody without the key that it was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NationalIdFingerprint(pub [u8; 32]);

/// A national id as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedNationalId {
    /// What it is told apart by.
    pub fingerprint: NationalIdFingerprint,
    /// The national id itself, encrypted.
    pub ciphertext: Vec<u8>,
}

impl fmt::Debug for SealedNationalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedNationalId(…)")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::eight("12345678", true)]
    #[case::zeros("00000000", true)]
    #[case::seven("1234567", false)]
    #[case::nine("123456789", false)]
    #[case::letter("1234567X", false)]
    #[case::sign("-1234567", false)]
    #[case::space("1234567 ", false)]
    #[case::other_digits("١٢٣٤", false)]
    #[case::empty("", false)]
    fn a_national_id_is_eight_digits(#[case] raw: &str, #[case] accepted: bool) {
        assert_eq!(NationalId::parse(raw).is_ok(), accepted);
    }

    #[test]
    fn only_its_end_is_ever_shown() {
        let id = NationalId::parse("12345678").unwrap();

        let shown = [
            format!("{id:?}"),
            format!("{id:#?}"),
            format!("{:?}", Some(&id)),
        ];

        assert_eq!(id.masked().as_str(), "****5678");
        assert!(
            shown
                .iter()
                .all(|text| !text.contains(|c: char| c.is_ascii_digit()))
        );
    }

    #[test]
    fn a_refusal_does_not_quote_it() {
        let refused = NationalId::parse("123456789").unwrap_err();

        assert_eq!(refused.to_string(), "must be exactly 8 digits");
    }
}
