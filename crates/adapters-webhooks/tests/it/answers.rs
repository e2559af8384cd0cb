//! What receivers answer, and what is made of it.

use std::time::Duration;

use adapters_webhooks::HttpWebhookSender;
use domain::webhooks::{AttemptOutcome, SendFailure};
use rstest::rstest;

use crate::receiver::{Manner, Receiver, home, send};

fn sender() -> HttpWebhookSender {
    HttpWebhookSender::new(home()).unwrap()
}

#[tokio::test]
async fn a_webhook_has_the_headers_of_standard_webhooks() {
    let receiver = Receiver::start(Manner::status("200 OK")).await;

    let report = send(&sender(), &receiver.url()).await;

    assert_eq!(report.outcome, AttemptOutcome::Answered(200));
    let heard = receiver.heard();
    let has = |line: &str| heard[0].lines().any(|it| it.starts_with(line));
    assert!(has("POST /hooks HTTP/1.1"), "{heard:?}");
    assert!(has("webhook-id: 00000000-0000-0000-0000-000000000001"));
    assert!(has("webhook-timestamp: 1795176000"), "{heard:?}");
    assert!(has("webhook-signature: v1,"));
    assert!(has("content-type: application/cloudevents+json"));
    assert!(heard[0].ends_with("\r\n\r\n{}"));
}

#[rstest]
#[case("204 No Content", 204)]
#[case("301 Moved Permanently\r\nlocation: http://127.0.0.1:1/", 301)]
#[case("302 Found\r\nlocation: https://example.com/", 302)]
#[case("307 Temporary Redirect\r\nlocation: /elsewhere", 307)]
#[case("410 Gone", 410)]
#[case("503 Service Unavailable\r\nretry-after: 1", 503)]
#[tokio::test]
async fn an_answer_is_told_as_it_is_and_no_redirect_is_followed(
    #[case] line: &str,
    #[case] status: u16,
) {
    let answer = format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n");
    let receiver = Receiver::start(Manner::Says(answer)).await;

    let report = send(&sender(), &receiver.url()).await;

    assert_eq!(report.outcome, AttemptOutcome::Answered(status));
    assert_eq!(receiver.heard().len(), 1);
}

#[tokio::test]
async fn connections_are_used_again() {
    let receiver = Receiver::start(Manner::status("200 OK")).await;
    let sender = sender();

    for _ in 0..5 {
        send(&sender, &receiver.url()).await;
    }

    assert_eq!(receiver.heard().len(), 5);
    assert_eq!(receiver.connections(), 1);
}

/// What was read to its end leaves its connection to the next one.
#[rstest]
#[case::of_four_kibibytes(4 * 1_024, 1)]
#[case::of_a_mebibyte(1_024 * 1_024, 2)]
#[tokio::test]
async fn a_short_answer_is_read_to_its_end_and_a_long_one_is_not(
    #[case] length: usize,
    #[case] connections: usize,
) {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
    let answer = head + &"x".repeat(length);
    let receiver = Receiver::start(Manner::Says(answer)).await;
    let sender = sender();

    for _ in 0..2 {
        let report = send(&sender, &receiver.url()).await;
        assert_eq!(report.outcome, AttemptOutcome::Answered(200));
    }

    assert_eq!(receiver.connections(), connections);
}

#[rstest]
#[case::without_end(Manner::NeverEnds)]
#[case::that_does_not_come(Manner::Stalls)]
#[tokio::test]
async fn a_body_keeps_nobody_waiting(#[case] manner: Manner) {
    let receiver = Receiver::start(manner).await;

    let report = send(&sender(), &receiver.url()).await;

    assert_eq!(report.outcome, AttemptOutcome::Answered(200));
    assert!(report.took < Duration::from_secs(10), "{report:?}");
}

#[rstest]
#[case::silence(Manner::HangsUp, SendFailure::Broken)]
#[case::nonsense(Manner::Says("SSH-2.0-OpenSSH_9.6\r\n\r\n".into()), SendFailure::Broken)]
#[tokio::test]
async fn what_is_no_answer_is_a_failure(#[case] manner: Manner, #[case] failure: SendFailure) {
    let receiver = Receiver::start(manner).await;

    let report = send(&sender(), &receiver.url()).await;

    assert_eq!(report.outcome, AttemptOutcome::Failed(failure));
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_a_failure() {
    let address = Receiver::start(Manner::Hangs).await.address;
    let other = std::net::TcpListener::bind((address.ip(), 0)).unwrap();
    let free = other.local_addr().unwrap();
    drop(other);

    let report = send(&sender(), &format!("http://{free}/")).await;

    let expected = AttemptOutcome::Failed(SendFailure::Unreachable);
    assert_eq!(report.outcome, expected);
}

#[tokio::test]
async fn a_receiver_that_speaks_no_tls_is_a_failure() {
    let receiver = Receiver::start(Manner::Greets).await;

    let report = send(&sender(), &format!("https://{}/", receiver.address)).await;

    let expected = AttemptOutcome::Failed(SendFailure::Unreachable);
    assert_eq!(report.outcome, expected);
}

/// What comes of an attempt, and how long that takes by the clock of the runtime. It runs ahead as soon as there is nothing
/// else to do.
async fn attempt(manner: Manner) -> (AttemptOutcome, Duration) {
    let receiver = Receiver::start(manner).await;
    let (sender, url) = (sender(), receiver.url());
    let sending = tokio::spawn(async move { send(&sender, &url).await });
    while receiver.heard().is_empty() {
        tokio::task::yield_now().await;
    }
    tokio::time::pause();
    let before = tokio::time::Instant::now();
    let report = sending.await.unwrap();
    (report.outcome, before.elapsed())
}

/// What was answered in time is not sent again because its body drags on beyond that.
#[tokio::test]
async fn an_answer_that_comes_just_in_time_counts_however_long_its_body_takes() {
    let late = Manner::StallsLate(Duration::from_millis(14_500));

    let (outcome, waited) = attempt(late).await;

    assert_eq!(outcome, AttemptOutcome::Answered(200));
    assert!(waited > Duration::from_secs(15), "{waited:?}");
}

#[tokio::test]
async fn a_receiver_that_says_nothing_has_fifteen_seconds() {
    let (outcome, waited) = attempt(Manner::Hangs).await;

    let expected = AttemptOutcome::Failed(SendFailure::TimedOut);
    assert_eq!(outcome, expected);
    assert!(
        waited > Duration::from_secs(10) && waited < Duration::from_secs(16),
        "{waited:?}"
    );
}
