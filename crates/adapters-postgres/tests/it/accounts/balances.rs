use adapters_postgres::PgAccountQueries;
use app::{
    ledger::PastBalance,
    ports::AccountQueries,
    testing::{NOW, ORGANIZATION},
};
use domain::{ids::AccountId, ledger::SystemAccount};
use jiff::{SignedDuration, Timestamp};

use super::Bank;
use crate::support::{at, currency};

/// What was on an account so many microseconds after [`NOW`].
async fn at_microsecond(bank: &Bank, id: AccountId, microseconds: i64) -> i64 {
    let instant = at(NOW) + SignedDuration::from_micros(microseconds);
    at_instant(bank, id, instant).await
}

async fn at_instant(bank: &Bank, id: AccountId, instant: Timestamp) -> i64 {
    let queries = PgAccountQueries::new(bank.world.database.clone());
    let past = queries.balance_at(ORGANIZATION, id, instant).await.unwrap();
    let PastBalance {
        currency: in_what,
        balance_minor,
    } = past.unwrap();
    assert_eq!(in_what, currency("USD"));
    balance_minor
}

#[tokio::test]
async fn a_past_balance_is_that_after_the_last_entry_until_then() {
    let bank = Bank::new().await;
    bank.wait(10);
    let ada = bank.open(500).await;
    let bob = bank.open(0).await;
    bank.wait(10);
    // Two at the same instant.
    bank.transfer(ada, bob, 100).await;
    bank.transfer(ada, bob, 50).await;
    bank.wait(10);
    bank.transfer(bob, ada, 30).await;
    bank.wait(10);

    let cases = [
        (0, 0),
        (9_999_999, 0),
        (10_000_000, 500),
        (19_999_999, 500),
        (20_000_000, 350),
        (29_999_999, 350),
        (30_000_000, 380),
        (1_000_000_000, 380),
    ];
    for (microseconds, expected) in cases {
        let found = at_microsecond(&bank, ada, microseconds).await;
        assert_eq!(found, expected, "after {microseconds} µs");
    }
    assert_eq!(at_instant(&bank, ada, at("0001-01-01T00:00:00Z")).await, 0);
    assert_eq!(
        at_instant(&bank, ada, at("9999-12-30T00:00:00Z")).await,
        380
    );
}

#[tokio::test]
async fn a_past_balance_of_a_system_account_is_the_sum_of_its_pages() {
    let bank = Bank::new().await;
    let ada = bank.open(0).await;
    for n in 1..=40 {
        bank.wait(1);
        bank.deposit(ada, n).await;
    }
    let external = bank.system(&SystemAccount::External).await;

    let pages: i64 = bank
        .world
        .admin()
        .await
        .count("account_standings WHERE shard > 0 AND balance_minor < 0")
        .await;
    assert!(pages > 1, "the deposits are on one page");
    for seconds in 0..=40_i64 {
        let expected = -seconds * (seconds + 1) / 2;
        let found = at_microsecond(&bank, external, seconds * 1_000_000).await;
        assert_eq!(found, expected, "after {seconds} s");
    }
}
