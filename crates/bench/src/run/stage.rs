//! What scenarios work with.

use std::{
    env::current_exe,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, ensure};
use embedded_postgres::Binaries;
use tempfile::TempDir;

use super::{Opponent, Pace, RESULTS};
use tokio::sync::OnceCell;

use crate::{
    data::{Bank, Warehouse},
    load::{Plan, Report},
    service::{Program, Service},
};

/// What scenarios work with.
pub(crate) struct Stage {
    /// The service's binary.
    pub(crate) program: Program,
    /// How much to do.
    pub(crate) pace: Pace,
    /// The cargo that builds are measured with.
    pub(crate) cargo: PathBuf,
    binaries: Binaries,
    ourselves: PathBuf,
    scratch: TempDir,
    warehouse: Option<Warehouse>,
    bank: OnceCell<Bank>,
}

/// A server to measure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its process id.
    pub(crate) process_id: u32,
}

/// How long a generator sends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent {
    /// Some time, measured after a warm-up; both in seconds.
    Time { warm_up_s: f64, measured_s: f64 },
    /// As long as it takes to send this many.
    Requests(usize),
}

impl Stage {
    /// An empty stage.
    pub(super) fn new(program: Program, binaries: Binaries, pace: Pace) -> anyhow::Result<Self> {
        Ok(Self {
            program,
            pace,
            cargo: PathBuf::from("cargo"),
            binaries,
            ourselves: current_exe().context("a running program has a path")?,
            scratch: tempfile::tempdir_in(RESULTS)?,
            warehouse: None,
            bank: OnceCell::new(),
        })
    }

    /// With another cargo.
    pub(super) fn with_cargo(self, cargo: PathBuf) -> Self {
        Self { cargo, ..self }
    }

    /// PostgreSQL's programs.
    pub(super) fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// Sees that there is a filled database, which takes a while the first time.
    pub(crate) async fn fill(&mut self) -> anyhow::Result<&Warehouse> {
        let warehouse = if let Some(filled) = self.warehouse.take() {
            filled
        } else {
            let count = self.pace.invoices;
            eprintln!("  loading {count} invoices");
            Warehouse::fill(&self.program, self.binaries.clone(), count).await?
        };
        Ok(self.warehouse.insert(warehouse))
    }

    /// The filled database, if it was needed yet.
    pub(super) fn warehouse(&self) -> Option<&Warehouse> {
        self.warehouse.as_ref()
    }

    /// The private PostgreSQL for transfers, founded when it is first needed.
    pub(crate) async fn bank(&self) -> anyhow::Result<&Bank> {
        let found = || Bank::found(&self.program, self.binaries.clone());
        self.bank.get_or_try_init(found).await
    }

    /// A folder for what is not needed any more when the run has ended.
    pub(crate) fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// Writes a plan under a name.
    pub(crate) fn plan(&self, name: &str, plan: &Plan) -> anyhow::Result<PathBuf> {
        let path = self.scratch.path().join(format!("{name}.json"));
        plan.write(&path)?;
        Ok(path)
    }

    /// Starts a yardstick.
    pub(crate) async fn opponent(&self, arguments: &[&str]) -> anyhow::Result<Opponent> {
        Opponent::start(&self.ourselves, arguments).await
    }

    /// Writes a file under a name.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> anyhow::Result<PathBuf> {
        let path = self.scratch.path().join(name);
        std::fs::write(&path, content)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Lets a generator send a plan over some connections, beginning with request `skip`. The report tells of
    /// answers that are no success, if there were any.
    pub(crate) async fn load(
        &self,
        target: Target,
        (plan, skip): (&Path, usize),
        connections: usize,
        extent: Extent,
    ) -> anyhow::Result<Report> {
        let mut arguments = vec![
            "load".to_owned(),
            format!("--address={}", target.address),
            format!("--server-pid={}", target.process_id),
            format!("--connections={connections}"),
            format!("--skip={skip}"),
            format!("--plan={}", plan.display()),
        ];
        let bank = self.bank.get().map(Bank::postmaster_pid);
        arguments.extend(bank.map(|pid| format!("--database-pid={pid}")));
        arguments.extend(extent.arguments());
        self.report(&arguments).await
    }

    /// Runs a subcommand that prints a report.
    pub(crate) async fn report(&self, arguments: &[String]) -> anyhow::Result<Report> {
        let mut generator = tokio::process::Command::new(&self.ourselves);
        generator
            .args(arguments)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let output = generator.output().await?;
        ensure!(
            output.status.success(),
            "the load generator failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Ends what runs.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        if let Some(warehouse) = self.warehouse {
            warehouse.close().await?;
        }
        match self.bank.into_inner() {
            Some(bank) => bank.close().await,
            None => Ok(()),
        }
    }
}

impl Extent {
    pub(super) fn arguments(self) -> Vec<String> {
        match self {
            Self::Time {
                warm_up_s,
                measured_s,
            } => vec![
                format!("--warm-up={warm_up_s}"),
                format!("--seconds={measured_s}"),
            ],
            Self::Requests(count) => vec![format!("--requests={count}")],
        }
    }
}

impl From<&Service> for Target {
    fn from(service: &Service) -> Self {
        Self {
            address: service.address(),
            process_id: service.process_id(),
        }
    }
}
