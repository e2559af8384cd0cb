//! `GET /api/v1/ledger/invariants`

use actix_web::{get, web};
use app::{
    ledger::{ComparedFigures, InvariantCheck, check_invariants},
    wire,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadAccounts},
    input::Request,
    problem::Problem,
    schemas,
};

/// What the ledger promises, and whether it holds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerInvariants, example = json!({"data": [{
    "name": "currencies_add_up_to_zero",
    "holds": true,
    "figures": [{"subject": "USD", "expected": 0, "found": 0}],
    "checked_at": "2026-11-20T13:02:11.123456Z",
}]}))]
struct InvariantsBody {
    /// The promises that can be checked at any time; `tallystick ledger verify` checks all of them, on all entries.
    data: Vec<InvariantBody>,
}

/// A promise, and the figures that tell whether it holds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerInvariant)]
struct InvariantBody {
    /// What is promised: `currencies_add_up_to_zero`, `no_account_is_below_its_floor`, `receivables_are_open_invoices`, or
    /// `chain_is_complete`. There may be more one day.
    name: &'static str,
    /// Whether all figures are as expected.
    holds: bool,
    /// What was compared.
    figures: Vec<FiguresBody>,
    /// When.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    checked_at: Timestamp,
}

/// Two figures that have to be the same. Amounts are in minor units.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparedFigures)]
struct FiguresBody {
    /// Of what: the code of a currency, or `transfers` for a number of these.
    subject: String,
    /// What it should be.
    expected: i64,
    /// What it is.
    found: i64,
}

impl InvariantBody {
    fn of(check: InvariantCheck, checked_at: Timestamp) -> Self {
        Self {
            name: check.promise.name(),
            holds: check.holds(),
            figures: check.figures.into_iter().map(FiguresBody::from).collect(),
            checked_at,
        }
    }
}

impl From<ComparedFigures> for FiguresBody {
    fn from(figures: ComparedFigures) -> Self {
        // A sum of pages that does not fit is wrong in any case, and stays so.
        let clamped = |figure: i128| i64::try_from(figure).unwrap_or(i64::MAX);
        Self {
            subject: figures.subject,
            expected: clamped(figures.expected),
            found: clamped(figures.found),
        }
    }
}

/// Check the ledger
///
/// Compares figures of the accounts, the invoices and the chain of transfers, as they are now. Cheap: history itself is
/// recomputed by `tallystick ledger verify`.
#[utoipa::path(
    tag = "ledger",
    operation_id = "getLedgerInvariants",
    security(("api_key" = ["accounts:read"])),
    responses((status = 200, description = "The promises", body = InvariantsBody))
)]
#[get("/ledger/invariants")]
pub(super) async fn get_invariants(
    caller: Caller<ReadAccounts>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    request.read_nothing()?;
    let (queries, now) = (api.ledger.invariants.as_ref(), api.ledger.clock.now());
    let checks = check_invariants(queries, Some(caller.organization_id()), now).await?;
    let data = checks
        .into_iter()
        .map(|check| InvariantBody::of(check, now));
    let data = data.collect();
    Ok(Answer::ok(&InvariantsBody { data }))
}
