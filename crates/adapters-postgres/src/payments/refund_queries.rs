//! Refunds, and what was paid on invoices, for reading.

use std::sync::LazyLock;

use app::{
    paging::{Listing, Position, Window},
    payments::InvoicePaymentView,
    ports::StorageError,
};
use domain::{
    ids::{InvoiceId, OrganizationId, PaymentId, RefundId},
    payments::RefundFacts,
};
use tokio_postgres::Row;

use super::refund_row::{COLUMNS, refund_from};
use crate::{
    columns::Columns,
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
};

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM refunds WHERE organization_id = $1 AND payment_id = $2 AND id = $3",
        *COLUMNS
    )
});

static LIST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM refunds
          WHERE organization_id = $1 AND payment_id = $2 AND ($3::uuid IS NULL OR id < $3)
          ORDER BY id DESC OFFSET $4 LIMIT $5",
        *COLUMNS
    )
});

const COUNT: &str =
    "SELECT count(*) FROM (SELECT FROM refunds WHERE payment_id = $1 LIMIT $2) AS counted";

const INVOICE_EXISTS: &str = "SELECT FROM invoices WHERE organization_id = $1 AND id = $2";

const LIST_OF_INVOICE: &str = "
    SELECT paid.id, paid.payment_id, payment.status AS payment_status, payment.provider, paid.amount_minor,
           paid.refunded_minor, invoice.currency, paid.paid_at
      FROM invoice_payments AS paid
      JOIN invoices AS invoice ON invoice.id = paid.invoice_id
      LEFT JOIN payments AS payment ON payment.organization_id = $1 AND payment.id = paid.payment_id
     WHERE paid.invoice_id = $2 AND ($3::timestamptz IS NULL OR (paid.paid_at, paid.id) < ($3, $4))
     ORDER BY paid.paid_at DESC, paid.id DESC
    OFFSET $5 LIMIT $6";

const COUNT_OF_INVOICE: &str =
    "SELECT count(*) FROM (SELECT FROM invoice_payments WHERE invoice_id = $1 LIMIT $2) AS counted";

pub(super) async fn find_refund(
    database: &Database,
    organization_id: OrganizationId,
    payment_id: PaymentId,
    id: RefundId,
) -> Result<Option<RefundFacts>, StorageError> {
    let params = [
        organization_id.as_uuid(),
        payment_id.as_uuid(),
        id.as_uuid(),
    ];
    let row = database
        .query_opt(&FIND, &[&params[0], &params[1], &params[2]])
        .await?;
    row.as_ref().map(refund_from).transpose()
}

pub(super) async fn list_refunds(
    database: &Database,
    organization_id: OrganizationId,
    id: PaymentId,
    window: Window,
) -> Result<Listing<RefundFacts>, StorageError> {
    let bounds = Bounds::of(window);
    let (organization, payment) = (organization_id.as_uuid(), id.as_uuid());
    let before = bounds.before_id();
    let (offset, fetched) = (bounds.offset, bounds.fetched());
    let rows = database
        .query(
            &LIST,
            &[&organization, &payment, &before, &offset, &fetched],
        )
        .await?;
    let total = if bounds.is_counted {
        let row = database
            .query_opt(COUNT, &[&payment, &counted_max()])
            .await?;
        row.map(|row| total_of(row.get(0)))
    } else {
        None
    };
    let position_of = |refund: &RefundFacts| Position {
        created_at: refund.created_at,
        id: refund.id.as_uuid(),
    };
    Ok(bounds.listing(collect(&rows, refund_from)?, position_of, total))
}

pub(super) async fn list_of_invoice(
    database: &Database,
    organization_id: OrganizationId,
    id: InvoiceId,
    window: Window,
) -> Result<Option<Listing<InvoicePaymentView>>, StorageError> {
    let (organization, invoice) = (organization_id.as_uuid(), id.as_uuid());
    let found = database
        .query_opt(INVOICE_EXISTS, &[&organization, &invoice])
        .await?;
    if found.is_none() {
        return Ok(None);
    }
    let bounds = Bounds::of(window);
    let (instant, before) = (bounds.before_created_at(), bounds.before_id());
    let (offset, fetched) = (bounds.offset, bounds.fetched());
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 6] = [
        &organization,
        &invoice,
        &instant,
        &before,
        &offset,
        &fetched,
    ];
    let rows = database.query(LIST_OF_INVOICE, &params).await?;
    let total = if bounds.is_counted {
        let row = database
            .query_opt(COUNT_OF_INVOICE, &[&invoice, &counted_max()])
            .await?;
        row.map(|row| total_of(row.get(0)))
    } else {
        None
    };
    let position_of = |paid: &InvoicePaymentView| Position {
        created_at: paid.paid_at,
        id: paid.id,
    };
    let paid = collect(&rows, paid_from)?;
    Ok(Some(bounds.listing(paid, position_of, total)))
}

fn paid_from(row: &Row) -> Result<InvoicePaymentView, StorageError> {
    let columns = Columns::of("invoice payment", row);
    Ok(InvoicePaymentView {
        id: columns.get("id")?,
        payment_id: columns.get("payment_id")?,
        payment_status: columns.get("payment_status")?,
        provider: columns.get("provider")?,
        amount_minor: columns.get("amount_minor")?,
        refunded_minor: columns.get("refunded_minor")?,
        currency: columns.get("currency")?,
        paid_at: columns.get("paid_at")?,
    })
}
