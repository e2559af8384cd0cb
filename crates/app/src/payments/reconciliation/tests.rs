use std::sync::Arc;

use domain::payments::{
    Direction, Outcome, PaymentFacts, PaymentStatus, Progress, ProviderAnswer, ProviderReference,
    RefundFacts, Stage,
};
use jiff::{Timestamp, ToSpan};
use rstest::rstest;

use super::{Comparison, Difference, Finding, Reconciliation, finding};
use crate::{
    paging::Listing,
    ports::{
        MockOrganizationQueries, MockPaymentProvider, MockPaymentQueries, PaymentProvider,
        Providers, Sighting,
    },
    testing::{NOW, stored_organization, stored_payment, stored_refund},
};

fn seen(outcome: Outcome) -> Sighting {
    Sighting::Seen(ProviderAnswer::of(outcome, "code"))
}

#[rstest]
#[case(PaymentStatus::Completed, seen(Outcome::Succeeded), Finding::Agrees)]
#[case(
    PaymentStatus::Completed,
    seen(Outcome::Pending),
    Finding::Differs(Difference::NotMoved)
)]
#[case(
    PaymentStatus::Refunded,
    seen(Outcome::Declined),
    Finding::Differs(Difference::NotMoved)
)]
#[case(
    PaymentStatus::Completed,
    Sighting::NeverArrived,
    Finding::Differs(Difference::Unheard)
)]
#[case(
    PaymentStatus::Pending,
    seen(Outcome::Succeeded),
    Finding::Differs(Difference::MovedAhead)
)]
#[case(PaymentStatus::Unknown, seen(Outcome::Pending), Finding::Agrees)]
#[case(PaymentStatus::Processing, seen(Outcome::Declined), Finding::Agrees)]
#[case(PaymentStatus::Pending, Sighting::NeverArrived, Finding::Agrees)]
#[case(
    PaymentStatus::Failed,
    seen(Outcome::Succeeded),
    Finding::Differs(Difference::MovedAgainst)
)]
#[case(
    PaymentStatus::Cancelled,
    seen(Outcome::Pending),
    Finding::Differs(Difference::MovedAgainst)
)]
#[case(PaymentStatus::Failed, seen(Outcome::Declined), Finding::Agrees)]
#[case(PaymentStatus::Completed, Sighting::NoAnswer, Finding::Unanswered)]
#[case(PaymentStatus::Failed, Sighting::NotAsked, Finding::Unanswered)]
#[case(PaymentStatus::Completed, seen(Outcome::Unknown), Finding::Unanswered)]
fn both_together_mean_one_thing(
    #[case] status: PaymentStatus,
    #[case] found: Sighting,
    #[case] expected: Finding,
) {
    assert_eq!(finding(status, &found), expected);
}

fn one_page<T>(rows: Vec<T>) -> Listing<T> {
    Listing {
        rows,
        next: None,
        total: None,
    }
}

async fn compared(stage: Stage, provider: Option<MockPaymentProvider>) -> (usize, Vec<Comparison>) {
    compared_since(None, payout(stage), provider).await
}

fn payout(stage: Stage) -> (PaymentFacts, RefundFacts) {
    let payment = stored_payment(Some(Direction::Payout), Progress::at(stage));
    let payment = payment.facts().clone();
    let refund = stored_refund(&payment).facts().clone();
    (payment, refund)
}

async fn compared_since(
    since: Option<Timestamp>,
    (payment, refund): (PaymentFacts, RefundFacts),
    provider: Option<MockPaymentProvider>,
) -> (usize, Vec<Comparison>) {
    let mut organizations = MockOrganizationQueries::new();
    organizations
        .expect_list()
        .return_once(|| Ok(vec![stored_organization().facts().clone()]));
    let mut payments = MockPaymentQueries::new();
    payments
        .expect_list()
        .return_once(move |_, _, _| Ok(one_page(vec![payment])));
    payments
        .expect_list_refunds()
        .returning(move |_, _, _| Ok(Some(one_page(vec![refund.clone()]))));
    let provider = provider.map(|it| -> Arc<dyn PaymentProvider> { Arc::new(it) });
    let reconciliation = Reconciliation {
        organizations: &organizations,
        payments: &payments,
        providers: &Providers::new(provider),
    };
    let mut told = Vec::new();
    let agreed = reconciliation.since(since, &mut |it| told.push(it)).await;
    (agreed.unwrap(), told)
}

fn simulator(sighting: Sighting) -> MockPaymentProvider {
    let mut provider = MockPaymentProvider::new();
    let name = domain::payments::ProviderName::parse("simulator").unwrap();
    provider.expect_name().return_const(name);
    provider
        .expect_observe()
        .returning(move |_, _| sighting.clone());
    provider
}

fn completed() -> Stage {
    Stage::Completed {
        at: NOW.parse().unwrap(),
    }
}

#[tokio::test]
async fn what_a_provider_denies_is_told_and_nothing_is_ever_done() {
    let (agreed, told) = compared(completed(), Some(simulator(seen(Outcome::Declined)))).await;

    assert_eq!(agreed, 0);
    assert_eq!(told[0].finding, Finding::Differs(Difference::NotMoved));
    // Its refund has no name at the provider to be asked by.
    assert_eq!(told[1].finding, Finding::Unanswered);
    assert!(told[1].refund_id.is_some());
}

#[tokio::test]
async fn a_payout_that_came_back_and_was_booked_back_is_no_difference() {
    let (mut payment, mut refund) = payout(completed());
    payment.refunded_minor = payment.amount.as_minor();
    payment.progress.reference = ProviderReference::parse("po_1").ok();
    refund.progress = payment.progress.clone();

    let provider = simulator(seen(Outcome::Declined));
    let (agreed, told) = compared_since(None, (payment, refund), Some(provider)).await;

    assert_eq!((agreed, told), (2, Vec::new()));
}

#[tokio::test]
async fn a_refund_of_today_is_compared_however_old_its_payment_is() {
    let (mut payment, mut refund) = payout(completed());
    let today: Timestamp = NOW.parse().unwrap();
    payment.created_at = today - 24.hours();
    payment.updated_at = today;
    payment.progress.reference = ProviderReference::parse("po_1").ok();
    refund.created_at = today;
    refund.progress = Progress::at(completed());
    refund.progress.reference = ProviderReference::parse("re_1").ok();
    let id = refund.id;

    let provider = simulator(seen(Outcome::Declined));
    let (_, told) = compared_since(Some(today), (payment, refund), Some(provider)).await;

    let told: Vec<_> = told.iter().map(|it| (it.refund_id, it.finding)).collect();
    let denied = Finding::Differs(Difference::NotMoved);
    assert_eq!(told, [(Some(id), denied)]);
}

#[tokio::test]
async fn what_agrees_is_counted() {
    let pending = Stage::Pending {
        next_attempt_at: NOW.parse().unwrap(),
    };

    let (agreed, told) = compared(pending, Some(simulator(Sighting::NeverArrived))).await;

    assert_eq!((agreed, told), (1, Vec::new()));
}

#[tokio::test]
async fn a_provider_that_is_not_set_up_is_no_difference() {
    let (agreed, told) = compared(completed(), None).await;

    assert_eq!(agreed, 0);
    assert!(told.iter().all(|it| it.finding == Finding::Unanswered));
}
