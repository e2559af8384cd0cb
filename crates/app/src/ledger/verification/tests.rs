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

fn entry(ledger: &mut MemoryLedger, number: usize) -> &mut StoredEntry {
    &mut ledger.entries[2 * number]
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
        findings: Findings::default(),
    };
    assert_eq!(found, expected);
    assert_eq!(heard.into_inner(), 5_000 + 5_000 + 2_500);
}

#[tokio::test]
async fn an_empty_ledger_keeps_all_promises() {
    assert_eq!(
        verified(&MemoryLedger::default()).await,
        Verification::default()
    );
}

type Tamper = fn(&mut MemoryLedger);

const CASES: &[(&str, Tamper, &[Promise])] = &[
    (
        "amount of an entry",
        |it| entry(it, 7).entry.amount_minor -= 1,
        &[
            TransfersHaveTwoEntries,
            BalancesFollow,
            BalancesAreSums,
            CurrenciesAddUpToZero,
        ],
    ),
    (
        "balance after",
        |it| entry(it, 7).entry.balance_after_minor -= 1,
        &[BalancesFollow],
    ),
    (
        "sequence",
        |it| entry(it, 2_499).entry.sequence += 1,
        &[TransfersHaveTwoEntries, SequencesHaveNoGap, BalancesAreSums],
    ),
    (
        "owner of an entry",
        |it| entry(it, 2_499).transfer_id = TransferId::from_uuid(Uuid::nil()),
        &[TransfersHaveTwoEntries, EntriesHaveATransfer],
    ),
    (
        "instant",
        |it| entry(it, 7).created_at -= SignedDuration::from_secs(5),
        &[TransfersHaveTwoEntries, InstantsAscend],
    ),
    (
        "balance",
        |it| it.standings[0].balance_minor += 1,
        &[BalancesAreSums],
    ),
    (
        "count of entries",
        |it| it.standings[0].last_sequence -= 1,
        &[BalancesAreSums],
    ),
    (
        "no standing",
        |it| drop(it.standings.pop()),
        &[BalancesAreSums, CurrenciesAddUpToZero],
    ),
    (
        "entry on another page",
        |it| entry(it, 2_499).entry.folio.shard = Shard::new(3),
        &[
            TransfersHaveTwoEntries,
            SequencesHaveNoGap,
            BalancesFollow,
            BalancesAreSums,
            CurrenciesAddUpToZero,
        ],
    ),
    (
        "held",
        |it| it.standings[1].held_minor = 1,
        &[HoldsAreReserved],
    ),
    (
        "holds",
        |it| it.standings[1].pending_holds_minor = 1,
        &[HoldsAreReserved],
    ),
    (
        "limit",
        |it| it.standings[0].overdraft_limit_minor = Some(1_249_999),
        &[NoAccountIsBelowItsFloor],
    ),
    (
        "currency of a page",
        |it| it.standings[0].currency = "USD".into(),
        &[CurrenciesAddUpToZero, CurrenciesMatch],
    ),
    (
        "owner of a page",
        |it| it.standings[0].organization_id = stranger(),
        &[CurrenciesMatch],
    ),
    (
        "no account",
        |it| it.standings[0].account = None,
        &[CurrenciesMatch],
    ),
    (
        "currency of a transfer",
        |it| it.transfers[7].currency = "USD".into(),
        &[CurrenciesMatch],
    ),
    (
        "account of another",
        |it| {
            it.transfers[7]
                .source_account
                .as_mut()
                .unwrap()
                .organization_id = stranger()
        },
        &[CurrenciesMatch],
    ),
    (
        "transfer without account",
        |it| it.transfers[7].destination_account = None,
        &[CurrenciesMatch],
    ),
    (
        "amount of a transfer",
        |it| it.transfers[7].amount_minor += 1,
        &[TransfersHaveTwoEntries],
    ),
    (
        "named sequence",
        |it| it.transfers[7].source_sequence += 1,
        &[TransfersHaveTwoEntries],
    ),
    (
        "named account",
        |it| it.transfers[7].source = Folio::whole(AccountId::from_uuid(Uuid::nil())),
        &[TransfersHaveTwoEntries],
    ),
    (
        "no transfer",
        |it| drop(it.transfers.remove(7)),
        &[EntriesHaveATransfer, ChainIsComplete],
    ),
    (
        "no entry",
        |it| drop(it.entries.remove(14)),
        &[
            TransfersHaveTwoEntries,
            SequencesHaveNoGap,
            BalancesFollow,
            BalancesAreSums,
            CurrenciesAddUpToZero,
        ],
    ),
    (
        "one entry twice",
        |it| it.entries.push(it.entries[14]),
        &[
            TransfersHaveTwoEntries,
            SequencesHaveNoGap,
            BalancesFollow,
            BalancesAreSums,
            CurrenciesAddUpToZero,
        ],
    ),
    (
        "two wrongs",
        |it| it.entries.drain(14..16).for_each(drop),
        &[
            TransfersHaveTwoEntries,
            SequencesHaveNoGap,
            BalancesFollow,
            BalancesAreSums,
        ],
    ),
    (
        "fact",
        |it| it.records[7].reference = Some("x".into()),
        &[ChainIsUnbroken],
    ),
    (
        "unreadable",
        |it| drop(it.records.remove(7)),
        &[ChainIsUnbroken],
    ),
    ("hash", |it| it.blocks[1].hashes[3] ^= 1, &[ChainIsUnbroken]),
    (
        "hashes cut off",
        |it| it.blocks[2].hashes.truncate(100),
        &[ChainIsUnbroken],
    ),
    (
        "order",
        |it| it.blocks[1].transfer_ids.swap(3, 4),
        &[ChainIsUnbroken],
    ),
    (
        "no block",
        |it| drop(it.blocks.remove(1)),
        &[ChainIsUnbroken, ChainIsComplete],
    ),
    (
        "no last block",
        |it| drop(it.blocks.remove(2)),
        &[ChainIsComplete],
    ),
    (
        "ahead",
        |it| it.transfers[7].is_due_in_chain = false,
        &[ChainIsComplete],
    ),
    (
        "owner of a block",
        |it| it.blocks[2].organization_id = stranger(),
        &[ChainIsUnbroken, ChainIsComplete],
    ),
];

#[tokio::test]
async fn whoever_tampers_is_found() {
    for (what, tamper, expected) in CASES {
        let mut ledger = MemoryLedger::with_transfers(COUNT);
        ledger.standings[0].overdraft_limit_minor = Some(1_250_000);

        tamper(&mut ledger);
        let found = verified(&ledger).await;

        assert_eq!(broken(&found), *expected, "{what}: {found:?}");
    }
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
