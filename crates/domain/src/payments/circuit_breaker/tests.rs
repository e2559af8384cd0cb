use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn after(seconds: i64) -> Timestamp {
    NOW + SignedDuration::from_secs(seconds)
}

/// Makes calls that end so, all at this time.
fn call(breaker: &mut CircuitBreaker, verdicts: &[CallVerdict], now: Timestamp) {
    for verdict in verdicts {
        let pass = breaker.admit(now).unwrap();
        breaker.note(pass, *verdict, now);
    }
}

fn opened() -> CircuitBreaker {
    let mut breaker = CircuitBreaker::new(BreakerTerms::default());
    call(&mut breaker, &[CallVerdict::Failed; 10], NOW);
    breaker
}

#[test]
fn six_failures_of_ten_open_it() {
    let mut breaker = CircuitBreaker::new(BreakerTerms::default());
    call(&mut breaker, &[CallVerdict::Failed; 6], NOW);
    call(&mut breaker, &[CallVerdict::Worked; 3], NOW);
    assert_eq!(breaker.state(NOW), BreakerState::Closed);

    call(&mut breaker, &[CallVerdict::Worked], NOW);

    assert_eq!(breaker.state(NOW), BreakerState::Open);
    assert_eq!(breaker.admit(after(29)), None);
}

#[test]
fn five_failures_of_ten_do_not() {
    let mut breaker = CircuitBreaker::new(BreakerTerms::default());

    call(&mut breaker, &[CallVerdict::Failed; 5], NOW);
    call(&mut breaker, &[CallVerdict::Worked; 5], NOW);

    assert_eq!(breaker.state(NOW), BreakerState::Closed);
}

#[test]
fn failures_of_long_ago_do_not_count() {
    let mut breaker = CircuitBreaker::new(BreakerTerms::default());
    call(&mut breaker, &[CallVerdict::Failed; 9], NOW);

    call(&mut breaker, &[CallVerdict::Failed; 9], after(61));

    assert_eq!(breaker.state(after(61)), BreakerState::Closed);
}

#[test]
fn after_its_rest_one_call_probes_and_closes_it() {
    let mut breaker = opened();

    let probe = breaker.admit(after(30)).unwrap();

    assert_eq!(breaker.state(after(30)), BreakerState::HalfOpen);
    assert_eq!(breaker.admit(after(300)), None);
    breaker.note(probe, CallVerdict::Worked, after(31));
    assert_eq!(breaker.state(after(31)), BreakerState::Closed);
    call(&mut breaker, &[CallVerdict::Failed; 9], after(31));
    assert_eq!(breaker.state(after(31)), BreakerState::Closed);
}

#[test]
fn a_probe_that_fails_opens_it_for_as_long_again() {
    let mut breaker = opened();
    let probe = breaker.admit(after(30)).unwrap();

    breaker.note(probe, CallVerdict::Failed, after(40));

    assert_eq!(breaker.admit(after(69)), None);
    assert!(breaker.admit(after(70)).is_some());
}

#[test]
fn a_probe_that_is_given_back_may_be_made_by_another() {
    let mut breaker = opened();
    let probe = breaker.admit(after(30)).unwrap();

    breaker.withdraw(probe, after(30));

    assert!(breaker.admit(after(30)).is_some());
}

#[test]
fn calls_from_before_it_opened_say_nothing_about_the_probe() {
    let mut breaker = CircuitBreaker::new(BreakerTerms::default());
    let (late, later) = (breaker.admit(NOW).unwrap(), breaker.admit(NOW).unwrap());
    call(&mut breaker, &[CallVerdict::Failed; 10], NOW);
    let probe = breaker.admit(after(30)).unwrap();

    breaker.note(late, CallVerdict::Worked, after(31));
    breaker.withdraw(later, after(31));

    assert_eq!(breaker.state(after(31)), BreakerState::HalfOpen);
    assert_eq!(breaker.admit(after(31)), None);
    breaker.note(probe, CallVerdict::Worked, after(32));
    assert_eq!(breaker.state(after(32)), BreakerState::Closed);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Wait(i64),
    Begin,
    End(usize, bool),
    GiveBack(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1_i64..20).prop_map(Step::Wait),
        Just(Step::Begin),
        Just(Step::Begin),
        (0_usize..8, any::<bool>()).prop_map(|(which, fails)| Step::End(which, fails)),
        (0_usize..8).prop_map(Step::GiveBack),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_it_rests_when_open_and_probes_one_at_a_time(
        steps in prop::collection::vec(step(), 1..300),
    ) {
        let mut breaker = CircuitBreaker::new(BreakerTerms::default());
        let (mut seconds, mut under_way, mut opened_at) = (0, Vec::new(), None);
        for step in steps {
            let before = breaker.state(after(seconds));
            match step {
                Step::Wait(more) => seconds += more,
                Step::Begin => {
                    let pass = breaker.admit(after(seconds));
                    prop_assert!(before != BreakerState::Open || pass.is_none());
                    prop_assert!(before != BreakerState::Closed || pass.is_some());
                    under_way.extend(pass);
                }
                Step::End(which, fails) if which < under_way.len() => {
                    let verdict = if fails { CallVerdict::Failed } else { CallVerdict::Worked };
                    breaker.note(under_way.remove(which), verdict, after(seconds));
                }
                Step::GiveBack(which) if which < under_way.len() => {
                    breaker.withdraw(under_way.remove(which), after(seconds));
                }
                Step::End(..) | Step::GiveBack(_) => {}
            }
            let state = breaker.state(after(seconds));
            if state == BreakerState::Open && before != BreakerState::Open {
                opened_at = Some(seconds);
            }
            if before == BreakerState::Open && state != BreakerState::Open {
                prop_assert!(opened_at.is_some_and(|at| seconds - at >= 30));
            }
            let live = under_way.iter().filter(|pass| pass.era == breaker.era).count();
            prop_assert!(state != BreakerState::HalfOpen || live <= 1);
        }
    }
}
