use std::collections::HashSet;

use domain::ids::EventId;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::{
    ports::{Generation, Generations, MockVoucherProjection, Transactor},
    testing::{FakeTransactor, FakeUnitOfWork, NOW, logged_event, out_of_reach},
};

fn projector(transactor: Arc<FakeTransactor>) -> VoucherProjector {
    let transactor: Arc<dyn Transactor> = transactor;
    VoucherProjector::new(CommandBus::new(transactor, []))
}

fn issued(position: i64) -> LoggedEvent {
    let number = u8::try_from(position).unwrap();
    let mut logged = logged_event(position, number, 1);
    logged.event.kind = AggregateKind::Voucher.into();
    logged.event.data = json!({
        "id": logged.event.aggregate_id,
        "code": format!("CODE-{position}"),
        "campaign_id": Uuid::from_u128(7),
        "status": "enabled",
        "max_redemptions": null,
        "created_at": NOW,
        "updated_at": NOW,
    })
    .to_string();
    logged
}

fn unreadable(position: i64) -> LoggedEvent {
    let mut logged = issued(position);
    "[]".clone_into(&mut logged.event.data);
    logged
}

/// Remembers having dealt with all events but one.
fn remembering_all_but(new: EventId) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox
        .expect_keep_new()
        .withf(|consumer, _| consumer == "voucher-projections")
        .returning(move |_, asked| Ok(asked.iter().copied().filter(|id| *id == new).collect()));
    uow
}

#[tokio::test]
async fn what_is_new_is_put_into_all_generations_that_are_kept_up() {
    let events = [issued(1), issued(2)];
    let mut uow = remembering_all_but(events[1].event.id);
    let (live, building) = (Generation::new(3), Generation::new(4));
    let generations = Generations {
        live,
        building: Some(building),
    };
    let projection = &mut uow.voucher_projection;
    projection
        .expect_hold()
        .return_once(move || Ok(generations));
    projection
        .expect_put()
        .withf(move |into, seen| {
            let codes: Vec<_> = seen.vouchers.iter().map(|it| it.code.as_str()).collect();
            into == [live, building] && codes == ["CODE-2"] && seen.count() == 1
        })
        .return_once(|_, _| Ok(()));
    let transactor = FakeTransactor::over(uow).shared();

    let outcomes = projector(transactor.clone()).deliver(&events).await;

    assert_eq!(outcomes.unwrap(), vec![Delivered::Taken; 2]);
    assert_eq!(transactor.tally(), (1, 1, 0));
}

#[tokio::test]
async fn what_was_dealt_with_before_is_not_put_again() {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox
        .expect_keep_new()
        .returning(|_, _| Ok(HashSet::new()));
    let transactor = FakeTransactor::over(uow).shared();

    let outcomes = projector(transactor).deliver(&[issued(1)]).await;

    assert_eq!(outcomes.unwrap(), [Delivered::Taken]);
}

/// What is put is put into the first generation alone.
fn with_one_generation(uow: &mut FakeUnitOfWork) -> &mut MockVoucherProjection {
    let generations = Generations {
        live: Generation::new(1),
        building: None,
    };
    let projection = &mut uow.voucher_projection;
    projection
        .expect_hold()
        .return_once(move || Ok(generations));
    projection
}

#[tokio::test]
async fn one_that_nobody_can_read_is_refused_alone() {
    let events = [unreadable(1), issued(2)];
    let mut uow = remembering_all_but(events[1].event.id);
    let projection = with_one_generation(&mut uow);
    projection.expect_put().return_once(|_, _| Ok(()));
    let transactor = FakeTransactor::over(uow).shared();

    let outcomes = projector(transactor).deliver(&events).await.unwrap();

    assert!(matches!(&outcomes[0], Delivered::Refused(why) if why.contains("another form")));
    assert_eq!(outcomes[1], Delivered::Taken);
}

#[tokio::test]
async fn nothing_is_taken_while_the_storage_is_out_of_reach() {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox.expect_keep_new().returning(|_, _| out_of_reach());
    let transactor = FakeTransactor::over(uow).shared();

    let outcomes = projector(transactor).deliver(&[issued(1)]).await;

    assert!(matches!(outcomes, Err(SinkUnavailable::Away(_))));
}

/// Of three that come together the storage cannot keep the second one.
#[tokio::test]
async fn one_that_cannot_be_kept_is_refused_and_holds_up_no_other() {
    let events = [issued(1), issued(2), issued(3)];
    let attempt = |is_kept: bool| {
        let mut uow = FakeUnitOfWork::default();
        let kept = uow.inbox.expect_keep_new();
        kept.returning(|_, asked| Ok(asked.iter().copied().collect()));
        let projection = with_one_generation(&mut uow);
        projection.expect_put().return_once(move |_, _| {
            if is_kept {
                return Ok(());
            }
            Err(StorageError::Corrupt {
                entity: "value",
                source: "out of range".into(),
            })
        });
        uow
    };
    let together_and_alone = [false, true, false, true].map(attempt);
    let transactor = FakeTransactor::over_each(together_and_alone).shared();

    let outcomes = projector(transactor).deliver(&events).await.unwrap();

    let is_refused = |outcome: &Delivered| matches!(outcome, Delivered::Refused(_));
    let refused: Vec<_> = outcomes.iter().map(is_refused).collect();
    assert_eq!(refused, [false, true, false]);
}
