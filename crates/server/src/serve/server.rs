//! One life of a server.

use std::{net::TcpListener, sync::Arc, time::Instant};

use actix_web::{HttpServer, dev::ServerHandle};
use adapters_postgres::Database;
use anyhow::Context as _;
use api_actix::{Api, application};
use app::{invoicing::InvoiceValidator, ledger::PostingEngine};
use tokio::task::JoinHandle;

use super::{Role, listeners::Port, tasks::Tasks, welcome};
use crate::{
    config::Settings,
    consuming, embedded,
    health::Health,
    lifecycle::Requests,
    metrics::{self, Management, Metrics},
    relay, scheduler,
    storage::Storage,
    webhooks,
    wiring::{self, Broker, Core},
};

type Running = JoinHandle<std::io::Result<()>>;

/// A server that is about to start.
pub(super) struct Server<'a> {
    settings: &'a Settings,
    roles: &'a [Role],
    requests: &'a Requests,
    metrics: Metrics,
    began: Instant,
}

impl<'a> Server<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        roles: &'a [Role],
        requests: &'a Requests,
        (metrics, began): (Metrics, Instant),
    ) -> Self {
        Self {
            settings,
            roles,
            requests,
            metrics,
            began,
        }
    }

    /// Starts, runs and ends in order. Whatever was started is ended, also when something fails.
    pub(super) async fn run(self, storage: &Storage) -> anyhow::Result<()> {
        let api_port = self.has(Role::Api).then(|| Port::of_api(self.settings));
        let api_port = api_port.transpose()?;
        let opened = Port::of_management(self.settings)?.open()?;
        tracing::info!(address = %opened.address, "the management port is open");
        let management = Management::new(self.metrics.clone());
        let (running, handle) = metrics::serve(management.clone(), opened.socket)?;
        let running = tokio::spawn(running);

        let database = storage.pool(&self.settings.database)?;
        let preparing = storage.prepare(&database, self.settings.database.migrate_on_start);
        let served = match self.requests.unless_to_end(preparing).await {
            None => Ok(()),
            Some(Err(error)) => Err(error),
            Some(Ok(())) => self.serve(database.clone(), api_port, &management).await,
        };

        handle.stop(false).await;
        // It was told to end, and has nothing to say.
        let _ = running.await;
        drop(opened.note);
        database.close();
        served
    }

    fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// From a database that is ready to one that nobody uses any more.
    async fn serve(
        &self,
        database: Database,
        api_port: Option<Port>,
        management: &Management,
    ) -> anyhow::Result<()> {
        let core = Core::new(database, self.settings)?;
        let broker = Broker::new(&core, self.settings)?;
        let health = Arc::new(wiring::health(&core, &broker));
        management.complete(wiring::gauges(&core), health.clone());
        let tasks = Tasks::start(&core, self.metrics.clone());
        if self.has(Role::Scheduler) {
            let (tracker, end) = tasks.parts();
            scheduler::start(&core, self.settings, tracker, end);
        }
        if self.has(Role::Relay) {
            let (tracker, end) = tasks.parts();
            relay::start(&core, &broker, (tracker, end));
        }
        if self.has(Role::Webhooks) {
            let (tracker, end) = tasks.parts();
            let webhooks = wiring::webhooks(&core, self.settings).await?;
            webhooks::start(&core, broker.source.clone(), webhooks, (tracker, end));
        }
        if self.has(Role::Validator) {
            let (consumer, source) = wiring::validator(&core, &self.settings.review)?;
            consuming::start(consumer, (source, InvoiceValidator::GROUP), tasks.parts());
        }
        let served = if let Some(port) = api_port {
            let (tracker, _) = tasks.parts();
            let engine = wiring::posting_engine(&core, self.settings, tracker)?;
            self.answer(&core, port, (health, engine)).await
        } else {
            health.readiness().open();
            self.requests.to_end().await;
            health.readiness().close();
            Ok(())
        };
        tasks.end(self.settings.shutdown.drain).await;
        served
    }

    /// Answers requests until it is asked to end, and then those that are under way.
    async fn answer(
        &self,
        core: &Core,
        port: Port,
        (health, engine): (Arc<Health>, PostingEngine),
    ) -> anyhow::Result<()> {
        let welcome = if self.settings.is_embedded() {
            Some(embedded::ensure_first_key(core, &self.settings.data_dir).await?)
        } else {
            None
        };
        let api = wiring::api(core, self.settings, health.clone(), engine).await?;
        let opened = port.open()?;
        let (mut running, handle) = self.start(api, opened.socket)?;
        health.readiness().open();
        let took_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(address = %opened.address, took_ms, "ready");
        if let Some(welcome) = welcome {
            welcome::print(&welcome, opened.address);
        }

        tokio::select! {
            ended = &mut running => return ended?.context("the server ended by itself"),
            () = self.requests.to_end() => {}
        }
        health.readiness().close();
        tracing::info!("not ready any more; requests in flight finish");
        tokio::time::sleep(self.settings.shutdown.pause).await;
        handle.stop(true).await;
        drop(opened.note);
        running.await?.context("the server did not end well")
    }

    fn start(&self, api: Arc<Api>, socket: TcpListener) -> anyhow::Result<(Running, ServerHandle)> {
        let http = &self.settings.http;
        let mut server = HttpServer::new(move || application(&api))
            .disable_signals()
            .client_request_timeout(http.header_timeout)
            .keep_alive(http.keep_alive)
            // An answer in several writes must not wait for the acknowledgement of the first.
            .tcp_nodelay(true)
            .shutdown_timeout(self.settings.shutdown.drain.as_secs());
        if let Some(workers) = http.workers {
            server = server.workers(workers);
        }
        let server = server.listen(socket)?.run();
        let handle = server.handle();
        Ok((tokio::spawn(server), handle))
    }
}
