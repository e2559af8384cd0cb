//! The names that users pay each other by.

use crate::values::InvalidValue;

/// What a user is known by: 3 to 50 ASCII letters and digits. Two that differ in the case of their letters only are one.
#[derive(Debug, Clone)]
pub struct Username(String);

impl Username {
    /// The least characters it may have.
    pub const LENGTH_MIN: usize = 3;
    /// The most characters it may have.
    pub const LENGTH_MAX: usize = 50;

    /// Reads one.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let unit = "characters";
        if raw.is_empty() {
            Err(InvalidValue::Empty)
        } else if !raw.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let expected = "made of the letters A to Z and a to z and of digits";
            Err(InvalidValue::Malformed { expected })
        } else if raw.len() < Self::LENGTH_MIN {
            let min = Self::LENGTH_MIN;
            Err(InvalidValue::TooShort { min, unit })
        } else if raw.len() > Self::LENGTH_MAX {
            let max = Self::LENGTH_MAX;
            Err(InvalidValue::TooLong { max, unit })
        } else {
            Ok(Self(raw.to_owned()))
        }
    }

    /// As the user has chosen it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for all spellings that are one: in lower case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl PartialEq for Username {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Username {}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::shortest("Ada", Ok("ada"))]
    #[case::digits("4711", Ok("4711"))]
    #[case::longest(
        "aB345678901234567890123456789012345678901234567890",
        Ok("ab345678901234567890123456789012345678901234567890")
    )]
    #[case::empty("", Err("empty"))]
    #[case::short("Al", Err("too_short"))]
    #[case::long("aB3456789012345678901234567890123456789012345678901", Err("too_long"))]
    #[case::space("ada l", Err("invalid_format"))]
    #[case::not_trimmed(" ada", Err("invalid_format"))]
    #[case::dash("ada-l", Err("invalid_format"))]
    #[case::umlaut("jürgen", Err("invalid_format"))]
    #[case::other_digits("ada٣", Err("invalid_format"))]
    #[case::nul("ada\0", Err("invalid_format"))]
    fn a_username_is_of_letters_and_digits(
        #[case] raw: &str,
        #[case] expected: Result<&str, &str>,
    ) {
        let read = Username::parse(raw);

        let folded = read.as_ref().map(Username::folded);
        assert_eq!(folded.as_deref().map_err(|why| why.code()), expected);
        assert!(read.is_err() || read.is_ok_and(|it| it.as_str() == raw));
    }

    #[test]
    fn the_case_of_letters_makes_no_other_user() {
        let parse = |raw| Username::parse(raw).unwrap();

        assert_eq!(parse("AdaLovelace"), parse("adalovelace"));
        assert_ne!(parse("ada1"), parse("ada2"));
    }
}
