//! Requests about payments as documents.

use std::borrow::Cow;

use api_shared::input::Json;

use crate::{
    document::{Asks, Document, Parameters},
    proto::v1::{
        CancelPaymentRequest, CreatePaymentRequest, DiscardDeadLetterRequest, GetPaymentRequest,
        GetRefundRequest, ListDeadLettersRequest, ListPaymentEventsRequest, ListPaymentsRequest,
        ListRefundsRequest, PaymentDirection, PaymentStatus, PaymentType, RefundPaymentRequest,
        RetryDeadLetterRequest,
    },
};

impl Asks for GetPaymentRequest {}

impl Asks for GetRefundRequest {}

impl Asks for CancelPaymentRequest {}

impl Asks for RetryDeadLetterRequest {}

impl Asks for DiscardDeadLetterRequest {}

impl Asks for CreatePaymentRequest {
    fn body(&self) -> Json {
        Document::default()
            .word::<PaymentType>("payment_type", self.payment_type)
            .text("source_account_id", self.source_account_id.as_ref())
            .text(
                "destination_account_id",
                self.destination_account_id.as_ref(),
            )
            .text("provider", self.provider.as_ref())
            .word::<PaymentDirection>("direction", self.direction)
            .texts("provider_data", &self.provider_data)
            .number("amount_minor", self.amount_minor)
            .text("currency", self.currency.as_ref())
            .text("invoice_id", self.invoice_id.as_ref())
            .text("description", self.description.as_ref())
            .metadata(&self.metadata)
            .whole()
    }
}

impl Asks for RefundPaymentRequest {
    fn body(&self) -> Json {
        Document::default()
            .number("amount_minor", self.amount_minor)
            .text("reason", self.reason.as_ref())
            .metadata(&self.metadata)
            .whole()
    }
}

impl Asks for ListPaymentsRequest {
    const LIST: &'static str = "/api/v1/payments";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .words::<PaymentStatus>("status", &self.status)
            .text("provider", self.provider.as_ref())
            .text("account_id", self.account_id.as_ref())
            .text("invoice_id", self.invoice_id.as_ref())
            .text("from_date", self.from_date.as_ref())
            .text("to_date", self.to_date.as_ref())
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

/// A piece of a list, of which there is nothing else to say.
macro_rules! piece {
    ($message:expr) => {
        Parameters::default()
            .number("limit", $message.limit)
            .text("cursor", $message.cursor.as_ref())
            .all()
    };
}

impl Asks for ListDeadLettersRequest {
    const LIST: &'static str = "/api/v1/dead-letters";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        piece!(self)
    }
}

impl Asks for ListPaymentEventsRequest {
    fn list(&self) -> Cow<'static, str> {
        Cow::Owned(format!("/api/v1/payments/{}/events", self.id))
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        piece!(self)
    }
}

impl Asks for ListRefundsRequest {
    fn list(&self) -> Cow<'static, str> {
        Cow::Owned(format!("/api/v1/payments/{}/refunds", self.id))
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        piece!(self)
    }
}
