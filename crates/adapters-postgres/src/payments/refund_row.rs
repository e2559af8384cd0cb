//! How a row of `refunds` becomes facts, and back.

use std::sync::LazyLock;

use app::ports::StorageError;
use domain::{
    ids::{HoldId, OrganizationId, PaymentId, RefundId},
    ledger::TransferAmount,
    payments::{RefundFacts, RefundReason},
    values::Currency,
    version::Version,
};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use super::progress_row::{self, progress_columns, progress_from};
use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

const ENTITY: &str = "refund";

/// Named one by one, so that a prepared statement outlives a migration that adds one.
pub(super) static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "organization_id, id, payment_id, amount_minor, currency, reason, metadata, created_at, status, hold_id, {}, \
         updated_at, version",
        progress_row::COLUMNS
    )
});

pub(super) fn refund_from(row: &Row) -> Result<RefundFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let amount = TransferAmount::from_minor(columns.get("amount_minor")?);
    let hold_id: Option<Uuid> = columns.get("hold_id")?;
    Ok(RefundFacts {
        id: RefundId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        payment_id: PaymentId::from_uuid(columns.get("payment_id")?),
        amount: amount.map_err(|why| corrupt(ENTITY, why))?,
        currency: columns.parse("currency", Currency::restore)?,
        reason: columns.parse_optional("reason", RefundReason::parse)?,
        metadata: columns.metadata()?,
        hold_id: hold_id.map(HoldId::from_uuid),
        progress: progress_from(columns)?,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        version: Version::new(columns.get("version")?),
    })
}

/// What never changes of a refund: `organization_id` to `created_at`.
pub(super) fn fixed_columns(facts: &RefundFacts) -> Vec<OwnedParam> {
    let reason = facts.reason.as_ref();
    vec![
        Box::new(facts.organization_id.as_uuid()),
        Box::new(facts.id.as_uuid()),
        Box::new(facts.payment_id.as_uuid()),
        Box::new(facts.amount.as_minor()),
        Box::new(facts.currency.code()),
        Box::new(reason.map(|it| it.as_str().to_owned())),
        Box::new(Json(facts.metadata.pairs().clone())),
        Box::new(facts.created_at),
    ]
}

/// What changes of it: `status` to `version`.
pub(super) fn changing_columns(facts: &RefundFacts) -> Vec<OwnedParam> {
    let mut columns: Vec<OwnedParam> = vec![
        Box::new(facts.status().code()),
        Box::new(facts.hold_id.map(|id| id.as_uuid())),
    ];
    columns.extend(progress_columns(&facts.progress));
    columns.push(Box::new(facts.updated_at));
    columns.push(Box::new(facts.version.as_i64()));
    columns
}
