use std::sync::Arc;

use app::{
    invoicing::{InvoiceEntry, InvoiceView},
    paging::{Limit, Listing, Position, Window},
    ports::{InvoiceFilter, MockInvoiceQueries, Written},
    testing::{
        FakeUnitOfWork, INVOICE, MemoryPostingStore, ORGANIZATION, stored_invoice,
        stored_organization,
    },
};
use domain::invoicing::InvoiceStatus::{Draft, Sent};
use rstest::rstest;
use tonic::{Code, transport::Channel};

use crate::{
    proto::v1::{
        ChangeStatusRequest, CreateInvoiceRequest, DeleteInvoiceRequest, GetInvoiceRequest,
        InvoiceItem, InvoiceStatus, ListInvoicesRequest, Party, UpdateInvoiceRequest,
        invoice_service_client::InvoiceServiceClient,
    },
    testing::{Bench, Served, known, told, violations},
};

fn client(served: &Served) -> InvoiceServiceClient<Channel> {
    InvoiceServiceClient::new(served.channel.clone())
}

/// 10 × 150.00 at 16 % for Ada.
pub(super) fn draft() -> CreateInvoiceRequest {
    CreateInvoiceRequest {
        customer: Some(Party {
            name: Some("Ada".to_owned()),
            ..Party::default()
        }),
        items: vec![InvoiceItem {
            description: Some("work".to_owned()),
            quantity: Some("10".to_owned()),
            unit_price_minor: Some(15_000),
            tax_rate_bps: Some(1_600),
            unit: None,
        }],
        ..CreateInvoiceRequest::default()
    }
}

fn asking(queries: MockInvoiceQueries) -> Bench {
    Bench::new().with(|parts| parts.invoicing.queries = Arc::new(queries))
}

