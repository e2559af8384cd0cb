use actix_web::test::TestRequest;
use app::testing::{FakeUnitOfWork, stored_invoice};
use domain::invoicing::InvoiceStatus::{Paid, Sent};
use rstest::rstest;

use super::{failing, holding, holding_none, path};
use crate::testing::Bench;

fn deleting() -> TestRequest {
    TestRequest::delete().uri(&path())
}

#[actix_web::test]
async fn a_deleted_draft_is_answered_with_nothing() {
    let mut uow = holding(stored_invoice(&[])).announcing("invoice.deleted", 2);
    uow.invoices.expect_delete().once().returning(|_| Ok(()));
    let request = deleting().insert_header(("if-match", "\"1\""));

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.status.as_u16(), 204);
    assert!(got.bytes.is_empty());
    for name in ["content-type", "etag", "location"] {
        assert_eq!(got.header(name), "", "{name}");
    }
}

#[rstest]
#[case::unknown(
    holding_none(), "*", (404, "not_found"), "there is no invoice 00000000-0000-0000-0000-000000000004"
)]
#[case::changed_meanwhile(
    holding(stored_invoice(&[])), "\"7\"", (412, "version_conflict"), "the current version is 1"
)]
#[case::issued(
    holding(stored_invoice(&[Sent])),
    "*",
    (422, "invoice_not_deletable"),
    "only a draft can be deleted, and this invoice is sent; cancel it instead"
)]
#[case::paid(
    holding(stored_invoice(&[Sent, Paid])),
    "*",
    (422, "invoice_not_deletable"),
    "only a draft can be deleted, and this invoice is paid"
)]
#[actix_web::test]
async fn an_invoice_that_cannot_be_deleted_is_refused(
    #[case] uow: FakeUnitOfWork,
    #[case] if_match: &str,
    #[case] (status, code): (u16, &str),
    #[case] detail: &str,
) {
    let request = deleting().insert_header(("if-match", if_match));

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
    assert_eq!(got.json()["detail"], detail);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let got = Bench::new().over(failing()).send(deleting()).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
