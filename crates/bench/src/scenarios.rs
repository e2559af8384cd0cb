//! What is measured.

mod build;
mod cached_get;
mod create;
mod engine;
mod list;
mod memory;
mod payments;
mod relay;
mod start;
mod transfers;
mod uncached_get;
mod vouchers;
mod webhooks;

use std::fmt;

use clap::ValueEnum;

use crate::{data::BranchSize, figures::Figure, run::Stage};

/// The connections of every scenario that does not say otherwise.
const CONNECTIONS: usize = 64;

/// The accounts that transfers go between, if nothing else is said.
const LEDGER: BranchSize = BranchSize {
    accounts: 10_000,
    deposits: 1,
};

/// An invoice as a client would send it. The insert yardstick writes the row that comes of it.
const NEW_INVOICE: &str = r#"{"customer":{"name":"Ada Lovelace Ltd","email":"ada@example.com"},"items":[{"description":"Consulting","quantity":10,"unit_price_minor":15000,"tax_rate_bps":1600,"unit":"HUR"},{"description":"Travel","quantity":"2.5","unit_price_minor":1001,"tax_rate_bps":700}],"metadata":{"order":"A-1000"}}"#;

/// A thing to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// GET of invoices that are in the cache, in embedded mode.
    CachedGet,
    /// From the start of the process to ready, on an external migrated database.
    Start,
    /// GET of invoices that are not in the cache.
    UncachedGet,
    /// Lists by every filter and at depth.
    List,
    /// POST of invoices.
    Create,
    /// Transfers through the engine alone, between accounts that are all alike.
    EngineUniform,
    /// The same between accounts of which some are far more popular.
    EngineZipf,
    /// The same, all with one hot account.
    EngineHot,
    /// The same, by a single caller.
    EngineLone,
    /// Transfers that write their events, against transfers that do not.
    EngineEvents,
    /// POST of transfers between accounts that are all alike.
    TransferUniform,
    /// The same, all with one hot account.
    TransferHot,
    /// The same over 1,024 connections.
    TransferCrowd,
    /// POST of 1,000 transfers at once.
    TransferBatch,
    /// Transfers in ledgers of any size. Never part of --quick unless named.
    TransferGrowth,
    /// Transfers through two services on one database. Never part of --quick unless named.
    TransferInstances,
    /// The same as transfer-uniform with one in a hundred of them traced, against none.
    Tracing,
    /// POST of payments between accounts, beside transfers.
    PaymentInternal,
    /// POST of payments through a provider, until they are completed. Never part of --quick unless named.
    PaymentExternal,
    /// POST of redemptions of one code, beside transfers with one hot account.
    VoucherHot,
    /// POST that asks what codes would give.
    VoucherValidate,
    /// POST that orders 100,000 codes, until they are issued.
    VoucherBulk,
    /// Events on their way to the brokers.
    Relay,
    /// How soon events reach webhooks.
    Webhooks,
    /// Memory after many requests of all kinds.
    Memory,
    /// Incremental build, and the tests of the domain.
    Build,
}

impl Scenario {
    /// All of them. What writes comes after what reads the same tables.
    pub(crate) const ALL: [Self; 26] = [
        Self::CachedGet,
        Self::Start,
        Self::UncachedGet,
        Self::List,
        Self::Create,
        Self::EngineUniform,
        Self::EngineZipf,
        Self::EngineHot,
        Self::EngineLone,
        Self::EngineEvents,
        Self::TransferUniform,
        Self::TransferHot,
        Self::TransferCrowd,
        Self::TransferBatch,
        Self::TransferGrowth,
        Self::TransferInstances,
        Self::Tracing,
        Self::PaymentInternal,
        Self::PaymentExternal,
        Self::VoucherHot,
        Self::VoucherValidate,
        Self::VoucherBulk,
        Self::Relay,
        Self::Webhooks,
        Self::Memory,
        Self::Build,
    ];

    /// Whether --quick leaves it out: it takes too long, or shows nothing of the bench that others do not.
    pub(crate) fn is_for_full_runs(self) -> bool {
        matches!(
            self,
            Self::Build
                | Self::EngineZipf
                | Self::TransferGrowth
                | Self::TransferInstances
                | Self::Tracing
                | Self::PaymentExternal
                | Self::VoucherValidate
                | Self::VoucherBulk
                | Self::Webhooks
        )
    }

    /// Measures it.
    pub(crate) async fn measure(self, stage: &mut Stage) -> anyhow::Result<Vec<Figure>> {
        match self {
            Self::CachedGet => cached_get::measure(stage).await,
            Self::Start => start::measure(stage).await,
            Self::UncachedGet => uncached_get::measure(stage).await,
            Self::List => list::measure(stage).await,
            Self::Create => create::measure(stage).await,
            Self::EngineUniform => engine::uniform(stage).await,
            Self::EngineZipf => engine::zipf(stage).await,
            Self::EngineHot => engine::hot(stage).await,
            Self::EngineLone => engine::lone(stage).await,
            Self::EngineEvents => engine::events(stage).await,
            Self::TransferUniform => transfers::uniform(stage).await,
            Self::TransferHot => transfers::hot(stage).await,
            Self::TransferCrowd => transfers::crowd(stage).await,
            Self::TransferBatch => transfers::batch(stage).await,
            Self::TransferGrowth => transfers::growth(stage).await,
            Self::TransferInstances => transfers::instances(stage).await,
            Self::Tracing => transfers::tracing(stage).await,
            Self::PaymentInternal => payments::internal(stage).await,
            Self::PaymentExternal => payments::external(stage).await,
            Self::VoucherHot => vouchers::hot(stage).await,
            Self::VoucherValidate => vouchers::validate(stage).await,
            Self::VoucherBulk => vouchers::bulk(stage).await,
            Self::Relay => relay::measure(stage).await,
            Self::Webhooks => webhooks::measure(stage).await,
            Self::Memory => memory::measure(stage).await,
            Self::Build => build::measure(stage),
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}
