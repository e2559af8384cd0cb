//! `InvoiceService.CreateInvoice`

use api_shared::invoicing::{AsOf, new_invoice};
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
    let read = |as_of| call.read(|input| input.body(|it| new_invoice(it, call.acting(), as_of)));
    let command = match read(AsOf::Today(today)) {
        Ok(command) => command,
        // Nothing but its due date is wrong, and that may still have been to come when the same was asked for first.
        Err(refused) if read(AsOf::TodayOrBefore(today)).is_ok() => {
            return call.answered_before(refused).await;
        }
        Err(refused) => return Err(Denied::Refused(refused)),
    };
    let show = move |facts: &InvoiceFacts| CreateInvoiceResponse {
        invoice: Some(changed(facts, today)),
    };
    call.execute(&call.api.invoicing.create, command, show)
        .await
}
