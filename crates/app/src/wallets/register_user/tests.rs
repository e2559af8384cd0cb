use domain::{
    event::Happening,
    ledger::{AccountOwner, AccountStatus, OverdraftLimit},
    version::Version,
};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeSeal, FakeUnitOfWork, FixedClock, NATIONAL_ID, NOW, ORGANIZATION, SequentialIds, caller,
    out_of_reach,
};

#[fixture]
fn handler() -> RegisterUserHandler {
    let ids = Arc::<SequentialIds>::default();
    RegisterUserHandler::new(FixedClock::at(NOW), ids, Arc::new(FakeSeal))
}

fn command() -> RegisterUser {
    RegisterUser {
        caller: caller(),
        username: Username::parse("Ada1815").unwrap(),
        name: PersonName::parse("Ada Lovelace").unwrap(),
        national_id: NationalId::parse(NATIONAL_ID).unwrap(),
        currency: Currency::parse("USD").unwrap(),
    }
}

fn inserting(inserted: UserInserted) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let insert = uow.users.expect_insert().once();
    insert.returning(move |_| Ok(inserted));
    uow
}

#[rstest]
#[tokio::test]
async fn a_user_and_an_empty_wallet_are_stored_and_announced(handler: RegisterUserHandler) {
    let wallet = AccountId::from_uuid(Uuid::from_u128(2));
    let mut uow = FakeUnitOfWork::default()
        .announcing("user.created", 1)
        .announcing("account.opened", 1);
    uow.users
        .expect_insert()
        .once()
        .withf(move |user| {
            let facts = user.facts();
            let registration = &facts.registration;
            facts.organization_id == ORGANIZATION
                && facts.version == Version::FIRST
                && registration.username.as_str() == "Ada1815"
                && registration.wallet.account_id == wallet
                && registration.national_id.ciphertext == b"87654321"
        })
        .returning(|_| Ok(UserInserted::Stored));
    uow.accounts
        .expect_insert()
        .once()
        .withf(move |account| {
            let (facts, standing) = (account.facts(), account.standing());
            let owner = facts.owner.as_ref().map(AccountOwner::as_str);
            (facts.id, facts.currency.code()) == (wallet, "USD")
                && owner == Some("00000000-0000-0000-0000-000000000001")
                && facts.overdraft_limit == OverdraftLimit::NONE
                && (standing.balance_minor, standing.status) == (0, AccountStatus::Active)
        })
        .returning(|_| Ok(()));

    let registered = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(registered.national_id.as_str(), "****5678");
    assert_eq!(registered.user.wallet_account_id, wallet.as_uuid());
    assert_eq!(
        (registered.user.username.as_str(), registered.user.currency),
        ("Ada1815", "USD")
    );
}

#[rstest]
#[case::username(UserInserted::UsernameTaken, "another user has this username")]
#[case::national_id(UserInserted::NationalIdTaken, "another user has this national id")]
#[tokio::test]
async fn whoever_is_there_already_gets_no_wallet_either(
    handler: RegisterUserHandler,
    #[case] inserted: UserInserted,
    #[case] expected: &str,
) {
    let refused = handler.handle(&command(), &mut inserting(inserted)).await;

    assert_eq!(refused.unwrap_err().to_string(), expected);
}

#[rstest]
#[case::the_user({
    let mut uow = FakeUnitOfWork::default();
    uow.users.expect_insert().returning(|_| out_of_reach());
    uow
})]
#[case::the_wallet({
    let mut uow = inserting(UserInserted::Stored);
    uow.accounts.expect_insert().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = inserting(UserInserted::Stored).failing_to_announce();
    uow.accounts.expect_insert().returning(|_| Ok(()));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(handler: RegisterUserHandler, #[case] mut uow: FakeUnitOfWork) {
    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(RegisterUserError::Storage(_))));
}

#[rstest]
#[tokio::test]
async fn what_is_told_of_a_user_does_not_have_the_national_id(handler: RegisterUserHandler) {
    let mut uow = inserting(UserInserted::Stored);
    uow.accounts.expect_insert().returning(|_| Ok(()));
    uow.outbox
        .expect_append()
        .times(2)
        .withf(|events, _| {
            let told: Vec<_> = events.iter().map(crate::events::SpeltEvent::from).collect();
            let said = format!("{told:?} {events:?}");
            ["5678", "8765"].iter().all(|part| !said.contains(part))
                && events
                    .iter()
                    .all(|it| matches!(it.what, Happening::User(_) | Happening::Account(_)))
        })
        .returning(|_, _| Ok(()));

    handler.handle(&command(), &mut uow).await.unwrap();

    assert!(!format!("{:?}", command()).contains("5678"));
}
