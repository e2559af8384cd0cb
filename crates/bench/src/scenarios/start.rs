//! From the start of the process to its first answer that it is ready, on an external database that is migrated.

use anyhow::Context as _;

use crate::{
    figures::{Figure, median},
    run::Stage,
    service::{DATABASE_URL, Service},
};

const LIMIT_MS: f64 = 300.0;

/// The median of some starts.
pub(super) async fn measure(stage: &mut Stage) -> anyhow::Result<Vec<Figure>> {
    let url = stage.fill().await?.url();
    let mut times_ms = Vec::new();
    for _ in 0..stage.pace.starts {
        let service = Service::start(&stage.program, &[(DATABASE_URL, &url)]).await?;
        times_ms.push(service.took().as_secs_f64() * 1e3);
    }
    let median_ms = median(times_ms.into_iter()).context("it was not started")?;
    let name = "start to ready, external migrated database";
    Ok(vec![Figure::of_time(name, (median_ms, LIMIT_MS), "ms")])
}
