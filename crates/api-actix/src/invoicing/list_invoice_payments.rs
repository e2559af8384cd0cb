//! `GET /api/v1/invoices/{id}/payments`

use actix_web::{get, web};
use app::{payments::InvoicePaymentView, wire};
use domain::ids::InvoiceId;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadInvoices},
    input::Request,
    listing::ListOf,
    problem::{Problem, catalogue::NOT_FOUND},
    schemas,
};

/// An amount that was paid on an invoice, by a payment or outside of the service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoicePayment, example = json!({
    "id": "01936f8a-8888-7c3d-9a4f-2b6c8d0e1f23",
    "payment_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "payment_status": "completed",
    "provider": "simulator",
    "amount_minor": 174_000,
    "refunded_minor": 0,
    "currency": "USD",
    "paid_at": "2026-11-20T13:02:11.123456Z",
}))]
struct InvoicePaymentBody {
    /// Identifies the amount.
    id: Uuid,
    /// The payment; `null` for one outside of the service.
    payment_id: Option<Uuid>,
    /// Where the payment stands.
    #[schema(value_type = Option<schemas::PaymentStatusName>)]
    payment_status: Option<String>,
    /// The provider that it went through.
    #[schema(value_type = Option<schemas::ProviderNameText>)]
    provider: Option<String>,
    /// How much was paid.
    #[schema(value_type = schemas::TransferAmountMinor)]
    amount_minor: i64,
    /// What of it was given back.
    #[schema(value_type = schemas::HeldMinor)]
    refunded_minor: i64,
    /// In what.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: String,
    /// When.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    paid_at: Timestamp,
}

impl From<InvoicePaymentView> for InvoicePaymentBody {
    fn from(view: InvoicePaymentView) -> Self {
        Self {
            id: view.id,
            payment_id: view.payment_id,
            payment_status: view.payment_status,
            provider: view.provider,
            amount_minor: view.amount_minor,
            refunded_minor: view.refunded_minor,
            currency: view.currency,
            paid_at: view.paid_at,
        }
    }
}

/// List what was paid on an invoice
///
/// Newest first.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "listInvoicePayments",
    security(("api_key" = ["invoices:read"])),
    responses((status = 200, description = "A piece of the list", body = ListOf<InvoicePaymentBody>))
)]
#[get("/invoices/{id}/payments")]
pub(super) async fn list_invoice_payments(
    caller: Caller<ReadInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, window) = request.read(|input| {
        let id = input.id("id", InvoiceId::from_uuid);
        let window = input.window();
        Some((id?, window?))
    })?;
    let queries = &api.payments.queries;
    let found = queries.list_of_invoice(caller.organization_id(), id, window);
    let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no invoice {id}"));
    let paid = found.await?.ok_or_else(unknown)?;
    Ok(request.list(window, paid, InvoicePaymentBody::from))
}
