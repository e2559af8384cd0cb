//! What was paid on an invoice, as it is shown.

use jiff::Timestamp;
use uuid::Uuid;

/// An amount that a payment has paid on an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoicePaymentView {
    /// Identifies the amount.
    pub id: Uuid,
    /// By which payment; `None` for one outside of the service.
    pub payment_id: Option<Uuid>,
    /// Where that payment stands.
    pub payment_status: Option<String>,
    /// Through which provider it went.
    pub provider: Option<String>,
    /// How much was paid, in minor units.
    pub amount_minor: i64,
    /// What of it was given back, in minor units.
    pub refunded_minor: i64,
    /// In what.
    pub currency: String,
    /// When it was paid.
    pub paid_at: Timestamp,
}
