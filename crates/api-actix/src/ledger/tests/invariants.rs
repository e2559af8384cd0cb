use std::sync::Arc;

use app::{
    ports::{CurrencyFigures, LedgerFigures, MockInvariantQueries, StorageError},
    testing::ORGANIZATION,
};

use super::*;
use crate::testing::{Bench, Got, knowing};

const INVARIANTS: &str = "/api/v1/ledger/invariants";

fn figures() -> LedgerFigures {
    LedgerFigures {
        currencies: vec![CurrencyFigures {
            organization_id: ORGANIZATION,
            currency: "EUR".to_owned(),
            balances_minor: 0,
            below_floor: 0,
            receivables_minor: 700,
            open_invoices_minor: 900,
        }],
        unchained: 0,
    }
}

fn asking(
    answer: impl Fn() -> Result<LedgerFigures, StorageError> + Send + Sync + 'static,
) -> Bench {
    let mut queries = MockInvariantQueries::new();
    queries.expect_figures().returning(move |owner, _| {
        assert_eq!(owner, Some(ORGANIZATION));
        answer()
    });
    Bench::new().with(|parts| parts.ledger.invariants = Arc::new(queries))
}

async fn getting(bench: Bench) -> Got {
    bench.send(TestRequest::get().uri(INVARIANTS)).await
}

#[actix_web::test]
async fn each_promise_is_told_with_its_figures() {
    let got = getting(asking(|| Ok(figures()))).await;

    let told = got.json();
    let checked_at = &told["data"][0]["checked_at"];
    let promise = |name: &str, holds, subject: &str, expected: i64, found: i64| {
        json!({
            "name": name,
            "holds": holds,
            "figures": [{"subject": subject, "expected": expected, "found": found}],
            "checked_at": checked_at,
        })
    };
    let expected = json!({"data": [
        promise("currencies_add_up_to_zero", true, "EUR", 0, 0),
        promise("no_account_is_below_its_floor", true, "EUR", 0, 0),
        promise("receivables_are_open_invoices", false, "EUR", 900, 700),
        promise("chain_is_complete", true, "transfers", 0, 0),
    ]});
    assert_eq!((got.status.as_u16(), &told), (200, &expected));
    assert!(checked_at.as_str().unwrap().ends_with('Z'), "{checked_at}");
}

#[actix_web::test]
async fn a_key_that_may_not_read_accounts_is_refused() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing(&["transfers:read"]));

    let got = getting(bench).await;

    assert_eq!(got.problem(), (403, "insufficient_scope".to_owned()));
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let got = getting(asking(|| Err(StorageError::Unavailable("lost".into())))).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
