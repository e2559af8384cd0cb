use std::sync::Arc;

use app::{
    paging::Listing,
    ports::{DeadPaymentView, MockPaymentDeadLetterQueries},
    testing::{FakeUnitOfWork, dead_payment, knowing},
};
use tonic::{Code, transport::Channel};
use uuid::Uuid;

use crate::{
    proto::v1::{
        DiscardDeadLetterRequest, ListDeadLettersRequest, PaymentDirection, RetryDeadLetterRequest,
        payment_service_client::PaymentServiceClient,
    },
    testing::{Bench, Served, known, told},
};

fn client(served: &Served) -> PaymentServiceClient<Channel> {
    PaymentServiceClient::new(served.channel.clone())
}

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

#[tokio::test]
async fn what_was_given_up_is_listed_with_its_story() {
    let mut letters = MockPaymentDeadLetterQueries::new();
    letters.expect_list().returning(|_, _| {
        let view = DeadPaymentView {
            dead: dead_payment(None),
            story: serde_json::json!([{"version": 1}]),
        };
        Ok(Listing {
            rows: vec![view],
            next: None,
            total: None,
        })
    });
    let bench = Bench::new().with(|parts| parts.payments.dead_letters = Arc::new(letters));
    let served = bench.serve();

    let listed = client(&served)
        .list_dead_letters(known(ListDeadLettersRequest::default()))
        .await;

    let [letter] = &listed.unwrap().into_inner().dead_letters[..] else {
        panic!("one letter");
    };
    assert_eq!(letter.direction(), PaymentDirection::Charge);
    assert_eq!(
        (letter.attempts, letter.story.as_str()),
        (5, r#"[{"version":1}]"#)
    );
}

#[tokio::test]
async fn a_dead_letter_that_there_is_not_is_not_found() {
    let missing = || {
        let mut uow = FakeUnitOfWork::default();
        let letters = &mut uow.payment_dead_letters;
        letters.expect_find_for_update().returning(|_, _| Ok(None));
        uow
    };
    let served = Bench::new().over(missing()).over(missing()).serve();

    let retry = RetryDeadLetterRequest { id: id(8) };
    let retried = client(&served).retry_dead_letter(known(retry)).await;
    let discard = DiscardDeadLetterRequest { id: id(8) };
    let discarded = client(&served).discard_dead_letter(known(discard)).await;

    let expected = (Code::NotFound, "NOT_FOUND".to_owned());
    assert_eq!(told(&retried.unwrap_err()), expected);
    assert_eq!(told(&discarded.unwrap_err()), expected);
}

#[tokio::test]
async fn what_was_given_up_is_for_those_who_may_write_only() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing(&["payments:read"]));
    let served = bench.serve();

    let refused = client(&served)
        .list_dead_letters(known(ListDeadLettersRequest::default()))
        .await;

    let expected = (Code::PermissionDenied, "INSUFFICIENT_SCOPE".to_owned());
    assert_eq!(told(&refused.unwrap_err()), expected);
}
