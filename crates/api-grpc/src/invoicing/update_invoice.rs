//! `InvoiceService.UpdateInvoice`

use api_shared::invoicing::invoice_changes;
use app::invoicing::EditInvoice;
use domain::{ids::InvoiceId, invoicing::InvoiceFacts};

use super::shown::changed;
use crate::{
    call::{Call, Denied, Reply},
    input::expecting,
    proto::v1::{UpdateInvoiceRequest, UpdateInvoiceResponse},
};

pub(super) async fn update_invoice(
    call: Call<UpdateInvoiceRequest>,
) -> Result<Reply<UpdateInvoiceResponse>, Denied> {
    let today = call.api.invoicing.clock.today();
    let read = call.read(|input| {
        let id = input.id("id", &call.message.id, InvoiceId::from_uuid);
        let changes = input.body(|fields| invoice_changes(fields, today));
        Some((id?, changes?))
    });
    let (id, changes) = match read {
        Ok(read) => read,
        Err(refused) => return call.answered_before(refused).await,
    };
    let command = EditInvoice {
        caller: call.acting(),
        id,
        precondition: expecting(call.message.expected_version),
        changes,
    };
    let show = move |facts: &InvoiceFacts| UpdateInvoiceResponse {
        invoice: Some(changed(facts, today)),
    };
    call.execute(&call.api.invoicing.edit, command, show).await
}
