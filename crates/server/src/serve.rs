//! The server: from the first check to the last goodbye.

mod grpc;
mod listeners;
mod server;
mod tasks;
mod welcome;

use std::{num::NonZero, sync::Arc, thread::available_parallelism, time::Instant};

use anyhow::{Context as _, bail};

pub(crate) use self::listeners::{MANAGEMENT_ADDRESS_FILE, management_host};
use self::server::Server;
use crate::{
    config::{Environment, Loaded, Settings},
    incidents::Incidents,
    lifecycle::Requests,
    logs,
    metrics::Metrics,
    storage::Storage,
    traces,
};

/// Background work waits for others most of the time; gRPC, which runs beside it, has use for every processor.
const BACKGROUND_THREADS_MIN: usize = 2;

/// What a server does; one process can do several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Role {
    /// Answers requests.
    Api,
    /// Brings events to where they are read.
    Relay,
    /// Reviews invoices.
    Validator,
    /// Does what has to happen from time to time.
    Scheduler,
    /// Sends events to the addresses that clients have named.
    Webhooks,
    /// Carries out payments through their providers, issues vouchers in great number, and keeps up what queries read of
    /// vouchers.
    Worker,
}

impl Role {
    /// What a server does unless it is told to do less.
    pub(crate) const ALL: &[Self] = &[
        Self::Api,
        Self::Relay,
        Self::Validator,
        Self::Scheduler,
        Self::Webhooks,
        Self::Worker,
    ];
}

/// Runs until it is asked to end, or cannot go on.
pub(crate) fn run(
    loaded: &Loaded,
    environment: &Environment,
    roles: &[Role],
) -> anyhow::Result<()> {
    let began = Instant::now();
    let settings = &loaded.settings;
    let incidents = Incidents::of(settings)?;
    let _flush = logs::install(settings, incidents.clone())?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let runtime = background_runtime()?;
    let life = Life {
        settings,
        environment,
        roles,
        began,
    };
    let ended = runtime.block_on(life.lead(incidents));
    // Whatever still runs has had its time.
    runtime.shutdown_background();
    ended
}

/// What a server is made of.
struct Life<'a> {
    settings: &'a Settings,
    environment: &'a Environment,
    roles: &'a [Role],
    began: Instant,
}

impl Life<'_> {
    /// Until it ends in order, or a second signal ends it at whatever it is.
    async fn lead(self, incidents: Option<Arc<Incidents>>) -> anyhow::Result<()> {
        let requests = Requests::of_process()?;
        let mut storage = None;
        let in_order = async {
            let ended = self.in_order(&requests, &mut storage).await;
            if let Some(incidents) = incidents {
                // It tells of itself what goes wrong there.
                let _ = tokio::task::spawn_blocking(move || incidents.finish()).await;
            }
            ended
        };
        tokio::select! {
            () = requests.to_end_at_once() => {}
            ended = in_order => return ended,
        }
        if let Some(mut storage) = storage {
            storage.kill().await?;
        }
        bail!("ended at once, as a second signal asked for")
    }

    async fn in_order(
        &self,
        requests: &Requests,
        storage: &mut Option<Storage>,
    ) -> anyhow::Result<()> {
        let settings = self.settings;
        let metrics = Metrics::install()?;
        let traces = traces::install(settings)?;
        let storage = storage.insert(Storage::start(settings, self.environment).await?);
        let server = Server::new(settings, self.roles, requests, (metrics, self.began));
        let ended = server.run(storage).await;
        traces.finish().await;
        storage.stop(&settings.data_dir).await?;
        tracing::info!("stopped");
        ended
    }
}

/// The runtime of background work, of the connections that are opened ahead of need, and of gRPC. The threads that answer
/// HTTP requests have a runtime each.
fn background_runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let processors = available_parallelism().map_or(1, NonZero::get);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(processors.max(BACKGROUND_THREADS_MIN))
        .thread_name("background")
        .enable_all()
        .build()
        .context("cannot start the runtime")
}
