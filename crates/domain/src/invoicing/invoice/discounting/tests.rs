use super::*;
use crate::invoicing::{
    InvoiceStatus,
    invoice::tests::{NOW, contents, draft, invoice_after},
};

#[test]
fn what_vouchers_take_off_a_draft_is_off_before_tax() {
    let mut invoice = draft();
    invoice.take_events();

    invoice.discount(50_000, NOW).unwrap();

    let totals = &invoice.facts().totals;
    assert_eq!(
        (totals.subtotal_minor, totals.discount_minor),
        (150_000, 50_000)
    );
    assert_eq!(totals.total_minor, 116_000);
    let events = invoice.take_events();
    assert!(matches!(
        events.as_slice(),
        [InvoiceEvent::Updated { changed, .. }] if *changed == ["discount_minor"]
    ));
}

#[test]
fn a_discounted_draft_is_reviewed_anew() {
    let mut invoice = draft();

    invoice.discount(1, NOW).unwrap();

    assert!(invoice.awaits_review(invoice.facts().version));
}

#[test]
fn more_than_the_subtotal_is_not_taken_off() {
    let mut invoice = draft();

    let refused = invoice.discount(150_001, NOW);

    assert!(matches!(refused, Err(RewriteError::AmountOutOfRange(_))));
    assert_eq!(invoice.facts().totals.discount_minor, 0);
}

#[test]
fn an_issued_invoice_keeps_its_discount() {
    let mut invoice = invoice_after(&[InvoiceStatus::Sent]);

    let refused = invoice.discount(1, NOW);

    assert!(matches!(refused, Err(RewriteError::NotEditable(_))));
}

#[test]
fn other_lines_and_another_discount_are_one_change() {
    let mut invoice = draft();
    invoice.discount(1_000, NOW).unwrap();
    invoice.take_events();
    let version = invoice.facts().version;

    invoice.rewrite_with(contents("1", 500), 500, NOW).unwrap();

    assert_eq!(invoice.facts().totals.total_minor, 0);
    assert_eq!(invoice.facts().version, version.next());
}
