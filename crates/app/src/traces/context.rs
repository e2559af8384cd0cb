//! Which trace something belongs to, and what caused it there, as it travels: the `traceparent` of W3C Trace Context.

use std::{
    fmt,
    num::{NonZeroU64, NonZeroU128},
};

use uuid::Uuid;

/// The id of a trace. It is written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId(NonZeroU128);

impl TraceId {
    /// The one of a new trace.
    pub(super) fn of(id: Uuid) -> Self {
        Self(NonZeroU128::new(id.as_u128()).unwrap_or(NonZeroU128::MIN))
    }

    /// Its bytes, as they are written.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.get().to_be_bytes()
    }

    /// Its last 32 bits, which are random.
    pub(super) fn dice(self) -> u32 {
        let [.., a, b, c, d] = self.to_bytes();
        u32::from_be_bytes([a, b, c, d])
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// The id of a span in its trace. It is written as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(NonZeroU64);

impl SpanId {
    /// The one of a new span: the half of a UUID that is not the time.
    pub(super) fn of(id: Uuid) -> Self {
        let (_, random) = id.as_u64_pair();
        Self(NonZeroU64::new(random).unwrap_or(NonZeroU64::MIN))
    }

    /// Its bytes, as they are written.
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0.get().to_be_bytes()
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A place in a trace, for whatever is caused from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceContext {
    /// Which trace.
    pub trace_id: TraceId,
    /// Which span.
    pub span_id: SpanId,
    /// Whether the trace is recorded.
    pub is_sampled: bool,
}

impl TraceContext {
    /// Reads a `traceparent`: `version-traceid-parentid-flags` in lower case hexadecimal digits, where neither id is all
    /// zeros and the version is not `ff`. Later versions may have more after the flags.
    pub fn parse(raw: &str) -> Option<Self> {
        let (head, rest) = raw.split_at_checked(55)?;
        let is_well_formed = head.bytes().enumerate().all(|(at, byte)| match at {
            2 | 35 | 52 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        });
        let is_complete = match head.get(..2)? {
            "ff" => false,
            "00" => rest.is_empty(),
            _ => rest.is_empty() || rest.starts_with('-'),
        };
        if !(is_well_formed && is_complete) {
            return None;
        }
        let trace_id = u128::from_str_radix(head.get(3..35)?, 16).ok()?;
        let span_id = u64::from_str_radix(head.get(36..52)?, 16).ok()?;
        let flags = u8::from_str_radix(head.get(53..)?, 16).ok()?;
        Some(Self {
            trace_id: TraceId(NonZeroU128::new(trace_id)?),
            span_id: SpanId(NonZeroU64::new(span_id)?),
            is_sampled: flags & 1 == 1,
        })
    }

    /// The same place in a trace that nobody records.
    pub(super) const fn unsampled(self) -> Self {
        Self {
            is_sampled: false,
            ..self
        }
    }
}

/// As a `traceparent`.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = u8::from(self.is_sampled);
        write!(f, "00-{}-{}-{flags:02x}", self.trace_id, self.span_id)
    }
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
    #[case("00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0ä", false)]
    #[case("", false)]
    fn trace_contexts_are_checked(#[case] raw: &str, #[case] is_valid: bool) {
        assert_eq!(TraceContext::parse(raw).is_some(), is_valid);
    }

    #[rstest]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", false)]
    fn a_context_is_written_as_it_was_read(#[case] raw: &str, #[case] is_sampled: bool) {
        let context = TraceContext::parse(raw).unwrap();

        assert_eq!(context.is_sampled, is_sampled);
        assert_eq!(context.to_string(), raw);
    }

    #[test]
    fn flags_that_nobody_knows_are_not_passed_on() {
        let raw = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-09-what";

        let context = TraceContext::parse(raw).unwrap();

        let expected = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(context.to_string(), expected);
    }
}
