//! Through a provider that answers at once, by two workers: how many, and how soon.

mod paced;

use std::time::{Duration, Instant};

use anyhow::ensure;

use self::paced::{Pace, send};
use super::{BODIES, REQUEST};
use crate::{
    data::Branch,
    figures::Figure,
    posting::{AMOUNT_MAX_MINOR, Dice, simulated_json},
    run::{Extent, Stage, Target},
    scenarios::{CONNECTIONS, LEDGER, transfers::plan},
    service::{DATABASE_URL, Service},
};

/// What the process does that clients ask; everything but payments.
const API: &[&str] = &["api", "relay", "scheduler", "webhooks"];
const WORKER: &[&str] = &["worker"];
const LEAST_PER_SECOND: f64 = 500.0;
const OFFERED_PER_SECOND: u32 = 100;
const LIMIT_MS: f64 = 1_000.0;
const LOOK_EVERY: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_mins(3);

const UNFINISHED: &str = "SELECT count(*) FROM payments WHERE status <> 'completed'";

/// From when a payment is accepted to when it is completed, both as of the end of their transactions but for the commit.
const DELAYS_MS: &str = "
    SELECT percentile_disc(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - created_at) * 1e3)
               ::double precision[]
      FROM (SELECT * FROM payments ORDER BY id DESC LIMIT $paced) AS last";

/// Both figures on one ledger, by a process that accepts payments and two that carry them out.
pub(in crate::scenarios) async fn external(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let branch = bank.open_branch("ledger", LEDGER).await?;
    let settings = [
        (DATABASE_URL, branch.url.as_str()),
        ("TALLYSTICK_PROVIDERS__SIMULATOR__ENABLED", "true"),
    ];
    let api = Service::start_in(API, &stage.program, &settings).await?;
    let workers = [
        Service::start_in(WORKER, &stage.program, &settings).await?,
        Service::start_in(WORKER, &stage.program, &settings).await?,
    ];
    let target = Target::from(&api);
    let (paid, throughput) = throughput(stage, target, &branch).await?;

    bank.settle().await?;
    let pace = Pace {
        per_second: OFFERED_PER_SECOND,
        lasting: stage.pace.payments_s,
    };
    let key = &bank.tenant.key;
    let paced = send((target.address, key), bodies(1), pace).await?;
    until_completed(&branch).await?;
    let query = DELAYS_MS.replace("$paced", &paced.to_string());
    let delays: Vec<f64> = branch.value(&query).await?;
    let [p50_ms, p99_ms] = delays.try_into().unwrap_or([f64::NAN; 2]);
    drop((api, workers));
    branch.audit(0, paid + paced).await?;
    branch.audit_payments(paid + paced).await?;
    bank.close_branch("ledger", branch).await?;
    let latency = Figure {
        name: format!(
            "external payments, {OFFERED_PER_SECOND}/s, two workers: from accepted to completed, p99"
        ),
        service: None,
        yardstick: None,
        reached: format!("{p99_ms:.0} ms (p50 {p50_ms:.0} ms, {paced} payments)"),
        required: format!("< {LIMIT_MS} ms"),
        is_ok: p99_ms < LIMIT_MS,
    };
    Ok(vec![throughput, latency])
}

/// Sends as quickly as they are accepted, and waits until all of them are completed. Tells how many there were, too.
async fn throughput(
    stage: &Stage,
    target: Target,
    branch: &Branch,
) -> anyhow::Result<(usize, Figure)> {
    let plan = plan(stage, REQUEST, bodies(0)).await?;
    let count = stage.pace.payments;
    let begun = Instant::now();
    let sent = stage.load(target, (&plan, 0), CONNECTIONS, Extent::Requests(count));
    let accepted = sent.await?.of_success()?;
    let accepted_s = begun.elapsed().as_secs_f64();
    until_completed(branch).await?;
    let all_s = begun.elapsed().as_secs_f64();
    let per_second = f64::from(u32::try_from(accepted.used)?) / all_s;
    let figure = Figure {
        name: "external payments, instant simulator, two workers: accepted and completed"
            .to_owned(),
        service: None,
        yardstick: None,
        reached: format!(
            "{per_second:.0} payments/s ({} in {all_s:.1} s, accepted within {accepted_s:.1} s)",
            accepted.used
        ),
        required: format!("≥ {LEAST_PER_SECOND} payments/s"),
        is_ok: per_second >= LEAST_PER_SECOND,
    };
    Ok((accepted.used, figure))
}

async fn until_completed(branch: &Branch) -> anyhow::Result<()> {
    let begun = Instant::now();
    while branch.value::<i64>(UNFINISHED).await? > 0 {
        ensure!(begun.elapsed() < PATIENCE, "payments are not completed");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// Payouts and charges in turns, of accounts that are all alike.
fn bodies(seed: u32) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let body = |number: u32| {
        let account = 1 + dice.below(LEDGER.accounts);
        let amount_minor = 1 + dice.below(AMOUNT_MAX_MINOR);
        simulated_json((account, number.is_multiple_of(2)), amount_minor)
    };
    (0..BODIES).map(body).collect()
}
