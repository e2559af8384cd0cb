//! The scheduler turns the days of the log, and forgets what consumers need not know any more.

use tests::{Database, Setup, eventually, tallystick};

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
