//! Text inside of JSON strings.

use std::fmt;

/// Passes text on as part of a JSON string. Control characters that JSON allows, but terminals obey (DEL and the C1
/// controls, U+0080–U+009F), are escaped like all others.
pub(super) struct Escaping<'w, W>(pub(super) &'w mut W);

impl<W: fmt::Write> fmt::Write for Escaping<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut written = 0;
        for (position, special) in text.char_indices().filter(|(_, c)| is_special(*c)) {
            self.0.write_str(&text[written..position])?;
            match special {
                '"' | '\\' => write!(self.0, "\\{special}")?,
                '\n' => self.0.write_str("\\n")?,
                '\r' => self.0.write_str("\\r")?,
                '\t' => self.0.write_str("\\t")?,
                _ => write!(self.0, "\\u{:04x}", u32::from(special))?,
            }
            written = position + special.len_utf8();
        }
        self.0.write_str(&text[written..])
    }
}

fn is_special(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '"' | '\\' | '\x7f'..='\u{9f}')
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("a b", "a b")]
    #[case::quote("say \"a\\b\"", "say \\\"a\\\\b\\\"")]
    #[case::lines("a\r\n\tb", "a\\r\\n\\tb")]
    #[case::escape("\u{1b}[31m\0", "\\u001b[31m\\u0000")]
    #[case::del("a\u{7f}b", "a\\u007fb")]
    #[case::c1("a\u{9b}31mb", "a\\u009b31mb")]
    #[case::latin_letters_stay("é§\u{a0}", "é§\u{a0}")]
    #[case::at_both_ends("\u{80}x\u{9f}", "\\u0080x\\u009f")]
    fn what_is_special_is_escaped_and_reads_back(#[case] text: &str, #[case] expected: &str) {
        let mut out = String::new();

        Escaping(&mut out).write_str(text).unwrap();

        assert_eq!(out, expected);
        let read: String = serde_json::from_str(&format!("\"{out}\"")).unwrap();
        assert_eq!(read, text);
    }
}
