//! Transfers as the chain sees them: everything that is stored, unread by any rule.

use std::collections::BTreeMap;

use app::{ledger::ChainRecord, ports::StorageError};
use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{Entry, Folio, Shard},
};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use crate::columns::Columns;

const ENTITY: &str = "transfer";

/// Everything of a transfer `t` with its entries `source` and `destination`.
pub(super) const COLUMNS: &str = "
    t.organization_id, t.id, t.kind, t.amount_minor, t.currency, t.description, t.reference, t.metadata, t.reverses,
    t.created_at, t.source_account_id, t.source_shard, t.source_sequence, t.destination_account_id, t.destination_shard,
    t.destination_sequence, source.amount_minor AS source_amount_minor,
    source.balance_after_minor AS source_balance_after_minor, destination.amount_minor AS destination_amount_minor,
    destination.balance_after_minor AS destination_balance_after_minor";

/// Its entries. The limits have them looked up one by one, whatever the planner thinks of their number.
pub(super) const ENTRIES: &str = "
    LEFT JOIN LATERAL (SELECT amount_minor, balance_after_minor FROM entries
                        WHERE account_id = t.source_account_id AND shard = t.source_shard
                          AND sequence = t.source_sequence AND transfer_id = t.id
                        LIMIT 1) AS source ON true
    LEFT JOIN LATERAL (SELECT amount_minor, balance_after_minor FROM entries
                        WHERE account_id = t.destination_account_id AND shard = t.destination_shard
                          AND sequence = t.destination_sequence AND transfer_id = t.id
                        LIMIT 1) AS destination ON true";

/// `None` if the transfer or an entry of it is not there.
pub(super) fn record_from(row: &Row) -> Result<Option<ChainRecord>, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let Some(id) = columns.get::<Option<Uuid>>("id")? else {
        return Ok(None);
    };
    let (source, destination) = (
        entry_from(columns, &SOURCE)?,
        entry_from(columns, &DESTINATION)?,
    );
    let (Some(source), Some(destination)) = (source, destination) else {
        return Ok(None);
    };
    let metadata: Option<Json<BTreeMap<String, String>>> = columns.get("metadata")?;
    Ok(Some(ChainRecord {
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        id: TransferId::from_uuid(id),
        kind: columns.get("kind")?,
        source,
        destination,
        amount_minor: columns.get("amount_minor")?,
        currency: columns.get("currency")?,
        description: columns.get("description")?,
        reference: columns.get("reference")?,
        metadata: metadata.map(|Json(pairs)| pairs).unwrap_or_default(),
        reverses: columns
            .get::<Option<Uuid>>("reverses")?
            .map(TransferId::from_uuid),
        created_at: columns.get("created_at")?,
    }))
}

/// The columns of one side.
struct Side {
    account: &'static str,
    shard: &'static str,
    sequence: &'static str,
    amount: &'static str,
    balance_after: &'static str,
}

const SOURCE: Side = Side {
    account: "source_account_id",
    shard: "source_shard",
    sequence: "source_sequence",
    amount: "source_amount_minor",
    balance_after: "source_balance_after_minor",
};

const DESTINATION: Side = Side {
    account: "destination_account_id",
    shard: "destination_shard",
    sequence: "destination_sequence",
    amount: "destination_amount_minor",
    balance_after: "destination_balance_after_minor",
};

fn entry_from(columns: Columns<'_>, side: &Side) -> Result<Option<Entry>, StorageError> {
    let amount_minor: Option<i64> = columns.get(side.amount)?;
    let balance_after_minor: Option<i64> = columns.get(side.balance_after)?;
    let (Some(amount_minor), Some(balance_after_minor)) = (amount_minor, balance_after_minor)
    else {
        return Ok(None);
    };
    Ok(Some(Entry {
        folio: Folio {
            account_id: AccountId::from_uuid(columns.get(side.account)?),
            shard: Shard::new(columns.get(side.shard)?),
        },
        sequence: columns.get(side.sequence)?,
        amount_minor,
        balance_after_minor,
    }))
}
