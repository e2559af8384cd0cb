//! A look at the whole ledger finds whatever somebody has changed behind the back of the service, and nothing else.

use adapters_postgres::PgLedgerSnapshots;
use app::{
    ledger::{Promise, Promise::*, verify},
    ports::LedgerSnapshots,
    testing::ORGANIZATION,
};
use domain::invoicing::InvoiceStatus;
use rstest::rstest;

use crate::support::{
    World,
    books::{account, books, broken, chain, open_accounts, post, verified},
    issued, wait_until,
};

/// As only the owner of the database can.
const UNGUARDED: &str = "
    SET session_replication_role = replica;
    DO $$ DECLARE rule record; BEGIN
        FOR rule IN SELECT conname, conrelid::regclass AS owner FROM pg_constraint
                     WHERE contype = 'c' AND connamespace = 'public'::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', rule.owner, rule.conname); END LOOP;
    END $$;";

const COUNT: usize = 7;

async fn chained_books() -> World {
    let world = books(COUNT).await;
    assert_eq!(chain(&world, 100).await, COUNT);
    world
}

#[tokio::test]
async fn an_untouched_ledger_keeps_all_promises() {
    let world = books(2_300).await;
    let before = verified(&world).await;
    chain(&world, 1_000).await;
    post(&world, ORGANIZATION, [1, 2], 3).await;
    hold(&world, 5).await;

    let found = verified(&world).await;

    assert!(before.findings.is_empty(), "{before:?}");
    assert!(found.findings.is_empty(), "{found:?}");
    assert_eq!((before.transfers, before.chained), (2_300, 0));
    assert_eq!(
        (found.transfers, found.entries, found.chained),
        (2_303, 4_606, 2_300)
    );
    assert_eq!(found.pages, 2 + 16);
}

#[tokio::test]
async fn a_ledger_without_anything_keeps_all_promises() {
    let world = World::new().await;

    let found = verified(&world).await;

    assert!(found.findings.is_empty(), "{found:?}");
}

/// Reserves so much on account 1.
async fn hold(world: &World, minor: i64) {
    let (owner, on, to) = (ORGANIZATION.as_uuid(), account(1), account(2));
    let statement = format!(
        "INSERT INTO holds VALUES (gen_random_uuid(), '{owner}', '{on}', '{to}', {minor}, 'EUR', NULL, NULL, '{{}}',
                                   'pending', NULL, NULL, NULL, now(), now(), now(), 1);
         UPDATE account_standings SET held_minor = held_minor + {minor} WHERE account_id = '{on}'"
    );
    world.admin().await.run(&statement).await;
}

#[rstest]
#[case::amount("UPDATE entries SET amount_minor = 6 WHERE sequence = 1 AND shard = 0 AND account_id = '{one}'",
    &[TransfersHaveTwoEntries, BalancesFollow, BalancesAreSums, CurrenciesAddUpToZero, ChainIsUnbroken])]
#[case::no_entry("DELETE FROM entries WHERE sequence = 2 AND account_id = '{one}'",
    &[TransfersHaveTwoEntries, SequencesHaveNoGap, BalancesFollow, BalancesAreSums, CurrenciesAddUpToZero, ChainIsUnbroken])]
#[case::another_entry("INSERT INTO entries VALUES ('{two}', 0, 4, gen_random_uuid(), 1, 16, '2027-01-01')",
    &[EntriesHaveATransfer, BalancesAreSums, CurrenciesAddUpToZero])]
#[case::balance_after("UPDATE entries SET balance_after_minor = 4 WHERE sequence = 1 AND account_id = '{two}'",
    &[BalancesFollow, ChainIsUnbroken])]
#[case::instant("UPDATE entries SET created_at = '2020-01-01' WHERE sequence = 2 AND account_id = '{two}'",
    &[TransfersHaveTwoEntries, InstantsAscend])]
#[case::balance("UPDATE account_standings SET balance_minor = balance_minor + 1 WHERE account_id = '{two}'",
    &[BalancesAreSums])]
#[case::sequence("UPDATE account_standings SET last_sequence = 9 WHERE account_id = '{two}'", &[BalancesAreSums])]
#[case::no_standing("DELETE FROM account_standings WHERE account_id = '{two}'", &[BalancesAreSums, CurrenciesAddUpToZero])]
#[case::held("UPDATE account_standings SET held_minor = 1 WHERE account_id = '{two}'", &[HoldsAreReserved])]
#[case::floor("UPDATE account_standings SET overdraft_limit_minor = -16 WHERE account_id = '{two}'",
    &[NoAccountIsBelowItsFloor])]
#[case::currency_of_an_account("UPDATE accounts SET currency = 'USD' WHERE id = '{two}'", &[CurrenciesMatch])]
#[case::currency_of_a_transfer("UPDATE transfers SET currency = 'USD' WHERE source_account_id = '{one}'",
    &[CurrenciesMatch, ChainIsUnbroken])]
#[case::reference("UPDATE transfers SET reference = 'x' WHERE source_sequence = 2 AND source_account_id = '{one}'",
    &[ChainIsUnbroken])]
