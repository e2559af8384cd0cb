//! `GET /health`, `/health/live`, `/health/ready`: for people, load balancers and container platforms.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, http::StatusCode, web};
use async_trait::async_trait;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{api::Api, input::Request, problem::Problem};

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    /// All is well.
    Healthy,
    /// The service answers, but something that it can do without is missing.
    Degraded,
    /// The service cannot do its work.
    Unhealthy,
}

/// How a neighbour of the service is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NeighbourHealth {
    /// How it is.
    pub status: HealthStatus,
    /// How long it took to answer; `null` if it did not.
    pub latency_ms: Option<f64>,
}

/// What was looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct HealthChecks {
    /// The neighbours by name: `postgres`, `redis`.
    #[serde(flatten)]
    pub neighbours: BTreeMap<&'static str, NeighbourHealth>,
    /// Where the breakers of payment providers stand, by provider: `closed`, `open` (the provider fails, and is left alone) or
    /// `half_open` (it is being probed). Only of a process with the role `worker`.
    pub circuit_breakers: BTreeMap<String, &'static str>,
    /// How long the oldest event waits that is not everywhere yet, in seconds; `null` when nobody can tell.
    #[schema(minimum = 0)]
    pub outbox_lag_seconds: Option<f64>,
}

/// How the service is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "status": "healthy",
    "version": "0.1.0",
    "commit": "1f0c2a9",
    "uptime_seconds": 86_400,
    "checks": {"postgres": {"status": "healthy", "latency_ms": 0.4}, "circuit_breakers": {"stripe": "closed"}, "outbox_lag_seconds": 0.0},
}))]
pub struct HealthReport {
    /// All in all.
    pub status: HealthStatus,
    /// The version that is running.
    pub version: &'static str,
    /// The commit that it was built from; `null` if it was not built from one.
    pub commit: Option<&'static str>,
    /// For how long it has been running.
    #[schema(minimum = 0)]
    pub uptime_seconds: u64,
    /// What was looked at.
    pub checks: HealthChecks,
}

/// Whether the service lives, or is ready for requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"status": "healthy"}))]
pub struct Probe {
    /// `healthy` or `unhealthy`.
    pub status: HealthStatus,
}

/// Tells how the service is.
#[async_trait]
pub trait HealthReporter: Send + Sync {
    /// Everything that is known. MUST be answered from memory for a second, so that probes cannot load the database.
    async fn report(&self) -> HealthReport;

    /// Whether requests may come: the database answers and its schema is ours, and the service is not about to stop.
    async fn is_ready(&self) -> bool;
}

/// Adds the endpoints.
pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(get_health)
        .service(get_liveness)
        .service(get_readiness);
}

/// How is the service?
///
/// 200 when it is healthy or degraded, 503 when it is unhealthy.
#[utoipa::path(
    tag = "service",
    operation_id = "getHealth",
    security(()),
    responses(
        (status = 200, description = "Healthy or degraded", body = HealthReport),
        (status = 503, description = "Unhealthy", body = HealthReport),
    )
)]
#[get("/health")]
async fn get_health(api: web::Data<Api>, request: Request) -> Result<HttpResponse, Problem> {
    request.read_nothing()?;
    let report = api.health.report().await;
    Ok(HttpResponse::build(status_of(report.status)).json(report))
}

/// Does the process live?
#[utoipa::path(
    tag = "service",
    operation_id = "getLiveness",
    security(()),
    responses((status = 200, description = "It lives", body = Probe))
)]
#[get("/health/live")]
async fn get_liveness(request: Request) -> Result<HttpResponse, Problem> {
    request.read_nothing()?;
    let status = HealthStatus::Healthy;
    Ok(HttpResponse::Ok().json(Probe { status }))
}

/// May requests come?
#[utoipa::path(
    tag = "service",
    operation_id = "getReadiness",
    security(()),
    responses(
        (status = 200, description = "Ready", body = Probe),
        (status = 503, description = "Not ready", body = Probe),
    )
)]
#[get("/health/ready")]
async fn get_readiness(api: web::Data<Api>, request: Request) -> Result<HttpResponse, Problem> {
    request.read_nothing()?;
    let is_ready = api.health.is_ready().await;
    let status = if is_ready {
        HealthStatus::Healthy
    } else {
        HealthStatus::Unhealthy
    };
    Ok(HttpResponse::build(status_of(status)).json(Probe { status }))
}

fn status_of(status: HealthStatus) -> StatusCode {
    match status {
        HealthStatus::Healthy | HealthStatus::Degraded => StatusCode::OK,
        HealthStatus::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use actix_web::test::TestRequest;
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::testing::Bench;

    struct Feeling(HealthStatus);

    #[async_trait]
    impl HealthReporter for Feeling {
        async fn report(&self) -> HealthReport {
            let postgres = NeighbourHealth {
                status: self.0,
                latency_ms: Some(0.5),
            };
            HealthReport {
                status: self.0,
                version: "1.2.3",
                commit: Some("abc"),
                uptime_seconds: 7,
                checks: HealthChecks {
                    neighbours: BTreeMap::from([("postgres", postgres)]),
                    circuit_breakers: BTreeMap::from([("stripe".to_owned(), "open")]),
                    outbox_lag_seconds: Some(0.25),
                },
            }
        }

        async fn is_ready(&self) -> bool {
            self.0 == HealthStatus::Healthy
        }
    }

    #[rstest]
    #[case("/health", HealthStatus::Healthy, 200)]
    #[case("/health", HealthStatus::Degraded, 200)]
    #[case("/health", HealthStatus::Unhealthy, 503)]
    #[case("/health/ready", HealthStatus::Healthy, 200)]
    #[case("/health/ready", HealthStatus::Unhealthy, 503)]
    #[case("/health/live", HealthStatus::Unhealthy, 200)]
    #[actix_web::test]
    async fn health_is_told_by_the_status(
        #[case] path: &str,
        #[case] feeling: HealthStatus,
        #[case] status: u16,
    ) {
        let bench = Bench::new().with(|parts| parts.health = Arc::new(Feeling(feeling)));

        let got = bench.send_as_is(TestRequest::get().uri(path)).await;

        assert_eq!(got.status.as_u16(), status);
        assert_eq!(got.header("content-type"), "application/json");
    }

    #[actix_web::test]
    async fn the_report_says_what_was_looked_at() {
        let feeling = Feeling(HealthStatus::Unhealthy);
        let bench = Bench::new().with(|parts| parts.health = Arc::new(feeling));

        let got = bench.send_as_is(TestRequest::get().uri("/health")).await;

        let expected = json!({
            "status": "unhealthy",
            "version": "1.2.3",
            "commit": "abc",
            "uptime_seconds": 7,
            "checks": {
                "postgres": {"status": "unhealthy", "latency_ms": 0.5},
                "circuit_breakers": {"stripe": "open"},
                "outbox_lag_seconds": 0.25,
            },
        });
        assert_eq!(got.json(), expected);
    }
}
