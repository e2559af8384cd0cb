//! The scheduler turns the days of the log, and forgets what consumers need not know any more.

use tests::{Database, Redis, Setup, Tenant, customer, eventually, tallystick};

/// A day of long ago whose events are gone, and a day to come that nobody has made.
const OF_OTHER_DAYS: &str = "
    SELECT make_event_partitions((now() AT TIME ZONE 'UTC')::date - 10, 1);
    DO $$ BEGIN EXECUTE format('DROP TABLE %I, %I', 'outbox_' || to_char(now() AT TIME ZONE 'UTC' + interval '3 days', 'YYYYMMDD'),
        'event_positions_' || to_char(now() AT TIME ZONE 'UTC' + interval '3 days', 'YYYYMMDD')); END $$;
    INSERT INTO inbox (consumer, event_id, created_at)
    SELECT 'of day ' || days, gen_random_uuid(), now() - make_interval(days => days) FROM unnest(ARRAY[2, 4]) AS days";

const IS_THERE: &str = "
    SELECT count(*) FROM pg_class
     WHERE relname IN ('outbox_' || to_char(now() AT TIME ZONE 'UTC' + make_interval(days => $1), 'YYYYMMDD'),
                       'event_positions_' || to_char(now() AT TIME ZONE 'UTC' + make_interval(days => $1), 'YYYYMMDD'))";

#[tokio::test]
async fn days_are_made_and_forgotten_and_so_is_what_was_dealt_with_then() {
    let database = Database::fresh().await;
    tallystick(&database, &["migrate"]).await;
    let prepared = database.connect().await.batch_execute(OF_OTHER_DAYS).await;
    prepared.unwrap();
    let tables = async |days: i32| database.count(IS_THERE, &[&days]).await;
    assert_eq!((tables(-10).await, tables(3).await), (2, 0));

    let scheduler = Setup::on(&database).in_role("scheduler");
    let _scheduler = scheduler.with("EVENTS__RETENTION_DAYS", 1).start().await;

    eventually("a day is forgotten, and another one made", async || {
        ((tables(-10).await, tables(3).await) == (0, 2)).then_some(())
    })
    .await;
    let inbox = "SELECT count(*) FROM inbox WHERE consumer = $1";
    eventually(
        "what is older than the events and two days is forgotten",
        async || (database.count(inbox, &[&"of day 4"]).await == 0).then_some(()),
    )
    .await;
    assert_eq!(database.count(inbox, &[&"of day 2"]).await, 1);
}

/// The groups behind Redis that have, in some shard, still to read something that has happened.
const BEHIND: &str = "
    SELECT count(*) FROM event_readers
     WHERE reader LIKE 'redis/%' AND position < (SELECT count(*) FROM outbox)";

/// Most shards have no event at all, and the groups of those have nothing to acknowledge.
#[tokio::test]
async fn a_day_that_was_read_through_redis_is_forgotten() {
    let (database, redis) = (Database::fresh().await, Redis::start().await);
    let setup = Setup::on(&database)
        .with("BROKER", "redis")
        .with("REDIS__BROKER_URL", redis.url());
    let everybody = setup.clone().and_role("validator").and_role("worker");
    let service = everybody.start().await;
    let client = Tenant::on(&database).await.at(&service);
    for _ in 0..3 {
        client.create("/customers", &customer()).await;
    }
    let readers = "SELECT count(*) FROM event_readers WHERE reader LIKE 'redis/%'";
    eventually("everything is read", async || {
        let are_known = database.count(readers, &[]).await == 4 * 16;
        (are_known && database.count(BEHIND, &[]).await == 0).then_some(())
    })
    .await;

    // The desk that has made the tenant knows of no Redis, and expects who reads from the log itself.
    let forgetting = ["outbox", "readers", "forget", "voucher-projections"];
    tallystick(&database, &forgetting).await;
    // For this one, today was over three days ago.
    let scheduler = setup
        .in_role("scheduler")
        .with("EVENTS__RETENTION_DAYS", 1)
        .with("CLOCK__OFFSET_SECONDS", 4 * 86_400);
    let _scheduler = scheduler.start().await;

    eventually("today is forgotten", async || {
        (database.count(IS_THERE, &[&0]).await == 0).then_some(())
    })
    .await;
}
