use uuid::Uuid;

use super::*;
use crate::payments::{
    Outcome, PaymentStatus,
    payment::tests::{FOLLOW_UP, NOW, after, amount},
};

fn order() -> RefundOrder {
    RefundOrder {
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(2)),
        payment_id: PaymentId::from_uuid(Uuid::from_u128(1)),
        amount: amount(30),
        currency: Currency::parse("USD").unwrap(),
        reason: None,
        metadata: Metadata::default(),
        hold_id: None,
    }
}

fn refund_id() -> RefundId {
    RefundId::from_uuid(Uuid::from_u128(7))
}

#[test]
fn a_refund_goes_the_same_way_as_a_payment() {
    let mut refund = Refund::accept(refund_id(), order(), NOW);

    refund.begin(after(60), after(1)).unwrap();
    let unknown = ProviderAnswer::of(Outcome::Unknown, "timed_out");
    refund.settle(&unknown, FOLLOW_UP(), after(2)).unwrap();
    refund.doubt(after(60), after(11)).unwrap();
    let succeeded = ProviderAnswer::of(Outcome::Succeeded, "found");
    refund.settle(&succeeded, FOLLOW_UP(), after(61)).unwrap();

    assert_eq!(refund.facts().status(), PaymentStatus::Completed);
    assert_eq!(refund.facts().version, Version::new(5));
    assert_eq!(refund.take_events().len(), 5);
}

#[test]
fn between_two_accounts_it_is_carried_out_at_once() {
    let mut refund = Refund::accept_at_once(refund_id(), order(), NOW);

    refund.complete(NOW).unwrap();

    assert_eq!(refund.facts().status(), PaymentStatus::Completed);
    assert!(refund.complete(NOW).is_err());
}
