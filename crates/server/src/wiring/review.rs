//! The validator over the core: which rules there are, and in which order their objections are told.
//!
//! A rule of one's own is a type in `domain::invoicing` that is a `ReviewRule`, and a line in [`rules`].

use std::sync::Arc;

use adapters_postgres::PgHeldEvents;
use app::{
    events::EventConsumer,
    invoicing::{InvoiceValidator, ReviewInvoicesHandler, ReviewPolicy},
};
use domain::{
    invoicing::{
        AllowedCurrencies, AllowedEmailDomains, DueNotBeforeIssue, DueWithin, NoDuplicate,
        PlausibleLines, ReviewRules, TotalWithin,
    },
    values::{Currency, InvalidValue},
};

use super::Core;
use crate::config::ReviewSettings;

/// How many events are dealt with in one transaction: enough that the commit is not most of the work, and so few that
/// nobody waits long for an invoice.
const BATCH: usize = 100;

/// A validator.
pub(crate) fn validator(core: &Core, settings: &ReviewSettings) -> anyhow::Result<EventConsumer> {
    let policy = ReviewPolicy {
        rules: rules(settings)?,
        twin_window: settings.duplicate_window,
    };
    let handler = ReviewInvoicesHandler::new(policy, core.clock.clone(), core.ids.clone());
    Ok(EventConsumer {
        name: InvoiceValidator::GROUP.name,
        sink: Arc::new(InvoiceValidator::new(core.bus.clone(), handler)),
        held: Arc::new(PgHeldEvents::new(core.database.clone())),
        clock: core.clock.clone(),
        batch: BATCH,
    })
}

fn rules(settings: &ReviewSettings) -> Result<ReviewRules, InvalidValue> {
    let currencies = settings.currencies.iter().map(|code| Currency::parse(code));
    Ok(ReviewRules::new(vec![
        Box::new(DueNotBeforeIssue),
        Box::new(DueWithin {
            days_max: settings.due_days_max,
        }),
        Box::new(AllowedCurrencies(currencies.collect::<Result<_, _>>()?)),
        Box::new(TotalWithin {
            total_minor_max: settings.total_minor_max,
        }),
        Box::new(PlausibleLines {
            count_max: settings.lines_max,
        }),
        Box::new(NoDuplicate),
        Box::new(AllowedEmailDomains::except(
            settings.blocked_email_domains.clone(),
        )),
    ]))
}
