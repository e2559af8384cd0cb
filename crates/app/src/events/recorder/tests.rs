use std::sync::{Arc, Mutex};

use domain::{
    actor::Actor,
    invoicing::{InvoiceEvent, InvoiceStatus, Party, Series},
};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, INVOICE, NOW, ORGANIZATION, SequentialIds, caller, draft_contents,
    organization_profile, out_of_reach, stored_customer,
};

/// Drafted, sent and paid, all at once.
fn eventful_invoice() -> Invoice {
    let now = NOW.parse().unwrap();
    let mut invoice = Invoice::draft(INVOICE, ORGANIZATION, draft_contents(), now).unwrap();
    let number = Series::named("INV-2026-").number_at(1);
    let seller = Party::from(&organization_profile());
    invoice.issue(number, seller, now).unwrap();
    invoice.advance(InvoiceStatus::Paid, now).unwrap();
    invoice
}

type Told = Arc<Mutex<Vec<(DomainEvent, Actor)>>>;

fn listening() -> (FakeUnitOfWork, Told) {
    let told = Told::default();
    let mut uow = FakeUnitOfWork::default();
    let heard = told.clone();
    uow.outbox
        .expect_append()
        .once()
        .returning(move |events, by| {
            let by_whom = events.into_iter().map(|event| (event, by.clone()));
            heard.lock().unwrap().extend(by_whom);
            Ok(())
        });
    (uow, told)
}

#[tokio::test]
async fn each_event_has_the_version_that_it_took_the_aggregate_to() {
    let (mut uow, told) = listening();
    let (caller, ids) = (caller(), SequentialIds::default());
    let recorder = Recorder::new(&caller, &ids);

    recorder
        .record(&mut eventful_invoice(), &mut uow)
        .await
        .unwrap();

    let told = told.lock().unwrap();
    let versions: Vec<_> = told.iter().map(|(it, _)| it.version.as_i64()).collect();
    assert_eq!(versions, [1, 2, 3]);
    let happened: Vec<_> = told.iter().map(|(it, _)| &it.what).collect();
    assert!(matches!(
        happened.as_slice(),
        [
            Happening::Invoice(InvoiceEvent::Created(_)),
            Happening::Invoice(InvoiceEvent::StatusChanged { .. }),
            Happening::Invoice(InvoiceEvent::StatusChanged { .. }),
        ]
    ));
}

#[tokio::test]
async fn each_event_has_an_id_of_its_own_an_instant_an_owner_and_an_author() {
    let (mut uow, told) = listening();
    let (caller, ids) = (caller(), SequentialIds::default());
    let recorder = Recorder::new(&caller, &ids);

    recorder
        .record(&mut eventful_invoice(), &mut uow)
        .await
        .unwrap();

    for (position, (event, by)) in (1..).zip(told.lock().unwrap().iter()) {
        assert_eq!(event.id, EventId::from_uuid(Uuid::from_u128(position)));
        assert_eq!(event.occurred_at, NOW.parse().unwrap());
        assert_eq!(event.organization_id, ORGANIZATION);
        assert_eq!(by, &caller.actor);
    }
}

#[tokio::test]
async fn what_was_recorded_is_not_recorded_again() {
    let (mut uow, _) = listening();
    let (caller, ids) = (caller(), SequentialIds::default());
    let recorder = Recorder::new(&caller, &ids);
    let mut invoice = eventful_invoice();

    recorder.record(&mut invoice, &mut uow).await.unwrap();

    assert!(invoice.take_events().is_empty());
}

#[tokio::test]
async fn a_failing_outbox_is_told() {
    let mut uow = FakeUnitOfWork::default();
    uow.outbox.expect_append().returning(|_, _| out_of_reach());
    let (caller, ids) = (caller(), SequentialIds::default());
    let recorder = Recorder::new(&caller, &ids);

    let failed = recorder.record(&mut stored_customer(), &mut uow).await;

    assert!(matches!(failed, Err(StorageError::Unavailable(_))));
}
