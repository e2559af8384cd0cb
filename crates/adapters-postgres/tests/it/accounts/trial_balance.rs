use adapters_postgres::PgTrialBalanceQueries;
use app::{
    ledger::{CurrencyTotals, OpenAccount, TrialBalance},
    paging::Limit,
    ports::TrialBalanceQueries,
    testing::{ORGANIZATION, stranger},
};
use domain::ledger::{OverdraftLimit, SystemAccount, TransferAmount};

use super::Bank;
use crate::support::currency;

fn yen(it: &mut OpenAccount) {
    it.opening.currency = currency("JPY");
    it.initial_balance = TransferAmount::from_minor(9).ok();
}

#[tokio::test]
async fn debits_and_credits_of_a_currency_are_the_same() {
    let bank = Bank::new().await;
    let queries = PgTrialBalanceQueries::new(bank.world.database.clone());
    let ada = bank.open(100).await;
    let overdrawn = |it: &mut OpenAccount| it.opening.overdraft_limit = OverdraftLimit::Minor(50);
    let bob = bank.open_with(overdrawn).await.unwrap().facts.id;
    bank.transfer(bob, ada, 30).await;
    for _ in 0..20 {
        bank.deposit(ada, 1).await;
    }
    bank.open_with(yen).await.unwrap();

    let read = queries
        .trial_balance(ORGANIZATION, None, Limit::default())
        .await
        .unwrap();

    let totals = |code, accounts, minor| CurrencyTotals {
        currency: currency(code),
        accounts,
        debits_minor: minor,
        credits_minor: minor,
    };
    assert_eq!(read.totals, [totals("JPY", 2, 9), totals("USD", 4, 150)]);
    let on = |id| {
        let line = read
            .lines
            .iter()
            .find(|line| line.account_id == id)
            .unwrap();
        (line.system.clone(), line.balance_minor)
    };
    assert_eq!(on(ada), (None, 150));
    assert_eq!(on(bob), (None, -30));
    let external = bank.system(&SystemAccount::External).await;
    assert_eq!(on(external), (Some(SystemAccount::External), -20));
    let opening = bank.system(&SystemAccount::OpeningBalances).await;
    assert_eq!(on(opening), (Some(SystemAccount::OpeningBalances), -100));
    assert!(!read.has_more);
}

#[tokio::test]
async fn accounts_come_in_pieces_under_the_totals_of_all() {
    let bank = Bank::new().await;
    let queries = PgTrialBalanceQueries::new(bank.world.database.clone());
    for n in 1..=4 {
        bank.open(n).await;
    }
    let two = Limit::new(2).unwrap();
    let read = async |after| {
        let read = queries.trial_balance(ORGANIZATION, after, two).await;
        read.unwrap()
    };

    let first = read(None).await;
    let second = read(Some(first.lines[1].account_id)).await;
    let third = read(Some(second.lines[1].account_id)).await;

    let mut balances: Vec<_> = [&first, &second, &third]
        .iter()
        .flat_map(|piece| piece.lines.iter().map(|line| line.balance_minor))
        .collect();
    balances.sort_unstable();
    assert_eq!(balances, [-10, 1, 2, 3, 4]);
    assert_eq!(
        (first.has_more, second.has_more, third.has_more),
        (true, true, false)
    );
    assert_eq!(first.totals, second.totals);
    assert_eq!(first.totals, third.totals);
}

#[tokio::test]
async fn another_organization_has_no_part_in_it() {
    let bank = Bank::new().await;
    let queries = PgTrialBalanceQueries::new(bank.world.database.clone());
    bank.open(100).await;

    let ours = queries
        .trial_balance(stranger().organization_id, None, Limit::default())
        .await
        .unwrap();

    assert_eq!(ours, TrialBalance::default());
}
