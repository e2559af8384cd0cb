//! Users and their wallets: both or neither, and each name and each person once.

use std::sync::Arc;

use adapters_postgres::PgUserQueries;
use app::{
    ports::{StorageError, UserInserted, UserQueries},
    testing::{ACCOUNT, FakeSeal, ORGANIZATION, USER, caller, stored_user, stranger},
    wallets::{
        CloseUser, CloseUserError, CloseUserHandler, RegisterUser, RegisterUserError,
        RegisterUserHandler, RenameUser, RenameUserHandler, ShownUser,
    },
};
use domain::{
    ids::{AccountId, UserId},
    version::Precondition,
    wallets::{NationalId, PersonName, User, UserFacts, Username},
};
use futures_util::{FutureExt, future::join_all};
use uuid::Uuid;

use crate::support::{World, at, currency};

const LATER: &str = "2026-11-21T08:30:00.000001Z";

fn registering(username: &str, dni: &str) -> RegisterUser {
    RegisterUser {
        caller: caller(),
        username: Username::parse(username).unwrap(),
        name: PersonName::parse("Ada Lovelace").unwrap(),
        national_id: NationalId::parse(dni).unwrap(),
        currency: currency("USD"),
    }
}

async fn register(world: &World, command: RegisterUser) -> Result<ShownUser, RegisterUserError> {
    let seal = Arc::new(FakeSeal);
    let handler = RegisterUserHandler::new(world.clock.clone(), world.ids.clone(), seal);
    world.bus.execute(Arc::new(handler), command).await
}

async fn close(world: &World, id: Uuid) -> Result<(), CloseUserError> {
    let handler = CloseUserHandler::new(world.clock.clone(), world.ids.clone());
    let command = CloseUser {
        caller: caller(),
        id: UserId::from_uuid(id),
        precondition: Precondition::Any,
    };
    world.bus.execute(Arc::new(handler), command).await
}

async fn insert(world: &World, user: &User) -> Result<UserInserted, StorageError> {
    let user = user.clone();
    let inserted = world.write(move |uow| {
        let user = user.clone();
        async move { uow.users().insert(&user).await }.boxed()
    });
    inserted.await
}

async fn find_for_update(world: &World) -> Option<User> {
    let found = world
        .write(|uow| async move { uow.users().find_for_update(ORGANIZATION, USER).await }.boxed());
    found.await.unwrap()
}

/// How many users, wallets and events there are.
async fn tally(world: &World) -> (i64, i64, i64, i64) {
    let admin = world.admin().await;
    (
        admin.count("users").await,
        admin.count("accounts").await,
        admin.count("account_standings").await,
        admin.count("outbox").await,
    )
}

#[tokio::test]
async fn users_come_back_as_they_were_stored() {
    let world = World::new().await;
    let queries = PgUserQueries::new(world.database.clone());
    let mut ada = stored_user("Ada1815", ACCOUNT);
    let by_name = |name| {
        let name = Username::parse(name).unwrap();
        let queries = &queries;
        async move { queries.find_by_username(ORGANIZATION, &name).await.unwrap() }
    };

    assert_eq!(insert(&world, &ada).await.unwrap(), UserInserted::Stored);
    let found = queries.find(ORGANIZATION, USER).await.unwrap();
    assert_eq!(found.as_deref(), Some(ada.facts()));
    assert_eq!(by_name("aDA1815").await.as_deref(), Some(ada.facts()));
    assert_eq!(by_name("ada181").await, None);
    assert_eq!(find_for_update(&world).await.as_ref(), Some(&ada));

    ada.rename(PersonName::parse("Ada King 🧾").unwrap(), at(LATER))
        .unwrap();
    ada.close(at(LATER)).unwrap();
    let changed = ada.clone();
    let updated = world.write(move |uow| {
        let changed = changed.clone();
        async move { uow.users().update(&changed).await }.boxed()
    });
    updated.await.unwrap();

    let found = queries.find(ORGANIZATION, USER).await.unwrap();
    assert_eq!(found.as_deref(), Some(ada.facts()));
    assert_eq!(by_name("ada1815").await, found);
    assert_eq!(find_for_update(&world).await, None);
}

#[tokio::test]
async fn a_user_and_a_wallet_are_there_together() {
    let world = World::new().await;

    let ada = register(&world, registering("ada1815", "12345678")).await;

    let ada = ada.unwrap().user;
    assert_eq!(tally(&world).await, (1, 1, 1, 2));
    let admin = world.admin().await;
    let wallet: String = admin
        .value(
            "SELECT concat_ws(' ', id, owner, system, name, currency, status, balance_minor)
               FROM accounts JOIN account_standings USING (organization_id, currency) WHERE account_id = id",
        )
        .await;
    let expected = format!("{} {} ada1815 USD active 0", ada.wallet_account_id, ada.id);
    assert_eq!(wallet, expected);
}

