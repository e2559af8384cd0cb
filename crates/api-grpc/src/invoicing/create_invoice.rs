//! `InvoiceService.CreateInvoice`

use api_shared::invoicing::new_invoice;
use domain::invoicing::InvoiceFacts;

use super::shown::changed;
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{CreateInvoiceRequest, CreateInvoiceResponse},
};

pub(super) async fn create_invoice(
    call: Call<CreateInvoiceRequest>,
) -> Result<Reply<CreateInvoiceResponse>, Denied> {
    let today = call.api.invoicing.clock.today();
    let read = call.read(|input| input.body(|it| new_invoice(it, call.acting(), today)));
    let command = match read {
        Ok(command) => command,
        Err(refused) => return call.answered_before(refused).await,
    };
    let show = move |facts: &InvoiceFacts| CreateInvoiceResponse {
        invoice: Some(changed(facts, today)),
    };
    call.execute(&call.api.invoicing.create, command, show)
        .await
}
