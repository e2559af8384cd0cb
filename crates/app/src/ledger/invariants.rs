//! Whether the ledger keeps its promises, as far as its read models tell: cheap enough to be asked at any time.

use domain::ids::OrganizationId;
use jiff::{SignedDuration, Timestamp};

use super::Promise;
use crate::ports::{CurrencyFigures, InvariantQueries, LedgerFigures, StorageError};

/// After so long a transfer has to be in the chain.
const CHAINED_WITHIN: SignedDuration = SignedDuration::from_mins(1);

/// Two figures that have to be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedFigures {
    /// Of what: the code of a currency, or `transfers`.
    pub subject: String,
    /// What it should be.
    pub expected: i128,
    /// What it is.
    pub found: i128,
}

/// A promise, and the figures that tell whether it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvariantCheck {
    /// The promise.
    pub promise: Promise,
    /// What was compared.
    pub figures: Vec<ComparedFigures>,
}

impl InvariantCheck {
    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.figures.iter().all(|it| it.expected == it.found)
    }
}

/// Compares the figures of an organization, or of all.
pub async fn check_invariants(
    queries: &dyn InvariantQueries,
    organization_id: Option<OrganizationId>,
    now: Timestamp,
) -> Result<[InvariantCheck; 4], StorageError> {
    let chained_before = now.saturating_sub(CHAINED_WITHIN).unwrap_or(now);
    let figures = queries.figures(organization_id, chained_before).await?;
    Ok(compare(&figures))
}

fn compare(figures: &LedgerFigures) -> [InvariantCheck; 4] {
    let of_currencies = |promise, figures_of: fn(&CurrencyFigures) -> [i128; 2]| {
        let compared = figures.currencies.iter().map(|it| {
            let [expected, found] = figures_of(it);
            ComparedFigures {
                subject: it.currency.clone(),
                expected,
                found,
            }
        });
        InvariantCheck {
            promise,
            figures: compared.collect(),
        }
    };
    [
        of_currencies(Promise::CurrenciesAddUpToZero, |it| [0, it.balances_minor]),
        of_currencies(Promise::NoAccountIsBelowItsFloor, |it| {
            [0, i128::from(it.below_floor)]
        }),
        of_currencies(Promise::ReceivablesAreOpenInvoices, |it| {
            [it.open_invoices_minor, it.receivables_minor]
        }),
        InvariantCheck {
            promise: Promise::ChainIsComplete,
            figures: vec![ComparedFigures {
                subject: "transfers".to_owned(),
                expected: 0,
                found: i128::from(figures.unchained),
            }],
        },
    ]
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::ports::MockInvariantQueries;

    fn owner() -> OrganizationId {
        OrganizationId::from_uuid(Uuid::from_u128(1))
    }

    fn right(currency: &str) -> CurrencyFigures {
        CurrencyFigures {
            organization_id: owner(),
            currency: currency.to_owned(),
            balances_minor: 0,
            below_floor: 0,
            receivables_minor: 700,
            open_invoices_minor: 700,
        }
    }

    fn broken(checks: &[InvariantCheck]) -> Vec<&'static str> {
        let broken = checks.iter().filter(|check| !check.holds());
        broken.map(|check| check.promise.name()).collect()
    }

    #[rstest]
    #[case::all_is_well(|_: &mut LedgerFigures| {}, &[])]
    #[case::balances(|it: &mut LedgerFigures| it.currencies[1].balances_minor = -1, &["currencies_add_up_to_zero"])]
    #[case::floor(|it: &mut LedgerFigures| it.currencies[0].below_floor = 1, &["no_account_is_below_its_floor"])]
    #[case::receivables(|it: &mut LedgerFigures| it.currencies[1].receivables_minor = 699, &["receivables_are_open_invoices"])]
    #[case::invoices(|it: &mut LedgerFigures| it.currencies[1].open_invoices_minor = 0, &["receivables_are_open_invoices"])]
    #[case::chain(|it: &mut LedgerFigures| it.unchained = 1, &["chain_is_complete"])]
    fn each_figure_decides_its_promise(
        #[case] change: impl Fn(&mut LedgerFigures),
        #[case] expected: &[&str],
    ) {
        let mut figures = LedgerFigures {
            currencies: vec![right("EUR"), right("USD")],
            unchained: 0,
        };

        change(&mut figures);

        assert_eq!(broken(&compare(&figures)), expected);
    }

    #[tokio::test]
    async fn a_transfer_has_a_minute_to_be_chained() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let mut queries = MockInvariantQueries::new();
        queries
            .expect_figures()
            .returning(|organization_id, chained_before| {
                assert_eq!(organization_id, Some(owner()));
                assert_eq!(chained_before.to_string(), "2026-11-20T11:59:00Z");
                Ok(LedgerFigures::default())
            });

        let checks = check_invariants(&queries, Some(owner()), now).await;

        assert!(checks.unwrap().iter().all(InvariantCheck::holds));
    }
}
