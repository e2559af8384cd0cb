use domain::platform::Scope;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::{
    ports::MockSecretGenerator,
    testing::{
        FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, caller, key_secret,
        out_of_reach, scopes,
    },
};

#[fixture]
fn handler() -> CreateApiKeyHandler {
    let mut secrets = MockSecretGenerator::new();
    secrets.expect_new_key_secret().returning(key_secret);
    CreateApiKeyHandler::new(
        FixedClock::at(NOW),
        Arc::<SequentialIds>::default(),
        Arc::new(secrets),
    )
}

fn command(granted_by: Option<&[&str]>, wanted: &[&str]) -> CreateApiKey {
    CreateApiKey {
        caller: caller(),
        granted_by: granted_by.map(|words| Grant {
            scopes: scopes(words),
            expires_at: None,
        }),
        name: KeyName::parse("till 7").unwrap(),
        scopes: scopes(wanted),
        expires_at: Some("2027-01-01T00:00:00Z".parse().unwrap()),
    }
}

#[rstest]
#[tokio::test]
async fn a_key_is_stored_by_its_hash_and_shown_this_once(handler: CreateApiKeyHandler) {
    let mut uow = FakeUnitOfWork::default().announcing("api_key.created", 1);
    uow.api_keys
        .expect_insert()
        .once()
        .withf(|key| key.facts().hash == hash_of(&key_secret()))
        .returning(|_| Ok(()));

    let made = handler
        .handle(&command(Some(&["*"]), &["invoices:write"]), &mut uow)
        .await
        .unwrap();

    let expected = ApiKeyFacts {
        id: ApiKeyId::from_uuid(Uuid::from_u128(1)),
        organization_id: ORGANIZATION,
        name: KeyName::parse("till 7").unwrap(),
        scopes: scopes(&["invoices:write"]),
        shown_prefix: "tsk_012345".to_owned(),
        hash: hash_of(&key_secret()),
        created_at: NOW.parse().unwrap(),
        expires_at: Some("2027-01-01T00:00:00Z".parse().unwrap()),
        revoked_at: None,
        version: Version::FIRST,
    };
    assert_eq!(made.facts, expected);
    assert_eq!(made.secret, key_secret());
}

#[rstest]
#[case::the_command_line_grants_everything(None, &["*"])]
#[case::a_key_grants_what_it_has(Some(&["invoices:read", "keys:write"][..]), &["invoices:read"])]
#[tokio::test]
async fn within_what_its_maker_may_do_a_key_is_made(
    handler: CreateApiKeyHandler,
    #[case] granted_by: Option<&[&str]>,
    #[case] wanted: &[&str],
) {
    let mut uow = FakeUnitOfWork::default().announcing("api_key.created", 1);
    uow.api_keys.expect_insert().once().returning(|_| Ok(()));

    let made = handler.handle(&command(granted_by, wanted), &mut uow).await;

    assert_eq!(made.unwrap().facts.scopes, scopes(wanted));
}

#[rstest]
#[case::another_resource(&["keys:write", "invoices:read"], &["customers:read"], "customers:read")]
#[case::more_of_the_same(&["keys:write", "invoices:read"], &["invoices:write"], "invoices:write")]
#[case::everything(&["keys:write"], &["*"], "*")]
#[tokio::test]
async fn a_key_never_grants_more_than_it_has_and_nothing_is_written(
    handler: CreateApiKeyHandler,
    #[case] granted_by: &[&str],
    #[case] wanted: &[&str],
    #[case] beyond: &str,
) {
    let mut uow = FakeUnitOfWork::default();

    let refused = handler
        .handle(&command(Some(granted_by), wanted), &mut uow)
        .await
        .unwrap_err();

    let beyond = GrantExceeded::Scope(Scope::parse(beyond).unwrap());
    assert!(matches!(refused, CreateApiKeyError::Refused(why) if why == beyond));
}

#[rstest]
#[tokio::test]
async fn a_key_that_would_outlast_its_maker_is_not_made(handler: CreateApiKeyHandler) {
    let mut uow = FakeUnitOfWork::default();
    let mut command = command(Some(&["*"]), &["*"]);
    let end: Timestamp = "2026-12-31T23:59:59Z".parse().unwrap();
    command.granted_by.as_mut().unwrap().expires_at = Some(end);

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let expected = GrantExceeded::Time(end);
    assert!(matches!(refused, CreateApiKeyError::Refused(why) if why == expected));
}

#[rstest]
#[tokio::test]
async fn a_key_that_cannot_be_stored_is_not_announced(handler: CreateApiKeyHandler) {
    let mut uow = FakeUnitOfWork::default();
    uow.api_keys.expect_insert().returning(|_| out_of_reach());

    let failed = handler.handle(&command(None, &["*"]), &mut uow).await;

    assert!(matches!(failed, Err(CreateApiKeyError::Storage(_))));
}

#[rstest]
#[tokio::test]
async fn a_key_that_cannot_be_announced_is_not_shown(handler: CreateApiKeyHandler) {
    let mut uow = FakeUnitOfWork::default().failing_to_announce();
    uow.api_keys.expect_insert().returning(|_| Ok(()));

    let failed = handler.handle(&command(None, &["*"]), &mut uow).await;

    assert!(matches!(failed, Err(CreateApiKeyError::Storage(_))));
}
