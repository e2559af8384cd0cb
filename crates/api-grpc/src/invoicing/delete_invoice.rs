//! `InvoiceService.DeleteInvoice`

use app::invoicing::DeleteInvoice;
use domain::ids::InvoiceId;

use crate::{
    call::{Call, Denied, Reply},
    input::expecting,
    proto::v1::{DeleteInvoiceRequest, DeleteInvoiceResponse},
};

pub(super) async fn delete_invoice(
    call: Call<DeleteInvoiceRequest>,
) -> Result<Reply<DeleteInvoiceResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, InvoiceId::from_uuid))?;
    let command = DeleteInvoice {
        caller: call.acting(),
        id,
        precondition: expecting(call.message.expected_version),
    };
    let show = |&(): &()| DeleteInvoiceResponse {};
    call.execute_always(&call.api.invoicing.delete, command, show)
        .await
}
