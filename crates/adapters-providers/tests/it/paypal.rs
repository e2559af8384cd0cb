//! Payments through PayPal.

use std::{sync::Arc, time::Duration};

use adapters_providers::{Paypal, PaypalNotices, PaypalOptions};
use app::{
    ports::{NoticeReader, NoticeRefused, PaymentProvider, ProviderWork, RawNotice, ReadNotice},
    testing::{FixedClock, NOW},
};
use futures_util::future::join_all;
use jiff::SignedDuration;
use rstest::rstest;

use crate::{
    http_server::{Answer, HttpServer, nowhere},
    orders::{order, reference, sighting, spelt},
    paypal_server::{Gate, PaypalServer},
};

const TOKEN: &str = "POST /v1/oauth2/token";

fn options(url: &str) -> PaypalOptions {
    PaypalOptions {
        url: url.to_owned(),
        client_id: "client".to_owned(),
        client_secret: "secret".into(),
        answer_max: Duration::from_secs(5),
    }
}

/// PayPal at this address.
pub(crate) fn paypal_at(url: &str, clock: &Arc<FixedClock>) -> Paypal {
    Paypal::new(options(url), clock.clone()).unwrap()
}

#[rstest]
#[case::charge(ProviderWork::Charge, "succeeded C1")]
#[case::payout(ProviderWork::Payout, "pending B1")]
#[case::refund(ProviderWork::Refund { of: reference("C9") }, "succeeded R1")]
#[tokio::test]
async fn money_moves_once_however_often_it_is_asked(
    #[case] work: ProviderWork,
    #[case] expected: &str,
) {
    let server = PaypalServer::start().await;
    let paypal = paypal_at(&server.http.url, &FixedClock::at(NOW));
    let order = order(work);

    let answers = [paypal.execute(&order).await, paypal.execute(&order).await];
    let asked = paypal.look_up(&order, None).await;
    let known = paypal.look_up(&order, answers[0].reference.clone()).await;

    assert_eq!(answers.map(|it| spelt(&it)), [expected; 2]);
    let seen = format!("seen {expected}");
    assert_eq!([asked, known].map(|it| sighting(&it)), [seen.as_str(); 2]);
    assert_eq!(server.books.lock().unwrap().moved(), 1);
}

#[tokio::test]
async fn a_token_is_used_until_shortly_before_its_end() {
    let server = PaypalServer::start().await;
    let clock = FixedClock::at(NOW);
    let paypal = paypal_at(&server.http.url, &clock);
    let charge = order(ProviderWork::Charge);

    let at_once = (0..8).map(|_| paypal.look_up(&charge, None));
    join_all(at_once).await;
    clock.advance(SignedDuration::from_secs(3_539));
    paypal.look_up(&charge, None).await;
    let before = server.times(TOKEN);
    clock.advance(SignedDuration::from_secs(1));
    paypal.look_up(&charge, None).await;

    assert_eq!([before, server.times(TOKEN)], [1, 2]);
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once() {
    let server = PaypalServer::start().await;
    let paypal = paypal_at(&server.http.url, &FixedClock::at(NOW));
    let charge = order(ProviderWork::Charge);
    paypal.execute(&charge).await;
    server.books.lock().unwrap().revoke();

    let answer = paypal.execute(&charge).await;

    assert_eq!(spelt(&answer), "succeeded C1");
    assert_eq!(server.times(TOKEN), 2);
}

#[tokio::test]
async fn without_a_token_nothing_was_asked() {
    let server = PaypalServer::start().await;
    server.books.lock().unwrap().gate = Gate::Shut;
    let paypal = paypal_at(&server.http.url, &FixedClock::at(NOW));
    let charge = order(ProviderWork::Charge);

    let answer = paypal.execute(&charge).await;
    let seen = paypal.look_up(&charge, None).await;

    assert_eq!(spelt(&answer), "retryable: no_token");
    assert_eq!(sighting(&seen), "no answer");
}

#[tokio::test]
async fn a_page_of_a_proxy_tells_nothing() {
    let server = HttpServer::start(|request| {
        let token = r#"{"access_token": "A1", "expires_in": 3600}"#;
        match request.path.as_str() {
            "/v1/oauth2/token" => Answer::Says(200, token.to_owned()),
            _ => Answer::Says(404, "<html>".to_owned()),
        }
    });
    let paypal = paypal_at(&server.await.url, &FixedClock::at(NOW));
    let charge = order(ProviderWork::Charge);

    let answer = paypal.execute(&charge).await;
    let seen = paypal.look_up(&charge, None).await;

    assert_eq!(spelt(&answer), "unknown: unreadable");
    assert_eq!(sighting(&seen), "no answer");
}

#[tokio::test]
async fn while_tokens_are_not_answered_nothing_was_asked() {
    let server = PaypalServer::start().await;
    server.books.lock().unwrap().gate = Gate::Unattended;
    let patient = PaypalOptions {
        answer_max: Duration::from_millis(600),
        ..options(&server.http.url)
    };
    let paypal = Paypal::new(patient, FixedClock::at(NOW)).unwrap();
    let charge = order(ProviderWork::Charge);

    let answering = paypal.execute(&charge);
    let answer = tokio::time::timeout(Duration::from_millis(550), answering).await;

    assert_eq!(spelt(&answer.unwrap()), "retryable: no_token");
}

#[tokio::test]
async fn where_nobody_listens_nothing_has_happened() {
    let paypal = paypal_at(&nowhere().await, &FixedClock::at(NOW));
    let charge = order(ProviderWork::Charge);

    assert_eq!(spelt(&paypal.execute(&charge).await), "retryable: no_token");
    assert_eq!(sighting(&paypal.look_up(&charge, None).await), "no answer");
}

const NOTICE: &str = r#"{"id": "WH-1-2", "event_type": "PAYMENT.CAPTURE.COMPLETED",
    "resource": {"id": "C1", "custom_id": "01936912-0000-7000-8000-000000000007"}}"#;

