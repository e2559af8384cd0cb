use rstest::rstest;
use tonic::{Code, transport::Channel};
use uuid::Uuid;

use crate::{
    proto::v1::{
        BatchMode, CreateDepositRequest, CreateTransferBatchRequest, CreateTransferRequest,
        NewTransfer, OpenAccountRequest, ledger_service_client::LedgerServiceClient,
        transfer_result::Outcome,
    },
    testing::{Bench, Served, keyed, known, metadata, told, violations},
};

fn client(served: &Served) -> LedgerServiceClient<Channel> {
    LedgerServiceClient::new(served.channel.clone())
}

fn account(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

fn transfer(source: u128, destination: u128, minor: i64) -> CreateTransferRequest {
    CreateTransferRequest {
        source_account_id: Some(account(source)),
        destination_account_id: Some(account(destination)),
        amount_minor: Some(minor),
        currency: Some("USD".to_owned()),
        ..CreateTransferRequest::default()
    }
}

#[tokio::test]
async fn a_transfer_tells_what_is_on_both_accounts_right_after_it() {
    let served = Bench::new().serve();

    let answer = client(&served)
        .create_transfer(keyed("a", transfer(1, 2, 300)))
        .await
        .unwrap();

    let posted = answer.into_inner().transfer.unwrap();
    assert_eq!(posted.source_balance_after_minor, Some(700));
    assert_eq!(posted.destination_balance_after_minor, Some(1_300));
}

#[rstest]
#[case::more_than_there_is(transfer(1, 2, 1_001), Code::FailedPrecondition, "INSUFFICIENT_FUNDS")]
#[case::to_itself(transfer(1, 1, 1), Code::FailedPrecondition, "SAME_ACCOUNT")]
#[case::unknown(transfer(9, 1, 1), Code::NotFound, "ACCOUNT_NOT_FOUND")]
#[tokio::test]
async fn a_rejection_is_a_status(
    #[case] asked: CreateTransferRequest,
    #[case] code: Code,
    #[case] reason: &str,
) {
    let served = Bench::new().serve();

    let refused = client(&served).create_transfer(keyed("a", asked)).await;

    assert_eq!(told(&refused.unwrap_err()), (code, reason.to_owned()));
}

#[tokio::test]
async fn money_moves_only_under_a_key() {
    let served = Bench::new().serve();

    let refused = client(&served)
        .create_transfer(known(transfer(1, 2, 1)))
        .await;

    let expected = (Code::InvalidArgument, "IDEMPOTENCY_KEY_REQUIRED".to_owned());
    assert_eq!(told(&refused.unwrap_err()), expected);
}

#[tokio::test]
async fn what_an_account_begins_with_is_moved_under_a_key_only() {
    let served = Bench::new().serve();
    let asked = OpenAccountRequest {
        owner: Some("user-1".to_owned()),
        currency: Some("EUR".to_owned()),
        initial_balance_minor: Some(1),
        ..OpenAccountRequest::default()
    };

    let refused = client(&served).open_account(known(asked)).await;

    let expected = (Code::InvalidArgument, "IDEMPOTENCY_KEY_REQUIRED".to_owned());
    assert_eq!(told(&refused.unwrap_err()), expected);
}

#[tokio::test]
async fn a_key_that_is_none_is_told_with_all_else_that_is_wrong() {
    let served = Bench::new().serve();
    let asked = CreateTransferRequest {
        amount_minor: Some(0),
        ..transfer(1, 2, 1)
    };

    let refused = client(&served).create_transfer(keyed("", asked)).await;

    let listed = violations(&refused.unwrap_err());
    let fields: Vec<_> = listed.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["amount_minor", "idempotency-key"]);
}

#[tokio::test]
async fn a_key_posts_once_and_is_answered_the_same() {
    let served = Bench::new().serve();
    let mut client = client(&served);
    let ask = |minor| keyed("a", transfer(1, 2, minor));

    let first = client.create_transfer(ask(300)).await.unwrap();
    let again = client.create_transfer(ask(300)).await.unwrap();
    let other = client.create_transfer(ask(301)).await.unwrap_err();

    assert_eq!(metadata(again.metadata(), "idempotency-replayed"), "true");
    assert!(!first.metadata().contains_key("idempotency-replayed"));
    assert_eq!(first.into_inner(), again.into_inner());
    let expected = (
        Code::FailedPrecondition,
        "IDEMPOTENCY_KEY_REUSED".to_owned(),
    );
    assert_eq!(told(&other), expected);
}

#[tokio::test]
async fn a_refusal_is_remembered_too() {
    let served = Bench::new().serve();
    let mut client = client(&served);
    let poor = || keyed("b", transfer(1, 2, 5_000));

    let first = client.create_transfer(poor()).await.unwrap_err();
    let again = client.create_transfer(poor()).await.unwrap_err();

    assert_eq!(told(&first), told(&again));
    assert_eq!(first.details(), again.details());
    assert_eq!(metadata(again.metadata(), "idempotency-replayed"), "true");
}

#[tokio::test]
async fn a_deposit_comes_from_outside() {
    let served = Bench::new().serve();
    let asked = CreateDepositRequest {
        account_id: account(1),
        amount_minor: Some(5),
        currency: Some("USD".to_owned()),
        ..CreateDepositRequest::default()
    };

    let answer = client(&served).create_deposit(keyed("a", asked)).await;

    let posted = answer.unwrap().into_inner().transfer.unwrap();
    assert_eq!(posted.destination_balance_after_minor, Some(1_005));
    assert_eq!(posted.source_balance_after_minor, None);
}

fn batch(mode: BatchMode) -> CreateTransferBatchRequest {
    let one = |asked: CreateTransferRequest| NewTransfer {
        source_account_id: asked.source_account_id,
        destination_account_id: asked.destination_account_id,
        amount_minor: asked.amount_minor,
        currency: asked.currency,
        ..NewTransfer::default()
    };
    CreateTransferBatchRequest {
        mode: mode.into(),
        transfers: vec![one(transfer(1, 2, 1)), one(transfer(1, 1, 1))],
    }
}

#[tokio::test]
async fn an_independent_batch_tells_what_became_of_each() {
    let served = Bench::new().serve();

    let answer = client(&served)
        .create_transfer_batch(keyed("a", batch(BatchMode::Independent)))
        .await;

    let results = answer.unwrap().into_inner().results;
    let outcomes: Vec<_> = results.into_iter().filter_map(|it| it.outcome).collect();
    let [Outcome::Transfer(_), Outcome::Rejection(rejection)] = outcomes.as_slice() else {
        panic!("one posted, one rejected: {outcomes:?}");
    };
    assert_eq!(rejection.reason, "SAME_ACCOUNT");
}

#[tokio::test]
async fn an_atomic_batch_is_refused_with_what_is_wrong() {
    let served = Bench::new().serve();

    let refused = client(&served)
        .create_transfer_batch(keyed("a", batch(BatchMode::Atomic)))
        .await
        .unwrap_err();

    let expected = (Code::FailedPrecondition, "BATCH_REJECTED".to_owned());
    assert_eq!(told(&refused), expected);
    let expected = ("transfers[1]".to_owned(), "SAME_ACCOUNT".to_owned());
    assert_eq!(violations(&refused), [expected]);
}
