//! Payments: between accounts, and through a provider.

mod external;

pub(super) use self::external::external;
use super::{
    LEDGER,
    transfers::{in_turns, plan, single_plan},
};
use crate::{
    figures::Figure,
    posting::{AMOUNT_MAX_MINOR, Choice, Chooser, Dice, payment_json},
    run::Stage,
    service::{DATABASE_URL, Service},
};

const REQUEST: &str = "POST /api/v1/payments";
/// How many different payments there are, of which each is sent again and again.
const BODIES: u32 = 20_000;
/// What share of the throughput of transfers payments must reach.
const LEAST: f64 = 0.7;

/// Between two accounts, in turns with transfers on the same ledger.
pub(super) async fn internal(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let transfers = &single_plan(stage, Choice::Uniform).await?;
    let payments = &plan(stage, REQUEST, internals()).await?;
    let branch = bank.open_branch("ledger", LEDGER).await?;
    let service = Service::start(&stage.program, &[(DATABASE_URL, &branch.url)]).await?;
    let (samples, answers) = in_turns(stage, service, [transfers, payments]).await?;
    let [transfers, payments] = samples;
    branch.audit(answers[0], answers.iter().sum()).await?;
    branch.audit_payments(answers[1]).await?;
    bank.close_branch("ledger", branch).await?;
    let name =
        "`POST /payments`, internal, uniform, 64 connections, against `POST /transfers` like that";
    let figure = Figure::of_transfers(name, (payments, &transfers), Some(LEAST));
    Ok(vec![figure])
}

fn internals() -> Vec<String> {
    let chooser = Chooser::new(Choice::Uniform, LEDGER.accounts);
    let mut dice = Dice::new(0);
    let mut payment = || {
        let amount_minor = 1 + dice.below(AMOUNT_MAX_MINOR);
        payment_json(chooser.pair(&mut dice), amount_minor)
    };
    (0..BODIES).map(|_| payment()).collect()
}
