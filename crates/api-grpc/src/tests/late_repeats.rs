//! Repeated calls that have become wrong by the time of day.

use app::{
    ports::Claim,
    testing::{FakeUnitOfWork, INVOICE},
};
use rstest::rstest;
use tonic::Code;

use super::invoices;
use crate::{
    proto::v1::{
        CreateInvoiceRequest, CreateInvoiceResponse, Invoice, UpdateInvoiceRequest,
        UpdateInvoiceResponse, invoice_service_client::InvoiceServiceClient,
    },
    stored,
    testing::{Bench, Served, keyed, metadata, told, violations},
};

/// It was still to come when it was sent first.
const YESTERDAY: &str = "2026-11-19";

fn draft() -> CreateInvoiceRequest {
    CreateInvoiceRequest {
        due_date: Some(YESTERDAY.to_owned()),
        ..invoices::draft()
    }
}

fn change() -> UpdateInvoiceRequest {
    UpdateInvoiceRequest {
        id: INVOICE.to_string(),
        due_date: Some(YESTERDAY.to_owned()),
        ..UpdateInvoiceRequest::default()
    }
}

fn answered() -> Invoice {
    Invoice {
        id: INVOICE.to_string(),
        ..Invoice::default()
    }
}

fn claiming(claim: Claim) -> Served {
    let mut uow = FakeUnitOfWork::default();
    let claimed = uow.idempotency_keys.expect_claim().once();
    claimed.returning(move |_, _| Ok(claim.clone()));
    Bench::new().over(uow).serve()
}

/// Looking for what was answered under a key would fail.
fn claiming_nothing() -> Served {
    Bench::new().serve()
}

#[tokio::test]
async fn a_draft_that_was_due_in_time_is_answered_again() {
    let invoice = Some(answered());
    let kept = stored::message(&CreateInvoiceResponse { invoice });
    let served = claiming(Claim::Replay(kept));

    let answer = InvoiceServiceClient::new(served.channel.clone())
        .create_invoice(keyed("a", draft()))
        .await
        .unwrap();

    assert_eq!(metadata(answer.metadata(), "idempotency-replayed"), "true");
    assert_eq!(answer.into_inner().invoice, Some(answered()));
}

#[tokio::test]
async fn a_change_that_was_due_in_time_is_answered_again() {
    let invoice = Some(answered());
    let kept = stored::message(&UpdateInvoiceResponse { invoice });
    let served = claiming(Claim::Replay(kept));

    let answer = InvoiceServiceClient::new(served.channel.clone())
        .update_invoice(keyed("a", change()))
        .await
        .unwrap();

    assert_eq!(metadata(answer.metadata(), "idempotency-replayed"), "true");
    assert_eq!(answer.into_inner().invoice, Some(answered()));
}

#[rstest]
#[case::new(Claim::First)]
#[case::of_another_call(Claim::Mismatch)]
#[case::in_progress(Claim::InProgress)]
#[tokio::test]
async fn a_draft_that_nobody_has_answered_is_refused(#[case] claim: Claim) {
    let served = claiming(claim);

    let status = InvoiceServiceClient::new(served.channel.clone())
        .create_invoice(keyed("a", draft()))
        .await
        .unwrap_err();

    let expected = (Code::InvalidArgument, "VALIDATION_FAILED".to_owned());
    assert_eq!(told(&status), expected);
    let late = ("due_date".to_owned(), "OUT_OF_RANGE".to_owned());
    assert_eq!(violations(&status), [late]);
}

/// Its due date is not all that is wrong with it: it never was right, and nobody looks for what it was answered.
#[tokio::test]
async fn a_call_that_is_wrong_in_more_than_its_date_is_refused() {
    let served = claiming_nothing();
    let mut client = InvoiceServiceClient::new(served.channel.clone());
    let notes = Some("\u{0}".to_owned());
    let (mut wrong_draft, mut wrong_change) = (draft(), change());
    (wrong_draft.notes, wrong_change.notes) = (notes.clone(), notes);

    let refused = [
        client.create_invoice(keyed("a", wrong_draft)).await.err(),
        client.update_invoice(keyed("a", wrong_change)).await.err(),
    ];

    for status in refused {
        let faults = violations(&status.unwrap());
        let places: Vec<_> = faults.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["due_date", "notes"]);
    }
}
