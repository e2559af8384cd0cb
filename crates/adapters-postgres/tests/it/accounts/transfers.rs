use adapters_postgres::PgTransferQueries;
use app::{
    ledger::{Party, TransferRequest},
    ports::{TransferFilter, TransferQueries},
    testing::{ORGANIZATION, stranger},
};
use domain::{
    ids::{AccountId, TransferId},
    ledger::{
        PostedTransfer, SystemAccount, TransferDescription, TransferDetails, TransferKind,
        TransferReference,
    },
};
use uuid::Uuid;

use super::{Bank, in_pieces, instant, page, total};
use crate::support::{first, full_metadata, transfer};

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

/// Those after the first second, in which accounts are funded.
fn only(condition: impl FnOnce(&mut TransferFilter)) -> TransferFilter {
    let mut filter = TransferFilter {
        from: Some(instant(1)),
        ..TransferFilter::default()
    };
    condition(&mut filter);
    filter
}

/// Filters, and which of five transfers, 300 seconds apart, they let through.
fn filters([ada, bob, external]: [AccountId; 3]) -> Vec<(TransferFilter, Vec<usize>)> {
    let of = |id| only(|it| it.account_id = Some(id));
    let second = |seconds| Some(instant(seconds));
    let between = |from, to| only(|it| (it.from, it.to) = (second(from), second(to)));
    let (transfer, deposit) = (Some(TransferKind::Transfer), Some(TransferKind::Deposit));
    let nobody = AccountId::from_uuid(Uuid::from_u128(404));
    let a = || reference("a");
    vec![
        (only(|_| {}), vec![4, 3, 2, 1, 0]),
        (of(ada), vec![3, 1, 0]),
        (of(bob), vec![4, 3, 2, 0]),
        (of(external), vec![4]),
        (of(nobody), vec![]),
        (
            TransferFilter {
                kind: transfer,
                ..of(bob)
            },
            vec![3, 2, 0],
        ),
        (only(|it| it.reference = a()), vec![2, 0]),
        (
            TransferFilter {
                reference: a(),
                ..of(ada)
            },
            vec![0],
        ),
        (only(|it| it.kind = deposit), vec![4]),
        (between(600, 900), vec![2, 1]),
        (between(601, 899), vec![]),
        (
            TransferFilter {
                account_id: Some(ada),
                ..between(600, 900)
            },
            vec![1],
        ),
        (only(|it| it.from = second(1_501)), vec![]),
    ]
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

    for (filter, expected) in filters([ada, bob, external]) {
        let ids: Vec<_> = expected.into_iter().map(|n: usize| posted[n]).collect();
        for rows in [1, 2, 100] {
            let (queries, filter) = (&queries, &filter);
            let found = in_pieces(rows, async |window| {
                queries.list(ORGANIZATION, filter, window).await.unwrap()
            });
            let found: Vec<_> = found.await.iter().map(|it| it.order.id).collect();
            assert_eq!(found, ids, "{filter:?} by {rows}");
        }
        let listed = queries.list(ORGANIZATION, &filter, page(1, 20)).await;
        let listed = listed.unwrap();
        assert_eq!(listed.rows.len(), ids.len(), "{filter:?}");
        assert_eq!(total(&listed), ids.len(), "{filter:?}");
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
