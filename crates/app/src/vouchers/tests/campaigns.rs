//! Launching a campaign, and changing it.

use std::sync::Arc;

use domain::{
    ids::CampaignId,
    version::{Precondition, Version},
    vouchers::{
        CampaignRevision, CampaignStatus, CampaignTerms, Cap, Contradiction, InvalidTerms,
        ReviseError,
    },
};
use uuid::Uuid;

use super::{campaign, campaign_id, holding, terms};
use crate::{
    testing::{FakeUnitOfWork, FixedClock, NOW, SequentialIds, caller, out_of_reach},
    transaction::CommandHandler as _,
    vouchers::{
        LaunchCampaign, LaunchCampaignError, LaunchCampaignHandler, ReviseCampaign,
        ReviseCampaignError, ReviseCampaignHandler,
    },
};

fn launcher() -> LaunchCampaignHandler {
    LaunchCampaignHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn launch(terms: CampaignTerms) -> LaunchCampaign {
    LaunchCampaign {
        caller: caller(),
        terms,
    }
}

#[tokio::test]
async fn a_campaign_is_stored_and_announced() {
    let mut uow = FakeUnitOfWork::default().announcing("campaign.created", 1);
    uow.campaigns.expect_insert().once().returning(|_| Ok(()));

    let launched = launcher().handle(&launch(terms()), &mut uow).await.unwrap();

    assert_eq!(launched.status, CampaignStatus::Active);
    assert_eq!(launched.terms, terms());
}

#[tokio::test]
async fn terms_that_contradict_themselves_are_refused() {
    let mut uow = FakeUnitOfWork::default();
    let amounts = CampaignTerms {
        min_total: Some(Cap::ONE),
        ..terms()
    };

    let refused = launcher().handle(&launch(amounts), &mut uow).await;

    let Err(LaunchCampaignError::Invalid(InvalidTerms(why))) = refused else {
        unreachable!("it was launched");
    };
    assert_eq!(why, [Contradiction::NoCurrency]);
}

#[tokio::test]
async fn a_storage_that_fails_is_told() {
    let mut uow = FakeUnitOfWork::default();
    uow.campaigns.expect_insert().returning(|_| out_of_reach());

    let failed = launcher().handle(&launch(terms()), &mut uow).await;

    assert!(matches!(failed, Err(LaunchCampaignError::Storage(_))));
}

fn reviser() -> ReviseCampaignHandler {
    ReviseCampaignHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn revise(revision: CampaignRevision) -> ReviseCampaign {
    ReviseCampaign {
        caller: caller(),
        id: campaign_id(),
        precondition: Precondition::Any,
        revision,
    }
}

#[tokio::test]
async fn a_limit_that_is_new_counts_what_was_redeemed_before() {
    let mut uow = holding(campaign(CampaignStatus::Active)).announcing("campaign.updated", 2);
    uow.campaigns.expect_update().once().returning(|_| Ok(()));
    uow.campaigns.expect_recount().once().returning(|_| Ok(()));
    let limited = CampaignRevision {
        redemptions: Some(Some(Cap::ONE)),
        ..CampaignRevision::default()
    };

    let revised = reviser().handle(&revise(limited), &mut uow).await.unwrap();

    assert_eq!(revised.terms.limits.redemptions, Some(Cap::ONE));
}

#[tokio::test]
async fn a_pause_counts_nothing_anew() {
    let mut uow = holding(campaign(CampaignStatus::Active)).announcing("campaign.updated", 2);
    uow.campaigns.expect_update().once().returning(|_| Ok(()));
    let paused = CampaignRevision {
        status: Some(CampaignStatus::Paused),
        ..CampaignRevision::default()
    };

    let revised = reviser().handle(&revise(paused), &mut uow).await.unwrap();

    assert_eq!(revised.status, CampaignStatus::Paused);
}

#[tokio::test]
async fn what_cannot_be_changed_is_told_apart() {
    let nowhere = ReviseCampaign {
        id: CampaignId::from_uuid(Uuid::from_u128(99)),
        ..revise(CampaignRevision::default())
    };
    let stale = ReviseCampaign {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..revise(CampaignRevision::default())
    };
    let mut active = holding(campaign(CampaignStatus::Active));
    let mut ended = holding(campaign(CampaignStatus::Ended));

    let unknown = reviser().handle(&nowhere, &mut active).await;
    let changed = reviser().handle(&stale, &mut active).await;
    let over = reviser()
        .handle(&revise(CampaignRevision::default()), &mut ended)
        .await;

    assert!(matches!(unknown, Err(ReviseCampaignError::NotFound(_))));
    assert!(matches!(changed, Err(ReviseCampaignError::Conflict(_))));
    assert!(matches!(
        over,
        Err(ReviseCampaignError::Refused(ReviseError::Ended(_)))
    ));
}
