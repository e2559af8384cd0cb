//! What becomes of vouchers on drafts.

use app::invoicing::{EditInvoiceError, InvoiceChanges};
use domain::{
    invoicing::{InvoiceStatus, LineItems},
    values::Notes,
    vouchers::{Benefit, Limits, PercentOff, Reason},
};

use rstest::rstest;

use crate::support::{World, cap, line, reasons, ten_off};

#[tokio::test]
async fn what_a_voucher_takes_off_comes_off_before_tax_and_comes_back() {
    let world = World::new().await;
    world.summer(Limits::default()).await;
    let id = world.drafted().await;

    let applied = world.apply(id, "summer").await.unwrap();
    let twice = world.apply(id, "SUMMER").await;
    let without = world.take_off(id, "SUMMER").await.unwrap();

    assert_eq!(applied.totals.discount_minor, 1_000);
    assert_eq!(applied.totals.total_minor, (150_000 - 1_000) * 116 / 100);
    assert_eq!(reasons(&twice), [Reason::AlreadyApplied]);
    assert_eq!(without.totals.total_minor, 174_000);
    assert_eq!(world.redeemed().await, (0, 0));
    assert!(world.take_off(id, "SUMMER").await.is_err());
}

#[tokio::test]
async fn a_draft_that_is_cancelled_or_deleted_gives_its_vouchers_back() {
    let world = World::new().await;
    let limits = Limits {
        per_code: Some(cap(1)),
        budget: Some(cap(1_000)),
        ..Limits::default()
    };
    world.summer(limits).await;
    let [first, second, third] = [
        world.drafted().await,
        world.drafted().await,
        world.drafted().await,
    ];

    world.apply(first, "SUMMER").await.unwrap();
    world.delete(first).await.unwrap();
    world.apply(second, "SUMMER").await.unwrap();
    world
        .change_status(second, InvoiceStatus::Cancelled)
        .await
        .unwrap();
    world.apply(third, "SUMMER").await.unwrap();

    assert_eq!(world.redeemed().await, (1, 1_000));
}

#[tokio::test]
async fn an_edited_draft_has_its_discount_told_anew() {
    let world = World::new().await;
    let mut terms = ten_off(Limits {
        budget: Some(cap(20_000)),
        ..Limits::default()
    });
    terms.benefit = Benefit::Percent(PercentOff::from_bps(1_000).unwrap());
    terms.min_total = Some(cap(500));
    let campaign = world.launch(terms).await;
    world.issue_voucher(campaign.id, "TENTH").await.unwrap();
    let id = world.drafted().await;
    let lines = |minor| InvoiceChanges {
        items: Some(LineItems::new(vec![line("work", "1", minor, 1_600)]).unwrap()),
        ..InvoiceChanges::default()
    };

    let applied = world.apply(id, "TENTH").await.unwrap();
    let edited = world.edit(id, lines(200_000)).await.unwrap();
    let beyond = world.edit(id, lines(200_010)).await;
    let below = world.edit(id, lines(499)).await;

    assert_eq!(applied.totals.discount_minor, 15_000);
    assert_eq!(edited.totals.discount_minor, 20_000);
    assert!(matches!(beyond, Err(EditInvoiceError::Voucher(_))));
    assert!(matches!(below, Err(EditInvoiceError::Voucher(_))));
    assert_eq!(world.redeemed().await, (1, 20_000));
}

#[rstest]
#[case::which_allows_it(150_000, 150_000)]
#[case::which_does_not(149_999, 149_000)]
#[tokio::test]
async fn what_becomes_free_goes_to_a_voucher_that_stays_within_its_budget(
    #[case] budget: i64,
    #[case] expected: i64,
) {
    let world = World::new().await;
    world.summer(Limits::default()).await;
    let mut terms = ten_off(Limits {
        budget: Some(cap(budget)),
        ..Limits::default()
    });
    terms.benefit = Benefit::Percent(PercentOff::from_bps(10_000).unwrap());
    let campaign = world.launch(terms).await;
    world.issue_voucher(campaign.id, "WHOLE").await.unwrap();
    let id = world.drafted().await;
    let notes = InvoiceChanges {
        notes: Some(Some(Notes::parse("thank you").unwrap())),
        ..InvoiceChanges::default()
    };

    world.apply(id, "SUMMER").await.unwrap();
    let both = world.apply(id, "WHOLE").await.unwrap();
    let without = world.take_off(id, "SUMMER").await.unwrap();
    let noted = world.edit(id, notes).await.unwrap();

    assert_eq!(both.totals.discount_minor, 150_000);
    assert_eq!(without.totals.discount_minor, expected);
    assert_eq!(noted.totals, without.totals);
    assert_eq!(world.redeemed().await, (1, expected));
    let counted = "SELECT value_minor FROM voucher_counters WHERE scope = 'total'";
    let counted = world.admin().await.rows(counted).await;
    assert_eq!(counted[0].get::<_, i64>(0), expected);
}

#[tokio::test]
async fn an_issued_invoice_keeps_its_vouchers() {
    let world = World::new().await;
    world.summer(Limits::default()).await;
    let id = world.drafted().await;
    world.apply(id, "SUMMER").await.unwrap();

    let sent = world.change_status(id, InvoiceStatus::Sent).await.unwrap();

    assert_eq!(sent.totals.discount_minor, 1_000);
    assert!(world.take_off(id, "SUMMER").await.is_err());
    assert_eq!(world.redeemed().await, (1, 1_000));
}

#[tokio::test]
async fn an_issued_invoice_that_is_cancelled_gives_its_vouchers_back() {
    let world = World::new().await;
    let limits = Limits {
        per_code: Some(cap(1)),
        budget: Some(cap(1_000)),
        ..Limits::default()
    };
    world.summer(limits).await;
    let [first, second] = [world.drafted().await, world.drafted().await];
    world.apply(first, "SUMMER").await.unwrap();
    let sent = world.change_status(first, InvoiceStatus::Sent).await;
    sent.unwrap();

    let meanwhile = world.apply(second, "SUMMER").await;
    let cancelled = world.change_status(first, InvoiceStatus::Cancelled).await;
    let again = world.apply(second, "SUMMER").await.unwrap();

    assert!(reasons(&meanwhile).contains(&Reason::VoucherExhausted));
    assert_eq!(cancelled.unwrap().totals.discount_minor, 1_000);
    assert_eq!(again.totals.discount_minor, 1_000);
    assert_eq!(world.redeemed().await, (1, 1_000));
}
