use std::sync::atomic::AtomicU32;

use futures_util::future::join_all;
use rstest::rstest;

use super::*;

/// Answers, or does not, and counts how often it is asked.
struct Fake {
    answers: bool,
    asked: AtomicU32,
}

impl Fake {
    fn that_answers(answers: bool) -> Arc<Self> {
        Arc::new(Self {
            answers,
            asked: AtomicU32::new(0),
        })
    }
}

#[async_trait]
impl Neighbour for Fake {
    async fn ping(&self) -> Option<Duration> {
        tokio::task::yield_now().await;
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.answers.then_some(Duration::from_micros(1_500))
    }
}

/// Knows how far events are behind.
struct Behind(Option<Duration>);

#[async_trait]
impl EventLag for Behind {
    async fn lag(&self) -> Option<Duration> {
        self.0
    }
}

fn ready(postgres: Arc<Fake>, redis: Option<Arc<dyn Neighbour>>) -> Health {
    let health = Health::new(postgres, redis, Arc::new(Behind(None)));
    health.readiness().open();
    health
}

#[rstest]
#[case::all_is_well(true, Some(true), HealthStatus::Healthy, true)]
#[case::without_redis(true, None, HealthStatus::Healthy, true)]
#[case::redis_is_down(true, Some(false), HealthStatus::Degraded, true)]
#[case::postgres_is_down(false, Some(true), HealthStatus::Unhealthy, false)]
#[tokio::test]
async fn health_follows_from_the_neighbours(
    #[case] postgres: bool,
    #[case] redis: Option<bool>,
    #[case] status: HealthStatus,
    #[case] is_ready: bool,
) {
    let redis = redis.map(|answers| -> Arc<dyn Neighbour> { Fake::that_answers(answers) });
    let health = ready(Fake::that_answers(postgres), redis.clone());

    let report = health.report().await;

    assert_eq!(report.status, status);
    assert_eq!(health.is_ready().await, is_ready);
    assert_eq!(
        report.checks.neighbours.contains_key("redis"),
        redis.is_some()
    );
    let latency_ms = report.checks.neighbours["postgres"].latency_ms;
    assert_eq!(latency_ms, postgres.then_some(1.5));
}

#[rstest]
#[case::known(Some(Duration::from_millis(1_500)), Some(1.5))]
#[case::unknown(None, None)]
#[tokio::test]
async fn the_report_tells_how_far_events_are_behind(
    #[case] lag: Option<Duration>,
    #[case] told: Option<f64>,
) {
    let postgres = Fake::that_answers(true);
    let health = Health::new(postgres, None, Arc::new(Behind(lag)));

    let report = health.report().await;

    assert_eq!(report.checks.outbox_lag_seconds, told);
    assert_eq!(report.status, HealthStatus::Healthy);
}

#[tokio::test]
async fn many_probes_at_once_cost_one_look() {
    let postgres = Fake::that_answers(true);
    let health = ready(postgres.clone(), None);

    let reports = join_all((0..50).map(|_| health.report())).await;

    assert!(
        reports
            .iter()
            .all(|report| report.status == HealthStatus::Healthy)
    );
    assert_eq!(postgres.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_that_is_about_to_stop_is_healthy_but_not_ready() {
    let health = ready(Fake::that_answers(true), None);

    health.readiness().close();

    assert!(!health.is_ready().await);
    assert_eq!(health.report().await.status, HealthStatus::Healthy);
}

struct Seen(BrokerCondition);

#[async_trait]
impl BrokerWatch for Seen {
    async fn look(&self) -> BrokerCondition {
        self.0.clone()
    }
}

#[rstest]
#[case::well(
    BrokerCondition::Well(Duration::from_millis(2)),
    HealthStatus::Healthy,
    true
)]
#[case::away(BrokerCondition::Away, HealthStatus::Degraded, true)]
#[case::unsuitable(BrokerCondition::Unsuitable("it forgets".to_owned()), HealthStatus::Unhealthy, false)]
#[tokio::test]
async fn a_broker_that_is_away_is_waited_for_and_one_that_forgets_is_not_used(
    #[case] condition: BrokerCondition,
    #[case] status: HealthStatus,
    #[case] is_ready: bool,
) {
    let health = ready(Fake::that_answers(true), None);
    let health = health.with_broker(Some(Arc::new(Seen(condition))));

    let report = health.report().await;

    assert_eq!(report.status, status);
    assert_eq!(report.checks.neighbours["broker"].status, status);
    assert_eq!(health.is_ready().await, is_ready);
}

/// Takes as long as one may.
struct Slow(AtomicU32);

#[async_trait]
impl Neighbour for Slow {
    async fn ping(&self) -> Option<Duration> {
        self.0.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(1_999)).await;
        Some(ANSWER_MAX)
    }
}

#[tokio::test(start_paused = true)]
async fn many_probes_at_once_cost_one_look_also_when_it_takes_longer_than_it_is_kept() {
    let slow = || Arc::new(Slow(AtomicU32::new(0)));
    let (reported, probed) = (slow(), slow());
    let reporting = Health::new(reported.clone(), None, Arc::new(Behind(None)));
    let probing = Health::new(probed.clone(), None, Arc::new(Behind(None)));
    probing.readiness().open();

    let reports = join_all((0..50).map(|_| reporting.report())).await;
    let ready = join_all((0..50).map(|_| probing.is_ready())).await;

    assert!(reports.iter().all(|it| it.status == HealthStatus::Healthy));
    assert_eq!(ready, [true; 50]);
    let asked = [&reported, &probed].map(|it| it.0.load(Ordering::SeqCst));
    assert_eq!(asked, [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn who_asks_whether_requests_may_come_believes_the_report_that_was_just_made() {
    let slow = Arc::new(Slow(AtomicU32::new(0)));
    let health = Health::new(slow.clone(), None, Arc::new(Behind(None)));
    health.readiness().open();

    health.report().await;

    assert!(health.is_ready().await);
    assert_eq!(slow.0.load(Ordering::SeqCst), 1);
}

/// Answers its first look at once, and no other.
struct Hanging(AtomicU32);

#[async_trait]
impl BrokerWatch for Hanging {
    async fn look(&self) -> BrokerCondition {
        if self.0.fetch_add(1, Ordering::SeqCst) > 0 {
            std::future::pending::<()>().await;
        }
        BrokerCondition::Away
    }
}

#[async_trait]
impl Neighbour for Hanging {
    async fn ping(&self) -> Option<Duration> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn neither_redis_nor_the_broker_is_waited_for_by_who_asks_whether_requests_may_come() {
    let hanging = || Arc::new(Hanging(AtomicU32::new(0)));
    let broker = hanging();
    let health = ready(Fake::that_answers(true), Some(hanging()));
    let health = health.with_broker(Some(broker.clone()));
    assert!(health.is_ready().await);

    let mut took = Vec::new();
    for _ in 0..5 {
        tokio::time::advance(KEPT).await;
        let begun = Instant::now();
        assert!(health.is_ready().await);
        took.push(begun.elapsed());
    }

    assert_eq!(took, [Duration::ZERO; 5]);
    assert!(broker.0.load(Ordering::SeqCst) > 1, "nobody looks again");
}
