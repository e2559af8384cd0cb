use jiff::ToSpan;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    ids::PaymentId,
    invoicing::invoice::tests::{NOW, draft, invoice_after},
};
use InvoiceStatus::{Cancelled, Overdue, Paid, Sent, Viewed};

/// What the invoice of these tests comes to.
const TOTAL_MINOR: i64 = 174_000;

fn paid(amount_minor: i64) -> PaidAmount {
    PaidAmount {
        payment_id: PaymentId::from_uuid(Uuid::from_u128(7)),
        amount_minor,
    }
}

fn check(invoice: &Invoice, minor: i64, running_minor: i64) -> Result<(), PayInvoiceError> {
    let amount = TransferAmount::from_minor(minor).unwrap();
    let currency = Currency::parse("USD").unwrap();
    invoice.check_payable(amount, currency, running_minor)
}

#[rstest]
#[case(&[Sent])]
#[case(&[Sent, Viewed])]
#[case(&[Sent, Overdue])]
fn parts_add_up_until_it_is_settled(#[case] life: &[InvoiceStatus]) {
    let mut invoice = invoice_after(life);
    let before = invoice.facts().state.status();

    invoice.receive(paid(74_000), NOW).unwrap();
    let midway = invoice.facts().state.status();
    invoice.receive(paid(100_000), NOW + 1.hour()).unwrap();

    assert_eq!(midway, before);
    assert_eq!(invoice.facts().state.status(), Paid);
    assert_eq!(invoice.facts().state.paid_at(), Some(NOW + 1.hour()));
    assert_eq!(invoice.facts().amount_due_minor(), 0);
    let steps: Vec<_> = invoice
        .take_events()
        .iter()
        .map(|event| match event {
            InvoiceEvent::PaymentReceived { change, .. } => change.map(|change| change.to),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(steps, [None, Some(Paid)]);
}

#[rstest]
#[case::all_that_is_due(TOTAL_MINOR, 0, true)]
#[case::one_more(TOTAL_MINOR + 1, 0, false)]
#[case::beside_what_is_running(100, TOTAL_MINOR - 100, true)]
#[case::more_with_what_is_running(101, TOTAL_MINOR - 100, false)]
fn there_is_room_for_what_is_due(
    #[case] minor: i64,
    #[case] running_minor: i64,
    #[case] is_payable: bool,
) {
    let invoice = invoice_after(&[Sent]);

    assert_eq!(check(&invoice, minor, running_minor).is_ok(), is_payable);
}

#[test]
fn only_what_is_owed_is_paid() {
    let not_payable = |status| Err(PayInvoiceError::NotPayable(NotPayable(status)));
    let exceeds = PaymentExceedsAmountDue {
        due_minor: 0,
        running_minor: 0,
        asked_minor: 1,
    };

    let cancelled = invoice_after(&[Sent, Cancelled]);
    let settled = invoice_after(&[Sent, Paid]);

    assert_eq!(check(&draft(), 1, 0), not_payable(InvoiceStatus::Draft));
    assert_eq!(check(&cancelled, 1, 0), not_payable(Cancelled));
    assert_eq!(check(&settled, 1, 0), Err(exceeds.into()));
}

#[test]
fn it_is_paid_in_its_own_currency() {
    let amount = TransferAmount::from_minor(1).unwrap();

    let refused = invoice_after(&[Sent]).check_payable(amount, Currency::parse("EUR").unwrap(), 0);

    assert!(matches!(
        refused,
        Err(PayInvoiceError::CurrencyMismatch { .. })
    ));
}

#[rstest]
#[case::in_time(NOW, Sent)]
#[case::too_late("2030-01-01T00:00:00Z".parse().unwrap(), Overdue)]
fn what_is_given_back_is_due_again(#[case] now: Timestamp, #[case] expected: InvoiceStatus) {
    let mut invoice = invoice_after(&[Sent]);
    invoice.receive(paid(TOTAL_MINOR), NOW).unwrap();

    invoice.give_back(paid(4_000), now);

    assert_eq!(invoice.facts().state.status(), expected);
    assert_eq!(invoice.facts().state.paid_at(), None);
    assert_eq!(invoice.facts().amount_due_minor(), 4_000);
}

#[test]
fn what_is_not_open_takes_no_money() {
    let mut invoice = invoice_after(&[Sent, Paid]);
    let before = invoice.clone();

    assert!(invoice.receive(paid(1), NOW).is_err());
    assert_eq!(invoice, before);
}
