//! Payments that are written with their transfers.

use domain::{
    ids::InvoiceId,
    payments::{Direction, PaymentStatus, ProviderName},
    values::Metadata,
    version::Version,
};
use futures_util::future::join_all;

use super::*;
use crate::{
    payments::{AcceptPayment, AcceptPaymentHandler, InternalPayment, NewExternal, NewKind},
    ports::{CarriedOutPayment, Providers},
    testing::{INVOICE, Mishap, caller, standing},
};

fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

fn command(source: u128, destination: u128, minor: i64) -> AcceptPayment {
    AcceptPayment {
        caller: caller(),
        kind: NewKind::Internal {
            source_account_id: account(source),
            destination_account_id: account(destination),
        },
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: Currency::parse("USD").unwrap(),
        invoice_id: None,
        description: None,
        metadata: Metadata::default(),
    }
}

fn for_engine(command: &AcceptPayment) -> Option<InternalPayment> {
    let ids = Arc::new(SequentialIds::default());
    let handler = AcceptPaymentHandler::new(FixedClock::at(NOW), ids, Providers::new([]));
    handler.for_engine(command).unwrap()
}

fn pay(engine: &PostingEngine, name: &str, command: &AcceptPayment) -> JoinHandle<String> {
    let payment = Arc::new(for_engine(command).unwrap());
    let ask = Ask::Payment(Arc::clone(&payment));
    let render = move |verdict: &Verdict| match payment.outcome(verdict).unwrap() {
        Ok(facts) => format!("{} {}", facts.status().code(), facts.amount.as_minor()),
        Err(why) => why.code().to_owned(),
    };
    let asked = PostTransfers {
        key: key(name, 1),
        ask,
        render: Box::new(move |verdict| render(verdict).into_bytes()),
    };
    let engine = engine.clone();
    tokio::spawn(async move { words(engine.post(asked).await) })
}

fn written(store: &MemoryPostingStore) -> Vec<CarriedOutPayment> {
    store.see(|stored| stored.payments.clone())
}

#[tokio::test]
async fn a_payment_is_written_with_its_transfer() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engine = engine_over(&store, settings());

    let answer = pay(&engine, "k", &command(1, 2, 30)).await.unwrap();

    assert_eq!(answer, "completed 30");
    let [paid] = written(&store).try_into().unwrap();
    assert_eq!(
        (paid.event.version, paid.payment.version),
        (Version::FIRST, Version::FIRST)
    );
    assert_eq!(paid.payment.status(), PaymentStatus::Completed);
    let posted = store.see(|stored| stored.transfers.clone());
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].order.kind, TransferKind::Payment);
    let reference = posted[0].order.details.reference.as_ref().unwrap();
    assert_eq!(reference.as_str(), paid.payment.id.to_string());
}

#[tokio::test]
async fn a_payment_that_is_refused_leaves_nothing_and_harms_nobody() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    let engine = engine_over(&store, settings());
    let commands = [
        command(1, 2, 60),
        command(1, 2, 60),
        command(1, 1, 1),
        command(1, 2, 40),
    ];

    let asked = commands.iter().zip(["a", "b", "c", "d"]);
    let answers = join_all(asked.map(|(command, name)| pay(&engine, name, command))).await;

    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    let expected = [
        "completed 60",
        "insufficient_funds",
        "same_account",
        "completed 40",
    ];
    assert_eq!(answers, expected);
    let paid = written(&store);
    let paid: Vec<_> = paid.iter().map(|it| it.payment.amount.as_minor()).collect();
    assert_eq!(paid, [60, 40]);
}

#[tokio::test]
async fn a_payment_whose_commit_nobody_heard_of_is_found_by_its_key() {
    let store = MemoryPostingStore::with([standing(1, 100), standing(2, 0)]);
    store.see(|stored| stored.mishaps.push_back(Mishap::AnswerLost));
    let engine = engine_over(&store, settings());

    let first = pay(&engine, "k", &command(1, 2, 30)).await.unwrap();
    let again = pay(&engine, "k", &command(1, 2, 30)).await.unwrap();

    assert_eq!(
        [first.as_str(), &again],
        ["completed 30", "again completed 30"]
    );
    assert_eq!(written(&store).len(), 1);
}

#[test]
fn what_takes_more_than_a_transfer_is_not_for_the_engine() {
    let settling = AcceptPayment {
        invoice_id: Some::<InvoiceId>(INVOICE),
        ..command(1, 2, 30)
    };
    let external = AcceptPayment {
        kind: NewKind::External(NewExternal {
            provider: ProviderName::parse("simulator").unwrap(),
            direction: Direction::Charge,
            account_id: account(1),
            provider_data: Metadata::default(),
        }),
        ..command(1, 2, 30)
    };

    assert_eq!(for_engine(&settling), None);
    assert_eq!(for_engine(&external), None);
    assert!(for_engine(&command(1, 2, 30)).is_some());
}
