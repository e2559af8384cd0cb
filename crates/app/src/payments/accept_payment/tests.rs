mod refusals;

use domain::{
    event::DomainEvent,
    ids::{AccountId, InvoiceId},
    invoicing::{InvoiceStatus, PayInvoiceError},
    ledger::{AccountStatus, Standing, TransferAmount},
    payments::{Direction, PaymentStatus, ProviderName},
    values::{Currency, InvalidValue, Metadata},
};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    events::SpeltEvent,
    ports::{InvalidProviderData, Written},
    testing::{
        FakeUnitOfWork, FixedClock, INVOICE, MemoryPostingStore, NOW, SequentialIds, caller,
        out_of_reach, simulator_that_checks, standing, stored_invoice, stranger,
    },
};

/// What [`stored_invoice`] comes to.
const TOTAL: i64 = 174_000;

fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

fn handler(check: Result<(), InvalidProviderData>) -> AcceptPaymentHandler {
    let ids = Arc::<SequentialIds>::default();
    // The first ones are those of accounts that are there.
    for _ in 0..9 {
        ids.new_id();
    }
    AcceptPaymentHandler::new(FixedClock::at(NOW), ids, simulator_that_checks(check))
}

/// Between the accounts 1 and 2, in USD.
fn internal(minor: i64) -> AcceptPayment {
    AcceptPayment {
        caller: caller(),
        kind: NewKind::Internal {
            source_account_id: account(1),
            destination_account_id: account(2),
        },
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: Currency::parse("USD").unwrap(),
        invoice_id: None,
        description: None,
        metadata: Metadata::default(),
    }
}

fn between(source: u128, destination: u128) -> AcceptPayment {
    AcceptPayment {
        kind: NewKind::Internal {
            source_account_id: account(source),
            destination_account_id: account(destination),
        },
        ..internal(1)
    }
}

/// From or to an account through a provider.
fn external(direction: Direction, number: u128, minor: i64) -> AcceptPayment {
    AcceptPayment {
        kind: NewKind::External(NewExternal {
            provider: ProviderName::parse("simulator").unwrap(),
            direction,
            account_id: account(number),
            provider_data: Metadata::default(),
        }),
        ..internal(minor)
    }
}

fn settling(payment: AcceptPayment) -> AcceptPayment {
    AcceptPayment {
        invoice_id: Some(INVOICE),
        ..payment
    }
}

fn in_euros(payment: AcceptPayment) -> AcceptPayment {
    AcceptPayment {
        currency: Currency::parse("EUR").unwrap(),
        ..payment
    }
}

/// 200,000 on account 1, nothing on the accounts 2, 3 (frozen) and 4 (closed).
fn store() -> Arc<MemoryPostingStore> {
    let with = |number, status| Standing {
        status,
        ..standing(number, 0)
    };
    MemoryPostingStore::with([
        standing(1, 200_000),
        standing(2, 0),
        with(3, AccountStatus::Frozen),
        with(4, AccountStatus::Closed),
    ])
}

/// What is on an account, and what of that is held.
fn on(store: &MemoryPostingStore, number: u128) -> (i64, i64) {
    let page = standing(number, 0).folio;
    store.see(|stored| {
        let standing = stored.standings[&page];
        (standing.balance_minor, standing.held_minor)
    })
}

/// What was told, in the order in which it was.
#[derive(Clone, Default)]
struct Told(Arc<std::sync::Mutex<Vec<&'static str>>>);

impl Told {
    fn note(&self, events: &[DomainEvent]) {
        let types = events
            .iter()
            .map(|event| SpeltEvent::from(event).event_type);
        self.0.lock().unwrap().extend(types);
    }

    fn all(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

/// Stores one payment, on these books.
fn storing(store: &Arc<MemoryPostingStore>, told: &Told) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().with_books(store);
    uow.payments.expect_insert().once().returning(|_| Ok(()));
    uow.holds.expect_insert().returning(|_| Ok(()));
    uow.invoices
        .expect_update()
        .returning(|_| Ok(Written::Stored));
    let told = told.clone();
    uow.outbox.expect_append().returning(move |events, _| {
        told.note(&events);
        Ok(())
    });
    uow
}

#[tokio::test]
async fn between_two_accounts_money_moves_at_once() {
    let (store, told) = (store(), Told::default());
    let mut uow = storing(&store, &told);

    let paid = handler(Ok(())).handle(&internal(300), &mut uow).await;

    assert_eq!(paid.unwrap().status(), PaymentStatus::Completed);
    assert_eq!((on(&store, 1), on(&store, 2)), ((199_700, 0), (300, 0)));
    assert_eq!(told.all(), ["payment.completed"]);
}

#[tokio::test]
async fn the_money_of_a_payout_is_kept_for_it() {
    let (store, told) = (store(), Told::default());
    let mut uow = storing(&store, &told);

    let command = external(Direction::Payout, 1, 300);
    let paid = handler(Ok(())).handle(&command, &mut uow).await.unwrap();

    assert_eq!(paid.status(), PaymentStatus::Pending);
    assert!(paid.kind.leg().is_some_and(|leg| leg.hold_id.is_some()));
    assert_eq!(on(&store, 1), (200_000, 300));
    assert_eq!(told.all(), ["hold.created", "payment.created"]);
}

#[tokio::test]
async fn a_charge_moves_nothing_before_its_provider_has() {
    let (store, told) = (store(), Told::default());
    let mut uow = storing(&store, &told);

    let command = external(Direction::Charge, 2, 300);
    let paid = handler(Ok(())).handle(&command, &mut uow).await.unwrap();

    assert_eq!(paid.status(), PaymentStatus::Pending);
    assert_eq!(on(&store, 2), (0, 0));
    assert_eq!(told.all(), ["payment.created"]);
}

#[rstest]
#[case::in_part(TOTAL - 1, &["invoice.payment_received", "payment.completed"])]
#[case::in_whole(TOTAL, &["invoice.paid", "payment.completed"])]
#[tokio::test]
async fn an_invoice_is_settled_with_the_payment(#[case] minor: i64, #[case] expected: &[&str]) {
    let (store, told) = (store(), Told::default());
    let invoice = stored_invoice(&[InvoiceStatus::Sent]);
    let mut uow = storing(&store, &told).with_invoice(invoice);

    let command = settling(internal(minor));
    let paid = handler(Ok(())).handle(&command, &mut uow).await;

    assert_eq!(paid.unwrap().invoice_id, Some(INVOICE));
    assert_eq!(on(&store, 2), (minor, 0));
    assert_eq!(told.all(), expected);
}

#[rstest]
#[case::between_two_accounts(internal(1))]
#[case::out(external(Direction::Payout, 1, 1))]
#[case::into(external(Direction::Charge, 1, 1))]
#[tokio::test]
async fn a_storage_that_fails_is_told(#[case] command: AcceptPayment) {
    let mut uow = FakeUnitOfWork::default().with_books(&store());
    uow.holds.expect_insert().returning(|_| Ok(()));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    uow.payments
        .expect_insert()
        .once()
        .returning(|_| out_of_reach());

    let failed = handler(Ok(())).handle(&command, &mut uow).await;

    assert!(
        matches!(failed, Err(AcceptPaymentError::Storage(_))),
        "{failed:?}"
    );
}
