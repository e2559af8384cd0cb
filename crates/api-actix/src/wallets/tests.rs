//! The endpoints of this context, seen from outside.

mod close;
mod look_up;
mod money;
mod register;
mod rename;

use std::sync::Arc;

use actix_web::test::TestRequest;
use api_shared::wallets::{WalletPorts, WalletUseCases};
use app::{
    ports::{MockAccountQueries, MockUserQueries},
    testing::{FakeSeal, FixedClock, NOW, ORGANIZATION, SequentialIds, stored_user},
};
use domain::{
    ids::AccountId,
    wallets::{User, UserFacts, Username},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::testing::{Bench, with_body};

const USERS: &str = "/api/v1/users";
const USER_ID: &str = "00000000-0000-0000-0000-000000000717";

fn wallet(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

/// Ada, whose wallet is account 1.
fn ada() -> User {
    stored_user("Ada1815", wallet(1))
}

/// What is shown of her.
fn shown() -> Value {
    json!({
        "id": USER_ID,
        "username": "Ada1815",
        "name": "Ada Lovelace",
        "dni": "****5678",
        "currency": "USD",
        "wallet_account_id": wallet(1).to_string(),
        "created_at": "2026-11-01T08:00:00.000000Z",
        "updated_at": "2026-11-01T08:00:00.000000Z",
        "closed_at": null,
        "version": 1,
    })
}

/// Knows these users of our organization.
fn knowing(users: &[User]) -> MockUserQueries {
    let facts: Vec<UserFacts> = users.iter().map(|user| user.facts().clone()).collect();
    let by_name = facts.clone();
    let mut queries = MockUserQueries::new();
    queries.expect_find().returning(move |owner, id| {
        let mut users = facts.iter();
        let found = users.find(|it| (it.organization_id, it.id) == (owner, id));
        Ok(found.cloned().map(Arc::new))
    });
    queries
        .expect_find_by_username()
        .returning(move |owner, name: &Username| {
            let mut users = by_name.iter().filter(|it| it.organization_id == owner);
            let found = users.find(|it| it.registration.username == *name);
            Ok(found.cloned().map(Arc::new))
        });
    queries
}

fn over(users: MockUserQueries, accounts: MockAccountQueries) -> Bench {
    let ports = WalletPorts {
        users: Arc::new(users),
        accounts: Arc::new(accounts),
        seal: Arc::new(FakeSeal),
    };
    let clock: Arc<dyn app::ports::Clock> = FixedClock::at(NOW);
    let ids: Arc<dyn app::ports::IdGenerator> = Arc::<SequentialIds>::default();
    Bench::new().with(|parts| parts.wallets = WalletUseCases::new(ports, &clock, &ids))
}

/// An application that knows these users.
fn bench(users: &[User]) -> Bench {
    over(knowing(users), MockAccountQueries::new())
}

fn post(path: &str, key: &str, body: &Value) -> TestRequest {
    let request = TestRequest::post().uri(&format!("/api/v1{path}"));
    with_body(request, body).insert_header(("idempotency-key", key))
}

#[test]
fn the_users_of_these_tests_are_of_our_organization() {
    assert_eq!(ada().facts().organization_id, ORGANIZATION);
    assert_eq!(ada().facts().id.to_string(), USER_ID);
}
