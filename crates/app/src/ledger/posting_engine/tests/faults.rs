use std::time::Duration;

use domain::ledger::{Standing, SystemAccount};
use futures_util::future::join_all;
use rstest::rstest;

use super::*;
use crate::testing::{Mishap, Stored, standing};

/// Three transfers of different accounts at once, after something was said to go wrong.
async fn post_three(mishaps: &[Mishap]) -> (Vec<String>, Arc<MemoryPostingStore>) {
    let store = three_pairs();
    store.see(|stored| stored.mishaps.extend(mishaps));
    (post_to(&store).await, store)
}

fn three_pairs() -> Arc<MemoryPostingStore> {
    MemoryPostingStore::with((1..=6).map(|account| standing(account, 100)))
}

async fn post_to(store: &Arc<MemoryPostingStore>) -> Vec<String> {
    let one_lane = EngineSettings {
        lanes: 1,
        ..settings()
    };
    let engine = engine_over(store, one_lane);
    let ask = |name, from| ask_each(&engine, name, transfer(from, from + 1, 10));
    let answers = join_all([ask("a", 1), ask("b", 3), ask("c", 5)]).await;
    answers.into_iter().map(Result::unwrap).collect()
}

fn posted(stored: &mut Stored) -> usize {
    stored.transfers.len()
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_not_repeated() {
    let (answers, store) = post_three(&[Mishap::AnswerLost]).await;

    assert_eq!(answers, ["posted", "posted", "posted"]);
    assert_eq!(store.see(posted), 3);
}

#[tokio::test]
async fn what_may_have_been_written_is_not_written_again_before_that_is_known() {
    let store = three_pairs();
    store.see(|stored| {
        stored.mishaps.push_back(Mishap::AnswerLost);
        stored.unheard = 2;
    });

    let answers = post_to(&store).await;

    assert_eq!(answers, ["posted", "posted", "posted"]);
    assert_eq!(store.see(|stored| (stored.tries, stored.unheard)), (1, 0));
}

#[tokio::test]
async fn what_was_not_written_is_written_again() {
    let (answers, store) = post_three(&[Mishap::NotWritten, Mishap::NotWritten]).await;

    assert_eq!(answers, ["posted", "posted", "posted"]);
    assert_eq!(store.see(posted), 3);
}

#[tokio::test]
async fn storage_that_stays_away_is_told_in_time() {
    let (answers, store) = post_three(&vec![Mishap::NotWritten; 1_000]).await;

    assert!(answers.iter().all(|it| it == "the storage is unavailable"));
    assert_eq!(store.see(posted), 0);
}

#[tokio::test]
async fn a_locked_account_fails_alone() {
    let locked = standing(3, 0).folio;

    let (answers, store) = post_three(&[Mishap::Locked(locked)]).await;

    let contended = "gave up after 1 attempts because of concurrent writers";
    assert_eq!(answers, ["posted", contended, "posted"]);
    assert_eq!(store.see(posted), 2);
}

#[tokio::test]
async fn an_account_that_is_locked_later_fails_alone_too() {
    let [first, second] = [standing(3, 0), standing(5, 0)].map(|it| Mishap::Locked(it.folio));

    let (answers, store) = post_three(&[first, second]).await;

    let contended = "gave up after 1 attempts because of concurrent writers";
    assert_eq!(answers, ["posted", contended, contended]);
    assert_eq!(store.see(posted), 1);
}

#[tokio::test]
async fn what_may_have_been_written_is_never_called_undone() {
    let locked = standing(3, 0).folio;

    let (answers, store) = post_three(&[Mishap::NotWritten, Mishap::Locked(locked)]).await;

    assert!(
        answers.iter().all(|it| it == "the storage is unavailable"),
        "{answers:?}"
    );
    assert_eq!(store.see(posted), 0);
}

#[tokio::test]
async fn a_row_that_cannot_be_written_fails_alone() {
    let unwritable = standing(3, 0).folio;

    let (answers, store) = post_three(&[Mishap::Unwritable(unwritable)]).await;

    let corrupt = "the stored row that was to be written is not valid";
    assert_eq!(answers, ["posted", corrupt, "posted"]);
    assert_eq!(store.see(posted), 2);
}

#[tokio::test]
async fn what_others_have_changed_is_looked_at_again() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engine = engine_over(&store, settings());
    ask_each(&engine, "a", transfer(1, 2, 10)).await.unwrap();
    store.see(|stored| {
        let page = stored.standings.get_mut(&standing(1, 0).folio).unwrap();
        page.balance_minor = 5;
        page.version = page.version.next();
    });

    let too_much = ask_each(&engine, "b", transfer(1, 2, 10)).await.unwrap();
    let enough = ask_each(&engine, "c", transfer(1, 2, 5)).await.unwrap();

    assert_eq!(too_much, "insufficient_funds");
    assert_eq!(enough, "posted");
}

