use adapters_postgres::PgTransferQueries;
use app::{
    ledger::{Party, TransferRequest},
    paging::{Limit, PageNumber, Window},
    ports::{TransferFilter, TransferQueries},
    testing::{NOW, ORGANIZATION, stranger},
};
use domain::{
    ids::{AccountId, TransferId},
    ledger::{
        PostedTransfer, SystemAccount, TransferDescription, TransferDetails, TransferKind,
        TransferReference,
    },
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Bank, in_pieces};
use crate::support::{at, first, full_metadata, transfer};

fn after_seconds(seconds: i64) -> Option<Timestamp> {
    Some(at(NOW) + SignedDuration::from_secs(seconds))
}

fn reference(raw: &str) -> Option<TransferReference> {
    TransferReference::parse(raw).ok()
}

async fn referring(bank: &Bank, from: AccountId, to: AccountId, raw: &str) -> PostedTransfer {
    let request = TransferRequest {
        source: Party::Account(from),
        destination: Party::Account(to),
        details: TransferDetails {
            description: TransferDescription::parse("Lunch\nfor two").ok(),
            reference: reference(raw),
            metadata: full_metadata(),
            reverses: None,
        },
        ..transfer(0, 0, 1)
    };
    bank.post(request).await
}

#[tokio::test]
async fn a_transfer_reads_back_as_it_was_posted() {
    let bank = Bank::new().await;
    let queries = PgTransferQueries::new(bank.world.database.clone());
    let (ada, bob) = (bank.open(1_000).await, bank.open(0).await);

    let posted = referring(&bank, ada, bob, "order-1").await;

    let id = posted.order.id;
    let found = queries.find(ORGANIZATION, id).await.unwrap();
    assert_eq!(found, Some(posted));
    let none = TransferId::from_uuid(Uuid::from_u128(404));
    assert_eq!(queries.find(ORGANIZATION, none).await.unwrap(), None);
    let us = stranger().organization_id;
    assert_eq!(queries.find(us, id).await.unwrap(), None);
}

#[tokio::test]
async fn transfers_are_listed_newest_first_by_each_filter() {
    let bank = Bank::new().await;
    let queries = PgTransferQueries::new(bank.world.database.clone());
    let (ada, bob, cleo) = (
        bank.open(1_000).await,
        bank.open(0).await,
        bank.open(0).await,
    );
    let mut posted = Vec::new();
    for (from, to, raw) in [
        (ada, bob, "a"),
        (ada, cleo, "b"),
        (bob, cleo, "a"),
        (ada, bob, "c"),
    ] {
        bank.wait(300);
        posted.push(referring(&bank, from, to, raw).await.order.id);
    }
    bank.wait(300);
    posted.push(bank.deposit(bob, 5).await);
    let external = bank.system(&SystemAccount::External).await;
    let transfer = Some(TransferKind::Transfer);
    let all = || TransferFilter {
        from: after_seconds(1),
        ..TransferFilter::default()
    };
    let of = |id| TransferFilter {
        account_id: Some(id),
        ..all()
    };
    let filters = [
        (all(), vec![4, 3, 2, 1, 0]),
        (of(ada), vec![3, 1, 0]),
        (of(bob), vec![4, 3, 2, 0]),
        (of(external), vec![4]),
        (
            TransferFilter {
                kind: transfer,
                ..of(bob)
            },
            vec![3, 2, 0],
        ),
        (
            TransferFilter {
                reference: reference("a"),
                ..all()
            },
            vec![2, 0],
        ),
        (
            TransferFilter {
                reference: reference("a"),
                ..of(ada)
            },
            vec![0],
        ),
        (
            TransferFilter {
                kind: Some(TransferKind::Deposit),
                ..all()
            },
            vec![4],
        ),
        (
            TransferFilter {
                from: after_seconds(600),
                to: after_seconds(900),
                ..all()
            },
            vec![2, 1],
        ),
        (
            TransferFilter {
                from: after_seconds(601),
                to: after_seconds(899),
                ..all()
            },
            vec![],
        ),
        (
            TransferFilter {
                from: after_seconds(600),
                to: after_seconds(900),
                ..of(ada)
            },
            vec![1],
        ),
        (
            TransferFilter {
                from: after_seconds(1_501),
                ..all()
            },
            vec![],
        ),
        (of(AccountId::from_uuid(Uuid::from_u128(404))), vec![]),
    ];

    for (filter, expected) in filters {
        let ids: Vec<_> = expected.into_iter().map(|n: usize| posted[n]).collect();
        for rows in [1, 2, 100] {
            let (queries, filter) = (&queries, &filter);
            let found = in_pieces(rows, async |window| {
                queries.list(ORGANIZATION, filter, window).await.unwrap()
            });
            let found: Vec<_> = found.await.iter().map(|it| it.order.id).collect();
            assert_eq!(found, ids, "{filter:?} by {rows}");
        }
        let size = Limit::default();
        let number = PageNumber::new(1, size).unwrap();
        let page = Window::Page { number, size };
        let page = queries.list(ORGANIZATION, &filter, page).await.unwrap();
        assert_eq!(page.rows.len(), ids.len(), "{filter:?}");
        assert_eq!(page.total.unwrap().rows as usize, ids.len(), "{filter:?}");
    }
}

#[tokio::test]
async fn transfers_of_another_organization_are_not_listed() {
    let bank = Bank::new().await;
    let queries = PgTransferQueries::new(bank.world.database.clone());
    let us = stranger().organization_id;
    let (ada, bob) = (bank.open(1_000).await, bank.open(0).await);
    referring(&bank, ada, bob, "a").await;
    let all = TransferFilter::default;
    let filters = [
        all(),
        TransferFilter {
            account_id: Some(ada),
            ..all()
        },
        TransferFilter {
            reference: reference("a"),
            ..all()
        },
    ];

    for filter in filters {
        let ours = queries.list(us, &filter, first()).await.unwrap();
        assert_eq!(ours.rows, [], "{filter:?}");
        let theirs = queries.list(ORGANIZATION, &filter, first()).await.unwrap();
        assert!(!theirs.rows.is_empty(), "{filter:?}");
    }
}
