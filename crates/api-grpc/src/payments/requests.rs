//! The rpcs of payments.

use api_shared::payments::{PaymentCourse, new_payment, payment_filter};
use app::{ledger::Verdict, payments::CancelPayment};
use domain::{ids::PaymentId, payments::PaymentFacts};

use super::shown::{entry, payment};
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{
        CancelPaymentRequest, CancelPaymentResponse, CreatePaymentRequest, CreatePaymentResponse,
        GetPaymentRequest, GetPaymentResponse, ListPaymentEventsRequest, ListPaymentEventsResponse,
        ListPaymentsRequest, ListPaymentsResponse,
    },
};

pub(super) async fn create_payment(
    call: Call<CreatePaymentRequest>,
) -> Result<Reply<CreatePaymentResponse>, Denied> {
    let command = call.read(|input| input.body(|it| new_payment(it, call.acting())))?;
    let payments = &call.api.payments;
    let now = payments.clock.now();
    let show = move |facts: &PaymentFacts| CreatePaymentResponse {
        payment: Some(payment(facts, now)),
    };
    match payments.course_of(command)? {
        PaymentCourse::Engine(asked) => {
            let ask = asked.ask();
            let show = move |verdict: &Verdict| asked.outcome(verdict).map(|facts| show(&facts));
            call.post(ask, show).await
        }
        PaymentCourse::Handler(command) => {
            let accept = &payments.accept;
            call.execute_once_only(accept, command, show).await
        }
    }
}

pub(super) async fn get_payment(
    call: Call<GetPaymentRequest>,
) -> Result<Reply<GetPaymentResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, PaymentId::from_uuid))?;
    let payments = &call.api.payments;
    let facts = payments.payment(call.organization_id(), id).await?;
    Ok(Reply::fresh(GetPaymentResponse {
        payment: Some(payment(&facts, payments.clock.now())),
    }))
}

pub(super) async fn list_payments(
    call: Call<ListPaymentsRequest>,
) -> Result<Reply<ListPaymentsResponse>, Denied> {
    let (filter, window) = call.read(|input| {
        input.query(|query| {
            let filter = payment_filter(query);
            let window = query.window();
            Some((filter?, window?))
        })
    })?;
    let queries = &call.api.payments.queries;
    let listing = queries
        .list(call.organization_id(), &filter, window)
        .await?;
    let now = call.api.payments.clock.now();
    Ok(Reply::fresh(ListPaymentsResponse {
        payments: listing.rows.iter().map(|it| payment(it, now)).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

pub(super) async fn list_payment_events(
    call: Call<ListPaymentEventsRequest>,
) -> Result<Reply<ListPaymentEventsResponse>, Denied> {
    let (id, window) = call.read(|input| {
        let id = input.id("id", &call.message.id, PaymentId::from_uuid);
        let window = input.window();
        Some((id?, window?))
    })?;
    let payments = &call.api.payments;
    let listing = payments.history(call.organization_id(), id, window).await?;
    let next_cursor = call.next_cursor(listing.next);
    Ok(Reply::fresh(ListPaymentEventsResponse {
        events: listing.rows.into_iter().map(entry).collect(),
        next_cursor,
    }))
}

pub(super) async fn cancel_payment(
    call: Call<CancelPaymentRequest>,
) -> Result<Reply<CancelPaymentResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, PaymentId::from_uuid))?;
    let command = CancelPayment {
        caller: call.acting(),
        id,
    };
    let payments = &call.api.payments;
    let now = payments.clock.now();
    let show = move |facts: &PaymentFacts| CancelPaymentResponse {
        payment: Some(payment(facts, now)),
    };
    call.execute(&payments.cancel, command, show).await
}
