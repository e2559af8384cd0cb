//! A voucher with all that decides whether somebody can redeem it: one statement.

use std::sync::LazyLock;

use app::ports::{StorageError, VoucherStanding};
use domain::vouchers::{Counts, Holder};
use tokio_postgres::Row;

use super::{
    campaign_row::{self, campaign_from},
    voucher_row::{self, voucher_from},
};
use crate::columns::Columns;

/// By organization, code, and the names of the customer.
pub(super) static FIND_STANDING: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, {},
                coalesce((SELECT uses FROM voucher_counters
                           WHERE campaign_id = voucher.campaign_id AND scope = 'code:' || voucher.id), 0) AS of_code,
                coalesce(total.uses, 0) AS of_campaign,
                coalesce(total.value_minor, 0) AS value_minor,
                coalesce((SELECT max(uses) FROM voucher_counters
                           WHERE campaign_id = voucher.campaign_id AND scope = ANY ($3::text[])), 0) AS of_customer,
                EXISTS (SELECT FROM voucher_blocklist
                         WHERE organization_id = $1 AND name = ANY ($3::text[])) AS is_blocked
           FROM vouchers AS voucher
           JOIN campaigns AS campaign
             ON campaign.organization_id = voucher.organization_id AND campaign.id = voucher.campaign_id
           LEFT JOIN voucher_counters AS total ON total.campaign_id = voucher.campaign_id AND total.scope = 'total'
          WHERE voucher.organization_id = $1 AND voucher.code = $2",
        campaign_row::COLUMNS,
        voucher_row::COLUMNS
    )
});

pub(super) fn standing_from(row: &Row, holder: &Holder) -> Result<VoucherStanding, StorageError> {
    let columns = Columns::of("voucher counter", row);
    let of_customer: i64 = columns.get("of_customer")?;
    let is_known = !holder.names().is_empty();
    let counts = Counts {
        of_code: columns.get("of_code")?,
        of_campaign: columns.get("of_campaign")?,
        value_minor: columns.get("value_minor")?,
        of_customer: is_known.then_some(of_customer),
        is_blocked: columns.get("is_blocked")?,
        is_applied: false,
    };
    Ok(VoucherStanding {
        campaign: campaign_from(row)?,
        voucher: voucher_from(row)?,
        counts,
    })
}
