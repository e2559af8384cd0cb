//! Invoices: their lines and totals, their numbers, and their life from draft to paid or cancelled.

mod contents;
mod due_date;
mod event;
mod facts;
mod invoice;
mod line_item;
mod number;
mod party;
mod quantity;
mod review;
mod state;
mod status;
mod totals;

pub use contents::InvoiceContents;
pub use due_date::DueDate;
pub use event::{InvoiceEvent, PaidAmount, StatusChange};
pub use facts::InvoiceFacts;
pub use invoice::{
    ChangeStatusError, Invoice, InvoiceHasPayments, NotDeletable, NotEditable, NotPayable,
    PayInvoiceError, PaymentExceedsAmountDue, RewriteError, Step,
};
pub use line_item::{LineItem, LineItems, TaxRate, UnitCode, UnitPrice};
pub use number::{InvoiceNumber, NumberFate, Series};
pub use party::Party;
pub use quantity::Quantity;
pub use review::{
    AllowedCurrencies, AllowedEmailDomains, Decision, DueNotBeforeIssue, DueWithin, NoDuplicate,
    PlausibleLines, Review, ReviewReason, ReviewRejected, ReviewRule, ReviewRules, ReviewSubject,
    TotalWithin, Verdict,
};
pub use state::{InvoiceState, Issue};
pub use status::{InvoiceStatus, TransitionForbidden};
pub use totals::{TaxShare, Totals};
