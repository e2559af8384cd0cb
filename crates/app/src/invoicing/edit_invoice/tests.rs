use domain::{
    ids::CustomerId,
    invoicing::{DueDate, InvoiceContents, InvoiceNumber, LineItem, LineItems, UnitPrice},
    values::{Currency, Metadata, Notes},
    version::Version,
};
use jiff::civil::date;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::{
    invoicing::BillTo,
    testing::{
        CUSTOMER, FakeUnitOfWork, FixedClock, INVOICE, NOW, SequentialIds, caller, draft_contents,
        party, stored_customer, stored_draft, stored_invoice,
    },
};

mod refusals;

#[fixture]
fn handler() -> EditInvoiceHandler {
    EditInvoiceHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn changing(changes: InvoiceChanges) -> EditInvoice {
    EditInvoice {
        caller: caller(),
        id: INVOICE,
        precondition: Precondition::OneOf(vec![Version::FIRST]),
        changes,
    }
}

fn command() -> EditInvoice {
    changing(InvoiceChanges {
        items: Some(items_at(10_000)),
        ..InvoiceChanges::default()
    })
}

fn billing(bill_to: BillTo) -> EditInvoice {
    changing(InvoiceChanges {
        bill_to: Some(bill_to),
        ..InvoiceChanges::default()
    })
}

/// 10 × this at 16 %.
fn items_at(unit_price_minor: i64) -> LineItems {
    let item = LineItem {
        unit_price: UnitPrice::from_minor(unit_price_minor).unwrap(),
        ..draft_contents().items.as_slice()[0].clone()
    };
    LineItems::new(vec![item]).unwrap()
}

fn full_contents() -> InvoiceContents {
    let mut metadata = Metadata::default();
    metadata.insert("order", "7").unwrap();
    InvoiceContents {
        number: Some(InvoiceNumber::parse("MINE-7").unwrap()),
        customer: party("Grace"),
        currency: Currency::parse("JPY").unwrap(),
        items: items_at(10_000),
        due_date: DueDate::restore(date(2027, 1, 1)),
        notes: Some(Notes::parse("thanks").unwrap()),
        metadata,
        ..draft_contents()
    }
}

fn storing(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    uow = uow.announcing("invoice.updated", 2);
    let update = uow.invoices.expect_update().once();
    update.returning(|_| Ok(Written::Stored));
    uow
}

#[rstest]
#[tokio::test]
async fn what_is_changed_is_added_up_stored_and_announced_and_the_rest_stays(
    handler: EditInvoiceHandler,
) {
    let wanted = InvoiceContents {
        items: items_at(10_000),
        ..draft_contents()
    };
    let mut uow = FakeUnitOfWork::default()
        .with_invoice(stored_invoice(&[]))
        .announcing("invoice.updated", 2);
    let stored = wanted.clone();
    uow.invoices
        .expect_update()
        .once()
        .withf(move |invoice| invoice.facts().contents == stored)
        .returning(|_| Ok(Written::Stored));

    let edited = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(edited.contents, wanted);
    assert_eq!(edited.totals.total_minor, 116_000);
    assert_eq!(edited.version, Version::new(2));
    assert_eq!(edited.updated_at, NOW.parse().unwrap());
}

#[rstest]
#[tokio::test]
async fn everything_that_a_client_decides_can_be_changed(handler: EditInvoiceHandler) {
    let wanted = full_contents();
    let command = changing(InvoiceChanges {
        number: Some(wanted.number.clone()),
        bill_to: Some(BillTo::Inline(wanted.customer.clone())),
        currency: Some(wanted.currency),
        items: Some(wanted.items.clone()),
        due_date: Some(wanted.due_date),
        notes: Some(wanted.notes.clone()),
        metadata: Some(wanted.metadata.clone()),
    });
    let mut uow = storing(FakeUnitOfWork::default().with_invoice(stored_invoice(&[])));

    let edited = handler.handle(&command, &mut uow).await.unwrap();

    assert_eq!(edited.contents, wanted);
}

#[rstest]
#[tokio::test]
async fn what_may_be_missing_can_be_taken_away_and_the_rest_stays(handler: EditInvoiceHandler) {
    let command = changing(InvoiceChanges {
        number: Some(None),
        notes: Some(None),
        ..InvoiceChanges::default()
    });
    let mut uow = storing(FakeUnitOfWork::default().with_invoice(stored_draft(full_contents())));

    let edited = handler.handle(&command, &mut uow).await.unwrap();

    let expected = InvoiceContents {
        number: None,
        notes: None,
        ..full_contents()
    };
    assert_eq!(edited.contents, expected);
}

#[rstest]
#[case::to_a_registered_customer(BillTo::Registered(CUSTOMER), Some(CUSTOMER), "Ada")]
#[case::to_somebody_else(BillTo::Inline(party("Joan")), None, "Joan")]
#[tokio::test]
async fn it_can_be_billed(
    handler: EditInvoiceHandler,
    #[case] bill_to: BillTo,
    #[case] customer_id: Option<CustomerId>,
    #[case] name: &str,
) {
    let billed_otherwise = InvoiceContents {
        customer_id: Some(CustomerId::from_uuid(Uuid::from_u128(5))),
        customer: party("Grace"),
        ..draft_contents()
    };
    let mut uow = storing(
        FakeUnitOfWork::default()
            .with_invoice(stored_draft(billed_otherwise))
            .with_customer(stored_customer()),
    );

    let edited = handler.handle(&billing(bill_to), &mut uow).await.unwrap();

    assert_eq!(edited.contents.customer_id, customer_id);
    assert_eq!(edited.contents.customer, party(name));
}
