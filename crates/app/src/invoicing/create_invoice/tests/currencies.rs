//! What new invoices are written in.

use super::*;

#[rstest]
#[tokio::test]
async fn a_preferred_currency_that_is_withdrawn_is_not_what_a_new_invoice_is_written_in(
    handler: CreateInvoiceHandler,
) {
    let kuna = Currency::restore("HRK").unwrap();
    let mut facts = stored_customer().facts().clone();
    facts.profile.currency = Some(kuna);
    let mut uow = FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .with_customer(Customer::restore(facts));

    let refused = handler.handle(&billing_the_customer(), &mut uow).await;

    let refused = refused.unwrap_err();
    assert!(matches!(refused, CreateInvoiceError::CurrencyWithdrawn(currency) if currency == kuna));
}
