use adapters_postgres::PgEntryQueries;
use app::{
    ledger::AccountEntry,
    paging::{Limit, PageNumber, Window},
    ports::{EntryDirection, EntryFilter, EntryQueries},
    testing::{NOW, ORGANIZATION, stranger},
};
use domain::{
    ids::{AccountId, TransferId},
    ledger::{SystemAccount, TransferKind},
};
use jiff::{SignedDuration, Timestamp};

use super::{Bank, after, in_pieces};
use crate::support::{at, first};

fn after_seconds(seconds: i64) -> Option<Timestamp> {
    Some(at(NOW) + SignedDuration::from_secs(seconds))
}

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
    assert_eq!(found[0].created_at, after_seconds(50).unwrap());
}

#[tokio::test]
async fn entries_are_filtered_and_come_in_pieces_and_pages() {
    let (bank, ada) = busy().await;
    let queries = PgEntryQueries::new(bank.world.database.clone());
    let all = EntryFilter::default;
    let filters = [
        (all(), vec![-6, 5, 4, -3, -2, -1, 1_000]),
        (
            EntryFilter {
                from: after_seconds(30),
                ..all()
            },
            vec![-6, 5, 4, -3],
        ),
        (
            EntryFilter {
                to: after_seconds(30),
                ..all()
            },
            vec![4, -3, -2, -1, 1_000],
        ),
        (
            EntryFilter {
                from: after_seconds(20),
                to: after_seconds(40),
                ..all()
            },
            vec![5, 4, -3, -2],
        ),
        (
            EntryFilter {
                from: after_seconds(51),
                ..all()
            },
            vec![],
        ),
        (
            EntryFilter {
                to: after_seconds(-1),
                ..all()
            },
            vec![],
        ),
        (
            EntryFilter {
                from: after_seconds(40),
                to: after_seconds(20),
                ..all()
            },
            vec![],
        ),
        (
            EntryFilter {
                kind: Some(TransferKind::Deposit),
                ..all()
            },
            vec![5],
        ),
        (
            EntryFilter {
                kind: Some(TransferKind::Reversal),
                ..all()
            },
            vec![],
        ),
        (
            EntryFilter {
                direction: Some(EntryDirection::Credit),
                ..all()
            },
            vec![5, 4, 1_000],
        ),
        (
            EntryFilter {
                direction: Some(EntryDirection::Debit),
                to: after_seconds(30),
                ..all()
            },
            vec![-3, -2, -1],
        ),
        (
            EntryFilter {
                direction: Some(EntryDirection::Credit),
                kind: Some(TransferKind::Transfer),
                from: after_seconds(1),
                to: after_seconds(50),
            },
            vec![4],
        ),
    ];

    for (filter, expected) in filters {
        for rows in [1, 2, 3, 100] {
            let found = entries(&bank, ada, &filter, rows).await;
            assert_eq!(amounts(&found), expected, "{filter:?} by {rows}");
        }
        let size = Limit::new(2).unwrap();
        let number = PageNumber::new(2, size).unwrap();
        let page = Window::Page { number, size };
        let page = queries.list(ORGANIZATION, ada, &filter, page).await;
        let page = page.unwrap().unwrap();
        let second: Vec<_> = expected.iter().copied().skip(2).take(2).collect();
        assert_eq!(amounts(&page.rows), second, "{filter:?}");
        assert_eq!(
            page.total.unwrap().rows as usize,
            expected.len(),
            "{filter:?}"
        );
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
        from: after_seconds(3),
        to: after_seconds(4),
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
