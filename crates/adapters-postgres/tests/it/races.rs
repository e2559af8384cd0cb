//! Transactions that lose against others, and what the database refuses.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use app::{
    ports::{Isolation, Outcome, StorageError, TransactionSpec, Transactor, UnitOfWork},
    testing::{ORGANIZATION, caller, stored_organization},
};
use domain::{
    ids::OrganizationId,
    platform::{Organization, OrganizationFacts},
    version::Version,
};
use futures_util::{FutureExt, future::join};
use rstest::rstest;
use tokio::sync::Barrier;
use uuid::Uuid;

use crate::support::{Admin, SPEC, World, event, invoice_id, issued, piece};

const SERIALIZABLE: TransactionSpec = TransactionSpec {
    name: "test",
    isolation: Isolation::Serializable,
};

/// Reads something, lets somebody else change the organization, and then wants to change it too.
async fn lose(uow: &mut dyn UnitOfWork, other: &Admin) -> Outcome {
    let invoices = uow.invoices();
    invoices
        .find_for_update(ORGANIZATION, invoice_id(7))
        .await
        .unwrap();
    other
        .run("UPDATE organizations SET version = version + 1")
        .await;
    match uow.organizations().find_for_update(ORGANIZATION).await {
        Ok(_) => Outcome::Commit,
        Err(_) => Outcome::Rollback,
    }
}

#[rstest]
#[case::as_a_failure(Outcome::Rollback)]
#[case::as_a_success(Outcome::Commit)]
#[tokio::test]
async fn a_race_that_is_always_lost_is_given_up_after_eight_attempts(#[case] told: Outcome) {
    let world = World::new().await;
    let (admin, attempts) = (Arc::new(world.admin().await), Arc::new(AtomicU32::new(0)));
    let counted = attempts.clone();
    let mut work = piece(move |uow| {
        let (admin, counted) = (admin.clone(), counted.clone());
        async move {
            counted.fetch_add(1, Ordering::SeqCst);
            assert_eq!(lose(uow, &admin).await, Outcome::Rollback);
            told
        }
        .boxed()
    });

    let given_up = world.transactor.run(SERIALIZABLE, &mut work).await;

    let error = given_up.unwrap_err();
    assert!(
        matches!(error, StorageError::Contended { attempts: 8 }),
        "{error:?}"
    );
    assert_eq!(attempts.load(Ordering::SeqCst), 8);
    assert_eq!(world.admin().await.in_transaction().await, 0);
}

#[tokio::test]
async fn a_lost_race_is_run_again_until_it_is_won() {
    let world = World::new().await;
    let admin = Arc::new(world.admin().await);
    let mut lost = 0;
    let mut work = piece(move |uow| {
        let (admin, loses) = (admin.clone(), lost < 2);
        lost += 1;
        async move {
            if loses {
                return lose(uow, &admin).await;
            }
            let told = vec![event(7, lost)];
            uow.outbox().append(told, &caller().actor).await.unwrap();
            Outcome::Commit
        }
        .boxed()
    });

    let touched = world.transactor.run(SERIALIZABLE, &mut work).await;

    assert_eq!(touched.unwrap()[0].version, Version::new(3));
    assert_eq!(world.admin().await.count("outbox").await, 1);
}

#[tokio::test]
async fn two_that_lock_each_other_out_are_both_carried_out() {
    let world = World::new().await;
    let other = OrganizationId::from_uuid(Uuid::from_u128(91));
    world.found_another(other).await;
    let (met, attempts) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
    let take = |first: OrganizationId, second: OrganizationId| {
        let (met, attempts, mut is_first) = (met.clone(), attempts.clone(), true);
        piece(move |uow| {
            let (met, meets) = (met.clone(), std::mem::take(&mut is_first));
            attempts.fetch_add(1, Ordering::SeqCst);
            async move {
                let organizations = uow.organizations();
                organizations.find_for_update(first).await.unwrap();
                if meets {
                    met.wait().await;
                }
                match organizations.find_for_update(second).await {
                    Ok(_) => Outcome::Commit,
                    Err(_) => Outcome::Rollback,
                }
            }
            .boxed()
        })
    };
    let (mut there, mut back) = (take(ORGANIZATION, other), take(other, ORGANIZATION));

    let both = join(
        world.transactor.run(SPEC, &mut there),
        world.transactor.run(SPEC, &mut back),
    );

    let (one, two) = both.await;
    assert_eq!((one.unwrap(), two.unwrap()), (vec![], vec![]));
    // PostgreSQL breaks the circle by ending one of them, or now and then both.
    assert!(attempts.load(Ordering::SeqCst) >= 3);
}

