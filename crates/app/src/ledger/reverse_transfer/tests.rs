use domain::{
    ids::AccountId,
    ledger::{SystemAccount, TransferAmount, TransferDescription, TransferReference},
    values::Currency,
};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::{
    ledger::{Party, TransferRequest, post_within},
    testing::{
        FakeUnitOfWork, FixedClock, MemoryPostingStore, NOW, ORGANIZATION, SequentialIds, caller,
        standing, stranger,
    },
};

#[fixture]
fn handler() -> ReverseTransferHandler {
    ReverseTransferHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn party(number: u128) -> Party {
    Party::Account(AccountId::from_uuid(Uuid::from_u128(number)))
}

fn request(kind: TransferKind, source: Party, destination: Party) -> TransferRequest {
    TransferRequest {
        kind,
        source,
        destination,
        amount: TransferAmount::from_minor(70).unwrap(),
        currency: Currency::parse("USD").unwrap(),
        details: TransferDetails {
            reference: Some(TransferReference::parse("order-1").unwrap()),
            ..TransferDetails::default()
        },
    }
}

/// 100 on account 1, and then this was posted.
async fn after(request: TransferRequest) -> (Arc<MemoryPostingStore>, TransferId) {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    // Ids of their own, so that they differ from those of the handler.
    let ids = SequentialIds::default();
    for _ in 0..1_000 {
        crate::ports::IdGenerator::new_id(&ids);
    }
    let postings = Postings {
        organization_id: ORGANIZATION,
        now: NOW.parse().unwrap(),
        ids: &ids,
    };
    let posted = post_within(&[request], postings, &mut uow).await.unwrap();
    (store, posted[0].order.id)
}

fn command(id: TransferId) -> ReverseTransfer {
    ReverseTransfer {
        caller: caller(),
        id,
        reasons: TransferDetails {
            description: Some(TransferDescription::parse("a mistake").unwrap()),
            ..TransferDetails::default()
        },
    }
}

fn balance(store: &MemoryPostingStore, account: u128) -> i64 {
    let folio = standing(account, 0).folio;
    store.see(|stored| stored.standings[&folio].balance_minor)
}

#[rstest]
#[tokio::test]
async fn the_mirror_puts_everything_back(handler: ReverseTransferHandler) {
    let (store, id) = after(request(TransferKind::Transfer, party(1), party(2))).await;
    assert_eq!((balance(&store, 1), balance(&store, 2)), (30, 70));
    let mut uow = FakeUnitOfWork::default().with_books(&store);

    let reversal = handler.handle(&command(id), &mut uow).await.unwrap();

    assert_eq!((balance(&store, 1), balance(&store, 2)), (100, 0));
    let order = reversal.order;
    assert_eq!(order.kind, TransferKind::Reversal);
    assert_eq!(order.details.reverses, Some(id));
    assert_eq!(order.details.description, command(id).reasons.description);
    assert_eq!(order.details.reference.unwrap().as_str(), "order-1");
}

#[rstest]
#[case::deposit(request(
    TransferKind::Deposit,
    Party::System(SystemAccount::External),
    party(1)
))]
#[case::withdrawal(request(
    TransferKind::Withdrawal,
    party(1),
    Party::System(SystemAccount::External)
))]
#[tokio::test]
async fn what_came_from_outside_goes_back_there(
    handler: ReverseTransferHandler,
    #[case] request: TransferRequest,
) {
    let (store, id) = after(request).await;
    let mut uow = FakeUnitOfWork::default().with_books(&store);

    handler.handle(&command(id), &mut uow).await.unwrap();

    assert_eq!(balance(&store, 1), 100);
    let outside = store.see(|stored| stored.balance_of(SystemAccount::External));
    assert_eq!(outside, 0);
}

#[rstest]
#[tokio::test]
async fn a_transfer_is_taken_back_once(handler: ReverseTransferHandler) {
    let (store, id) = after(request(TransferKind::Transfer, party(1), party(2))).await;
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let first = handler.handle(&command(id), &mut uow).await.unwrap();

    let again = handler.handle(&command(id), &mut uow).await;
    let mirrored = handler.handle(&command(first.order.id), &mut uow).await;

    assert!(matches!(again, Err(ReverseTransferError::AlreadyReversed(told)) if told == id));
    let kind = TransferKind::Reversal;
    assert!(matches!(mirrored, Err(ReverseTransferError::NotReversible(told)) if told == kind));
    assert_eq!(balance(&store, 1), 100);
}

#[rstest]
#[case::invoice_issued(TransferKind::InvoiceIssued)]
#[tokio::test]
async fn what_is_taken_back_by_other_means_is_refused(
    handler: ReverseTransferHandler,
    #[case] kind: TransferKind,
) {
    let (store, id) = after(request(kind, party(1), party(2))).await;
    let mut uow = FakeUnitOfWork::default().with_books(&store);

    let refused = handler.handle(&command(id), &mut uow).await;

    assert!(matches!(refused, Err(ReverseTransferError::NotReversible(told)) if told == kind));
}

#[rstest]
#[tokio::test]
async fn what_was_spent_cannot_be_taken_back(handler: ReverseTransferHandler) {
    let (store, id) = after(request(TransferKind::Transfer, party(1), party(2))).await;
    let second = standing(2, 0).folio;
    store.see(|stored| stored.standings.get_mut(&second).unwrap().balance_minor = 69);
    let mut uow = FakeUnitOfWork::default().with_books(&store);

    let refused = handler.handle(&command(id), &mut uow).await;

    assert!(matches!(
        refused,
        Err(ReverseTransferError::Rejected(
            Rejection::InsufficientFunds { .. }
        ))
    ));
}

#[rstest]
#[tokio::test]
async fn strangers_find_no_transfer(handler: ReverseTransferHandler) {
    let (store, id) = after(request(TransferKind::Transfer, party(1), party(2))).await;
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let strange = ReverseTransfer {
        caller: stranger(),
        ..command(id)
    };

    let refused = handler.handle(&strange, &mut uow).await;

    assert!(matches!(refused, Err(ReverseTransferError::NotFound(told)) if told == id));
}