async fn read(url: &str, signature: &str, body: &str) -> Result<ReadNotice, NoticeRefused> {
    let reader = PaypalNotices::new(options(url), "WH-1".to_owned(), FixedClock::at(NOW)).unwrap();
    let headers = [
        ("paypal-auth-algo", "SHA256withRSA"),
        ("paypal-cert-url", "https://api.paypal.com/cert"),
        ("paypal-transmission-id", "69cd13f0"),
        ("paypal-transmission-sig", signature),
        ("paypal-transmission-time", "2026-11-20T12:00:00Z"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let notice = RawNotice {
        headers: &headers,
        body: body.as_bytes(),
    };
    reader.read(notice).await
}

#[tokio::test]
async fn a_notice_that_paypal_knows_tells_what_it_is_about() {
    let server = PaypalServer::start().await;

    let notice = read(&server.http.url, "good", NOTICE).await.unwrap();

    let key = "01936912-0000-7000-8000-000000000007".parse().unwrap();
    let expected = ReadNotice {
        id: "WH-1-2".to_owned(),
        keys: vec![key],
        references: vec!["C1".to_owned()],
        tells_of_return: false,
    };
    assert_eq!(notice, expected);
}

#[rstest]
#[case::returned("PAYMENT.PAYOUTS-ITEM.RETURNED", true)]
#[case::refunded("PAYMENT.PAYOUTS-ITEM.REFUNDED", true)]
#[case::arrived("PAYMENT.PAYOUTS-ITEM.SUCCEEDED", false)]
#[case::of_a_charge("PAYMENT.CAPTURE.REFUNDED", false)]
#[tokio::test]
async fn a_notice_tells_whether_a_payout_may_be_back(#[case] kind: &str, #[case] is_so: bool) {
    let server = PaypalServer::start().await;
    let body = format!(r#"{{"id": "WH-1", "event_type": "{kind}", "resource": {{}}}}"#);

    let notice = read(&server.http.url, "good", &body).await.unwrap();

    assert_eq!(notice.tells_of_return, is_so);
}

#[rstest]
#[case::of_somebody_else("bad", NOTICE, NoticeRefused::NotAuthentic)]
#[case::without_an_id("good", "{}", NoticeRefused::Unreadable)]
#[case::no_json("good", "hello", NoticeRefused::Unreadable)]
#[case::two_values("good", "{}, \"webhook_id\": 1", NoticeRefused::Unreadable)]
#[tokio::test]
async fn other_notices_are_refused(
    #[case] signature: &str,
    #[case] body: &str,
    #[case] refused: NoticeRefused,
) {
    let server = PaypalServer::start().await;

    assert_eq!(read(&server.http.url, signature, body).await, Err(refused));
}

#[tokio::test]
async fn while_paypal_does_not_answer_nobody_knows_whose_a_notice_is() {
    let broken = HttpServer::start(|_| Answer::Says(500, "{}".to_owned())).await;

    let refused = read(&broken.url, "good", NOTICE).await;

    assert_eq!(refused, Err(NoticeRefused::Unverifiable));
}
