//! GET of invoices that are in the cache, as `cargo run` serves them: embedded database, authentication, rate limit.

use anyhow::Context as _;

use super::{CONNECTIONS, NEW_INVOICE};
use crate::{
    figures::Figure,
    http::Client,
    load::Plan,
    run::{Contest, Stage, Target},
    service::Service,
};

/// How many different invoices are asked for.
const INVOICES: usize = 1_000;
const LEAST: f64 = 0.5;

/// The yardstick answers the bytes of one of these invoices, whichever is asked for.
pub(super) async fn measure(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let service = Service::start(&stage.program, &[]).await?;
    let key = service.first_key().await?;
    let mut client = Client::connect(service.address(), Some(&key)).await?;
    let mut paths = Vec::new();
    for _ in 0..INVOICES {
        let made = client.post("/api/v1/invoices", NEW_INVOICE).await?;
        let id = made["id"].as_str().context("an invoice has no id")?;
        paths.push(format!("/api/v1/invoices/{id}"));
    }
    let first = paths.first().context("there are no invoices")?;
    let body = stage.file("invoice", &client.get(first).await?)?;
    let yardstick = stage
        .opponent(&["constant", "--body", &body.display().to_string()])
        .await?;
    let plan = Plan {
        key,
        requests: paths.iter().map(|path| format!("GET {path}")).collect(),
        ..Plan::default()
    };
    let contest = Contest {
        stage,
        service: Target::from(&service),
        yardstick: yardstick.target(),
        plan: &stage.plan("cached-get", &plan)?,
    };
    let samples = contest.run(CONNECTIONS).await?;
    let name = "cached `GET /invoices/{id}`, embedded mode";
    Ok(vec![Figure::of_contest(name, samples, Some(LEAST))])
}
