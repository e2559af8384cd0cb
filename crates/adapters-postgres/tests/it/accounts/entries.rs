use adapters_postgres::PgEntryQueries;
use app::{
    ledger::AccountEntry,
    ports::{EntryDirection, EntryFilter, EntryQueries},
    testing::{ORGANIZATION, stranger},
};
use domain::{
    ids::{AccountId, TransferId},
    ledger::{SystemAccount, TransferKind},
};

use super::{Bank, after, in_pieces, instant, page, total};
use crate::support::first;

/// All entries, in pieces of so many.
async fn entries(bank: &Bank, id: AccountId, filter: &EntryFilter, rows: i64) -> Vec<AccountEntry> {
    let queries = PgEntryQueries::new(bank.world.database.clone());
    let queries = &queries;
    in_pieces(rows, async |window| {
        let listed = queries.list(ORGANIZATION, id, filter, window).await;
        listed.unwrap().unwrap()
    })
    .await
}

fn amounts(entries: &[AccountEntry]) -> Vec<i64> {
    entries.iter().map(|it| it.entry.amount_minor).collect()
}

/// An account that begins with 1,000 and has six entries more, two of them at one instant.
async fn busy() -> (Bank, AccountId) {
    let bank = Bank::new().await;
    let (ada, bob) = (bank.open(1_000).await, bank.open(0).await);
    for n in [1, 2, 3] {
        bank.wait(10);
        bank.transfer(ada, bob, n).await;
    }
    bank.transfer(bob, ada, 4).await;
    bank.wait(10);
    bank.deposit(ada, 5).await;
    bank.wait(10);
    bank.transfer(ada, bob, 6).await;
    (bank, ada)
}

