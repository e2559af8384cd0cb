//! Leaving a provider alone that keeps failing.

mod window;

use jiff::{SignedDuration, Timestamp};

use self::window::Window;

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerTerms {
    /// The share of failures that opens it, in percent.
    pub failures_pct_min: u32,
    /// How many calls there must have been.
    pub calls_min: u32,
    /// How long a call counts.
    pub window: SignedDuration,
    /// How long the provider is left alone.
    pub open_for: SignedDuration,
}

impl Default for BreakerTerms {
    /// 60 % of at least 10 calls within a minute; then half a minute of rest.
    fn default() -> Self {
        Self {
            failures_pct_min: 60,
            calls_min: 10,
            window: SignedDuration::from_mins(1),
            open_for: SignedDuration::from_secs(30),
        }
    }
}

/// Where a breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Calls go through.
    Closed,
    /// No call goes through.
    Open,
    /// One call at a time goes through, to see whether the provider is back.
    HalfOpen,
}

impl BreakerState {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Closed, Self::Open, Self::HalfOpen];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// What a call says about its provider. A decline is an answer like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallVerdict {
    /// It answered.
    Worked,
    /// It could not, or did not.
    Failed,
}

/// The leave to make one call.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "whoever does not call gives it back"]
pub struct Pass {
    era: u64,
}

#[derive(Debug)]
enum Mode {
    Closed(Window),
    Open { until: Timestamp },
    Probing,
}

/// Counts the failures of one provider.
///
/// Passes of an earlier era, given out before it last opened or closed, no longer count.
#[derive(Debug)]
pub struct CircuitBreaker {
    terms: BreakerTerms,
    mode: Mode,
    era: u64,
}

impl CircuitBreaker {
    /// A closed one.
    pub fn new(terms: BreakerTerms) -> Self {
        Self {
            terms,
            mode: Mode::Closed(Window::new(terms.window)),
            era: 0,
        }
    }

    /// Where it stands.
    pub fn state(&self, now: Timestamp) -> BreakerState {
        match self.mode {
            Mode::Closed(_) => BreakerState::Closed,
            Mode::Open { until } if now < until => BreakerState::Open,
            Mode::Open { .. } | Mode::Probing => BreakerState::HalfOpen,
        }
    }

    /// Asks for leave to call. The one after the rest is a probe, and there is no other while it is under way.
    pub fn admit(&mut self, now: Timestamp) -> Option<Pass> {
        match self.mode {
            Mode::Closed(_) => {}
            Mode::Open { until } if now < until => return None,
            Mode::Open { .. } => self.turn(Mode::Probing),
            Mode::Probing => return None,
        }
        Some(Pass { era: self.era })
    }

    /// Takes note of a call.
    pub fn note(&mut self, Pass { era }: Pass, verdict: CallVerdict, now: Timestamp) {
        if era != self.era {
            return;
        }
        match (&mut self.mode, verdict) {
            (Mode::Closed(window), verdict) => {
                window.count(verdict, now);
                if window.is_bad(&self.terms) {
                    self.open(now);
                }
            }
            (Mode::Probing, CallVerdict::Failed) => self.open(now),
            (Mode::Probing, CallVerdict::Worked) => {
                self.turn(Mode::Closed(Window::new(self.terms.window)));
            }
            (Mode::Open { .. }, _) => {}
        }
    }

    /// Takes back a pass that nobody has used.
    pub fn withdraw(&mut self, Pass { era }: Pass, now: Timestamp) {
        if era == self.era && matches!(self.mode, Mode::Probing) {
            self.turn(Mode::Open { until: now });
        }
    }

    fn open(&mut self, now: Timestamp) {
        let until = now.checked_add(self.terms.open_for);
        self.turn(Mode::Open {
            until: until.unwrap_or(Timestamp::MAX),
        });
    }

    fn turn(&mut self, mode: Mode) {
        self.mode = mode;
        self.era += 1;
    }
}

#[cfg(test)]
mod tests;
