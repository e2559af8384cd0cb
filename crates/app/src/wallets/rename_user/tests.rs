use domain::version::Version;
use rstest::{fixture, rstest};

use super::*;
use crate::testing::{
    ACCOUNT, FakeSeal, FakeUnitOfWork, FixedClock, NOW, SequentialIds, USER, caller, out_of_reach,
    stored_user, stranger,
};

#[fixture]
fn handler() -> RenameUserHandler {
    let ids = Arc::<SequentialIds>::default();
    RenameUserHandler::new(FixedClock::at(NOW), ids, Arc::new(FakeSeal))
}

fn command() -> RenameUser {
    RenameUser {
        caller: caller(),
        id: USER,
        precondition: Precondition::Any,
        name: Some(PersonName::parse("Ada King").unwrap()),
    }
}

fn holding() -> FakeUnitOfWork {
    FakeUnitOfWork::default().with_user(stored_user("ada1815", ACCOUNT))
}

#[rstest]
#[case::renamed(command().name, "Ada King")]
#[case::as_before(None, "Ada Lovelace")]
#[tokio::test]
async fn a_new_name_is_stored_and_announced(
    handler: RenameUserHandler,
    #[case] name: Option<PersonName>,
    #[case] expected: &'static str,
) {
    let mut uow = holding().announcing("user.updated", 2);
    uow.users
        .expect_update()
        .once()
        .withf(move |user| user.facts().registration.name.as_str() == expected)
        .returning(|_| Ok(()));
    let command = RenameUser { name, ..command() };

    let renamed = handler.handle(&command, &mut uow).await.unwrap();

    assert_eq!(
        (renamed.user.name.as_str(), renamed.user.version),
        (expected, 2)
    );
    assert_eq!(renamed.national_id.as_str(), "****5678");
}

#[rstest]
#[tokio::test]
async fn nobody_renames_the_users_of_others(handler: RenameUserHandler) {
    let command = RenameUser {
        caller: stranger(),
        ..command()
    };

    let refused = handler.handle(&command, &mut holding()).await;

    assert!(matches!(refused, Err(RenameUserError::NotFound(USER))));
}

#[rstest]
#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen(handler: RenameUserHandler) {
    let command = RenameUser {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command()
    };

    let refused = handler.handle(&command, &mut holding()).await;

    assert!(matches!(refused, Err(RenameUserError::Conflict(_))));
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: RenameUserHandler) {
    let mut uow = holding();
    uow.users.expect_update().returning(|_| out_of_reach());

    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(RenameUserError::Storage(_))));
}
