//! The number series of a transaction.

use app::ports::{InvoiceNumbers, RegisteredNumber, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::{InvoiceNumber, NumberFate, Series},
};

use crate::{
    error::{corrupt, unavailable},
    unit_of_work::PgUnitOfWork,
};

/// Makes the series if there is none, and locks it either way.
const LOCK: &str = "
    INSERT INTO invoice_number_series (organization_id, series, last_position) VALUES ($1, $2, 0)
    ON CONFLICT (organization_id, series) DO UPDATE SET last_position = invoice_number_series.last_position
    RETURNING last_position";

const HOLDER_OF: &str = "SELECT id FROM invoices WHERE organization_id = $1 AND number = $2";

const REGISTER: &str = "
    WITH taken AS (
        UPDATE invoice_number_series SET last_position = $3
         WHERE organization_id = $1 AND series = $2
        RETURNING organization_id, series, last_position)
    INSERT INTO invoice_numbers (organization_id, series, position, number, invoice_id, fate)
    SELECT organization_id, series, last_position, $4, $5, $6 FROM taken";

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

    async fn holder_of(
        &mut self,
        organization_id: OrganizationId,
        number: &InvoiceNumber,
    ) -> Result<Option<InvoiceId>, StorageError> {
        let organization = organization_id.as_uuid();
        let row = self
            .query_opt(HOLDER_OF, &[&organization, &number.as_str()])
            .await?;
        Ok(row.map(|row| InvoiceId::from_uuid(row.get("id"))))
    }

    async fn register(
        &mut self,
        organization_id: OrganizationId,
        series: &Series,
        taken: &RegisteredNumber,
    ) -> Result<(), StorageError> {
        self.defer(
            REGISTER,
            vec![
                Box::new(organization_id.as_uuid()),
                Box::new(series.as_str().to_owned()),
                Box::new(taken.position),
                Box::new(taken.number.as_str().to_owned()),
                Box::new(taken.invoice_id.as_uuid()),
                Box::new(fate_code(taken.fate)),
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
