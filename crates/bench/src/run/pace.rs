//! How much is done: for figures that can be trusted, or for a look whether the bench works.

/// Sizes and times of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// How many invoices there are.
    pub(crate) invoices: i64,
    /// How often the service and its yardstick take turns.
    pub(crate) rounds: usize,
    /// How long a server is used before it is measured.
    pub(crate) warm_up_s: f64,
    /// How long it is measured in each round.
    pub(crate) round_s: f64,
    /// How long each list is measured in each round.
    pub(crate) list_round_s: f64,
    /// How often all lists are measured.
    pub(crate) list_rounds: usize,
    /// How many requests the process has to have answered when its memory is looked at.
    pub(crate) memory_requests: usize,
    /// How often the service is started.
    pub(crate) starts: usize,
}

impl Pace {
    /// What the figures are promised for. About 20 minutes.
    pub(crate) const FULL: Self = Self {
        invoices: 1_000_000,
        rounds: 5,
        warm_up_s: 1.0,
        round_s: 5.0,
        list_round_s: 2.0,
        list_rounds: 3,
        memory_requests: 1_000_000,
        starts: 10,
    };
    /// Less than 2 minutes.
    pub(crate) const QUICK: Self = Self {
        invoices: 50_000,
        rounds: 2,
        warm_up_s: 0.5,
        round_s: 2.0,
        list_round_s: 0.5,
        list_rounds: 1,
        memory_requests: 60_000,
        starts: 3,
    };
}
