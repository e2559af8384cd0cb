//! `tallystick reconcile`: whether providers remember what is stored.

use std::process::ExitCode;

use adapters_postgres::PgPaymentQueries;
use app::payments::{Comparison, Finding, Reconciliation};
use clap::Args;
use domain::payments::ProviderReference;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{DONE, desk, output};
use crate::{config::Inputs, wiring::Core};

/// Something differs.
const DIFFERS: u8 = 3;
/// Nothing differs, but not everything could be compared.
const UNANSWERED: u8 = 4;

/// Compares payments and refunds with what their providers remember.
///
/// Asks, and changes nothing, neither here nor there. What a provider did for a payment that is not stored here, it lists in its
/// own pages only: this finds what both know of, and whether its money has moved. It does not compare amounts: a provider is asked
/// for a payment by its name.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 everything agrees; 1 failed; 2 wrong arguments or configuration; 3 something differs; \
                        4 nothing differs, but a provider did not answer for everything."
)]
pub(super) struct Arguments {
    /// Only what was accepted at this instant or later, such as 2026-11-20T13:00:00Z.
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

struct Outcome {
    agreed: usize,
    others: Vec<Comparison>,
}

pub(super) fn run(arguments: &Arguments, inputs: &Inputs) -> anyhow::Result<ExitCode> {
    let outcome = desk::run_with_core(inputs, async |core: &Core| {
        compared(core, arguments.since).await
    })?;
    if arguments.json {
        output::print_json(&as_value(&outcome))?;
    } else {
        output::print(&as_text(&outcome))?;
    }
    Ok(ExitCode::from(outcome.code()))
}

async fn compared(core: &Core, since: Option<Timestamp>) -> anyhow::Result<Outcome> {
    let payments = PgPaymentQueries::new(core.database.clone());
    let reconciliation = Reconciliation {
        organizations: core.organizations.as_ref(),
        payments: &payments,
        providers: &core.providers,
    };
    let mut others = Vec::new();
    let agreed = reconciliation
        .since(since, &mut |it| others.push(it))
        .await?;
    Ok(Outcome { agreed, others })
}

impl Outcome {
    fn differing(&self) -> usize {
        let differs = |it: &&Comparison| matches!(it.finding, Finding::Differs(_));
        self.others.iter().filter(differs).count()
    }

    fn code(&self) -> u8 {
        match (self.differing(), self.others.len()) {
            (0, 0) => DONE,
            (0, _) => UNANSWERED,
            _ => DIFFERS,
        }
    }
}

fn word(finding: Finding) -> &'static str {
    match finding {
        Finding::Agrees => "agrees",
        Finding::Differs(difference) => difference.code(),
        Finding::Unanswered => "unanswered",
    }
}

fn as_text(outcome: &Outcome) -> String {
    let differing = outcome.differing();
    let summary = format!(
        "{} agree, {differing} differ, {} could not be compared",
        outcome.agreed,
        outcome.others.len() - differing
    );
    if outcome.others.is_empty() {
        return summary;
    }
    let head = [
        "finding",
        "provider",
        "payment",
        "refund",
        "here",
        "reference",
        "amount",
        "accepted",
    ];
    let rows: Vec<_> = outcome.others.iter().map(as_row).collect();
    format!("{}\n{summary}", output::table(head, &rows))
}

fn as_row(it: &Comparison) -> [String; 8] {
    let reference = it.reference.as_ref().map(|it| it.as_str().to_owned());
    [
        word(it.finding).to_owned(),
        it.provider.as_str().to_owned(),
        it.payment_id.to_string(),
        it.refund_id.map(|id| id.to_string()).unwrap_or_default(),
        it.status.code().to_owned(),
        reference.unwrap_or_default(),
        format!("{} {}", it.amount_minor, it.currency),
        output::instant(it.created_at),
    ]
}

fn as_value(outcome: &Outcome) -> Value {
    json!({
        "agree": outcome.agreed,
        "differ": outcome.differing(),
        "unanswered": outcome.others.len() - outcome.differing(),
        "data": outcome.others.iter().map(comparison).collect::<Vec<_>>(),
    })
}

fn comparison(it: &Comparison) -> Value {
    json!({
        "finding": word(it.finding),
        "organization_id": it.organization_id.to_string(),
        "provider": it.provider.as_str(),
        "payment_id": it.payment_id.to_string(),
        "refund_id": it.refund_id.map(|id| id.to_string()),
        "status": it.status.code(),
        "provider_reference": it.reference.as_ref().map(ProviderReference::as_str),
        "amount_minor": it.amount_minor,
        "currency": it.currency,
        "created_at": output::instant(it.created_at),
    })
}
