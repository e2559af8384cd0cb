//! The feed of one organization.

use std::{collections::HashMap, time::Duration};

use adapters_postgres::PgEventLog;
use app::{
    events::{EventPosition, TypePattern},
    paging::Limit,
    ports::{AggregateKind, EventFilter, EventLog},
    testing::{ORGANIZATION, stranger},
};
use futures_util::future::{join, join_all};
use rstest::rstest;
use uuid::Uuid;

use super::{append, event, place_all, read, steps};
use crate::support::World;

fn types(patterns: &[&str]) -> EventFilter {
    EventFilter {
        types: patterns
            .iter()
            .map(|it| TypePattern::parse(it).unwrap())
            .collect(),
        ..EventFilter::default()
    }
}

async fn some_events() -> World {
    let world = World::new().await;
    let admin = world.admin().await;
    admin
        .run(&(event(1, 1) + &event(2, 1) + &event(1, 2) + &event(3, 1)))
        .await;
    admin
        .run(
            "UPDATE outbox SET type = 'invoice.created' WHERE aggregate_version = 1;
             UPDATE outbox SET type = 'transfer.posted', aggregate_type = 'transfer'
              WHERE aggregate_id = lpad('3', 32, '0')::uuid;
             UPDATE outbox SET created_at = '2026-11-20T10:00:00Z'::timestamptz + id * interval '1 hour'",
        )
        .await;
    place_all(&world).await;
    world
}

#[rstest]
#[case::everything(EventFilter::default(), &[(1, 1), (2, 1), (1, 2), (3, 1)])]
#[case::any_type(types(&["*"]), &[(1, 1), (2, 1), (1, 2), (3, 1)])]
#[case::a_type(types(&["invoice.created"]), &[(1, 1), (2, 1)])]
#[case::all_of_a_resource(types(&["transfer.*"]), &[(3, 1)])]
#[case::several(types(&["transfer.*", "invoice.updated"]), &[(1, 2), (3, 1)])]
#[case::a_kind(EventFilter { kind: Some(AggregateKind::Transfer), ..EventFilter::default() }, &[(3, 1)])]
#[case::an_aggregate(
    EventFilter { aggregate_id: Some(Uuid::from_u128(1)), ..EventFilter::default() }, &[(1, 1), (1, 2)])]
#[case::from(
    EventFilter { from: Some("2026-11-20T12:00:00Z".parse().unwrap()), ..EventFilter::default() },
    &[(2, 1), (1, 2), (3, 1)])]
#[case::to(
    EventFilter { to: Some("2026-11-20T11:00:00Z".parse().unwrap()), ..EventFilter::default() }, &[(1, 1)])]
#[tokio::test]
async fn a_filter_lets_through_what_it_says(
    #[case] filter: EventFilter,
    #[case] expected: &[(u128, i64)],
) {
    let world = some_events().await;
    let log = PgEventLog::new(world.database.clone());

    let limit = Limit::new(100).unwrap();
    let page = log
        .list_events(ORGANIZATION, &filter, EventPosition::START, limit)
        .await
        .unwrap();

    assert_eq!(steps(&page.events), expected);
    assert!(!page.has_more);
}

#[tokio::test]
async fn nobody_is_shown_events_of_somebody_else() {
    let world = some_events().await;
    let log = PgEventLog::new(world.database.clone());
    let of_aggregate = EventFilter {
        aggregate_id: Some(Uuid::from_u128(1)),
        ..EventFilter::default()
    };

    for filter in [EventFilter::default(), of_aggregate] {
        let stranger = stranger().organization_id;
        let limit = Limit::new(100).unwrap();
        let page = log
            .list_events(stranger, &filter, EventPosition::START, limit)
            .await
            .unwrap();

        assert!(page.events.is_empty() && !page.has_more);
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_end_where_the_log_ends() {
    let world = some_events().await;
    let log = PgEventLog::new(world.database.clone());
    let (filter, limit) = (types(&["invoice.*"]), Limit::new(2).unwrap());

    let first = log
        .list_events(ORGANIZATION, &filter, EventPosition::START, limit)
        .await
        .unwrap();
    let second = log
        .list_events(ORGANIZATION, &filter, first.end, limit)
        .await
        .unwrap();
    let third = log
        .list_events(ORGANIZATION, &filter, second.end, limit)
        .await
        .unwrap();

    assert_eq!(
        (steps(&first.events), first.has_more),
        (vec![(1, 1), (2, 1)], true)
    );
    assert_eq!(
        (steps(&second.events), second.has_more),
        (vec![(1, 2)], false)
    );
    assert_eq!((third.events, third.end), (vec![], EventPosition::new(4)));
}

#[tokio::test]
async fn a_page_with_nothing_in_it_leads_on_when_there_was_too_much_to_look_at() {
    let world = World::new().await;
    let admin = world.admin().await;
    append(&admin, 5_500).await;
    admin.run(&event(1, 1)).await;
    place_all(&world).await;
    let log = PgEventLog::new(world.database.clone());
    let (filter, limit) = (types(&["invoice.updated"]), Limit::new(10).unwrap());

    let first = log
        .list_events(ORGANIZATION, &filter, EventPosition::START, limit)
        .await
        .unwrap();
    let second = log
        .list_events(ORGANIZATION, &filter, first.end, limit)
        .await
        .unwrap();

    assert_eq!(
        (first.events, first.end, first.has_more),
        (vec![], EventPosition::new(5_000), true)
    );
    assert_eq!(
        (steps(&second.events), second.has_more),
        (vec![(1, 1)], false)
    );
}

#[tokio::test]
async fn a_reader_that_follows_fifty_writers_misses_nothing_and_sees_nothing_twice() {
    let world = World::new().await;
    let writers = (0..50).map(|writer| {
        let world = &world;
        async move {
            let admin = world.admin().await;
            for version in 1..=10 {
                admin
                    .run(&format!(
                        "BEGIN; {} SELECT pg_sleep(0.002); COMMIT",
                        event(writer, version)
                    ))
                    .await;
            }
        }
    });
    let following = async {
        let (mut seen, mut after) = (Vec::new(), EventPosition::START);
        while seen.len() < 500 {
            place_all(&world).await;
            let events = read(&world, after).await;
            after = events.last().map_or(after, |it| it.position);
            seen.extend(steps(&events));
        }
        seen
    };

    let followed = tokio::time::timeout(Duration::from_mins(1), join(join_all(writers), following));
    let ((), seen) = followed.await.map(|(_, seen)| ((), seen)).unwrap();

    let mut versions: HashMap<u128, i64> = HashMap::new();
    for (invoice, version) in seen {
        let last = versions.entry(invoice).or_default();
        assert_eq!(version, *last + 1, "of {invoice}");
        *last = version;
    }
    assert!(versions.values().all(|last| *last == 10));
}
