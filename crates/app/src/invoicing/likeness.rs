//! What makes two invoices look the same.

use domain::invoicing::InvoiceFacts;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{InvoiceView, LineView};
use crate::ports::Likeness;

/// All that counts. As JSON it is told apart from every other invoice that differs in any of it.
#[derive(Serialize)]
struct Look<'a> {
    customer: Customer<'a>,
    currency: &'a str,
    total_minor: i64,
    items: &'a [LineView],
}

/// A registered customer is the same whatever it is called by now; others are told by name and address.
#[derive(Serialize)]
enum Customer<'a> {
    Registered(uuid::Uuid),
    Inline(String, Option<&'a str>),
}

/// That of an invoice: the same for two of the same customer, with the same items and the same total.
pub(super) fn likeness_of(facts: &InvoiceFacts) -> Likeness {
    let view = InvoiceView::from(facts);
    let buyer = &view.entry.customer;
    let customer = view.entry.customer_id.map_or_else(
        || Customer::Inline(buyer.name.to_lowercase(), buyer.email.as_deref()),
        Customer::Registered,
    );
    let look = Look {
        customer,
        currency: &view.entry.currency,
        total_minor: view.entry.total_minor,
        items: &view.items,
    };
    let written = serde_json::json!(look).to_string();
    Likeness(Sha256::digest(written).into())
}

#[cfg(test)]
mod tests {
    use domain::{
        invoicing::{DueDate, InvoiceContents, Party},
        values::{EmailAddress, Notes},
    };
    use rstest::rstest;

    use super::*;
    use crate::testing::{CUSTOMER, draft_contents, party, stored_draft};

    fn changed(change: fn(&mut InvoiceContents)) -> Likeness {
        let mut contents = draft_contents();
        change(&mut contents);
        likeness_of(stored_draft(contents).facts())
    }

    fn reachable(name: &str) -> Party {
        Party {
            email: Some(EmailAddress::parse("ada@example.com").unwrap()),
            ..party(name)
        }
    }

    #[rstest]
    #[case::the_case_of_a_name(|it: &mut InvoiceContents| it.customer = party("ADA"))]
    #[case::when_it_is_due(|it: &mut InvoiceContents| it.due_date = DueDate::restore(jiff::civil::date(2027, 1, 1)))]
    #[case::remarks(|it: &mut InvoiceContents| it.notes = Some(Notes::parse("again").unwrap()))]
    fn what_does_not_count(#[case] change: fn(&mut InvoiceContents)) {
        assert_eq!(changed(change), changed(|_| ()));
    }

    #[rstest]
    #[case::another_name(|it: &mut InvoiceContents| it.customer = party("Eve"))]
    #[case::another_address(|it: &mut InvoiceContents| it.customer = reachable("Ada"))]
    #[case::a_registered_customer(|it: &mut InvoiceContents| it.customer_id = Some(CUSTOMER))]
    #[case::another_currency(|it: &mut InvoiceContents| it.currency = domain::values::Currency::parse("EUR").unwrap())]
    fn what_does(#[case] change: fn(&mut InvoiceContents)) {
        assert_ne!(changed(change), changed(|_| ()));
    }

    #[test]
    fn a_registered_customer_is_the_same_by_any_name() {
        let before = changed(|it: &mut InvoiceContents| it.customer_id = Some(CUSTOMER));

        let after = changed(|it: &mut InvoiceContents| {
            it.customer_id = Some(CUSTOMER);
            it.customer = party("Ada Lovelace");
        });

        assert_eq!(before, after);
    }
}
