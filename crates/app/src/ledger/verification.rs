//! Whether the ledger keeps its promises: all of it is recomputed from the entries, in one pass over each table and in
//! little memory.

mod chains;
mod findings;
mod pages;
mod receivables;
mod sorted;
mod transfers;

use domain::ids::OrganizationId;

use super::ChainTip;
use crate::ports::{LedgerSnapshot, StorageError};

pub use findings::{Difference, Findings, Promise};

/// What was looked at, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// How many pages of accounts there are.
    pub pages: u64,
    /// How many entries.
    pub entries: u64,
    /// How many transfers.
    pub transfers: u64,
    /// How many of them are in a chain.
    pub chained: u64,
    /// Where the chain of each organization ends: whoever keeps this finds a change of history that was chained anew.
    pub tips: Vec<(OrganizationId, ChainTip)>,
    /// What does not agree.
    pub findings: Findings,
}

/// Hears how many more entries were looked at: each of them twice, and once again for every two in a chain.
pub type Heard<'h> = &'h (dyn Fn(u64) + Send + Sync);

/// Looks at everything.
pub async fn verify(
    snapshot: &dyn LedgerSnapshot,
    heard: Heard<'_>,
) -> Result<Verification, StorageError> {
    let mut verification = Verification::default();
    pages::check(snapshot, heard, &mut verification).await?;
    transfers::check(snapshot, heard, &mut verification).await?;
    chains::check(snapshot, heard, &mut verification).await?;
    receivables::check(snapshot, &mut verification).await?;
    Ok(verification)
}

#[cfg(test)]
mod tests;
