//! Comparing what is stored with what providers remember, without moving anything.

use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::{
        Direction, Outcome, PaymentFacts, PaymentStatus, ProviderAnswer, ProviderLeg, ProviderName,
        ProviderReference, RefundFacts,
    },
};
use jiff::Timestamp;

use super::{order_of_payment, order_of_refund};
use crate::{
    paging::{Limit, Position, Window},
    ports::{
        OrganizationQueries, PaymentFilter, PaymentQueries, ProviderOrder, Providers, Sighting,
        StorageError,
    },
};

/// What a payment or refund and its provider disagree about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The provider has moved the money, and here it is still under way: a worker finds that out by itself.
    MovedAhead,
    /// The provider has moved the money, or still may, and here it has failed or was called off.
    MovedAgainst,
    /// Here the money has moved, and the provider has declined it or has it still under way.
    NotMoved,
    /// Here the money has moved, and the provider has never heard of it.
    Unheard,
}

impl Difference {
    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MovedAhead => "moved_ahead",
            Self::MovedAgainst => "moved_against",
            Self::NotMoved => "not_moved",
            Self::Unheard => "unheard",
        }
    }
}

/// What a comparison has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Both say the same.
    Agrees,
    /// They do not.
    Differs(Difference),
    /// The provider does not say, or is not set up here.
    Unanswered,
}

/// A payment or a refund, compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which payment.
    pub payment_id: PaymentId,
    /// Which of its refunds, if it is about one.
    pub refund_id: Option<RefundId>,
    /// The provider.
    pub provider: ProviderName,
    /// How it stands here.
    pub status: PaymentStatus,
    /// What the provider calls it, as far as is known here.
    pub reference: Option<ProviderReference>,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// In what.
    pub currency: &'static str,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// What was found.
    pub finding: Finding,
}

/// Compares what was to go through providers.
pub struct Reconciliation<'a> {
    /// Whose payments.
    pub organizations: &'a dyn OrganizationQueries,
    /// The payments.
    pub payments: &'a dyn PaymentQueries,
    /// Who is asked.
    pub providers: &'a Providers,
}

impl Reconciliation<'_> {
    /// Everything that was accepted at this instant or later, and hands over what does not agree. Tells how many agree.
    ///
    /// # Errors
    /// When what is stored cannot be read. A provider that does not answer is a finding.
    pub async fn since(
        &self,
        since: Option<Timestamp>,
        tell: &mut (dyn FnMut(Comparison) + Send),
    ) -> Result<usize, StorageError> {
        let mut agreed = 0;
        for organization in self.organizations.list().await? {
            // A payment of long ago may have refunds of today.
            let filter = PaymentFilter::default();
            let mut position = None;
            loop {
                let page = self
                    .payments
                    .list(organization.id, &filter, window(position));
                let page = page.await?;
                let touched = page
                    .rows
                    .iter()
                    .filter(|it| is_within(it.updated_at, since));
                for payment in touched {
                    let compared = self.compare(payment, since).await?;
                    let (same, other): (Vec<_>, Vec<_>) = compared
                        .into_iter()
                        .partition(|it| it.finding == Finding::Agrees);
                    agreed += same.len();
                    other.into_iter().for_each(&mut *tell);
                }
                position = page.next;
                if position.is_none() {
                    break;
                }
            }
        }
        Ok(agreed)
    }

    /// A payment, and its refunds; nothing for one between two accounts.
    async fn compare(
        &self,
        payment: &PaymentFacts,
        since: Option<Timestamp>,
    ) -> Result<Vec<Comparison>, StorageError> {
        let (Some(leg), Some(order)) = (payment.kind.leg(), order_of_payment(payment)) else {
            return Ok(Vec::new());
        };
        let provider = &leg.provider;
        let reference = payment.progress.reference.clone();
        let seen = if is_within(payment.created_at, since) {
            self.ask(provider, &order, reference.clone()).await
        } else {
            // Only its refunds are asked about.
            Sighting::NotAsked
        };
        let of_payment = Comparison {
            organization_id: payment.organization_id,
            payment_id: payment.id,
            refund_id: None,
            provider: provider.clone(),
            status: payment.status(),
            reference,
            amount_minor: payment.amount.as_minor(),
            currency: payment.currency.code(),
            created_at: payment.created_at,
            finding: if has_come_back(payment, &seen) {
                Finding::Agrees
            } else {
                finding(payment.status(), &seen)
            },
        };
        let mut compared = Vec::new();
        if payment.status().has_moved() {
            compared = self.compare_refunds(payment, &of_payment).await?;
        }
        compared.insert(0, of_payment);
        compared.retain(|it| is_within(it.created_at, since));
        Ok(compared)
    }

    async fn compare_refunds(
        &self,
        payment: &PaymentFacts,
        of_payment: &Comparison,
    ) -> Result<Vec<Comparison>, StorageError> {
        let mut compared = Vec::new();
        let mut position = None;
        loop {
            let (whose, window) = (payment.organization_id, window(position));
            let page = self
                .payments
                .list_refunds(whose, payment.id, window)
                .await?;
            let Some(page) = page else {
                return Ok(compared);
            };
            for refund in &page.rows {
                let reference = refund.progress.reference.clone();
                let seen = match order_of_refund(refund, payment) {
                    Some(order) => {
                        let provider = &of_payment.provider;
                        self.ask(provider, &order, reference.clone()).await
                    }
                    None => Sighting::NotAsked,
                };
                compared.push(Comparison {
                    refund_id: Some(refund.id),
                    status: refund.status(),
                    reference,
                    amount_minor: refund.amount.as_minor(),
                    created_at: refund.created_at,
                    finding: if is_of_return(refund, payment) && has_come_back(payment, &seen) {
                        Finding::Agrees
                    } else {
                        finding(refund.status(), &seen)
                    },
                    ..of_payment.clone()
                });
            }
            position = page.next;
            if position.is_none() {
                return Ok(compared);
            }
        }
    }

    async fn ask(
        &self,
        provider: &ProviderName,
        order: &ProviderOrder,
        reference: Option<ProviderReference>,
    ) -> Sighting {
        match self.providers.find(provider) {
            Some(provider) => provider.observe(order, reference).await,
            None => Sighting::NotAsked,
        }
    }
}

