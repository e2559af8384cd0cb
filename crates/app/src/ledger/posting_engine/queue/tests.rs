use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot};

use super::{
    super::{
        job::{PostTransfers, Waiter},
        tests::{key, transfer},
    },
    *,
};
use crate::{ledger::Ask, traces::Span};

/// A job of one transfer between two accounts, that nobody waits for.
pub(super) fn job(name: &str, (source, destination): (u128, u128)) -> Job {
    let (reply, _) = oneshot::channel();
    let place = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
    Job {
        asked: PostTransfers {
            key: key(name, 1),
            ask: Ask::Each(vec![transfer(source, destination, 1)]),
            render: Box::new(|_| Vec::new()),
        },
        waiter: Waiter {
            reply,
            _place: place,
        },
        span: Span::default(),
        followers: Vec::new(),
    }
}

fn queue_of(jobs: &[(&str, (u128, u128))]) -> Queue {
    let mut queue = Queue::default();
    for (name, accounts) in jobs {
        queue.push(job(name, *accounts));
    }
    queue
}

fn names(jobs: &[Job]) -> Vec<&str> {
    jobs.iter()
        .map(|job| job.asked.key.scope.key.as_str())
        .collect()
}

fn accounts(jobs: &[Job]) -> Vec<AccountId> {
    jobs.iter().flat_map(Job::accounts).collect()
}

#[test]
fn jobs_of_the_same_accounts_share_a_batch() {
    let mut queue = queue_of(&[("a", (1, 2)), ("b", (2, 1)), ("c", (3, 4))]);

    let batch = queue.take_batch(10);

    assert_eq!(names(&batch), ["a", "b", "c"]);
    assert!(queue.is_empty());
}

#[test]
fn a_job_whose_accounts_are_in_use_waits_until_they_are_released_and_others_pass() {
    let mut queue = queue_of(&[("a", (1, 2))]);
    let first = queue.take_batch(10);
    queue.push(job("b", (2, 3)));
    queue.push(job("c", (4, 5)));

    let second = queue.take_batch(10);
    let none = queue.take_batch(10);
    queue.release(&accounts(&first));
    let third = queue.take_batch(10);

    assert_eq!(names(&second), ["c"]);
    assert_eq!(names(&none), [""; 0]);
    assert_eq!(names(&third), ["b"]);
}

#[test]
fn a_job_that_waits_makes_later_jobs_of_its_accounts_wait_too() {
    let mut queue = queue_of(&[("a", (1, 2))]);
    let first = queue.take_batch(10);
    queue.push(job("b", (2, 3)));
    queue.push(job("c", (3, 4)));

    let none = queue.take_batch(10);
    queue.push(job("d", (4, 5)));
    let still_none = queue.take_batch(10);
    queue.release(&accounts(&first));
    let all = queue.take_batch(10);

    assert_eq!((none.len(), still_none.len()), (0, 0));
    assert_eq!(names(&all), ["b", "c", "d"]);
}

#[test]
fn what_has_no_room_stays_first() {
    let mut queue = queue_of(&[("a", (1, 2)), ("b", (3, 4)), ("c", (5, 6))]);

    let batches = [(); 3].map(|()| queue.take_batch(1));

    assert_eq!(
        batches.each_ref().map(|it| names(it)),
        [["a"], ["b"], ["c"]]
    );
}

#[test]
fn each_job_is_looked_at_once_for_each_batch_that_ends() {
    let mut queue = queue_of(&[("a", (1, 2))]);
    let first = queue.take_batch(10);

    for _ in 0..100 {
        queue.push(job("b", (1, 3)));
        let none = queue.take_batch(10);
        assert!(none.is_empty() && queue.rest.is_empty());
    }

    assert_eq!(queue.len(), 100);
    queue.release(&accounts(&first));
    assert_eq!(queue.take_batch(1_000).len(), 100);
}

#[test]
fn however_many_wait_for_an_account_others_pass_and_nobody_looks_at_them_again() {
    let mut queue = queue_of(&[("a", (1, 2))]);
    let first = queue.take_batch(10);
    for _ in 0..2_500 {
        queue.push(job("b", (1, 3)));
    }
    queue.push(job("behind b", (3, 4)));
    queue.push(job("c", (8, 9)));

    let others = queue.take_batch(10);
    queue.release(&accounts(&others));
    let (looked_at_again, none) = (queue.rest.len(), queue.take_batch(10));
    queue.release(&accounts(&first));
    let all = queue.take_batch(10_000);

    assert_eq!(names(&others), ["c"]);
    assert_eq!((looked_at_again, none.len()), (0, 0));
    assert_eq!(all.len(), 2_501);
    assert_eq!(names(&all)[2_500], "behind b");
}

pub(super) fn account(number: u128) -> AccountId {
    accounts(&[job("x", (number, 99))])[0]
}

#[test]
fn whoever_wants_a_suspected_account_is_set_aside_and_the_others_go_on() {
    let mut queue = queue_of(&[("a", (1, 2)), ("b", (3, 4))]);

    queue.suspect([account(1)]);
    queue.push(job("c", (5, 1)));
    queue.push(job("d", (5, 6)));
    let others = queue.take_batch(10);
    let aside = queue.take_aside(10);
    let none = queue.take_aside(10);

    assert_eq!(names(&others), ["b", "d"]);
    assert_eq!(names(&aside), ["a"], "account 5 is in use");
    assert!(none.is_empty());
    queue.release(&accounts(&others));
    queue.release(&accounts(&aside));
    assert_eq!(names(&queue.take_aside(10)), ["c"]);
    assert!(queue.is_empty());
}

#[test]
fn whoever_waits_behind_a_job_in_use_is_set_aside_too() {
    let mut queue = queue_of(&[("a", (1, 2))]);
    let first = queue.take_batch(10);
    queue.push(job("b", (2, 3)));
    assert!(queue.take_batch(10).is_empty());

    queue.suspect([account(2)]);
    queue.release(&accounts(&first));

    assert!(queue.take_batch(10).is_empty());
    assert_eq!(names(&queue.take_aside(10)), ["b"]);
}

#[test]
fn who_is_trusted_again_comes_before_those_who_came_later() {
    let mut queue = queue_of(&[("a", (1, 2)), ("b", (3, 4)), ("c", (6, 3))]);
    queue.suspect([account(1), account(3)]);
    queue.push(job("d", (2, 5)));

    queue.trust(&[account(1)]);

    assert_eq!(names(&queue.take_batch(10)), ["a", "d"]);
    assert_eq!(names(&queue.take_aside(10)), ["b", "c"]);
}

#[test]
fn what_is_set_aside_is_taken_in_batches_too() {
    let mut queue = Queue::default();
    queue.suspect([account(1)]);
    for name in ["a", "b", "c"] {
        queue.push(job(name, (1, 2)));
    }

    let first = queue.take_aside(2);

    assert_eq!(names(&first), ["a", "b"]);
    queue.release(&accounts(&first));
    assert_eq!(names(&queue.take_aside(2)), ["c"]);
}
