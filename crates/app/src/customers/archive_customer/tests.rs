use domain::{
    customers::{Customer, CustomerFacts},
    version::Version,
};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::{
    ports::Written,
    testing::{
        CUSTOMER, FakeUnitOfWork, FixedClock, NOW, SequentialIds, caller, out_of_reach,
        stored_customer, stranger,
    },
};

#[fixture]
fn handler() -> ArchiveCustomerHandler {
    ArchiveCustomerHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> ArchiveCustomer {
    ArchiveCustomer {
        caller: caller(),
        id: CUSTOMER,
        precondition: Precondition::Any,
    }
}

fn archived() -> CustomerFacts {
    CustomerFacts {
        archived_at: Some(NOW.parse().unwrap()),
        updated_at: NOW.parse().unwrap(),
        version: Version::new(2),
        ..stored_customer().facts().clone()
    }
}

#[rstest]
#[case::whatever_its_version(Precondition::Any)]
#[case::in_the_version_that_the_caller_has_seen(Precondition::OneOf(vec![Version::FIRST]))]
#[tokio::test]
async fn a_customer_is_archived_and_that_is_announced(
    handler: ArchiveCustomerHandler,
    #[case] precondition: Precondition,
) {
    let mut uow = FakeUnitOfWork::default()
        .with_customer(stored_customer())
        .announcing("customer.archived", 2);
    uow.customers
        .expect_update()
        .once()
        .withf(|customer| *customer.facts() == archived())
        .returning(|_| Ok(Written::Stored));
    let command = ArchiveCustomer {
        precondition,
        ..command()
    };

    let done = handler.handle(&command, &mut uow).await;

    assert!(done.is_ok());
}

#[rstest]
#[case::that_nobody_registered(ArchiveCustomer {
    id: CustomerId::from_uuid(Uuid::from_u128(99)),
    ..command()
})]
#[case::of_another_organization(ArchiveCustomer { caller: stranger(), ..command() })]
#[tokio::test]
async fn a_customer_is_not_found_and_nothing_is_written(
    handler: ArchiveCustomerHandler,
    #[case] command: ArchiveCustomer,
) {
    let mut uow = FakeUnitOfWork::default().with_customer(stored_customer());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    assert!(matches!(refused, ArchiveCustomerError::NotFound(id) if id == command.id));
}

#[rstest]
#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_a_conflict(handler: ArchiveCustomerHandler) {
    let command = ArchiveCustomer {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_customer(stored_customer());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let current = Version::FIRST;
    assert!(matches!(
        refused,
        ArchiveCustomerError::Conflict(why) if why == VersionConflict { current }
    ));
}

#[rstest]
#[tokio::test]
async fn a_customer_is_archived_only_once(handler: ArchiveCustomerHandler) {
    let mut uow = FakeUnitOfWork::default().with_customer(Customer::restore(archived()));

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(
        refused,
        Err(ArchiveCustomerError::Refused(CustomerArchived))
    ));
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
    handler: ArchiveCustomerHandler,
    #[case] mut uow: FakeUnitOfWork,
) {
    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(ArchiveCustomerError::Storage(_))));
}
