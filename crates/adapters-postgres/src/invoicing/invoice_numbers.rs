//! The number series of a transaction.

use app::ports::{InvoiceNumbers, RegisteredNumber, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::{InvoiceNumber, NumberFate, Series},
};

use tokio_postgres::{Row, types::ToSql};

use crate::{
    columns::Columns,
    error::{corrupt, unavailable},
    listing::collect,
    unit_of_work::{OwnedParam, PgUnitOfWork},
};

/// Makes the series if there is none, and locks it either way.
const LOCK: &str = "
    INSERT INTO invoice_number_series (organization_id, series, last_position) VALUES ($1, $2, 0)
    ON CONFLICT (organization_id, series) DO UPDATE SET last_position = invoice_number_series.last_position
    RETURNING last_position";

const HOLDERS_OF: &str =
    "SELECT number, id FROM invoices WHERE organization_id = $1 AND number = ANY ($2)";

const REGISTER: &str = "
    WITH taken AS (
        UPDATE invoice_number_series SET last_position = ($3::bigint[])[cardinality($3::bigint[])]
         WHERE organization_id = $1 AND series = $2
        RETURNING organization_id, series)
    INSERT INTO invoice_numbers (organization_id, series, position, number, invoice_id, fate)
    SELECT organization_id, series, position, number, invoice_id, fate
      FROM taken, unnest($3::bigint[], $4::text[], $5::uuid[], $6::text[])
                  AS numbers (position, number, invoice_id, fate)";

const MARK_CANCELLED: &str = "
    UPDATE invoice_numbers SET fate = 'cancelled'
     WHERE organization_id = $1 AND invoice_id = $2 AND fate = 'issued'";

#[async_trait]
impl InvoiceNumbers for PgUnitOfWork {
    async fn lock(
        &mut self,
        organization_id: OrganizationId,
        series: &Series,
    ) -> Result<i64, StorageError> {
        let organization = organization_id.as_uuid();
        let row = self
            .query_opt(LOCK, &[&organization, &series.as_str()])
            .await?;
        row.map(|row| row.get("last_position"))
            .ok_or_else(|| unavailable("the series was not returned"))
    }

    async fn holders_of(
        &mut self,
        organization_id: OrganizationId,
        numbers: &[InvoiceNumber],
    ) -> Result<Vec<(InvoiceNumber, InvoiceId)>, StorageError> {
        let organization = organization_id.as_uuid();
        let numbers: Vec<_> = numbers.iter().map(InvoiceNumber::as_str).collect();
        let rows = self.query(HOLDERS_OF, &[&organization, &numbers]).await?;
        collect(&rows, holder_from)
    }

    async fn register(
        &mut self,
        organization_id: OrganizationId,
        series: &Series,
        taken: &[RegisteredNumber],
    ) -> Result<(), StorageError> {
        self.defer(
            REGISTER,
            vec![
                Box::new(organization_id.as_uuid()),
                Box::new(series.as_str().to_owned()),
                column(taken, |it| it.position),
                column(taken, |it| it.number.as_str().to_owned()),
                column(taken, |it| it.invoice_id.as_uuid()),
                column(taken, |it| fate_code(it.fate)),
            ],
        );
        Ok(())
    }

    async fn mark_cancelled(
        &mut self,
        organization_id: OrganizationId,
        invoice_id: InvoiceId,
    ) -> Result<(), StorageError> {
        let (organization, invoice) = (organization_id.as_uuid(), invoice_id.as_uuid());
        self.defer(
            MARK_CANCELLED,
            vec![Box::new(organization), Box::new(invoice)],
        );
        Ok(())
    }
}

fn column<T: ToSql + Sync + Send + 'static>(
    taken: &[RegisteredNumber],
    value: impl Fn(&RegisteredNumber) -> T,
) -> OwnedParam {
    Box::new(taken.iter().map(value).collect::<Vec<_>>())
}

fn holder_from(row: &Row) -> Result<(InvoiceNumber, InvoiceId), StorageError> {
    let columns = Columns::of("invoice", row);
    Ok((
        columns.parse("number", InvoiceNumber::parse)?,
        InvoiceId::from_uuid(columns.get("id")?),
    ))
}

const fn fate_code(fate: NumberFate) -> &'static str {
    match fate {
        NumberFate::Issued => "issued",
        NumberFate::Cancelled => "cancelled",
        NumberFate::ChosenByClient => "chosen_by_client",
    }
}

pub(super) fn fate_from(code: &str) -> Result<NumberFate, StorageError> {
    match code {
        "issued" => Ok(NumberFate::Issued),
        "cancelled" => Ok(NumberFate::Cancelled),
        "chosen_by_client" => Ok(NumberFate::ChosenByClient),
        other => Err(corrupt("invoice number", format!("unknown fate {other:?}"))),
    }
}
