//! When listeners hear of what.

use super::*;

#[tokio::test]
async fn every_listener_hears_of_what_is_to_be_changed_before_it_is_committed() {
    let transactor = committing().shared();
    let mut listener = MockCommitListener::new();
    let commits = transactor.clone();
    listener.expect_committing().once().returning(move |ahead| {
        assert_eq!((ahead, commits.tally().1), (&touched()[..], 0));
    });
    let commits = transactor.clone();
    listener.expect_committed().once().returning(move |_| {
        assert_eq!(commits.tally().1, 1);
    });
    let listener: Arc<dyn CommitListener> = Arc::new(listener);
    let bus = CommandBus::new(transactor.clone(), [hearing_once(), listener]);

    let done = bus
        .execute(Arc::new(Doing(|n| async move { Ok(n) })), 1)
        .await;

    assert!(done.is_ok());
}
