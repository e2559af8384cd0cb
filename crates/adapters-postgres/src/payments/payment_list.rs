//! Lists of payments: newest first is by id, since ids are in time order.

use app::{
    paging::{Listing, Position, Window},
    ports::{PaymentFilter, StorageError},
};
use domain::{ids::OrganizationId, payments::PaymentFacts};
use tokio_postgres::Row;

use super::payment_row::{COLUMNS, payment_from};
use crate::{
    database::Database,
    ledger::{ID_SLACK, first_id_at},
    listing::{Bounds, collect, counted_max, total_of},
    query_text::Conditions,
};

/// The sides that a payment can have an account on. No payment has one account on both.
const SIDES: [&str; 2] = ["source_account_id = ?", "destination_account_id = ?"];

pub(super) async fn read_list(
    database: &Database,
    organization_id: OrganizationId,
    filter: &PaymentFilter,
    window: Window,
) -> Result<Listing<PaymentFacts>, StorageError> {
    let bounds = Bounds::of(window);
    let total = if bounds.is_counted {
        let mut counted = Conditions::default();
        let limit = counted.param(counted_max());
        let branches = branches(&mut counted, organization_id, filter, None);
        let rows = branches.map(|it| format!("(SELECT FROM payments WHERE {it} LIMIT {limit})"));
        let rows = rows.collect::<Vec<_>>().join(" UNION ALL ");
        let sql =
            format!("SELECT count(*) FROM (SELECT FROM ({rows}) AS rows LIMIT {limit}) AS counted");
        let rows = read(database, filter, &sql, &counted).await?;
        rows.first().map(|row| total_of(row.get(0)))
    } else {
        None
    };
    let mut listed = Conditions::default();
    let (offset, limit) = (listed.param(bounds.offset), listed.param(bounds.fetched()));
    let reach = listed.param(bounds.reach());
    let columns = COLUMNS.as_str();
    let branches = branches(&mut listed, organization_id, filter, Some(&bounds));
    let rows = branches.map(|it| {
        format!(
            "(SELECT {columns} FROM payments WHERE {it} ORDER BY organization_id DESC, id DESC LIMIT {reach})"
        )
    });
    let rows = rows.collect::<Vec<_>>().join(" UNION ALL ");
    let sql =
        format!("SELECT * FROM ({rows}) AS rows ORDER BY id DESC OFFSET {offset} LIMIT {limit}");
    let rows = read(database, filter, &sql, &listed).await?;
    let position_of = |payment: &PaymentFacts| Position {
        created_at: payment.created_at,
        id: payment.id.as_uuid(),
    };
    Ok(bounds.listing(collect(&rows, payment_from)?, position_of, total))
}

/// Filters that are given alone make few statements, which are kept.
async fn read(
    database: &Database,
    filter: &PaymentFilter,
    sql: &str,
    conditions: &Conditions,
) -> Result<Vec<Row>, StorageError> {
    let restrictions = [
        !filter.statuses.is_empty(),
        filter.provider.is_some(),
        filter.account_id.is_some(),
        filter.invoice_id.is_some(),
        filter.created_from.is_some(),
        filter.created_before.is_some(),
    ];
    if restrictions.iter().filter(|is_given| **is_given).count() <= 1 {
        database.query(sql, &conditions.params()).await
    } else {
        database.query_rare(sql, &conditions.typed_params()).await
    }
}

/// The conditions of each part of a list: one, or one for each side that an account can be on.
fn branches(
    conditions: &mut Conditions,
    organization_id: OrganizationId,
    filter: &PaymentFilter,
    bounds: Option<&Bounds>,
) -> impl Iterator<Item = String> + use<> {
    let sides = match filter.account_id {
        Some(account_id) => SIDES
            .map(|side| Some((side, account_id.as_uuid())))
            .to_vec(),
        None => vec![None],
    };
    let texts: Vec<_> = sides
        .into_iter()
        .map(|side| {
            conditions.apart(|apart| {
                apart.and("organization_id = ?", organization_id.as_uuid());
                if let Some((side, account)) = side {
                    apart.and(side, account);
                }
                restrict(apart, filter);
                if let Some(id) = bounds.and_then(Bounds::before_id) {
                    apart.and("id < ?", id);
                }
            })
        })
        .collect();
    texts.into_iter()
}

fn restrict(conditions: &mut Conditions, filter: &PaymentFilter) {
    if !filter.statuses.is_empty() {
        // Written out, so that PostgreSQL sees whether they are rare ones, which have an index.
        let words: Vec<_> = filter.statuses.iter().map(|it| format!("'{it}'")).collect();
        conditions.and_fixed(&format!("status IN ({})", words.join(", ")));
    }
    if let Some(provider) = &filter.provider {
        conditions.and("provider = ?", provider.as_str().to_owned());
    }
    if let Some(invoice_id) = filter.invoice_id {
        conditions.and("invoice_id = ?", invoice_id.as_uuid());
    }
    if let Some(from) = filter.created_from {
        conditions.and("created_at >= ?", from);
        let earliest = from.saturating_sub(ID_SLACK).unwrap_or(from);
        conditions.and("id >= ?", first_id_at(earliest));
    }
    if let Some(before) = filter.created_before {
        conditions.and("created_at < ?", before);
        let latest = before.saturating_add(ID_SLACK).unwrap_or(before);
        conditions.and("id < ?", first_id_at(latest));
    }
}
