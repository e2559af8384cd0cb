//! The figures that tell cheaply whether the ledger keeps its promises.

use async_trait::async_trait;
use domain::ids::OrganizationId;
use jiff::Timestamp;

use super::StorageError;

/// The figures of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerFigures {
    /// By organization and currency.
    pub currencies: Vec<CurrencyFigures>,
    /// How many transfers wait to be chained although they are older than was asked for, counted up to 10,000.
    pub unchained: i64,
}

/// What the accounts and invoices of an organization in a currency come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrencyFigures {
    /// Whose.
    pub organization_id: OrganizationId,
    /// The code of the currency.
    pub currency: String,
    /// All balances, in minor units.
    pub balances_minor: i128,
    /// How many accounts are lower than their overdraft limit lets them be.
    pub below_floor: i64,
    /// What is on `receivables`, in minor units.
    pub receivables_minor: i128,
    /// What is due of open invoices, in minor units.
    pub open_invoices_minor: i128,
}

/// Reads them from the read models.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait InvariantQueries: Send + Sync {
    /// The figures of an organization, or of all. MUST be of one moment, and MUST NOT cost more the more transfers or
    /// invoices there are.
    async fn figures(
        &self,
        organization_id: Option<OrganizationId>,
        chained_before: Timestamp,
    ) -> Result<LedgerFigures, StorageError>;
}
