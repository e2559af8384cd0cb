//! The server: from the first check to the last goodbye.

mod grpc;
mod listeners;
mod server;
mod tasks;
mod welcome;

use std::{num::NonZero, thread::available_parallelism, time::Instant};

use anyhow::{Context as _, bail};

pub(crate) use self::listeners::{MANAGEMENT_ADDRESS_FILE, management_host};
use self::server::Server;
use crate::{
    config::{Environment, Loaded},
    lifecycle::Requests,
    logs,
    metrics::Metrics,
    storage::Storage,
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
    /// Carries out payments through their providers.
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
    let _flush = logs::install(settings)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    background_runtime()?.block_on(async {
        let requests = Requests::of_process()?;
        let metrics = Metrics::install()?;
        let mut storage = Storage::start(settings, environment).await?;
        let server = Server::new(settings, roles, &requests, (metrics, began));
        let ended = tokio::select! {
            () = requests.to_end_at_once() => None,
            ended = server.run(&storage) => Some(ended),
        };
        let Some(ended) = ended else {
            storage.kill().await?;
            bail!("ended at once, as a second signal asked for");
        };
        storage.stop(&settings.data_dir).await?;
        tracing::info!("stopped");
        ended
    })
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
