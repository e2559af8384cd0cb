//! How much is done: for figures that can be trusted, or for a look whether the bench works.

use std::time::Duration;

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
    /// How often all that post transfers take turns.
    pub(crate) transfer_rounds: usize,
    /// How long each of them is measured in each round, after a warm-up.
    pub(crate) transfer_round_s: u32,
    /// How many accounts a large ledger has.
    pub(crate) accounts_many: u32,
    /// How many events wait for the relay.
    pub(crate) backlog: i64,
    /// How many webhooks there are.
    pub(crate) webhooks: usize,
    /// How long their delays are measured.
    pub(crate) webhooks_s: Duration,
    /// How many payments go through a provider as quickly as they can.
    pub(crate) payments: usize,
    /// How long their delays are measured.
    pub(crate) payments_s: Duration,
}

impl Pace {
    /// What the figures are promised for. About 35 minutes.
    pub(crate) const FULL: Self = Self {
        invoices: 1_000_000,
        rounds: 5,
        warm_up_s: 1.0,
        round_s: 5.0,
        list_round_s: 2.0,
        list_rounds: 3,
        memory_requests: 1_000_000,
        starts: 10,
        transfer_rounds: 5,
        transfer_round_s: 5,
        accounts_many: 1_000_000,
        backlog: 1_000_000,
        webhooks: 1_000,
        webhooks_s: Duration::from_mins(1),
        payments: 20_000,
        payments_s: Duration::from_mins(1),
    };
    /// Less than 2 minutes.
    pub(crate) const QUICK: Self = Self {
        invoices: 50_000,
        rounds: 2,
        warm_up_s: 0.3,
        round_s: 1.0,
        list_round_s: 0.5,
        list_rounds: 1,
        memory_requests: 60_000,
        starts: 3,
        transfer_rounds: 1,
        transfer_round_s: 1,
        accounts_many: 100_000,
        backlog: 60_000,
        webhooks: 100,
        webhooks_s: Duration::from_secs(5),
        payments: 2_000,
        payments_s: Duration::from_secs(5),
    };
}
