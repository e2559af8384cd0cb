//! The fields of a payment and of a refund in a request.

use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// A payment to be made.
#[derive(ToSchema)]
#[schema(example = json!({
    "payment_type": "external_payment",
    "direction": "charge",
    "provider": "simulator",
    "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "amount_minor": 174_000,
    "currency": "USD",
    "description": "Invoice INV-2026-000001",
}))]
#[expect(dead_code, reason = "the schema of what `new_payment` reads")]
pub(super) struct NewPayment {
    /// Between two accounts, or through a provider.
    payment_type: schemas::PaymentTypeName,
    /// Where the money comes from: of an internal transfer and of a payout.
    source_account_id: Option<Uuid>,
    /// Where the money goes: of an internal transfer and of a charge.
    destination_account_id: Option<Uuid>,
    /// Through which provider an external payment goes.
    provider: Option<schemas::ProviderNameText>,
    /// Which way an external payment goes: `payout` from an account to the world outside, `charge` from there to an account.
    direction: Option<schemas::DirectionName>,
    /// What the provider needs to know of an external payment, such as the token of a payment method. Never the number of a
    /// card: that is refused.
    provider_data: Option<schemas::Metadata>,
    /// How much.
    amount_minor: schemas::TransferAmountMinor,
    /// What all accounts are in.
    currency: schemas::CurrencyCode,
    /// The invoice that it settles, in part or whole.
    invoice_id: Option<Uuid>,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// Your own notes. `simulate` tells the simulator how to behave.
    metadata: Option<schemas::Metadata>,
}

/// Money to be given back.
#[derive(ToSchema)]
#[schema(example = json!({"amount_minor": 2_000, "reason": "Returned in part"}))]
#[expect(dead_code, reason = "the schema of what `new_refund` reads")]
pub(super) struct NewRefund {
    /// How much: at most what is left of the payment, all of it if it is left out.
    amount_minor: Option<schemas::TransferAmountMinor>,
    /// Why.
    reason: Option<schemas::RefundReasonText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}
