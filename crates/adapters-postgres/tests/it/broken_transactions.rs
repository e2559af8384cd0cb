//! A transaction in which something has failed is never kept, and nothing of it is ever written by itself.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use app::{
    ports::{Outcome, Transactor, UnitOfWork},
    testing::{ORGANIZATION, caller},
};
use domain::invoicing::InvoiceStatus;
use futures_util::FutureExt;
use rstest::rstest;

use crate::support::{
    Manner, SPEC, World, behind_a_proxy, customer, drop_after_polls, event, invoice_id,
    is_unavailable, issued, nothing_is_open, piece,
};

/// What a transaction may begin with.
#[derive(Debug, Clone, Copy)]
enum First {
    Read,
    Write,
    DeferredWrite,
}

/// Minds no failure.
async fn write_carelessly(uow: &mut dyn UnitOfWork, first: First) -> Outcome {
    let _careless = match first {
        First::Read => uow.organizations().find(ORGANIZATION).await.map(drop),
        First::Write => uow.invoices().insert(&issued(7, &[])).await.map(drop),
        First::DeferredWrite => Ok(()),
    };
    let told = vec![event(7, 1)];
    uow.outbox().append(told, &caller().actor).await.unwrap();
    let _careless = uow
        .invoices()
        .insert(&issued(8, &[InvoiceStatus::Sent]))
        .await;
    Outcome::Commit
}

#[rstest]
#[tokio::test]
async fn nothing_is_written_by_itself_when_the_transaction_could_not_be_opened(
    #[values(First::Read, First::Write, First::DeferredWrite)] first: First,
) {
    let (world, proxy, admin) = behind_a_proxy().await;
    proxy.behave(Manner::RefusesBegin);
    let mut work = piece(move |uow| write_carelessly(uow, first).boxed());

    let refused = world.transactor.run(SPEC, &mut work).await;

    assert!(is_unavailable(&refused), "{refused:?}");
    let written = (admin.count("invoices").await, admin.count("outbox").await);
    assert_eq!(written, (1, 0));
}

#[tokio::test]
async fn deferred_writes_alone_are_not_written_when_the_transaction_could_not_be_opened() {
    let (world, proxy, admin) = behind_a_proxy().await;
    proxy.behave(Manner::RefusesBegin);

    let refused = world.write(|uow| {
        async move {
            uow.outbox()
                .append(vec![event(7, 1)], &caller().actor)
                .await
        }
        .boxed()
    });

    let refused = refused.await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(admin.count("outbox").await, 0);
}

#[tokio::test]
async fn a_failure_that_nobody_minds_still_undoes_everything() {
    let world = World::new().await;
    let admin = world.admin().await;
    admin.run("ALTER TABLE customers RENAME TO clients").await;
    let mut work = piece(|uow| {
        async move {
            uow.invoices().insert(&issued(7, &[])).await.unwrap();
            let id = customer(3, "Ada").facts().id;
            let _careless = uow.customers().find(ORGANIZATION, id).await;
            write_carelessly(uow, First::DeferredWrite).await
        }
        .boxed()
    });

    let refused = world.transactor.run(SPEC, &mut work).await;

    assert!(is_unavailable(&refused), "{refused:?}");
    let written = (admin.count("invoices").await, admin.count("outbox").await);
    assert_eq!(written, (0, 0));
    nothing_is_open(&admin).await;
}

/// Whoever gives up a statement does not know what became of it, nor of what was to travel with it.
#[tokio::test]
async fn a_statement_that_was_given_up_in_the_middle_undoes_everything() {
    let world = World::with(|options| options.pool_size_max = 1).await;
    let admin = world.admin().await;
    let answered = Arc::new(AtomicBool::new(false));
    for polls in 1.. {
        let is_answered = answered.clone();
        let mut work = piece(move |uow| {
            let is_answered = is_answered.clone();
            async move {
                let told = vec![event(7, 1)];
                uow.outbox().append(told, &caller().actor).await.unwrap();
                let reading = uow.organizations().find(ORGANIZATION);
                if drop_after_polls(polls, reading).await.is_some() {
                    is_answered.store(true, Ordering::SeqCst);
                    return Outcome::Rollback;
                }
                write_carelessly(uow, First::DeferredWrite).await
            }
            .boxed()
        });

        let refused = world.transactor.run(SPEC, &mut work).await;

        if answered.load(Ordering::SeqCst) {
            assert!(polls > 2, "only {polls} moments");
            break;
        }
        assert!(is_unavailable(&refused), "{refused:?}");
        let next = world.write(|uow| {
            async move {
                let invoices = uow.invoices();
                invoices.find_for_update(ORGANIZATION, invoice_id(8)).await
            }
            .boxed()
        });
        assert_eq!(next.await.unwrap(), None);
        let left = (admin.count("outbox").await, admin.in_transaction().await);
        assert_eq!(left, (0, 0));
    }
}

#[tokio::test]
async fn a_write_that_cannot_even_be_prepared_leaves_no_transaction_open() {
    let world = World::with(|options| options.pool_size_max = 1).await;
    let admin = world.admin().await;
    admin.run("ALTER TABLE outbox RENAME TO elsewhere").await;

    let refused = world.write(|uow| {
        async move {
            uow.organizations().find_for_update(ORGANIZATION).await?;
            uow.outbox()
                .append(vec![event(7, 1)], &caller().actor)
                .await
        }
        .boxed()
    });

    let refused = refused.await;
    assert!(refused.is_err(), "{refused:?}");
    nothing_is_open(&admin).await;
}
