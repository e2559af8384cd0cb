//! Control characters that JSON allows, but terminals obey.

/// Appends a line of JSON, with DEL and the C1 controls (U+0080–U+009F) escaped; JSON itself escapes the others. They can
/// only stand inside of strings, so what comes out is the same JSON value.
pub(super) fn append_escaped(line: &[u8], out: &mut Vec<u8>) {
    let mut rest = line;
    while let Some((position, length, code)) = next_control(rest) {
        out.extend_from_slice(&rest[..position]);
        out.extend_from_slice(format!("\\u{code:04x}").as_bytes());
        rest = &rest[position + length..];
    }
    out.extend_from_slice(rest);
}

/// Where the next one is, over how many bytes, and its code point.
fn next_control(text: &[u8]) -> Option<(usize, usize, u32)> {
    let is_start = |byte: &u8| matches!(byte, 0x7f | 0xc2);
    let mut from = 0;
    loop {
        let position = from + text[from..].iter().position(is_start)?;
        match (text[position], text.get(position + 1)) {
            (0x7f, _) => return Some((position, 1, 0x7f)),
            (_, Some(second @ 0x80..=0x9f)) => return Some((position, 2, u32::from(*second))),
            _ => from = position + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("{\"a\":\"b\"}\n", "{\"a\":\"b\"}\n")]
    #[case::del("a\u{7f}b", "a\\u007fb")]
    #[case::c1("a\u{9b}31mb", "a\\u009b31mb")]
    #[case::latin_letters_stay("é§\u{a0}", "é§\u{a0}")]
    #[case::at_both_ends("\u{80}x\u{9f}", "\\u0080x\\u009f")]
    fn controls_that_json_allows_are_escaped(#[case] line: &str, #[case] expected: &str) {
        let mut out = Vec::new();

        append_escaped(line.as_bytes(), &mut out);

        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
