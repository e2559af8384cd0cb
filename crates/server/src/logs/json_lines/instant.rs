//! When a line is written.

use std::{
    cell::RefCell,
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;

/// Writes the machine's time: RFC 3339, UTC, six fraction digits.
#[expect(
    clippy::disallowed_methods,
    reason = "the log tells when a line was written, whatever time the service is told"
)]
pub(super) fn write_now(to: &mut impl fmt::Write) -> fmt::Result {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    write_instant(to, since_epoch.as_secs(), since_epoch.subsec_micros())
}

/// Many lines are written in one second: its text is kept.
fn write_instant(to: &mut impl fmt::Write, second: u64, micros: u32) -> fmt::Result {
    thread_local! {
        static LAST: RefCell<(u64, String)> = const { RefCell::new((u64::MAX, String::new())) };
    }
    LAST.with_borrow_mut(|(last, text)| {
        if *last != second {
            let seconds = i64::try_from(second).unwrap_or(i64::MAX);
            *text = Timestamp::from_second(seconds)
                .unwrap_or_default()
                .strftime("%Y-%m-%dT%H:%M:%S")
                .to_string();
            *last = second;
        }
        to.write_str(text)
    })?;
    write!(to, ".{micros:06}Z")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, 0, "1970-01-01T00:00:00.000000Z")]
    #[case(1_795_201_940, 7, "2026-11-20T19:12:20.000007Z")]
    #[case(1_795_201_940, 999_999, "2026-11-20T19:12:20.999999Z")]
    #[case(1_795_201_941, 1, "2026-11-20T19:12:21.000001Z")]
    fn instants_have_six_fraction_digits(
        #[case] second: u64,
        #[case] micros: u32,
        #[case] expected: &str,
    ) {
        let mut text = String::new();

        write_instant(&mut text, second, micros).unwrap();

        assert_eq!(text, expected);
    }
}
