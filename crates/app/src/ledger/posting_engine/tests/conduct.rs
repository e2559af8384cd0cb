use domain::ledger::{Folio, SystemAccount};
use futures_util::future::join_all;

use super::*;
use crate::testing::standing;

#[tokio::test]
async fn a_lone_transfer_is_posted_at_once() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engine = engine_over(&store, settings());

    let answer = ask_each(&engine, "a", transfer(1, 2, 60)).await.unwrap();

    assert_eq!(answer, "posted");
    assert_eq!(balance(&store, 2), 60);
    assert_eq!(engine.waiting().count(), 0);
}

#[tokio::test]
async fn many_transfers_share_a_commit() {
    let store = MemoryPostingStore::with([standing(1, 1_000), standing(2, 0)]);
    let engine = engine_over(&store, settings());

    let asked = (0..500).map(|n| ask_each(&engine, &format!("k{n}"), transfer(1, 2, 1)));
    let answers = join_all(asked.collect::<Vec<_>>()).await;

    assert!(answers.into_iter().all(|it| it.unwrap() == "posted"));
    assert_eq!(balance(&store, 2), 500);
    assert!(store.see(|stored| stored.batches) < 100);
}

#[tokio::test]
async fn a_hundred_of_five_hundred_debits_fit_what_is_there() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engine = engine_over(&store, settings());

    let asked = (0..500).map(|n| ask_each(&engine, &format!("k{n}"), transfer(1, 2, 1)));
    let answers = join_all(asked.collect::<Vec<_>>()).await;

    let posted = answers
        .into_iter()
        .filter(|it| it.as_ref().unwrap() == "posted");
    assert_eq!(posted.count(), 100);
    assert_eq!(balance(&store, 1), 0);
}

#[tokio::test]
async fn a_key_posts_once_however_often_it_is_used_at_once() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engine = engine_over(&store, settings());

    let asked = (0..100).map(|_| ask_each(&engine, "same", transfer(1, 2, 1)));
    let answers = join_all(asked.collect::<Vec<_>>()).await;

    let told: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(told.iter().filter(|it| *it == "posted").count(), 1);
    assert_eq!(told.iter().filter(|it| *it == "again posted").count(), 99);
    assert_eq!(balance(&store, 2), 1);
}

#[tokio::test]
async fn a_key_is_for_one_request() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engine = engine_over(&store, settings());
    let ask = |fingerprint| {
        let ask = Ask::Each(vec![transfer(1, 2, 1)]);
        engine.post(asked(key("same", fingerprint), ask))
    };

    let (first, at_once) = tokio::join!(ask(1), ask(2));
    let later = ask(2).await;

    assert_eq!(words(first), "posted");
    for other in [at_once, later] {
        assert!(matches!(
            other,
            Err(PostingError::Key(crate::idempotency::OnceError::KeyReused))
        ));
    }
}

#[tokio::test]
async fn what_belongs_together_is_posted_together_or_not_at_all() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engine = engine_over(&store, settings());
    let ask = |name, requests| engine.post(asked(key(name, 1), Ask::Together(requests)));

    let bad = ask(
        "bad",
        vec![transfer(1, 2, 60), transfer(1, 2, 60), transfer(1, 9, 1)],
    )
    .await;
    let good = ask("good", vec![transfer(1, 2, 60), transfer(2, 1, 60)]).await;

    assert_eq!(words(bad), "1:insufficient_funds,2:account_not_found");
    assert_eq!(words(good), "posted 2");
    assert_eq!(balance(&store, 1), 100);
}

#[tokio::test]
async fn system_accounts_are_made_when_they_are_needed_and_add_up() {
    let store = MemoryPostingStore::with([standing(1, 0)]);
    let engine = engine_over(&store, settings());
    let deposit = |n| TransferRequest {
        source: Party::System(SystemAccount::External),
        ..transfer(0, 1, n)
    };

    let asked = (1..=50).map(|n| ask_each(&engine, &format!("k{n}"), deposit(n)));
    join_all(asked.collect::<Vec<_>>()).await;

    let external: i64 = store.see(|stored| {
        let pages = stored.standings.values().filter(|it| !it.folio.is_whole());
        pages.map(|it| it.balance_minor).sum()
    });
    assert_eq!(balance(&store, 1), 1_275);
    assert_eq!(external, -1_275);
}

#[tokio::test]
async fn a_full_queue_turns_away_and_loses_nothing() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let few = EngineSettings {
        queue_max: 4,
        ..settings()
    };
    let engine = engine_over(&store, few);

    let asked = (0..50).map(|n| ask_each(&engine, &format!("k{n}"), transfer(1, 2, 1)));
    let answers = join_all(asked.collect::<Vec<_>>()).await;

    let told: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    let posted = told.iter().filter(|it| *it == "posted").count();
    let turned_away = told.iter().filter(|it| it.starts_with("too many")).count();
    assert_eq!(posted + turned_away, 50);
    assert!(turned_away > 0);
    assert_eq!(balance(&store, 2), i64::try_from(posted).unwrap());
}

#[tokio::test]
async fn the_engine_ends_when_nobody_can_ask_and_all_is_posted() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let parts = EngineParts {
        store: store.clone(),
        clock: FixedClock::at(NOW),
        ids: Arc::new(SequentialIds::default()),
    };
    let (engine, running) = PostingEngine::start(parts, settings());

    let asked = ask_each(&engine, "a", transfer(1, 2, 1));
    tokio::task::yield_now().await;
    drop(engine);
    running.await;

    assert_eq!(asked.await.unwrap(), "posted");
}

fn balance(store: &MemoryPostingStore, account: u128) -> i64 {
    let folio = Folio::whole(AccountId::from_uuid(Uuid::from_u128(account)));
    store.see(|stored| stored.standings[&folio].balance_minor)
}
