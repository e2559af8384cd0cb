//! `InvoiceService.ChangeStatus`

use api_shared::invoicing::new_status;
use app::invoicing::ChangeInvoiceStatus;
use domain::{ids::InvoiceId, invoicing::InvoiceFacts};

use super::shown::changed;
use crate::{
    call::{Call, Denied, Reply},
    input::expecting,
    proto::v1::{ChangeStatusRequest, ChangeStatusResponse},
};

pub(super) async fn change_status(
    call: Call<ChangeStatusRequest>,
) -> Result<Reply<ChangeStatusResponse>, Denied> {
    let today = call.api.invoicing.clock.today();
    let (id, to) = call.read(|input| {
        let id = input.id("id", &call.message.id, InvoiceId::from_uuid);
        let to = input.body(new_status);
        Some((id?, to?))
    })?;
    let command = ChangeInvoiceStatus {
        caller: call.acting(),
        id,
        precondition: expecting(call.message.expected_version),
        to,
    };
    let show = move |facts: &InvoiceFacts| ChangeStatusResponse {
        invoice: Some(changed(facts, today)),
    };
    let handler = &call.api.invoicing.change_status;
    call.execute(handler, command, show).await
}
