use rstest::rstest;

use super::Bank;

const CHECK: &str = "23514";
const RESTRICT: &str = "23001";

/// What the engine decides is decided a second time by the database.
#[rstest]
#[case::below_the_limit("SET balance_minor = -1 WHERE shard = 0")]
#[case::more_held_than_there_is("SET held_minor = 501 WHERE shard = 0")]
#[case::a_limit_below_what_is_drawn(
    "SET overdraft_limit_minor = 9, balance_minor = -10 WHERE shard = 0"
)]
#[case::no_limit("SET overdraft_limit_minor = NULL WHERE shard = 0")]
#[case::a_limit_on_a_page("SET overdraft_limit_minor = 0 WHERE shard > 0")]
#[case::closed_with_money_on_it("SET status = 'closed' WHERE shard = 0")]
#[case::negative_hold("SET held_minor = -1 WHERE shard = 0")]
#[case::a_balance_beyond_json("SET balance_minor = 9007199254740992 WHERE shard = 0")]
#[case::an_unknown_status("SET status = 'gone'")]
#[tokio::test]
async fn a_standing_that_breaks_the_rules_is_refused(#[case] change: &str) {
    let bank = Bank::new().await;
    bank.open(500).await;
    let admin = bank.world.admin().await;

    let refused = admin
        .refusal(&format!("UPDATE account_standings {change}"))
        .await;

    assert_eq!(refused.as_deref(), Some(CHECK));
}

#[rstest]
#[tokio::test]
async fn history_is_not_rewritten(
    #[values("transfers", "entries", "transfer_chain")] table: &str,
    #[values("UPDATE {} SET created_at = now()", "DELETE FROM {}", "TRUNCATE {}")] statement: &str,
) {
    let bank = Bank::new().await;
    bank.open(500).await;
    let admin = bank.world.admin().await;
    let column = if table == "transfer_chain" {
        "block = 1"
    } else {
        "created_at = now()"
    };
    let statement = statement
        .replace("{}", table)
        .replace("created_at = now()", column);

    let refused = admin.refusal(&statement).await;

    assert_eq!(refused.as_deref(), Some(RESTRICT), "{statement}");
}
