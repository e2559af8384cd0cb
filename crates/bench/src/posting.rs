//! The posting engine alone: started in this process as the service starts it, and called without HTTP, each caller asking
//! again when its last transfer was answered.

mod account;
mod callers;
mod chooser;
mod dice;
mod order;

use std::{num::NonZero, sync::Arc, thread::available_parallelism, time::Duration};

use adapters_local::{SystemClock, UuidV7Generator};
use adapters_postgres::{Database, DatabaseOptions, PgPostingStore};
use app::ledger::{EngineParts, EngineSettings, PostingEngine};
use clap::Args;
use uuid::Uuid;

use self::callers::measure;
pub(crate) use self::{
    account::account_id,
    chooser::{Choice, Chooser},
    dice::Dice,
    order::{AMOUNT_MAX_MINOR, CURRENCY, payment_json, simulated_json, transfer_json},
};

/// As the service keeps them.
const ANSWERS_KEPT: Duration = Duration::from_hours(24);
/// Besides those that write batches, as in the service.
const SPARE_CONNECTIONS: usize = 2;

/// Options of `tallystick-bench post`.
#[derive(Args)]
pub(crate) struct Options {
    /// The database, with accounts in it.
    #[arg(long)]
    database: String,
    /// Whose accounts.
    #[arg(long, value_name = "ID")]
    organization: Uuid,
    /// How many accounts there are.
    #[arg(long, default_value_t = 10_000)]
    accounts: u32,
    /// Between which of them.
    #[arg(long, value_enum, default_value_t = Choice::Uniform)]
    choice: Choice,
    /// How many callers there are.
    #[arg(long, default_value_t = 64)]
    callers: u32,
    /// How long to post before measuring.
    #[arg(long, default_value_t = 0.5, value_name = "SECONDS")]
    warm_up: f64,
    /// How long to measure.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// The process id of the postmaster, whose and whose children's processor time is then measured too.
    #[arg(long)]
    database_pid: Option<u32>,
}

/// Posts, and prints the report as one line of JSON.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let threads = available_parallelism().map_or(1, NonZero::get);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()?;
    let report = runtime.block_on(async {
        let engine = start_engine(options)?;
        measure(engine, options).await
    })?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

/// With the service's own settings. Must be called on a runtime.
fn start_engine(options: &Options) -> anyhow::Result<PostingEngine> {
    let settings = EngineSettings::default();
    let database = Database::open(DatabaseOptions::at(options.database.clone()))?;
    let connections = settings.lanes + SPARE_CONNECTIONS;
    let clock = Arc::new(SystemClock::default());
    let store = PgPostingStore::open(&database, connections, clock.clone(), ANSWERS_KEPT)?;
    let parts = EngineParts {
        store: Arc::new(store),
        clock,
        ids: Arc::new(UuidV7Generator),
    };
    let (engine, running) = PostingEngine::start(parts, settings);
    tokio::spawn(running);
    Ok(engine)
}
