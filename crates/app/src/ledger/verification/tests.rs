mod tampering;

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{Folio, Shard},
};
use jiff::SignedDuration;
use rstest::rstest;
use uuid::Uuid;

use super::{Promise::*, *};
use crate::{
    ports::{StoredEntry, StoredReceivables},
    testing::MemoryLedger,
};

const COUNT: u128 = 2_500;

fn quietly() -> impl Fn(u64) + Send + Sync {
    |_| {}
}

async fn verified(ledger: &MemoryLedger) -> Verification {
    verify(ledger, &quietly()).await.unwrap()
}

fn broken(verification: &Verification) -> Vec<Promise> {
    let all = Promise::ALL.into_iter();
    all.filter(|promise| verification.findings.of(*promise).is_some())
        .collect()
}

fn stranger() -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(99))
}

#[tokio::test]
async fn an_untouched_ledger_keeps_all_promises() {
    let heard = AtomicU64::new(0);

    let ledger = MemoryLedger::with_transfers(COUNT);
    let hear = |more| {
        heard.fetch_add(more, Ordering::SeqCst);
    };
    let found = verify(&ledger, &hear).await.unwrap();

    let expected = Verification {
        pages: 2,
        entries: 5_000,
        transfers: 2_500,
        chained: 2_500,
        tips: found.tips.clone(),
        findings: Findings::default(),
    };
    assert_eq!(found, expected);
    assert_eq!(found.tips.len(), 1);
    assert_eq!(heard.into_inner(), 5_000 + 5_000 + 2_500);
}

#[tokio::test]
async fn an_empty_ledger_keeps_all_promises() {
    assert_eq!(
        verified(&MemoryLedger::default()).await,
        Verification::default()
    );
}

#[tokio::test]
async fn a_changed_transfer_does_not_make_those_after_it_suspect() {
    let mut ledger = MemoryLedger::with_transfers(COUNT);
    ledger.records[7].currency = "USD".into();
    ledger.records[1_500].description = Some("x".into());

    let found = verified(&ledger).await;

    let difference = found.findings.of(ChainIsUnbroken).unwrap();
    assert_eq!(difference.count, 2);
    let changed = ledger.records[7].id.to_string();
    assert!(difference.first.contains(&changed), "{}", difference.first);
}

#[tokio::test]
async fn a_transfer_in_two_places_of_the_chain_is_found() {
    let mut ledger = MemoryLedger::with_transfers(3);
    let id = ledger.blocks[0].transfer_ids[0];
    ledger.blocks[0].transfer_ids.push(id);

    let found = verified(&ledger).await;

    assert_eq!(broken(&found), [ChainIsUnbroken, ChainIsComplete]);
}

#[tokio::test]
async fn the_first_difference_is_told_with_ids_and_figures() {
    let mut ledger = MemoryLedger::with_transfers(3);
    ledger.standings[1].balance_minor = 1_501;

    let found = verified(&ledger).await;

    let difference = found.findings.of(BalancesAreSums).unwrap();
    assert_eq!(
        difference.first,
        "account 00000000-0000-0000-0000-00000000000c stands at 1501 after 3 entries; its entries add up to 1500, the last \
         one is number 3 and leaves 1500"
    );
}

#[rstest]
#[case(500, 500, true)]
#[case(500, 499, false)]
#[case(0, 1, false)]
#[tokio::test]
async fn receivables_are_compared_with_invoices(
    #[case] balance_minor: i128,
    #[case] open_minor: i128,
    #[case] holds: bool,
) {
    let mut ledger = MemoryLedger::default();
    ledger.receivables.push(StoredReceivables {
        organization_id: stranger(),
        currency: "EUR".into(),
        balance_minor,
        open_minor,
    });

    let found = verified(&ledger).await;

    assert_eq!(
        found.findings.of(ReceivablesAreOpenInvoices).is_none(),
        holds
    );
}
