//! Vouchers as lines of CSV (RFC 4180).

use std::fmt::Write as _;

use domain::vouchers::{Cap, VoucherFacts};

/// The names of the columns.
pub(super) const HEAD: &str = "code,status,max_redemptions,id,campaign_id,created_at\r\n";

/// About how long a line is.
const LINE_BYTES: usize = 144;

/// A line for each.
pub(super) fn lines_of(vouchers: &[VoucherFacts]) -> String {
    let mut lines = String::with_capacity(vouchers.len() * LINE_BYTES);
    for voucher in vouchers {
        let cap = voucher.terms.max_redemptions.map(Cap::get);
        write_value(&mut lines, voucher.code.as_str());
        // Writing to a string does not fail.
        let _ = write!(lines, ",{},", voucher.status.code());
        if let Some(cap) = cap {
            let _ = write!(lines, "{cap}");
        }
        let (id, campaign_id) = (voucher.id, voucher.campaign_id);
        let created_at = voucher.created_at;
        let _ = write!(lines, ",{id},{campaign_id},{created_at:.6}\r\n");
    }
    lines
}

/// Writes a text that somebody has chosen. Spreadsheets take what begins with one of these for a formula, and run it.
fn write_value(line: &mut String, value: &str) {
    let is_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    if value.contains(['"', ',', '\r', '\n']) {
        let doubled = value.replace('"', "\"\"");
        let _ = write!(line, "\"{guard}{doubled}\"");
    } else {
        line.push_str(guard);
        line.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("SUMMER-26", "SUMMER-26")]
    #[case("-2-3", "'-2-3")]
    #[case("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    #[case("+1", "'+1")]
    #[case("@SUM(A1)", "'@SUM(A1)")]
    #[case("\tx", "'\tx")]
    #[case("a,b", "\"a,b\"")]
    #[case("two\r\nlines", "\"two\r\nlines\"")]
    fn no_value_is_a_formula_and_none_breaks_its_line(#[case] value: &str, #[case] expected: &str) {
        let mut line = String::new();

        write_value(&mut line, value);

        assert_eq!(line, expected);
    }
}
