//! How a row of `payments` becomes facts, and back.

use std::{collections::BTreeMap, sync::LazyLock};

use app::ports::StorageError;
use domain::{
    ids::{AccountId, HoldId, InvoiceId, OrganizationId, PaymentId},
    ledger::{TransferAmount, TransferDescription},
    payments::{Direction, PaymentFacts, PaymentKind, PaymentType, ProviderLeg, ProviderName},
    values::{Currency, Metadata},
    version::Version,
};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use super::progress_row::{self, progress_columns, progress_from};
use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

const ENTITY: &str = "payment";

/// Named one by one, so that a prepared statement outlives a migration that adds one.
pub(super) static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "organization_id, id, payment_type, direction, provider, source_account_id, destination_account_id, amount_minor, \
         currency, invoice_id, description, metadata, provider_data, created_at, status, hold_id, {}, refunded_minor, \
         refunding_minor, updated_at, version",
        progress_row::COLUMNS
    )
});

pub(super) fn payment_from(row: &Row) -> Result<PaymentFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let amount = TransferAmount::from_minor(columns.get("amount_minor")?);
    let invoice_id: Option<Uuid> = columns.get("invoice_id")?;
    Ok(PaymentFacts {
        id: PaymentId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        kind: kind_from(columns)?,
        amount: amount.map_err(|why| corrupt(ENTITY, why))?,
        currency: columns.parse("currency", Currency::restore)?,
        invoice_id: invoice_id.map(InvoiceId::from_uuid),
        description: columns.parse_optional("description", TransferDescription::parse)?,
        metadata: notes_from(columns, "metadata")?,
        progress: progress_from(columns)?,
        refunded_minor: columns.get("refunded_minor")?,
        refunding_minor: columns.get("refunding_minor")?,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        version: Version::new(columns.get("version")?),
    })
}

fn kind_from(columns: Columns<'_>) -> Result<PaymentKind, StorageError> {
    let source: Option<Uuid> = columns.get("source_account_id")?;
    let destination: Option<Uuid> = columns.get("destination_account_id")?;
    let kind = columns.parse("payment_type", PaymentType::parse)?;
    let direction = columns.parse_optional("direction", Direction::parse)?;
    let provider = columns.parse_optional("provider", ProviderName::parse)?;
    match (kind, direction, provider, source, destination) {
        (PaymentType::InternalTransfer, None, None, Some(source), Some(destination)) => {
            Ok(PaymentKind::Internal {
                source_account_id: AccountId::from_uuid(source),
                destination_account_id: AccountId::from_uuid(destination),
            })
        }
        (PaymentType::ExternalPayment, Some(direction), Some(provider), source, destination) => {
            let account = match direction {
                Direction::Payout => source,
                Direction::Charge => destination,
            };
            let account = account.ok_or_else(|| corrupt(ENTITY, "it has no account"))?;
            let hold_id: Option<Uuid> = columns.get("hold_id")?;
            Ok(PaymentKind::External(ProviderLeg {
                provider,
                direction,
                account_id: AccountId::from_uuid(account),
                provider_data: notes_from(columns, "provider_data")?,
                hold_id: hold_id.map(HoldId::from_uuid),
            }))
        }
        _ => Err(corrupt(ENTITY, "its sides do not go with its type")),
    }
}

fn notes_from(columns: Columns<'_>, column: &str) -> Result<Metadata, StorageError> {
    let pairs: Option<BTreeMap<String, String>> = columns.json_optional(column)?;
    Ok(Metadata::restore(pairs.unwrap_or_default()))
}

fn notes(metadata: &Metadata) -> OwnedParam {
    let pairs = metadata.pairs();
    Box::new((!pairs.is_empty()).then(|| Json(pairs.clone())))
}

/// What never changes of a payment: `organization_id` to `created_at`.
pub(super) fn fixed_columns(facts: &PaymentFacts) -> Vec<OwnedParam> {
    let (kind, leg) = (&facts.kind, facts.kind.leg());
    let description = facts.description.as_ref();
    let nothing = Metadata::default();
    let provider_data = leg.map_or(&nothing, |leg| &leg.provider_data);
    vec![
        Box::new(facts.organization_id.as_uuid()),
        Box::new(facts.id.as_uuid()),
        Box::new(kind.payment_type().code()),
        Box::new(leg.map(|leg| leg.direction.code())),
        Box::new(leg.map(|leg| leg.provider.as_str().to_owned())),
        Box::new(kind.source_account_id().map(|id| id.as_uuid())),
        Box::new(kind.destination_account_id().map(|id| id.as_uuid())),
        Box::new(facts.amount.as_minor()),
        Box::new(facts.currency.code()),
        Box::new(facts.invoice_id.map(|id| id.as_uuid())),
        Box::new(description.map(|it| it.as_str().to_owned())),
        notes(&facts.metadata),
        notes(provider_data),
        Box::new(facts.created_at),
    ]
}

/// What changes of it: `status` to `version`.
pub(super) fn changing_columns(facts: &PaymentFacts) -> Vec<OwnedParam> {
    let hold_id = facts.kind.leg().and_then(|leg| leg.hold_id);
    let mut columns: Vec<OwnedParam> = vec![
        Box::new(facts.status().code()),
        Box::new(hold_id.map(|id| id.as_uuid())),
    ];
    columns.extend(progress_columns(&facts.progress));
    columns.push(Box::new(facts.refunded_minor));
    columns.push(Box::new(facts.refunding_minor));
    columns.push(Box::new(facts.updated_at));
    columns.push(Box::new(facts.version.as_i64()));
    columns
}
