//! What commands work on: the configured database, or the private one of the data folder.

use adapters_postgres::Database;
use anyhow::{Context as _, bail};
use app::platform::Caller;
use domain::{actor::Actor, ids::OrganizationId};
use uuid::Uuid;

use super::output;
use crate::{
    config::{self, Inputs, Settings},
    lifecycle::Requests,
    logs,
    storage::Storage,
    wiring::Core,
};

/// Where a command finds its database.
pub(super) struct Desk {
    storage: Storage,
    settings: Settings,
}

/// Runs `work`, and closes everything afterwards, also when Ctrl-C ends it early.
pub(super) fn run<T>(
    inputs: &Inputs,
    work: impl AsyncFnOnce(&Desk) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let settings = configuration(inputs)?;
    let _flush = logs::install_for_command()?;
    runtime()?.block_on(async {
        let requests = Requests::of_process()?;
        let storage = Storage::reach(&settings, &inputs.environment).await?;
        let mut desk = Desk { storage, settings };
        let worked = requests.unless_to_end(work(&desk)).await;
        desk.storage.stop(&desk.settings.data_dir).await?;
        worked.unwrap_or_else(|| bail!("interrupted"))
    })
}

/// Like [`run`], with the use cases over a database whose schema is this release's.
pub(super) fn run_with_core<T>(
    inputs: &Inputs,
    work: impl AsyncFnOnce(&Core) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    run(inputs, async |desk| {
        let pool = desk.pool()?;
        desk.storage.prepare(&pool, &desk.settings).await?;
        let core = Core::new(pool, &desk.settings)?;
        let worked = work(&core).await;
        core.database.close();
        worked
    })
}

impl Desk {
    /// A pool on the database, whatever its schema is.
    pub(super) fn pool(&self) -> anyhow::Result<Database> {
        self.storage.pool(&self.settings.database, false)
    }

    /// Where the database is.
    pub(super) const fn storage(&self) -> &Storage {
        &self.storage
    }
}

/// Reads the configuration, and passes its warnings on.
pub(super) fn configuration(inputs: &Inputs) -> anyhow::Result<Settings> {
    let loaded = config::load(inputs)?;
    for warning in &loaded.warnings {
        output::warn(warning);
    }
    Ok(loaded.settings)
}

/// The organization that a command is about: the one that was named, else the only one there is.
pub(super) async fn organization(
    core: &Core,
    named: Option<Uuid>,
) -> anyhow::Result<OrganizationId> {
    if let Some(id) = named.map(OrganizationId::from_uuid) {
        let found = core.organizations.find(id).await?;
        found.with_context(|| format!("there is no organization {id}"))?;
        return Ok(id);
    }
    match core.organizations.list().await?.as_slice() {
        [] => {
            bail!("there is no organization yet: make one with `tallystick organizations create`")
        }
        [only] => Ok(only.id),
        several => bail!(
            "there are {} organizations: name one with --organization (`tallystick organizations list`)",
            several.len()
        ),
    }
}

/// The person at the command line, acting for an organization.
pub(super) const fn caller(organization_id: OrganizationId) -> Caller {
    Caller {
        organization_id,
        actor: Actor::CommandLine,
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
}
