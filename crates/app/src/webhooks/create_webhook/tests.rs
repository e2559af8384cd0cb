use domain::{version::Version, webhooks::WebhookState};
use rstest::{fixture, rstest};

use super::*;
use crate::{
    ports::MockWebhookSecretGenerator,
    testing::{
        FakeSeal, FakeUnitOfWork, FixedClock, NOW, SequentialIds, caller, out_of_reach,
        webhook_profile,
    },
};

fn secret() -> WebhookSecret {
    WebhookSecret::from_bytes([9; WebhookSecret::BYTES])
}

#[fixture]
fn handler() -> CreateWebhookHandler {
    let mut secrets = MockWebhookSecretGenerator::new();
    secrets.expect_new_webhook_secret().returning(secret);
    CreateWebhookHandler::new(
        FixedClock::at(NOW),
        Arc::<SequentialIds>::default(),
        Arc::new(secrets),
        Arc::new(FakeSeal),
    )
}

fn command(is_enabled: bool) -> CreateWebhook {
    CreateWebhook {
        caller: caller(),
        profile: webhook_profile(&["*"]),
        is_enabled,
    }
}

#[rstest]
#[case::enabled(true)]
#[case::disabled(false)]
#[tokio::test]
async fn an_endpoint_is_stored_under_seal_and_announced(
    handler: CreateWebhookHandler,
    #[case] is_enabled: bool,
) {
    let mut uow = FakeUnitOfWork::default().announcing("webhook.created", 1);
    uow.webhooks
        .expect_insert()
        .once()
        .withf(|webhook| {
            let sealed = FakeSeal.seal(webhook.facts().id, &secret()).unwrap();
            webhook.facts().secrets.current == sealed
        })
        .returning(|_| Ok(()));

    let made = handler
        .handle(&command(is_enabled), &mut uow)
        .await
        .unwrap();

    assert_eq!(made.secret, secret());
    assert_eq!(made.facts.profile, webhook_profile(&["*"]));
    assert_eq!(made.facts.state == WebhookState::Enabled, is_enabled);
    assert_eq!(made.facts.version, Version::FIRST);
}

#[rstest]
#[case::storing({
    let mut uow = FakeUnitOfWork::default();
    uow.webhooks.expect_insert().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = FakeUnitOfWork::default().failing_to_announce();
    uow.webhooks.expect_insert().returning(|_| Ok(()));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(handler: CreateWebhookHandler, #[case] mut uow: FakeUnitOfWork) {
    let failed = handler.handle(&command(true), &mut uow).await;

    assert!(matches!(failed, Err(CreateWebhookError::Storage(_))));
}
