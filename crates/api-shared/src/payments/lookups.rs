//! What requests name of payments.

use app::{
    paging::{Listing, Window},
    payments::PaymentHistoryEntry,
};
use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::{PaymentFacts, RefundFacts},
};

use super::PaymentUseCases;
use crate::problem::{Refusal, catalogue::NOT_FOUND};

impl PaymentUseCases {
    /// A payment.
    pub async fn payment(
        &self,
        organization_id: OrganizationId,
        id: PaymentId,
    ) -> Result<PaymentFacts, Refusal> {
        let found = self.queries.find(organization_id, id).await?;
        found.ok_or_else(|| unknown_payment(id))
    }

    /// A piece of what happened to a payment.
    pub async fn history(
        &self,
        organization_id: OrganizationId,
        id: PaymentId,
        window: Window,
    ) -> Result<Listing<PaymentHistoryEntry>, Refusal> {
        let found = self.queries.history(organization_id, id, window).await?;
        found.ok_or_else(|| unknown_payment(id))
    }

    /// A refund of a payment.
    pub async fn refund_of(
        &self,
        organization_id: OrganizationId,
        (payment_id, id): (PaymentId, RefundId),
    ) -> Result<RefundFacts, Refusal> {
        let found = self.queries.find_refund(organization_id, payment_id, id);
        found.await?.ok_or_else(|| {
            let why = format!("payment {payment_id} has no refund {id}");
            Refusal::of(&NOT_FOUND).because(why)
        })
    }

    /// A piece of the refunds of a payment.
    pub async fn refunds(
        &self,
        organization_id: OrganizationId,
        id: PaymentId,
        window: Window,
    ) -> Result<Listing<RefundFacts>, Refusal> {
        let found = self.queries.list_refunds(organization_id, id, window);
        found.await?.ok_or_else(|| unknown_payment(id))
    }
}

fn unknown_payment(id: PaymentId) -> Refusal {
    Refusal::of(&NOT_FOUND).because(format!("there is no payment {id}"))
}
