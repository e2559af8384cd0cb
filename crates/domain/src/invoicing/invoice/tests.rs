use jiff::{ToSpan, civil::date};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    invoicing::{DueDate, LineItem, LineItems, Quantity, TaxRate, UnitCode, UnitPrice},
    values::{Currency, Description, Metadata, Name, Rounding},
};

pub(in crate::invoicing) const NOW: Timestamp = Timestamp::UNIX_EPOCH;

pub(in crate::invoicing) fn party(name: &str) -> Party {
    Party {
        name: Name::parse(name).unwrap(),
        email: None,
        address: None,
        tax_id: None,
    }
}

pub(in crate::invoicing) fn contents(quantity: &str, price_minor: i64) -> InvoiceContents {
    let item = LineItem {
        description: Description::parse("work").unwrap(),
        quantity: Quantity::parse(quantity).unwrap(),
        unit_price: UnitPrice::from_minor(price_minor).unwrap(),
        tax_rate: TaxRate::from_bps(1_600).unwrap(),
        unit: UnitCode::default(),
    };
    InvoiceContents {
        number: None,
        customer_id: None,
        customer: party("Ada"),
        currency: Currency::parse("USD").unwrap(),
        items: LineItems::new(vec![item]).unwrap(),
        due_date: DueDate::restore(date(2026, 12, 20)),
        notes: None,
        metadata: Metadata::default(),
        rounding: Rounding::HalfAwayFromZero,
    }
}

pub(in crate::invoicing) fn draft() -> Invoice {
    let id = InvoiceId::from_uuid(Uuid::from_u128(1));
    let organization_id = OrganizationId::from_uuid(Uuid::from_u128(2));
    Invoice::draft(id, organization_id, contents("10", 15_000), NOW).unwrap()
}

pub(in crate::invoicing) fn number(raw: &str) -> InvoiceNumber {
    InvoiceNumber::parse(raw).unwrap()
}

/// An invoice that has gone through `steps`, with no events left to take.
pub(in crate::invoicing) fn invoice_after(steps: &[InvoiceStatus]) -> Invoice {
    let mut invoice = draft();
    for step in steps {
        match invoice.step_to(*step).unwrap() {
            Step::Issue(_) => invoice.issue(number("A-1"), party("Us"), NOW).unwrap(),
            Step::Withdraw | Step::Advance => invoice.advance(*step, NOW).unwrap(),
        }
    }
    invoice.take_events();
    invoice
}

#[test]
fn a_draft_is_added_up_and_announced() {
    let mut invoice = draft();

    let events = invoice.take_events();

    assert_eq!(invoice.facts().totals.total_minor, 174_000);
    assert_eq!(invoice.facts().amount_due_minor(), 174_000);
    assert_eq!(invoice.facts().version, Version::FIRST);
    assert!(matches!(events.as_slice(), [InvoiceEvent::Created(_)]));
}

#[test]
fn issuing_fixes_number_seller_and_instant() {
    let mut invoice = draft();
    let later = NOW + 1.hour();

    invoice.issue(number("A-7"), party("Us"), later).unwrap();

    let issue = invoice.facts().state.issue().unwrap();
    assert_eq!(issue.number, number("A-7"));
    assert_eq!(issue.issued_at, later);
    assert_eq!(issue.seller, party("Us"));
    assert_eq!(invoice.facts().version, Version::new(2));
}

#[test]
fn issuing_settles_what_nothing_is_due_on() {
    let mut invoice = draft();
    invoice.discount(150_000, NOW).unwrap();
    invoice.take_events();
    let later = NOW + 1.hour();

    invoice.issue(number("A-7"), party("Us"), later).unwrap();

    let facts = invoice.facts();
    assert_eq!(facts.state.status(), InvoiceStatus::Paid);
    assert_eq!(facts.state.issue().unwrap().issued_at, later);
    assert_eq!(facts.state.paid_at(), Some(later));
    assert_eq!(facts.amount_paid_minor, 0);
    assert_eq!(facts.version, Version::new(4));
    let step = |event: InvoiceEvent| match event {
        InvoiceEvent::StatusChanged { invoice, change } => (change.to, invoice.version.as_i64()),
        other => panic!("{other:?}"),
    };
    let steps: Vec<_> = invoice.take_events().into_iter().map(step).collect();
    assert_eq!(steps, [(InvoiceStatus::Sent, 3), (InvoiceStatus::Paid, 4)]);
}

