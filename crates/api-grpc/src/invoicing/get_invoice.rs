//! `InvoiceService.GetInvoice`

use api_shared::problem::{Refusal, catalogue::NOT_FOUND};
use domain::ids::InvoiceId;

use super::shown::whole;
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{GetInvoiceRequest, GetInvoiceResponse},
};

pub(super) async fn get_invoice(
    call: Call<GetInvoiceRequest>,
) -> Result<Reply<GetInvoiceResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, InvoiceId::from_uuid))?;
    let queries = &call.api.invoicing.queries;
    let found = queries.find(call.organization_id(), id).await?;
    let unknown = || Refusal::of(&NOT_FOUND).because(format!("there is no invoice {id}"));
    let view = found.ok_or_else(unknown)?;
    let today = call.api.invoicing.clock.today();
    Ok(Reply::fresh(GetInvoiceResponse {
        invoice: Some(whole(&view, today)),
    }))
}
