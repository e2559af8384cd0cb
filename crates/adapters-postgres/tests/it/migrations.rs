//! The schema: made once, by whoever comes first, and recognised afterwards.

use std::collections::BTreeSet;

use adapters_postgres::{
    Database, DatabaseOptions, MigrationError, PgInvoiceQueries, PgServiceSecrets, SchemaState,
};
use app::{
    ports::{InvoiceFilter, InvoiceQueries},
    testing::{KEY, ORGANIZATION},
};
use domain::invoicing::InvoiceStatus;
use futures_util::{FutureExt, future::join_all};
use rstest::rstest;

use crate::support::{
    Admin, World, customer, empty_database, first, invoice_id, issued, migrated_database,
};

fn database(url: &str) -> Database {
    Database::open(DatabaseOptions::at(url)).unwrap()
}

#[tokio::test]
async fn migrating_twice_changes_nothing_the_second_time() {
    let database = database(&empty_database().await);
    let before = database.schema_state().await.unwrap();

    let applied = [
        database.migrate().await.unwrap(),
        database.migrate().await.unwrap(),
    ];

    assert!(matches!(before, SchemaState::Behind(missing) if missing.len() == applied[0]));
    assert!(applied[0] >= 1 && applied[1] == 0, "{applied:?}");
    assert_eq!(database.schema_state().await.unwrap(), SchemaState::Current);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_four_that_migrate_at_once_one_does_and_the_others_wait_for_it() {
    let url = empty_database().await;
    let four = (0..4).map(|_| {
        let database = database(&url);
        tokio::spawn(async move { database.migrate().await.unwrap() })
    });

    let mut applied: Vec<_> = join_all(four)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();

    applied.sort_unstable();
    assert!(applied[..3] == [0, 0, 0] && applied[3] >= 1, "{applied:?}");
    assert_eq!(
        database(&url).schema_state().await.unwrap(),
        SchemaState::Current
    );
}

#[tokio::test]
async fn a_schema_of_a_newer_release_is_left_alone() {
    let url = migrated_database().await;
    let newer = "INSERT INTO refinery_schema_history SELECT 999, 'later', applied_on, '1'
                   FROM refinery_schema_history LIMIT 1";
    Admin::connect(&url).await.run(newer).await;

    let state = database(&url).schema_state().await.unwrap();
    let refused = database(&url).migrate().await.unwrap_err();

    assert!(matches!(state, SchemaState::Ahead(newer) if newer == ["V999__later"]));
    assert!(matches!(refused, MigrationError::Ahead(_)), "{refused:?}");
}

#[rstest]
#[case::contents("checksum = '1'")]
#[case::name("name = 'other'")]
#[tokio::test]
async fn a_schema_that_somebody_has_changed_is_left_alone(#[case] change: &str) {
    let url = migrated_database().await;
    let drift = format!("UPDATE refinery_schema_history SET {change} WHERE version = 1");
    Admin::connect(&url).await.run(&drift).await;

    let state = database(&url).schema_state().await.unwrap();
    let refused = database(&url).migrate().await.unwrap_err();

    assert!(matches!(state, SchemaState::Drifted(different) if different.len() == 1));
    assert!(matches!(refused, MigrationError::Drifted(_)), "{refused:?}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told() {
    let url = migrated_database().await + "_not";

    let refused = database(&url).migrate().await.unwrap_err();

    assert!(
        matches!(refused, MigrationError::Unreachable(_)),
        "{refused:?}"
    );
}

/// The address may carry settings of its own, such as the schema that everything is in.
#[tokio::test]
async fn the_settings_of_the_address_hold_for_migrations_too() {
    let url = empty_database().await;
    let admin = Admin::connect(&url).await;
    admin
        .run("CREATE SCHEMA billing; CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin")
        .await;

    let world = World::at(
        format!("{url}?options=-c%20search_path%3Dbilling%2Cpublic"),
        |_| {},
    );
    world.database.migrate().await.unwrap();

    world.store_invoices(vec![issued(7, &[])]).await;
    assert_eq!(admin.count("billing.invoices").await, 1);
}

/// The previous release goes on while the next one adds what it needs.
#[tokio::test]
async fn statements_that_are_prepared_survive_columns_that_are_added() {
    let world = World::with(|options| options.pool_size_max = 1).await;
    world.store_customer(&customer(3, "Ada")).await;
    world
        .store_invoices(vec![issued(7, &[InvoiceStatus::Sent])])
        .await;
    let queries = PgInvoiceQueries::new(world.database.clone());
    let use_everything = || async {
        let id = customer(3, "Ada").facts().id;
        let loaded = world.write(move |uow| {
            async move {
                uow.organizations().find(ORGANIZATION).await?;
                uow.organizations().find_for_update(ORGANIZATION).await?;
                uow.api_keys().find_for_update(ORGANIZATION, KEY).await?;
                uow.customers().find(ORGANIZATION, id).await?;
                uow.customers().find_for_update(ORGANIZATION, id).await?;
                let today = "2027-01-01".parse().unwrap();
                uow.invoices().list_unswept_for_update(today, 1).await?;
                uow.invoices()
                    .find_for_update(ORGANIZATION, invoice_id(7))
                    .await
            }
            .boxed()
        });
        assert!(loaded.await.unwrap().is_some());
        let filter = InvoiceFilter::default();
        let listed = queries.list(ORGANIZATION, &filter, first()).await.unwrap();
        let found = queries.find(ORGANIZATION, invoice_id(7)).await.unwrap();
        assert!(listed.rows.len() == 1 && found.is_some());
    };

    use_everything().await;
    let admin = world.admin().await;
    for table in ["organizations", "api_keys", "customers", "invoices"] {
        admin
            .run(&format!("ALTER TABLE {table} ADD COLUMN later text"))
            .await;
    }
    use_everything().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_secrets_that_are_made_at_once_all_instances_get_the_same() {
    let world = World::new().await;
    let instances = (0..20).map(|index| {
        let secrets = PgServiceSecrets::new(world.database.clone());
        tokio::spawn(async move { secrets.find_or_keep("cursors", [index; 32]).await.unwrap() })
    });

    let got: BTreeSet<_> = join_all(instances)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let secrets = PgServiceSecrets::new(world.database.clone());
    let of_another_name = secrets.find_or_keep("others", [99; 32]).await.unwrap();

    assert_eq!(got.len(), 1, "{got:?}");
    assert_eq!(of_another_name, [99; 32]);
}
