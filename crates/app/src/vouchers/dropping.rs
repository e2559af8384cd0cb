//! Taking redemptions back: their vouchers can be redeemed again.

use domain::{invoicing::InvoiceFacts, vouchers::Redemption};

use crate::{
    ledger::Desk,
    ports::{StorageError, UnitOfWork},
};

/// Takes one back.
pub(super) async fn release(
    redemption: &mut Redemption,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), StorageError> {
    uow.redemptions().give_back(redemption.facts()).await?;
    redemption.release(desk.now);
    uow.redemptions().update(redemption).await?;
    desk.recorder().record(redemption, uow).await
}

/// Takes back all that is applied to an invoice which is cancelled or deleted.
pub(crate) async fn drop_vouchers(
    invoice: &InvoiceFacts,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), StorageError> {
    if invoice.totals.discount_minor == 0 {
        return Ok(());
    }
    let redemptions = uow.redemptions();
    let applied = redemptions.list_of_invoice(invoice.organization_id, invoice.id);
    let mut applied = applied.await?;
    // Campaigns in one order, so that two who drop several do not wait for each other.
    applied.sort_by_key(|it| it.facts().use_of.campaign_id);
    for mut redemption in applied {
        release(&mut redemption, desk, uow).await?;
    }
    Ok(())
}