#[tokio::test]
async fn a_draft_is_stored_and_answered_whole() {
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    let insert = uow.invoices.expect_insert().once();
    insert.returning(|_| Ok(Written::Stored));
    let served = Bench::new()
        .over(uow.announcing("invoice.created", 1))
        .serve();

    let answer = client(&served)
        .create_invoice(known(draft()))
        .await
        .unwrap();

    let invoice = answer.into_inner().invoice.unwrap();
    assert_eq!(invoice.status(), InvoiceStatus::Draft);
    assert_eq!((invoice.total_minor, invoice.tax_minor), (174_000, 24_000));
    assert_eq!(invoice.items[0].quantity, "10");
    assert_eq!(invoice.customer.unwrap().name(), "Ada");
    assert_eq!((invoice.number, invoice.version), (None, 1));
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let wrong = CreateInvoiceRequest {
        items: vec![InvoiceItem {
            description: Some(String::new()),
            quantity: Some("-1".to_owned()),
            ..InvoiceItem::default()
        }],
        due_date: Some("tomorrow".to_owned()),
        ..CreateInvoiceRequest::default()
    };
    let served = Bench::new().serve();

    let status = client(&served)
        .create_invoice(known(wrong))
        .await
        .unwrap_err();

    let expected = (Code::InvalidArgument, "VALIDATION_FAILED".to_owned());
    assert_eq!(told(&status), expected);
    let listed = violations(&status);
    let listed: Vec<_> = listed
        .iter()
        .map(|(f, r)| (f.as_str(), r.as_str()))
        .collect();
    let expected = [
        ("customer", "REQUIRED"),
        ("items[0].description", "EMPTY"),
        ("items[0].quantity", "OUT_OF_RANGE"),
        ("items[0].unit_price_minor", "REQUIRED"),
        ("due_date", "INVALID_FORMAT"),
    ];
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn an_invoice_is_found_by_its_id() {
    let view = Arc::new(InvoiceView::from(stored_invoice(&[Sent]).facts()));
    let mut queries = MockInvoiceQueries::new();
    queries.expect_find().returning(move |owner, id| {
        let is_it = (owner, id) == (ORGANIZATION, INVOICE);
        Ok(is_it.then(|| Arc::clone(&view)))
    });
    let served = asking(queries).serve();
    let id = INVOICE.to_string();

    let answer = client(&served)
        .get_invoice(known(GetInvoiceRequest { id: id.clone() }))
        .await
        .unwrap();

    let invoice = answer.into_inner().invoice.unwrap();
    assert_eq!((&invoice.id, invoice.status()), (&id, InvoiceStatus::Sent));
    assert!(invoice.seller.is_some() && invoice.issued_at.is_some());
}

#[rstest]
#[case::unknown("00000000-0000-0000-0000-00000000ffff", Code::NotFound, "NOT_FOUND")]
#[case::no_uuid("X", Code::InvalidArgument, "INVALID_PARAMETER")]
#[tokio::test]
async fn what_is_not_there_is_not_found(
    #[case] id: &str,
    #[case] code: Code,
    #[case] reason: &str,
) {
    let mut queries = MockInvoiceQueries::new();
    queries.expect_find().returning(|_, _| Ok(None));
    let served = asking(queries).serve();
    let get = GetInvoiceRequest { id: id.to_owned() };

    let status = client(&served).get_invoice(known(get)).await.unwrap_err();

    assert_eq!(told(&status), (code, reason.to_owned()));
}

#[tokio::test]
async fn a_list_goes_on_where_its_cursor_says() {
    let position = Position {
        created_at: jiff::Timestamp::from_second(1).unwrap(),
        id: uuid::Uuid::from_u128(1),
    };
    let mut queries = MockInvoiceQueries::new();
    queries.expect_list().returning(move |_, filter, window| {
        let limit = Limit::new(1).unwrap();
        let expected = InvoiceFilter {
            statuses: vec![Draft, Sent],
            ..InvoiceFilter::default()
        };
        assert_eq!(filter, &expected);
        let next = match window {
            Window::After { position: None, .. } => Some(position),
            other => {
                let position = Some(position);
                assert_eq!(other, Window::After { position, limit });
                None
            }
        };
        Ok(Listing {
            rows: vec![InvoiceEntry::from(stored_invoice(&[Sent]).facts())],
            next,
            total: None,
        })
    });
    let served = asking(queries).serve();
    let ask = |cursor| ListInvoicesRequest {
        status: vec![InvoiceStatus::Draft.into(), InvoiceStatus::Sent.into()],
        limit: Some(1),
        cursor,
        ..ListInvoicesRequest::default()
    };
    let mut client = client(&served);

    let first = client.list_invoices(known(ask(None))).await.unwrap();
    let first = first.into_inner();
    let second = client.list_invoices(known(ask(first.next_cursor.clone())));
    let second = second.await.unwrap().into_inner();
    let other = ListInvoicesRequest {
        status: Vec::new(),
        ..ask(first.next_cursor.clone())
    };
    let other = client.list_invoices(known(other)).await.unwrap_err();

    assert!(first.next_cursor.is_some());
    assert_eq!((second.invoices.len(), second.next_cursor), (1, None));
    let expected = (Code::InvalidArgument, "CURSOR_MISMATCH".to_owned());
    assert_eq!(told(&other), expected);
}

/// Holds the organization and an invoice of it.
fn holding(steps: &[domain::invoicing::InvoiceStatus]) -> FakeUnitOfWork {
    FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .with_invoice(stored_invoice(steps))
        .with_books(&MemoryPostingStore::with([]))
}

#[rstest]
#[case::without_a_mask(Some("new"), None, Some("new"))]
#[case::named(Some("new"), Some("notes"), Some("new"))]
#[case::taken_away(None, Some("notes"), None)]
#[tokio::test]
async fn a_mask_says_what_is_changed(
    #[case] notes: Option<&str>,
    #[case] mask: Option<&str>,
    #[case] expected: Option<&str>,
) {
    let mut uow = holding(&[]);
    let update = uow.invoices.expect_update().once();
    update.returning(|_| Ok(Written::Stored));
    let uow = uow.announcing("invoice.updated", 2);
    let served = Bench::new().over(uow).serve();
    let change = UpdateInvoiceRequest {
        id: INVOICE.to_string(),
        notes: notes.map(str::to_owned),
        update_mask: mask.map(|path| prost_types::FieldMask {
            paths: vec![path.to_owned()],
        }),
        ..UpdateInvoiceRequest::default()
    };

    let answer = client(&served).update_invoice(known(change)).await.unwrap();

    let invoice = answer.into_inner().invoice.unwrap();
    assert_eq!(invoice.notes.as_deref(), expected);
}

#[tokio::test]
async fn a_mask_that_names_what_there_is_not_is_a_typing_error() {
    let change = UpdateInvoiceRequest {
        id: INVOICE.to_string(),
        update_mask: Some(prost_types::FieldMask {
            paths: vec!["note".to_owned()],
        }),
        ..UpdateInvoiceRequest::default()
    };
    let served = Bench::new().serve();

    let status = client(&served)
        .update_invoice(known(change))
        .await
        .unwrap_err();

    let expected = (Code::InvalidArgument, "UNKNOWN_FIELD".to_owned());
    assert_eq!(told(&status), expected);
}

#[rstest]
#[case::forbidden(InvoiceStatus::Paid.into(), None, Code::FailedPrecondition, "STATUS_TRANSITION_FORBIDDEN")]
#[case::another_version(InvoiceStatus::Sent.into(), Some(7), Code::Aborted, "VERSION_CONFLICT")]
#[case::nothing(0, None, Code::InvalidArgument, "VALIDATION_FAILED")]
#[case::no_such_word(99, None, Code::InvalidArgument, "VALIDATION_FAILED")]
#[tokio::test]
async fn a_step_that_cannot_be_is_refused(
    #[case] status: i32,
    #[case] expected_version: Option<i64>,
    #[case] code: Code,
    #[case] reason: &str,
) {
    let served = Bench::new().over(holding(&[])).serve();
    let step = ChangeStatusRequest {
        id: INVOICE.to_string(),
        expected_version,
        status,
    };

    let refused = client(&served).change_status(known(step)).await;

    assert_eq!(told(&refused.unwrap_err()), (code, reason.to_owned()));
}

#[tokio::test]
async fn what_was_issued_is_not_deleted() {
    let served = Bench::new().over(holding(&[Sent])).serve();
    let delete = DeleteInvoiceRequest {
        id: INVOICE.to_string(),
        expected_version: None,
    };

    let status = client(&served)
        .delete_invoice(known(delete))
        .await
        .unwrap_err();

    let expected = (Code::FailedPrecondition, "INVOICE_NOT_DELETABLE".to_owned());
    assert_eq!(told(&status), expected);
}
