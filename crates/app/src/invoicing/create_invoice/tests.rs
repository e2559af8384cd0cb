use domain::{
    customers::{Customer, CustomerFacts, CustomerProfile},
    invoicing::{InvoiceContents, InvoiceState, LineItem, Quantity, TaxRate, UnitCode, UnitPrice},
    platform::{Organization, OrganizationFacts, OrganizationProfile},
    values::{AMOUNT_MINOR_MAX, Description, EmailAddress, Rounding},
    version::Version,
};
use jiff::civil::date;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    CUSTOMER, FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, caller, draft_contents,
    out_of_reach, party, stored_customer, stored_organization, stranger,
};

mod currencies;

#[fixture]
fn handler() -> CreateInvoiceHandler {
    CreateInvoiceHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> CreateInvoice {
    CreateInvoice {
        caller: caller(),
        bill_to: BillTo::Inline(party("Ada")),
        number: None,
        currency: None,
        items: draft_contents().items,
        due_date: None,
        notes: None,
        metadata: Metadata::default(),
    }
}

fn billing_the_customer() -> CreateInvoice {
    CreateInvoice {
        bill_to: BillTo::Registered(CUSTOMER),
        ..command()
    }
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn storing(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    uow = uow.announcing("invoice.created", 1);
    let insert = uow.invoices.expect_insert().once();
    insert.returning(|_| Ok(Written::Stored));
    uow
}

#[rstest]
#[tokio::test]
async fn an_invoice_is_stored_and_announced_with_what_the_organization_prefers(
    handler: CreateInvoiceHandler,
) {
    let mut uow = FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .announcing("invoice.created", 1);
    uow.invoices
        .expect_insert()
        .once()
        .withf(|invoice| invoice.facts().contents == draft_contents())
        .returning(|_| Ok(Written::Stored));

    let drafted = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(drafted.id, InvoiceId::from_uuid(Uuid::from_u128(1)));
    assert_eq!(drafted.organization_id, ORGANIZATION);
    assert_eq!(drafted.contents, draft_contents());
    assert_eq!(drafted.totals.total_minor, 174_000);
    assert_eq!(drafted.state, InvoiceState::Draft);
    assert_eq!(drafted.created_at, NOW.parse().unwrap());
    assert_eq!(drafted.version, Version::FIRST);
}

#[rstest]
#[tokio::test]
async fn what_the_client_says_goes_before_what_the_organization_prefers(
    handler: CreateInvoiceHandler,
) {
    let mut metadata = Metadata::default();
    metadata.insert("order", "7").unwrap();
    let wanted = InvoiceContents {
        number: Some(InvoiceNumber::parse("MINE-7").unwrap()),
        currency: currency("JPY"),
        due_date: DueDate::restore(date(2026, 11, 20)),
        notes: Some(Notes::parse("thanks").unwrap()),
        metadata,
        ..draft_contents()
    };
    let command = CreateInvoice {
        number: wanted.number.clone(),
        currency: Some(wanted.currency),
        due_date: Some(wanted.due_date),
        notes: wanted.notes.clone(),
        metadata: wanted.metadata.clone(),
        ..command()
    };
    let mut uow = storing(FakeUnitOfWork::default().with_organization(stored_organization()));

    let drafted = handler.handle(&command, &mut uow).await.unwrap();

    assert_eq!(drafted.contents, wanted);
}

#[rstest]
#[tokio::test]
async fn a_registered_customer_is_put_on_it_as_it_is_now(handler: CreateInvoiceHandler) {
    let email = Some(EmailAddress::parse("ada@example.com").unwrap());
    let customer = Customer::restore(CustomerFacts {
        profile: CustomerProfile {
            email: email.clone(),
            ..stored_customer().facts().profile.clone()
        },
        ..stored_customer().facts().clone()
    });
    let mut uow = storing(
        FakeUnitOfWork::default()
            .with_organization(stored_organization())
            .with_customer(customer),
    );

    let drafted = handler
        .handle(&billing_the_customer(), &mut uow)
        .await
        .unwrap();

    assert_eq!(drafted.contents.customer_id, Some(CUSTOMER));
    assert_eq!(drafted.contents.customer.email, email);
    assert_eq!(drafted.contents.customer.name, party("Ada").name);
}

#[rstest]
#[case::of_the_invoice(Some("KWD"), Some("EUR"), "KWD")]
#[case::of_the_customer(None, Some("EUR"), "EUR")]
#[case::of_the_organization(None, None, "USD")]
#[tokio::test]
async fn the_currency_is_that(
    handler: CreateInvoiceHandler,
    #[case] of_the_invoice: Option<&str>,
    #[case] of_the_customer: Option<&str>,
    #[case] expected: &str,
) {
    let customer = Customer::restore(CustomerFacts {
        profile: CustomerProfile {
            currency: of_the_customer.map(currency),
            ..stored_customer().facts().profile.clone()
        },
        ..stored_customer().facts().clone()
    });
    let command = CreateInvoice {
        currency: of_the_invoice.map(currency),
        ..billing_the_customer()
    };
    let mut uow = storing(
        FakeUnitOfWork::default()
            .with_organization(stored_organization())
            .with_customer(customer),
    );

    let drafted = handler.handle(&command, &mut uow).await.unwrap();

    assert_eq!(drafted.contents.currency, currency(expected));
}

#[rstest]
#[tokio::test]
async fn amounts_are_rounded_as_the_organization_does(handler: CreateInvoiceHandler) {
    let organization = Organization::restore(OrganizationFacts {
        profile: OrganizationProfile {
            rounding: Rounding::HalfEven,
            ..stored_organization().facts().profile.clone()
        },
        ..stored_organization().facts().clone()
    });
    let command = CreateInvoice {
        items: one_line("2.5", 1_001),
        ..command()
    };
    let mut uow = storing(FakeUnitOfWork::default().with_organization(organization));

    let drafted = handler.handle(&command, &mut uow).await.unwrap();

    assert_eq!(drafted.contents.rounding, Rounding::HalfEven);
    assert_eq!(drafted.totals.total_minor, 2_502);
}

fn one_line(quantity: &str, unit_price_minor: i64) -> LineItems {
    let item = LineItem {
        description: Description::parse("work").unwrap(),
        quantity: Quantity::parse(quantity).unwrap(),
        unit_price: UnitPrice::from_minor(unit_price_minor).unwrap(),
        tax_rate: TaxRate::ZERO,
        unit: UnitCode::default(),
    };
    LineItems::new(vec![item]).unwrap()
}

#[rstest]
#[tokio::test]
async fn an_organization_that_is_gone_is_not_found(handler: CreateInvoiceHandler) {
    let command = CreateInvoice {
        caller: stranger(),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let gone = stranger().organization_id;
    assert!(matches!(refused, CreateInvoiceError::OrganizationNotFound(id) if id == gone));
}

#[rstest]
#[tokio::test]
async fn an_unknown_customer_is_not_found_and_nothing_is_written(handler: CreateInvoiceHandler) {
    let unknown = CustomerId::from_uuid(Uuid::from_u128(99));
    let command = CreateInvoice {
        bill_to: BillTo::Registered(unknown),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .with_customer(stored_customer());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    assert!(matches!(refused, CreateInvoiceError::CustomerNotFound(id) if id == unknown));
}

#[rstest]
#[tokio::test]
async fn totals_that_cannot_be_told_are_refused_and_nothing_is_written(
    handler: CreateInvoiceHandler,
) {
    let command = CreateInvoice {
        items: one_line("2", AMOUNT_MINOR_MAX),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    assert!(matches!(
        refused,
        CreateInvoiceError::Refused(AmountOutOfRange)
    ));
}

#[rstest]
#[tokio::test]
async fn a_number_of_another_invoice_is_refused_and_nothing_is_announced(
    handler: CreateInvoiceHandler,
) {
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    let insert = uow.invoices.expect_insert().once();
    insert.returning(|_| Ok(Written::AlreadyThere));

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(refused, Err(CreateInvoiceError::AlreadyExists)));
}

#[rstest]
#[case::finding_the_organization({
    let mut uow = FakeUnitOfWork::default();
    uow.organizations.expect_find().returning(|_| out_of_reach());
    uow
})]
#[case::finding_the_customer({
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    uow.customers.expect_find().returning(|_, _| out_of_reach());
    uow
})]
#[case::storing({
    let mut uow = FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .with_customer(stored_customer());
    uow.invoices.expect_insert().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .with_customer(stored_customer())
        .failing_to_announce();
    uow.invoices.expect_insert().returning(|_| Ok(Written::Stored));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(handler: CreateInvoiceHandler, #[case] mut uow: FakeUnitOfWork) {
    let failed = handler.handle(&billing_the_customer(), &mut uow).await;

    assert!(matches!(failed, Err(CreateInvoiceError::Storage(_))));
}