#[tokio::test]
async fn entries_tell_what_transfers_did_newest_first() {
    let (bank, ada) = busy().await;

    let found = entries(&bank, ada, &EntryFilter::default(), 100).await;

    assert_eq!(amounts(&found), [-6, 5, 4, -3, -2, -1, 1_000]);
    let balances: Vec<_> = found
        .iter()
        .map(|it| it.entry.account_balance_after_minor())
        .collect();
    assert_eq!(balances, [997, 1_003, 998, 994, 997, 999, 1_000].map(Some));
    let kinds: Vec<_> = found.iter().map(|it| it.kind.code()).collect();
    let transfer = "transfer";
    let expected = [
        transfer,
        "deposit",
        transfer,
        transfer,
        transfer,
        transfer,
        "opening_balance",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(found[0].created_at, instant(50));
}

fn only(condition: impl FnOnce(&mut EntryFilter)) -> EntryFilter {
    let mut filter = EntryFilter::default();
    condition(&mut filter);
    filter
}

/// Filters, and which entries of [`busy`] they let through.
fn filters() -> Vec<(EntryFilter, Vec<i64>)> {
    let second = |seconds| Some(instant(seconds));
    let between = |from, to| only(|it| (it.from, it.to) = (second(from), second(to)));
    let kind = Some(TransferKind::Transfer);
    let (credit, debit) = (Some(EntryDirection::Credit), Some(EntryDirection::Debit));
    vec![
        (only(|_| {}), vec![-6, 5, 4, -3, -2, -1, 1_000]),
        (only(|it| it.from = second(30)), vec![-6, 5, 4, -3]),
        (only(|it| it.to = second(30)), vec![4, -3, -2, -1, 1_000]),
        (between(20, 40), vec![5, 4, -3, -2]),
        (only(|it| it.from = second(51)), vec![]),
        (only(|it| it.to = second(-1)), vec![]),
        (between(40, 20), vec![]),
        (only(|it| it.kind = Some(TransferKind::Deposit)), vec![5]),
        (only(|it| it.kind = Some(TransferKind::Reversal)), vec![]),
        (only(|it| it.direction = credit), vec![5, 4, 1_000]),
        (
            only(|it| (it.direction, it.to) = (debit, second(30))),
            vec![-3, -2, -1],
        ),
        (
            EntryFilter {
                from: second(1),
                to: second(50),
                kind,
                direction: credit,
            },
            vec![4],
        ),
    ]
}

#[tokio::test]
async fn entries_are_filtered_and_come_in_pieces_and_pages() {
    let (bank, ada) = busy().await;
    let queries = PgEntryQueries::new(bank.world.database.clone());

    for (filter, expected) in filters() {
        for rows in [1, 2, 3, 100] {
            let found = entries(&bank, ada, &filter, rows).await;
            assert_eq!(amounts(&found), expected, "{filter:?} by {rows}");
        }
        let listed = queries.list(ORGANIZATION, ada, &filter, page(2, 2)).await;
        let listed = listed.unwrap().unwrap();
        let second: Vec<_> = expected.iter().copied().skip(2).take(2).collect();
        assert_eq!(amounts(&listed.rows), second, "{filter:?}");
        assert_eq!(total(&listed), expected.len(), "{filter:?}");
    }
}

/// Deposits come from several pages of `external`; those of one second are at one instant.
#[tokio::test]
async fn the_pages_of_a_system_account_are_merged() {
    let bank = Bank::new().await;
    let ada = bank.open(0).await;
    let mut deposits: Vec<TransferId> = Vec::new();
    for second in 0..8 {
        bank.wait(1);
        for n in 0..6 {
            deposits.push(bank.deposit(ada, second * 6 + n + 1).await);
        }
    }
    let external = bank.system(&SystemAccount::External).await;
    let whole = entries(&bank, external, &EntryFilter::default(), 100).await;

    let pages: std::collections::BTreeSet<_> =
        whole.iter().map(|it| it.entry.folio.shard).collect();
    assert!(pages.len() > 4, "{pages:?}");
    let mut seen: Vec<_> = whole.iter().map(|it| it.transfer_id).collect();
    assert!(whole.is_sorted_by(|a, b| a.created_at >= b.created_at));
    assert!(
        whole
            .iter()
            .all(|it| it.entry.account_balance_after_minor().is_none())
    );
    for rows in [1, 5, 7] {
        let found = entries(&bank, external, &EntryFilter::default(), rows).await;
        assert_eq!(found, whole, "by {rows}");
    }
    let some = EntryFilter {
        from: Some(instant(3)),
        to: Some(instant(4)),
        ..EntryFilter::default()
    };
    let found = entries(&bank, external, &some, 5).await;
    assert_eq!(found, whole[24..36]);
    seen.sort_unstable();
    deposits.sort_unstable();
    assert_eq!(seen, deposits);
}

#[tokio::test]
async fn a_list_goes_on_where_it_was_while_entries_are_added() {
    let (bank, ada) = busy().await;
    let queries = PgEntryQueries::new(bank.world.database.clone());
    let filter = EntryFilter::default();
    let read = async |window| {
        let listed = queries.list(ORGANIZATION, ada, &filter, window).await;
        listed.unwrap().unwrap()
    };
    let begun = read(after(None, 3)).await;

    bank.deposit(ada, 7).await;
    let rest = read(after(begun.next, 100)).await;

    assert_eq!(amounts(&begun.rows), [-6, 5, 4]);
    assert_eq!(amounts(&rest.rows), [-3, -2, -1, 1_000]);
}

#[tokio::test]
async fn an_account_that_is_not_there_has_no_list_and_an_empty_one_has() {
    let bank = Bank::new().await;
    let queries = PgEntryQueries::new(bank.world.database.clone());
    let (empty, full) = (bank.open(0).await, bank.open(5).await);
    let filter = EntryFilter::default();
    let list = async |owner, id| queries.list(owner, id, &filter, first()).await.unwrap();

    let none = AccountId::from_uuid(uuid::Uuid::from_u128(404));
    assert_eq!(list(ORGANIZATION, none).await, None);
    assert_eq!(list(ORGANIZATION, empty).await.unwrap().rows, []);
    assert_eq!(list(stranger().organization_id, full).await, None);
}
