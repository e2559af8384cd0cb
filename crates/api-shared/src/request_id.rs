//! What requests are called by their clients.

/// Whether a client may call its request so: 1 to 128 letters, digits, `.`, `_` and `-`.
pub fn is_request_id(value: &[u8]) -> bool {
    let is_welcome = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    (1..=128).contains(&value.len()) && value.iter().all(is_welcome)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("a-B_3.", true)]
    #[case("", false)]
    #[case("a b", false)]
    #[case("a/b", false)]
    fn request_ids_have_few_characters(#[case] raw: &str, #[case] is_valid: bool) {
        assert_eq!(is_request_id(raw.as_bytes()), is_valid);
    }

    #[test]
    fn request_ids_end_at_128_characters() {
        assert!(is_request_id(&[b'a'; 128]));
        assert!(!is_request_id(&[b'a'; 129]));
    }
}
