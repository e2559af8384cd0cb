//! `PATCH /api/v1/organization`

use actix_web::{patch, web};
use app::platform::{OrganizationChanges, ReviseOrganization, ReviseOrganizationError};
use domain::{
    platform::{NumberPrefix, OrganizationFacts, PaymentTerms},
    values::{Name, Rounding},
};
use utoipa::ToSchema;

use super::organization::{OrganizationBody, RoundingRule};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteOrganization},
    input::{
        Fields, Request,
        readers::{address, currency, email, integer, tax_id, text},
    },
    problem::{
        Problem,
        catalogue::{NOT_FOUND, VERSION_CONFLICT},
    },
    schemas,
};

/// What is to be different. A field that is left out stays as it is.
#[derive(ToSchema)]
#[schema(as = OrganizationChanges, example = json!({"email": "billing@example.com", "payment_terms_days": 14}))]
#[expect(
    dead_code,
    reason = "the schema of the body, which `read_changes` reads"
)]
struct Changes {
    /// Its name in the register of companies.
    #[schema(required = false)]
    legal_name: schemas::Name,
    /// Where it is; `null` for nowhere.
    address: Option<schemas::Address>,
    /// Its tax number; `null` for none.
    tax_id: Option<schemas::TaxId>,
    /// Where customers write to; `null` for nowhere.
    email: Option<schemas::EmailAddress>,
    /// What invoices are written in, when neither they nor their customer say.
    #[schema(required = false)]
    default_currency: schemas::CurrencyCode,
    /// What its own invoice numbers start with.
    #[schema(required = false)]
    invoice_number_prefix: schemas::InvoiceNumberPrefix,
    /// After how many days invoices are due that name no date.
    #[schema(required = false)]
    payment_terms_days: schemas::PaymentTermsDays,
    /// How its new invoices round.
    #[schema(required = false)]
    rounding: RoundingRule,
}

/// Change the organization
#[utoipa::path(
    tag = "platform",
    operation_id = "updateOrganization",
    security(("api_key" = ["organization:write"])),
    request_body = Changes,
    responses((status = 200, description = "The organization as it is now", body = OrganizationBody), Refusals)
)]
#[patch("/organization")]
pub(super) async fn revise_organization(
    caller: Caller<WriteOrganization>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (precondition, changes) = request.read(|input| {
        let precondition = input.if_match();
        let changes = input.body(read_changes);
        Some((precondition?, changes?))
    })?;
    let command = ReviseOrganization {
        caller: caller.acting(),
        precondition,
        changes,
    };
    let handler = &api.platform.revise_organization;
    request.execute(handler, command, revised).await
}

fn revised(facts: &OrganizationFacts) -> Answer {
    Answer::single(facts.version, &OrganizationBody::from(facts))
}

fn read_changes(fields: &mut Fields<'_>) -> Option<OrganizationChanges> {
    let legal_name = fields.change("legal_name", text(Name::parse));
    let address = fields.clearable("address", address);
    let tax_id = fields.clearable("tax_id", tax_id);
    let email = fields.clearable("email", email);
    let default_currency = fields.change("default_currency", currency);
    let prefix = fields.change("invoice_number_prefix", text(NumberPrefix::parse));
    let payment_terms = fields.change("payment_terms_days", integer(PaymentTerms::days));
    let rounding = fields.change("rounding", text(Rounding::parse));
    Some(OrganizationChanges {
        legal_name: legal_name?,
        address: address?,
        tax_id: tax_id?,
        email: email?,
        default_currency: default_currency?,
        invoice_number_prefix: prefix?,
        payment_terms: payment_terms?,
        rounding: rounding?,
    })
}

crate::openapi::refusals!(Refusals: NOT_FOUND);

impl From<&ReviseOrganizationError> for Problem {
    fn from(error: &ReviseOrganizationError) -> Self {
        match error {
            ReviseOrganizationError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            ReviseOrganizationError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            ReviseOrganizationError::Storage(error) => Self::from(error),
        }
    }
}
