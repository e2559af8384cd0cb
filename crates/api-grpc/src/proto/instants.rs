//! Instants in messages.

use jiff::Timestamp;

const MICROSECONDS: i64 = 1_000_000;

/// An instant, to the microsecond.
pub(crate) fn stamp(instant: Timestamp) -> prost_types::Timestamp {
    let micros = instant.as_microsecond();
    let nanos = micros.rem_euclid(MICROSECONDS) * 1_000;
    prost_types::Timestamp {
        seconds: micros.div_euclid(MICROSECONDS),
        // Below 10^9.
        nanos: i32::try_from(nanos).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_before_1970_count_forward_too() {
        let instant = Timestamp::from_microsecond(-1).unwrap();

        let stamped = stamp(instant);

        assert_eq!((stamped.seconds, stamped.nanos), (-1, 999_999_000));
    }
}
