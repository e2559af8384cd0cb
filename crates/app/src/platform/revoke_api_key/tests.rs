use domain::{platform::ApiKeyFacts, version::Version};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, KEY, NOW, SequentialIds, caller, out_of_reach, stored_key, stranger,
};

#[fixture]
fn handler() -> RevokeApiKeyHandler {
    RevokeApiKeyHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> RevokeApiKey {
    RevokeApiKey {
        caller: caller(),
        id: KEY,
        precondition: Precondition::Any,
    }
}

#[rstest]
#[tokio::test]
async fn a_revoked_key_is_stored_as_that_and_announced(handler: RevokeApiKeyHandler) {
    let mut uow = FakeUnitOfWork::default()
        .with_api_key(stored_key())
        .announcing("api_key.revoked", 2);
    uow.api_keys
        .expect_update()
        .once()
        .withf(|key| {
            let expected = ApiKeyFacts {
                revoked_at: Some(NOW.parse().unwrap()),
                version: Version::new(2),
                ..stored_key()
            };
            *key.facts() == expected
        })
        .returning(|_| Ok(()));

    let revoked = handler.handle(&command(), &mut uow).await;

    assert!(revoked.is_ok());
}

#[rstest]
#[case::that_nobody_made(RevokeApiKey {
    id: ApiKeyId::from_uuid(Uuid::from_u128(99)),
    ..command()
})]
#[case::of_another_organization(RevokeApiKey {
    caller: stranger(),
    ..command()
})]
#[tokio::test]
async fn a_key_is_not_found_and_nothing_is_written(
    handler: RevokeApiKeyHandler,
    #[case] command: RevokeApiKey,
) {
    let mut uow = FakeUnitOfWork::default().with_api_key(stored_key());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    assert!(matches!(refused, RevokeApiKeyError::NotFound(id) if id == command.id));
}

#[rstest]
#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_a_conflict(handler: RevokeApiKeyHandler) {
    let command = RevokeApiKey {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_api_key(stored_key());

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let current = Version::FIRST;
    assert!(matches!(
        refused,
        RevokeApiKeyError::Conflict(why) if why == VersionConflict { current }
    ));
}

#[rstest]
#[tokio::test]
async fn a_key_is_revoked_only_once(handler: RevokeApiKeyHandler) {
    let revoked = ApiKeyFacts {
        revoked_at: Some(NOW.parse().unwrap()),
        ..stored_key()
    };
    let mut uow = FakeUnitOfWork::default().with_api_key(revoked);

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(
        refused,
        Err(RevokeApiKeyError::Refused(KeyRevoked))
    ));
}

#[rstest]
#[case::finding({
    let mut uow = FakeUnitOfWork::default();
    uow.api_keys.expect_find_for_update().returning(|_, _| out_of_reach());
    uow
})]
#[case::storing({
    let mut uow = FakeUnitOfWork::default().with_api_key(stored_key());
    uow.api_keys.expect_update().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = FakeUnitOfWork::default().with_api_key(stored_key()).failing_to_announce();
    uow.api_keys.expect_update().returning(|_| Ok(()));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(handler: RevokeApiKeyHandler, #[case] mut uow: FakeUnitOfWork) {
    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(RevokeApiKeyError::Storage(_))));
}
