use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use app::{
    events::{EventBell, EventPosition, LoggedEvent},
    platform::{AuthenticatedKey, AuthenticationError, Authenticator},
    ports::{EventPage, MockEventLog, StorageError},
    testing::{knowing, logged_event},
};
use async_trait::async_trait;
use rstest::rstest;
use tonic::{Code, Streaming, transport::Channel};

use crate::{
    proto::v1::{SubscribeRequest, SubscribeResponse, event_service_client::EventServiceClient},
    testing::{Bench, Served, known, told, with},
};

/// A log with events at places 1 to 3, of which the last one happens when somebody follows it.
fn log() -> MockEventLog {
    log_of(3, 2)
}

/// A log with events at the places from 1 on, as many as told, and the end that it tells.
fn log_of(count: i64, end: i64) -> MockEventLog {
    let events: Vec<_> = (1..=count)
        .map(|place| logged_event(place, 1, place))
        .collect();
    let mut log = MockEventLog::new();
    log.expect_end()
        .returning(move || Ok(EventPosition::new(end)));
    log.expect_list_events()
        .returning(move |_, _, after, _| Ok(page(&events, after)));
    log
}

/// One event at a time.
fn page(events: &[LoggedEvent], after: EventPosition) -> EventPage {
    let found = events.iter().find(|it| it.position > after).cloned();
    EventPage {
        end: found.as_ref().map_or(after, |it| it.position),
        has_more: found.is_some(),
        events: found.into_iter().collect(),
    }
}

fn serving(log: MockEventLog) -> Served {
    Bench::new()
        .with(|parts| parts.events.log = Arc::new(log))
        .serve()
}

async fn subscribe(served: &Served, request: SubscribeRequest) -> Streaming<SubscribeResponse> {
    let mut client = EventServiceClient::<Channel>::new(served.channel.clone());
    let answer = client.subscribe(known(request)).await.unwrap();
    answer.into_inner()
}

/// What is told next, be it only the place.
async fn told_next(stream: &mut Streaming<SubscribeResponse>) -> SubscribeResponse {
    stream.message().await.unwrap().unwrap()
}

/// The next event.
async fn next(stream: &mut Streaming<SubscribeResponse>) -> SubscribeResponse {
    loop {
        let told = told_next(stream).await;
        if told.event.is_some() {
            return told;
        }
    }
}

fn sequence(told: &SubscribeResponse) -> i64 {
    told.event.as_ref().unwrap().sequence
}

#[rstest]
#[case::from_what_happens_next(SubscribeRequest::default(), &[3])]
#[case::from_the_beginning(SubscribeRequest { from_beginning: true, ..Default::default() }, &[1, 2, 3])]
#[tokio::test]
async fn a_subscriber_gets_events_in_order(
    #[case] request: SubscribeRequest,
    #[case] expected: &[i64],
) {
    let served = serving(log());

    let mut stream = subscribe(&served, request).await;

    for wanted in expected {
        assert_eq!(sequence(&next(&mut stream).await), *wanted);
    }
}

#[tokio::test]
async fn a_subscriber_goes_on_where_it_was_but_not_with_other_filters() {
    let served = serving(log());
    let from_beginning = SubscribeRequest {
        from_beginning: true,
        ..SubscribeRequest::default()
    };
    let first = next(&mut subscribe(&served, from_beginning).await).await;
    let resumed = SubscribeRequest {
        cursor: Some(first.cursor.clone()),
        ..SubscribeRequest::default()
    };
    let other = SubscribeRequest {
        r#type: vec!["invoice.*".to_owned()],
        ..resumed.clone()
    };

    let second = next(&mut subscribe(&served, resumed).await).await;
    let mut client = EventServiceClient::new(served.channel.clone());
    let refused = client.subscribe(known(other)).await.unwrap_err();

    assert_eq!((sequence(&first), sequence(&second)), (1, 2));
    let expected = (Code::InvalidArgument, "CURSOR_MISMATCH".to_owned());
    assert_eq!(told(&refused), expected);
}

#[tokio::test]
async fn a_subscriber_who_is_cut_off_before_the_first_event_goes_on_where_it_began() {
    let served = serving(log());
    let began = told_next(&mut subscribe(&served, SubscribeRequest::default()).await).await;

    let resumed = SubscribeRequest {
        cursor: Some(began.cursor.clone()),
        ..SubscribeRequest::default()
    };
    let served = serving(log_of(5, 5));
    let mut stream = subscribe(&served, resumed).await;

    assert_eq!(began.event, None);
    assert_eq!(sequence(&next(&mut stream).await), 3);
}

