use domain::webhooks::{SealedSecret, WebhookSecret};
use jiff::Timestamp;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::{
    ports::MockWebhookSecretGenerator,
    testing::{
        FakeSeal, FakeUnitOfWork, FixedClock, NOW, SequentialIds, WEBHOOK, caller, out_of_reach,
        stored_webhook, stranger,
    },
};

fn secret() -> WebhookSecret {
    WebhookSecret::from_bytes([9; WebhookSecret::BYTES])
}

#[fixture]
fn handler() -> RotateSecretHandler {
    let mut secrets = MockWebhookSecretGenerator::new();
    secrets.expect_new_webhook_secret().returning(secret);
    RotateSecretHandler::new(
        FixedClock::at(NOW),
        Arc::<SequentialIds>::default(),
        Arc::new(secrets),
        Arc::new(FakeSeal),
    )
}

fn command() -> RotateSecret {
    RotateSecret {
        caller: caller(),
        id: WEBHOOK,
    }
}

fn uow() -> FakeUnitOfWork {
    FakeUnitOfWork::default().with_webhook(stored_webhook())
}

#[rstest]
#[tokio::test]
async fn a_new_secret_signs_beside_the_old_one(handler: RotateSecretHandler) {
    let mut uow = uow().announcing("webhook.secret_rotated", 2);
    uow.webhooks.expect_update().once().returning(|_| Ok(()));

    let made = handler.handle(&command(), &mut uow).await.unwrap();

    let now: Timestamp = NOW.parse().unwrap();
    let signing: Vec<_> = made.facts.secrets.signing_at(now).cloned().collect();
    let sealed = FakeSeal.seal(WEBHOOK, &secret()).unwrap();
    assert_eq!(made.secret, secret());
    assert_eq!(signing, [sealed, SealedSecret(vec![7; 32])]);
}

#[rstest]
#[case::unknown(WebhookId::from_uuid(Uuid::from_u128(99)), caller())]
#[case::of_another(WEBHOOK, stranger())]
#[tokio::test]
async fn what_is_not_there_is_not_found(
    handler: RotateSecretHandler,
    #[case] id: WebhookId,
    #[case] caller: Caller,
) {
    let refused = handler
        .handle(&RotateSecret { caller, id }, &mut uow())
        .await;

    assert!(matches!(refused, Err(RotateSecretError::NotFound(_))));
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: RotateSecretHandler) {
    let mut uow = uow();
    uow.webhooks.expect_update().returning(|_| out_of_reach());

    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(RotateSecretError::Storage(_))));
}