/// Every statement succeeds, and the race is lost only when the transaction commits.
#[tokio::test]
async fn a_race_that_is_lost_at_commit_is_run_again() {
    let world = World::new().await;
    let losing_twice = "
        CREATE SEQUENCE losses;
        CREATE FUNCTION lose_twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('losses') <= 2 THEN RAISE 'lost' USING ERRCODE = '40001'; END IF;
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER lose_twice AFTER INSERT ON invoices DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION lose_twice();";
    world.admin().await.run(losing_twice).await;
    let mut attempts = 0;
    let mut work = piece(|uow| {
        attempts += 1;
        async move {
            uow.invoices().insert(&issued(7, &[])).await.unwrap();
            Outcome::Commit
        }
        .boxed()
    });

    world.transactor.run(SPEC, &mut work).await.unwrap();

    assert_eq!(attempts, 3);
    assert_eq!(world.admin().await.count("invoices").await, 1);
}

#[tokio::test]
async fn a_deferred_write_that_meets_a_row_of_another_is_run_again() {
    let world = World::new().await;
    let tell = |versions: Vec<i64>| {
        let mut versions = versions.into_iter();
        piece(move |uow| {
            let told = vec![event(7, 1), event(7, versions.next().unwrap())];
            async move {
                uow.outbox().append(told, &caller().actor).await.unwrap();
                Outcome::Commit
            }
            .boxed()
        })
    };

    let second_time = world.transactor.run(SPEC, &mut tell(vec![1, 2])).await;
    let never = world.transactor.run(SPEC, &mut tell(vec![3; 8])).await;

    assert_eq!(second_time.unwrap().len(), 2);
    assert!(
        matches!(never, Err(StorageError::Contended { attempts: 8 })),
        "{never:?}"
    );
    assert_eq!(world.admin().await.count("outbox").await, 2);
}

fn invalid_organization() -> Organization {
    let facts = stored_organization().facts().clone();
    Organization::restore(OrganizationFacts {
        id: OrganizationId::from_uuid(Uuid::from_u128(99)),
        version: Version::new(0),
        ..facts
    })
}

#[rstest]
#[case::with_the_commit(0, false)]
#[case::with_a_read(0, true)]
#[case::among_more_than_travel_together(40, false)]
#[tokio::test]
async fn a_deferred_write_that_the_schema_refuses_undoes_everything_and_is_told(
    #[case] more: i64,
    #[case] reads: bool,
) {
    let world = World::new().await;
    let attempts = Arc::new(AtomicU32::new(0));
    let counted = attempts.clone();

    let refused = world.write(move |uow| {
        counted.fetch_add(1, Ordering::SeqCst);
        async move {
            uow.organizations().insert(&invalid_organization()).await?;
            let told = (1..=1 + more).map(|version| event(7, version)).collect();
            uow.outbox().append(told, &caller().actor).await?;
            if reads {
                uow.organizations().find(ORGANIZATION).await?;
            }
            Ok(())
        }
        .boxed()
    });

    let error = refused.await.unwrap_err();
    assert!(matches!(error, StorageError::Corrupt { .. }), "{error:?}");
    assert_eq!(attempts.load(Ordering::SeqCst), 1);
    let admin = world.admin().await;
    assert_eq!(
        (admin.count("outbox").await, admin.in_transaction().await),
        (0, 0)
    );
}

#[tokio::test]
async fn a_lock_that_is_held_for_too_long_is_contention() {
    let world = World::with(|options| options.lock_timeout = Duration::from_millis(100)).await;
    let other = world.admin().await;
    other
        .run("BEGIN; UPDATE organizations SET version = version + 1")
        .await;

    let blocked = world.write(|uow| {
        async move { uow.organizations().find_for_update(ORGANIZATION).await }.boxed()
    });

    let error = blocked.await.unwrap_err();
    assert!(
        matches!(error, StorageError::Contended { attempts: 1 }),
        "{error:?}"
    );
    other.run("ROLLBACK").await;
    assert_eq!(world.admin().await.in_transaction().await, 0);
}
