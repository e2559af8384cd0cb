//! What customers owe.

use futures_util::TryStreamExt as _;

use super::{Promise, Verification};
use crate::ports::{LedgerSnapshot, StorageError};

/// Compares the balance of `receivables` with what is open of invoices.
pub(super) async fn check(
    snapshot: &dyn LedgerSnapshot,
    verification: &mut Verification,
) -> Result<(), StorageError> {
    let mut stream = snapshot.receivables();
    while let Some(owed) = stream.try_next().await? {
        let promise = Promise::ReceivablesAreOpenInvoices;
        let agrees = owed.balance_minor == owed.open_minor;
        verification.findings.expect(promise, agrees, || {
            format!(
                "organization {}: receivables in {} are {}, its open invoices come to {}",
                owed.organization_id, owed.currency, owed.balance_minor, owed.open_minor
            )
        });
    }
    Ok(())
}
