//! Whether a ledger that has grown takes longer.

use super::pair;
use crate::{
    data::BranchSize,
    figures::{Figure, Sample},
    posting::Choice,
    run::{Entrant, Race, Stage},
};

/// A million entries. The large one has five deposits for each of its accounts: ten million, of a million accounts.
const SMALL: BranchSize = BranchSize {
    accounts: 10_000,
    deposits: 50,
};
const DEPOSITS_LARGE: u32 = 5;
const CALLERS: u32 = 64;
const LEAST: f64 = 0.8;

/// The engine alone on a large ledger, against the same on a small one.
pub(in crate::scenarios) async fn growth(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let large = BranchSize {
        accounts: stage.pace.accounts_many,
        deposits: DEPOSITS_LARGE,
    };
    eprintln!(
        "  loading ledgers of {} and {} accounts",
        SMALL.accounts, large.accounts
    );
    let branches = [
        bank.open_branch("ledger_small", SMALL).await?,
        bank.open_branch("ledger_large", large).await?,
    ];
    let entrants = branches.each_ref().map(|branch| Entrant::Engine {
        branch,
        choice: Choice::Uniform,
        callers: CALLERS,
    });
    let race = Race {
        stage,
        entrants: &entrants,
    };
    let samples = pair(race.run().await?)?;
    for (branch, sample) in branches.iter().zip(&samples) {
        let posted = Sample::answers(sample);
        branch.audit(posted, posted).await?;
    }
    let [of_small, of_large] = branches;
    bank.close_branch("ledger_small", of_small).await?;
    bank.close_branch("ledger_large", of_large).await?;
    let [small, grown] = samples;
    let name = format!(
        "engine alone, uniform, 64 callers, {} accounts, against our own {}",
        large.accounts, SMALL.accounts
    );
    let figure = Figure::of_transfers(&name, (grown, &small), Some(LEAST));
    Ok(vec![figure])
}
