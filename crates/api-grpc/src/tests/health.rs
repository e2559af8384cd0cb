use std::sync::Arc;

use rstest::rstest;
use tonic::Code;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

use crate::testing::{Bench, Fixed};

fn about(service: &str) -> HealthCheckRequest {
    HealthCheckRequest {
        service: service.to_owned(),
    }
}

#[rstest]
#[case::ready("", true, ServingStatus::Serving)]
#[case::not_ready("", false, ServingStatus::NotServing)]
#[case::a_service("tallystick.v1.InvoiceService", true, ServingStatus::Serving)]
#[tokio::test]
async fn health_is_readiness_and_needs_no_key(
    #[case] service: &str,
    #[case] is_ready: bool,
    #[case] expected: ServingStatus,
) {
    let bench = Bench::new().with(|parts| parts.readiness = Arc::new(Fixed(is_ready)));
    let served = bench.serve();

    let answer = HealthClient::new(served.channel.clone())
        .check(about(service))
        .await
        .unwrap();

    assert_eq!(answer.into_inner().status(), expected);
}

#[tokio::test]
async fn nobody_knows_how_a_service_is_that_there_is_not() {
    let served = Bench::new().serve();
    let mut client = HealthClient::new(served.channel.clone());

    let checked = client.check(about("nonsense")).await.unwrap_err();
    let mut watched = client.watch(about("nonsense")).await.unwrap().into_inner();

    assert_eq!(checked.code(), Code::NotFound);
    let first = watched.message().await.unwrap().unwrap();
    assert_eq!(first.status(), ServingStatus::ServiceUnknown);
}

#[tokio::test]
async fn reflection_lists_the_services() {
    let served = Bench::new().serve();
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };

    let mut answers = ServerReflectionClient::new(served.channel.clone())
        .server_reflection_info(futures_util::stream::iter([ask]))
        .await
        .unwrap()
        .into_inner();

    let answer = answers.message().await.unwrap().unwrap();
    let Some(MessageResponse::ListServicesResponse(listed)) = answer.message_response else {
        panic!("a list of services");
    };
    let names: Vec<_> = listed.service.into_iter().map(|it| it.name).collect();
    for service in ["InvoiceService", "LedgerService", "UserService"] {
        assert!(names.contains(&format!("tallystick.v1.{service}")));
    }
    assert!(names.contains(&"grpc.health.v1.Health".to_owned()));
}
