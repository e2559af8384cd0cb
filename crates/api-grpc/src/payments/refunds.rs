//! The rpcs of refunds.

use api_shared::payments::new_refund;
use domain::{
    ids::{PaymentId, RefundId},
    payments::RefundFacts,
};

use super::shown::refund;
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{
        GetRefundRequest, GetRefundResponse, ListRefundsRequest, ListRefundsResponse,
        RefundPaymentRequest, RefundPaymentResponse,
    },
};

pub(super) async fn refund_payment(
    call: Call<RefundPaymentRequest>,
) -> Result<Reply<RefundPaymentResponse>, Denied> {
    let (id, asked) = call.read(|input| {
        let id = input.id("id", &call.message.id, PaymentId::from_uuid);
        let asked = input.body(new_refund);
        Some((id?, asked?))
    })?;
    let command = asked.of(id, call.acting());
    let show = |facts: &RefundFacts| RefundPaymentResponse {
        refund: Some(refund(facts)),
    };
    let handler = &call.api.payments.refund;
    call.execute_once_only(handler, command, show).await
}

pub(super) async fn get_refund(
    call: Call<GetRefundRequest>,
) -> Result<Reply<GetRefundResponse>, Denied> {
    let ids = call.read(|input| {
        let payment_id = input.id("id", &call.message.id, PaymentId::from_uuid);
        let id = input.id("refund_id", &call.message.refund_id, RefundId::from_uuid);
        Some((payment_id?, id?))
    })?;
    let payments = &call.api.payments;
    let facts = payments.refund_of(call.organization_id(), ids).await?;
    Ok(Reply::fresh(GetRefundResponse {
        refund: Some(refund(&facts)),
    }))
}

pub(super) async fn list_refunds(
    call: Call<ListRefundsRequest>,
) -> Result<Reply<ListRefundsResponse>, Denied> {
    let (id, window) = call.read(|input| {
        let id = input.id("id", &call.message.id, PaymentId::from_uuid);
        let window = input.window();
        Some((id?, window?))
    })?;
    let payments = &call.api.payments;
    let listing = payments.refunds(call.organization_id(), id, window).await?;
    Ok(Reply::fresh(ListRefundsResponse {
        refunds: listing.rows.iter().map(refund).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}
