use std::sync::mpsc;

use actix_web::test::TestRequest;
use app::{
    ports::{Claim, Written},
    testing::{FakeUnitOfWork, stored_invoice, stored_organization},
};
use domain::invoicing::InvoiceStatus::{Paid, Sent};
use serde_json::json;

use super::{holding, new_invoice, patching, posting, stepping};
use crate::testing::{Bench, Got};

fn claiming(mut uow: FakeUnitOfWork, claim: Claim) -> FakeUnitOfWork {
    let keys = uow.idempotency_keys.expect_claim();
    keys.returning(move |_, _| Ok(claim.clone()));
    uow
}

/// Sends a request under a key for the first time: over the first of these, and over the second once more when the first
/// is rolled back. Tells what is remembered.
async fn first(uow: FakeUnitOfWork, request: TestRequest) -> (Got, Vec<u8>) {
    let (told, remembered) = mpsc::channel();
    let mut bench = Bench::new();
    for uow in [uow, FakeUnitOfWork::default()] {
        let told = told.clone();
        let mut uow = claiming(uow, Claim::First);
        let remember = uow.idempotency_keys.expect_remember();
        remember.returning(move |_, _, answer| {
            told.send(answer.to_vec()).unwrap();
            Ok(())
        });
        bench = bench.over(uow);
    }
    let got = bench.send(request).await;
    (got, remembered.try_recv().unwrap())
}

async fn again(remembered: Vec<u8>, request: TestRequest) -> Got {
    let uow = claiming(FakeUnitOfWork::default(), Claim::Replay(remembered));
    Bench::new().over(uow).send(request).await
}

#[actix_web::test]
async fn a_repeated_draft_is_answered_byte_for_byte() {
    let request = || posting(&new_invoice()).insert_header(("idempotency-key", "k-1"));
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    let insert = uow.invoices.expect_insert().once();
    insert.returning(|_| Ok(Written::Stored));
    let uow = uow.announcing("invoice.created", 1);

    let (first, remembered) = first(uow, request()).await;
    let second = again(remembered, request()).await;

    assert_eq!(first.status.as_u16(), 201);
    assert_eq!((second.status, &second.bytes), (first.status, &first.bytes));
    for name in ["content-type", "etag", "location"] {
        assert_eq!(second.header(name), first.header(name), "{name}");
    }
    assert_eq!(second.header("idempotency-replayed"), "true");
}

#[actix_web::test]
async fn a_refused_step_is_answered_with_the_same_refusal() {
    let request = || stepping("draft").insert_header(("idempotency-key", "k-1"));

    let (first, remembered) = first(holding(stored_invoice(&[Sent, Paid])), request()).await;
    let second = again(remembered, request()).await;

    let expected = (422, "status_transition_forbidden".to_owned());
    assert_eq!(first.problem(), expected);
    assert_eq!(second.bytes, first.bytes);
    assert_eq!(second.header("idempotency-replayed"), "true");
}

#[actix_web::test]
async fn a_key_of_another_request_is_refused() {
    let request = patching(&json!({})).insert_header(("idempotency-key", "k-1"));
    let uow = claiming(FakeUnitOfWork::default(), Claim::Mismatch);

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.problem(), (422, "idempotency_key_reused".to_owned()));
}
