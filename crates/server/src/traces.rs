//! Traces: who records them, and how they leave as OTLP.

mod export;
mod queue;
mod span_data;

use std::{sync::Arc, time::Duration};

use adapters_local::{SystemClock, UuidV7Generator};
use anyhow::Context as _;
use app::{
    ports::SpanSink,
    traces::{Sampling, Tracer},
};
use opentelemetry::KeyValue;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithTonicConfig as _};
use opentelemetry_sdk::{Resource, trace::SpanExporter as _};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::transport::ClientTlsConfig;

use self::queue::SpanQueue;
use crate::config::{Settings, TelemetrySettings};

/// How long one batch may take to be handed over.
const EXPORT_MAX: Duration = Duration::from_secs(3);
/// How long the process waits at its end for spans to leave. A part of what the page of operations tells.
const FLUSH_MAX: Duration = Duration::from_secs(3);

/// Spans on their way out; nothing where no traces are recorded.
pub(crate) struct Exporting(Option<(JoinHandle<()>, CancellationToken)>);

/// Records traces from now on, as the settings want it. Must be called on the runtime of the background work.
pub(crate) fn install(settings: &Settings) -> anyhow::Result<Exporting> {
    let telemetry = &settings.telemetry;
    let (sink, exporting) = match &telemetry.otlp_endpoint {
        Some(endpoint) => {
            let exporter = exporter(endpoint, telemetry)?;
            let (queue, spans) = SpanQueue::new();
            let end = CancellationToken::new();
            let running = tokio::spawn(export::run(exporter, spans, end.clone()));
            let sink: Arc<dyn SpanSink> = Arc::new(queue);
            (Some(sink), Some((running, end)))
        }
        None => (None, None),
    };
    // Whoever is told of an error is told of its trace, also where traces are not recorded.
    if sink.is_some() || telemetry.sentry_dsn.is_some() {
        let sampling = Sampling::per_million(telemetry.sampled_per_million);
        let ports = (Arc::new(SystemClock::default()), Arc::new(UuidV7Generator));
        let tracer = Tracer::new(sink, sampling, (ports.0, ports.1));
        app::traces::install(Arc::new(tracer));
    }
    Ok(Exporting(exporting))
}

impl Exporting {
    /// Lets what was recorded leave, if it can in a few seconds.
    pub(crate) async fn finish(self) {
        let Some((running, end)) = self.0 else { return };
        end.cancel();
        if tokio::time::timeout(FLUSH_MAX, running).await.is_err() {
            tracing::warn!("not all traces have left in time");
        }
    }
}

/// Connects when there is something to hand over, and again whenever it has to.
fn exporter(endpoint: &str, telemetry: &TelemetrySettings) -> anyhow::Result<SpanExporter> {
    let mut builder = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .with_timeout(EXPORT_MAX);
    if endpoint.starts_with("https:") {
        builder = builder.with_tls_config(ClientTlsConfig::new().with_native_roots());
    }
    let mut exporter = builder
        .build()
        .context("cannot send traces as TALLYSTICK_TELEMETRY__OTLP_ENDPOINT wants it")?;
    exporter.set_resource(&resource(telemetry));
    Ok(exporter)
}

/// What all spans of this process have in common. What the settings say wins.
fn resource(telemetry: &TelemetrySettings) -> Resource {
    let ours = [
        KeyValue::new("service.name", telemetry.service_name.clone()),
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
    ];
    let pairs = telemetry.resource_attributes.iter();
    let theirs = pairs.filter_map(|raw| {
        let (name, value) = raw.split_once('=')?;
        Some(KeyValue::new(name.to_owned(), value.trim().to_owned()))
    });
    Resource::builder_empty()
        .with_attributes(ours)
        .with_attributes(theirs)
        .build()
}
