//! Lists of invoices, by any filter, at any depth.
//!
//! A filter that is one value (`customer_id`, `currency`, one status) has an index that ends in the order of the list, so
//! reading starts at the cursor and stops at the limit. Several statuses are as many such readings, merged: an index
//! cannot give several values in one order.
//!
//! Texts and ranges have no such index, and which way to them is short depends on what there is: so a list is tried one
//! [`Way`] after the other. Each costs little, and tells whether what it has found is the answer. Ids are found first, in
//! indexes that hold all that is compared, and rows read only for those that are shown.

mod bearings;
mod branches;
mod clients;
mod conditions;
mod days;
mod lead;
mod newest;
mod range;
mod statement;
mod way;
mod whole;

use app::{
    invoicing::InvoiceEntry,
    paging::{Listing, Position, Window},
    ports::{InvoiceFilter, StorageError},
};
use domain::ids::OrganizationId;
use tokio_postgres::Row;
use uuid::Uuid;

use self::{
    branches::{Branch, branches},
    conditions::conditions_given,
    statement::Statement,
    way::ways,
};
use super::invoice_row::entry_from;
use crate::{
    database::Database,
    listing::{Bounds, collect, total_of},
};

pub(super) use self::bearings::Bearings;

/// A piece of a list that somebody asks for.
struct Question<'q> {
    organization_id: OrganizationId,
    filter: &'q InvoiceFilter,
    bounds: Bounds,
    branches: Vec<Branch>,
}

pub(super) async fn read_list(
    (database, bearings): (&Database, &Bearings),
    organization_id: OrganizationId,
    filter: &InvoiceFilter,
    window: Window,
) -> Result<Listing<InvoiceEntry>, StorageError> {
    let question = Question {
        organization_id,
        filter,
        bounds: Bounds::of(window),
        branches: branches(filter),
    };
    let is_counted = question.bounds.is_counted;
    if question.branches.is_empty() {
        let total = is_counted.then(|| total_of(0));
        return Ok(question.bounds.listing(Vec::new(), position_of, total));
    }
    let total = if is_counted {
        let rows = read(database, filter, &question.count()).await?;
        rows.first().map(|row| total_of(row.get(0)))
    } else {
        None
    };
    let found = find((database, bearings), &question).await?;
    Ok(question.bounds.listing(found, position_of, total))
}

async fn find(
    (database, bearings): (&Database, &Bearings),
    question: &Question<'_>,
) -> Result<Vec<InvoiceEntry>, StorageError> {
    let ways = bearings.of(question, ways(question));
    for (before, way) in ways.into_iter().enumerate() {
        let statement = way.statement(question);
        let rows = if way.is_common() {
            let Statement { sql, values } = &statement;
            database.query(sql, &values.params()).await?
        } else {
            read(database, question.filter, &statement).await?
        };
        if rows.first().is_none_or(|row| row.get("is_complete")) {
            if before > 0 {
                bearings.note(question, way);
            }
            let shown: Vec<Row> = rows.into_iter().filter(is_an_invoice).collect();
            return collect(&shown, entry_from);
        }
    }
    Ok(Vec::new())
}

/// Where nothing was found there may be a row that tells only how the search went.
fn is_an_invoice(row: &Row) -> bool {
    row.get::<_, Option<Uuid>>("id").is_some()
}

/// Filters that are given alone make few statements, which are kept. Their combinations make too many for a connection to
/// remember.
async fn read(
    database: &Database,
    filter: &InvoiceFilter,
    Statement { sql, values }: &Statement,
) -> Result<Vec<Row>, StorageError> {
    if conditions_given(filter) <= 1 {
        database.query(sql, &values.params()).await
    } else {
        database.query_rare(sql, &values.typed_params()).await
    }
}

const fn position_of(entry: &InvoiceEntry) -> Position {
    Position {
        created_at: entry.created_at,
        id: entry.id,
    }
}
