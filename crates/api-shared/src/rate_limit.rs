//! What a client is told of its limit (draft-ietf-httpapi-ratelimit-headers-10).

use app::ports::LimitDecision;

/// `RateLimit`: how many requests may come right now, and in how many seconds the whole quota is there again.
pub fn standing(decision: &LimitDecision) -> Vec<u8> {
    let reset = decision.reset_after.as_secs() + u64::from(decision.reset_after.subsec_nanos() > 0);
    let mut text = Vec::with_capacity(48);
    text.extend_from_slice(b"\"default\";r=");
    push_decimal(&mut text, u64::from(decision.remaining));
    text.extend_from_slice(b";t=");
    push_decimal(&mut text, reset);
    text
}

/// `RateLimit-Policy`: the quota, and in how many seconds it grows from nothing.
pub fn policy(decision: &LimitDecision) -> String {
    let window = decision.burst.div_ceil(decision.per_second.max(1)).max(1);
    format!("\"default\";q={};w={window}", decision.burst)
}

/// Faster than formatting, and it is on every answer.
fn push_decimal(text: &mut Vec<u8>, number: u64) {
    let digits = number.checked_ilog10().unwrap_or(0);
    for place in (0..=digits).rev() {
        let digit = number / 10_u64.pow(place) % 10;
        text.push(b'0' + u8::try_from(digit).unwrap_or_default());
    }
}
