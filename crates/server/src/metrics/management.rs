//! The management port: metrics, and the health of a process whatever its roles are.

use std::{
    io,
    net::TcpListener,
    sync::{Arc, OnceLock},
};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::{Server, ServerHandle},
    get,
    http::header::ContentType,
    web,
};
use api_actix::health::{HealthReporter, HealthStatus};

use super::{Gauges, Metrics};

/// The format that Prometheus reads (text exposition format 0.0.4).
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What the management port shows. Filled while the process starts.
#[derive(Clone)]
pub(crate) struct Management(Arc<State>);

struct State {
    metrics: Metrics,
    gauges: OnceLock<Gauges>,
    health: OnceLock<Arc<dyn HealthReporter>>,
}

impl Management {
    /// Shows metrics, and that the process lives.
    pub(crate) fn new(metrics: Metrics) -> Self {
        Self(Arc::new(State {
            metrics,
            gauges: OnceLock::new(),
            health: OnceLock::new(),
        }))
    }

    /// Shows gauges too, and how the process is. Can be done once.
    pub(crate) fn complete(&self, gauges: Gauges, health: Arc<dyn HealthReporter>) {
        let _ = self.0.gauges.set(gauges);
        let _ = self.0.health.set(health);
    }
}

/// Serves it on one thread. Ends when the handle is told to stop.
pub(crate) fn serve(
    management: Management,
    listener: TcpListener,
) -> io::Result<(Server, ServerHandle)> {
    let application = move || {
        App::new()
            .app_data(web::Data::new(management.clone()))
            .service(get_metrics)
            .service(get_health)
            .service(get_liveness)
            .service(get_readiness)
    };
    let server = HttpServer::new(application)
        .workers(1)
        .disable_signals()
        .shutdown_timeout(1)
        .listen(listener)?
        .run();
    let handle = server.handle();
    Ok((server, handle))
}

#[get("/metrics")]
async fn get_metrics(management: web::Data<Management>) -> HttpResponse {
    if let Some(set_gauges) = management.0.gauges.get() {
        set_gauges();
    }
    HttpResponse::Ok()
        .content_type(METRICS_TYPE)
        .body(management.0.metrics.render())
}

#[get("/health")]
async fn get_health(management: web::Data<Management>) -> HttpResponse {
    let Some(health) = management.0.health.get() else {
        return starting();
    };
    let report = health.report().await;
    match report.status {
        HealthStatus::Healthy | HealthStatus::Degraded => HttpResponse::Ok().json(report),
        HealthStatus::Unhealthy => HttpResponse::ServiceUnavailable().json(report),
    }
}

#[get("/health/live")]
async fn get_liveness() -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::json())
        .body(r#"{"status":"healthy"}"#)
}

#[get("/health/ready")]
async fn get_readiness(management: web::Data<Management>) -> HttpResponse {
    match management.0.health.get() {
        Some(health) if health.is_ready().await => HttpResponse::Ok()
            .content_type(ContentType::json())
            .body(r#"{"status":"healthy"}"#),
        Some(_) | None => starting(),
    }
}

fn starting() -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .content_type(ContentType::json())
        .body(r#"{"status":"unhealthy"}"#)
}
