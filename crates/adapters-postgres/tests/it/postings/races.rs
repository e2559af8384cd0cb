use app::ledger::{Ask, EngineSettings};
use domain::values::AMOUNT_MINOR_MAX;
use jiff::SignedDuration;

use super::{all, count};
use crate::support::{
    Ledger, World, account, ask, asked, deposit, engine_over, engine_with, told, transfer,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_opposite_transfers_do_not_stand_in_each_others_way() {
    let ledger = Ledger::with(&[1_000, 1_000]).await;

    let asked = (0..1_000).map(|n| {
        let (from, to) = if n % 2 == 0 { (1, 2) } else { (2, 1) };
        ledger.ask(&format!("k{n}"), transfer(from, to, 1))
    });
    let told = all(asked.collect()).await;

    assert_eq!(count(&told, "posted"), 1_000);
    assert_eq!(
        (ledger.balance(1).await, ledger.balance(2).await),
        (1_000, 1_000)
    );
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_five_hundred_debits_a_hundred_fit_what_is_there() {
    let ledger = Ledger::with(&[100, 0]).await;

    let asked = (0..500).map(|n| ledger.ask(&format!("k{n}"), transfer(1, 2, 1)));
    let told = all(asked.collect()).await;

    assert_eq!(count(&told, "posted"), 100);
    assert_eq!(count(&told, "insufficient_funds"), 400);
    assert_eq!(ledger.balance(1).await, 0);
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_used_a_hundred_times_at_once_posts_once() {
    let ledger = Ledger::with(&[100, 0]).await;
    let other = engine_over(&ledger.world);

    let asked = (0..100).map(|n| {
        let engine = if n % 2 == 0 { &ledger.engine } else { &other };
        ask(engine, "same", transfer(1, 2, 1))
    });
    let told = all(asked.collect()).await;

    assert_eq!(count(&told, "posted"), 100);
    assert_eq!(ledger.balance(2).await, 1);
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_engines_share_a_hot_account_and_lose_nothing() {
    let ledger = Ledger::with(&[500, 0, 0, 0]).await;
    let engines = [(); 3].map(|()| engine_over(&ledger.world));

    let asked = (0..900_u32).map(|n| {
        let engine = &engines[usize::try_from(n % 3).unwrap()];
        ask(
            engine,
            &format!("k{n}"),
            transfer(1, 2 + u128::from(n % 3), 1),
        )
    });
    let told = all(asked.collect()).await;

    assert_eq!(count(&told, "posted"), 500);
    assert_eq!(count(&told, "insufficient_funds"), 400);
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn system_accounts_stand_in_nobodys_way_and_add_up() {
    let ledger = Ledger::with(&[0; 8]).await;
    let lanes = EngineSettings {
        lanes: 4,
        batch_max: 5,
        ..EngineSettings::default()
    };
    let engines = [(); 2].map(|()| engine_with(&ledger.world, lanes));

    let asked = (0..400_u32).map(|n| {
        let engine = &engines[usize::try_from(n % 2).unwrap()];
        ask(engine, &format!("k{n}"), deposit(1 + u128::from(n % 8), 3))
    });
    let told = all(asked.collect()).await;

    assert_eq!(count(&told, "posted"), 400);
    let outside = "SELECT sum(balance_minor)::bigint FROM account_standings WHERE shard > 0";
    assert_eq!(ledger.admin.value::<i64>(outside).await, -1_200);
    let accounts = "SELECT count(*) FROM accounts WHERE system = 'external'";
    assert_eq!(ledger.admin.value::<i64>(accounts).await, 1);
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_with_every_kind_of_rejection_posts_the_rest() {
    let ledger = Ledger::with(&[1_000, 1_000, 0, 0, AMOUNT_MINOR_MAX]).await;
    let set = |number, status| {
        let id = account(number);
        format!(
            "UPDATE account_standings SET status = '{status}', version = version + 1 WHERE account_id = '{id}'"
        )
    };
    ledger.admin.run(&set(3, "frozen")).await;
    ledger.admin.run(&set(4, "closed")).await;
    let mut wrong_currency = transfer(1, 2, 1);
    wrong_currency.currency = crate::support::currency("EUR");
    let kinds = [
        transfer(1, 2, 1),
        transfer(1, 2, 5_000),
        transfer(1, 1, 1),
        transfer(9, 1, 1),
        transfer(1, 3, 1),
        transfer(4, 1, 1),
        wrong_currency,
        transfer(1, 5, 1),
        transfer(2, 1, 1),
    ];
    let requests: Vec<_> = kinds.iter().cycle().take(1_000).cloned().collect();

    let answer = ledger
        .engine
        .post(asked("batch", Ask::Each(requests)))
        .await;

    let answer = told(answer);
    let words: Vec<_> = answer.split(',').collect();
    let expected = [
        "posted",
        "insufficient_funds",
        "same_account",
        "account_not_found",
        "account_frozen",
        "account_closed",
        "currency_mismatch",
        "amount_out_of_range",
        "posted",
    ];
    assert_eq!(words.len(), 1_000);
    assert_eq!(words[..9], expected);
    assert!(
        words
            .iter()
            .zip(expected.iter().cycle())
            .all(|(word, it)| word == it)
    );
    ledger.is_consistent().await;
}

#[tokio::test]
async fn an_atomic_batch_with_one_bad_transfer_leaves_nothing() {
    let ledger = Ledger::with(&[1_000, 0]).await;
    let before = ledger.transfers().await;
    let mut requests = vec![transfer(1, 2, 1); 999];
    requests.push(transfer(1, 2, 10_000));

    let answer = ledger
        .engine
        .post(asked("batch", Ask::Together(requests)))
        .await;

    assert_eq!(told(answer), "refused 1");
    assert_eq!(ledger.transfers().await, before);
    assert_eq!(ledger.balance(2).await, 0);
}

#[tokio::test]
async fn a_key_is_remembered_for_a_day_and_then_stands_for_another_transfer() {
    let ledger = Ledger::with(&[1_000, 0]).await;
    let ask = || ledger.ask("k", transfer(1, 2, 1));

    let first = ask().await.unwrap();
    ledger.world.clock.advance(SignedDuration::from_hours(23));
    let again = ask().await.unwrap();
    let after_a_day = ledger.balance(2).await;
    ledger.world.clock.advance(SignedDuration::from_hours(2));
    let anew = ask().await.unwrap();

    assert_eq!([first, again, anew], ["posted"; 3]);
    assert_eq!((after_a_day, ledger.balance(2).await), (1, 2));
    ledger.is_consistent().await;
}

#[tokio::test]
async fn more_than_fit_a_batch_are_posted_together() {
    let ledger = Ledger::with(&[1_000, 0]).await;
    let small = EngineSettings {
        batch_max: 10,
        queue_max: 20,
        ..EngineSettings::default()
    };
    let engine = engine_with(&ledger.world, small);

    let answer = engine
        .post(asked("batch", Ask::Together(vec![transfer(1, 2, 1); 500])))
        .await;

    assert_eq!(told(answer), "posted 500");
    assert_eq!(ledger.balance(2).await, 500);
    ledger.is_consistent().await;
}

#[tokio::test]
async fn another_organizations_account_is_not_there() {
    let ledger = Ledger::over(World::new().await, &[1_000, 0]).await;
    let other =
        "UPDATE account_standings SET organization_id = gen_random_uuid(), version = version + 1";
    let id = account(2);
    ledger
        .admin
        .run(&format!("{other} WHERE account_id = '{id}'"))
        .await;

    let answer = ledger.ask("k", transfer(1, 2, 1)).await.unwrap();

    assert_eq!(answer, "account_not_found");
}
