//! Lists of transfers that are not about one account: newest first is by id, since ids are in time order.

use app::{
    paging::{Listing, Position, Window},
    ports::{StorageError, TransferFilter},
};
use domain::{ids::OrganizationId, ledger::PostedTransfer};
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Row;
use uuid::Uuid;

use super::transfer_row::{COLUMNS, transfer_from};
use crate::{
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
    query_text::Conditions,
};

/// How far the instant in an id may be from that of its transfer: the clocks of two instances, and a transaction between
/// its beginning and its end, are never further apart.
pub(crate) const ID_SLACK: SignedDuration = SignedDuration::from_mins(2);

/// The entries of a transfer `t`, each looked up by itself.
pub(super) const SIDES: &str = "
    CROSS JOIN LATERAL (
        SELECT balance_after_minor FROM entries
         WHERE account_id = t.source_account_id AND shard = t.source_shard AND sequence = t.source_sequence
         LIMIT 1) AS source
    CROSS JOIN LATERAL (
        SELECT balance_after_minor FROM entries
         WHERE account_id = t.destination_account_id AND shard = t.destination_shard
           AND sequence = t.destination_sequence
         LIMIT 1) AS destination";

pub(super) async fn read_by_id(
    database: &Database,
    organization_id: OrganizationId,
    filter: &TransferFilter,
    window: Window,
) -> Result<Listing<PostedTransfer>, StorageError> {
    let bounds = Bounds::of(window);
    let conditions = conditions(organization_id, filter);
    let total = if bounds.is_counted {
        let mut counted = conditions.clone();
        let limit = counted.param(counted_max());
        let sql = format!(
            "SELECT count(*) FROM (SELECT FROM transfers WHERE {} LIMIT {limit}) AS counted",
            counted.text()
        );
        let rows = read(database, filter, &sql, &counted).await?;
        rows.first().map(|row| total_of(row.get(0)))
    } else {
        None
    };
    let mut listed = conditions;
    if let Some(id) = bounds.before_id() {
        listed.and("id < ?", id);
    }
    let (offset, limit) = (listed.param(bounds.offset), listed.param(bounds.fetched()));
    let sql = format!(
        "SELECT {COLUMNS}
           FROM (SELECT * FROM transfers WHERE {}
                  ORDER BY organization_id DESC, id DESC OFFSET {offset} LIMIT {limit}) AS t {SIDES}
          ORDER BY t.id DESC",
        listed.text()
    );
    let rows = read(database, filter, &sql, &listed).await?;
    let position_of = |transfer: &PostedTransfer| Position {
        created_at: transfer.posting.posted_at,
        id: transfer.order.id.as_uuid(),
    };
    Ok(bounds.listing(collect(&rows, transfer_from)?, position_of, total))
}

/// Filters that are given alone make few statements, which are kept.
async fn read(
    database: &Database,
    filter: &TransferFilter,
    sql: &str,
    conditions: &Conditions,
) -> Result<Vec<Row>, StorageError> {
    let restrictions = [
        filter.account_id.is_some(),
        filter.reference.is_some(),
        filter.kind.is_some(),
        filter.from.is_some(),
        filter.to.is_some(),
    ];
    if restrictions.iter().filter(|is_given| **is_given).count() <= 1 {
        database.query(sql, &conditions.params()).await
    } else {
        database.query_rare(sql, &conditions.typed_params()).await
    }
}

fn conditions(organization_id: OrganizationId, filter: &TransferFilter) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.and("organization_id = ?", organization_id.as_uuid());
    if let Some(account_id) = filter.account_id {
        conditions.and(
            "? IN (source_account_id, destination_account_id)",
            account_id.as_uuid(),
        );
    }
    if let Some(reference) = &filter.reference {
        conditions.and("reference = ?", reference.as_str().to_owned());
    }
    if let Some(kind) = filter.kind {
        // Written out, so that PostgreSQL sees whether it is one of the rare kinds that have an index.
        conditions.and_fixed(&format!("kind = '{}'", kind.code()));
    }
    if let Some(from) = filter.from {
        conditions.and("created_at >= ?", from);
        let earliest = from.saturating_sub(ID_SLACK).unwrap_or(from);
        conditions.and("id >= ?", first_id_at(earliest));
    }
    if let Some(to) = filter.to {
        conditions.and("created_at <= ?", to);
        let latest = to.saturating_add(ID_SLACK).unwrap_or(to);
        conditions.and("id < ?", first_id_at(latest));
    }
    conditions
}

/// No id that was made at an instant or later is less than this one.
pub(crate) fn first_id_at(instant: Timestamp) -> Uuid {
    let milliseconds = u128::try_from(instant.as_millisecond()).unwrap_or_default();
    Uuid::from_u128(milliseconds << 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_an_instant_are_not_less_than_its_first() {
        let id = Uuid::parse_str("01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23").unwrap();
        let made_at = Timestamp::from_millisecond(0x0193_6f8a_5b1e).unwrap();
        let next = Timestamp::from_millisecond(0x0193_6f8a_5b1f).unwrap();

        assert!(first_id_at(made_at) <= id);
        assert!(id < first_id_at(next));
        assert_eq!(first_id_at(Timestamp::MIN), Uuid::nil());
    }
}
