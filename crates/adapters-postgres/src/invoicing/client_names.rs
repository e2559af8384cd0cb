//! The names that lists are searched by, while invoices come and go.

use domain::invoicing::InvoiceFacts;

use crate::unit_of_work::PgUnitOfWork;

/// Keeps others from bringing invoices of the name that an invoice has, for as long as it is looked whether it is the last
/// one, and of the name that it is to have instead. In the order of the locks, so that nobody waits for each other. A
/// statement of its own: the one behind it sees what was committed before it had the locks.
const KEEP_NAMES: &str = "
    SELECT pg_advisory_xact_lock(lock)
      FROM (SELECT hashtextextended(name, hashtextextended(organization_id::text, 1)) AS lock
              FROM invoices CROSS JOIN LATERAL (VALUES (customer_name_folded), ($3)) AS names (name)
             WHERE id = $1 AND organization_id = $2 AND customer_name_folded IS DISTINCT FROM $3 AND name IS NOT NULL
             ORDER BY lock) AS locks";

/// To be said before an invoice goes, or has another name: see [`KEEP_NAMES`].
pub(super) fn keep_names(uow: &mut PgUnitOfWork, facts: &InvoiceFacts, new_name: Option<String>) {
    let (id, organization) = (facts.id.as_uuid(), facts.organization_id.as_uuid());
    uow.defer(
        KEEP_NAMES,
        vec![Box::new(id), Box::new(organization), Box::new(new_name)],
    );
}
