//! Accounts that somebody else keeps locked, and everybody else's transfers meanwhile.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Client, Database, Setup, Tenant, verify_ledger};

/// For how long somebody keeps the accounts locked.
const LOCKED_FOR: Duration = Duration::from_secs(5);
/// So many times an engine whose lanes all wait for locks would not get through within that time: once per lock time-out.
const OTHERS_MIN: usize = 20;

const LOCK: &str =
    "BEGIN; SELECT FROM account_standings WHERE account_id = ANY ($1::text[]::uuid[]) FOR UPDATE";

async fn account(client: &Client, owner: &str) -> String {
    let body = json!({"owner": owner, "currency": "USD", "initial_balance_minor": 1_000_000});
    let opened = client.post("/accounts", &body).idempotency_key(owner).await;
    opened.expect(201)["id"].as_str().expect("an id").to_owned()
}

async fn transfer(client: &Client, key: &str, [source, destination]: [&str; 2]) -> u16 {
    let body: Value = json!({
        "source_account_id": source, "destination_account_id": destination, "amount_minor": 1, "currency": "USD",
    });
    client
        .post("/transfers", &body)
        .idempotency_key(key)
        .await
        .status
}

/// Goes on until then; what became of each transfer.
async fn keep_on(client: &Client, name: &str, sides: [&str; 2], until: Instant) -> Vec<u16> {
    let mut statuses = Vec::new();
    while Instant::now() < until {
        let key = format!("{name}-{}", statuses.len());
        statuses.push(transfer(client, &key, sides).await);
    }
    statuses
}

#[tokio::test]
async fn two_locked_accounts_hold_up_nobody_but_those_who_want_them() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).start().await;
    let client = Tenant::on(&database).await.at(&service);
    let owners = ["hot-1", "hot-2", "shop-1", "shop-2", "ada", "bob"];
    let accounts = join_all(owners.map(|owner| account(&client, owner))).await;
    let [hot_1, hot_2, shop_1, shop_2, ada, bob] =
        [0, 1, 2, 3, 4, 5].map(|index: usize| accounts[index].as_str());
    let foreign = database.connect().await;
    let lock = LOCK.replace("$1", &format!("ARRAY['{hot_1}', '{hot_2}']"));
    foreign.batch_execute(&lock).await.expect("they are free");

    let until = Instant::now() + LOCKED_FOR;
    let wanting = (0..8).map(|number| {
        let (name, client) = (format!("hot-{number}"), &client);
        let sides = [[hot_1, shop_1], [hot_2, shop_2]][number % 2];
        async move { keep_on(client, &name, sides, until).await }
    });
    let release = async {
        tokio::time::sleep_until(until.into()).await;
        foreign.batch_execute("COMMIT").await
    };
    let (refused, others, released) = tokio::join!(
        join_all(wanting),
        keep_on(&client, "others", [ada, bob], until),
        release
    );
    let after = transfer(&client, "after", [hot_1, hot_2]).await;

    released.expect("the locks are let go of");
    let refused: Vec<u16> = refused.concat();
    assert!(
        refused.iter().all(|it| [201, 409, 503].contains(it)),
        "{refused:?}"
    );
    let posted = others.iter().filter(|it| **it == 201).count();
    assert!(posted >= OTHERS_MIN, "{posted} of {}", others.len());
    assert_eq!(after, 201);
    verify_ledger(&database).await;
}
