//! Lists of invoices, by any filter, at any depth.
//!
//! A filter that is one value (`customer_id`, `currency`, one status) has an index that ends in the order of the list, so
//! reading starts at the cursor and stops at the limit. Several statuses are as many such readings, merged: an index
//! cannot give several values in one order. "Overdue" is two of them: what the sweep has marked, and the little that it
//! has not got to yet.
//!
//! A range of due dates or totals has an index in an order of its own. The planner cannot know which way is shorter, since
//! due dates go along with the order of the list: so a look at the range decides. Few rows are taken from its index and
//! sorted; many are met soon on the way through the list, whose index carries both columns so that no row has to be
//! visited for them. Either way ids are found first, and rows read for those that are shown.

use app::{
    invoicing::InvoiceEntry,
    paging::{Listing, Position, Window},
    ports::{InvoiceFilter, StorageError},
};
use domain::{ids::OrganizationId, invoicing::InvoiceStatus};
use jiff::civil::Date;
use tokio_postgres::Row;

use super::invoice_row::{ENTRY_COLUMNS, entry_from};
use crate::{
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
    query_text::{Conditions, contains_condition, contains_pattern},
};

pub(super) async fn read_list(
    database: &Database,
    organization_id: OrganizationId,
    filter: &InvoiceFilter,
    window: Window,
) -> Result<Listing<InvoiceEntry>, StorageError> {
    let bounds = Bounds::of(window);
    let branches = branches(filter);
    if branches.is_empty() {
        let total = bounds.is_counted.then(|| total_of(0));
        return Ok(bounds.listing(Vec::new(), position_of, total));
    }
    let conditions = conditions(organization_id, filter);
    let total = if bounds.is_counted {
        let mut counted = conditions.clone();
        let sql = count_text(&mut counted, &branches);
        let rows = read(database, filter, &sql, &counted).await?;
        rows.first().map(|row| total_of(row.get(0)))
    } else {
        None
    };
    let way = if has_range(filter) && is_short(database, organization_id, filter).await? {
        Way::ThroughTheRange
    } else {
        Way::ThroughTheList
    };
    let mut listed = conditions;
    let sql = list_text(&mut listed, &branches, &bounds, way);
    let rows = read(database, filter, &sql, &listed).await?;
    Ok(bounds.listing(collect(&rows, entry_from)?, position_of, total))
}

/// Filters that are given alone make few statements, which are kept. Their combinations make too many for a connection to
/// remember.
async fn read(
    database: &Database,
    filter: &InvoiceFilter,
    sql: &str,
    conditions: &Conditions,
) -> Result<Vec<Row>, StorageError> {
    let restrictions = [
        filter.client_contains.is_some(),
        filter.customer_id.is_some(),
        filter.number.is_some(),
        filter.created_from.is_some(),
        filter.created_before.is_some(),
        filter.due_from.is_some(),
        filter.due_to.is_some(),
        filter.overdue_on.is_some(),
        filter.currency.is_some(),
        filter.total_minor_min.is_some(),
        filter.total_minor_max.is_some(),
    ];
    let given = restrictions.iter().filter(|is_given| **is_given).count();
    if given + filter.statuses.len() <= 1 {
        database.query(sql, &conditions.params()).await
    } else {
        database.query_rare(sql, &conditions.params()).await
    }
}

const fn position_of(entry: &InvoiceEntry) -> Position {
    Position {
        created_at: entry.created_at,
        id: entry.id,
    }
}

/// Which index leads to the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// One in the order of the list: reading stops at the limit.
    ThroughTheList,
    /// Whatever finds all of them soonest: they are few, and sorted afterwards.
    ThroughTheRange,
}

/// More rows than these are better met on the way through the list.
const FEW: i64 = 5_000;

const fn has_range(filter: &InvoiceFilter) -> bool {
    filter.due_from.is_some()
        || filter.due_to.is_some()
        || filter.total_minor_min.is_some()
        || filter.total_minor_max.is_some()
}

