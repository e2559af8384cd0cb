use std::{sync::Arc, time::Duration};

use app::{
    platform::{AuthenticatedKey, AuthenticationError, Authenticator},
    ports::MockInvoiceQueries,
    testing::knowing,
};
use async_trait::async_trait;
use rstest::rstest;
use tonic::{Code, Request};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::{
    proto::v1::{
        CreateInvoiceRequest, GetInvoiceRequest, invoice_service_client::InvoiceServiceClient,
    },
    testing::{Bench, Served, allowed, known, limiting, metadata, refused, told, with},
};

fn client(served: &Served) -> InvoiceServiceClient<tonic::transport::Channel> {
    InvoiceServiceClient::new(served.channel.clone())
}

fn get() -> GetInvoiceRequest {
    GetInvoiceRequest {
        id: Uuid::from_u128(1).to_string(),
    }
}

/// Has no invoice.
fn holding_none() -> Bench {
    let mut queries = MockInvoiceQueries::new();
    queries.expect_find().returning(|_, _| Ok(None));
    Bench::new().with(|parts| parts.invoicing.queries = Arc::new(queries))
}

#[rstest]
#[case::nothing(None)]
#[case::another_scheme(Some("Basic abc"))]
#[case::unknown(Some("Bearer tsk_unknown"))]
#[tokio::test]
async fn a_call_without_a_valid_key_is_turned_away(#[case] sent: Option<&str>) {
    let served = Bench::new().serve();
    let mut request = Request::new(get());
    if let Some(sent) = sent {
        request = with(request, "authorization", sent);
    }

    let status = client(&served).get_invoice(request).await.unwrap_err();

    let expected = (Code::Unauthenticated, "UNAUTHENTICATED".to_owned());
    assert_eq!(told(&status), expected);
}

#[tokio::test]
async fn a_key_needs_the_scope_of_the_rpc() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing(&["invoices:read"]));
    let served = bench.serve();
    let draft = known(CreateInvoiceRequest::default());

    let status = client(&served).create_invoice(draft).await.unwrap_err();

    let expected = (Code::PermissionDenied, "INSUFFICIENT_SCOPE".to_owned());
    assert_eq!(told(&status), expected);
    assert!(status.message().contains("invoices:write"));
}

#[tokio::test]
async fn a_key_over_its_limit_is_told_when_to_come_back() {
    let limiter = limiting(refused(), allowed());
    let served = Bench::new()
        .with(|parts| parts.rate_limiter = limiter)
        .serve();

    let status = client(&served).get_invoice(known(get())).await.unwrap_err();

    let expected = (Code::ResourceExhausted, "RATE_LIMITED".to_owned());
    assert_eq!(told(&status), expected);
    let retry = status.get_error_details().retry_info().cloned().unwrap();
    assert_eq!(retry.retry_delay, Some(Duration::from_secs(2)));
    assert_eq!(
        metadata(status.metadata(), "ratelimit"),
        "\"default\";r=0;t=2"
    );
}

#[rstest]
#[case::welcome("a-B_3.", true)]
#[case::strange("a b", false)]
#[tokio::test]
async fn the_id_of_a_call_is_its_clients_or_ours(#[case] sent: &str, #[case] is_kept: bool) {
    let served = holding_none().serve();
    let request = with(known(get()), "x-request-id", sent);

    let status = client(&served).get_invoice(request).await.unwrap_err();

    let details = status.get_error_details();
    let told = &details.request_info().unwrap().request_id;
    assert_eq!(told == sent, is_kept);
    assert_eq!(metadata(status.metadata(), "x-request-id"), told);
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_with_details() {
    let served = Bench::new().serve();
    let draft = CreateInvoiceRequest {
        notes: Some("x".repeat(1024 * 1024)),
        ..CreateInvoiceRequest::default()
    };

    let status = client(&served)
        .create_invoice(known(draft))
        .await
        .unwrap_err();

    let expected = (Code::ResourceExhausted, "BODY_TOO_LARGE".to_owned());
    assert_eq!(told(&status), expected);
}

/// Never says who somebody is.
struct Silent;

#[async_trait]
impl Authenticator for Silent {
    async fn authenticate(&self, _: &str) -> Result<AuthenticatedKey, AuthenticationError> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_call_ends_when_its_time_is_over() {
    let served = Bench::new()
        .with(|parts| {
            parts.authenticator = Arc::new(Silent);
            parts.settings.call_max = Duration::from_millis(30);
        })
        .serve();

    let status = client(&served).get_invoice(known(get())).await.unwrap_err();

    let expected = (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".to_owned());
    assert_eq!(told(&status), expected);
}

#[tokio::test]
async fn a_panic_is_an_internal_error_that_tells_nothing() {
    // Queries on which nothing is expected panic.
    let served = Bench::new().serve();

    let status = client(&served).get_invoice(known(get())).await.unwrap_err();

    assert_eq!(told(&status), (Code::Internal, "INTERNAL_ERROR".to_owned()));
    assert!(!status.message().contains("Mock"));
}
