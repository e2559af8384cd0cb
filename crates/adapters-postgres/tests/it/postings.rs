//! The posting engine over the real thing: races, and what goes wrong under load.

mod contract;
mod faults;
mod payments;
mod races;
mod rolled_back;
mod taken;

use futures_util::future::join_all;
use tokio::task::JoinHandle;

/// What became of all of them.
async fn all(asked: Vec<JoinHandle<String>>) -> Vec<String> {
    let ended = join_all(asked).await;
    ended.into_iter().map(Result::unwrap).collect()
}

fn count(told: &[String], word: &str) -> usize {
    told.iter().filter(|it| *it == word).count()
}
