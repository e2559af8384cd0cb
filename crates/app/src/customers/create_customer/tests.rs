use domain::version::Version;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, caller, customer_profile,
    out_of_reach,
};

#[fixture]
fn handler() -> CreateCustomerHandler {
    CreateCustomerHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> CreateCustomer {
    CreateCustomer {
        caller: caller(),
        profile: customer_profile("Ada"),
    }
}

#[rstest]
#[tokio::test]
async fn a_customer_is_stored_and_announced(handler: CreateCustomerHandler) {
    let expected = CustomerFacts {
        id: CustomerId::from_uuid(Uuid::from_u128(1)),
        organization_id: ORGANIZATION,
        profile: customer_profile("Ada"),
        created_at: NOW.parse().unwrap(),
        updated_at: NOW.parse().unwrap(),
        archived_at: None,
        version: Version::FIRST,
    };
    let mut uow = FakeUnitOfWork::default().announcing("customer.created", 1);
    let stored = expected.clone();
    uow.customers
        .expect_insert()
        .once()
        .withf(move |customer| *customer.facts() == stored)
        .returning(|_| Ok(Written::Stored));

    let registered = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(registered, expected);
}

#[rstest]
#[tokio::test]
async fn an_external_id_of_another_customer_is_refused_and_nothing_is_announced(
    handler: CreateCustomerHandler,
) {
    let mut uow = FakeUnitOfWork::default();
    uow.customers
        .expect_insert()
        .once()
        .returning(|_| Ok(Written::AlreadyThere));

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(refused, Err(CreateCustomerError::AlreadyExists)));
}

#[rstest]
#[case::storing({
    let mut uow = FakeUnitOfWork::default();
    uow.customers.expect_insert().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = FakeUnitOfWork::default().failing_to_announce();
    uow.customers.expect_insert().returning(|_| Ok(Written::Stored));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(
    handler: CreateCustomerHandler,
    #[case] mut uow: FakeUnitOfWork,
) {
    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(CreateCustomerError::Storage(_))));
}
