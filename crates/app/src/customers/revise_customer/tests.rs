use domain::{
    customers::{Customer, CustomerProfile},
    values::{Address, Country, Currency, EmailAddress, ExternalId, Metadata, Name, TaxId},
    version::Version,
};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    CUSTOMER, FakeUnitOfWork, FixedClock, NOW, SequentialIds, caller, customer_profile,
    out_of_reach, stored_customer, stranger,
};

#[fixture]
fn handler() -> ReviseCustomerHandler {
    ReviseCustomerHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> ReviseCustomer {
    ReviseCustomer {
        caller: caller(),
        id: CUSTOMER,
        precondition: Precondition::OneOf(vec![Version::FIRST]),
        changes: CustomerChanges {
            name: Some(Name::parse("Ada Lovelace").unwrap()),
            ..CustomerChanges::default()
        },
    }
}

fn full_profile() -> CustomerProfile {
    let mut metadata = Metadata::default();
    metadata.insert("tier", "gold").unwrap();
    CustomerProfile {
        name: Name::parse("Ada Lovelace").unwrap(),
        email: Some(EmailAddress::parse("ada@example.com").unwrap()),
        address: Some(Address {
            line1: None,
            line2: None,
            city: None,
            postal_code: None,
            region: None,
            country: Country::parse("GB").unwrap(),
        }),
        tax_id: Some(TaxId::parse("GB1").unwrap()),
        currency: Some(Currency::parse("GBP").unwrap()),
        external_id: Some(ExternalId::parse("c-1").unwrap()),
        metadata,
    }
}

#[rstest]
#[tokio::test]
async fn what_is_changed_is_stored_and_announced_and_the_rest_stays(
    handler: ReviseCustomerHandler,
) {
    let expected = CustomerFacts {
        profile: customer_profile("Ada Lovelace"),
        updated_at: NOW.parse().unwrap(),
        version: Version::new(2),
        ..stored_customer().facts().clone()
    };
    let mut uow = FakeUnitOfWork::default()
        .with_customer(stored_customer())
        .announcing("customer.updated", 2);
    let stored = expected.clone();
    uow.customers
        .expect_update()
        .once()
        .withf(move |customer| *customer.facts() == stored)
        .returning(|_| Ok(Written::Stored));

    let revised = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(revised, expected);
}

#[test]
fn everything_can_be_changed() {
    let wanted = full_profile();
    let changes = CustomerChanges {
        name: Some(wanted.name.clone()),
        email: Some(wanted.email.clone()),
        address: Some(wanted.address.clone()),
        tax_id: Some(wanted.tax_id.clone()),
        currency: Some(wanted.currency),
        external_id: Some(wanted.external_id.clone()),
        metadata: Some(wanted.metadata.clone()),
    };

    let profile = changes.apply_to(&customer_profile("Ada"));

    assert_eq!(profile, wanted);
}

#[test]
fn what_may_be_missing_can_be_taken_away_and_the_rest_stays() {
    let changes = CustomerChanges {
        email: Some(None),
        address: Some(None),
        tax_id: Some(None),
        currency: Some(None),
        external_id: Some(None),
        ..CustomerChanges::default()
    };

    let profile = changes.apply_to(&full_profile());

    let expected = CustomerProfile {
        metadata: full_profile().metadata,
        ..customer_profile("Ada Lovelace")
    };
    assert_eq!(profile, expected);
}

#[rstest]
#[case::that_nobody_registered(ReviseCustomer {
    id: CustomerId::from_uuid(Uuid::from_u128(99)),
    ..command()
})]
#[case::of_another_organization(ReviseCustomer { caller: stranger(), ..command() })]
#[tokio::test]
async fn a_customer_is_not_found_and_nothing_is_written(
    handler: ReviseCustomerHandler,
    #[case] command: ReviseCustomer,
) {
    let mut uow = FakeUnitOfWork::default().with_customer(stored_customer());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    assert!(matches!(refused, ReviseCustomerError::NotFound(id) if id == command.id));
}

#[rstest]
#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_a_conflict(handler: ReviseCustomerHandler) {
    let command = ReviseCustomer {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_customer(stored_customer());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let current = Version::FIRST;
    assert!(matches!(
        refused,
        ReviseCustomerError::Conflict(why) if why == VersionConflict { current }
    ));
}

#[rstest]
#[tokio::test]
async fn an_archived_customer_is_refused_and_nothing_is_written(handler: ReviseCustomerHandler) {
    let archived = Customer::restore(CustomerFacts {
        archived_at: Some(NOW.parse().unwrap()),
        ..stored_customer().facts().clone()
    });
    let mut uow = FakeUnitOfWork::default().with_customer(archived);

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(
        refused,
        Err(ReviseCustomerError::Refused(CustomerArchived))
    ));
}

#[rstest]
#[tokio::test]
async fn an_external_id_of_another_customer_is_refused_and_nothing_is_announced(
    handler: ReviseCustomerHandler,
) {
    let mut uow = FakeUnitOfWork::default().with_customer(stored_customer());
    uow.customers
        .expect_update()
        .once()
        .returning(|_| Ok(Written::AlreadyThere));

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(refused, Err(ReviseCustomerError::AlreadyExists)));
}

#[rstest]
#[case::finding({
    let mut uow = FakeUnitOfWork::default();
    uow.customers.expect_find_for_update().returning(|_, _| out_of_reach());
    uow
})]
#[case::storing({
    let mut uow = FakeUnitOfWork::default().with_customer(stored_customer());
    uow.customers.expect_update().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = FakeUnitOfWork::default()
        .with_customer(stored_customer())
        .failing_to_announce();
    uow.customers.expect_update().returning(|_| Ok(Written::Stored));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(
    handler: ReviseCustomerHandler,
    #[case] mut uow: FakeUnitOfWork,
) {
    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(ReviseCustomerError::Storage(_))));
}
