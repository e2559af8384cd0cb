//! What requests are called: by their clients, and in traces.

/// Whether a client may call its request so: 1 to 128 letters, digits, `.`, `_` and `-`.
pub fn is_request_id(value: &[u8]) -> bool {
    let is_welcome = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    (1..=128).contains(&value.len()) && value.iter().all(is_welcome)
}

/// Whether it is a `traceparent` (W3C Trace Context): `version-traceid-parentid-flags` in lower case hexadecimal digits,
/// where neither id is all zeros and the version is not `ff`. Later versions may have more after the flags.
pub fn is_traceparent(bytes: &[u8]) -> bool {
    let (Some(head), Some(rest)) = (bytes.get(..55), bytes.get(55..)) else {
        return false;
    };
    let is_well_formed = head.iter().enumerate().all(|(at, byte)| match at {
        2 | 35 | 52 => *byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    });
    let is_zero = |range: std::ops::Range<usize>| {
        head.get(range)
            .is_some_and(|id| id.iter().all(|byte| *byte == b'0'))
    };
    let is_complete = match head.get(..2) {
        Some(b"ff") => false,
        Some(b"00") => rest.is_empty(),
        _ => rest.is_empty() || rest.starts_with(b"-"),
    };
    is_well_formed && is_complete && !is_zero(3..35) && !is_zero(36..52)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    #[case("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", true)]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false)]
    #[case("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    #[case("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false)]
    #[case("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false)]
    #[case("", false)]
    fn trace_contexts_are_checked(#[case] raw: &str, #[case] is_valid: bool) {
        assert_eq!(is_traceparent(raw.as_bytes()), is_valid);
    }

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
