//! Who moves money outside of the ledger.

use std::sync::Arc;

use adapters_postgres::{Database, PgSimulatorRecord};
use adapters_providers::{Simulator, SimulatorTemper};
use app::ports::{Clock, PaymentProvider, Providers};

use crate::config::{Settings, SimulatorUse};

/// The providers that the settings name.
pub(super) fn providers(
    database: &Database,
    clock: &Arc<dyn Clock>,
    settings: &Settings,
) -> anyhow::Result<Providers> {
    let mut all: Vec<Arc<dyn PaymentProvider>> = Vec::new();
    if is_simulated(settings) {
        let record = Arc::new(PgSimulatorRecord::new(database.clone()));
        let temper = temper(settings);
        all.push(Arc::new(Simulator::new(record, clock.clone(), temper)?));
    }
    Ok(Providers::new(all))
}

fn is_simulated(settings: &Settings) -> bool {
    match settings.providers.simulator.enabled {
        SimulatorUse::Auto => settings.is_embedded(),
        SimulatorUse::True => true,
        SimulatorUse::False => false,
    }
}

fn temper(settings: &Settings) -> SimulatorTemper {
    // Like a crash: no destructor runs, and nothing is put in order.
    let crash: fn() = || std::process::abort();
    SimulatorTemper {
        crash: settings.providers.simulator.crashes.then_some(crash),
        ..SimulatorTemper::default()
    }
}
