//! One life of a server.

use std::{
    net::TcpListener,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{HttpServer, dev::ServerHandle};
use adapters_postgres::Database;
use anyhow::Context as _;
use api_actix::{Api, application};
use app::{invoicing::InvoiceValidator, ledger::PostingEngine, vouchers::VoucherProjector};
use domain::payments::ProviderName;
use tokio::task::JoinHandle;

use super::{Role, grpc::GrpcServer, listeners::Port, tasks::Tasks, welcome};
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
    worker,
};

/// How long background work has at least, when requests have taken all of the time to drain. A part of what the page of
/// operations tells.
const TASKS_END_WITHIN: Duration = Duration::from_secs(2);

type Running = JoinHandle<std::io::Result<()>>;

/// The ports of the role `api`.
struct ApiPorts {
    http: Port,
    grpc: Option<Port>,
}

impl ApiPorts {
    fn take(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            http: Port::of_api(settings)?,
            grpc: Port::of_grpc(settings)?,
        })
    }
}

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
        let api_ports = self.has(Role::Api).then(|| ApiPorts::take(self.settings));
        let api_ports = api_ports.transpose()?;
        let opened = Port::of_management(self.settings)?.open()?;
        tracing::info!(address = %opened.address, "the management port is open");
        let management = Management::new(self.metrics.clone());
        let (running, handle) = metrics::serve(management.clone(), opened.socket)?;
        let running = tokio::spawn(running);

        let database = storage.pool(&self.settings.database, self.has(Role::Api))?;
        let preparing = storage.prepare(&database, self.settings);
        let served = match self.requests.unless_to_end(preparing).await {
            None => Ok(()),
            Some(Err(error)) => Err(error),
            Some(Ok(())) => self.serve(database.clone(), api_ports, &management).await,
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
        api_ports: Option<ApiPorts>,
        management: &Management,
    ) -> anyhow::Result<()> {
        let core = Core::new(database, self.settings)?;
        let broker = Broker::new(&core, self.settings)?;
        let providers: Vec<_> = core.providers.names().map(ProviderName::as_str).collect();
        let noticed: Vec<_> = core
            .notice_readers
            .providers()
            .map(ProviderName::as_str)
            .collect();
        tracing::info!(
            ?providers,
            ?noticed,
            "payments go through these providers, of which some send notices"
        );
        let health = Arc::new(wiring::health(&core, &broker));
        let tasks = Tasks::start(&core, self.metrics.clone());
        let engine = self
            .has(Role::Api)
            .then(|| wiring::posting_engine(&core, self.settings, tasks.parts().0))
            .transpose()?;
        let transfers = engine.as_ref().map(PostingEngine::waiting);
        management.complete(wiring::gauges(&core, transfers), health.clone());
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
            let validator = wiring::validator(&core, &self.settings.review)?;
            let source = (broker.source.clone(), InvoiceValidator::GROUP);
            consuming::start(validator, source, tasks.parts());
        }
        if self.has(Role::Worker) {
            let worker = wiring::payment_worker(&core, self.settings);
            health.watch_breakers(worker.worker.clone());
            let (tracker, _) = tasks.parts();
            let end = tasks.ending_with(self.requests);
            worker::start(&core, broker.source.clone(), worker, (tracker, &end));
            let source = (broker.source.clone(), VoucherProjector::GROUP);
            consuming::start(wiring::voucher_projector(&core), source, tasks.parts());
        }
        let served = if let Some((ports, engine)) = api_ports.zip(engine) {
            self.answer(&core, ports, (health, engine)).await
        } else {
            health.readiness().open();
            self.requests.to_end().await;
            health.readiness().close();
            Ok(())
        };
        let shutdown = self.settings.shutdown;
        let left = self.requests.left_of(shutdown.pause + shutdown.drain);
        tasks.end(left.max(TASKS_END_WITHIN)).await;
        served
    }

    /// Answers requests until it is asked to end, and then those that are under way.
    async fn answer(
        &self,
        core: &Core,
        ports: ApiPorts,
        (health, engine): (Arc<Health>, PostingEngine),
    ) -> anyhow::Result<()> {
        let welcome = if self.settings.is_embedded() {
            Some(embedded::ensure_first_key(core, &self.settings.data_dir).await?)
        } else {
            None
        };
        let apis = wiring::apis(core, self.settings, health.clone(), engine).await?;
        let opened = ports.http.open()?;
        let grpc = ports.grpc.map(Port::open).transpose()?;
        let (mut running, handle) = self.start(apis.http, opened.socket)?;
        let mut grpc = grpc.map(|port| GrpcServer::start(apis.grpc, port));
        health.readiness().open();
        let took_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(address = %opened.address, took_ms, "ready");
        if let Some(welcome) = welcome {
            welcome::print(&welcome, opened.address);
        }

        tokio::select! {
            ended = &mut running => return ended?.context("the server ended by itself"),
            ended = GrpcServer::ended(grpc.as_mut()) => return ended,
            () = self.requests.to_end() => {}
        }
        health.readiness().close();
        tracing::info!("not ready any more; requests in flight finish");
        tokio::time::sleep(self.settings.shutdown.pause).await;
        let drain = self.settings.shutdown.drain;
        let stopping = async {
            match grpc {
                Some(grpc) => grpc.stop(drain).await,
                None => Ok(()),
            }
        };
        let (stopped, ()) = tokio::join!(stopping, handle.stop(true));
        drop(opened.note);
        stopped?;
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
