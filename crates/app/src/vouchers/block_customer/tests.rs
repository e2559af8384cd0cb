use super::*;
use crate::testing::{FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, caller};
use domain::values::EmailAddress;
use uuid::Uuid;

fn who() -> Blocked {
    Blocked::Address(EmailAddress::parse("Ada@Example.com").unwrap())
}

fn command() -> BlockCustomer {
    BlockCustomer {
        caller: caller(),
        who: who(),
        metadata: Metadata::default(),
    }
}

fn handler() -> BlockCustomerHandler {
    BlockCustomerHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

#[tokio::test]
async fn whoever_is_blocked_is_told_of() {
    let mut uow = FakeUnitOfWork::default().announcing("voucher_block.created", 1);
    uow.voucher_blocklist
        .expect_block()
        .return_once(|block| Ok(block.facts().clone()));

    let blocked = handler().handle(&command(), &mut uow).await.unwrap();

    assert!(blocked.is_new);
    assert_eq!(blocked.block.name, "email:ada@example.com");
}

#[tokio::test]
async fn whoever_is_blocked_already_is_not_told_of_again() {
    let id = VoucherBlockId::from_uuid(Uuid::from_u128(4_711));
    let what = (&who(), Metadata::default());
    let there = VoucherBlock::block(id, ORGANIZATION, what, NOW.parse().unwrap());
    let there = there.facts().clone();
    let mut uow = FakeUnitOfWork::default();
    let expected = there.clone();
    uow.voucher_blocklist
        .expect_block()
        .return_once(move |_| Ok(there));

    let blocked = handler().handle(&command(), &mut uow).await.unwrap();

    assert!(!blocked.is_new);
    assert_eq!(blocked.block, expected);
}
