//! What is read, as it is.

use app::{
    ledger::ChainBlock,
    ports::{
        StorageError, StoredAccount, StoredEntry, StoredReceivables, StoredStanding, StoredTransfer,
    },
};
use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{Entry, Folio, Shard},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{columns::Columns, error::corrupt};

pub(super) fn standing_from(row: &Row) -> Result<StoredStanding, StorageError> {
    let columns = Columns::of("standing", row);
    Ok(StoredStanding {
        folio: folio_from(columns, ["account_id", "shard"])?,
        organization_id: owner_from(columns)?,
        currency: columns.get("currency")?,
        account: account_from(columns, ["account_organization_id", "account_currency"])?,
        overdraft_limit_minor: columns.get("overdraft_limit_minor")?,
        balance_minor: columns.get("balance_minor")?,
        held_minor: columns.get("held_minor")?,
        pending_holds_minor: columns.get("pending_holds_minor")?,
        last_sequence: columns.get("last_sequence")?,
    })
}

pub(super) fn entry_from(row: &Row) -> Result<StoredEntry, StorageError> {
    let columns = Columns::of("entry", row);
    Ok(StoredEntry {
        entry: Entry {
            folio: folio_from(columns, ["account_id", "shard"])?,
            sequence: columns.get("sequence")?,
            amount_minor: columns.get("amount_minor")?,
            balance_after_minor: columns.get("balance_after_minor")?,
        },
        transfer_id: TransferId::from_uuid(columns.get("transfer_id")?),
        created_at: columns.get("created_at")?,
    })
}

pub(super) fn transfer_from(row: &Row) -> Result<StoredTransfer, StorageError> {
    let columns = Columns::of("transfer", row);
    Ok(StoredTransfer {
        organization_id: owner_from(columns)?,
        id: TransferId::from_uuid(columns.get("id")?),
        source: folio_from(columns, ["source_account_id", "source_shard"])?,
        source_sequence: columns.get("source_sequence")?,
        source_account: account_from(columns, ["source_organization_id", "source_currency"])?,
        destination: folio_from(columns, ["destination_account_id", "destination_shard"])?,
        destination_sequence: columns.get("destination_sequence")?,
        destination_account: account_from(
            columns,
            ["destination_organization_id", "destination_currency"],
        )?,
        amount_minor: columns.get("amount_minor")?,
        currency: columns.get("currency")?,
        created_at: columns.get("created_at")?,
        is_due_in_chain: columns.get("is_due_in_chain")?,
    })
}

pub(super) fn link_from(row: &Row) -> Result<(TransferId, OrganizationId), StorageError> {
    let columns = Columns::of("transfer chain", row);
    Ok((
        TransferId::from_uuid(columns.get("id")?),
        owner_from(columns)?,
    ))
}

pub(super) fn block_from(row: &Row) -> Result<ChainBlock, StorageError> {
    let columns = Columns::of("transfer chain", row);
    let ids: Vec<Uuid> = columns.get("transfer_ids")?;
    Ok(ChainBlock {
        organization_id: owner_from(columns)?,
        block: columns.get("block")?,
        transfer_ids: ids.into_iter().map(TransferId::from_uuid).collect(),
        hashes: columns.get("hashes")?,
    })
}

pub(super) fn receivables_from(row: &Row) -> Result<StoredReceivables, StorageError> {
    const ENTITY: &str = "receivables";
    let columns = Columns::of(ENTITY, row);
    let sum = |column| -> Result<i128, StorageError> {
        let parsed: Result<i128, std::num::ParseIntError> = columns.get::<&str>(column)?.parse();
        parsed.map_err(|why| corrupt(ENTITY, why))
    };
    Ok(StoredReceivables {
        organization_id: owner_from(columns)?,
        currency: columns.get("currency")?,
        balance_minor: sum("balance_minor")?,
        open_minor: sum("open_minor")?,
    })
}

fn owner_from(columns: Columns<'_>) -> Result<OrganizationId, StorageError> {
    columns
        .get("organization_id")
        .map(OrganizationId::from_uuid)
}

fn folio_from(columns: Columns<'_>, names: [&str; 2]) -> Result<Folio, StorageError> {
    let [account, shard] = names;
    Ok(Folio {
        account_id: AccountId::from_uuid(columns.get(account)?),
        shard: Shard::new(columns.get(shard)?),
    })
}

fn account_from(
    columns: Columns<'_>,
    names: [&str; 2],
) -> Result<Option<StoredAccount>, StorageError> {
    let [owner, currency] = names;
    let (owner, currency): (Option<Uuid>, Option<String>) =
        (columns.get(owner)?, columns.get(currency)?);
    Ok(owner.zip(currency).map(|(owner, currency)| StoredAccount {
        organization_id: OrganizationId::from_uuid(owner),
        currency,
    }))
}
