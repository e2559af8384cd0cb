use domain::{
    event::DomainEvent,
    ids::AccountId,
    invoicing::InvoiceStatus,
    ledger::{AccountStatus, Standing, TransferAmount},
    payments::{Direction, PaymentStatus},
    values::{Currency, InvalidValue, Metadata},
};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    events::SpeltEvent,
    ports::{MockPaymentProvider, PaymentProvider, Written},
    testing::{
        FakeUnitOfWork, FixedClock, INVOICE, MemoryPostingStore, NOW, SequentialIds, caller,
        out_of_reach, standing, stored_invoice, stranger,
    },
};

/// What [`stored_invoice`] comes to.
const TOTAL: i64 = 174_000;

fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

fn handler(check: Result<(), InvalidProviderData>) -> AcceptPaymentHandler {
    let mut provider = MockPaymentProvider::new();
    let name = ProviderName::parse("simulator").unwrap();
    provider.expect_name().return_const(name);
    provider.expect_check().returning(move |_| check.clone());
    let provider: Arc<dyn PaymentProvider> = Arc::new(provider);
    let ids = Arc::<SequentialIds>::default();
    // The first ones are those of accounts that are there.
    for _ in 0..9 {
        ids.new_id();
    }
    AcceptPaymentHandler::new(FixedClock::at(NOW), ids, Providers::new([provider]))
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
    assert_eq!(told.all(), ["payment.created", "payment.completed"]);
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
#[case::in_part(TOTAL - 1, &["invoice.payment_received", "payment.created", "payment.completed"])]
#[case::in_whole(TOTAL, &["invoice.paid", "payment.created", "payment.completed"])]
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
#[case::more_than_there_is(internal(200_001), "insufficient_funds")]
#[case::in_another_currency(in_euros(internal(1)), "currency_mismatch")]
#[case::to_itself(between(1, 1), "same_account")]
#[case::to_itself_for_an_invoice(settling(between(1, 1)), "same_account")]
#[case::from_nobody(between(8, 2), "account_not_found")]
#[case::to_nobody(between(1, 8), "account_not_found")]
#[case::to_a_frozen_one(between(1, 3), "account_frozen")]
#[case::to_a_closed_one(between(1, 4), "account_closed")]
#[case::a_payout_of_more_than_there_is(
    external(Direction::Payout, 1, 200_001),
    "insufficient_funds"
)]
#[case::a_payout_in_another_currency(
    in_euros(external(Direction::Payout, 1, 1)),
    "currency_mismatch"
)]
#[case::a_payout_from_nobody(external(Direction::Payout, 8, 1), "account_not_found")]
#[case::a_payout_from_a_frozen_one(external(Direction::Payout, 3, 1), "account_frozen")]
#[case::a_payout_from_a_closed_one(external(Direction::Payout, 4, 1), "account_closed")]
#[case::a_charge_in_another_currency(
    in_euros(external(Direction::Charge, 1, 1)),
    "currency_mismatch"
)]
#[case::a_charge_to_nobody(external(Direction::Charge, 8, 1), "account_not_found")]
#[case::a_charge_to_a_frozen_one(external(Direction::Charge, 3, 1), "account_frozen")]
#[case::a_charge_to_a_closed_one(external(Direction::Charge, 4, 1), "account_closed")]
#[case::from_an_account_of_others(
    AcceptPayment { caller: stranger(), ..internal(1) },
    "account_not_found"
)]
#[tokio::test]
async fn what_the_ledger_refuses_is_not_accepted(
    #[case] command: AcceptPayment,
    #[case] code: &str,
) {
    let store = store();
    let invoice = stored_invoice(&[InvoiceStatus::Sent]);
    let mut uow = FakeUnitOfWork::default()
        .with_books(&store)
        .with_invoice(invoice);
    // What is stored before the ledger is asked goes with the transaction.
    uow.payments.expect_insert().returning(|_| Ok(()));

    let refused = handler(Ok(())).handle(&command, &mut uow).await;

    let Err(AcceptPaymentError::Rejected(why)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(why.code(), code);
    assert_eq!((on(&store, 1), on(&store, 2)), ((200_000, 0), (0, 0)));
    assert!(store.see(|stored| stored.transfers.is_empty()));
}

#[rstest]
#[case::a_draft(&[], 0, settling(internal(1)))]
#[case::a_cancelled_one(&[InvoiceStatus::Sent, InvoiceStatus::Cancelled], 0, settling(internal(1)))]
#[case::in_another_currency(&[InvoiceStatus::Sent], 0, in_euros(settling(internal(1))))]
#[case::more_than_is_due(&[InvoiceStatus::Sent], 0, settling(internal(TOTAL + 1)))]
#[case::more_than_others_leave(&[InvoiceStatus::Sent], 2, settling(internal(TOTAL - 1)))]
#[case::a_charge_of_more_than_others_leave(
    &[InvoiceStatus::Sent], TOTAL, settling(external(Direction::Charge, 1, 1))
)]
#[tokio::test]
async fn what_the_invoice_has_no_room_for_is_not_accepted(
    #[case] steps: &[InvoiceStatus],
    #[case] running_minor: i64,
    #[case] command: AcceptPayment,
) {
    let mut uow = FakeUnitOfWork::default();
    uow.invoice_payments
        .expect_running_minor()
        .returning(move |_, _| Ok(running_minor));
    let mut uow = uow.with_invoice(stored_invoice(steps));

    let refused = handler(Ok(())).handle(&command, &mut uow).await;

    let Err(AcceptPaymentError::Unpayable(why)) = refused else {
        panic!("{refused:?}");
    };
    let is_expected = match why {
        PayInvoiceError::NotPayable(_) => steps != [InvoiceStatus::Sent],
        PayInvoiceError::CurrencyMismatch { .. } => command.currency.code() == "EUR",
        PayInvoiceError::Exceeds(_) => command.amount.as_minor() + running_minor > TOTAL,
    };
    assert!(is_expected, "{why}");
}

