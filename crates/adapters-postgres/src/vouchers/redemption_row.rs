//! How a row of `voucher_redemptions` becomes facts, and back.

use app::ports::StorageError;
use domain::{
    ids::{
        AccountId, CampaignId, CustomerId, InvoiceId, OrganizationId, RedemptionId, TransferId,
        VoucherId,
    },
    values::{Currency, EmailAddress},
    version::Version,
    vouchers::{Holder, NewRedemption, RedemptionFacts, RedemptionTarget, VoucherCode},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

const ENTITY: &str = "redemption";

pub(super) const COLUMNS: &str = "organization_id, id, voucher_id, code, campaign_id, invoice_id, account_id, transfer_id, \
    customer_id, email, amount_minor, currency, redeemed_at, released_at, updated_at, version";

pub(super) fn redemption_from(row: &Row) -> Result<RedemptionFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let customer_id: Option<Uuid> = columns.get("customer_id")?;
    let use_of = NewRedemption {
        voucher_id: VoucherId::from_uuid(columns.get("voucher_id")?),
        code: columns.parse("code", VoucherCode::parse)?,
        campaign_id: CampaignId::from_uuid(columns.get("campaign_id")?),
        target: target(columns)?,
        holder: Holder {
            customer_id: customer_id.map(CustomerId::from_uuid),
            email: columns.parse_optional("email", EmailAddress::parse)?,
        },
        amount_minor: columns.get("amount_minor")?,
        currency: columns.parse("currency", Currency::restore)?,
    };
    Ok(RedemptionFacts {
        id: RedemptionId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        use_of,
        redeemed_at: columns.get("redeemed_at")?,
        released_at: columns.get("released_at")?,
        updated_at: columns.get("updated_at")?,
        version: Version::new(columns.get("version")?),
    })
}

fn target(columns: Columns<'_>) -> Result<RedemptionTarget, StorageError> {
    let invoice: Option<Uuid> = columns.get("invoice_id")?;
    let account: Option<Uuid> = columns.get("account_id")?;
    let transfer: Option<Uuid> = columns.get("transfer_id")?;
    match (invoice, account, transfer) {
        (Some(invoice), None, None) => Ok(RedemptionTarget::Invoice(InvoiceId::from_uuid(invoice))),
        (None, Some(account), Some(transfer)) => Ok(RedemptionTarget::Account(
            AccountId::from_uuid(account),
            TransferId::from_uuid(transfer),
        )),
        _ => Err(corrupt(ENTITY, "neither on an invoice nor on an account")),
    }
}

/// What never changes: `voucher_id` to `transfer_id`, `redeemed_at`.
pub(super) fn fixed_columns(facts: &RedemptionFacts) -> Vec<OwnedParam> {
    let it = &facts.use_of;
    let (invoice, account, transfer) = target_columns(facts);
    vec![
        Box::new(it.voucher_id.as_uuid()),
        Box::new(it.code.as_str().to_owned()),
        Box::new(it.campaign_id.as_uuid()),
        Box::new(invoice),
        Box::new(account),
        Box::new(transfer),
        Box::new(facts.redeemed_at),
    ]
}

/// The invoice; or the account and its transfer.
pub(super) fn target_columns(
    facts: &RedemptionFacts,
) -> (Option<Uuid>, Option<Uuid>, Option<Uuid>) {
    match facts.use_of.target {
        RedemptionTarget::Invoice(id) => (Some(id.as_uuid()), None, None),
        RedemptionTarget::Account(account, transfer) => {
            (None, Some(account.as_uuid()), Some(transfer.as_uuid()))
        }
    }
}

/// Which one, and what changes: `organization_id`, `id`, `customer_id`, `email`, `holder`, `amount_minor`, `released_at`,
/// `updated_at`, `version`, `currency`.
pub(super) fn changing_columns(facts: &RedemptionFacts) -> Vec<OwnedParam> {
    let it = &facts.use_of;
    let email = it.holder.email.as_ref();
    vec![
        Box::new(facts.organization_id.as_uuid()),
        Box::new(facts.id.as_uuid()),
        Box::new(it.holder.customer_id.map(|id| id.as_uuid())),
        Box::new(email.map(|it| it.as_str().to_owned())),
        Box::new(it.holder.names()),
        Box::new(it.amount_minor),
        Box::new(facts.released_at),
        Box::new(facts.updated_at),
        Box::new(facts.version.as_i64()),
        Box::new(it.currency.code()),
    ]
}
