use std::sync::mpsc;

use actix_web::test::TestRequest;
use app::{
    ports::{Claim, Written},
    testing::{FakeUnitOfWork, FixedClock, stored_invoice, stored_organization},
};
use domain::invoicing::InvoiceStatus::{Paid, Sent};
use rstest::rstest;
use serde_json::{Value, json};

use super::{holding, new_invoice, patching, posting, stepping, storing};
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

#[rstest]
#[case::answered_before(|kept| Claim::Replay(kept), 201)]
#[case::new(|_| Claim::First, 400)]
#[case::of_another_request(|_| Claim::Mismatch, 400)]
#[actix_web::test]
async fn a_draft_is_answered_again_when_its_due_date_is_over(
    #[case] claim: fn(Vec<u8>) -> Claim,
    #[case] status: u16,
) {
    let mut due_today = new_invoice();
    due_today["due_date"] = json!("2026-11-20");
    let request = || posting(&due_today).insert_header(("idempotency-key", "k-1"));
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    let insert = uow.invoices.expect_insert().once();
    insert.returning(|_| Ok(Written::Stored));
    let (before, kept) = first(uow.announcing("invoice.created", 1), request()).await;
    let tomorrow = FixedClock::at("2026-11-21T00:00:00Z");
    let bench = Bench::new().with(|parts| parts.invoicing.clock = tomorrow);

    let uow = claiming(FakeUnitOfWork::default(), claim(kept));
    let got = bench.over(uow).send(request()).await;

    assert_eq!((before.status.as_u16(), got.status.as_u16()), (201, status));
    assert_eq!(got.bytes == before.bytes, status == 201);
}

#[actix_web::test]
async fn a_change_is_answered_again_when_its_due_date_is_over() {
    let request =
        || patching(&json!({"due_date": "2026-11-20"})).insert_header(("idempotency-key", "k-1"));
    let changing = storing(holding(stored_invoice(&[]))).announcing("invoice.updated", 2);
    let (before, kept) = first(changing, request()).await;
    let tomorrow = FixedClock::at("2026-11-21T00:00:00Z");
    let bench = Bench::new().with(|parts| parts.invoicing.clock = tomorrow);

    let uow = claiming(FakeUnitOfWork::default(), Claim::Replay(kept));
    let got = bench.over(uow).send(request()).await;

    assert_eq!((before.status.as_u16(), got.status.as_u16()), (200, 200));
    assert_eq!(got.bytes, before.bytes);
}

/// A request that differs from the one that was answered where its fingerprint does not look: in its query and its headers.
/// It is refused for that, whether it is late or not, and nobody looks for what was answered.
#[rstest]
#[case::query_of_a_draft(posting, "?typo=1", None, "typo")]
#[case::header_of_a_draft(posting, "", Some("if-none-match"), "If-None-Match")]
#[case::query_of_a_change(patching, "?typo=1", None, "typo")]
#[case::header_of_a_change(patching, "", Some("if-match"), "If-Match")]
#[actix_web::test]
async fn a_malformed_repeat_is_refused(
    #[case] asking: fn(&Value) -> TestRequest,
    #[case] query: &str,
    #[case] malformed: Option<&'static str>,
    #[case] place: &str,
    #[values("2026-11-19", "2026-11-21")] due_date: &str,
) {
    let mut body = new_invoice();
    body["due_date"] = json!(due_date);
    let asked = asking(&body).to_request();
    let mut request = asking(&body)
        .uri(&format!("{}{query}", asked.path()))
        .insert_header(("idempotency-key", "k-1"));
    if let Some(name) = malformed {
        request = request.insert_header((name, "3"));
    }

    let got = again(b"not to be read".to_vec(), request).await;

    assert_eq!(got.problem().0, 400);
    let places: Vec<_> = got.faults().into_iter().map(|(place, _)| place).collect();
    assert!(places.contains(&place.to_owned()), "{places:?}");
}
