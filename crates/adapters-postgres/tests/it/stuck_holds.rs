//! Holds that cannot be let go: each harms itself only.

use jiff::SignedDuration;

use crate::support::{Ledger, account, hold};

#[tokio::test]
async fn a_hold_that_cannot_be_read_is_in_nobodys_way() {
    let ledger = Ledger::with(&[100, 0]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    for _ in 0..3 {
        let placed = world.place(hold(1, 2, 1)).await;
        placed.unwrap();
    }
    admin
        .run("UPDATE holds SET currency = '???' WHERE id = (SELECT min(id::text)::uuid FROM holds)")
        .await;
    world.clock.advance(SignedDuration::from_hours(1));

    let expired = [world.expire(2).await, world.expire(2).await];

    assert_eq!(
        expired.map(|it| (it.count, it.next.is_some())),
        [(2, true), (0, false)]
    );
    assert_eq!(admin.balance_of(1).await, (100, 1));
}

#[tokio::test]
async fn a_hold_on_an_account_that_cannot_be_read_is_in_nobodys_way() {
    let ledger = Ledger::with(&[100, 100, 0]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    for source in [1, 2] {
        world.place(hold(source, 3, 10)).await.unwrap();
    }
    let broken = account(1);
    admin
        .run(&format!(
            "UPDATE account_standings SET currency = '???' WHERE account_id = '{broken}'"
        ))
        .await;
    world.clock.advance(SignedDuration::from_hours(1));

    let expired = world.expire_all(200).await;

    assert_eq!(expired, 1);
    assert_eq!(admin.balance_of(1).await, (100, 10));
    assert_eq!(admin.balance_of(2).await, (100, 0));
}

#[tokio::test]
async fn hundreds_that_are_stuck_in_front_do_not_keep_the_others_from_expiring() {
    let ledger = Ledger::with(&[100, 100, 0]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    world.place(hold(1, 3, 10)).await.unwrap();
    admin
        .run(
            "INSERT INTO holds (id, organization_id, account_id, destination_account_id, amount_minor, currency, metadata,
                                status, expires_at, created_at, updated_at, version)
             SELECT gen_random_uuid(), organization_id, account_id, destination_account_id, amount_minor, currency,
                    metadata, status, expires_at, created_at, updated_at, version
               FROM holds, generate_series(1, 450)",
        )
        .await;
    world.clock.advance(SignedDuration::from_secs(1));
    world.place(hold(2, 3, 10)).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(1));

    let expired = world.expire_all(200).await;

    assert_eq!(
        expired, 2,
        "one of those for which something is held, and the one behind"
    );
    assert_eq!(admin.balance_of(1).await, (100, 0));
    assert_eq!(admin.balance_of(2).await, (100, 0));
}
