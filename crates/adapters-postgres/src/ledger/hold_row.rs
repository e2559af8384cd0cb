//! How a row of `holds` becomes facts, and back.

use app::ports::StorageError;
use domain::{
    ids::{AccountId, HoldId, OrganizationId, PaymentId, TransferId},
    ledger::{HoldFacts, HoldState, HoldStatus, HoldTerm, TransferAmount},
    values::Currency,
    version::Version,
};
use jiff::Timestamp;
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use super::transfer_row::details_from;
use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

const ENTITY: &str = "hold";

/// Named one by one, so that a prepared statement outlives a migration that adds one.
pub(super) const COLUMNS: &str = "id, organization_id, account_id, destination_account_id, amount_minor, currency, \
    description, reference, metadata, NULL::uuid AS reverses, payment_id, status, captured_minor, transfer_id, resolved_at, \
    expires_at, created_at, updated_at, version";

pub(super) fn hold_from(row: &Row) -> Result<HoldFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    Ok(HoldFacts {
        id: HoldId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        account_id: AccountId::from_uuid(columns.get("account_id")?),
        destination_account_id: AccountId::from_uuid(columns.get("destination_account_id")?),
        amount: amount_from(columns.get("amount_minor")?)?,
        currency: columns.parse("currency", Currency::restore)?,
        details: details_from(columns)?,
        status: status_from(columns)?,
        term: term_from(columns)?,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        version: Version::new(columns.get("version")?),
    })
}

fn term_from(columns: Columns<'_>) -> Result<HoldTerm, StorageError> {
    let payment_id: Option<Uuid> = columns.get("payment_id")?;
    match (payment_id, columns.get("expires_at")?) {
        (None, Some(at)) => Ok(HoldTerm::Until(at)),
        (Some(id), None) => Ok(HoldTerm::WhilePaying(PaymentId::from_uuid(id))),
        _ => Err(corrupt(
            ENTITY,
            "it ends neither by itself nor by a payment",
        )),
    }
}

fn amount_from(minor: i64) -> Result<TransferAmount, StorageError> {
    TransferAmount::from_minor(minor).map_err(|why| corrupt(ENTITY, why))
}

fn status_from(columns: Columns<'_>) -> Result<HoldStatus, StorageError> {
    let state = columns.parse("status", HoldState::parse)?;
    let resolved_at: Option<Timestamp> = columns.get("resolved_at")?;
    let captured_minor: Option<i64> = columns.get("captured_minor")?;
    let transfer_id: Option<Uuid> = columns.get("transfer_id")?;
    match (state, resolved_at, captured_minor, transfer_id) {
        (HoldState::Pending, None, None, None) => Ok(HoldStatus::Pending),
        (HoldState::Captured, Some(at), Some(minor), Some(transfer)) => Ok(HoldStatus::Captured {
            amount: amount_from(minor)?,
            transfer_id: TransferId::from_uuid(transfer),
            at,
        }),
        (HoldState::Voided, Some(at), None, None) => Ok(HoldStatus::Voided { at }),
        (HoldState::Expired, Some(at), None, None) => Ok(HoldStatus::Expired { at }),
        _ => Err(corrupt(ENTITY, "its status does not go with its columns")),
    }
}

/// What never changes of a hold, in the order of the table: `id` to `metadata`, `expires_at`, `payment_id`, `created_at`.
pub(super) fn fixed_columns(facts: &HoldFacts) -> Vec<OwnedParam> {
    let details = &facts.details;
    let description = details.description.as_ref();
    let reference = details.reference.as_ref();
    vec![
        Box::new(facts.id.as_uuid()),
        Box::new(facts.organization_id.as_uuid()),
        Box::new(facts.account_id.as_uuid()),
        Box::new(facts.destination_account_id.as_uuid()),
        Box::new(facts.amount.as_minor()),
        Box::new(facts.currency.code()),
        Box::new(description.map(|it| it.as_str().to_owned())),
        Box::new(reference.map(|it| it.as_str().to_owned())),
        Box::new(Json(details.metadata.pairs().clone())),
        Box::new(facts.term.expires_at()),
        Box::new(facts.term.payment_id().map(|id| id.as_uuid())),
        Box::new(facts.created_at),
    ]
}

/// What changes of it: `status`, `captured_minor`, `transfer_id`, `resolved_at`, `updated_at`, `version`.
pub(super) fn changing_columns(facts: &HoldFacts) -> [OwnedParam; 6] {
    let (captured, resolved_at) = match facts.status {
        HoldStatus::Pending => (None, None),
        HoldStatus::Captured {
            amount,
            transfer_id,
            at,
        } => (Some((amount, transfer_id)), Some(at)),
        HoldStatus::Voided { at } | HoldStatus::Expired { at } => (None, Some(at)),
    };
    [
        Box::new(facts.status.code()),
        Box::new(captured.map(|(amount, _)| amount.as_minor())),
        Box::new(captured.map(|(_, id)| id.as_uuid())),
        Box::new(resolved_at),
        Box::new(facts.updated_at),
        Box::new(facts.version.as_i64()),
    ]
}
