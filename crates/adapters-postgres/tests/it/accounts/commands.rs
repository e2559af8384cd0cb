use adapters_postgres::PgAccountQueries;
use app::{
    ledger::{ChangeAccountError, OpenAccount},
    ports::{AccountFilter, AccountQueries},
    testing::{NOW, ORGANIZATION, stranger},
};
use domain::{
    ledger::{
        AccountChange, AccountOwner, AccountStatus, ChangeAccountError as Refusal, OverdraftLimit,
        SystemAccount, TransferAmount,
    },
    version::Version,
};
use futures_util::future::join_all;

use super::{Bank, in_pieces, page, total};
use crate::support::{Ledger, account, ask, at, currency, first, full_metadata, name, transfer};

fn to_status(status: AccountStatus) -> AccountChange {
    AccountChange {
        status: Some(status),
        ..AccountChange::default()
    }
}

#[tokio::test]
async fn an_account_reads_back_as_it_was_opened() {
    let bank = Bank::new().await;
    let queries = PgAccountQueries::new(bank.world.database.clone());
    let everything = |it: &mut OpenAccount| {
        it.opening.owner = AccountOwner::parse("user 🧾").unwrap();
        it.opening.overdraft_limit = OverdraftLimit::Minor(70);
        it.opening.metadata = full_metadata();
        it.initial_balance = TransferAmount::from_minor(1_000).ok();
    };

    let opened = bank.open_with(everything).await.unwrap();

    assert_eq!((opened.balance_minor, opened.held_minor), (1_000, 0));
    let found = queries.find(ORGANIZATION, opened.facts.id).await.unwrap();
    assert_eq!(found, Some(opened));
    let source = bank.system(&SystemAccount::OpeningBalances).await;
    let source = queries.find(ORGANIZATION, source).await.unwrap().unwrap();
    assert_eq!(source.balance_minor, -1_000);
    assert_eq!(source.facts.system, Some(SystemAccount::OpeningBalances));
    assert_eq!(source.facts.overdraft_limit, OverdraftLimit::Unlimited);
    assert_eq!(source.available_minor(), None);
}

#[tokio::test]
async fn a_change_reads_back_and_leaves_what_is_on_the_account() {
    let bank = Bank::new().await;
    let queries = PgAccountQueries::new(bank.world.database.clone());
    let id = bank.open(500).await;
    bank.wait(5);
    let change = AccountChange {
        name: Some(name("Savings")),
        metadata: Some(full_metadata()),
        overdraft_limit: Some(OverdraftLimit::Minor(70)),
        status: Some(AccountStatus::Frozen),
    };

    let changed = bank.change(id, change).await.unwrap();

    assert_eq!(changed.facts.version, Version::new(2));
    assert_eq!(changed.available_minor(), Some(570));
    let found = queries.find(ORGANIZATION, id).await.unwrap();
    assert_eq!(found, Some(changed));
}

#[tokio::test]
async fn what_the_rules_forbid_is_not_changed() {
    let bank = Bank::new().await;
    let queries = PgAccountQueries::new(bank.world.database.clone());
    let id = bank.open(500).await;
    let system = bank.system(&SystemAccount::OpeningBalances).await;
    let before = queries.find(ORGANIZATION, id).await.unwrap();

    let closing = bank.change(id, to_status(AccountStatus::Closed)).await;
    let freezing = bank.change(system, to_status(AccountStatus::Frozen)).await;

    assert!(matches!(
        closing,
        Err(ChangeAccountError::Refused(Refusal::NotEmpty { .. }))
    ));
    assert!(matches!(
        freezing,
        Err(ChangeAccountError::Refused(Refusal::SystemAccount(id))) if id == system
    ));
    assert_eq!(queries.find(ORGANIZATION, id).await.unwrap(), before);
}