#[case::metadata("UPDATE transfers SET metadata = NULL WHERE source_sequence = 2 AND source_account_id = '{one}'",
    &[ChainIsUnbroken])]
#[case::instant_of_a_transfer("UPDATE transfers SET created_at = '2020-01-01' WHERE source_account_id = '{one}'",
    &[TransfersHaveTwoEntries, ChainIsUnbroken])]
#[case::no_transfer("DELETE FROM transfers WHERE source_sequence = 2 AND source_account_id = '{one}'",
    &[EntriesHaveATransfer, ChainIsUnbroken, ChainIsComplete])]
#[case::another_transfer("INSERT INTO transfers SELECT organization_id, gen_random_uuid(), kind, source_account_id, source_shard,
        9, destination_account_id, destination_shard, 9, amount_minor, currency, NULL, NULL, NULL, NULL, created_at, '1'
   FROM transfers LIMIT 1", &[TransfersHaveTwoEntries, ChainIsComplete])]
#[case::hash("UPDATE transfer_chain SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)", &[ChainIsUnbroken])]
#[case::order("UPDATE transfer_chain SET transfer_ids = ARRAY[transfer_ids[2], transfer_ids[1]] || transfer_ids[3:]",
    &[ChainIsUnbroken])]
#[case::twice("INSERT INTO transfer_chain SELECT organization_id, 2, transfer_ids, hashes FROM transfer_chain",
    &[ChainIsUnbroken, ChainIsComplete])]
#[case::no_chain("DELETE FROM transfer_chain", &[ChainIsComplete])]
#[case::receivables("UPDATE accounts SET system = 'receivables' WHERE system = 'external'", &[ReceivablesAreOpenInvoices])]
#[tokio::test]
async fn whoever_tampers_is_found(#[case] tampering: &str, #[case] expected: &[Promise]) {
    let world = chained_books().await;
    let tampering = tampering
        .replace("{one}", &account(1).to_string())
        .replace("{two}", &account(2).to_string());

    world
        .admin()
        .await
        .run(&format!("{UNGUARDED} {tampering}"))
        .await;
    let found = verified(&world).await;

    assert_eq!(broken(&found), expected, "{found:?}");
}

/// Nor does it help to take back what the service has noted of how far it came: what is older than a minute is in a chain.
#[tokio::test]
async fn a_chain_that_is_gone_with_all_traces_is_found() {
    let world = chained_books().await;
    let forget = "DELETE FROM transfer_chain; UPDATE transfer_chain_progress SET xact_id = '0';
                  UPDATE transfers SET created_at = created_at - interval '2 minutes';
                  UPDATE entries SET created_at = created_at - interval '2 minutes';";
    let admin = world.admin().await;
    admin.run(&format!("{UNGUARDED} {forget}")).await;
    post(&world, ORGANIZATION, [1, 2], 1).await;

    let found = verified(&world).await;

    assert_eq!(broken(&found), [ChainIsComplete], "{found:?}");
    let count = found.findings.of(ChainIsComplete).unwrap().count;
    assert_eq!(count, u64::try_from(COUNT).unwrap());
}

#[tokio::test]
async fn a_look_tells_where_each_chain_ends() {
    let world = chained_books().await;
    let last = "SELECT substring(hashes FROM length(hashes) - 31) FROM transfer_chain";
    let last: Vec<u8> = world.admin().await.value(last).await;

    let found = verified(&world).await;

    let tips = found.tips.iter();
    let tips: Vec<_> = tips
        .map(|(owner, tip)| (*owner, tip.block, tip.hash.0.to_vec()))
        .collect();
    assert_eq!(tips, [(ORGANIZATION, 1, last)]);
}

#[tokio::test]
async fn an_open_invoice_that_is_not_in_the_ledger_is_found() {
    let world = books(1).await;
    world
        .store_invoices(vec![issued(7, &[InvoiceStatus::Sent])])
        .await;

    let found = verified(&world).await;

    let difference = found.findings.of(ReceivablesAreOpenInvoices).unwrap();
    let owner = ORGANIZATION.to_string();
    assert!(
        difference.first.contains(&owner) && difference.first.contains("174000"),
        "{difference:?}"
    );
}

#[tokio::test]
async fn a_look_sees_one_moment_however_much_is_posted_meanwhile() {
    let world = chained_books().await;
    let snapshots = PgLedgerSnapshots::new(world.database.clone());
    let snapshot = snapshots.open().await.unwrap();

    post(&world, ORGANIZATION, [1, 2], 10).await;
    chain(&world, 100).await;
    let found = verify(snapshot.as_ref(), &|_| {}).await.unwrap();

    assert!(found.findings.is_empty(), "{found:?}");
    assert_eq!((found.transfers, found.chained), (7, 7));
}

#[tokio::test]
async fn a_look_leaves_no_transaction_behind() {
    let world = chained_books().await;
    let admin = world.admin().await;

    drop(verified(&world).await);

    wait_until("no transaction is open", || async {
        admin.in_transaction().await == 0
    })
    .await;
    open_accounts(&world, ORGANIZATION, [3, 4]).await;
    post(&world, ORGANIZATION, [3, 4], 1).await;
}
