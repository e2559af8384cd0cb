use std::sync::Arc;

use app::{
    ports::Claim,
    testing::{FakeUnitOfWork, MemoryPostingStore, ORGANIZATION, standing},
};
use domain::{
    ids::TransferId,
    ledger::{Book, PostedTransfer, TransferAmount, TransferDetails, TransferKind, TransferOrder},
};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::testing::Bench;

const PAYMENT: TransferId = TransferId::from_uuid(Uuid::from_u128(700));

/// 40 were paid from account 1 to account 2, by a transfer of this kind; so much is left there.
fn store(kind: TransferKind, left: i64) -> Arc<MemoryPostingStore> {
    let before = [standing(1, 100), standing(2, 0)];
    let order = TransferOrder {
        id: PAYMENT,
        organization_id: ORGANIZATION,
        kind,
        source: before[0].folio,
        destination: before[1].folio,
        amount: TransferAmount::from_minor(40).unwrap(),
        currency: before[0].currency,
        details: TransferDetails::default(),
    };
    let posting = Book::new(before)
        .post(&order, jiff::Timestamp::UNIX_EPOCH)
        .unwrap();
    let store = MemoryPostingStore::with([standing(1, 60), standing(2, left)]);
    store.see(|stored| stored.transfers.push(PostedTransfer::new(order, posting)));
    store
}

fn keyed(store: &Arc<MemoryPostingStore>) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().with_books(store);
    let keys = &mut uow.idempotency_keys;
    keys.expect_claim().returning(|_, _| Ok(Claim::First));
    keys.expect_remember().returning(|_, _, _| Ok(()));
    uow
}

fn path() -> String {
    format!("/transfers/{PAYMENT}/reverse")
}

#[actix_web::test]
async fn a_reversal_is_the_mirror_of_a_transfer() {
    let store = store(TransferKind::Transfer, 40);
    let asked = json!({"description": "Paid twice", "metadata": {"ticket": "7"}});

    let got = Bench::new()
        .over(keyed(&store))
        .send(post(&path(), "a", &asked))
        .await;

    let told = got.json();
    assert_eq!(got.status.as_u16(), 201);
    assert_eq!(told["kind"], "reversal");
    assert_eq!(told["reverses_transfer_id"], PAYMENT.to_string());
    assert_eq!(
        (&told["source_account_id"], &told["destination_account_id"]),
        (&json!(account(2)), &json!(account(1)))
    );
    assert_eq!(told["amount_minor"], 40);
    assert_eq!(told["description"], "Paid twice");
    assert_eq!(told["metadata"], json!({"ticket": "7"}));
    assert_eq!(told["destination_balance_after_minor"], 100);
}

#[rstest]
#[case::a_transfer(TransferKind::Transfer)]
#[case::a_deposit(TransferKind::Deposit)]
#[case::a_withdrawal(TransferKind::Withdrawal)]
#[case::a_captured_hold(TransferKind::HoldCapture)]
#[case::an_initial_balance(TransferKind::OpeningBalance)]
#[actix_web::test]
async fn nothing_has_to_be_said_about_it(#[case] kind: TransferKind) {
    let store = store(kind, 40);
    let request = TestRequest::post()
        .uri(&format!("/api/v1{}", path()))
        .insert_header(("idempotency-key", "a"));

    let got = Bench::new().over(keyed(&store)).send(request).await;

    assert_eq!(got.status.as_u16(), 201);
}

#[actix_web::test]
async fn a_transfer_is_reversed_once() {
    let store = store(TransferKind::Transfer, 40);
    let bench = [(); 3].map(|()| keyed(&store));
    let bench = bench.into_iter().fold(Bench::new(), Bench::over);
    let ask = |key| {
        let secret = format!("Bearer {}", app::testing::key_secret().expose());
        post(&path(), key, &json!({})).insert_header(("authorization", secret))
    };

    let [first, second] = bench.send_each([ask("a"), ask("b")]).await;

    assert_eq!(first.status.as_u16(), 201);
    assert_eq!(second.problem(), (409, "already_reversed".to_owned()));
}

#[rstest]
#[case::spent(store(TransferKind::Transfer, 39), 422, "insufficient_funds")]
#[case::of_an_invoice(store(TransferKind::InvoiceIssued, 40), 422, "transfer_not_reversible")]
#[case::of_an_invoice(store(TransferKind::InvoicePaid, 40), 422, "transfer_not_reversible")]
#[case::of_a_payment(store(TransferKind::Payment, 40), 422, "transfer_not_reversible")]
#[case::a_reversal(store(TransferKind::Reversal, 40), 422, "transfer_not_reversible")]
#[case::unknown(MemoryPostingStore::with([]), 404, "not_found")]
#[actix_web::test]
async fn what_cannot_be_taken_back_is_refused(
    #[case] store: Arc<MemoryPostingStore>,
    #[case] status: u16,
    #[case] code: &str,
) {
    let bench = Bench::new().over(keyed(&store)).over(keyed(&store));

    let got = bench.send(post(&path(), "a", &json!({}))).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}

#[actix_web::test]
async fn money_moves_back_under_a_key_only() {
    let request = TestRequest::post().uri(&format!("/api/v1{}", path()));

    let got = Bench::new().send(request).await;

    assert_eq!(got.problem(), (400, "idempotency_key_required".to_owned()));
}
