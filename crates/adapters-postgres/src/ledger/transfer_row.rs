//! Rows of `transfers`, with both of their entries.

use std::{collections::BTreeMap, sync::LazyLock};

use app::ports::StorageError;
use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{
        Entry, Folio, PostedTransfer, Posting, Shard, TransferAmount, TransferDescription,
        TransferDetails, TransferKind, TransferOrder, TransferReference,
    },
    values::{Currency, Metadata},
};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use crate::{columns::Columns, error::corrupt};

/// Everything of a transfer `t` with its entries `source` and `destination`.
pub(super) const COLUMNS: &str = "
    t.id, t.organization_id, t.kind, t.amount_minor, t.currency, t.description, t.reference, t.metadata, t.reverses,
    t.created_at, t.source_account_id, t.source_shard, t.source_sequence,
    source.balance_after_minor AS source_balance_after_minor,
    t.destination_account_id, t.destination_shard, t.destination_sequence,
    destination.balance_after_minor AS destination_balance_after_minor";

/// Where its entries are.
const ENTRIES: &str = "
    JOIN entries AS source
      ON (source.account_id, source.shard, source.sequence)
       = (t.source_account_id, t.source_shard, t.source_sequence)
    JOIN entries AS destination
      ON (destination.account_id, destination.shard, destination.sequence)
       = (t.destination_account_id, t.destination_shard, t.destination_sequence)";

/// The transfer of an organization with an id.
pub(super) static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM transfers AS t {ENTRIES} WHERE t.organization_id = $1 AND t.id = $2"
    )
});

pub(super) fn transfer_from(row: &Row) -> Result<PostedTransfer, StorageError> {
    let columns = Columns::of("transfer", row);
    let amount_minor: i64 = columns.get("amount_minor")?;
    let amount = TransferAmount::from_minor(amount_minor);
    let source = entry_from(columns, -amount_minor, &SOURCE)?;
    let destination = entry_from(columns, amount_minor, &DESTINATION)?;
    let order = TransferOrder {
        id: TransferId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        kind: columns.parse("kind", TransferKind::parse)?,
        source: source.folio,
        destination: destination.folio,
        amount: amount.map_err(|why| corrupt("transfer", why))?,
        currency: columns.parse("currency", Currency::restore)?,
        details: details_from(columns)?,
    };
    let posting = Posting {
        source,
        destination,
        posted_at: columns.get("created_at")?,
    };
    Ok(PostedTransfer { order, posting })
}

/// What it is for: the same columns in every table that has them.
pub(super) fn details_from(columns: Columns<'_>) -> Result<TransferDetails, StorageError> {
    let metadata: Option<Json<BTreeMap<String, String>>> = columns.get("metadata")?;
    let reverses: Option<Uuid> = columns.get("reverses")?;
    Ok(TransferDetails {
        description: columns.parse_optional("description", TransferDescription::parse)?,
        reference: columns.parse_optional("reference", TransferReference::parse)?,
        metadata: Metadata::restore(metadata.map(|Json(pairs)| pairs).unwrap_or_default()),
        reverses: reverses.map(TransferId::from_uuid),
    })
}

/// The columns of one side.
struct Side {
    account: &'static str,
    shard: &'static str,
    sequence: &'static str,
    balance_after: &'static str,
}

const SOURCE: Side = Side {
    account: "source_account_id",
    shard: "source_shard",
    sequence: "source_sequence",
    balance_after: "source_balance_after_minor",
};

const DESTINATION: Side = Side {
    account: "destination_account_id",
    shard: "destination_shard",
    sequence: "destination_sequence",
    balance_after: "destination_balance_after_minor",
};

fn entry_from(columns: Columns<'_>, amount_minor: i64, side: &Side) -> Result<Entry, StorageError> {
    Ok(Entry {
        folio: Folio {
            account_id: AccountId::from_uuid(columns.get(side.account)?),
            shard: Shard::new(columns.get(side.shard)?),
        },
        sequence: columns.get(side.sequence)?,
        amount_minor,
        balance_after_minor: columns.get(side.balance_after)?,
    })
}
