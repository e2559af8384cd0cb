//! Until when a call has to be answered.

use std::time::{Duration, Instant};

use http::HeaderMap;

/// How much sooner than the client allows a call is given up: tonic counts as well, and gives calls up without a word.
const AHEAD: Duration = Duration::from_millis(2);

/// The instant after which nobody waits for the answer any more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    /// Of the answer, or of its beginning if it is a stream.
    answer: Instant,
    /// Of the whole call, if its client has set one.
    client: Option<Instant>,
}

impl Deadline {
    /// What the client allows, but not more than `max`, from now on.
    pub(super) fn of(headers: &HeaderMap, max: Duration) -> Self {
        let sent = headers.get("grpc-timeout");
        let allowed = sent.and_then(|value| parse(value.to_str().ok()?));
        let allowed = allowed.map(|allowed| allowed.saturating_sub(AHEAD));
        let now = Instant::now();
        Self {
            answer: now + allowed.map_or(max, |allowed| allowed.min(max)),
            client: allowed.and_then(|allowed| now.checked_add(allowed)),
        }
    }

    /// How long there is still to go.
    pub(crate) fn left(self) -> Duration {
        self.answer.saturating_duration_since(Instant::now())
    }

    /// Whether the client waits for nothing any more: for streams, which may otherwise go on for ever.
    pub(crate) fn is_over_for_client(self) -> bool {
        self.client.is_some_and(|end| end <= Instant::now())
    }
}

/// `grpc-timeout`: at most eight digits and a unit.
fn parse(raw: &str) -> Option<Duration> {
    let (digits, unit) = raw.split_at_checked(raw.len().checked_sub(1)?)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = digits
        .parse()
        .ok()
        .filter(|_| is_number && digits.len() <= 8)?;
    Some(match unit {
        "H" => Duration::from_hours(number),
        "M" => Duration::from_mins(number),
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::the_clients("100m", 60, 98)]
    #[case::ours("1H", 60, 60_000)]
    #[case::nonsense("soon", 60, 60_000)]
    #[case::over_at_once("1m", 60, 0)]
    fn the_shorter_time_counts(
        #[case] allowed: &str,
        #[case] max_seconds: u64,
        #[case] expected_ms: u64,
    ) {
        let mut headers = HeaderMap::new();
        headers.insert("grpc-timeout", allowed.parse().unwrap());

        let left = Deadline::of(&headers, Duration::from_secs(max_seconds)).left();

        let expected = Duration::from_millis(expected_ms);
        assert!(left <= expected && left + Duration::from_secs(5) > expected);
    }

    #[rstest]
    #[case("5S", Some(Duration::from_secs(5)))]
    #[case("100m", Some(Duration::from_millis(100)))]
    #[case("99999999n", Some(Duration::from_nanos(99_999_999)))]
    #[case("1H", Some(Duration::from_hours(1)))]
    #[case("123456789S", None)]
    #[case("+5S", None)]
    #[case("5", None)]
    #[case("S", None)]
    #[case("", None)]
    #[case("5ü", None)]
    fn timeouts_are_read(#[case] raw: &str, #[case] expected: Option<Duration>) {
        assert_eq!(parse(raw), expected);
    }
}
