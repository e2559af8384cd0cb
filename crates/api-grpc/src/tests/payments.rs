mod engine;

use std::sync::Arc;

use app::{
    invoicing::TimelineActor,
    paging::Listing,
    payments::PaymentHistoryEntry,
    ports::{Claim, MockPaymentQueries, Saved},
    testing::{
        FakeUnitOfWork, MemoryPostingStore, NOW, PAYMENT, standing, stored_payment, stored_refund,
    },
};
use domain::payments::{Direction, PaymentFacts, Progress, Stage};
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use tonic::{Code, transport::Channel};
use uuid::Uuid;

use crate::{
    proto::v1::{
        ActorKind, CancelPaymentRequest, CreatePaymentRequest, GetPaymentRequest, GetRefundRequest,
        ListPaymentEventsRequest, ListRefundsRequest, PaymentDirection, PaymentStatus, PaymentType,
        RefundPaymentRequest, payment_service_client::PaymentServiceClient,
    },
    testing::{Bench, Served, keyed, known, told, violations},
};

fn client(served: &Served) -> PaymentServiceClient<Channel> {
    PaymentServiceClient::new(served.channel.clone())
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

fn charge() -> CreatePaymentRequest {
    CreatePaymentRequest {
        payment_type: PaymentType::ExternalPayment.into(),
        direction: PaymentDirection::Charge.into(),
        provider: Some("simulator".to_owned()),
        destination_account_id: Some(id(1)),
        amount_minor: Some(100),
        currency: Some("USD".to_owned()),
        ..CreatePaymentRequest::default()
    }
}

fn stored(stage: Stage) -> PaymentFacts {
    let payment = stored_payment(Some(Direction::Charge), Progress::at(stage));
    payment.facts().clone()
}

/// The same, with payments that are read from here.
fn reading(bench: Bench, payments: MockPaymentQueries) -> Bench {
    bench.with(|parts| parts.payments.queries = Arc::new(payments))
}

/// Accepts a payment, on books with account 1.
fn accepting() -> FakeUnitOfWork {
    let store = MemoryPostingStore::with([standing(1, 1_000)]);
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let keys = &mut uow.idempotency_keys;
    keys.expect_claim().returning(|_, _| Ok(Claim::First));
    keys.expect_remember().returning(|_, _, _| Ok(()));
    uow.payments.expect_insert().once().returning(|_| Ok(()));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    uow
}

#[tokio::test]
async fn a_charge_is_accepted_and_waits() {
    let served = Bench::new().over(accepting()).serve();

    let answer = client(&served).create_payment(keyed("a", charge())).await;

    let payment = answer.unwrap().into_inner().payment.unwrap();
    assert_eq!(payment.status(), PaymentStatus::Pending);
    assert_eq!(payment.direction(), PaymentDirection::Charge);
    assert_eq!(payment.destination_account_id, Some(id(1)));
    assert_eq!((payment.amount_minor, payment.refundable_minor), (100, 0));
}

#[tokio::test]
async fn payments_and_refunds_are_made_only_under_a_key() {
    let served = Bench::new().serve();
    let refund = RefundPaymentRequest {
        id: PAYMENT.to_string(),
        ..RefundPaymentRequest::default()
    };

    let payment = client(&served).create_payment(known(charge())).await;
    let refund = client(&served).refund_payment(known(refund)).await;
    let internal = client(&served)
        .create_payment(known(engine::between_accounts(1)))
        .await;

    let expected = (Code::InvalidArgument, "IDEMPOTENCY_KEY_REQUIRED".to_owned());
    assert_eq!(told(&payment.unwrap_err()), expected);
    assert_eq!(told(&refund.unwrap_err()), expected);
    assert_eq!(told(&internal.unwrap_err()), expected);
}

#[rstest]
#[case::nothing(CreatePaymentRequest::default(), &["payment_type", "amount_minor", "currency"])]
#[case::no_provider(CreatePaymentRequest { provider: None, ..charge() }, &["provider"])]
#[case::no_direction(CreatePaymentRequest { direction: 0, ..charge() }, &["direction"])]
#[case::a_word_that_is_none(CreatePaymentRequest { direction: 7, ..charge() }, &["direction"])]
#[case::no_account(
    CreatePaymentRequest { destination_account_id: None, ..charge() },
    &["destination_account_id"]
)]
#[case::an_internal_one_with_a_provider(
    CreatePaymentRequest {
        payment_type: PaymentType::InternalTransfer.into(),
        source_account_id: Some(id(2)),
        ..charge()
    },
    &["direction", "provider"]
)]
#[case::a_card(
    CreatePaymentRequest {
        provider_data: [("card".to_owned(), "4242 4242 4242 4242".to_owned())].into(),
        ..charge()
    },
    &["provider_data.card"]
)]
#[tokio::test]
async fn what_is_wrong_with_a_payment_is_told_at_once(
    #[case] asked: CreatePaymentRequest,
    #[case] fields: &[&str],
) {
    let served = Bench::new().serve();

    let refused = client(&served).create_payment(keyed("a", asked)).await;

    let mut found: Vec<_> = violations(&refused.unwrap_err());
    found.sort();
    let found: Vec<_> = found.iter().map(|(field, _)| field.as_str()).collect();
    let mut fields = fields.to_vec();
    fields.sort_unstable();
    assert_eq!(found, fields);
}

