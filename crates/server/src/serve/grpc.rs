//! The gRPC API beside the HTTP API.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use api_grpc::{GrpcApi, Unserved};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::listeners::{Note, OpenPort};

/// A gRPC server that runs.
pub(super) struct GrpcServer {
    running: JoinHandle<Result<(), Unserved>>,
    end: CancellationToken,
    /// To be kept for as long as the address is true.
    _note: Option<Note>,
}

impl GrpcServer {
    /// Answers calls from now on, on the runtime of the caller.
    pub(super) fn start(api: Arc<GrpcApi>, port: OpenPort) -> Self {
        let end = CancellationToken::new();
        let ending = end.clone().cancelled_owned();
        tracing::info!(address = %port.address, "gRPC is ready");
        Self {
            running: tokio::spawn(api_grpc::serve(api, port.socket, ending)),
            end,
            _note: port.note,
        }
    }

    /// Waits until it ends by itself, which it should not.
    pub(super) async fn ended(server: Option<&mut Self>) -> anyhow::Result<()> {
        match server {
            Some(server) => (&mut server.running).await?.context("gRPC ended by itself"),
            None => std::future::pending().await,
        }
    }

    /// Answers nobody new, and waits for this long for the calls that are under way.
    pub(super) async fn stop(mut self, limit: Duration) -> anyhow::Result<()> {
        self.end.cancel();
        if let Ok(ended) = tokio::time::timeout(limit, &mut self.running).await {
            return ended?.context("gRPC did not end well");
        }
        tracing::warn!("gRPC calls did not end in time");
        self.running.abort();
        Ok(())
    }
}
