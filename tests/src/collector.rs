//! A receiver of traces: the service that OpenTelemetry's collectors offer, on a free port of this machine.

use std::{
    fmt::Write as _,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::{
        ExportTraceServiceRequest, ExportTraceServiceResponse,
        trace_service_server::{TraceService, TraceServiceServer},
    },
    common::v1::{KeyValue, any_value::Value},
    trace::v1::{Span, span::SpanKind},
};
use tokio::task::JoinHandle;
use tonic::{Request, Response, Status, transport::server::TcpIncoming};

use crate::wait::eventually;

/// A span that was received.
#[derive(Debug, Clone)]
pub struct Collected {
    /// Of which service.
    pub service: String,
    /// Its trace: 32 hexadecimal digits.
    pub trace_id: String,
    /// Its id: 16 hexadecimal digits.
    pub id: String,
    /// The id of what caused it; empty for the first of its trace.
    pub parent: String,
    /// What it is called.
    pub name: String,
    /// On which side of what it is.
    pub kind: SpanKind,
    /// Everything that it says, and what all of its process have in common, as one text.
    pub said: String,
}

/// A collector. Dropping it closes its port.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    spans: Spans,
    serving: JoinHandle<()>,
}

#[derive(Debug, Clone, Default)]
struct Spans(Arc<Mutex<Vec<Collected>>>);

impl Spans {
    fn lock(&self) -> MutexGuard<'_, Vec<Collected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Collector {
    /// Starts one on the runtime of the caller.
    pub fn start() -> Self {
        let incoming = TcpIncoming::bind(SocketAddr::from(([127, 0, 0, 1], 0)));
        let incoming = incoming.expect("there is a free port");
        let address = incoming.local_addr().expect("it is bound");
        let spans = Spans::default();
        let service = TraceServiceServer::new(spans.clone());
        let server = tonic::transport::Server::builder().add_service(service);
        let serving = tokio::spawn(async move {
            let _ended = server.serve_with_incoming(incoming).await;
        });
        Self {
            address,
            spans,
            serving,
        }
    }

    /// Where it takes traces.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it has got until now.
    pub fn spans(&self) -> Vec<Collected> {
        self.spans.lock().clone()
    }

    /// The spans of a trace, once there is one among them of each of these names.
    pub async fn trace(&self, id: &str, names: &[&str]) -> Vec<Collected> {
        let what = format!("{names:?} in the trace {id}, of {:?}", self.address);
        eventually(what, async || {
            let mut spans = self.spans();
            spans.retain(|span| span.trace_id == id);
            let has = |name: &&str| spans.iter().any(|span| span.name == *name);
            names.iter().all(has).then_some(spans)
        })
        .await
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[tonic::async_trait]
impl TraceService for Spans {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        for resource in request.into_inner().resource_spans {
            let attributes = resource.resource.unwrap_or_default().attributes;
            let service = text_of(&attributes, "service.name");
            let spans = resource.scope_spans.into_iter().flat_map(|it| it.spans);
            let told = format!("{attributes:?}");
            let spans = spans.map(|span| collected(&span, (&service, &told)));
            self.lock().extend(spans);
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

fn collected(span: &Span, (service, resource): (&str, &str)) -> Collected {
    Collected {
        service: service.to_owned(),
        trace_id: hex(&span.trace_id),
        id: hex(&span.span_id),
        parent: hex(&span.parent_span_id),
        name: span.name.clone(),
        kind: span.kind(),
        said: format!("{span:?} {resource}"),
    }
}

fn text_of(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|it| it.key == key);
    let value = found.and_then(|it| it.value.as_ref()?.value.as_ref());
    match value {
        Some(Value::StringValue(text)) => text.clone(),
        _ => String::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