#[tokio::test]
async fn a_payment_that_nobody_knows_about_shows_for_how_long() {
    let since = now() - SignedDuration::from_secs(42);
    let stage = Stage::Unknown {
        since,
        next_check_at: now(),
        checks: 2,
    };
    let mut payments = MockPaymentQueries::new();
    payments
        .expect_find()
        .returning(move |_, id| Ok((id == PAYMENT).then(|| stored(stage))));
    let served = reading(Bench::new(), payments).serve();
    let get = |id: String| known(GetPaymentRequest { id });

    let found = client(&served).get_payment(get(PAYMENT.to_string())).await;
    let missing = client(&served).get_payment(get(id(9))).await;

    let payment = found.unwrap().into_inner().payment.unwrap();
    assert_eq!(payment.status(), PaymentStatus::Unknown);
    assert_eq!((payment.unknown_for_seconds, payment.checks), (Some(42), 2));
    let missing = missing.unwrap_err();
    assert_eq!(told(&missing), (Code::NotFound, "NOT_FOUND".to_owned()));
    assert_eq!(missing.message(), format!("there is no payment {}", id(9)));
}

#[tokio::test]
async fn the_history_names_who_did_it_and_what_changed() {
    let mut payments = MockPaymentQueries::new();
    payments.expect_history().returning(|_, _, _| {
        let entry = PaymentHistoryEntry {
            id: Uuid::from_u128(7),
            event_type: "payment.completed".to_owned(),
            status: "completed".to_owned(),
            attempt: 1,
            answer_code: Some("succeeded".to_owned()),
            actor: TimelineActor::Role("worker".to_owned()),
            occurred_at: now(),
            version: 3,
            changes: serde_json::json!({"status": {"from": "processing", "to": "completed"}}),
        };
        Ok(Some(Listing {
            rows: vec![entry],
            next: None,
            total: None,
        }))
    });
    let served = reading(Bench::new(), payments).serve();
    let request = ListPaymentEventsRequest {
        id: PAYMENT.to_string(),
        ..ListPaymentEventsRequest::default()
    };

    let listed = client(&served).list_payment_events(known(request)).await;

    let [entry] = &listed.unwrap().into_inner().events[..] else {
        panic!("one entry");
    };
    let actor = entry.actor.clone().unwrap();
    assert_eq!((actor.kind(), actor.name()), (ActorKind::Role, "worker"));
    assert_eq!(
        entry.changes,
        r#"{"status":{"from":"processing","to":"completed"}}"#
    );
}

#[tokio::test]
async fn a_refund_is_found_with_its_payment_only() {
    let facts = stored(Stage::Completed { at: now() });
    let refund = stored_refund(&facts).facts().clone();
    let (refund_id, listed) = (refund.id, refund.clone());
    let mut payments = MockPaymentQueries::new();
    payments
        .expect_find_refund()
        .returning(move |_, payment_id, id| {
            let is_it = (payment_id, id) == (PAYMENT, refund_id);
            Ok(is_it.then(|| refund.clone()))
        });
    payments.expect_list_refunds().returning(move |_, _, _| {
        Ok(Some(Listing {
            rows: vec![listed.clone()],
            next: None,
            total: None,
        }))
    });
    let served = reading(Bench::new(), payments).serve();
    let get = |payment_id: String| {
        known(GetRefundRequest {
            id: payment_id,
            refund_id: refund_id.to_string(),
        })
    };

    let found = client(&served).get_refund(get(PAYMENT.to_string())).await;
    let elsewhere = client(&served).get_refund(get(id(9))).await;
    let list = ListRefundsRequest {
        id: PAYMENT.to_string(),
        ..ListRefundsRequest::default()
    };
    let list = client(&served).list_refunds(known(list)).await;

    let found = found.unwrap().into_inner().refund.unwrap();
    assert_eq!((found.amount_minor, found.attempts), (30, 0));
    assert_eq!(elsewhere.unwrap_err().code(), Code::NotFound);
    assert_eq!(list.unwrap().into_inner().refunds, [found]);
}

#[tokio::test]
async fn a_payment_that_waits_is_called_off() {
    let mut uow = FakeUnitOfWork::default().announcing("payment.cancelled", 2);
    uow.payments.expect_find_for_update().returning(|_, _| {
        let stage = Stage::Pending {
            next_attempt_at: now(),
        };
        let progress = Progress::at(stage);
        Ok(Some(stored_payment(Some(Direction::Charge), progress)))
    });
    uow.payments
        .expect_save()
        .once()
        .returning(|_, _| Ok(Saved::Stored));
    let served = Bench::new().over(uow).serve();
    let request = CancelPaymentRequest {
        id: PAYMENT.to_string(),
    };

    let cancelled = client(&served).cancel_payment(known(request)).await;

    let payment = cancelled.unwrap().into_inner().payment.unwrap();
    assert_eq!(payment.status(), PaymentStatus::Cancelled);
}
