//! Each page with its entries.

use std::{cmp::Ordering, collections::BTreeMap};

use domain::ledger::Folio;
use jiff::Timestamp;

use super::{Findings, Heard, Promise, Verification, sorted::Sorted};
use crate::ports::{LedgerSnapshot, StorageError, StoredEntry, StoredStanding};

/// Goes through pages and entries side by side.
pub(super) async fn check(
    snapshot: &dyn LedgerSnapshot,
    heard: Heard<'_>,
    verification: &mut Verification,
) -> Result<(), StorageError> {
    let mut standings = Sorted::new(snapshot.standings());
    let mut entries = Sorted::new(snapshot.entries_by_folio());
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    while let Some(folio) = first_of(&mut standings, &mut entries).await? {
        let standing = standings.next_if(|it| it.folio == folio).await?;
        let mut page = Page::new(folio);
        while let Some(entry) = entries.next_if(|it| it.entry.folio == folio).await? {
            page.add(&entry, &mut verification.findings);
            verification.entries += 1;
            heard(1);
        }
        verification.pages += u64::from(standing.is_some());
        match standing {
            Some(standing) => {
                page.compare(&standing, &mut verification.findings);
                *sums.entry(standing.currency).or_default() += page.sum_minor;
            }
            None => verification.findings.differ(Promise::BalancesAreSums, || {
                format!("{} has entries and no standing", page.name())
            }),
        }
    }
    for (currency, sum) in sums {
        verification
            .findings
            .expect(Promise::CurrenciesAddUpToZero, sum == 0, || {
                format!("the entries in {currency} add up to {sum}, not to 0")
            });
    }
    Ok(())
}

async fn first_of(
    standings: &mut Sorted<'_, StoredStanding>,
    entries: &mut Sorted<'_, StoredEntry>,
) -> Result<Option<Folio>, StorageError> {
    let standing = standings.peek().await?.map(|it| it.folio);
    let entry = entries.peek().await?.map(|it| it.entry.folio);
    Ok(standing.into_iter().chain(entry).min())
}

/// A page as its entries make it.
struct Page {
    folio: Folio,
    last_sequence: i64,
    balance_minor: i64,
    sum_minor: i128,
    last_at: Timestamp,
}

impl Page {
    const fn new(folio: Folio) -> Self {
        Self {
            folio,
            last_sequence: 0,
            balance_minor: 0,
            sum_minor: 0,
            last_at: Timestamp::MIN,
        }
    }

    fn name(&self) -> String {
        let Folio { account_id, shard } = self.folio;
        if self.folio.is_whole() {
            format!("account {account_id}")
        } else {
            format!("page {} of account {account_id}", shard.as_i16())
        }
    }

    fn add(&mut self, stored: &StoredEntry, findings: &mut Findings) {
        let entry = &stored.entry;
        let follows = self.last_sequence.checked_add(1) == Some(entry.sequence);
        findings.expect(Promise::SequencesHaveNoGap, follows, || {
            let (before, number) = (self.last_sequence, entry.sequence);
            format!("{}: entry {number} comes after entry {before}", self.name())
        });
        let left = self.balance_minor.checked_add(entry.amount_minor);
        let agrees = left == Some(entry.balance_after_minor);
        findings.expect(Promise::BalancesFollow, agrees, || {
            let (name, number, before) = (self.name(), entry.sequence, self.balance_minor);
            let (change, after) = (entry.amount_minor, entry.balance_after_minor);
            format!("{name}: entry {number} changes {before} by {change} and leaves {after}")
        });
        let ascends = stored.created_at.cmp(&self.last_at) != Ordering::Less;
        findings.expect(Promise::InstantsAscend, ascends, || {
            let (name, number) = (self.name(), entry.sequence);
            let (at, before) = (stored.created_at, self.last_at);
            format!("{name}: entry {number} is of {at}, the one before it of {before}")
        });
        self.last_sequence = entry.sequence;
        self.balance_minor = entry.balance_after_minor;
        self.sum_minor += i128::from(entry.amount_minor);
        self.last_at = stored.created_at;
    }

    fn compare(&self, standing: &StoredStanding, findings: &mut Findings) {
        self.compare_balance(standing, findings);
        let (held, pending) = (standing.held_minor, standing.pending_holds_minor);
        findings.expect(Promise::HoldsAreReserved, held == pending, || {
            format!(
                "{}: {held} is held, its pending holds come to {pending}",
                self.name()
            )
        });
        let floor = |limit: i64| {
            let available = i128::from(self.balance_minor) + i128::from(limit) - i128::from(held);
            available >= 0
        };
        let limit = standing.overdraft_limit_minor;
        findings.expect(
            Promise::NoAccountIsBelowItsFloor,
            limit.is_none_or(floor),
            || {
                let (name, balance, limit) =
                    (self.name(), self.balance_minor, limit.unwrap_or_default());
                format!("{name}: its balance is {balance}, {held} of it held; its limit is {limit}")
            },
        );
        let agrees = standing.account.as_ref().is_some_and(|account| {
            account.currency == standing.currency
                && account.organization_id == standing.organization_id
        });
        findings.expect(Promise::CurrenciesMatch, agrees, || {
            let (name, currency) = (self.name(), &standing.currency);
            let account = standing
                .account
                .as_ref()
                .map(|account| account.currency.as_str());
            let account = account.unwrap_or("no currency, since it is not there");
            format!("{name} stands in {currency}, the account is in {account}")
        });
    }

    fn compare_balance(&self, standing: &StoredStanding, findings: &mut Findings) {
        let agrees = standing.balance_minor == self.balance_minor
            && i128::from(standing.balance_minor) == self.sum_minor
            && standing.last_sequence == self.last_sequence;
        findings.expect(Promise::BalancesAreSums, agrees, || {
            format!(
                "{} stands at {} after {} entries; its entries add up to {}, the last one is number {} and leaves {}",
                self.name(),
                standing.balance_minor,
                standing.last_sequence,
                self.sum_minor,
                self.last_sequence,
                self.balance_minor,
            )
        });
    }
}
