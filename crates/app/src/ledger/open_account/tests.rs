use domain::{
    ledger::{AccountOwner, AccountStatus, Folio, OverdraftLimit, Shard, Standing},
    values::{Currency, Metadata, Name},
    version::Version,
};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::{
    ports::{PostingBatch, SystemAccountOf},
    testing::{
        FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, caller, out_of_reach,
        standing,
    },
};

const OPENED: u128 = 1;
const OPENING_BALANCES: u128 = 77;

#[fixture]
fn handler() -> OpenAccountHandler {
    OpenAccountHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command(initial_balance_minor: i64) -> OpenAccount {
    OpenAccount {
        caller: caller(),
        opening: AccountOpening {
            owner: AccountOwner::parse("ada").unwrap(),
            name: Name::parse("Ada's wallet").unwrap(),
            currency: Currency::parse("USD").unwrap(),
            overdraft_limit: OverdraftLimit::Minor(50),
            metadata: Metadata::default(),
        },
        initial_balance: TransferAmount::from_minor(initial_balance_minor).ok(),
    }
}

fn opening() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().announcing("account.opened", 1);
    uow.accounts.expect_insert().once().returning(|_| Ok(()));
    uow
}

fn page_of_opening_balances(balance_minor: i64) -> Standing {
    let account_id = AccountId::from_uuid(Uuid::from_u128(OPENING_BALANCES));
    Standing {
        folio: Folio {
            account_id,
            // By the id that the account would get: the third, after those of the opened one and of its event.
            shard: Shard::any(3),
        },
        overdraft_limit: OverdraftLimit::Unlimited,
        ..standing(OPENING_BALANCES, balance_minor)
    }
}

/// A journal that has the new account and the page that it is funded from.
fn with_journal(mut uow: FakeUnitOfWork, page: Standing) -> FakeUnitOfWork {
    uow.journal
        .expect_system_accounts()
        .once()
        .withf(|accounts| {
            let dollars = Currency::parse("USD").unwrap();
            let system = SystemAccount::OpeningBalances;
            let wanted = SystemAccountOf::new(ORGANIZATION, system, dollars);
            accounts.iter().map(|(account, _)| account).eq([&wanted])
        })
        .returning(move |_| Ok(vec![page.folio.account_id]));
    uow.journal
        .expect_lock()
        .once()
        .returning(move |_| Ok(vec![standing(OPENED, 0), page]));
    uow
}

#[rstest]
#[tokio::test]
async fn an_account_is_stored_and_announced_with_nothing_on_it(handler: OpenAccountHandler) {
    let mut uow = FakeUnitOfWork::default().announcing("account.opened", 1);
    uow.accounts
        .expect_insert()
        .once()
        .withf(|account| {
            account.facts().id == AccountId::from_uuid(Uuid::from_u128(OPENED))
                && account.facts().organization_id == ORGANIZATION
                && account.standing().balance_minor == 0
        })
        .returning(|_| Ok(()));

    let opened = handler.handle(&command(0), &mut uow).await.unwrap();

    assert_eq!(opened.facts.status, AccountStatus::Active);
    assert_eq!(opened.facts.version, Version::FIRST);
    assert_eq!((opened.balance_minor, opened.held_minor), (0, 0));
    assert_eq!(opened.available_minor(), Some(50));
}

#[rstest]
#[tokio::test]
async fn an_initial_balance_comes_from_opening_balances_in_the_same_transaction(
    handler: OpenAccountHandler,
) {
    let page = page_of_opening_balances(-10);
    let mut uow = with_journal(opening(), page);
    uow.journal
        .expect_write()
        .once()
        .withf(move |PostingBatch { lines, changes, .. }| {
            let [line] = lines.as_slice() else {
                return false;
            };
            let order = &line.transfer.order;
            let balances: Vec<_> = changes.iter().map(|it| it.after.balance_minor).collect();
            order.kind == TransferKind::OpeningBalance
                && order.source == page.folio
                && order.destination == standing(OPENED, 0).folio
                && order.amount.as_minor() == 700
                && balances == [700, -710]
        })
        .returning(|_| Ok(()));

    let opened = handler.handle(&command(700), &mut uow).await.unwrap();

    assert_eq!(opened.balance_minor, 700);
    assert_eq!(opened.available_minor(), Some(750));
}

#[rstest]
#[tokio::test]
async fn a_balance_that_cannot_be_posted_is_refused(handler: OpenAccountHandler) {
    let page = page_of_opening_balances(-(1 << 57));
    let mut uow = with_journal(opening(), page);

    let refused = handler.handle(&command(1), &mut uow).await;

    let expected = Rejection::AmountOutOfRange(page.folio.account_id);
    assert!(matches!(refused, Err(OpenAccountError::Rejected(why)) if why == expected));
}

#[rstest]
#[case::storing({
    let mut uow = FakeUnitOfWork::default();
    uow.accounts.expect_insert().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = FakeUnitOfWork::default().failing_to_announce();
    uow.accounts.expect_insert().returning(|_| Ok(()));
    uow
})]
#[case::posting({
    let mut uow = opening();
    uow.journal.expect_system_accounts().returning(|_| out_of_reach());
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(handler: OpenAccountHandler, #[case] mut uow: FakeUnitOfWork) {
    let failed = handler.handle(&command(700), &mut uow).await;

    assert!(matches!(failed, Err(OpenAccountError::Storage(_))));
}
