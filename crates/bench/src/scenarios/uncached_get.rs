//! GET of invoices that are in the database only.

use anyhow::ensure;
use uuid::Uuid;

use super::CONNECTIONS;
use crate::{
    data::{Tenant, all_ids},
    figures::Figure,
    http::Client,
    load::Plan,
    run::{Contest, Stage, Target},
    service::{DATABASE_URL, Service},
};

/// Room for some hundred invoices, of which none is asked for again before all others were: the service looks each of
/// them up in its cache, does not find it, reads it, and puts it in.
const SMALL_CACHE: (&str, &str) = ("TALLYSTICK_CACHE__CAPACITY_BYTES", "1048576");
/// How many answers are compared with the yardstick's before both are measured.
const COMPARED: usize = 100;
const LEAST: f64 = 0.6;

/// The yardstick runs the same SELECT, and writes the same invoice.
pub(super) async fn measure(stage: &mut Stage) -> anyhow::Result<Vec<Figure>> {
    let warehouse = stage.fill().await?;
    let (url, tenant) = (warehouse.url(), warehouse.tenant.clone());
    let ids = all_ids(&warehouse.client).await?;
    let service = Service::start(&stage.program, &[(DATABASE_URL, &url), SMALL_CACHE]).await?;
    let organization = tenant.organization.to_string();
    let arguments = [
        "select",
        "--database",
        &url,
        "--organization",
        &organization,
    ];
    let yardstick = stage.opponent(&arguments).await?;
    let targets = (Target::from(&service), yardstick.target());
    compare(targets, &tenant, ids.iter().take(COMPARED)).await?;
    let request = |id: &Uuid| format!("GET /api/v1/invoices/{id}");
    let plan = Plan {
        key: tenant.key,
        requests: ids.iter().map(request).collect(),
        ..Plan::default()
    };
    let contest = Contest {
        stage,
        service: targets.0,
        yardstick: targets.1,
        plan: &stage.plan("uncached-get", &plan)?,
    };
    let samples = contest.run(CONNECTIONS).await?;
    let name = "uncached `GET /invoices/{id}`";
    Ok(vec![Figure::of_contest(name, samples, Some(LEAST))])
}

async fn compare(
    (service, yardstick): (Target, Target),
    tenant: &Tenant,
    ids: impl Iterator<Item = &Uuid>,
) -> anyhow::Result<()> {
    let mut service = Client::connect(service.address, Some(&tenant.key)).await?;
    let mut yardstick = Client::connect(yardstick.address, None).await?;
    for id in ids {
        let path = format!("/api/v1/invoices/{id}");
        let (ours, theirs) = (
            service.get_json(&path).await?,
            yardstick.get_json(&path).await?,
        );
        ensure!(
            ours == theirs,
            "the yardstick answers another invoice than the service:\n{ours}\n{theirs}"
        );
    }
    Ok(())
}
