//! Many who look for one name at once.

use futures_util::future::join_all;
use tokio::sync::Semaphore;

use super::*;

/// Answers by name when it is let, and counts how often it was asked.
struct SlowDirectory {
    found: Option<Arc<UserFacts>>,
    gate: Semaphore,
    asked: Semaphore,
}

#[async_trait]
impl UserQueries for SlowDirectory {
    async fn find(&self, _: OrganizationId, _: UserId) -> Found {
        out_of_reach()
    }

    async fn find_by_username(&self, _: OrganizationId, _: &Username) -> Found {
        self.asked.add_permits(1);
        let _passed = self.gate.acquire().await;
        Ok(self.found.clone())
    }
}

/// What many are told who look for the name at once, and how often the storage was asked.
async fn ask_at_once(found: Option<Arc<UserFacts>>) -> (Vec<Found>, usize) {
    let storage = Arc::new(SlowDirectory {
        found,
        gate: Semaphore::new(0),
        asked: Semaphore::new(0),
    });
    let mut users = knowing(CacheAnswer::Hit(ada()));
    users.expect_offer().returning(|_, _| Ok(Offer::Accepted));
    let mut names = names(CacheAnswer::Miss);
    names.expect_offer().returning(|_, _| Ok(Offer::Accepted));
    let caches = UserCaches {
        users: Arc::new(users),
        names: Arc::new(names),
    };
    let queries = CachedUserQueries::new(storage.clone(), caches);
    let name = name();

    let finders = (0..20).map(|_| queries.find_by_username(ORGANIZATION, &name));
    let gate = async {
        storage.asked.acquire().await.unwrap().forget();
        storage.gate.add_permits(100);
    };
    let (told, ()) = tokio::join!(join_all(finders), gate);
    (told, storage.asked.available_permits() + 1)
}

#[tokio::test]
async fn many_who_look_for_one_name_at_once_cost_one_query() {
    let (told, queries) = ask_at_once(Some(ada())).await;

    assert!(told.into_iter().all(|found| found.unwrap() == Some(ada())));
    assert_eq!(queries, 1);
}

/// Since somebody may have been given the name after the first of them asked.
#[tokio::test]
async fn that_nobody_has_a_name_is_believed_only_by_who_asked_first() {
    let (told, queries) = ask_at_once(None).await;

    assert!(told.into_iter().all(|found| found.unwrap().is_none()));
    assert_eq!(queries, 20);
}