#[tokio::test]
async fn when_the_wallet_cannot_be_made_there_is_no_user_either() {
    let world = World::new().await;
    let admin = world.admin().await;
    admin
        .run("ALTER TABLE account_standings ADD CONSTRAINT no_more CHECK (balance_minor <> 0) NOT VALID")
        .await;

    let failed = register(&world, registering("ada1815", "12345678")).await;

    assert!(matches!(failed, Err(RegisterUserError::Storage(_))));
    assert_eq!(tally(&world).await, (0, 0, 0, 0));
    admin
        .run("ALTER TABLE account_standings DROP CONSTRAINT no_more")
        .await;
    let again = register(&world, registering("ada1815", "12345678")).await;
    assert!(again.is_ok());
    assert_eq!(tally(&world).await, (1, 1, 1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_who_register_under_one_name_one_is_registered() {
    let world = World::new().await;
    let one = |index: u32| {
        let spelt = if index.is_multiple_of(2) {
            "ada1815"
        } else {
            "ADA1815"
        };
        register(&world, registering(spelt, &format!("{index:08}")))
    };

    let registered = join_all((0..50).map(one)).await;

    let refused = |result: &&Result<_, _>| matches!(result, Err(RegisterUserError::UsernameTaken));
    assert_eq!(registered.iter().filter(refused).count(), 49);
    assert_eq!(tally(&world).await, (1, 1, 1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_who_register_with_one_national_id_one_is_registered() {
    let world = World::new().await;
    let one = |index: u32| register(&world, registering(&format!("user{index}"), "12345678"));

    let registered = join_all((0..50).map(one)).await;

    let refused =
        |result: &&Result<_, _>| matches!(result, Err(RegisterUserError::NationalIdTaken));
    assert_eq!(registered.iter().filter(refused).count(), 49);
    assert_eq!(tally(&world).await, (1, 1, 1, 2));
}

#[tokio::test]
async fn whoever_has_gone_may_come_back_under_another_name_and_nobody_else_under_theirs() {
    let world = World::new().await;
    let ada = register(&world, registering("ada1815", "12345678")).await;
    close(&world, ada.unwrap().user.id).await.unwrap();

    let under_the_old_name = register(&world, registering("Ada1815", "87654321")).await;
    let under_a_new_name = register(&world, registering("ada1852", "12345678")).await;

    assert!(matches!(
        under_the_old_name,
        Err(RegisterUserError::UsernameTaken)
    ));
    assert!(under_a_new_name.is_ok());
}

#[tokio::test]
async fn a_closed_user_has_a_closed_wallet_and_is_closed_once() {
    let world = World::new().await;
    let ada = register(&world, registering("ada1815", "12345678")).await;
    let id = ada.unwrap().user.id;

    close(&world, id).await.unwrap();
    let again = close(&world, id).await;

    assert!(matches!(again, Err(CloseUserError::NotFound(_))));
    let admin = world.admin().await;
    let closed = "users, account_standings WHERE closed_at IS NOT NULL AND status = 'closed'";
    assert_eq!(admin.count(closed).await, 1);
    assert_eq!(tally(&world).await, (1, 1, 1, 4));
}

#[tokio::test]
async fn a_user_with_money_is_not_closed_and_neither_is_the_wallet() {
    let world = World::new().await;
    let ada = register(&world, registering("ada1815", "12345678")).await;
    let admin = world.admin().await;
    admin
        .run("UPDATE account_standings SET balance_minor = 1, version = version + 1")
        .await;

    let refused = close(&world, ada.unwrap().user.id).await;

    assert!(matches!(refused, Err(CloseUserError::Wallet(_))));
    let open = "users, account_standings WHERE closed_at IS NULL AND status = 'active'";
    assert_eq!(admin.count(open).await, 1);
}

#[tokio::test]
async fn nobody_finds_the_users_of_others_and_everybody_may_have_the_same_names() {
    let world = World::new().await;
    let us = stranger().organization_id;
    world.found_another(us).await;
    let theirs = stored_user("ada1815", ACCOUNT);
    insert(&world, &theirs).await.unwrap();
    let queries = PgUserQueries::new(world.database.clone());

    let username = Username::parse("ada1815").unwrap();
    assert_eq!(queries.find(us, USER).await.unwrap(), None);
    assert_eq!(queries.find_by_username(us, &username).await.unwrap(), None);
    let rename = RenameUser {
        caller: stranger(),
        id: USER,
        precondition: Precondition::Any,
        name: None,
    };
    let seal = Arc::new(FakeSeal);
    let handler = RenameUserHandler::new(world.clock.clone(), world.ids.clone(), seal);
    assert!(world.bus.execute(Arc::new(handler), rename).await.is_err());
    let ours = User::restore(UserFacts {
        id: UserId::from_uuid(Uuid::from_u128(1_816)),
        organization_id: us,
        registration: domain::wallets::UserRegistration {
            wallet: domain::wallets::Wallet {
                account_id: AccountId::from_uuid(Uuid::from_u128(1_817)),
                ..theirs.facts().registration.wallet
            },
            ..theirs.facts().registration.clone()
        },
        ..theirs.facts().clone()
    });
    assert_eq!(insert(&world, &ours).await.unwrap(), UserInserted::Stored);
}

#[tokio::test]
async fn no_digit_of_a_national_id_lies_open_in_the_database() {
    let world = World::new().await;
    register(&world, registering("ada1815", "12345678"))
        .await
        .unwrap();
    let admin = world.admin().await;

    for table in ["users", "accounts", "outbox"] {
        let open = format!("{table} AS t WHERE t::text ~ '12345678|3132333435363738|[*][*]'");
        assert_eq!(admin.count(&open).await, 0, "{table}");
    }
}
