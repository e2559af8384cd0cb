//! `tallystick organizations`: the tenants.

use std::sync::Arc;

use app::platform::{FoundOrganization, FoundOrganizationHandler};
use clap::{Args, Subcommand};
use domain::{
    actor::Actor,
    platform::{NumberPrefix, OrganizationFacts, OrganizationProfile, PaymentTerms},
    values::{Currency, EmailAddress, InvalidValue, Name, Rounding, TaxId},
};
use serde_json::{Value, json};

use super::{desk, output};
use crate::{config::Inputs, wiring::Core};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Founds an organization.
    Create(Create),
    /// Lists the organizations, oldest first.
    List {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Its name in the register of companies.
    #[arg(long, value_name = "NAME", value_parser = Name::parse)]
    legal_name: Name,
    /// The ISO 4217 code of the currency that its invoices are written in.
    #[arg(long, value_name = "CODE", default_value = "EUR", value_parser = Currency::parse)]
    currency: Currency,
    /// What its invoice numbers start with.
    #[arg(long, value_name = "PREFIX", default_value = "INV-", value_parser = NumberPrefix::parse)]
    number_prefix: NumberPrefix,
    /// How many days its customers have to pay.
    #[arg(long, value_name = "DAYS", default_value = "30", value_parser = parse_terms)]
    payment_terms_days: PaymentTerms,
    /// Its tax number.
    #[arg(long, value_name = "NUMBER", value_parser = TaxId::parse)]
    tax_id: Option<TaxId>,
    /// Where customers write to.
    #[arg(long, value_name = "ADDRESS", value_parser = EmailAddress::parse)]
    email: Option<EmailAddress>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Command, inputs: &Inputs) -> anyhow::Result<()> {
    match command {
        Command::Create(arguments) => {
            let profile = profile(arguments);
            desk::run_with_core(inputs, async |core| {
                create(core, profile, arguments.json).await
            })
        }
        Command::List { json } => desk::run_with_core(inputs, async |core| list(core, *json).await),
    }
}

fn parse_terms(raw: &str) -> Result<PaymentTerms, InvalidValue> {
    // What is no number at all is out of range too.
    PaymentTerms::days(raw.parse().unwrap_or(-1))
}

fn profile(arguments: &Create) -> OrganizationProfile {
    OrganizationProfile {
        legal_name: arguments.legal_name.clone(),
        address: None,
        tax_id: arguments.tax_id.clone(),
        email: arguments.email.clone(),
        default_currency: arguments.currency,
        invoice_number_prefix: arguments.number_prefix.clone(),
        payment_terms: arguments.payment_terms_days,
        rounding: Rounding::HalfAwayFromZero,
    }
}

async fn create(core: &Core, profile: OrganizationProfile, as_json: bool) -> anyhow::Result<()> {
    let handler = FoundOrganizationHandler::new(core.clock.clone(), core.ids.clone());
    let command = FoundOrganization {
        profile,
        actor: Actor::CommandLine,
    };
    let founded = core.bus.execute(Arc::new(handler), command).await?;
    if as_json {
        output::print_json(&as_value(&founded))
    } else {
        Ok(output::print(&format!(
            "founded organization {}",
            founded.id
        ))?)
    }
}

async fn list(core: &Core, as_json: bool) -> anyhow::Result<()> {
    let all = core.organizations.list().await?;
    if as_json {
        return output::print_json(&all.iter().map(as_value).collect::<Vec<_>>());
    }
    let rows: Vec<_> = all.iter().map(row).collect();
    Ok(output::print(&output::table(
        ["id", "legal name", "currency", "since"],
        &rows,
    ))?)
}

fn row(facts: &OrganizationFacts) -> [String; 4] {
    [
        facts.id.to_string(),
        facts.profile.legal_name.as_str().to_owned(),
        facts.profile.default_currency.code().to_owned(),
        facts.created_at.to_string(),
    ]
}

fn as_value(facts: &OrganizationFacts) -> Value {
    json!({
        "id": facts.id.as_uuid(),
        "legal_name": facts.profile.legal_name.as_str(),
        "default_currency": facts.profile.default_currency.code(),
        "invoice_number_prefix": facts.profile.invoice_number_prefix.as_str(),
        "payment_terms_days": facts.profile.payment_terms.as_days(),
        "created_at": output::instant(facts.created_at),
    })
}
