//! `InvoiceService.ListInvoices`

use api_shared::invoicing::invoice_filter;

use super::shown::entry;
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{ListInvoicesRequest, ListInvoicesResponse},
};

pub(super) async fn list_invoices(
    call: Call<ListInvoicesRequest>,
) -> Result<Reply<ListInvoicesResponse>, Denied> {
    let today = call.api.invoicing.clock.today();
    let (filter, window) = call.read(|input| {
        input.query(|query| {
            let filter = invoice_filter(query, today);
            let window = query.window();
            Some((filter?, window?))
        })
    })?;
    let queries = &call.api.invoicing.queries;
    let listing = queries
        .list(call.organization_id(), &filter, window)
        .await?;
    Ok(Reply::fresh(ListInvoicesResponse {
        invoices: listing.rows.iter().map(|row| entry(row, today)).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}