fn window(position: Option<Position>) -> Window {
    Window::After {
        position,
        limit: Limit::of_most(),
    }
}

fn is_within(at: Timestamp, since: Option<Timestamp>) -> bool {
    since.is_none_or(|since| at >= since)
}

/// Whether a payout came back, and was booked back whole: the provider says then that it has failed.
fn has_come_back(payment: &PaymentFacts, found: &Sighting) -> bool {
    let is_payout = |leg: &ProviderLeg| leg.direction == Direction::Payout;
    let is_declined = |answer: &ProviderAnswer| answer.outcome == Outcome::Declined;
    payment.kind.leg().is_some_and(is_payout)
        && payment.status() == PaymentStatus::Refunded
        && matches!(found, Sighting::Seen(answer) if is_declined(answer))
}

/// Whether a refund is how a payout was booked back, or was called back at the provider: it goes by the payout's own name.
fn is_of_return(refund: &RefundFacts, payment: &PaymentFacts) -> bool {
    let reference = refund.progress.reference.as_ref();
    reference.is_some() && reference == payment.progress.reference.as_ref()
}

/// What both together mean.
fn finding(status: PaymentStatus, found: &Sighting) -> Finding {
    let outcome = match found {
        Sighting::NoAnswer | Sighting::NotAsked => return Finding::Unanswered,
        Sighting::NeverArrived if status.has_moved() => {
            return Finding::Differs(Difference::Unheard);
        }
        Sighting::NeverArrived => return Finding::Agrees,
        Sighting::Seen(answer) => answer.outcome,
    };
    let is_closed = !status.has_moved() && !status.is_running();
    match outcome {
        Outcome::Succeeded if status.has_moved() => Finding::Agrees,
        Outcome::Succeeded if status.is_running() => Finding::Differs(Difference::MovedAhead),
        Outcome::Pending if status.is_running() => Finding::Agrees,
        Outcome::Succeeded | Outcome::Pending if is_closed => {
            Finding::Differs(Difference::MovedAgainst)
        }
        Outcome::Pending | Outcome::Declined if status.has_moved() => {
            Finding::Differs(Difference::NotMoved)
        }
        Outcome::Declined | Outcome::Succeeded | Outcome::Pending => Finding::Agrees,
        Outcome::Retryable | Outcome::Unknown => Finding::Unanswered,
    }
}

#[cfg(test)]
mod tests;
