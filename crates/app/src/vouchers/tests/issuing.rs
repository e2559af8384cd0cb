//! Issuing a voucher, and changing it.

use std::sync::Arc;

use domain::{
    ids::CampaignId,
    values::Metadata,
    version::{Precondition, Version},
    vouchers::{CampaignStatus, Cap, VoucherRevision, VoucherStatus, VoucherTerms},
};
use rstest::rstest;
use uuid::Uuid;

use super::{campaign, campaign_id, code, holding, voucher};
use crate::{
    ports::{MockVoucherCodeGenerator, Written},
    testing::{FakeUnitOfWork, FixedClock, NOW, SequentialIds, caller, out_of_reach},
    transaction::CommandHandler as _,
    vouchers::{
        IssueVoucher, IssueVoucherError, IssueVoucherHandler, ReviseVoucher, ReviseVoucherError,
        ReviseVoucherHandler,
    },
};

fn issuer() -> IssueVoucherHandler {
    let mut codes = MockVoucherCodeGenerator::new();
    codes
        .expect_new_voucher_code()
        .returning(|| code("MADE-UP"));
    let ids = Arc::<SequentialIds>::default();
    IssueVoucherHandler::new(FixedClock::at(NOW), ids, Arc::new(codes))
}

fn noted() -> Metadata {
    let mut metadata = Metadata::default();
    metadata.insert("printed_on", "flyer").unwrap();
    metadata
}

fn order(chosen: Option<&str>) -> IssueVoucher {
    IssueVoucher {
        caller: caller(),
        campaign_id: campaign_id(),
        code: chosen.map(code),
        terms: VoucherTerms {
            max_redemptions: Some(Cap::ONE),
            metadata: noted(),
        },
    }
}

#[rstest]
#[case::chosen(Some("summer"), "SUMMER")]
#[case::generated(None, "MADE-UP")]
#[tokio::test]
async fn a_voucher_is_stored_and_announced(
    #[case] chosen: Option<&str>,
    #[case] expected: &str,
    #[values(CampaignStatus::Active, CampaignStatus::Paused)] status: CampaignStatus,
) {
    let mut uow = holding(campaign(status)).announcing("voucher.created", 1);
    let insert = uow.vouchers.expect_insert().once();
    insert.returning(|_| Ok(Written::Stored));

    let issued = issuer().handle(&order(chosen), &mut uow).await.unwrap();

    assert_eq!(issued.code.as_str(), expected);
    assert_eq!(issued.terms, order(None).terms);
    assert_eq!(issued.status, VoucherStatus::Enabled);
}

#[tokio::test]
async fn an_unknown_campaign_has_no_vouchers() {
    let mut uow = holding(campaign(CampaignStatus::Active));
    let nowhere = CampaignId::from_uuid(Uuid::from_u128(99));
    let command = IssueVoucher {
        campaign_id: nowhere,
        ..order(None)
    };

    let refused = issuer().handle(&command, &mut uow).await;

    assert!(matches!(refused, Err(IssueVoucherError::CampaignNotFound(id)) if id == nowhere));
}

#[tokio::test]
async fn a_campaign_that_has_ended_has_no_new_vouchers() {
    let mut uow = holding(campaign(CampaignStatus::Ended));

    let refused = issuer().handle(&order(None), &mut uow).await;

    assert!(matches!(refused, Err(IssueVoucherError::Ended(_))));
}

#[tokio::test]
async fn a_code_of_another_voucher_is_refused_and_nothing_is_announced() {
    let mut uow = holding(campaign(CampaignStatus::Active));
    let insert = uow.vouchers.expect_insert();
    insert.returning(|_| Ok(Written::AlreadyThere));

    let refused = issuer().handle(&order(Some("SUMMER")), &mut uow).await;

    assert!(matches!(refused, Err(IssueVoucherError::AlreadyExists(it)) if it == code("SUMMER")));
}

#[tokio::test]
async fn a_storage_that_fails_is_told() {
    let mut away = FakeUnitOfWork::default();
    away.campaigns
        .expect_find()
        .returning(|_, _| out_of_reach());
    let mut mute = holding(campaign(CampaignStatus::Active)).failing_to_announce();
    mute.vouchers
        .expect_insert()
        .returning(|_| Ok(Written::Stored));

    for mut uow in [away, mute] {
        let failed = issuer().handle(&order(None), &mut uow).await;
        assert!(matches!(failed, Err(IssueVoucherError::Storage(_))));
    }
}

fn reviser() -> ReviseVoucherHandler {
    ReviseVoucherHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn disabling(precondition: Precondition) -> ReviseVoucher {
    ReviseVoucher {
        caller: caller(),
        code: code("SUMMER"),
        precondition,
        revision: VoucherRevision {
            status: Some(VoucherStatus::Disabled),
            metadata: Some(noted()),
            ..VoucherRevision::default()
        },
    }
}

#[tokio::test]
async fn a_voucher_that_is_disabled_is_stored_and_announced() {
    let mut uow = FakeUnitOfWork::default().announcing("voucher.updated", 2);
    let find = uow.vouchers.expect_find_for_update();
    find.returning(|_, _| Ok(Some(voucher("SUMMER"))));
    let update = uow.vouchers.expect_update().once();
    update.returning(|_| Ok(()));

    let command = disabling(Precondition::OneOf(vec![Version::FIRST]));
    let revised = reviser().handle(&command, &mut uow).await.unwrap();

    assert_eq!(revised.status, VoucherStatus::Disabled);
    assert_eq!(revised.terms.metadata, noted());
}

#[tokio::test]
async fn a_voucher_that_is_unknown_or_has_changed_stays_as_it_is() {
    let mut unknown = FakeUnitOfWork::default();
    let find = unknown.vouchers.expect_find_for_update();
    find.returning(|_, _| Ok(None));
    let mut changed = FakeUnitOfWork::default();
    let find = changed.vouchers.expect_find_for_update();
    find.returning(|_, _| Ok(Some(voucher("SUMMER"))));

    let stale = Precondition::OneOf(vec![Version::new(7)]);
    let refusals = [
        reviser()
            .handle(&disabling(Precondition::Any), &mut unknown)
            .await,
        reviser().handle(&disabling(stale), &mut changed).await,
    ];

    let [unknown, changed] = refusals;
    assert!(matches!(unknown, Err(ReviseVoucherError::NotFound(_))));
    assert!(matches!(changed, Err(ReviseVoucherError::Conflict(_))));
}
