//! What happened to an invoice: who, when and what changed.

use std::sync::Arc;

use adapters_postgres::PgInvoiceQueries;
use app::{
    invoicing::{
        ChangeInvoiceStatus, ChangeInvoiceStatusHandler, SweepOverdueHandler, TimelineActor,
        TimelineEntry,
    },
    paging::{Limit, Listing, PageNumber, Total, Window},
    platform::Caller,
    ports::InvoiceQueries,
    testing::{KEY, ORGANIZATION},
};
use domain::{actor::Actor, ids::InvoiceId, invoicing::InvoiceStatus, version::Precondition};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{World, at, first};

/// Drafted by a key, sent at the command line, found late by the sweep, and paid by a key: each an hour after the other.
async fn invoice_with_a_past() -> (World, InvoiceId) {
    let world = World::new().await;
    let id = world.drafted().await;
    let hour = SignedDuration::from_hours(1);
    world.clock.advance(hour);
    let send = ChangeInvoiceStatus {
        caller: Caller {
            organization_id: ORGANIZATION,
            actor: Actor::CommandLine,
        },
        id,
        precondition: Precondition::Any,
        to: InvoiceStatus::Sent,
    };
    let handler = ChangeInvoiceStatusHandler::new(world.clock.clone(), world.ids.clone());
    world.bus.execute(Arc::new(handler), send).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(24 * 40));
    assert_eq!(world.sweep(10).await.marked, 1);
    world.clock.advance(hour);
    world.change_status(id, InvoiceStatus::Paid).await.unwrap();
    (world, id)
}

async fn read(world: &World, id: InvoiceId, window: Window) -> Option<Listing<TimelineEntry>> {
    let queries = PgInvoiceQueries::new(world.database.clone());
    queries.timeline(ORGANIZATION, id, window).await.unwrap()
}

fn step(from: &str, to: &str) -> serde_json::Value {
    json!({"status": {"from": from, "to": to}})
}

#[tokio::test]
async fn a_timeline_tells_who_did_what_and_when_newest_first() {
    let (world, id) = invoice_with_a_past().await;

    let timeline = read(&world, id, first()).await.unwrap();

    let told: Vec<_> = timeline
        .rows
        .iter()
        .map(|it| {
            (
                it.version,
                it.event_type.as_str(),
                it.actor.clone(),
                it.occurred_at,
                it.changes.clone(),
            )
        })
        .collect();
    let shop = TimelineActor::ApiKey {
        id: KEY.as_uuid(),
        name: Some("shop".to_owned()),
    };
    let sweeper = TimelineActor::Role(SweepOverdueHandler::ROLE.to_owned());
    let expected = [
        (
            4,
            "invoice.paid",
            shop.clone(),
            at("2026-12-30T14:00:00Z"),
            step("overdue", "paid"),
        ),
        (
            3,
            "invoice.overdue",
            sweeper,
            at("2026-12-30T13:00:00Z"),
            step("sent", "overdue"),
        ),
        (
            2,
            "invoice.sent",
            TimelineActor::CommandLine,
            at("2026-11-20T13:00:00Z"),
            step("draft", "sent"),
        ),
        (
            1,
            "invoice.created",
            shop,
            at("2026-11-20T12:00:00Z"),
            json!({}),
        ),
    ];
    assert_eq!(told, expected);
    assert_eq!((timeline.next, timeline.total), (None, None));
}

#[tokio::test]
async fn a_key_keeps_its_name_when_it_is_revoked_and_loses_it_when_it_is_gone() {
    let (world, id) = invoice_with_a_past().await;
    let admin = world.admin().await;
    let names = || async {
        let timeline = read(&world, id, first()).await.unwrap();
        timeline
            .rows
            .into_iter()
            .filter_map(|it| match it.actor {
                TimelineActor::ApiKey { name, .. } => Some(name),
                _ => None,
            })
            .collect::<Vec<_>>()
    };

    admin.run("UPDATE api_keys SET revoked_at = now()").await;
    let revoked = names().await;
    admin.run("DELETE FROM api_keys").await;
    let gone = names().await;

    assert_eq!(revoked, vec![Some("shop".to_owned()); 2]);
    assert_eq!(gone, vec![None; 2]);
}

#[tokio::test]
async fn a_timeline_is_read_in_pieces_and_by_page() {
    let (world, id) = invoice_with_a_past().await;
    let limit = Limit::new(3).unwrap();
    let versions = |piece: &Listing<TimelineEntry>| -> Vec<i64> {
        piece.rows.iter().map(|it| it.version).collect()
    };

    let newest = read(
        &world,
        id,
        Window::After {
            position: None,
            limit,
        },
    )
    .await
    .unwrap();
    let rest = Window::After {
        position: newest.next,
        limit,
    };
    let rest = read(&world, id, rest).await.unwrap();
    let number = PageNumber::new(2, limit).unwrap();
    let second = read(
        &world,
        id,
        Window::Page {
            number,
            size: limit,
        },
    )
    .await
    .unwrap();

    assert_eq!(
        (versions(&newest), versions(&rest)),
        (vec![4, 3, 2], vec![1])
    );
    assert_eq!((rest.next, versions(&second)), (None, vec![1]));
    assert_eq!(
        second.total,
        Some(Total {
            rows: 4,
            is_exact: true
        })
    );
}

#[tokio::test]
async fn events_of_one_moment_keep_their_order() {
    let world = World::new().await;
    let id = world.drafted().await;
    for to in [
        InvoiceStatus::Sent,
        InvoiceStatus::Viewed,
        InvoiceStatus::Paid,
    ] {
        world.change_status(id, to).await.unwrap();
    }

    let one_after = |position| Window::After {
        position,
        limit: Limit::new(1).unwrap(),
    };
    let (mut window, mut versions) = (one_after(None), Vec::new());
    while let Some(piece) = read(&world, id, window).await {
        versions.extend(piece.rows.iter().map(|it| it.version));
        if piece.next.is_none() {
            break;
        }
        window = one_after(piece.next);
    }

    assert_eq!(versions, [4, 3, 2, 1]);
}

#[tokio::test]
async fn there_is_no_timeline_of_an_invoice_that_is_not_there() {
    let world = World::new().await;
    let id = world.drafted().await;

    world.delete(id).await.unwrap();

    assert_eq!(read(&world, id, first()).await, None);
    assert_eq!(world.admin().await.count("invoice_timeline").await, 2);
}
