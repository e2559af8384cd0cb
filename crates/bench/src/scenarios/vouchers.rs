//! Vouchers: one code that everybody redeems, what codes would give, and codes in great number.

mod bulk;

use anyhow::{Context as _, ensure};

pub(super) use self::bulk::bulk;
use super::{
    CONNECTIONS, LEDGER,
    transfers::{in_turns, plan, single_plan},
};
use crate::{
    data::{Branch, connect},
    figures::Figure,
    http::Client,
    load::Plan,
    posting::{CURRENCY, Choice, Dice, account_id},
    run::{Contest, Stage, Target},
    service::{DATABASE_URL, Service},
};

const REDEEM: &str = "POST /api/v1/vouchers/HOT-GIFT/redeem";
/// How many different requests there are, of which each is sent again and again.
const BODIES: u32 = 20_000;
/// What share of the throughput of transfers with one hot account redemptions of one hot code must reach.
const HOT_LEAST: f64 = 0.5;
/// How many codes are asked about.
const CODES: u32 = 10_000;
/// What share of the throughput of a bare SELECT telling what a code gives must reach.
const VALIDATE_LEAST: f64 = 0.6;

/// Redemptions of one gift, which are counted at its code, in turns with transfers to and from one account on the same ledger.
pub(super) async fn hot(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let transfers = &single_plan(stage, Choice::Hot).await?;
    let redemptions = &plan(stage, REDEEM, redemptions()).await?;
    let branch = bank.open_branch("ledger", LEDGER).await?;
    let service = Service::start(&stage.program, &[(DATABASE_URL, &branch.url)]).await?;
    let target = Target::from(&service);
    let mut client = Client::connect(target.address, Some(&bank.tenant.key)).await?;
    let gift = format!(
        r#"{{"name":"Gift","kind":"gift","amount_minor":100,"currency":"{CURRENCY}","max_redemptions_per_code":1000000000}}"#
    );
    issue(&mut client, &gift, "HOT-GIFT").await?;
    let (samples, answers) = in_turns(stage, service, [transfers, redemptions]).await?;
    let [transfers, redemptions] = samples;
    let all = answers.iter().sum();
    branch.audit(answers[0], all).await?;
    audit(&branch, answers[1]).await?;
    bank.close_branch("ledger", branch).await?;
    let name = "`POST /vouchers/{code}/redeem`, one hot code, 64 connections, against `POST /transfers`, one hot account";
    let figure = Figure::of_transfers(name, (redemptions, &transfers), Some(HOT_LEAST));
    Ok(vec![figure])
}

/// What codes would give, against a handler that runs the same SELECT.
pub(super) async fn validate(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let url = bank.copy("vouchers").await?;
    let service = Service::start(&stage.program, &[(DATABASE_URL, &url)]).await?;
    let target = Target::from(&service);
    let mut client = Client::connect(target.address, Some(&bank.tenant.key)).await?;
    let tenth = r#"{"name":"Tenth","kind":"discount","percent_bps":1000,"max_redemptions":1000}"#;
    let campaign = issue(&mut client, tenth, "CODE").await?;
    let sql = format!(
        "INSERT INTO vouchers SELECT organization_id, gen_random_uuid(), campaign_id, code || '-' || n, status, NULL, created_at,
                updated_at, 1 FROM vouchers CROSS JOIN generate_series(0, {CODES} - 1) AS n WHERE campaign_id = '{campaign}';
         ANALYZE vouchers, campaigns;"
    );
    connect(&url).await?.batch_execute(&sql).await?;
    let body = r#"{"currency":"USD","total_minor":12000}"#;
    let told = client
        .post("/api/v1/vouchers/CODE-7/validate", body)
        .await?;
    ensure!(told["amount_minor"] == 1_200, "another offer: {told}");
    let organization = bank.tenant.organization.to_string();
    let arguments = [
        "validate",
        "--database",
        &url,
        "--organization",
        &organization,
    ];
    let yardstick = stage.opponent(&arguments).await?;
    let request = |number: u32| format!("POST /api/v1/vouchers/CODE-{number}/validate");
    let plan = Plan {
        key: bank.tenant.key.clone(),
        requests: (0..CODES).map(request).collect(),
        bodies: vec![body.to_owned()],
    };
    let contest = Contest {
        stage,
        service: target,
        yardstick: yardstick.target(),
        plan: &stage.plan("validate", &plan)?,
    };
    let samples = contest.run(CONNECTIONS).await?;
    drop(service);
    bank.discard("vouchers").await?;
    let name = "`POST /vouchers/{code}/validate`, 10,000 codes";
    Ok(vec![Figure::of_contest(
        name,
        samples,
        Some(VALIDATE_LEAST),
    )])
}

/// Launches a campaign with a code, and tells its id.
async fn issue(client: &mut Client, campaign: &str, code: &str) -> anyhow::Result<String> {
    let launched = client.post("/api/v1/campaigns", campaign).await?;
    let id = launched["id"].as_str().context("a campaign has an id")?;
    let voucher = format!(r#"{{"campaign_id":"{id}","code":"{code}"}}"#);
    client.post("/api/v1/vouchers", &voucher).await?;
    Ok(id.to_owned())
}

fn redemptions() -> Vec<String> {
    let mut dice = Dice::new(0);
    let mut account = || account_id(dice.below(LEDGER.accounts));
    (0..BODIES)
        .map(|_| format!(r#"{{"account_id":"{}"}}"#, account()))
        .collect()
}

/// That as many redemptions are there, and counted, as callers were told.
async fn audit(branch: &Branch, told: usize) -> anyhow::Result<()> {
    let queries = [
        "SELECT count(*) FROM voucher_redemptions",
        "SELECT count(*) FROM transfers WHERE kind = 'gift_redemption'",
        "SELECT uses FROM voucher_counters WHERE scope LIKE 'code:%'",
    ];
    for query in queries {
        let there: i64 = branch.value(query).await?;
        ensure!(
            usize::try_from(there)? == told,
            "{told} redemptions were told, but {query} says {there}"
        );
    }
    eprintln!("  holds: {told} redemptions were told, and are there and counted");
    Ok(())
}
