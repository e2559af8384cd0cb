//! The code of a voucher.

use crate::values::InvalidValue;

/// What is typed in to redeem a voucher: 4 to 40 of `A–Z`, `0–9` and `-`, in upper case whatever was typed.
///
/// Only ASCII letters are made upper case, so that no letter of another script (`ı`, `ſ`, the Kelvin sign) becomes one of
/// them on the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VoucherCode(String);

impl VoucherCode {
    /// The least characters.
    pub const LENGTH_MIN: usize = 4;
    /// The most characters.
    pub const LENGTH_MAX: usize = 40;
    /// How many random characters a generated code has: 13 of 31 are 64 bits.
    pub const RANDOM_LENGTH: usize = 13;
    /// How many random bytes are enough for a generated code, but for one in a billion times.
    pub const RANDOM_BYTES: usize = 2 * Self::RANDOM_LENGTH;
    /// No 0 and O, no 1, I and L: nobody has to guess what was printed.
    const ALPHABET: &'static [u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

    /// Reads what was typed.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let is_welcome = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let typed = raw.trim_matches(' ');
        let has_length = (Self::LENGTH_MIN..=Self::LENGTH_MAX).contains(&typed.len());
        let has_something = typed.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if has_length && has_something && typed.bytes().all(is_welcome) {
            Ok(Self(typed.to_ascii_uppercase()))
        } else {
            Err(InvalidValue::Malformed {
                expected: "a code of 4 to 40 of A-Z, 0-9 and -, with a letter or digit in it",
            })
        }
    }

    /// Spells random bytes as a code. The five low bits of a byte are a character; 31 is none and is passed over, so that
    /// each character is equally likely. `None` when too few are left.
    pub fn from_random(bytes: &[u8]) -> Option<Self> {
        let spelt: Vec<char> = bytes
            .iter()
            .filter_map(|byte| Self::ALPHABET.get(usize::from(byte & 31)))
            .take(Self::RANDOM_LENGTH)
            .map(|letter| char::from(*letter))
            .collect();
        if spelt.len() < Self::RANDOM_LENGTH {
            return None;
        }
        let mut code = String::with_capacity(Self::RANDOM_LENGTH + 2);
        for (index, letter) in spelt.into_iter().enumerate() {
            if index == 4 || index == 8 {
                code.push('-');
            }
            code.push(letter);
        }
        Some(Self(code))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for VoucherCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("summer-26", "SUMMER-26")]
    #[case("SuMmEr-26", "SUMMER-26")]
    #[case("  ABCD ", "ABCD")]
    #[case("0000", "0000")]
    fn codes_that_differ_in_case_only_are_one(#[case] raw: &str, #[case] expected: &str) {
        assert_eq!(VoucherCode::parse(raw).unwrap().as_str(), expected);
    }

    #[rstest]
    #[case::too_short("ABC")]
    #[case::nothing_to_see("----")]
    #[case::dotless_i("w\u{131}nter")]
    #[case::long_s("\u{17f}ummer")]
    #[case::kelvin("\u{212a}ELVIN")]
    #[case::sharp_s("stra\u{df}e")]
    #[case::cyrillic("\u{410}\u{412}\u{421}\u{414}")]
    #[case::full_width("\u{ff21}\u{ff22}\u{ff23}\u{ff24}")]
    #[case::dash_of_typesetters("AB\u{2013}CD")]
    #[case::zero_width("ABCD\u{200b}")]
    #[case::space_inside("AB CD")]
    #[case::newline("ABCD\n")]
    #[case::nul("ABCD\0")]
    #[case::underscore("AB_CD")]
    fn what_only_looks_like_a_code_is_refused(#[case] raw: &str) {
        assert!(VoucherCode::parse(raw).is_err());
    }

    #[test]
    fn lengths_are_four_to_forty() {
        assert!(VoucherCode::parse(&"A".repeat(40)).is_ok());
        assert!(VoucherCode::parse(&"A".repeat(41)).is_err());
    }

    #[test]
    fn a_generated_code_has_no_look_alikes_and_at_least_sixty_bits() {
        let every_byte: Vec<u8> = (0..=255).collect();

        for start in 0..200 {
            let code = VoucherCode::from_random(&every_byte[start..start + 26]).unwrap();
            assert_eq!(code.as_str().len(), VoucherCode::RANDOM_LENGTH + 2);
            assert!(!code.as_str().contains(['0', 'O', '1', 'I', 'L']));
        }
        // 31^13 > 2^60
        assert!(31_u128.pow(13) > 1 << 60);
    }

    #[test]
    fn each_character_is_equally_likely() {
        let letters: Vec<_> = (0..=255_u8)
            .filter_map(|byte| VoucherCode::ALPHABET.get(usize::from(byte & 31)))
            .map(|letter| char::from(*letter))
            .collect();

        for letter in VoucherCode::ALPHABET.map(char::from) {
            let count = letters.iter().filter(|it| **it == letter).count();
            assert_eq!(count, 8);
        }
    }

    #[test]
    fn too_little_randomness_makes_no_code() {
        assert_eq!(VoucherCode::from_random(&[31; 26]), None);
        assert_eq!(VoucherCode::from_random(&[0; 12]), None);
    }

    proptest! {
        #[test]
        fn what_was_generated_reads_back(bytes: [u8; VoucherCode::RANDOM_BYTES]) {
            if let Some(code) = VoucherCode::from_random(&bytes) {
                let lower = code.as_str().to_ascii_lowercase();
                prop_assert_eq!(VoucherCode::parse(&lower), Ok(code));
            }
        }

        #[test]
        fn whatever_is_typed_is_a_code_or_refused(raw in ".*") {
            if let Ok(code) = VoucherCode::parse(&raw) {
                prop_assert!(code.as_str().is_ascii());
                prop_assert_eq!(VoucherCode::parse(code.as_str()), Ok(code.clone()));
            }
        }
    }
}
