//! The store of the posting engine, held to the same contract as the one in memory.

use app::testing::contracts::hold_posting_store_to_its_contract;

use crate::support::{Ledger, store_of};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_does_what_a_store_of_postings_has_to() {
    let ledger = Ledger::with(&[1_000, 0, 0]).await;

    hold_posting_store_to_its_contract(&store_of(&ledger.world)).await;

    ledger.is_consistent().await;
}
