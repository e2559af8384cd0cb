//! How the simulator behaves.

use std::time::Duration;

use app::ports::ProviderOrder;
use domain::values::InvalidValue;
use jiff::{SignedDuration, Timestamp};

const REFUSALS_MAX: u32 = 1_000;
const SLOW_MS_MAX: u32 = 600_000;
const OUTAGE_S_MAX: u32 = 86_400;

/// What the simulator does with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Moves the money and says so.
    Success,
    /// Refuses for good.
    Decline,
    /// Moves the money and does not answer the first call.
    Timeout,
    /// Loses the first call on its way: nothing moves, and nobody answers. Later calls succeed.
    Lost,
    /// Refuses so many calls for now, then succeeds.
    Flaky(u32),
    /// Is out of reach: for ever, or until so long after the payment was accepted.
    Outage(Option<Duration>),
    /// Moves the money and answers the first call so much later.
    Slow(Duration),
    /// Moves the money and ends the process that asked for it.
    CrashAfterCharge,
    /// Moves the money, says that it will, and tells only who asks later.
    Pending,
}

impl Behaviour {
    /// How an order wants it: by its `simulate`, else by the last two digits of its amount.
    pub(super) fn of(order: &ProviderOrder) -> Result<Self, InvalidValue> {
        match &order.simulate {
            Some(wanted) => Self::parse(wanted),
            None => Ok(Self::by_amount(order.amount.as_minor())),
        }
    }

    /// By the last two digits: those that prices rarely end with.
    const fn by_amount(minor: i64) -> Self {
        match minor % 100 {
            1 => Self::Decline,
            2 => Self::Timeout,
            3 => Self::Flaky(2),
            4 => Self::Outage(None),
            5 => Self::Slow(Duration::from_secs(2)),
            6 => Self::CrashAfterCharge,
            7 => Self::Lost,
            8 => Self::Pending,
            _ => Self::Success,
        }
    }

    fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let (word, number) = match raw.split_once(':') {
            Some((word, number)) => (word, Some(number)),
            None => (raw, None),
        };
        let within = |max: u32| {
            let number = number.and_then(|raw| raw.parse().ok());
            number.filter(|number| *number <= max).ok_or(UNKNOWN)
        };
        match (word, number) {
            ("success", None) => Ok(Self::Success),
            ("decline", None) => Ok(Self::Decline),
            ("timeout", None) => Ok(Self::Timeout),
            ("lost", None) => Ok(Self::Lost),
            ("pending", None) => Ok(Self::Pending),
            ("crash_after_charge", None) => Ok(Self::CrashAfterCharge),
            ("outage", None) => Ok(Self::Outage(None)),
            ("flaky", Some(_)) => within(REFUSALS_MAX).map(Self::Flaky),
            ("outage", Some(_)) => within(OUTAGE_S_MAX)
                .map(|seconds| Self::Outage(Some(Duration::from_secs(seconds.into())))),
            ("slow", Some(_)) => {
                within(SLOW_MS_MAX).map(|ms| Self::Slow(Duration::from_millis(ms.into())))
            }
            _ => Err(UNKNOWN),
        }
    }

    /// At which call the money moves, if it ever does.
    pub(super) const fn moves_on(self) -> Option<u32> {
        match self {
            Self::Decline | Self::Outage(None) => None,
            Self::Flaky(refusals) => Some(refusals + 1),
            Self::Lost => Some(2),
            Self::Success
            | Self::Timeout
            | Self::Outage(Some(_))
            | Self::Slow(_)
            | Self::CrashAfterCharge
            | Self::Pending => Some(1),
        }
    }

    /// Whether the simulator is out of reach for an order that was accepted then.
    pub(super) fn is_out_of_reach(self, accepted_at: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::Outage(None) => true,
            Self::Outage(Some(length)) => {
                let length = SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX);
                now.duration_since(accepted_at) < length
            }
            _ => false,
        }
    }
}

const UNKNOWN: InvalidValue = InvalidValue::Unsupported {
    expected: "success, decline, timeout, lost, pending, crash_after_charge, outage, outage:<seconds up to 86400>, \
               flaky:<refusals up to 1000> or slow:<milliseconds up to 600000>",
};

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("success", Behaviour::Success)]
    #[case("decline", Behaviour::Decline)]
    #[case("timeout", Behaviour::Timeout)]
    #[case("lost", Behaviour::Lost)]
    #[case("pending", Behaviour::Pending)]
    #[case("crash_after_charge", Behaviour::CrashAfterCharge)]
    #[case("outage", Behaviour::Outage(None))]
    #[case("outage:60", Behaviour::Outage(Some(Duration::from_mins(1))))]
    #[case("flaky:3", Behaviour::Flaky(3))]
    #[case("slow:250", Behaviour::Slow(Duration::from_millis(250)))]
    fn behaviours_have_words(#[case] raw: &str, #[case] behaviour: Behaviour) {
        assert_eq!(Behaviour::parse(raw), Ok(behaviour));
    }

    #[rstest]
    fn other_words_are_refused(
        #[values(
            "",
            "Success",
            "success:1",
            "flaky",
            "flaky:",
            "flaky:-1",
            "flaky:1001",
            "slow:x",
            "slow:600001",
            "outage:86401",
            "timeout:5"
        )]
        raw: &str,
    ) {
        assert_eq!(Behaviour::parse(raw), Err(UNKNOWN));
    }

    #[rstest]
    #[case(101, Behaviour::Decline)]
    #[case(102, Behaviour::Timeout)]
    #[case(103, Behaviour::Flaky(2))]
    #[case(104, Behaviour::Outage(None))]
    #[case(105, Behaviour::Slow(Duration::from_secs(2)))]
    #[case(106, Behaviour::CrashAfterCharge)]
    #[case(107, Behaviour::Lost)]
    #[case(108, Behaviour::Pending)]
    #[case(100, Behaviour::Success)]
    #[case(1_999, Behaviour::Success)]
    #[case(1, Behaviour::Decline)]
    fn amounts_tell_by_their_last_two_digits(#[case] minor: i64, #[case] behaviour: Behaviour) {
        assert_eq!(Behaviour::by_amount(minor), behaviour);
    }

    #[test]
    fn an_outage_ends_when_it_says() {
        let accepted: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let outage = Behaviour::Outage(Some(Duration::from_mins(1)));
        let is_out = |seconds| {
            outage.is_out_of_reach(accepted, accepted + SignedDuration::from_secs(seconds))
        };

        assert!(is_out(0) && is_out(59) && !is_out(60));
    }
}
