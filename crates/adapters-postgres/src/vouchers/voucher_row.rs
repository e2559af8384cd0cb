//! How a row of `vouchers` becomes facts, and back.

use app::ports::StorageError;
use domain::{
    ids::{CampaignId, OrganizationId, VoucherId},
    values::Metadata,
    version::Version,
    vouchers::{Cap, VoucherCode, VoucherFacts, VoucherStatus, VoucherTerms},
};
use tokio_postgres::{Row, types::Json};

use super::campaign_row::cap;
use crate::{columns::Columns, unit_of_work::OwnedParam};

/// Of a table that is called `voucher`.
pub(super) const COLUMNS: &str = "voucher.organization_id AS v_organization_id, voucher.id AS v_id, \
    voucher.campaign_id AS v_campaign_id, voucher.code AS v_code, voucher.status AS v_status, \
    voucher.max_redemptions AS v_max_redemptions, voucher.metadata AS v_metadata, voucher.created_at AS v_created_at, \
    voucher.updated_at AS v_updated_at, voucher.version AS v_version";

pub(super) fn voucher_from(row: &Row) -> Result<VoucherFacts, StorageError> {
    let columns = Columns::of("voucher", row);
    Ok(VoucherFacts {
        id: VoucherId::from_uuid(columns.get("v_id")?),
        organization_id: OrganizationId::from_uuid(columns.get("v_organization_id")?),
        campaign_id: CampaignId::from_uuid(columns.get("v_campaign_id")?),
        code: columns.parse("v_code", VoucherCode::parse)?,
        status: columns.parse("v_status", VoucherStatus::parse)?,
        terms: VoucherTerms {
            max_redemptions: cap(columns, "v_max_redemptions")?,
            metadata: Metadata::restore(columns.json("v_metadata")?),
        },
        created_at: columns.get("v_created_at")?,
        updated_at: columns.get("v_updated_at")?,
        version: Version::new(columns.get("v_version")?),
    })
}

/// The columns in the order of the table.
pub(super) fn columns(facts: &VoucherFacts) -> Vec<OwnedParam> {
    vec![
        Box::new(facts.organization_id.as_uuid()),
        Box::new(facts.id.as_uuid()),
        Box::new(facts.campaign_id.as_uuid()),
        Box::new(facts.code.as_str().to_owned()),
        Box::new(facts.status.code()),
        Box::new(facts.terms.max_redemptions.map(Cap::get)),
        Box::new(Json(facts.terms.metadata.pairs().clone())),
        Box::new(facts.created_at),
        Box::new(facts.updated_at),
        Box::new(facts.version.as_i64()),
    ]
}
