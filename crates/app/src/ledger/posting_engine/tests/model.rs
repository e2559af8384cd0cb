//! Any traffic gives what posting one at a time, in the order of the journal, gives.

use std::collections::HashMap;

use domain::ledger::{OverdraftLimit, Standing};
use futures_util::future::join_all;
use proptest::prelude::*;

use super::*;
use crate::testing::standing;

/// How many transfers an answer says were posted.
fn posted(answer: &str) -> usize {
    let together = answer.strip_prefix("posted ").map(str::parse);
    together.map_or_else(
        || answer.split(',').filter(|word| *word == "posted").count(),
        Result::unwrap,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_posted_is_what_one_at_a_time_would_post(
        opening in prop::collection::vec((0_i64..1_000, prop_oneof![Just(0), 0_i64..500]), 6),
        asks in prop::collection::vec(
            (any::<bool>(), prop::collection::vec((0_u128..7, 0_u128..7, 1_i64..700), 1..4)),
            1..100,
        ),
        batch_max in 1_usize..40,
        lanes in 1_usize..4,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let pages = (0..).zip(&opening).map(|(account, (minor, limit))| Standing {
                overdraft_limit: OverdraftLimit::Minor(*limit),
                ..standing(account, *minor)
            });
            let limits: HashMap<_, _> = (0..).zip(opening.iter().map(|(_, limit)| *limit)).collect();
            let store = MemoryPostingStore::with(pages);
            let limited = EngineSettings { batch_max, lanes, ..settings() };
            let engine = engine_over(&store, limited);

            let asked = asks.iter().enumerate().map(|(n, (is_together, orders))| {
                let requests = orders.iter().map(|(from, to, minor)| transfer(*from, *to, *minor)).collect();
                let ask = if *is_together { Ask::Together(requests) } else { Ask::Each(requests) };
                ask_for(&engine, &format!("k{n}"), ask)
            });
            let answers = join_all(asked.collect::<Vec<_>>()).await;

            let posted: usize = answers.into_iter().map(|it| posted(&it.unwrap())).sum();
            store.see(|stored| {
                assert_eq!(stored.transfers.len(), posted);
                let mut balances: HashMap<_, _> = (0..).zip(opening.iter().map(|(minor, _)| *minor)).collect();
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
                        assert!(*balance >= -limits[&account]);
                    }
                }
                for page in stored.standings.values() {
                    let account = page.folio.account_id.as_uuid().as_u128();
                    assert_eq!(page.balance_minor, balances[&account]);
                }
                assert_eq!(balances.values().sum::<i64>(), opening.iter().map(|(minor, _)| minor).sum::<i64>());
            });
        });
    }
}
