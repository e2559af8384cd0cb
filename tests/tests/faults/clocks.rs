//! A clock that jumps.

use tests::{Database, Setup, Tenant, eventually};

use crate::{
    audit::audit,
    load::{Load, Patience},
    transfers::{self, movers, open_accounts},
};

/// What was posted more than a minute before the last transfer, as clocks go, and is not in a chain yet.
const LATE_IN_CHAIN: &str = "
    SELECT count(*) FROM transfers
     WHERE xact_id >= (SELECT xact_id FROM transfer_chain_progress)
       AND created_at < (SELECT created_at FROM transfers ORDER BY xact_id DESC LIMIT 1) - interval '1 minute'";

const CLIENTS: usize = 3;
const HOUR_S: i64 = 3_600;

#[tokio::test]
async fn clocks_that_jump_between_restarts_cost_nothing() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database).on_a_lasting_port();
    let mut service = setup.clone().start().await;
    let tenant = Tenant::on(&database).await;
    let accounts = open_accounts(&tenant.at(&service)).await;
    let load = Load::of((0..CLIENTS).map(|_| tenant.at(&service)), Patience::Endless);
    let movers = movers((0..CLIENTS).map(|_| tenant.at(&service)), &accounts);

    for jump_s in [2 * HOUR_S, -2 * HOUR_S, 0] {
        load.make_progress(5).await;
        movers.make_progress(20).await;
        service.kill();
        let jumped = setup.clone().with("CLOCK__OFFSET_SECONDS", jump_s);
        service = jumped.start().await;
    }
    load.make_progress(5).await;
    movers.make_progress(20).await;

    let orders = load.finish().await;
    let posted = movers.finish().await.into_iter().sum();
    eventually("what was posted before the jump is chained", async || {
        (database.count(LATE_IN_CHAIN, &[]).await == 0).then_some(())
    })
    .await;
    audit(&tenant.at(&service), &database, &orders).await;
    transfers::audit(&tenant.at(&service), &database, &accounts, posted).await;
}
