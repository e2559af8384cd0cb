//! Each transfer with its entries, its accounts, and its place in the chain.

use domain::{
    ids::{OrganizationId, TransferId},
    ledger::{Entry, Folio},
};

use super::{Findings, Heard, Promise, Verification, sorted::Sorted};
use crate::ports::{LedgerSnapshot, StorageError, StoredAccount, StoredEntry, StoredTransfer};

type Chained = (TransferId, OrganizationId);

/// Goes through transfers, entries and the names in the chains side by side.
pub(super) async fn check(
    snapshot: &dyn LedgerSnapshot,
    heard: Heard<'_>,
    verification: &mut Verification,
) -> Result<(), StorageError> {
    let mut transfers = Sorted::new(snapshot.transfers());
    let mut entries = Sorted::new(snapshot.entries_by_transfer());
    let mut chained = Sorted::new(snapshot.chained_transfers());
    let mut group = Group::default();
    loop {
        let transfer = transfers.peek().await?.map(|it| it.id);
        let entry = entries.peek().await?.map(|it| it.transfer_id);
        let link = chained.peek().await?.map(|(id, _)| *id);
        let Some(id) = transfer.into_iter().chain(entry).chain(link).min() else {
            return Ok(());
        };
        let count = transfers.take_group(|it| it.id == id, &mut group.transfers);
        verification.transfers += count.await?;
        let count = entries.take_group(|it| it.transfer_id == id, &mut group.entries);
        heard(count.await?);
        let count = chained.take_group(|(of, _)| *of == id, &mut group.chained);
        verification.chained += count.await?;
        group.check(id, &mut verification.findings);
    }
}

/// What goes under one id: a transfer, its entries, and its place in a chain.
#[derive(Default)]
struct Group {
    transfers: Vec<StoredTransfer>,
    entries: Vec<StoredEntry>,
    chained: Vec<Chained>,
}

impl Group {
    fn check(&mut self, id: TransferId, findings: &mut Findings) {
        for transfer in &self.transfers {
            check_accounts(transfer, findings);
            let (source, destination) = sides(transfer);
            take_entry(transfer, source, &mut self.entries, findings);
            take_entry(transfer, destination, &mut self.entries, findings);
            take_links(transfer, &mut self.chained, findings);
        }
        let promise = if self.transfers.is_empty() {
            Promise::EntriesHaveATransfer
        } else {
            Promise::TransfersHaveTwoEntries
        };
        for StoredEntry { entry, .. } in &self.entries {
            findings.differ(promise, || {
                format!(
                    "{} is of transfer {id}, which does not name it or is not there",
                    told(entry)
                )
            });
        }
        for (_, organization_id) in &self.chained {
            findings.differ(Promise::ChainIsComplete, || {
                format!("the chain of organization {organization_id} names transfer {id}, which is not there")
            });
        }
    }
}

/// What the entries of a transfer should be, but for what they leave.
fn sides(transfer: &StoredTransfer) -> (Entry, Entry) {
    let side = |folio, sequence, amount_minor| Entry {
        folio,
        sequence,
        amount_minor,
        balance_after_minor: 0,
    };
    let (source, destination) = (transfer.source, transfer.destination);
    let amount = transfer.amount_minor;
    (
        side(source, transfer.source_sequence, amount.wrapping_neg()),
        side(destination, transfer.destination_sequence, amount),
    )
}

fn take_entry(
    transfer: &StoredTransfer,
    expected: Entry,
    entries: &mut Vec<StoredEntry>,
    findings: &mut Findings,
) {
    let is_it = |it: &StoredEntry| {
        let balance_after_minor = it.entry.balance_after_minor;
        let expected = Entry {
            balance_after_minor,
            ..expected
        };
        it.entry == expected && it.created_at == transfer.created_at
    };
    if let Some(place) = entries.iter().position(is_it) {
        entries.swap_remove(place);
    } else {
        findings.differ(Promise::TransfersHaveTwoEntries, || {
            let (id, at) = (transfer.id, transfer.created_at);
            format!("transfer {id} lacks {}, of {at}", told(&expected))
        });
    }
}

fn take_links(transfer: &StoredTransfer, chained: &mut Vec<Chained>, findings: &mut Findings) {
    let before = chained.len();
    chained.retain(|(_, organization_id)| *organization_id != transfer.organization_id);
    let found = before - chained.len();
    let expected = usize::from(transfer.is_due_in_chain);
    findings.expect(Promise::ChainIsComplete, found == expected, || {
        let (id, owner) = (transfer.id, transfer.organization_id);
        format!(
            "the chain of organization {owner} names transfer {id} {found} times, not {expected}"
        )
    });
}

fn check_accounts(transfer: &StoredTransfer, findings: &mut Findings) {
    for (folio, account) in [
        (transfer.source, &transfer.source_account),
        (transfer.destination, &transfer.destination_account),
    ] {
        let agrees = |account: &StoredAccount| {
            account.currency == transfer.currency
                && account.organization_id == transfer.organization_id
        };
        findings.expect(
            Promise::CurrenciesMatch,
            account.as_ref().is_some_and(agrees),
            || mismatch(transfer, folio, account.as_ref()),
        );
    }
}

fn mismatch(transfer: &StoredTransfer, folio: Folio, account: Option<&StoredAccount>) -> String {
    let (id, currency, owner) = (transfer.id, &transfer.currency, transfer.organization_id);
    let account = account.map_or_else(
        || "is not there".to_owned(),
        |it| {
            format!(
                "is in {}, of organization {}",
                it.currency, it.organization_id
            )
        },
    );
    format!(
        "transfer {id} is in {currency}, of organization {owner}; its account {} {account}",
        folio.account_id
    )
}

fn told(entry: &Entry) -> String {
    let Folio { account_id, shard } = entry.folio;
    format!(
        "entry {} of account {account_id} (page {}) over {}",
        entry.sequence,
        shard.as_i16(),
        entry.amount_minor
    )
}
