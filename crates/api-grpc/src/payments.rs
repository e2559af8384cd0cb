//! `tallystick.v1.PaymentService`

mod dead_letters;
mod documents;
mod refunds;
mod requests;
mod shown;

use std::sync::Arc;

use domain::platform::{Access, Resource, Scope};

use crate::{
    api::GrpcApi,
    proto::v1::{
        CancelPaymentRequest, CancelPaymentResponse, CreatePaymentRequest, CreatePaymentResponse,
        DiscardDeadLetterRequest, DiscardDeadLetterResponse, GetPaymentRequest, GetPaymentResponse,
        GetRefundRequest, GetRefundResponse, ListDeadLettersRequest, ListDeadLettersResponse,
        ListPaymentEventsRequest, ListPaymentEventsResponse, ListPaymentsRequest,
        ListPaymentsResponse, ListRefundsRequest, ListRefundsResponse, RefundPaymentRequest,
        RefundPaymentResponse, RetryDeadLetterRequest, RetryDeadLetterResponse,
        payment_service_server::PaymentService,
    },
};

const READ: Scope = Scope::Of(Resource::Payments, Access::Read);
const WRITE: Scope = Scope::Of(Resource::Payments, Access::Write);

/// Payments, their refunds, and what was given up of them.
pub(crate) struct Payments(pub(crate) Arc<GrpcApi>);

crate::services::rpcs! {PaymentService for Payments {
    create_payment(CreatePaymentRequest) -> CreatePaymentResponse, WRITE, requests::create_payment;
    get_payment(GetPaymentRequest) -> GetPaymentResponse, READ, requests::get_payment;
    list_payments(ListPaymentsRequest) -> ListPaymentsResponse, READ, requests::list_payments;
    list_payment_events(ListPaymentEventsRequest) -> ListPaymentEventsResponse, READ, requests::list_payment_events;
    cancel_payment(CancelPaymentRequest) -> CancelPaymentResponse, WRITE, requests::cancel_payment;
    refund_payment(RefundPaymentRequest) -> RefundPaymentResponse, WRITE, refunds::refund_payment;
    get_refund(GetRefundRequest) -> GetRefundResponse, READ, refunds::get_refund;
    list_refunds(ListRefundsRequest) -> ListRefundsResponse, READ, refunds::list_refunds;
    list_dead_letters(ListDeadLettersRequest) -> ListDeadLettersResponse, WRITE, dead_letters::list_dead_letters;
    retry_dead_letter(RetryDeadLetterRequest) -> RetryDeadLetterResponse, WRITE, dead_letters::retry_dead_letter;
    discard_dead_letter(DiscardDeadLetterRequest) -> DiscardDeadLetterResponse, WRITE, dead_letters::discard_dead_letter;
}}
