use std::sync::atomic::{AtomicU64, Ordering};

use domain::ids::CampaignId;
use uuid::Uuid;

use super::*;
use crate::{
    ports::{Generations, Projected, Transactor},
    testing::{FakeTransactor, FakeUnitOfWork, FixedClock, NOW, ORGANIZATION},
};

const BUILT: Generation = Generation::new(2);

#[derive(Default)]
struct Heard {
    count: AtomicU64,
    done: AtomicU64,
}

impl RebuildProgress for Heard {
    fn begin(&self, count: u64) {
        self.count.store(count, Ordering::Relaxed);
    }

    fn advance(&self, more: u64) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }
}

fn rebuild(uows: Vec<FakeUnitOfWork>) -> VoucherRebuild {
    let transactor: Arc<dyn Transactor> = FakeTransactor::over_each(uows).shared();
    VoucherRebuild::new(CommandBus::new(transactor, []), FixedClock::at(NOW))
}

fn begins() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let begun = Begun {
        generation: BUILT,
        count: 3,
    };
    let projection = &mut uow.voucher_projection;
    projection.expect_begin().return_once(move |_| Ok(begun));
    uow
}

fn forgets(has_more: bool) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let projection = &mut uow.voucher_projection;
    projection
        .expect_forget_others()
        .return_once(move |_, _| Ok(has_more));
    uow
}

fn holding(building: Option<Generation>) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let live = Generation::new(1);
    uow.voucher_projection
        .expect_hold()
        .return_once(move || Ok(Generations { live, building }));
    uow
}

/// Whether somebody who copies is still to go on.
fn going_on(is_his: bool) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.voucher_projection
        .expect_go_on()
        .withf(|built, _| *built == BUILT)
        .return_once(move |_, _| Ok(is_his));
    uow
}

/// Copies what is behind a place, and tells the next.
fn copies(after: StoredPlace, next: Option<StoredPlace>) -> FakeUnitOfWork {
    let mut uow = going_on(true);
    let projection = &mut uow.voucher_projection;
    projection
        .expect_read_stored()
        .withf(move |place, _| *place == after)
        .return_once(move |_, _| Ok((Projected::default(), next)));
    projection
        .expect_put()
        .withf(|into, _| into == [BUILT])
        .return_once(|_, _| Ok(()));
    uow
}

/// Nobody has to keep it up any more.
fn gives_up() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.voucher_projection
        .expect_end()
        .withf(|built, is_shown| *built == BUILT && !*is_shown)
        .once()
        .return_once(|_, _| Ok(()));
    uow
}

fn failing(why: fn() -> StorageError) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let projection = &mut uow.voucher_projection;
    projection
        .expect_go_on()
        .return_once(move |_, _| Err(why()));
    projection.expect_hold().return_once(move || Err(why()));
    uow
}

fn place() -> StoredPlace {
    StoredPlace::Campaign(ORGANIZATION, CampaignId::from_uuid(Uuid::from_u128(7)))
}

#[tokio::test]
async fn everything_is_copied_before_it_is_shown_and_what_is_old_is_forgotten() {
    let mut shows = holding(Some(BUILT));
    shows
        .voucher_projection
        .expect_end()
        .withf(|built, is_shown| *built == BUILT && *is_shown)
        .return_once(|_, _| Ok(()));
    let heard = Heard::default();
    let steps = vec![
        begins(),
        copies(StoredPlace::Start, Some(place())),
        copies(place(), None),
        shows,
        forgets(true),
        forgets(false),
    ];

    let rebuilt = rebuild(steps).run(&heard).await;

    assert_eq!(rebuilt.unwrap(), 0);
    assert_eq!(heard.count.load(Ordering::Relaxed), 3);
    assert_eq!(heard.done.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_rebuild_that_is_overtaken_shows_nothing() {
    let steps = vec![begins(), going_on(false), gives_up()];

    let rebuilt = rebuild(steps).run(&Heard::default()).await;

    assert!(matches!(rebuilt, Err(RebuildError::Overtaken)));
}

#[tokio::test]
async fn a_rebuild_that_is_overtaken_at_the_end_shows_nothing() {
    let steps = vec![
        begins(),
        copies(StoredPlace::Start, None),
        holding(None),
        gives_up(),
    ];

    let rebuilt = rebuild(steps).run(&Heard::default()).await;

    assert!(matches!(rebuilt, Err(RebuildError::Overtaken)));
}

#[tokio::test]
async fn what_loses_against_others_is_tried_again() {
    let contended = || failing(|| StorageError::Contended { attempts: 8 });
    let mut shows = holding(Some(BUILT));
    shows
        .voucher_projection
        .expect_end()
        .return_once(|_, _| Ok(()));
    let steps = vec![
        begins(),
        contended(),
        contended(),
        copies(StoredPlace::Start, None),
        contended(),
        shows,
        forgets(false),
    ];

    let rebuilt = rebuild(steps).run(&Heard::default()).await;

    assert!(rebuilt.is_ok(), "{rebuilt:?}");
}

#[tokio::test]
async fn a_rebuild_that_fails_is_given_up() {
    let unreachable = failing(|| StorageError::Unavailable("gone".into()));
    let steps = vec![begins(), unreachable, gives_up()];
    let (transactor, heard) = (FakeTransactor::over_each(steps).shared(), Heard::default());
    let bus = CommandBus::new(transactor.clone(), []);

    let failed = VoucherRebuild::new(bus, FixedClock::at(NOW))
        .run(&heard)
        .await;

    assert!(matches!(failed, Err(RebuildError::Storage(_))));
    assert_eq!(
        transactor.specs().last().unwrap().name,
        "give_up_voucher_rebuild"
    );
}
