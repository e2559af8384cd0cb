use domain::ids::InvoiceId;
use mockall::{Sequence, predicate::eq};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::testing::{FakeUnitOfWork, INVOICE, ORGANIZATION, out_of_reach, stored_invoice};

const ANOTHER: InvoiceId = InvoiceId::from_uuid(Uuid::from_u128(5));

fn series() -> Series {
    Series::named("INV-2026-")
}

/// A series whose last position is this, and in which clients have chosen these numbers.
fn series_at(last: i64, chosen: &'static [&str]) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.invoice_numbers
        .expect_lock()
        .once()
        .with(eq(ORGANIZATION), eq(series()))
        .returning(move |_, _| Ok(last));
    uow.invoice_numbers
        .expect_holders_of()
        .returning(move |_, numbers| {
            let held = numbers.iter().filter(|it| chosen.contains(&it.as_str()));
            Ok(held.map(|number| (number.clone(), ANOTHER)).collect())
        });
    uow
}

/// Expects that exactly these positions are taken, in this order, some of them together.
fn registering(mut uow: FakeUnitOfWork, steps: Vec<Vec<RegisteredNumber>>) -> FakeUnitOfWork {
    let mut order = Sequence::new();
    for rows in steps {
        uow.invoice_numbers
            .expect_register()
            .once()
            .in_sequence(&mut order)
            .withf(move |owner, of, taken| {
                (*owner, of) == (ORGANIZATION, &series()) && taken == rows
            })
            .returning(|_, _, _| Ok(()));
    }
    uow
}

fn row(position: i64, fate: NumberFate, invoice_id: InvoiceId) -> RegisteredNumber {
    RegisteredNumber {
        position,
        number: series().number_at(position),
        invoice_id,
        fate,
    }
}

#[rstest]
#[case::of_a_new_series(0, 1, "INV-2026-000001")]
#[case::after_the_last(41, 42, "INV-2026-000042")]
#[case::beyond_six_digits(999_999, 1_000_000, "INV-2026-1000000")]
#[tokio::test]
async fn the_next_number_is_taken_and_put_on_record(
    #[case] last: i64,
    #[case] position: i64,
    #[case] number: &str,
) {
    let issued = row(position, NumberFate::Issued, INVOICE);
    let mut uow = registering(series_at(last, &[]), vec![vec![issued]]);

    let taken = take_number(stored_invoice(&[]).facts(), &series(), &mut uow).await;

    assert_eq!(taken.unwrap().as_str(), number);
}

#[tokio::test]
async fn numbers_that_clients_have_chosen_are_passed_over_and_put_on_record_as_that() {
    let chosen = &["INV-2026-000008", "INV-2026-000009"];
    let steps = vec![
        vec![row(8, NumberFate::ChosenByClient, ANOTHER)],
        vec![
            row(9, NumberFate::ChosenByClient, ANOTHER),
            row(10, NumberFate::Issued, INVOICE),
        ],
    ];
    let mut uow = registering(series_at(7, chosen), steps);

    let taken = take_number(stored_invoice(&[]).facts(), &series(), &mut uow).await;

    assert_eq!(taken.unwrap().as_str(), "INV-2026-000010");
}

#[tokio::test]
async fn thousands_that_clients_have_chosen_cost_a_look_up_for_each_thousand() {
    let mut uow = FakeUnitOfWork::default();
    uow.invoice_numbers.expect_lock().returning(|_, _| Ok(0));
    let first_free = series().number_at(2_500);
    uow.invoice_numbers
        .expect_holders_of()
        .times(4)
        .returning(move |_, numbers| {
            let held = numbers.iter().filter(|it| **it != first_free);
            Ok(held.map(|number| (number.clone(), ANOTHER)).collect())
        });
    uow.invoice_numbers
        .expect_register()
        .times(4)
        .returning(|_, _, _| Ok(()));

    let taken = take_number(stored_invoice(&[]).facts(), &series(), &mut uow).await;

    assert_eq!(taken.unwrap().as_str(), "INV-2026-002500");
}

#[rstest]
#[case::locking({
    let mut uow = FakeUnitOfWork::default();
    uow.invoice_numbers.expect_lock().returning(|_, _| out_of_reach());
    uow
})]
#[case::looking_for_a_holder({
    let mut uow = FakeUnitOfWork::default();
    uow.invoice_numbers.expect_lock().returning(|_, _| Ok(0));
    uow.invoice_numbers.expect_holders_of().returning(|_, _| out_of_reach());
    uow
})]
#[case::registering({
    let mut uow = series_at(0, &[]);
    uow.invoice_numbers.expect_register().returning(|_, _, _| out_of_reach());
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(#[case] mut uow: FakeUnitOfWork) {
    let failed = take_number(stored_invoice(&[]).facts(), &series(), &mut uow).await;

    assert!(matches!(failed, Err(StorageError::Unavailable(_))));
}