/// The storage has lost what was written last, and something else has brought the page to the same version again.
#[tokio::test]
async fn a_version_that_was_given_twice_is_not_taken_for_the_first() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engine = engine_over(&store, settings());
    ask_each(&engine, "a", transfer(1, 2, 10)).await.unwrap();
    store.see(|stored| {
        let page = stored.standings.get_mut(&standing(1, 0).folio).unwrap();
        let version = page.version;
        *page = Standing {
            held_minor: 100,
            version,
            ..standing(1, 100)
        };
    });

    let told = ask_each(&engine, "b", transfer(1, 2, 10)).await.unwrap();

    assert_eq!(told, "insufficient_funds");
    let page = store.see(|stored| stored.standings[&standing(1, 0).folio]);
    assert_eq!((page.balance_minor, page.held_minor), (100, 100));
}

#[tokio::test]
async fn a_refusal_is_not_decided_on_what_is_out_of_date() {
    let store = MemoryPostingStore::with([standing(1, 10), standing(2, 0)]);
    let engine = engine_over(&store, settings());
    ask_each(&engine, "a", transfer(1, 2, 10)).await.unwrap();
    store.see(|stored| {
        let page = stored.standings.get_mut(&standing(1, 0).folio).unwrap();
        page.balance_minor = 50;
        page.version = page.version.next();
    });

    let answer = ask_each(&engine, "b", transfer(1, 2, 50)).await.unwrap();

    assert_eq!(answer, "posted");
}

#[tokio::test]
async fn several_engines_on_one_store_decide_as_one() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engines = [(); 3].map(|()| engine_over(&store, settings()));

    let asked = (0..300).map(|n| {
        let engine = &engines[n % 3];
        ask_each(engine, &format!("k{n}"), transfer(1, 2, 1))
    });
    let answers = join_all(asked.collect::<Vec<_>>()).await;

    let posted = answers
        .into_iter()
        .filter(|it| it.as_ref().unwrap() == "posted");
    assert_eq!(posted.count(), 100);
    assert_eq!(store.see(|stored| stored.transfers.len()), 100);
}

#[tokio::test]
async fn transfers_of_one_account_are_decided_in_the_order_in_which_they_came() {
    let store = MemoryPostingStore::with([standing(1, 10), standing(2, 0), standing(3, 0)]);
    let engine = engine_over(&store, settings());

    let asked = [
        ask_each(&engine, "a", transfer(1, 2, 10)),
        ask_each(&engine, "b", transfer(2, 3, 10)),
        ask_each(&engine, "c", transfer(3, 1, 10)),
    ];
    let answers = tokio::time::timeout(Duration::from_mins(1), join_all(asked)).await;

    let told: Vec<_> = answers.unwrap().into_iter().map(Result::unwrap).collect();
    assert_eq!(told, ["posted", "posted", "posted"]);
}

/// What a standby that took over without its last transactions does not have.
fn lose_systems(stored: &mut Stored) {
    stored.systems.clear();
    stored.standings.retain(|folio, _| folio.is_whole());
}

#[rstest]
#[case::while_its_page_is_remembered(&[])]
#[case::when_its_page_is_read_again(&[Mishap::NotWritten])]
#[tokio::test]
async fn a_system_account_that_was_lost_with_its_server_is_made_again(#[case] mishaps: &[Mishap]) {
    let store = MemoryPostingStore::with([standing(1, 0), standing(2, 0)]);
    let engine = engine_over(&store, settings());
    let deposit = TransferRequest {
        source: Party::System(SystemAccount::External),
        ..transfer(0, 1, 10)
    };
    ask_each(&engine, "a", deposit.clone()).await.unwrap();

    store.see(lose_systems);
    store.see(|stored| stored.mishaps.extend(mishaps));
    let answer = ask_each(&engine, "b", deposit).await.unwrap();

    assert_eq!(answer, "posted");
    assert_eq!(
        store.see(|stored| stored.balance_of(SystemAccount::External)),
        -10
    );
}