#[rstest]
#[case::unknown(InvoiceId::from_uuid(Uuid::from_u128(99)), caller())]
#[case::of_others(INVOICE, stranger())]
#[tokio::test]
async fn an_invoice_that_is_not_the_client_s_is_not_there(
    #[case] id: InvoiceId,
    #[case] by: crate::platform::Caller,
) {
    let invoice = stored_invoice(&[InvoiceStatus::Sent]);
    let mut uow = FakeUnitOfWork::default().with_invoice(invoice);
    let command = AcceptPayment {
        caller: by,
        invoice_id: Some(id),
        ..internal(1)
    };

    let refused = handler(Ok(())).handle(&command, &mut uow).await;

    assert!(
        matches!(refused, Err(AcceptPaymentError::InvoiceNotFound(it)) if it == id),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_provider_that_there_is_not_is_refused() {
    let mut command = external(Direction::Charge, 1, 1);
    let name = ProviderName::parse("stripe").unwrap();
    if let NewKind::External(external) = &mut command.kind {
        external.provider = name.clone();
    }

    let refused = handler(Ok(()))
        .handle(&command, &mut FakeUnitOfWork::default())
        .await;

    assert!(
        matches!(&refused, Err(AcceptPaymentError::ProviderUnknown(it)) if *it == name),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_a_provider_could_not_do_is_refused_before_anything_is_looked_at() {
    let wrong = InvalidProviderData {
        field: "provider_data/payment_method",
        why: InvalidValue::Empty,
    };

    let refused = handler(Err(wrong.clone()))
        .handle(
            &external(Direction::Charge, 1, 1),
            &mut FakeUnitOfWork::default(),
        )
        .await;

    assert!(
        matches!(&refused, Err(AcceptPaymentError::InvalidProviderData(it)) if *it == wrong),
        "{refused:?}"
    );
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
