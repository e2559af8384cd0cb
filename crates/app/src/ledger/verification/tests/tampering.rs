use super::*;

fn entry(ledger: &mut MemoryLedger, number: usize) -> &mut StoredEntry {
    &mut ledger.entries[2 * number]
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
                .organization_id = stranger();
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
        |it| it.entries.drain(14..15).for_each(drop),
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
