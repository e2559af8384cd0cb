//! Any traffic gives what posting one at a time, in the order of the journal, gives.

use std::collections::HashMap;

use futures_util::future::join_all;
use proptest::prelude::*;

use super::*;
use crate::testing::standing;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_posted_is_what_one_at_a_time_would_post(
        opening in prop::collection::vec(0_i64..1_000, 6),
        orders in prop::collection::vec((0_u128..7, 0_u128..7, 1_i64..700), 1..150),
        batch_max in 1_usize..40,
        lanes in 1_usize..4,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let pages = (0..).zip(&opening).map(|(account, minor)| standing(account, *minor));
            let store = MemoryPostingStore::with(pages);
            let limited = EngineSettings { batch_max, lanes, ..settings() };
            let engine = engine_over(&store, limited);

            let asked = orders.iter().enumerate().map(|(n, (from, to, minor))| {
                ask_each(&engine, &format!("k{n}"), transfer(*from, *to, *minor))
            });
            let answers = join_all(asked.collect::<Vec<_>>()).await;

            let posted = answers.into_iter().filter(|it| it.as_ref().unwrap() == "posted").count();
            store.see(|stored| {
                assert_eq!(stored.transfers.len(), posted);
                let mut balances: HashMap<_, _> = (0..).zip(opening.iter().copied()).collect();
                let mut sequences: HashMap<_, _> = HashMap::new();
                for it in &stored.transfers {
                    let minor = it.order.amount.as_minor();
                    for (entry, change) in [(it.posting.source, -minor), (it.posting.destination, minor)] {
                        let account = entry.folio.account_id.as_uuid().as_u128();
                        let balance = balances.get_mut(&account).unwrap();
                        *balance += change;
                        let sequence = sequences.entry(account).or_insert(0);
                        *sequence += 1;
                        assert_eq!((entry.balance_after_minor, entry.sequence), (*balance, *sequence));
                        assert!(*balance >= 0);
                    }
                }
                for page in stored.standings.values() {
                    let account = page.folio.account_id.as_uuid().as_u128();
                    assert_eq!(page.balance_minor, balances[&account]);
                }
                assert_eq!(balances.values().sum::<i64>(), opening.iter().sum::<i64>());
            });
        });
    }
}
