use mockall::predicate::eq;
use rstest::rstest;

use super::*;
use crate::{
    ports::{IdempotencyKey, TransactionSpec},
    testing::{FakeTransactor, FakeUnitOfWork, ORGANIZATION, out_of_reach},
};

/// What becomes of an order.
#[derive(Clone, Copy)]
enum Order {
    Accepted,
    Refused,
    Unanswered,
}

#[derive(Debug, thiserror::Error)]
enum OrderError {
    #[error("refused")]
    Refused,
    #[error(transparent)]
    Storage(#[from] StorageError),
}

struct PlaceOrder;

impl CommandHandler<Order> for PlaceOrder {
    type Output = &'static str;
    type Error = OrderError;

    const NAME: &'static str = "place_order";
    const ISOLATION: Isolation = Isolation::Serializable;

    async fn handle(
        &self,
        order: &Order,
        _uow: &mut dyn UnitOfWork,
    ) -> Result<&'static str, OrderError> {
        match order {
            Order::Accepted => Ok("accepted"),
            Order::Refused => Err(OrderError::Refused),
            Order::Unanswered => Err(out_of_reach::<()>().unwrap_err().into()),
        }
    }
}

/// Fails the test when it is asked for anything.
struct Untouchable;

impl CommandHandler<Order> for Untouchable {
    type Output = &'static str;
    type Error = OrderError;

    const NAME: &'static str = "untouchable";

    async fn handle(
        &self,
        _order: &Order,
        _uow: &mut dyn UnitOfWork,
    ) -> Result<&'static str, OrderError> {
        panic!("the command was carried out")
    }
}

fn spell(result: Result<&&'static str, &OrderError>) -> Answer {
    let (text, is_final) = match result {
        Ok(text) => (*text, true),
        Err(OrderError::Refused) => ("refused", true),
        Err(OrderError::Storage(_)) => ("try later", false),
    };
    Answer {
        bytes: text.into(),
        is_final,
    }
}

fn key() -> KeyUse {
    KeyUse {
        scope: KeyScope {
            organization_id: ORGANIZATION,
            key: IdempotencyKey::parse("order-1").unwrap(),
        },
        fingerprint: Fingerprint([7; 32]),
    }
}

async fn execute<H>(
    transactor: &Arc<FakeTransactor>,
    handler: H,
    command: Order,
) -> Result<Reply, OnceError>
where
    H: CommandHandler<Order, Output = &'static str, Error = OrderError>,
{
    let bus = CommandBus::new(transactor.clone(), []);
    let keyed = Keyed {
        key: key(),
        command,
        render: spell,
    };
    execute_once(&bus, Arc::new(handler), keyed).await
}

/// A transaction in which the key is claimed, with this outcome.
fn claiming(outcome: Claim) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.idempotency_keys
        .expect_claim()
        .once()
        .with(eq(key().scope), eq(key().fingerprint))
        .returning(move |_, _| Ok(outcome.clone()));
    uow
}

/// A transaction in which the key is new, and this answer is remembered under it.
fn remembering(answer: &'static str) -> FakeUnitOfWork {
    let mut uow = claiming(Claim::First);
    uow.idempotency_keys
        .expect_remember()
        .once()
        .withf(move |scope, fingerprint, bytes| {
            *scope == key().scope && *fingerprint == key().fingerprint && bytes == answer.as_bytes()
        })
        .returning(|_, _, _| Ok(()));
    uow
}

fn fresh(answer: &str) -> Reply {
    Reply::Fresh(answer.into())
}

fn replayed(answer: &str) -> Reply {
    Reply::Replayed(answer.into())
}

#[tokio::test]
async fn the_first_answer_is_remembered_in_the_transaction_of_its_effect() {
    let transactor = FakeTransactor::over(remembering("accepted")).shared();

    let reply = execute(&transactor, PlaceOrder, Order::Accepted).await;

    assert_eq!(reply.unwrap(), fresh("accepted"));
    assert_eq!(transactor.tally(), (1, 1, 0));
    let spec = TransactionSpec {
        name: "place_order",
        isolation: Isolation::Serializable,
    };
    assert_eq!(transactor.specs(), [spec]);
}

#[tokio::test]
async fn a_repeated_request_is_answered_alike_and_has_no_effect() {
    let uow = claiming(Claim::Replay(b"accepted".to_vec()));
    let transactor = FakeTransactor::over(uow).shared();

    let reply = execute(&transactor, Untouchable, Order::Accepted).await;

    assert_eq!(reply.unwrap(), replayed("accepted"));
}

#[tokio::test]
async fn a_key_of_another_request_is_refused_and_nothing_has_an_effect() {
    let transactor = FakeTransactor::over(claiming(Claim::Mismatch)).shared();

    let refused = execute(&transactor, Untouchable, Order::Accepted).await;

    assert!(matches!(refused, Err(OnceError::KeyReused)));
    assert_eq!(transactor.tally(), (1, 0, 1));
}

#[tokio::test]
async fn a_request_that_is_still_in_progress_is_not_begun_again() {
    let transactor = FakeTransactor::over(claiming(Claim::InProgress)).shared();

    let refused = execute(&transactor, Untouchable, Order::Accepted).await;

    assert!(matches!(refused, Err(OnceError::InProgress)));
    assert_eq!(transactor.tally(), (1, 0, 1));
}

