//! Gifts bring money through the ledger.

use app::vouchers::{RedeemError, RedeemGiftError};
use domain::vouchers::{Limits, Reason, Refused, VoucherKind};
use futures_util::future::join_all;

use crate::support::{Ledger, ten_off};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_gift_that_many_redeem_at_once_brings_its_money_once() {
    let ledger = Ledger::with(&[0]).await;
    let world = &ledger.world;
    let mut terms = ten_off(Limits::default());
    terms.kind = VoucherKind::Gift;
    let campaign = world.launch(terms).await;
    world.issue_voucher(campaign.id, "GIFT").await.unwrap();

    let redeemed = join_all((0..20).map(|_| world.redeem("gift", 1))).await;

    assert_eq!(redeemed.iter().filter(|it| it.is_ok()).count(), 1);
    for refused in redeemed.into_iter().filter_map(Result::err) {
        let RedeemGiftError::Voucher(RedeemError::Refused(Refused(reasons))) = refused else {
            panic!("{refused}")
        };
        assert_eq!(reasons, [Reason::VoucherExhausted]);
    }
    assert_eq!(ledger.balance(1).await, 1_000);
    ledger.is_consistent().await;
}

#[tokio::test]
async fn a_discount_is_no_gift_and_a_gift_no_discount() {
    let ledger = Ledger::with(&[0]).await;
    let world = &ledger.world;
    world.summer(Limits::default()).await;

    let redeemed = world.redeem("SUMMER", 1).await;

    assert!(matches!(
        redeemed,
        Err(RedeemGiftError::Voucher(RedeemError::OtherKind(
            VoucherKind::Discount
        )))
    ));
    assert_eq!(ledger.balance(1).await, 0);
}
