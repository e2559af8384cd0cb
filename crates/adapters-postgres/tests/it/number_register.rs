//! The register of the numbers that were taken from a series.

use adapters_postgres::PgNumberRegisterQueries;
use app::{
    invoicing::NumberGap, paging::Limit, ports::NumberRegisterQueries, testing::ORGANIZATION,
};
use domain::{
    invoicing::{InvoiceStatus, NumberFate, Series},
    platform::NumberPrefix,
};
use futures_util::FutureExt;
use jiff::SignedDuration;

use crate::support::World;

#[tokio::test]
async fn the_register_tells_which_numbers_are_of_cancelled_invoices() {
    let world = World::new().await;
    let drafts = world.drafts(3).await;
    for id in &drafts[..2] {
        world.issue(*id).await;
    }

    for id in &drafts[1..] {
        world
            .change_status(*id, InvoiceStatus::Cancelled)
            .await
            .unwrap();
    }

    let register = world.register_of("INV-2026-", 100).await;
    let fates: Vec<_> = register.rows.iter().map(|row| row.fate).collect();
    assert_eq!(fates, [NumberFate::Issued, NumberFate::Cancelled]);
}

async fn use_prefix(world: &World, prefix: &'static str) {
    let changed = world.write(move |uow| {
        async move {
            let found = uow.organizations().find_for_update(ORGANIZATION).await?;
            let mut organization = found.unwrap();
            let mut profile = organization.facts().profile.clone();
            profile.invoice_number_prefix = NumberPrefix::parse(prefix).unwrap();
            organization.revise(profile, organization.facts().updated_at);
            uow.organizations().update(&organization).await
        }
        .boxed()
    });
    changed.await.unwrap();
}

#[tokio::test]
async fn a_new_prefix_or_year_starts_at_one_and_an_old_one_goes_on() {
    let world = World::new().await;
    let drafts = world.drafts(5).await;
    let mut issued = Vec::new();

    issued.push(world.issue(drafts[0]).await);
    use_prefix(&world, "R/").await;
    issued.push(world.issue(drafts[1]).await);
    issued.push(world.issue(drafts[2]).await);
    use_prefix(&world, "INV-").await;
    issued.push(world.issue(drafts[3]).await);
    world.clock.advance(SignedDuration::from_hours(24 * 60));
    issued.push(world.issue(drafts[4]).await);

    let expected = [
        "INV-2026-000001",
        "R/2026-000001",
        "R/2026-000002",
        "INV-2026-000002",
        "INV-2027-000001",
    ];
    assert_eq!(issued, expected);
    let queries = PgNumberRegisterQueries::new(world.database.clone());
    let series = ["INV-2026-", "INV-2027-", "R/2026-"].map(Series::named);
    assert_eq!(queries.list_series(ORGANIZATION).await.unwrap(), series);
}

#[tokio::test]
async fn gaps_that_somebody_has_made_by_hand_are_told() {
    let world = World::new().await;
    for id in world.drafts(9).await {
        world.issue(id).await;
    }
    let delete = "DELETE FROM invoice_numbers WHERE position IN (1, 4, 5, 9)";
    world.admin().await.run(delete).await;

    let register = world.register_of("INV-2026-", 2).await;

    let gap = |from, to| NumberGap { from, to };
    assert_eq!(register.gaps, [gap(1, 1), gap(4, 5), gap(9, 9)]);
    assert_eq!(
        (
            register.last_position,
            register.rows.len(),
            register.has_more
        ),
        (9, 2, true)
    );
}

#[tokio::test]
async fn the_register_is_read_in_pieces() {
    let world = World::new().await;
    for id in world.drafts(7).await {
        world.issue(id).await;
    }
    let queries = PgNumberRegisterQueries::new(world.database.clone());
    let (series, three) = (Series::named("INV-2026-"), Limit::new(3).unwrap());
    let (mut after, mut pieces) = (0, Vec::new());

    loop {
        let piece = queries.register(ORGANIZATION, &series, after, three).await;
        let piece = piece.unwrap().unwrap();
        pieces.push(
            piece
                .rows
                .iter()
                .map(|row| row.position)
                .collect::<Vec<_>>(),
        );
        after = piece.rows.last().unwrap().position;
        if !piece.has_more {
            break;
        }
    }

    assert_eq!(pieces, [vec![1, 2, 3], vec![4, 5, 6], vec![7]]);
    let unknown = Series::named("NONE-");
    let found = queries.register(ORGANIZATION, &unknown, 0, three).await;
    assert_eq!(found.unwrap(), None);
}
