//! How a row of `campaigns` becomes facts, and back.

use app::{ports::StorageError, vouchers::CampaignView};
use domain::{
    ids::{CampaignId, OrganizationId},
    ledger::TransferAmount,
    values::{Currency, InvalidValue, Metadata, Name},
    version::Version,
    vouchers::{
        Benefit, CampaignFacts, CampaignStatus, CampaignTerms, Cap, Limits, PercentOff, VoucherKind,
    },
};
use tokio_postgres::{Row, types::Json};

use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

const ENTITY: &str = "campaign";

/// Of a table that is called `campaign`. The names differ from those of a voucher, which may stand in the same row.
pub(super) const COLUMNS: &str = "campaign.organization_id AS c_organization_id, campaign.id AS c_id, \
    campaign.name AS c_name, campaign.kind AS c_kind, campaign.status AS c_status, campaign.percent_bps AS c_percent_bps, \
    campaign.amount_minor AS c_amount_minor, campaign.currency AS c_currency, \
    campaign.max_discount_minor AS c_max_discount_minor, campaign.min_total_minor AS c_min_total_minor, \
    campaign.valid_from AS c_valid_from, campaign.valid_until AS c_valid_until, \
    campaign.max_redemptions AS c_max_redemptions, campaign.max_redemptions_per_code AS c_per_code, \
    campaign.max_redemptions_per_customer AS c_per_customer, campaign.budget_minor AS c_budget_minor, \
    campaign.metadata AS c_metadata, campaign.created_at AS c_created_at, campaign.updated_at AS c_updated_at, \
    campaign.version AS c_version";

pub(super) fn campaign_from(row: &Row) -> Result<CampaignFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let currency = columns.parse_optional("c_currency", Currency::restore)?;
    let terms = CampaignTerms {
        name: columns.parse("c_name", Name::parse)?,
        kind: columns.parse("c_kind", VoucherKind::parse)?,
        benefit: benefit(columns, currency)?,
        currency,
        max_discount: cap(columns, "c_max_discount_minor")?,
        min_total: cap(columns, "c_min_total_minor")?,
        valid_from: columns.get("c_valid_from")?,
        valid_until: columns.get("c_valid_until")?,
        limits: Limits {
            redemptions: cap(columns, "c_max_redemptions")?,
            per_code: cap(columns, "c_per_code")?,
            per_customer: cap(columns, "c_per_customer")?,
            budget: cap(columns, "c_budget_minor")?,
        },
        metadata: Metadata::restore(columns.json("c_metadata")?),
    };
    Ok(CampaignFacts {
        id: CampaignId::from_uuid(columns.get("c_id")?),
        organization_id: OrganizationId::from_uuid(columns.get("c_organization_id")?),
        terms,
        status: columns.parse("c_status", CampaignStatus::parse)?,
        created_at: columns.get("c_created_at")?,
        updated_at: columns.get("c_updated_at")?,
        version: Version::new(columns.get("c_version")?),
    })
}

/// A limit, if there is one.
pub(super) fn cap(columns: Columns<'_>, name: &str) -> Result<Option<Cap>, StorageError> {
    let most: Option<i64> = columns.get(name)?;
    let cap = most.map(Cap::new).transpose();
    cap.map_err(|why| corrupt(ENTITY, why))
}

fn benefit(columns: Columns<'_>, currency: Option<Currency>) -> Result<Benefit, StorageError> {
    let percent: Option<i32> = columns.get("c_percent_bps")?;
    let amount: Option<i64> = columns.get("c_amount_minor")?;
    let wrong = |why: InvalidValue| corrupt(ENTITY, why);
    match (percent, amount, currency) {
        (Some(bps), None, _) => {
            let percent = PercentOff::from_bps(i64::from(bps)).map_err(wrong)?;
            Ok(Benefit::Percent(percent))
        }
        (None, Some(minor), Some(currency)) => {
            let amount = TransferAmount::from_minor(minor).map_err(wrong)?;
            Ok(Benefit::Amount(amount, currency))
        }
        _ => Err(corrupt(
            ENTITY,
            "neither a percentage nor an amount in a currency",
        )),
    }
}

/// The columns in the order of the table.
pub(super) fn columns(facts: &CampaignFacts) -> Vec<OwnedParam> {
    let view = CampaignView::from(facts);
    vec![
        Box::new(facts.organization_id.as_uuid()),
        Box::new(view.id),
        Box::new(view.name),
        Box::new(view.kind),
        Box::new(view.status),
        Box::new(view.percent_bps.map(i32::from)),
        Box::new(view.amount_minor),
        Box::new(view.currency),
        Box::new(view.max_discount_minor),
        Box::new(view.min_total_minor),
        Box::new(view.valid_from),
        Box::new(view.valid_until),
        Box::new(view.max_redemptions),
        Box::new(view.max_redemptions_per_code),
        Box::new(view.max_redemptions_per_customer),
        Box::new(view.budget_minor),
        Box::new(Json(view.metadata)),
        Box::new(view.created_at),
        Box::new(view.updated_at),
        Box::new(view.version),
    ]
}
