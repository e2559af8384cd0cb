//! What is asked and what it says, and the leases meanwhile.

use async_trait::async_trait;
use domain::payments::{Outcome, ProviderAnswer, ProviderReference};

use super::*;
use crate::{
    payments::Report,
    ports::{InvalidProviderData, MockWorkLeases, Sighting},
};

/// How the breaker of a provider stands after a look-up that heard this.
async fn look_up_hearing(sighting: Sighting) -> BreakerState {
    let mut provider = named();
    provider
        .expect_look_up()
        .returning(move |_, _| sighting.clone());
    let mut worker = worker_with(Vec::new(), provider, None);
    worker.terms.breaker.calls_min = 1;
    let line = Line::new(
        worker.parts.providers.find(&simulator()).unwrap().clone(),
        &worker.terms,
        worker.parts.clock.clone(),
    );
    let line = Arc::new(line);
    let mut seat = line.take_seats(1).pop().unwrap();
    let now: Timestamp = NOW.parse().unwrap();
    let mut errand = errand(now + SignedDuration::from_secs(30));
    errand.question = Question::LookUp(None);

    worker.ask(&errand, &mut seat).await;
    drop(seat);
    line.breaker_state()
}

#[tokio::test]
async fn a_look_up_that_asks_nobody_says_nothing_of_the_provider() {
    let of_silence = look_up_hearing(Sighting::NoAnswer).await;
    let of_no_question = look_up_hearing(Sighting::NotAsked).await;

    assert_eq!(of_silence, BreakerState::Open);
    assert_eq!(of_no_question, BreakerState::Closed);
}

#[tokio::test]
async fn a_provider_that_never_answers_is_waited_for_no_longer_than_the_limit() {
    let mut worker = worker_with(Vec::new(), named(), None);
    worker.terms.call_limit = Duration::from_millis(20);
    let line = Arc::new(Line::new(
        Arc::new(Silent(simulator())),
        &worker.terms,
        worker.parts.clock.clone(),
    ));
    let mut seats = line.take_seats(2);
    let now: Timestamp = NOW.parse().unwrap();
    let to_do = errand(now + SignedDuration::from_secs(30));
    let to_look_up = Errand {
        question: Question::LookUp(None),
        ..to_do.clone()
    };

    let done = worker.ask(&to_do, &mut seats[0]).await;
    let looked_up = worker.ask(&to_look_up, &mut seats[1]).await;

    let unknown = ProviderAnswer::of(Outcome::Unknown, "time_limit");
    assert_eq!(done, Report::Executed(unknown));
    assert_eq!(looked_up, Report::LookedUp(Sighting::NoAnswer));
}

/// Never says anything.
struct Silent(ProviderName);

#[async_trait]
impl PaymentProvider for Silent {
    fn name(&self) -> &ProviderName {
        &self.0
    }

    fn check(&self, _order: &ProviderOrder) -> Result<(), InvalidProviderData> {
        Ok(())
    }

    async fn execute(&self, _order: &ProviderOrder) -> ProviderAnswer {
        std::future::pending().await
    }

    async fn look_up(
        &self,
        _order: &ProviderOrder,
        _reference: Option<ProviderReference>,
    ) -> Sighting {
        std::future::pending().await
    }

    async fn observe(
        &self,
        _order: &ProviderOrder,
        _reference: Option<ProviderReference>,
    ) -> Sighting {
        std::future::pending().await
    }
}

/// What leases were asked for, and by which tokens.
type Heard = Vec<(&'static str, Uuid)>;

/// Gives out everything, and tells which tokens asked for it and let go of it.
fn leasing() -> (Arc<dyn WorkLeases>, Arc<Mutex<Heard>>) {
    let heard = Arc::<Mutex<Heard>>::default();
    let mut leases = MockWorkLeases::new();
    let log = heard.clone();
    leases.expect_take().returning(move |request| {
        log.lock().unwrap().push(("take", request.token));
        Ok(request.work.iter().copied().collect())
    });
    let log = heard.clone();
    leases.expect_extend().returning(move |request| {
        log.lock().unwrap().push(("extend", request.token));
        Ok(request.work.iter().copied().collect())
    });
    let log = heard.clone();
    leases.expect_release().returning(move |_, token| {
        log.lock().unwrap().push(("release", token));
        Ok(())
    });
    (Arc::new(leases), heard)
}

#[tokio::test]
async fn each_time_that_work_is_taken_in_hand_has_a_token_of_its_own() {
    let (leases, heard) = leasing();
    let worker = worker_with(Vec::new(), named(), Some(leases));

    let first = worker.take_in_hand(vec![key(1, None)]).await;
    let again = worker.take_in_hand(vec![key(1, None), key(2, None)]).await;
    worker.extend_leases().await;
    worker.let_go(&[key(1, None).id()]).await;
    let later = worker.take_in_hand(vec![key(1, None)]).await;

    assert_eq!((first, again), (vec![key(1, None)], vec![key(2, None)]));
    assert_eq!(later, [key(1, None)]);
    let heard = heard.lock().unwrap().clone();
    let tokens_of = |word: &str| -> Vec<Uuid> {
        let such = heard.iter().filter(|(it, _)| *it == word);
        such.map(|(_, token)| *token).collect()
    };
    let taken = tokens_of("take");
    assert!(taken[0] != taken[1] && taken[1] != taken[2] && taken[0] != taken[2]);
    let mut extended = tokens_of("extend");
    extended.sort_unstable();
    assert_eq!(extended, taken[..2]);
    assert_eq!(tokens_of("release"), taken[..1]);
}

#[tokio::test]
async fn what_has_not_ended_in_time_is_let_go_of() {
    let (leases, heard) = leasing();
    let mut worker = worker_with(Vec::new(), named(), Some(leases));
    worker.terms.finish_within = Duration::from_millis(20);
    let line = Arc::new(Line::new(
        Arc::new(Silent(simulator())),
        &worker.terms,
        worker.parts.clock.clone(),
    ));
    let worker = Arc::new(worker);
    worker.take_in_hand(vec![key(7, None)]).await;
    let now: Timestamp = NOW.parse().unwrap();
    let errand = errand(now + SignedDuration::from_secs(30));
    let mut under_way = tokio::task::JoinSet::new();
    let seat = line.take_seats(1).pop().unwrap();
    worker.spawn(&mut under_way, errand, seat);

    let extensions = tokio::time::interval(Duration::from_mins(1));
    worker.finish(under_way, extensions).await;

    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.last().unwrap().0, "release");
    assert_eq!(line.busy(), 0);
    assert!(worker.in_hand().is_empty());
}
