use domain::version::Version;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, NOW, SequentialIds, organization_profile, out_of_reach,
};

#[fixture]
fn handler() -> FoundOrganizationHandler {
    FoundOrganizationHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> FoundOrganization {
    FoundOrganization {
        profile: organization_profile(),
        actor: Actor::CommandLine,
    }
}

#[rstest]
#[tokio::test]
async fn an_organization_is_stored_and_announced_as_its_own(handler: FoundOrganizationHandler) {
    let id = OrganizationId::from_uuid(Uuid::from_u128(1));
    let expected = OrganizationFacts {
        id,
        profile: organization_profile(),
        created_at: NOW.parse().unwrap(),
        updated_at: NOW.parse().unwrap(),
        version: Version::FIRST,
    };
    let founder = Caller {
        organization_id: id,
        actor: Actor::CommandLine,
    };
    let mut uow = FakeUnitOfWork::default().announcing_by(founder, "organization.created", 1);
    let stored = expected.clone();
    uow.organizations
        .expect_insert()
        .once()
        .withf(move |organization| *organization.facts() == stored)
        .returning(|_| Ok(()));

    let founded = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(founded, expected);
}

#[rstest]
#[tokio::test]
async fn an_organization_that_cannot_be_stored_is_not_announced(handler: FoundOrganizationHandler) {
    let mut uow = FakeUnitOfWork::default();
    uow.organizations
        .expect_insert()
        .returning(|_| out_of_reach());

    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(StorageError::Unavailable(_))));
}

#[rstest]
#[tokio::test]
async fn an_organization_that_cannot_be_announced_is_not_founded(
    handler: FoundOrganizationHandler,
) {
    let mut uow = FakeUnitOfWork::default().failing_to_announce();
    uow.organizations.expect_insert().returning(|_| Ok(()));

    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(StorageError::Unavailable(_))));
}
