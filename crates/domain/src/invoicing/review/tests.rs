use jiff::{ToSpan, civil::Date};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    ids::InvoiceId,
    invoicing::{
        DueDate, InvoiceContents, InvoiceFacts, InvoiceStatus, LineItems,
        invoice::tests::{NOW, contents, draft, invoice_after},
    },
    values::{Currency, Description, EmailAddress},
};

/// The first day there is, at which everything here is made and judged.
const TODAY: Date = jiff::civil::date(1970, 1, 1);

fn invoice(change: impl FnOnce(&mut InvoiceContents)) -> InvoiceFacts {
    let mut facts = draft().facts().clone();
    facts.contents.due_date = DueDate::restore(TODAY);
    change(&mut facts.contents);
    facts
}

fn objection(rule: &impl ReviewRule, invoice: &InvoiceFacts) -> Option<String> {
    let subject = ReviewSubject {
        invoice,
        twin: None,
        now: NOW,
    };
    rule.objection(&subject)
        .map(|reason| reason.code.into_owned())
}

fn due_in(days: i64) -> InvoiceFacts {
    invoice(|contents| contents.due_date = DueDate::restore(TODAY.saturating_add(days.days())))
}

#[rstest]
#[case::the_day_before(-1, Some("due_before_issue"))]
#[case::the_same_day(0, None)]
#[case::later(1, None)]
fn nothing_is_due_before_it_is_issued(#[case] days: i64, #[case] expected: Option<&str>) {
    let told = objection(&DueNotBeforeIssue, &due_in(days));

    assert_eq!(told.as_deref(), expected);
}

#[test]
fn what_is_issued_counts_from_the_day_of_its_issue() {
    let sent = invoice_after(&[InvoiceStatus::Sent]);
    let mut facts = sent.facts().clone();
    facts.contents.due_date = DueDate::restore(TODAY);
    let subject = ReviewSubject {
        invoice: &facts,
        twin: None,
        now: NOW + 48.hours(),
    };

    assert_eq!(DueNotBeforeIssue.objection(&subject), None);
}

#[rstest]
#[case::at_the_limit(30, None)]
#[case::behind_it(31, Some("due_date_too_late"))]
fn terms_have_a_limit(#[case] days: i64, #[case] expected: Option<&str>) {
    let rule = DueWithin { days_max: 30 };

    let told = objection(&rule, &due_in(days));

    assert_eq!(told.as_deref(), expected);
}

#[rstest]
#[case::any(&[], None)]
#[case::listed(&["EUR", "USD"], None)]
#[case::not_listed(&["EUR"], Some("currency_not_allowed"))]
fn currencies_are_those_of_the_list(#[case] codes: &[&str], #[case] expected: Option<&str>) {
    let listed = codes.iter().map(|code| Currency::parse(code).unwrap());
    let rule = AllowedCurrencies(listed.collect());

    let told = objection(&rule, &invoice(|_| ()));

    assert_eq!(told.as_deref(), expected);
}

#[rstest]
#[case::at_the_limit(174_000, None)]
#[case::above_it(173_999, Some("total_too_high"))]
fn totals_have_a_limit(#[case] total_minor_max: i64, #[case] expected: Option<&str>) {
    let rule = TotalWithin { total_minor_max };

    let told = objection(&rule, &invoice(|_| ()));

    assert_eq!(told.as_deref(), expected);
}

#[rstest]
#[case::words("work", None)]
#[case::a_picture("🧾", None)]
#[case::joiners("\u{200B}\u{2060}", Some("blank_description"))]
#[case::a_filler("\u{3164}", Some("blank_description"))]
#[case::blank_braille("\u{2800} \u{2800}", Some("blank_description"))]
fn a_description_shows_something(#[case] text: &str, #[case] expected: Option<&str>) {
    let mut line = contents("1", 1).items.as_slice()[0].clone();
    line.description = Description::parse(text).unwrap();
    let odd = invoice(|contents| contents.items = LineItems::new(vec![line]).unwrap());

    let told = objection(&PlausibleLines { count_max: 1 }, &odd);

    assert_eq!(told.as_deref(), expected);
}

#[rstest]
#[case::at_the_limit(2, None)]
#[case::above_it(3, Some("too_many_lines"))]
fn lines_have_a_limit(#[case] count: usize, #[case] expected: Option<&str>) {
    let line = contents("1", 1).items.as_slice()[0].clone();
    let long = invoice(|contents| contents.items = LineItems::new(vec![line; count]).unwrap());

    let told = objection(&PlausibleLines { count_max: 2 }, &long);

    assert_eq!(told.as_deref(), expected);
}

#[rstest]
#[case::of_nobody(None, None)]
#[case::another(Some("ada@example.com"), None)]
#[case::the_same(Some("ada@Trash.example"), Some("email_domain_blocked"))]
#[case::below(Some("ada@a.trash.example"), Some("email_domain_blocked"))]
#[case::beside(Some("ada@mytrash.example"), None)]
fn addresses_of_blocked_domains_are_refused(
    #[case] email: Option<&str>,
    #[case] expected: Option<&str>,
) {
    let email = email.map(|raw| EmailAddress::parse(raw).unwrap());
    let rule = AllowedEmailDomains::except([".TRASH.example".to_owned()]);

    let told = objection(&rule, &invoice(|contents| contents.customer.email = email));

    assert_eq!(told.as_deref(), expected);
}

#[test]
fn a_twin_is_named() {
    let twin = InvoiceId::from_uuid(Uuid::from_u128(7));
    let facts = invoice(|_| ());
    let subject = ReviewSubject {
        invoice: &facts,
        twin: Some(twin),
        now: NOW,
    };

    let reason = NoDuplicate.objection(&subject).unwrap();

    assert_eq!(reason.code, "possible_duplicate");
    assert!(reason.message.contains(&twin.to_string()));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let rules = ReviewRules::new(vec![
        Box::new(TotalWithin { total_minor_max: 1 }),
        Box::new(DueNotBeforeIssue),
        Box::new(PlausibleLines { count_max: 0 }),
    ]);
    let facts = invoice(|_| ());
    let subject = ReviewSubject {
        invoice: &facts,
        twin: None,
        now: NOW,
    };

    let decision = rules.judge(&subject);

    let codes: Vec<_> = decision.reasons().iter().map(|it| &*it.code).collect();
    assert_eq!(codes, ["total_too_high", "too_many_lines"]);
    assert_eq!(ReviewRules::default().judge(&subject), Decision::Approved);
}
