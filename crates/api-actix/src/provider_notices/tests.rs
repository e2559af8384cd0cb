use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::test::TestRequest;
use app::{
    ports::{MockNoticeReader, NoticeReader, ReadNotice},
    testing::{FakeUnitOfWork, FixedClock, NOW, out_of_reach},
};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::testing::{Bench, Got, allowed, limiting, refused};

const BODY: &str = "{\"id\": \"evt_1\"}\n";

/// An application that gets notices of Stripe, read like this.
fn bench(read: Result<ReadNotice, NoticeRefused>) -> Bench {
    let mut reader = MockNoticeReader::new();
    let name = ProviderName::parse("stripe").unwrap();
    reader.expect_provider().return_const(name);
    reader
        .expect_read()
        .withf(|notice| {
            notice.body == BODY.as_bytes() && notice.header("stripe-signature") == Some("t=1,v1=2")
        })
        .returning(move |_| read.clone());
    let reader: Arc<dyn NoticeReader> = Arc::new(reader);
    let clock: Arc<dyn Clock> = FixedClock::at(NOW);
    Bench::new().with(|parts| {
        parts.notices = NoticeUseCases::new(NoticeReaders::new(vec![reader]), &clock);
    })
}

fn notice() -> ReadNotice {
    ReadNotice {
        id: "evt_1".to_owned(),
        keys: vec![Uuid::from_u128(7)],
        references: Vec::new(),
        tells_of_return: false,
    }
}

async fn send(bench: Bench, path: &str) -> Got {
    let request = TestRequest::post()
        .uri(path)
        .insert_header(("stripe-signature", "t=1,v1=2"))
        .insert_header(("content-type", "application/json; charset=utf-8"))
        .set_payload(BODY);
    bench.send_as_is(request).await
}

fn heeding() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox.expect_is_new().returning(|_, _| Ok(true));
    uow
}

#[tokio::test]
async fn an_authentic_notice_is_heeded_without_a_key_of_ours() {
    let mut uow = heeding();
    uow.payment_work
        .expect_hasten()
        .once()
        .withf(|notice, _| notice.keys == [Uuid::from_u128(7)])
        .returning(|_, _| Ok(1));

    let got = send(bench(Ok(notice())).over(uow), "/provider-webhooks/stripe").await;

    assert_eq!((got.status.as_u16(), got.bytes.len()), (204, 0));
}

#[rstest]
#[case::not_authentic(NoticeRefused::NotAuthentic, 400, "notice_refused")]
#[case::unreadable(NoticeRefused::Unreadable, 400, "notice_refused")]
#[case::unverifiable(NoticeRefused::Unverifiable, 503, "notice_unverifiable")]
#[tokio::test]
async fn other_notices_are_refused(
    #[case] why: NoticeRefused,
    #[case] status: u16,
    #[case] code: &str,
) {
    let got = send(bench(Err(why)), "/provider-webhooks/stripe").await;

    assert_eq!(got.status.as_u16(), status);
    assert_eq!(got.json()["code"], code);
    assert_eq!(got.header("retry-after").is_empty(), status != 503);
}

#[rstest]
#[case::not_set_up("/provider-webhooks/paypal", 404, "notices_unknown")]
#[case::no_name("/provider-webhooks/St%20ripe", 404, "notices_unknown")]
#[case::a_query("/provider-webhooks/stripe?x=1", 400, "unknown_parameter")]
#[tokio::test]
async fn notices_of_nobody_are_refused(
    #[case] path: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let got = send(bench(Ok(notice())), path).await;

    assert_eq!(got.status.as_u16(), status);
    assert_eq!(got.json()["code"], code);
}

#[tokio::test]
async fn a_notice_that_cannot_be_kept_is_to_be_sent_again() {
    let mut uow = heeding();
    uow.payment_work
        .expect_hasten()
        .returning(|_, _| out_of_reach());

    let got = send(bench(Ok(notice())).over(uow), "/provider-webhooks/stripe").await;

    assert_eq!(got.status.as_u16(), 503);
}

#[tokio::test]
async fn an_address_that_sends_many_that_are_not_authentic_is_not_heard() {
    let reads = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&reads);
    let mut reader = MockNoticeReader::new();
    let name = ProviderName::parse("stripe").unwrap();
    reader.expect_provider().return_const(name);
    reader.expect_read().returning(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Err(NoticeRefused::NotAuthentic)
    });
    let reader: Arc<dyn NoticeReader> = Arc::new(reader);
    let clock: Arc<dyn Clock> = FixedClock::at(NOW);
    let bench = Bench::new().with(|parts| {
        parts.notices = NoticeUseCases::new(NoticeReaders::new(vec![reader]), &clock);
        parts.rate_limiter = limiting(allowed(), refused());
    });
    let send = || {
        let request = TestRequest::post().uri("/provider-webhooks/stripe");
        request
            .insert_header(("content-type", "application/json"))
            .set_payload(BODY)
    };

    let answers = bench.send_each([send(), send()]).await;

    for got in answers {
        assert_eq!(got.problem(), (429, "rate_limited".to_owned()));
        assert_eq!(got.header("retry-after"), "2");
        assert!(!got.header("ratelimit").is_empty());
    }
    assert_eq!(reads.load(Ordering::Relaxed), 1);
}
