use domain::{
    ids::{CustomerId, VoucherBlockId},
    values::Metadata,
    vouchers::{Blocked, VoucherBlock},
};
use uuid::Uuid;

use super::*;
use crate::testing::{FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, caller};

fn command() -> UnblockCustomer {
    UnblockCustomer {
        caller: caller(),
        holder: Holder {
            customer_id: Some(CustomerId::from_uuid(Uuid::from_u128(7))),
            email: None,
        },
    }
}

fn handler() -> UnblockCustomerHandler {
    UnblockCustomerHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

#[tokio::test]
async fn whoever_is_unblocked_is_told_of() {
    let mut uow = FakeUnitOfWork::default().announcing("voucher_block.lifted", 2);
    uow.voucher_blocklist
        .expect_unblock()
        .withf(|_, choice| {
            let name = Holder::name_of_customer(CustomerId::from_uuid(Uuid::from_u128(7)));
            *choice == BlockChoice::Names(vec![name])
        })
        .return_once(|owner, _| {
            let id = VoucherBlockId::from_uuid(Uuid::from_u128(1));
            let who = Blocked::Customer(CustomerId::from_uuid(Uuid::from_u128(7)));
            let what = (&who, Metadata::default());
            let mut stored = VoucherBlock::block(id, owner, what, NOW.parse().unwrap());
            stored.take_events();
            Ok(vec![stored])
        });

    let unblocked = handler().handle(&command(), &mut uow).await;

    assert!(unblocked.is_ok());
}

#[tokio::test]
async fn nobody_is_unblocked_who_is_not_blocked() {
    let mut uow = FakeUnitOfWork::default();
    uow.voucher_blocklist
        .expect_unblock()
        .withf(|owner, _| *owner == ORGANIZATION)
        .return_once(|_, _| Ok(Vec::new()));

    let unblocked = handler().handle(&command(), &mut uow).await;

    assert!(matches!(unblocked, Err(UnblockCustomerError::NotBlocked)));
}
