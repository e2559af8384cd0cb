//! The posting engine over the core.

use std::sync::Arc;

use adapters_postgres::PgPostingStore;
use app::ledger::{EngineParts, EngineSettings, PostingEngine, RingingPostingStore, SIDE_LANES};
use tokio_util::task::TaskTracker;

use super::Core;
use crate::config::Settings;

/// Besides those that write batches, for what is looked up in between.
const SPARE_CONNECTIONS: usize = 2;

/// Starts it. It ends when nobody can ask it any more.
pub(crate) fn posting_engine(
    core: &Core,
    settings: &Settings,
    tasks: &TaskTracker,
) -> anyhow::Result<PostingEngine> {
    let ledger = settings.ledger;
    let store = PgPostingStore::open(
        &core.database,
        ledger.lanes + SIDE_LANES + SPARE_CONNECTIONS,
        core.clock.clone(),
        settings.idempotency.retention,
    )?;
    let parts = EngineParts {
        store: Arc::new(RingingPostingStore::new(
            Arc::new(store),
            core.bells.commits.clone(),
        )),
        clock: core.clock.clone(),
        ids: core.ids.clone(),
    };
    let sizes = EngineSettings {
        queue_max: ledger.queue_max,
        batch_max: ledger.batch_max,
        lanes: ledger.lanes,
        standings_max: ledger.standings_max,
        ..EngineSettings::default()
    };
    let (engine, running) = PostingEngine::start(parts, sizes);
    tasks.spawn(running);
    Ok(engine)
}
