//! The contract of [`WorkLeases`].

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use uuid::Uuid;

use crate::ports::{LeaseRequest, WorkLeases};

const REACHABLE: &str = "leases can be taken";
const PATIENCE: Duration = Duration::from_secs(10);
const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_secs(1);
/// By how much a lease may outlast its time.
const SLACK: Duration = Duration::from_secs(2);

/// Two workers who see each other's leases.
struct Pair<'a> {
    one: &'a dyn WorkLeases,
    other: &'a dyn WorkLeases,
}

/// Panics with what an adapter does not do. `one` and `other` MUST be those of two workers of one deployment; `new_id` MUST
/// never make the same id again.
pub async fn hold_work_leases_to_their_contract(
    one: &dyn WorkLeases,
    other: &dyn WorkLeases,
    mut new_id: impl FnMut() -> Uuid,
) {
    let pair = Pair { one, other };
    pair.gives_each_piece_to_one_only(&mut new_id).await;
    pair.gives_nothing_twice_to_the_same(&mut new_id).await;
    pair.lets_the_next_have_what_is_released(&mut new_id).await;
    pair.keeps_what_others_hold_from_being_released(&mut new_id)
        .await;
    pair.gives_each_piece_to_one_of_many_at_once(&mut new_id)
        .await;
    pair.frees_what_was_not_extended(&mut new_id).await;
    pair.keeps_what_is_extended(&mut new_id).await;
    pair.does_not_give_back_what_was_lost(&mut new_id).await;
    pair.deals_with_nothing_at_all(&mut new_id).await;
}

const fn request(work: &[Uuid], token: Uuid, lasts: Duration) -> LeaseRequest<'_> {
    LeaseRequest { work, token, lasts }
}

async fn take(leases: &dyn WorkLeases, work: &[Uuid], token: Uuid) -> HashSet<Uuid> {
    leases
        .take(request(work, token, LONG))
        .await
        .expect(REACHABLE)
}

fn set(ids: &[Uuid]) -> HashSet<Uuid> {
    ids.iter().copied().collect()
}

impl Pair<'_> {
    async fn gives_each_piece_to_one_only(&self, new_id: &mut impl FnMut() -> Uuid) {
        let (a, b, c, token, stranger) = (new_id(), new_id(), new_id(), new_id(), new_id());

        let first = take(self.one, &[a, b], token).await;
        let second = take(self.other, &[b, c], stranger).await;
        let third = take(self.one, &[a, c], stranger).await;

        assert_eq!(first, set(&[a, b]));
        assert_eq!(second, set(&[c]));
        assert_eq!(third, set(&[]));
        self.one.release(&[a, b], token).await.expect(REACHABLE);
        self.other.release(&[c], stranger).await.expect(REACHABLE);
    }

    async fn gives_nothing_twice_to_the_same(&self, new_id: &mut impl FnMut() -> Uuid) {
        let (work, token) = (new_id(), new_id());
        take(self.one, &[work], token).await;

        let again = take(self.one, &[work], token).await;

        assert_eq!(again, set(&[]));
        self.one.release(&[work], token).await.expect(REACHABLE);
    }

    async fn lets_the_next_have_what_is_released(&self, new_id: &mut impl FnMut() -> Uuid) {
        let (work, token, next) = (new_id(), new_id(), new_id());
        take(self.one, &[work], token).await;

        self.one.release(&[work], token).await.expect(REACHABLE);

        assert_eq!(take(self.other, &[work], next).await, set(&[work]));
        self.other.release(&[work], next).await.expect(REACHABLE);
    }

    async fn keeps_what_others_hold_from_being_released(&self, new_id: &mut impl FnMut() -> Uuid) {
        let (work, holder, stranger) = (new_id(), new_id(), new_id());
        take(self.one, &[work], holder).await;

        self.one.release(&[work], stranger).await.expect(REACHABLE);
        self.other
            .release(&[work], stranger)
            .await
            .expect(REACHABLE);

        assert_eq!(take(self.other, &[work], stranger).await, set(&[]));
        self.one.release(&[work], holder).await.expect(REACHABLE);
    }

    async fn gives_each_piece_to_one_of_many_at_once(&self, new_id: &mut impl FnMut() -> Uuid) {
        let work: Vec<_> = (0..50).map(|_| new_id()).collect();
        let tokens: Vec<_> = (0..20).map(|_| new_id()).collect();

        let taking = tokens.iter().enumerate().map(|(number, token)| {
            let leases = if number % 2 == 0 {
                self.one
            } else {
                self.other
            };
            take(leases, &work, *token)
        });
        let taken = join_all(taking).await;

        let given: Vec<_> = taken.iter().flatten().copied().collect();
        assert_eq!(given.len(), work.len());
        assert_eq!(set(&given), set(&work));
        for (number, token) in tokens.iter().enumerate() {
            let leases = if number % 2 == 0 {
                self.one
            } else {
                self.other
            };
            leases.release(&work, *token).await.expect(REACHABLE);
        }
    }

    async fn frees_what_was_not_extended(&self, new_id: &mut impl FnMut() -> Uuid) {
        let (work, token, next) = (new_id(), new_id(), new_id());
        let short = request(std::slice::from_ref(&work), token, SHORT);
        let taken_at = Instant::now();
        assert_eq!(self.one.take(short).await.expect(REACHABLE), set(&[work]));

        wait_until_free(self.other, work, next).await;

        let held = taken_at.elapsed();
        assert!(held > SHORT / 2, "free after {held:?}");
        assert!(held < SHORT + SLACK, "only free after {held:?}");
        self.other.release(&[work], next).await.expect(REACHABLE);
    }

    async fn keeps_what_is_extended(&self, new_id: &mut impl FnMut() -> Uuid) {
        let (work, token, stranger) = (new_id(), new_id(), new_id());
        let short = request(std::slice::from_ref(&work), token, SHORT);
        self.one.take(short).await.expect(REACHABLE);

        let started = Instant::now();
        while started.elapsed() < SHORT * 2 {
            assert_eq!(self.one.extend(short).await.expect(REACHABLE), set(&[work]));
            assert_eq!(take(self.other, &[work], stranger).await, set(&[]));
            tokio::time::sleep(SHORT / 10).await;
        }

        self.one.release(&[work], token).await.expect(REACHABLE);
    }

    async fn does_not_give_back_what_was_lost(&self, new_id: &mut impl FnMut() -> Uuid) {
        let (work, token, next) = (new_id(), new_id(), new_id());
        let short = request(std::slice::from_ref(&work), token, SHORT);
        self.one.take(short).await.expect(REACHABLE);
        wait_until_free(self.other, work, next).await;

        let extended = self.one.extend(short).await.expect(REACHABLE);

        assert_eq!(extended, set(&[]));
        self.one.release(&[work], token).await.expect(REACHABLE);
        assert_eq!(take(self.one, &[work], token).await, set(&[]));
        self.other.release(&[work], next).await.expect(REACHABLE);
    }

    async fn deals_with_nothing_at_all(&self, new_id: &mut impl FnMut() -> Uuid) {
        let token = new_id();

        assert_eq!(take(self.one, &[], token).await, set(&[]));
        let nothing = request(&[], token, LONG);
        assert_eq!(self.one.extend(nothing).await.expect(REACHABLE), set(&[]));
        self.one.release(&[], token).await.expect(REACHABLE);
    }
}

async fn wait_until_free(leases: &dyn WorkLeases, work: Uuid, next: Uuid) {
    let started = Instant::now();
    while take(leases, &[work], next).await.is_empty() {
        assert!(started.elapsed() < PATIENCE, "never free");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
