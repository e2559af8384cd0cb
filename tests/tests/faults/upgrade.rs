//! The previous release, on a database that is migrated under it.

use tests::{Database, Setup, Tenant, previous_binary, tallystick};

use crate::{
    audit::audit,
    load::{Load, Patience},
    transfers::{self, movers, open_accounts},
};

const CLIENTS: usize = 3;

#[tokio::test]
async fn the_previous_release_works_on_while_the_database_is_migrated_and_the_new_one_beside_it() {
    let database = Database::fresh().await;
    let previous = previous_binary().expect("`cargo xtask faults` names it");
    let old = Setup::on(&database).by(previous.clone()).start().await;
    let migrations = "SELECT count(*) FROM refinery_schema_history";
    let before = database.count(migrations, &[]).await;
    // The command line of the new release would migrate.
    let tenant = Tenant::made_by(Some(&previous), &database).await;
    let accounts = open_accounts(&tenant.at(&old)).await;
    let load = Load::of((0..CLIENTS).map(|_| tenant.at(&old)), Patience::None);
    let moving = movers((0..CLIENTS).map(|_| tenant.at(&old)), &accounts);
    load.make_progress(10).await;

    tallystick(&database, &["migrate"]).await;

    assert!(database.count(migrations, &[]).await > before);
    load.make_progress(10).await;
    moving.make_progress(20).await;
    let new = Setup::on(&database).start().await;
    let more = Load::of((0..CLIENTS).map(|_| tenant.at(&new)), Patience::None);
    more.make_progress(10).await;
    load.make_progress(10).await;
    moving.make_progress(20).await;
    let mut orders = load.finish().await;
    orders.extend(more.finish().await);
    let posted = moving.finish().await.into_iter().sum();
    audit(&tenant.at(&new), &database, &orders).await;
    transfers::audit(&tenant.at(&new), &database, &accounts, posted).await;
}
