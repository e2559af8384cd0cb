//! POST of invoices, each under an idempotency key of its own, with its event, its timeline and its sums.

use super::{CONNECTIONS, NEW_INVOICE};
use crate::{
    figures::Figure,
    load::Plan,
    run::{Contest, Stage, Target},
    service::{DATABASE_URL, Service},
};

const LEAST: f64 = 0.5;

/// The service that only answers, as it is deployed where other processes review invoices and bring events on their way.
const API: &[&str] = &["api"];
/// One process does everything, on the same processors.
const EVERYTHING: &[&str] = &[];

/// The yardstick inserts one row into the same table, which it commits.
pub(super) async fn measure(stage: &mut Stage) -> anyhow::Result<Vec<Figure>> {
    let warehouse = stage.fill().await?;
    let (url, tenant) = (warehouse.url(), warehouse.tenant.clone());
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
    let plan = stage.plan("create", &plan)?;
    let mut figures = Vec::new();
    for (roles, name, least) in [
        (
            API,
            "`POST /invoices`, idempotency key, outbox, history",
            Some(LEAST),
        ),
        (
            EVERYTHING,
            "`POST /invoices`, while the same process reviews them and reads their events",
            None,
        ),
    ] {
        let service = Service::start_in(roles, &stage.program, &[(DATABASE_URL, &url)]).await?;
        let contest = Contest {
            stage,
            service: Target::from(&service),
            yardstick: yardstick.target(),
            plan: &plan,
        };
        let samples = contest.run(CONNECTIONS).await?;
        figures.push(Figure::of_contest(name, samples, least));
    }
    Ok(figures)
}