#[test]
fn a_number_that_the_client_has_chosen_is_the_one_to_issue_it_under() {
    let mut invoice = draft();
    let chosen = InvoiceContents {
        number: Some(number("MINE-1")),
        ..contents("1", 1)
    };

    invoice.rewrite(chosen, NOW).unwrap();

    let step = invoice.step_to(InvoiceStatus::Sent).unwrap();
    assert_eq!(step, Step::Issue(Some(number("MINE-1"))));
}

#[test]
fn paying_settles_what_is_due() {
    let mut invoice = invoice_after(&[InvoiceStatus::Sent]);

    invoice.advance(InvoiceStatus::Paid, NOW).unwrap();

    assert_eq!(invoice.facts().amount_paid_minor, 174_000);
    assert_eq!(invoice.facts().amount_due_minor(), 0);
    assert_eq!(invoice.facts().state.paid_at(), Some(NOW));
}

#[test]
fn a_cancelled_invoice_keeps_its_number_and_is_owed_by_nobody() {
    let mut invoice = invoice_after(&[InvoiceStatus::Sent]);

    invoice.advance(InvoiceStatus::Cancelled, NOW).unwrap();

    assert_eq!(invoice.facts().number(), Some(&number("A-1")));
    assert_eq!(invoice.facts().amount_due_minor(), 0);
    assert_eq!(invoice.facts().state.cancelled_at(), Some(NOW));
}

#[test]
fn an_invoice_with_money_on_it_is_not_cancelled() {
    let sent = invoice_after(&[InvoiceStatus::Sent]);
    let mut invoice = Invoice::restore(InvoiceFacts {
        amount_paid_minor: 1,
        ..sent.facts().clone()
    });

    let refused = invoice.advance(InvoiceStatus::Cancelled, NOW).unwrap_err();

    assert_eq!(
        refused,
        ChangeStatusError::HasPayments(InvoiceHasPayments(1))
    );
    assert!(invoice.take_events().is_empty());
}

#[rstest]
#[case(&[])]
#[case(&[InvoiceStatus::Sent])]
#[case(&[InvoiceStatus::Sent, InvoiceStatus::Viewed])]
#[case(&[InvoiceStatus::Sent, InvoiceStatus::Overdue])]
#[case(&[InvoiceStatus::Sent, InvoiceStatus::Paid])]
#[case(&[InvoiceStatus::Cancelled])]
fn the_aggregate_takes_exactly_the_steps_of_the_table(#[case] life: &[InvoiceStatus]) {
    for to in InvoiceStatus::ALL {
        let mut invoice = invoice_after(life);
        let from = invoice.facts().state.status();
        let before = invoice.facts().clone();

        let result = match invoice.step_to(to) {
            Ok(Step::Issue(_)) => invoice.issue(number("A-1"), party("Us"), NOW),
            Ok(Step::Withdraw | Step::Advance) | Err(_) => invoice.advance(to, NOW),
        };

        let allowed = from.successors().contains(&to);
        assert_eq!(result.is_ok(), allowed, "{from} to {to}");
        assert_eq!(invoice.take_events().len(), usize::from(allowed));
        if allowed {
            assert_eq!(invoice.facts().state.status(), to);
            assert_eq!(invoice.facts().version, before.version.next());
        } else {
            assert_eq!(*invoice.facts(), before);
        }
    }
}

#[test]
fn a_draft_is_never_sent_without_being_issued() {
    let mut invoice = draft();

    assert!(invoice.advance(InvoiceStatus::Sent, NOW).is_err());
}

#[test]
fn rewriting_a_draft_adds_it_up_again_and_names_what_changed() {
    let mut invoice = invoice_after(&[]);

    invoice.rewrite(contents("2", 100), NOW).unwrap();

    assert_eq!(invoice.facts().totals.total_minor, 232);
    let events = invoice.take_events();
    assert!(matches!(
        events.as_slice(),
        [InvoiceEvent::Updated { changed, .. }] if changed == &["items"]
    ));
}

#[test]
fn contents_are_frozen_once_issued() {
    let mut invoice = invoice_after(&[InvoiceStatus::Sent]);

    let refused = invoice.rewrite(contents("2", 100), NOW).unwrap_err();

    assert_eq!(
        refused,
        RewriteError::NotEditable(NotEditable(InvoiceStatus::Sent))
    );
}

#[test]
fn only_drafts_are_deleted() {
    assert!(invoice_after(&[]).delete(NOW).is_ok());

    let refused = invoice_after(&[InvoiceStatus::Sent])
        .delete(NOW)
        .unwrap_err();
    assert_eq!(refused, NotDeletable(InvoiceStatus::Sent));
}
