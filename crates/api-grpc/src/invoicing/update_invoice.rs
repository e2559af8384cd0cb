//! `InvoiceService.UpdateInvoice`

use api_shared::invoicing::{AsOf, invoice_changes};
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
    let read = |as_of| {
        call.read(|input| {
            let id = input.id("id", &call.message.id, InvoiceId::from_uuid);
            let changes = input.body(|fields| invoice_changes(fields, as_of));
            Some((id?, changes?))
        })
    };
    let (id, changes) = match read(AsOf::Today(today)) {
        Ok(read) => read,
        // Nothing but its due date is wrong, and that may still have been to come when the same was asked for first.
        Err(refused) if read(AsOf::TodayOrBefore(today)).is_ok() => {
            return call.answered_before(refused).await;
        }
        Err(refused) => return Err(Denied::Refused(refused)),
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