#[tokio::test]
async fn a_final_refusal_is_rolled_back_and_remembered_in_a_transaction_of_its_own() {
    let uows = [claiming(Claim::First), remembering("refused")];
    let transactor = FakeTransactor::over_each(uows).shared();

    let reply = execute(&transactor, PlaceOrder, Order::Refused).await;

    assert_eq!(reply.unwrap(), fresh("refused"));
    assert_eq!(transactor.tally(), (2, 1, 1));
    let names: Vec<_> = transactor.specs().iter().map(|spec| spec.name).collect();
    assert_eq!(names, ["place_order", "remember_refusal"]);
}

#[tokio::test]
async fn a_refusal_that_is_not_final_is_not_remembered() {
    let transactor = FakeTransactor::over(claiming(Claim::First)).shared();

    let reply = execute(&transactor, PlaceOrder, Order::Unanswered).await;

    assert_eq!(reply.unwrap(), fresh("try later"));
    assert_eq!(transactor.tally(), (1, 0, 1));
}

#[tokio::test]
async fn a_rival_that_was_quicker_than_the_remembering_decides_the_answer() {
    let rival = claiming(Claim::Replay(b"accepted".to_vec()));
    let transactor = FakeTransactor::over_each([claiming(Claim::First), rival]).shared();

    let reply = execute(&transactor, PlaceOrder, Order::Refused).await;

    assert_eq!(reply.unwrap(), replayed("accepted"));
}

#[rstest]
#[case::for_the_same_request(Claim::InProgress)]
#[case::for_another_request(Claim::Mismatch)]
#[tokio::test]
async fn a_refusal_is_not_told_while_a_rival_has_the_key(#[case] claim: Claim) {
    let expected = match claim {
        Claim::InProgress => OnceError::InProgress,
        _ => OnceError::KeyReused,
    };
    let transactor = FakeTransactor::over_each([claiming(Claim::First), claiming(claim)]).shared();

    let refused = execute(&transactor, PlaceOrder, Order::Refused).await;

    assert_eq!(refused.unwrap_err().to_string(), expected.to_string());
    assert_eq!(transactor.tally(), (2, 0, 2));
}

#[tokio::test]
async fn after_a_lost_race_the_key_is_claimed_again() {
    let mut uow = FakeUnitOfWork::default();
    let keys = &mut uow.idempotency_keys;
    let claim = keys.expect_claim().times(2);
    claim.returning(|_, _| Ok(Claim::First));
    let remember = keys.expect_remember().times(2);
    remember.returning(|_, _, _| Ok(()));
    let transactor = FakeTransactor::over(uow).losing(1).shared();

    let reply = execute(&transactor, PlaceOrder, Order::Accepted).await;

    assert_eq!(reply.unwrap(), fresh("accepted"));
    assert_eq!(transactor.tally(), (2, 1, 0));
}

#[tokio::test]
async fn without_a_claim_nothing_has_an_effect() {
    let mut uow = FakeUnitOfWork::default();
    let claim = uow.idempotency_keys.expect_claim().once();
    claim.returning(|_, _| out_of_reach());
    let transactor = FakeTransactor::over(uow).shared();

    let failed = execute(&transactor, Untouchable, Order::Accepted).await;

    assert!(matches!(failed, Err(OnceError::Storage(_))));
    assert_eq!(transactor.tally(), (1, 0, 1));
}

#[tokio::test]
async fn an_answer_that_cannot_be_remembered_undoes_the_effect() {
    let mut uow = claiming(Claim::First);
    let remember = uow.idempotency_keys.expect_remember().once();
    remember.returning(|_, _, _| out_of_reach());
    let transactor = FakeTransactor::over(uow).shared();

    let failed = execute(&transactor, PlaceOrder, Order::Accepted).await;

    assert!(matches!(failed, Err(OnceError::Storage(_))));
    assert_eq!(transactor.tally(), (1, 0, 1));
}

#[tokio::test]
async fn a_refusal_that_cannot_be_remembered_is_not_told() {
    let transactor = FakeTransactor::over(claiming(Claim::First)).shared();

    let failed = execute(&transactor, PlaceOrder, Order::Refused).await;

    assert!(matches!(failed, Err(OnceError::Storage(_))));
    assert_eq!(transactor.specs().len(), 2);
}

#[rstest]
#[case::kept(Claim::Replay(b"accepted".to_vec()), Some(b"accepted".to_vec()))]
#[case::none(Claim::First, None)]
#[case::of_another_request(Claim::Mismatch, None)]
#[case::not_there_yet(Claim::InProgress, None)]
#[tokio::test]
async fn an_answer_is_recalled_for_the_same_request_only(
    #[case] claim: Claim,
    #[case] expected: Option<Vec<u8>>,
) {
    let transactor = FakeTransactor::over(claiming(claim)).shared();

    let recalled = recall(&CommandBus::new(transactor, []), key()).await;

    assert_eq!(recalled.unwrap(), expected);
}