/// Whether the narrower of the ranges has few rows. Counting stops when it is clear.
async fn is_short(
    database: &Database,
    organization_id: OrganizationId,
    filter: &InvoiceFilter,
) -> Result<bool, StorageError> {
    type Add = fn(&mut Conditions, &InvoiceFilter);
    let ranges: [(&str, Add); 2] = [("due_date", add_dates), ("total_minor", add_totals)];
    for (column, add) in ranges {
        let mut organization = Conditions::default();
        organization.and("organization_id = ?", organization_id.as_uuid());
        let mut range = organization.clone();
        add(&mut range, filter);
        if range.text() == organization.text() {
            continue;
        }
        let limit = range.param(FEW + 1);
        let sql = format!(
            "SELECT count(*) FROM (
                SELECT FROM invoices WHERE {} ORDER BY organization_id, {column} LIMIT {limit}) AS few",
            range.text()
        );
        let row = database.query_opt(&sql, &range.params()).await?;
        if row.is_some_and(|row| row.get::<_, i64>(0) <= FEW) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A part of the answer that one index gives in order. No two parts share a row.
enum Branch {
    /// Whatever the status.
    Any,
    /// In one status.
    In(InvoiceStatus),
    /// Marked as overdue, and over on that day.
    MarkedOverdue(Date),
    /// In a status that the sweep looks at, and over on that day.
    Unswept(InvoiceStatus, Date),
}

fn branches(filter: &InvoiceFilter) -> Vec<Branch> {
    let is_wanted =
        |status: &InvoiceStatus| filter.statuses.is_empty() || filter.statuses.contains(status);
    let wanted = InvoiceStatus::ALL.into_iter().filter(is_wanted);
    match filter.overdue_on {
        None if filter.statuses.is_empty() => vec![Branch::Any],
        None => wanted.map(Branch::In).collect(),
        Some(today) => wanted
            .filter_map(|status| match status {
                InvoiceStatus::Overdue => Some(Branch::MarkedOverdue(today)),
                InvoiceStatus::Sent | InvoiceStatus::Viewed => Some(Branch::Unswept(status, today)),
                InvoiceStatus::Draft | InvoiceStatus::Paid | InvoiceStatus::Cancelled => None,
            })
            .collect(),
    }
}

impl Branch {
    fn text(&self, conditions: &mut Conditions) -> String {
        match self {
            Self::Any => "true".to_owned(),
            Self::In(status) => format!("status = '{status}'"),
            Self::MarkedOverdue(today) => {
                let today = conditions.param(*today);
                format!("status = 'overdue' AND due_date < {today}")
            }
            Self::Unswept(status, today) => {
                let today = conditions.param(*today);
                format!(
                    "status IN ('sent', 'viewed') AND status = '{status}' AND due_date < {today}"
                )
            }
        }
    }
}

fn list_text(
    conditions: &mut Conditions,
    branches: &[Branch],
    bounds: &Bounds,
    way: Way,
) -> String {
    conditions.before(bounds);
    let in_order =
        |branch: &Branch| way == Way::ThroughTheList && !matches!(branch, Branch::Unswept(..));
    let reach = if branches.iter().any(in_order) {
        conditions.param(bounds.offset + bounds.fetched())
    } else {
        String::new()
    };
    let (offset, limit) = (
        conditions.param(bounds.offset),
        conditions.param(bounds.fetched()),
    );
    let merged = union(conditions, branches, |branch, condition| {
        let ids = format!("SELECT id, created_at AS made_at FROM invoices WHERE {condition}");
        if in_order(branch) {
            format!("({ids} ORDER BY created_at DESC, id DESC LIMIT {reach})")
        } else {
            // OFFSET 0 keeps the limit out of the choice of the index.
            format!("(SELECT * FROM ({ids} OFFSET 0) AS few)")
        }
    });
    format!(
        "SELECT {ENTRY_COLUMNS} FROM invoices JOIN (
            SELECT * FROM ({merged}) AS matching ORDER BY made_at DESC, id DESC OFFSET {offset} LIMIT {limit}
         ) AS shown USING (id) ORDER BY made_at DESC, id DESC"
    )
}

fn count_text(conditions: &mut Conditions, branches: &[Branch]) -> String {
    let limit = conditions.param(counted_max());
    let all = union(conditions, branches, |_, condition| {
        format!("(SELECT 1 FROM invoices WHERE {condition} LIMIT {limit})")
    });
    format!("SELECT count(*) FROM (SELECT FROM ({all}) AS matching LIMIT {limit}) AS counted")
}

fn union(
    conditions: &mut Conditions,
    branches: &[Branch],
    select: impl Fn(&Branch, &str) -> String,
) -> String {
    let parts: Vec<String> = branches
        .iter()
        .map(|branch| {
            let own = branch.text(conditions);
            select(branch, &format!("{} AND {own}", conditions.text()))
        })
        .collect();
    parts.join(" UNION ALL ")
}

fn conditions(organization_id: OrganizationId, filter: &InvoiceFilter) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.and("organization_id = ?", organization_id.as_uuid());
    if let Some(text) = &filter.client_contains {
        let condition = contains_condition("customer_name_folded", text);
        conditions.and(&condition, contains_pattern(text));
    }
    if let Some(id) = filter.customer_id {
        conditions.and("customer_id = ?", id.as_uuid());
    }
    if let Some(number) = &filter.number {
        conditions.and("number = ?", number.as_str().to_owned());
    }
    if let Some(currency) = filter.currency {
        conditions.and("currency = ?", currency.code());
    }
    for (comparison, instant) in [(">=", filter.created_from), ("<", filter.created_before)] {
        if let Some(instant) = instant {
            conditions.and(&format!("created_at {comparison} ?"), instant);
        }
    }
    add_dates(&mut conditions, filter);
    add_totals(&mut conditions, filter);
    conditions
}

fn add_dates(conditions: &mut Conditions, filter: &InvoiceFilter) {
    for (comparison, date) in [(">=", filter.due_from), ("<=", filter.due_to)] {
        if let Some(date) = date {
            conditions.and(&format!("due_date {comparison} ?"), date);
        }
    }
}

fn add_totals(conditions: &mut Conditions, filter: &InvoiceFilter) {
    let totals = [
        (">=", filter.total_minor_min),
        ("<=", filter.total_minor_max),
    ];
    for (comparison, total) in totals {
        if let Some(total) = total {
            conditions.and(&format!("total_minor {comparison} ?"), total);
        }
    }
}
