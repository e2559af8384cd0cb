//! `tallystick demo`: something to look at.

use std::sync::Arc;

use app::platform::{FoundOrganization, FoundOrganizationHandler};
use clap::Args;
use domain::{actor::Actor, ids::OrganizationId};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use uuid::Uuid;

use super::{desk, output};
use crate::{
    config::Inputs,
    demo::{Demo, Scale, Summary, Told, organization},
    wiring::Core,
};

/// Fills an organization with customers, and a year of invoices, payments and vouchers.
///
/// Everything goes through the same use cases as requests do, and stays: there is no command that takes it back.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of the organization; not needed when there is at most one. Without any, one is founded.
    #[arg(long, value_name = "ID")]
    organization: Option<Uuid>,
    /// How many customers.
    #[arg(long, value_name = "COUNT", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    customers: u32,
    /// How many invoices.
    #[arg(long, value_name = "COUNT", default_value_t = 250, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    invoices: u32,
    /// How many payments: between accounts, and through the simulator where it is enabled.
    #[arg(long, value_name = "COUNT", default_value_t = 60, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    payments: u32,
    /// How many vouchers, of three campaigns. Some are redeemed, on drafts of their own.
    #[arg(long, value_name = "COUNT", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    vouchers: u32,
    /// Another seed makes other customers, invoices and payments.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, inputs: &Inputs) -> anyhow::Result<()> {
    desk::run_with_core(inputs, async |core| {
        let organization_id = choose(core, arguments.organization).await?;
        let demo = Demo::new(core, desk::caller(organization_id));
        let scale = Scale {
            customers: arguments.customers,
            invoices: arguments.invoices,
            payments: arguments.payments,
            vouchers: arguments.vouchers,
            seed: arguments.seed,
        };
        let steps = [
            scale.customers,
            scale.invoices,
            scale.payments,
            scale.vouchers,
        ];
        let progress = progress(steps.map(u64::from).into_iter().sum())?;
        let told = demo.tell(scale, || progress.inc(1)).await?;
        progress.finish_and_clear();
        report(organization_id, arguments, &told)
    })
}

async fn choose(core: &Core, named: Option<Uuid>) -> anyhow::Result<OrganizationId> {
    if named.is_some() || !core.organizations.list().await?.is_empty() {
        return desk::organization(core, named).await;
    }
    let command = FoundOrganization {
        profile: organization()?,
        actor: Actor::CommandLine,
    };
    let handler = FoundOrganizationHandler::new(core.clock.clone(), core.ids.clone());
    Ok(core.bus.execute(Arc::new(handler), command).await?.id)
}

/// Drawn in a terminal only.
fn progress(steps: u64) -> anyhow::Result<ProgressBar> {
    let style = "{bar:40} {pos}/{len} customers, invoices, payments and vouchers, {eta} left";
    Ok(ProgressBar::new(steps).with_style(ProgressStyle::with_template(style)?))
}

fn report(
    organization_id: OrganizationId,
    arguments: &Arguments,
    told: &Told,
) -> anyhow::Result<()> {
    if arguments.json {
        return output::print_json(&json!({
            "organization_id": organization_id.as_uuid(),
            "customers": arguments.customers,
            "invoices": told.invoices,
            "payments": told.payments,
            "vouchers": told.vouchers,
        }));
    }
    let text = format!(
        "organization {organization_id} has {} more customers, {}, {} and {}",
        arguments.customers,
        spelt(&told.invoices, "invoices"),
        spelt(&told.payments, "payments"),
        spelt(&told.vouchers, "vouchers"),
    );
    Ok(output::print(&text)?)
}

/// `12 more invoices (2 draft, 10 paid)`
fn spelt(summary: &Summary, what: &str) -> String {
    let statuses = summary
        .iter()
        .map(|(status, count)| format!("{count} {status}"));
    let statuses = statuses.collect::<Vec<_>>().join(", ");
    format!("{} more {what} ({statuses})", summary.values().sum::<u32>())
}
