//! What vouchers take off a draft whose contents change.

use domain::{
    invoicing::{Invoice, InvoiceContents, InvoiceFacts, RewriteError},
    vouchers::{Holder, NewRedemption, Reason, Redemption, Refused},
};

use super::redeeming::claim_of;
use crate::{
    ledger::Desk,
    ports::{StorageError, UnitOfWork, VoucherStanding},
};

/// Why the contents of a draft do not go with its vouchers. Take them off first.
#[derive(Debug, thiserror::Error)]
pub enum RestateError {
    /// The contents cannot be added up.
    #[error(transparent)]
    Contents(#[from] RewriteError),
    /// A voucher would give nothing any more.
    #[error("with these contents, a voucher that is applied would give nothing: {0}")]
    Refused(#[from] Refused),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Tells what the vouchers of a draft take off other contents, and counts what that changes. When they were redeemed does
/// not matter, only what for. Where that stays the same, so does what they take off, whatever has become of them meanwhile.
pub(crate) async fn restate_vouchers(
    invoice: &InvoiceFacts,
    contents: &InvoiceContents,
    (desk, uow): (Desk<'_>, &mut dyn UnitOfWork),
) -> Result<i64, RestateError> {
    if invoice.totals.discount_minor == 0 {
        return Ok(0);
    }
    if contents.is_discounted_like(&invoice.contents) {
        return Ok(invoice.totals.discount_minor);
    }
    let redemptions = uow.redemptions();
    let applied = redemptions.list_of_invoice(invoice.organization_id, invoice.id);
    let applied = applied.await?;
    let holder = Holder {
        customer_id: contents.customer_id,
        email: contents.customer.email.clone(),
    };
    let total_minor = Invoice::subtotal_of(contents)?;
    let mut left_minor = total_minor;
    for mut redemption in applied {
        let code = redemption.facts().use_of.code.clone();
        let vouchers = uow.vouchers();
        let found = vouchers.find_for_redeeming(invoice.organization_id, &code, &holder);
        let standing = found.await?.ok_or_else(|| gone(&redemption))?;
        let off_minor = standing.campaign.terms.off(total_minor).min(left_minor);
        check(&standing, contents, (total_minor, off_minor))?;
        let claim = claim_of(&standing, &holder, off_minor);
        let adjusted = uow.redemptions().adjust(redemption.facts(), &claim).await?;
        if let Some(reason) = adjusted {
            return Err(Refused::from(reason).into());
        }
        redemption.restate((off_minor, contents.currency), holder.clone(), desk.now);
        uow.redemptions().update(&redemption).await?;
        desk.recorder().record(&mut redemption, uow).await?;
        left_minor -= off_minor;
    }
    Ok(total_minor - left_minor)
}

/// Tells what the other vouchers of a draft take off it when one has been taken off: each what it may of what has become free,
/// and none less than before. Taking a voucher off is never refused: what may not give more gives what it gave.
pub(super) async fn restate_others(
    invoice: &InvoiceFacts,
    others: Vec<Redemption>,
    (desk, uow): (Desk<'_>, &mut dyn UnitOfWork),
) -> Result<i64, StorageError> {
    let contents = &invoice.contents;
    let total_minor = invoice.totals.subtotal_minor;
    let amount_of = |it: &Redemption| it.facts().use_of.amount_minor;
    let mut discount_minor: i64 = others.iter().map(amount_of).sum();
    for mut redemption in others {
        let before_minor = amount_of(&redemption);
        let NewRedemption { code, holder, .. } = redemption.facts().use_of.clone();
        let vouchers = uow.vouchers();
        let found = vouchers.find_for_redeeming(invoice.organization_id, &code, &holder);
        let standing = found.await?.ok_or_else(|| gone(&redemption))?;
        let most_minor = before_minor + total_minor - discount_minor;
        let off_minor = standing.campaign.terms.off(total_minor).min(most_minor);
        let is_allowed = check(&standing, contents, (total_minor, off_minor)).is_ok();
        if off_minor <= before_minor || !is_allowed {
            continue;
        }
        let claim = claim_of(&standing, &holder, off_minor);
        let refused = uow.redemptions().adjust(redemption.facts(), &claim).await?;
        if refused.is_some() {
            continue;
        }
        redemption.restate((off_minor, contents.currency), holder, desk.now);
        uow.redemptions().update(&redemption).await?;
        desk.recorder().record(&mut redemption, uow).await?;
        discount_minor += off_minor - before_minor;
    }
    Ok(discount_minor)
}

/// Refuses contents that a voucher takes nothing off.
fn check(
    standing: &VoucherStanding,
    contents: &InvoiceContents,
    (total_minor, off_minor): (i64, i64),
) -> Result<(), Refused> {
    let terms = &standing.campaign.terms;
    let is_other = terms.currency.is_some_and(|it| it != contents.currency);
    let is_below = terms.min_total.is_some_and(|it| total_minor < it.get());
    let reasons = [
        (standing.counts.is_blocked, Reason::CustomerBlocked),
        (is_other, Reason::CurrencyMismatch),
        (is_below || off_minor <= 0, Reason::MinimumNotReached),
    ];
    let held: Vec<_> = reasons
        .into_iter()
        .filter_map(|(holds, reason)| holds.then_some(reason))
        .collect();
    if held.is_empty() {
        Ok(())
    } else {
        Err(Refused(held))
    }
}

/// Vouchers are never deleted.
fn gone(redemption: &Redemption) -> StorageError {
    StorageError::Corrupt {
        entity: "redemption",
        source: format!("there is no voucher {}", redemption.facts().use_of.code).into(),
    }
}
