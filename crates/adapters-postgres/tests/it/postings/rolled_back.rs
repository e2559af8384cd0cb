//! Pages that are not what they were although they are at the same version, as on a standby that never got the last commits.

use rstest::rstest;

use super::{all, count};
use crate::support::{Ledger, account, transfer};

impl Ledger {
    async fn alter(&self, number: u128, change: &str) {
        let id = account(number);
        let sql = format!("UPDATE account_standings SET {change} WHERE account_id = '{id}'");
        self.admin.run(&sql).await;
    }
}

/// Account 1 has 100 and account 2 nothing; both are known to the engine as they were.
#[rstest]
#[case::spent("balance_minor = 0", 1, "insufficient_funds")]
#[case::reserved("held_minor = 100", 1, "insufficient_funds")]
#[case::frozen("status = 'frozen'", 1, "account_frozen")]
#[case::received("balance_minor = 500", 400, "posted")]
#[case::allowed_more("overdraft_limit_minor = 300", 400, "posted")]
#[case::with_other_entries("last_sequence = 7", 1, "posted")]
#[tokio::test]
async fn what_is_remembered_is_not_relied_on_for_its_version_alone(
    #[case] change: &str,
    #[case] minor: i64,
    #[case] becomes: &str,
) {
    let ledger = Ledger::with(&[101, 0]).await;
    ledger.ask("known", transfer(1, 2, 1)).await.unwrap();
    let too_much = ledger.ask("refused", transfer(1, 2, 400)).await.unwrap();
    assert_eq!(too_much, "insufficient_funds");

    ledger.alter(1, change).await;
    let told = ledger.ask("k", transfer(1, 2, minor)).await.unwrap();

    assert_eq!(told, becomes);
    let entries = "SELECT coalesce(max(sequence), 0) FROM entries AS e JOIN account_standings AS s USING (account_id, shard)
                    WHERE e.sequence > s.last_sequence";
    assert_eq!(ledger.admin.value::<i64>(entries).await, 0);
}

/// A page that has lost count of its entries cannot get another one. That is nobody's key, and nobody else's trouble.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_cannot_be_written_fails_alone_also_where_it_is_locked_first() {
    let ledger = Ledger::with(&[100, 0, 100, 0]).await;
    ledger.ask("known", transfer(1, 2, 1)).await.unwrap();
    ledger
        .alter(1, "last_sequence = 0, version = version + 1")
        .await;

    let broken = (0..20).map(|n| ledger.ask(&format!("b{n}"), transfer(1, 2, 1)));
    let sound = (0..20).map(|n| ledger.ask(&format!("s{n}"), transfer(3, 4, 1)));
    let told = all(broken.chain(sound).collect()).await;

    assert_eq!(count(&told[20..], "posted"), 20, "{told:?}");
    let corrupt = "failed: the stored row that was to be written is not valid";
    assert_eq!(count(&told[..20], corrupt), 20, "{told:?}");
    assert_eq!(ledger.balance(4).await, 20);
}
