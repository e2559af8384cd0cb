//! The invoices of a transaction.
//!
//! Every write appends to `invoice_summary_changes` what it changes in the sums.

use std::sync::LazyLock;

use app::ports::{InvoiceRepository, StorageError, Written};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::{Invoice, InvoiceState},
};
use jiff::civil::Date;

use super::{
    client_names::keep_names,
    invoice_columns::columns,
    invoice_row::{FACTS_COLUMNS, facts_from},
    review_document::review_column,
    unswept_invoices::list_unswept,
};
use crate::{
    unit_of_work::{PgUnitOfWork, Write, joined},
    values::folded,
};

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {FACTS_COLUMNS} FROM invoices WHERE organization_id = $1 AND id = $2 FOR UPDATE"
    )
});

const INSERT_ROW: &str = "
        INSERT INTO invoices (id, organization_id, number, status, customer_id, customer_name_folded, customer, seller,
                              currency, items, subtotal_minor, discount_minor, tax_minor, total_minor,
                              amount_paid_minor, tax_breakdown, rounding, due_date, notes, metadata, issued_at,
                              paid_at, cancelled_at, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25, $26)
        ON CONFLICT (organization_id, number) WHERE number IS NOT NULL DO NOTHING
        RETURNING organization_id, currency, status, due_date, total_minor, total_minor - amount_paid_minor AS due_minor";

/// What a list by a part of the name looks into. Whoever takes the last invoice of a name away takes the name away, too,
/// and must not miss an invoice that is just coming: the lock, which those that bring invoices share, tells.
const ADD_NAME: &str = "
    INSERT INTO invoice_clients (organization_id, name_folded, grams)
    SELECT $2, $6, array_to_tsvector(string_to_array($27, E'\\x1f'))
      FROM written,
           pg_advisory_xact_lock_shared(hashtextextended($6, hashtextextended(written.organization_id::text, 1)))
    ON CONFLICT (organization_id, name_folded) DO NOTHING";

const ADD_TO_SUMS: &str = "
    INSERT INTO invoice_summary_changes (organization_id, currency, status, due_date, count, total_minor, due_minor)
    SELECT organization_id, currency, status, due_date, 1, total_minor, due_minor FROM written";

/// A new row, what it is found by, and what it adds to the sums.
pub(crate) const INSERT: Write = Write {
    parts: &[
        ("written", INSERT_ROW),
        ("named", ADD_NAME),
        ("summed", ADD_TO_SUMS),
    ],
    params: 27,
};

pub(crate) static INSERT_SQL: LazyLock<String> = LazyLock::new(|| joined(&[&INSERT]));

const UPDATE: &str = "
    WITH before AS (
        SELECT organization_id, customer_name_folded, currency, status, due_date, total_minor,
               CASE status WHEN 'cancelled' THEN 0 ELSE total_minor - amount_paid_minor END AS due_minor
          FROM invoices WHERE id = $1 AND organization_id = $2),
    written AS (
        UPDATE invoices
           SET number = $3, status = $4, customer_id = $5, customer_name_folded = $6, customer = $7, seller = $8,
               currency = $9, items = $10, subtotal_minor = $11, discount_minor = $12, tax_minor = $13,
               total_minor = $14, amount_paid_minor = $15, tax_breakdown = $16, rounding = $17, due_date = $18,
               notes = $19, metadata = $20, issued_at = $21, paid_at = $22, cancelled_at = $23, created_at = $24,
               updated_at = $25, version = $26, review = $28
         WHERE id = $1 AND organization_id = $2
           AND NOT EXISTS (SELECT FROM invoices AS other
                            WHERE other.organization_id = $2 AND other.number = $3 AND other.id <> $1)
        RETURNING organization_id, currency, status, due_date, total_minor,
                  CASE status WHEN 'cancelled' THEN 0 ELSE total_minor - amount_paid_minor END AS due_minor),
    named AS (
        INSERT INTO invoice_clients (organization_id, name_folded, grams)
        SELECT $2, $6, array_to_tsvector(string_to_array($27, E'\\x1f')) FROM before
         WHERE customer_name_folded <> $6 AND EXISTS (SELECT FROM written)
        ON CONFLICT (organization_id, name_folded) DO NOTHING),
    forgotten AS (
        DELETE FROM invoice_clients AS client USING before
         WHERE client.organization_id = $2 AND client.name_folded = before.customer_name_folded
           AND before.customer_name_folded <> $6 AND EXISTS (SELECT FROM written)
           AND NOT EXISTS (SELECT FROM invoices AS other
                            WHERE other.organization_id = $2 AND other.id <> $1
                              AND other.customer_name_folded = before.customer_name_folded))
    INSERT INTO invoice_summary_changes (organization_id, currency, status, due_date, count, total_minor, due_minor)
    SELECT organization_id, currency, status, due_date, 1, total_minor, due_minor FROM written
    UNION ALL
    SELECT organization_id, currency, status, due_date, -1, -total_minor, -due_minor FROM before
     WHERE EXISTS (SELECT FROM written)";

const DELETE: &str = "
    WITH gone AS (
        DELETE FROM invoices WHERE id = $1 AND organization_id = $2
        RETURNING organization_id, customer_name_folded, currency, status, due_date, total_minor,
                  total_minor - amount_paid_minor AS due_minor),
    forgotten AS (
        DELETE FROM invoice_clients AS client USING gone
         WHERE client.organization_id = $2 AND client.name_folded = gone.customer_name_folded
           AND NOT EXISTS (SELECT FROM invoices AS other
                            WHERE other.organization_id = $2 AND other.id <> $1
                              AND other.customer_name_folded = gone.customer_name_folded))
    INSERT INTO invoice_summary_changes (organization_id, currency, status, due_date, count, total_minor, due_minor)
    SELECT organization_id, currency, status, due_date, -1, -total_minor, -due_minor FROM gone";

#[async_trait]
impl InvoiceRepository for PgUnitOfWork {
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Option<Invoice>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .query_opt(&FIND_FOR_UPDATE, &[&params[0], &params[1]])
            .await?;
        let facts = row.as_ref().map(facts_from).transpose()?;
        Ok(facts.map(Invoice::restore))
    }

    async fn insert(&mut self, invoice: &Invoice) -> Result<Written, StorageError> {
        let columns = columns(invoice.facts());
        if invoice.facts().number().is_none() {
            self.defer(&INSERT_SQL, columns);
            return Ok(Written::Stored);
        }
        self.write(&INSERT_SQL, &columns).await
    }

    async fn update(&mut self, invoice: &Invoice) -> Result<Written, StorageError> {
        if invoice.facts().state == InvoiceState::Draft {
            let name = folded(invoice.facts().contents.customer.name.as_str());
            keep_names(self, invoice.facts(), Some(name));
        }
        let mut columns = columns(invoice.facts());
        columns.push(review_column(&invoice.facts().review));
        if invoice.facts().number().is_none() {
            self.defer(UPDATE, columns);
            return Ok(Written::Stored);
        }
        self.write(UPDATE, &columns).await
    }

    async fn delete(&mut self, invoice: &Invoice) -> Result<(), StorageError> {
        let facts = invoice.facts();
        keep_names(self, facts, None);
        let (id, organization) = (facts.id.as_uuid(), facts.organization_id.as_uuid());
        self.defer(DELETE, vec![Box::new(id), Box::new(organization)]);
        Ok(())
    }

    async fn list_unswept_for_update(
        &mut self,
        today: Date,
        limit: i64,
    ) -> Result<Vec<Invoice>, StorageError> {
        list_unswept(self, today, limit).await
    }
}
