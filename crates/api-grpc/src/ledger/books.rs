//! The rpcs that look into the books: the entries of an account, and what all accounts come to.

use api_shared::ledger::{entry_filter, trial_balance_piece, unknown_account};
use app::ledger::{
    AccountEntry, ComparedFigures, CurrencyTotals, InvariantCheck, TrialBalanceLine,
    check_invariants,
};
use domain::{ids::AccountId, values::amount_in_range};
use jiff::Timestamp;

use crate::{
    call::{Call, Denied, Reply},
    proto::{
        Word as _, stamp,
        v1::{
            self, AccountTransaction, GetLedgerInvariantsRequest, GetLedgerInvariantsResponse,
            GetTrialBalanceRequest, GetTrialBalanceResponse, ListAccountTransactionsRequest,
            ListAccountTransactionsResponse, TransferKind, TrialBalanceTotals,
        },
    },
};

pub(super) async fn list_account_transactions(
    call: Call<ListAccountTransactionsRequest>,
) -> Result<Reply<ListAccountTransactionsResponse>, Denied> {
    let (id, filter, window) = call.read(|input| {
        let id = input.id("id", &call.message.id, AccountId::from_uuid);
        let piece = input.query(|query| {
            let filter = entry_filter(query);
            let window = query.window();
            Some((filter?, window?))
        });
        let (filter, window) = piece?;
        Some((id?, filter, window))
    })?;
    let entries = &call.api.ledger.entries;
    let found = entries.list(call.organization_id(), id, &filter, window);
    let listing = found.await?.ok_or_else(|| unknown_account(id))?;
    Ok(Reply::fresh(ListAccountTransactionsResponse {
        transactions: listing.rows.into_iter().map(transaction).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

pub(super) async fn get_trial_balance(
    call: Call<GetTrialBalanceRequest>,
) -> Result<Reply<GetTrialBalanceResponse>, Denied> {
    let (after, limit) = call.read(|input| input.query(trial_balance_piece))?;
    let balances = &call.api.ledger.trial_balances;
    let read = balances
        .trial_balance(call.organization_id(), after, limit)
        .await?;
    let last = read.lines.last().filter(|_| read.has_more);
    Ok(Reply::fresh(GetTrialBalanceResponse {
        currencies: read.totals.iter().map(totals).collect(),
        lines: read.lines.iter().map(line).collect(),
        next_after: last.map(|line| line.account_id.to_string()),
    }))
}

pub(super) async fn get_ledger_invariants(
    call: Call<GetLedgerInvariantsRequest>,
) -> Result<Reply<GetLedgerInvariantsResponse>, Denied> {
    call.read(|_| Some(()))?;
    let ledger = &call.api.ledger;
    let (queries, now) = (ledger.invariants.as_ref(), ledger.clock.now());
    let checks = check_invariants(queries, Some(call.organization_id()), now).await?;
    let invariants = checks.into_iter().map(|check| invariant(check, now));
    Ok(Reply::fresh(GetLedgerInvariantsResponse {
        invariants: invariants.collect(),
    }))
}

fn transaction(entry: AccountEntry) -> AccountTransaction {
    AccountTransaction {
        transfer_id: entry.transfer_id.to_string(),
        kind: TransferKind::number(entry.kind.code()),
        amount_minor: entry.entry.amount_minor,
        balance_after_minor: entry.entry.account_balance_after_minor(),
        description: entry.description.map(|text| text.as_str().to_owned()),
        created_at: Some(stamp(entry.created_at)),
    }
}

fn totals(totals: &CurrencyTotals) -> TrialBalanceTotals {
    let number = |sum: i128| amount_in_range(sum).ok();
    TrialBalanceTotals {
        currency: totals.currency.code().to_owned(),
        accounts: totals.accounts,
        debits_minor: number(totals.debits_minor),
        debits_minor_text: totals.debits_minor.to_string(),
        credits_minor: number(totals.credits_minor),
        credits_minor_text: totals.credits_minor.to_string(),
        balances_minor: number(totals.balances_minor()),
    }
}

fn line(line: &TrialBalanceLine) -> v1::TrialBalanceLine {
    v1::TrialBalanceLine {
        account_id: line.account_id.to_string(),
        system: line.system.as_ref().map(ToString::to_string),
        currency: line.currency.code().to_owned(),
        debit_minor: line.balance_minor.min(0).saturating_neg(),
        credit_minor: line.balance_minor.max(0),
        balance_minor: line.balance_minor,
    }
}

fn invariant(check: InvariantCheck, checked_at: Timestamp) -> v1::LedgerInvariant {
    v1::LedgerInvariant {
        name: check.promise.name().to_owned(),
        holds: check.holds(),
        figures: check.figures.into_iter().map(figures).collect(),
        checked_at: Some(stamp(checked_at)),
    }
}

fn figures(figures: ComparedFigures) -> v1::ComparedFigures {
    // A sum of pages that does not fit is wrong in any case, and stays so.
    let clamped = |figure: i128| i64::try_from(figure).unwrap_or(i64::MAX);
    v1::ComparedFigures {
        subject: figures.subject,
        expected: clamped(figures.expected),
        found: clamped(figures.found),
    }
}
