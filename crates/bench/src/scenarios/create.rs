//! POST of invoices, each under an idempotency key of its own, with its event, its timeline and its sums.

use super::{CONNECTIONS, NEW_INVOICE};
use crate::{
    figures::Figure,
    load::Plan,
    run::{Contest, Stage, Target},
    service::{DATABASE_URL, Service},
};

const LEAST: f64 = 0.5;

/// The yardstick inserts one row into the same table, which it commits.
pub(super) async fn measure(stage: &mut Stage) -> anyhow::Result<Vec<Figure>> {
    let warehouse = stage.fill().await?;
    let (url, tenant) = (warehouse.url(), warehouse.tenant.clone());
    let service = Service::start(&stage.program, &[(DATABASE_URL, &url)]).await?;
    let organization = tenant.organization.to_string();
    let arguments = [
        "insert",
        "--database",
        &url,
        "--organization",
        &organization,
    ];
    let yardstick = stage.opponent(&arguments).await?;
    let plan = Plan {
        key: tenant.key,
        bodies: vec![NEW_INVOICE.to_owned()],
        requests: vec!["POST /api/v1/invoices".to_owned()],
    };
    let contest = Contest {
        stage,
        service: Target::from(&service),
        yardstick: yardstick.target(),
        plan: &stage.plan("create", &plan)?,
    };
    let samples = contest.run(CONNECTIONS).await?;
    let name = "`POST /invoices`, idempotency key, outbox, history";
    Ok(vec![Figure::of_contest(name, samples, LEAST)])
}
