//! Which payments a list is to have.

use app::ports::PaymentFilter;
use domain::{
    ids::{AccountId, InvoiceId},
    payments::{PaymentStatus, ProviderName},
};

use crate::{
    input::{Query, parse_id},
    invoicing::{end_of, start_of},
};

/// Reads which payments.
pub fn payment_filter(query: &mut Query<'_>) -> Option<PaymentFilter> {
    let statuses = query.parameters("status", PaymentStatus::parse);
    let provider = query.parameter("provider", ProviderName::parse);
    let account_id = query.parameter("account_id", parse_id(AccountId::from_uuid));
    let invoice_id = query.parameter("invoice_id", parse_id(InvoiceId::from_uuid));
    let created_from = query.parameter("from_date", start_of);
    let created_before = query.parameter("to_date", end_of);
    Some(PaymentFilter {
        statuses: statuses?,
        provider: provider?,
        account_id: account_id?,
        invoice_id: invoice_id?,
        created_from: created_from?,
        created_before: created_before?,
    })
}
