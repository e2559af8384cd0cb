use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::bail;

use super::*;

/// Plays back outcomes, and ends the work when there are no more of them.
struct Scripted {
    outcomes: Mutex<VecDeque<Result<bool, &'static str>>>,
    batches: Arc<AtomicUsize>,
    end: CancellationToken,
}

#[async_trait]
impl Chore for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn interval(&self) -> Duration {
        Duration::from_millis(1)
    }

    async fn batch(&self) -> anyhow::Result<bool> {
        self.batches.fetch_add(1, Ordering::SeqCst);
        let mut outcomes = self.outcomes.lock().unwrap();
        let next = outcomes.pop_front();
        if outcomes.is_empty() {
            self.end.cancel();
        }
        match next {
            Some(Ok(has_more)) => Ok(has_more),
            Some(Err(why)) => bail!(why),
            None => Ok(false),
        }
    }
}

async fn batches_run(script: impl IntoIterator<Item = Result<bool, &'static str>>) -> usize {
    let (batches, end) = (Arc::<AtomicUsize>::default(), CancellationToken::new());
    let chore = Scripted {
        outcomes: Mutex::new(script.into_iter().collect()),
        batches: batches.clone(),
        end: end.clone(),
    };
    repeat(Box::new(chore), end).await;
    batches.load(Ordering::SeqCst)
}

#[tokio::test]
async fn a_chore_goes_on_until_there_is_no_more_and_comes_again() {
    let script = [Ok(true), Ok(true), Ok(false), Ok(true), Ok(false)];

    assert_eq!(batches_run(script).await, 5);
}

#[tokio::test]
async fn a_chore_that_fails_is_tried_again_the_next_time() {
    assert_eq!(batches_run([Err("no database"), Ok(false)]).await, 2);
}

#[tokio::test]
async fn a_chore_ends_after_its_batch_even_if_there_is_more() {
    assert_eq!(batches_run([Ok(true)]).await, 1);
}
