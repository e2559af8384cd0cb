//! Lists: by every filter, rare and common, and as deep as they go.

mod depth;
mod variants;

use crate::{
    data::Samples,
    figures::{Figure, Sample},
    http::Client,
    load::{Plan, Report},
    run::{Extent, Stage, Target},
    service::{DATABASE_URL, Service},
};

const CONNECTIONS: usize = 8;
/// How many times the p99 of the first page without filters a list may take.
const FACTOR_MAX: f64 = 2.0;
const P99_LIMIT_MS: f64 = 25.0;
/// The list that the others are compared with.
const FIRST_PAGE: &str = "list: first page";

/// A list, asked for by different values of the same kind.
#[derive(Debug)]
struct Variant {
    name: String,
    requests: Vec<String>,
}

/// Every variant in every round, so that all meet the same noise.
pub(super) async fn measure(stage: &mut Stage) -> anyhow::Result<Vec<Figure>> {
    let warehouse = stage.fill().await?;
    let (url, key) = (warehouse.url(), warehouse.tenant.key.clone());
    let samples = Samples::take(&warehouse.client).await?;
    let service = Service::start(&stage.program, &[(DATABASE_URL, &url)]).await?;
    let mut client = Client::connect(service.address(), Some(&key)).await?;
    let mut variants = variants::all(&samples);
    variants.extend(depth::variants(&mut client).await?);
    let mut plans = Vec::new();
    for (index, variant) in variants.iter().enumerate() {
        let plan = Plan {
            key: key.clone(),
            requests: variant.requests.clone(),
            ..Plan::default()
        };
        plans.push(stage.plan(&format!("list-{index}"), &plan)?);
    }
    let extent = Extent::Time {
        warm_up_s: stage.pace.list_round_s / 4.0,
        measured_s: stage.pace.list_round_s,
    };
    let mut reports: Vec<Vec<Report>> = variants.iter().map(|_| Vec::new()).collect();
    for round in 1..=stage.pace.list_rounds {
        eprintln!("  round {round} of {} lists", plans.len());
        for (plan, reports) in plans.iter().zip(&mut reports) {
            let target = Target::from(&service);
            reports.push(stage.load(target, (plan, 0), CONNECTIONS, extent).await?);
        }
    }
    let samples = reports.into_iter().map(|rounds| Sample::of(rounds, None));
    Ok(figures(variants.into_iter().zip(samples).collect()))
}

fn figures(measured: Vec<(Variant, Sample)>) -> Vec<Figure> {
    let first = measured
        .iter()
        .find(|(variant, _)| variant.name == FIRST_PAGE);
    let first_p99_ms = first.map_or(0.0, |(_, sample)| sample.p99_ms);
    measured
        .into_iter()
        .map(|(variant, sample)| figure(variant, sample, first_p99_ms))
        .collect()
}

/// A list that the service gives up, or refuses, is a miss like one that is slow.
fn figure(variant: Variant, sample: Sample, first_p99_ms: f64) -> Figure {
    let factor = sample.p99_ms / first_p99_ms;
    let refused: u64 = sample
        .rounds
        .iter()
        .flat_map(|round| round.refused.values())
        .sum();
    let refusals = match refused {
        0 => String::new(),
        _ => format!(", {refused} refused"),
    };
    Figure {
        name: variant.name,
        reached: format!(
            "{factor:.2} × first page, p99 {:.1} ms{refusals}",
            sample.p99_ms
        ),
        required: format!("≤ {FACTOR_MAX} ×, < {P99_LIMIT_MS} ms"),
        is_ok: refused == 0 && factor <= FACTOR_MAX && sample.p99_ms < P99_LIMIT_MS,
        service: Some(sample),
        yardstick: None,
    }
}

impl Variant {
    /// Of query strings.
    fn new(name: &str, queries: impl IntoIterator<Item = String>) -> Self {
        let request = |query: String| format!("GET /api/v1/invoices?{query}");
        Self {
            name: format!("list: {name}"),
            requests: queries.into_iter().map(request).collect(),
        }
    }
}
