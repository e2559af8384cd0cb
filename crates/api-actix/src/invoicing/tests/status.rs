use app::{
    ports::MockOrganizationRepository,
    testing::{FakeUnitOfWork, stored_invoice},
};
use domain::invoicing::{
    Invoice, InvoiceFacts,
    InvoiceStatus::{self, Cancelled, Overdue, Paid, Sent, Viewed},
};
use rstest::rstest;
use serde_json::Value;

use super::{failing, holding, holding_none, stepping, storing};
use crate::testing::Bench;

/// The first number of a series, for whoever asks.
fn numbering(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    let numbers = &mut uow.invoice_numbers;
    numbers.expect_lock().returning(|_, _| Ok(0));
    numbers.expect_holders_of().returning(|_, _| Ok(Vec::new()));
    numbers.expect_register().returning(|_, _, _| Ok(()));
    numbers.expect_mark_cancelled().returning(|_, _| Ok(()));
    uow
}

/// Sent, and 10.00 were paid on it.
fn paid_in_part() -> Invoice {
    let facts = stored_invoice(&[Sent]).facts().clone();
    Invoice::restore(InvoiceFacts {
        amount_paid_minor: 1_000,
        ..facts
    })
}

#[rstest]
#[case(&[], Sent, &["issued_at"])]
#[case(&[], Cancelled, &["cancelled_at"])]
#[case(&[Sent], Viewed, &[])]
#[case(&[Sent], Overdue, &[])]
#[case(&[Sent], Paid, &["paid_at"])]
#[case(&[Sent, Viewed], Overdue, &[])]
#[case(&[Sent, Overdue], Paid, &["paid_at"])]
#[case(&[Sent, Overdue], Cancelled, &["cancelled_at"])]
#[actix_web::test]
async fn a_step_is_taken_and_dated(
    #[case] steps: &[InvoiceStatus],
    #[case] to: InvoiceStatus,
    #[case] dated: &[&str],
) {
    let mut uow = storing(numbering(holding(stored_invoice(steps))));
    uow.outbox.expect_append().once().returning(|_, _| Ok(()));

    let got = Bench::new().over(uow).send(stepping(to.code())).await;

    let json = got.json();
    let version = steps.len() + 2;
    assert_eq!(
        (got.status.as_u16(), &json["status"]),
        (200, &to.code().into())
    );
    assert_eq!(got.header("etag"), format!("\"{version}\""));
    let now = Value::from("2026-11-20T12:00:00.000000Z");
    for field in ["issued_at", "paid_at", "cancelled_at"] {
        assert_eq!(json[field] == now, dated.contains(&field), "{field}");
    }
    assert_eq!(json["updated_at"], now);
}

#[actix_web::test]
async fn an_issued_invoice_shows_its_number_and_its_seller() {
    let uow = storing(numbering(holding(stored_invoice(&[])))).announcing("invoice.sent", 2);

    let got = Bench::new().over(uow).send(stepping("sent")).await;

    let json = got.json();
    assert_eq!(json["number"], "INV-2026-000001");
    assert_eq!(json["seller"]["name"], "Acme");
}

#[rstest]
#[case::paid(&[Sent], "paid", 174_000, 0)]
#[case::cancelled(&[Sent], "cancelled", 0, 0)]
#[case::viewed(&[Sent], "viewed", 0, 174_000)]
#[actix_web::test]
async fn what_is_paid_and_due_is_told(
    #[case] steps: &[InvoiceStatus],
    #[case] to: &str,
    #[case] paid: i64,
    #[case] due: i64,
) {
    let mut uow = storing(numbering(holding(stored_invoice(steps))));
    uow.outbox.expect_append().returning(|_, _| Ok(()));

    let got = Bench::new().over(uow).send(stepping(to)).await;

    assert_eq!(got.json()["amount_paid_minor"], paid);
    assert_eq!(got.json()["amount_due_minor"], due);
}

#[rstest]
#[case::unknown(
    holding_none(), "sent", (404, "not_found"), "there is no invoice 00000000-0000-0000-0000-000000000004"
)]
#[case::organization_gone({
    let mut organizations = MockOrganizationRepository::new();
    organizations.expect_find().returning(|_| Ok(None));
    FakeUnitOfWork { organizations, ..holding(stored_invoice(&[])) }
}, "sent", (404, "not_found"), "there is no organization 00000000-0000-0000-0000-000000000001")]
#[case::backwards(
    holding(stored_invoice(&[Sent, Paid])),
    "draft",
    (422, "status_transition_forbidden"),
    "an invoice cannot go from paid to draft; paid is final"
)]
#[case::onto_itself(
    holding(stored_invoice(&[Sent])),
    "sent",
    (422, "status_transition_forbidden"),
    "an invoice cannot go from sent to sent; allowed from sent: viewed, paid, overdue, cancelled"
)]
#[case::paid_on(
    holding(paid_in_part()),
    "cancelled",
    (422, "invoice_has_payments"),
    "1000 minor units were paid on the invoice; refund them first"
)]
#[actix_web::test]
async fn a_step_that_cannot_be_taken_is_refused(
    #[case] uow: FakeUnitOfWork,
    #[case] to: &str,
    #[case] (status, code): (u16, &str),
    #[case] detail: &str,
) {
    let got = Bench::new().over(uow).send(stepping(to)).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
    assert_eq!(got.json()["detail"], detail);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let got = Bench::new().over(failing()).send(stepping("sent")).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}

#[rstest]
#[case::seen("\"2\"", 200, "")]
#[case::older("\"1\"", 412, "version_conflict")]
#[case::malformed("2", 400, "invalid_header")]
#[actix_web::test]
async fn only_a_seen_version_takes_a_step(
    #[case] tag: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let mut uow = holding(stored_invoice(&[Sent]));
    let update = uow.invoices.expect_update();
    update.returning(|_| Ok(app::ports::Written::Stored));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    let request = stepping("viewed").insert_header(("if-match", tag));

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.status.as_u16(), status);
    assert_eq!(got.json()["code"].as_str().unwrap_or_default(), code);
}
