//! Addresses that nothing is sent to, however they are found.

use std::{
    collections::VecDeque,
    io,
    net::IpAddr,
    sync::{Arc, Mutex},
};

use adapters_webhooks::{HttpWebhookSender, LookUp};
use async_trait::async_trait;
use domain::webhooks::{AttemptOutcome, Network, Reach, SendFailure};
use rstest::rstest;

use crate::receiver::{Manner, Receiver, home, send};

const REFUSED: AttemptOutcome = AttemptOutcome::Failed(SendFailure::AddressRefused);

/// Gives one answer after the other, and the last one for ever.
struct Answers(Mutex<VecDeque<Vec<IpAddr>>>);

impl Answers {
    fn each(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |answer: &&[&str]| answer.iter().map(|it| it.parse().unwrap()).collect();
        Arc::new(Self(Mutex::new(answers.iter().map(parse).collect())))
    }
}

#[async_trait]
impl LookUp for Answers {
    async fn look_up(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let mut answers = self.0.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.pop_front()
        } else {
            answers.front().cloned()
        };
        answer.ok_or_else(|| io::Error::other("no such name"))
    }
}

fn named(receiver: &Receiver) -> String {
    format!("http://hooks.example:{}/", receiver.address.port())
}

#[rstest]
#[case::private(&["10.0.0.1"])]
#[case::metadata(&["169.254.169.254"])]
#[case::mapped(&["::ffff:192.168.0.1"])]
#[case::unique_local(&["fd00::1"])]
#[case::one_of_several(&["127.0.0.1", "10.0.0.1"])]
#[tokio::test]
async fn a_name_that_leads_inside_is_refused(#[case] leads_to: &[&str]) {
    let receiver = Receiver::start(Manner::status("200 OK")).await;
    let reach = Reach {
        plain_http: true,
        ..home()
    };
    let sender = HttpWebhookSender::looking_up(reach, Answers::each(&[leads_to])).unwrap();

    let report = send(&sender, &named(&receiver)).await;

    assert_eq!(report.outcome, REFUSED);
    assert_eq!(receiver.connections(), 0);
}

/// The name led to an allowed address when the endpoint was made, and when something was sent for the first time.
#[tokio::test]
async fn a_name_that_leads_elsewhere_now_is_refused_now() {
    let receiver = Receiver::start(Manner::Says(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".into(),
    ))
    .await;
    let reach = Reach {
        plain_http: true,
        networks: vec![Network::parse("127.0.0.1").unwrap()],
        ..Reach::default()
    };
    let answers = Answers::each(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let sender = HttpWebhookSender::looking_up(reach, answers).unwrap();

    let first = send(&sender, &named(&receiver)).await;
    let second = send(&sender, &named(&receiver)).await;

    assert_eq!(first.outcome, AttemptOutcome::Answered(200));
    assert_eq!(second.outcome, REFUSED);
    assert_eq!(receiver.connections(), 1);
}

/// The address that was checked is the one that is connected to: the name is not looked up a second time.
#[tokio::test]
async fn a_name_is_looked_up_once_per_connection() {
    let receiver = Receiver::start(Manner::status("200 OK")).await;
    let answers = Answers::each(&[&["127.0.0.1"], &["10.0.0.1"]]);
    let reach = Reach {
        plain_http: true,
        ..home()
    };
    let sender = HttpWebhookSender::looking_up(reach, answers.clone()).unwrap();

    let report = send(&sender, &named(&receiver)).await;

    assert_eq!(report.outcome, AttemptOutcome::Answered(200));
    assert_eq!(answers.0.lock().unwrap().len(), 1);
}

#[rstest]
#[case::address("http://127.0.0.1:{port}/")]
#[case::number("http://2130706433:{port}/")]
#[case::version_6("http://[::ffff:127.0.0.1]:{port}/")]
#[case::name("http://localhost:{port}/")]
#[tokio::test]
async fn what_was_stored_before_the_reach_changed_is_refused(#[case] url: &str) {
    let receiver = Receiver::start(Manner::status("200 OK")).await;
    let reach = Reach {
        plain_http: true,
        ..Reach::default()
    };
    let sender = HttpWebhookSender::new(reach).unwrap();
    let url = url.replace("{port}", &receiver.address.port().to_string());

    let report = send(&sender, &url).await;

    assert_eq!(report.outcome, REFUSED);
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_unreachable() {
    let reach = Reach {
        plain_http: true,
        ..Reach::default()
    };
    let sender = HttpWebhookSender::looking_up(reach, Answers::each(&[])).unwrap();

    let report = send(&sender, "http://hooks.example/").await;

    let expected = AttemptOutcome::Failed(SendFailure::Unreachable);
    assert_eq!(report.outcome, expected);
}
