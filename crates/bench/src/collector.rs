//! Takes traces, and counts the spans in them.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::Context as _;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
    trace_service_server::{TraceService, TraceServiceServer},
};
use tokio::task::JoinHandle;
use tonic::{
    Request, Response, Status,
    transport::{Server, server::TcpIncoming},
};

/// A collector on a free port. Dropping it closes its port.
pub(crate) struct Collector {
    address: SocketAddr,
    received: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Collector {
    /// Starts one on the runtime of the caller.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let incoming = TcpIncoming::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let incoming = incoming.context("no port is free for a collector")?;
        let address = incoming.local_addr()?;
        let received = Arc::new(AtomicUsize::new(0));
        let service = TraceServiceServer::new(Count(Arc::clone(&received)));
        let serving = tokio::spawn(async move {
            let server = Server::builder().add_service(service);
            // It ends with the bench.
            let _ended = server.serve_with_incoming(incoming).await;
        });
        Ok(Self {
            address,
            received,
            serving,
        })
    }

    /// Where it takes traces.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many spans it has got.
    pub(crate) fn received(&self) -> usize {
        self.received.load(Ordering::Relaxed)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

struct Count(Arc<AtomicUsize>);

#[tonic::async_trait]
impl TraceService for Count {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let resources = request.into_inner().resource_spans.into_iter();
        let scopes = resources.flat_map(|resource| resource.scope_spans);
        let spans = scopes.map(|scope| scope.spans.len()).sum();
        self.0.fetch_add(spans, Ordering::Relaxed);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}
