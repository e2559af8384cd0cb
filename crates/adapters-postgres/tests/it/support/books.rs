//! A ledger with something in it.

use std::sync::Mutex;

use adapters_postgres::{PgLedgerSnapshots, PgTransferChain};
use app::{
    ledger::{
        Party, PostWithinError, Postings, Promise, TransferRequest, Verification, post_within,
        verify,
    },
    ports::{LedgerSnapshots, StorageError},
    testing::ORGANIZATION,
};
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::{SystemAccount, TransferAmount, TransferDetails, TransferKind, TransferReference},
    values::Metadata,
};
use futures_util::FutureExt;
use uuid::Uuid;

use super::{World, at, currency, wait_until};

/// An ordinary account of these tests, by a number.
pub(crate) fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(0xacc0 + number))
}

/// Opens account 1 and account 2 of an organization in EUR, without a limit to speak of. Of another organization, 11 and 12.
pub(crate) async fn open_accounts(world: &World, owner: OrganizationId, numbers: [u128; 2]) {
    let admin = world.admin().await;
    for number in numbers {
        let (id, owner) = (account(number), owner.as_uuid());
        admin
            .run(&format!(
                "INSERT INTO accounts VALUES ('{id}', '{owner}', NULL, 'o', 'n', 'EUR', '{{}}', now(), now(), 1);
                 INSERT INTO account_standings
                 VALUES ('{id}', 0, '{owner}', 'EUR', 'active', 1000000, 0, 0, 0, 'epoch', 1)"
            ))
            .await;
    }
}

fn request(kind: TransferKind, source: Party, destination: Party) -> TransferRequest {
    TransferRequest {
        kind,
        source,
        destination,
        amount: TransferAmount::from_minor(5).unwrap(),
        currency: currency("EUR"),
        details: TransferDetails {
            reference: Some(TransferReference::parse("order 7").unwrap()),
            metadata: Metadata::restore(
                [("b".into(), "2".into()), ("a".into(), "1".into())].into(),
            ),
            ..TransferDetails::default()
        },
    }
}

/// In turns: 5 from `external` to one account, and 5 from there to the other one.
fn requests(count: usize, [one, other]: [u128; 2]) -> Vec<TransferRequest> {
    let (one, other) = (Party::Account(account(one)), Party::Account(account(other)));
    let each = |number: usize| {
        if number.is_multiple_of(2) {
            request(
                TransferKind::Deposit,
                Party::System(SystemAccount::External),
                one.clone(),
            )
        } else {
            request(TransferKind::Transfer, one.clone(), other.clone())
        }
    };
    (0..count).map(each).collect()
}

/// Posts so many transfers between accounts of an organization in one transaction.
pub(crate) async fn post(world: &World, owner: OrganizationId, numbers: [u128; 2], count: usize) {
    let (ids, requests) = (world.ids.clone(), requests(count, numbers));
    let posted = world.write(move |uow| {
        let (ids, requests) = (ids.clone(), requests.clone());
        async move {
            let postings = Postings {
                organization_id: owner,
                now: at("2026-11-20T12:00:00Z"),
                ids: ids.as_ref(),
            };
            match post_within(&requests, postings, uow).await {
                Ok(_) => Ok(()),
                Err(PostWithinError::Storage(error)) => Err(error),
                Err(PostWithinError::Rejected(why)) => Err(StorageError::Unavailable(why.into())),
            }
        }
        .boxed()
    });
    posted.await.unwrap();
}

/// Organization 1 with accounts 1 and 2, and so many transfers between them.
pub(crate) async fn books(transfers: usize) -> World {
    let world = World::new().await;
    open_accounts(&world, ORGANIZATION, [1, 2]).await;
    post(&world, ORGANIZATION, [1, 2], transfers).await;
    world
}

/// Chains everything, in batches of about this size, and tells how large they were. Transactions of other tests on the same
/// server are waited for as well.
pub(crate) async fn batches(world: &World, limit: u16) -> Vec<usize> {
    let chain = PgTransferChain::new(world.database.clone(), world.clock.clone());
    let batches = Mutex::new(Vec::new());
    let admin = world.admin().await;
    let unchained = "transfers WHERE xact_id >= (SELECT xact_id FROM transfer_chain_progress)";
    wait_until("everything is chained", || async {
        let chained = chain.extend(limit).await.unwrap();
        batches.lock().unwrap().push(chained);
        admin.count(unchained).await == 0
    })
    .await;
    let batches = batches.into_inner().unwrap();
    batches.into_iter().filter(|chained| *chained > 0).collect()
}

/// Chains everything, and tells how many transfers that were.
pub(crate) async fn chain(world: &World, limit: u16) -> usize {
    batches(world, limit).await.into_iter().sum()
}

/// What a look at the whole ledger finds.
pub(crate) async fn verified(world: &World) -> Verification {
    let snapshots = PgLedgerSnapshots::new(world.database.clone());
    let snapshot = snapshots.open().await.unwrap();
    verify(snapshot.as_ref(), &|_| {}).await.unwrap()
}

/// The promises that do not hold.
pub(crate) fn broken(verification: &Verification) -> Vec<Promise> {
    let all = Promise::ALL.into_iter();
    all.filter(|promise| verification.findings.of(*promise).is_some())
        .collect()
}
