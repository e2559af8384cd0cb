//! Streams of keys that are revoked.

use std::{sync::atomic::AtomicBool, time::Duration};

use app::platform::{AuthenticatedKey, AuthenticationError, Authenticator};
use async_trait::async_trait;

use super::*;

/// 02-api, Authentication.
const EVERYWHERE_WITHIN: Duration = Duration::from_secs(5);

/// Knows a key when it is asked for the first time, and not any more.
struct KnownOnce {
    known: Arc<dyn Authenticator>,
    was_asked: AtomicBool,
}

#[async_trait]
impl Authenticator for KnownOnce {
    async fn authenticate(&self, secret: &str) -> Result<AuthenticatedKey, AuthenticationError> {
        if self.was_asked.swap(true, Ordering::SeqCst) {
            return Err(AuthenticationError::Unknown);
        }
        self.known.authenticate(secret).await
    }
}

/// Over a log in which something happens whenever it is asked, or never, for a key that counts until it is let in.
fn for_a_revoked_key(is_busy: bool) -> Bench {
    let mut log = MockEventLog::new();
    log.expect_list_events().returning(move |_, _, after, _| {
        let next = after.as_i64() + 1;
        let events = is_busy.then(|| logged_event(next, 1, next));
        Ok(page(events.into_iter().collect(), next, false))
    });
    log.expect_end().returning(|| Ok(EventPosition::new(40)));
    let authenticator = KnownOnce {
        known: knowing(&["events:read"]),
        was_asked: AtomicBool::new(false),
    };
    Bench::new().with(|parts| {
        parts.events.log = Arc::new(log);
        parts.authenticator = Arc::new(authenticator);
    })
}

#[rstest]
#[case::in_silence(false)]
#[case::in_full_flow(true)]
#[actix_web::test]
async fn a_stream_ends_when_its_key_is_revoked(#[case] is_busy: bool) {
    let bench = for_a_revoked_key(is_busy);

    let got = tokio::time::timeout(EVERYWHERE_WITHIN, bench.send(get("/stream"))).await;

    let got = got.expect("the end of the stream");
    assert_eq!(got.status, 200);
    assert_eq!(text(&got).contains("data: "), is_busy);
}