/// The engine remembers how accounts stand, so it has to notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_engine_posts_on_what_a_change_has_left() {
    let ledger = Ledger::with(&[0, 100]).await;
    let engine = ledger.engine.clone();
    assert_eq!(
        ask(&engine, "poor", transfer(1, 2, 1)).await.unwrap(),
        "insufficient_funds"
    );
    let bank = Bank::over(ledger.world);
    let overdraft = AccountChange {
        overdraft_limit: Some(OverdraftLimit::Minor(50)),
        ..AccountChange::default()
    };

    bank.change(account(1), overdraft).await.unwrap();
    let overdrawn = ask(&engine, "rich", transfer(1, 2, 50)).await.unwrap();
    let frozen = to_status(AccountStatus::Frozen);
    bank.change(account(2), frozen).await.unwrap();
    let refused = ask(&engine, "frozen", transfer(2, 1, 1)).await.unwrap();
    let thawed = to_status(AccountStatus::Active);
    bank.change(account(2), thawed).await.unwrap();
    let posted = ask(&engine, "thawed", transfer(2, 1, 1)).await.unwrap();

    assert_eq!(overdrawn, "posted");
    assert_eq!(
        (refused.as_str(), posted.as_str()),
        ("account_frozen", "posted")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_closed_before_or_after_a_transfer_but_never_with_money_on_it() {
    let ledger = Ledger::with(&[0, 100]).await;
    let asked: Vec<_> = (0..50)
        .map(|n| ledger.ask(&format!("k{n}"), transfer(2, 1, 1)))
        .collect();
    let admin = ledger.world.admin().await;
    let bank = Bank::over(ledger.world);

    let closed = bank
        .change(account(1), to_status(AccountStatus::Closed))
        .await;
    let told = join_all(asked).await;

    let posted = told.iter().filter(|it| it.as_deref().unwrap() == "posted");
    let on_it: i64 = admin
        .value(&format!(
            "SELECT balance_minor FROM account_standings WHERE account_id = '{}'",
            account(1)
        ))
        .await;
    assert_eq!(i64::try_from(posted.count()).unwrap(), on_it);
    assert_eq!(closed.is_ok(), on_it == 0, "{closed:?}, with {on_it} on it");
}

fn only(condition: impl FnOnce(&mut AccountFilter)) -> AccountFilter {
    let mut filter = AccountFilter::default();
    condition(&mut filter);
    filter
}

/// Filters, and which of six accounts they let through.
fn account_filters() -> Vec<(AccountFilter, Vec<usize>)> {
    let owner = |raw| AccountOwner::parse(raw).ok();
    let dollars = || Some(currency("USD"));
    let (active, frozen, closed) = (
        Some(AccountStatus::Active),
        Some(AccountStatus::Frozen),
        Some(AccountStatus::Closed),
    );
    vec![
        (only(|_| {}), vec![5, 4, 3, 2, 1, 0]),
        (only(|it| it.owner = owner("ada")), vec![4, 2, 0]),
        (only(|it| it.owner = owner("ad")), vec![]),
        (only(|it| it.currency = dollars()), vec![3, 2, 1, 0]),
        (only(|it| it.status = active), vec![5, 4, 3, 0]),
        (only(|it| it.status = frozen), vec![1]),
        (only(|it| it.status = closed), vec![2]),
        (
            only(|it| (it.status, it.owner) = (frozen, owner("bob"))),
            vec![1],
        ),
        (
            only(|it| (it.status, it.owner) = (frozen, owner("ada"))),
            vec![],
        ),
        (
            only(|it| (it.status, it.owner, it.currency) = (active, owner("bob"), dollars())),
            vec![3],
        ),
    ]
}

#[tokio::test]
async fn accounts_are_listed_newest_first_by_each_filter() {
    let bank = Bank::new().await;
    let queries = PgAccountQueries::new(bank.world.database.clone());
    let mut opened = Vec::new();
    for n in 0..6 {
        bank.wait(1);
        let one = bank.open_with(|it| {
            let owner = if n % 2 == 0 { "ada" } else { "bob" };
            it.opening.owner = AccountOwner::parse(owner).unwrap();
            it.opening.currency = currency(if n < 4 { "USD" } else { "EUR" });
        });
        opened.push(one.await.unwrap().facts.id);
    }
    for (n, status) in [(1, AccountStatus::Frozen), (2, AccountStatus::Closed)] {
        bank.change(opened[n], to_status(status)).await.unwrap();
    }
    for (filter, expected) in account_filters() {
        let ids: Vec<_> = expected.into_iter().map(|n: usize| opened[n]).collect();
        let queries = &queries;
        let found = in_pieces(2, async |window| {
            queries.list(ORGANIZATION, &filter, window).await.unwrap()
        });
        let found: Vec<_> = found.await.iter().map(|it| it.facts.id).collect();
        assert_eq!(found, ids, "{filter:?}");
        let counted = queries.list(ORGANIZATION, &filter, page(1, 20)).await;
        assert_eq!(total(&counted.unwrap()), ids.len(), "{filter:?}");
    }
}

#[tokio::test]
async fn accounts_of_another_organization_are_not_found() {
    let bank = Bank::new().await;
    let queries = PgAccountQueries::new(bank.world.database.clone());
    let (us, all) = (stranger().organization_id, AccountFilter::default());
    let id = bank.open(500).await;
    bank.change(id, to_status(AccountStatus::Frozen))
        .await
        .unwrap();
    let frozen = AccountFilter {
        status: Some(AccountStatus::Frozen),
        ..AccountFilter::default()
    };

    assert_eq!(queries.find(us, id).await.unwrap(), None);
    assert_eq!(queries.list(us, &all, first()).await.unwrap().rows, []);
    assert_eq!(queries.list(us, &frozen, first()).await.unwrap().rows, []);
    assert_eq!(queries.balance_at(us, id, at(NOW)).await.unwrap(), None);
}