#[tokio::test]
async fn a_subscriber_who_waits_is_woken() {
    let bell = EventBell::default();
    let (store, events) = std::sync::mpsc::channel();
    let events = std::sync::Mutex::new((events, Vec::new()));
    let mut log = MockEventLog::new();
    log.expect_end().returning(|| Ok(EventPosition::START));
    log.expect_list_events().returning(move |_, _, after, _| {
        let mut events = events.lock().unwrap();
        let new: Vec<LoggedEvent> = events.0.try_iter().collect();
        events.1.extend(new);
        Ok(page(&events.1, after))
    });
    let served = Bench::new()
        .with(|parts| {
            parts.events.log = Arc::new(log);
            parts.events.bell = bell.clone();
        })
        .serve();
    let mut stream = subscribe(&served, SubscribeRequest::default()).await;

    store.send(logged_event(1, 1, 1)).unwrap();
    bell.ring();

    assert_eq!(sequence(&next(&mut stream).await), 1);
}

#[tokio::test]
async fn a_log_that_cannot_be_read_ends_the_stream_with_when_to_come_back() {
    let mut log = MockEventLog::new();
    log.expect_end().returning(|| Ok(EventPosition::START));
    log.expect_list_events()
        .returning(|_, _, _, _| Err(StorageError::Unavailable("lost".into())));
    let served = serving(log);

    let mut stream = subscribe(&served, SubscribeRequest::default()).await;
    told_next(&mut stream).await;

    let status = stream.message().await.unwrap_err();
    let expected = (Code::Unavailable, "UNAVAILABLE".to_owned());
    assert_eq!(told(&status), expected);
}

#[tokio::test]
async fn a_stream_lasts_longer_than_a_call_may_take() {
    let mut quiet = MockEventLog::new();
    quiet.expect_end().returning(|| Ok(EventPosition::START));
    quiet
        .expect_list_events()
        .returning(|_, _, after, _| Ok(page(&[], after)));
    let served = Bench::new()
        .with(|parts| {
            parts.events.log = Arc::new(quiet);
            parts.settings.call_max = Duration::from_millis(50);
        })
        .serve();

    let mut stream = subscribe(&served, SubscribeRequest::default()).await;
    told_next(&mut stream).await;

    let more = tokio::time::timeout(Duration::from_millis(200), stream.message()).await;
    assert!(more.is_err(), "nothing happens, and the stream goes on");
}

/// Knows every secret, until it is told that the key was revoked.
#[derive(Default)]
struct Revocable {
    is_revoked: AtomicBool,
}

#[async_trait]
impl Authenticator for Revocable {
    async fn authenticate(&self, secret: &str) -> Result<AuthenticatedKey, AuthenticationError> {
        if self.is_revoked.load(Ordering::SeqCst) {
            return Err(AuthenticationError::Unknown);
        }
        knowing(&["*"]).authenticate(secret).await
    }
}

#[tokio::test]
async fn a_stream_ends_within_seconds_of_the_revocation_of_its_key() {
    let keys = Arc::new(Revocable::default());
    let mut quiet = MockEventLog::new();
    quiet.expect_end().returning(|| Ok(EventPosition::START));
    quiet
        .expect_list_events()
        .returning(|_, _, after, _| Ok(page(&[], after)));
    let served = Bench::new()
        .with(|parts| {
            parts.events.log = Arc::new(quiet);
            parts.authenticator = keys.clone();
        })
        .serve();
    let mut stream = subscribe(&served, SubscribeRequest::default()).await;
    told_next(&mut stream).await;

    keys.is_revoked.store(true, Ordering::SeqCst);
    let ended = tokio::time::timeout(Duration::from_secs(5), stream.message()).await;

    let status = ended.expect("the stream ends").unwrap_err();
    let expected = (Code::Unauthenticated, "UNAUTHENTICATED".to_owned());
    assert_eq!(told(&status), expected);
}

#[tokio::test]
async fn events_need_their_scope() {
    let served = Bench::new()
        .with(|parts| parts.authenticator = knowing(&["invoices:read"]))
        .serve();
    let request = with(known(SubscribeRequest::default()), "x-request-id", "r-1");

    let refused = EventServiceClient::new(served.channel.clone())
        .subscribe(request)
        .await
        .unwrap_err();

    let expected = (Code::PermissionDenied, "INSUFFICIENT_SCOPE".to_owned());
    assert_eq!(told(&refused), expected);
}
